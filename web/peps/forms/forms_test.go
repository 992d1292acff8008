package forms_test

import (
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestTheFormsCanBeLookedAt(t *testing.T) {
	t.Parallel()
	h := webtest.New(t)
	teacher, data := h.As(h.Teacher("Tia Teacher", h.Setting("Elm Primary"))), h.As(h.Person(access.DataOfficer, "Dan Data"))
	officer := h.As(h.Person(access.ReviewingOfficer, "Ira Review"))
	list := teacher.Get("/peps/forms")
	if rows := list.Find("main tbody tr").Length(); list.Status != 200 || rows != 8 {
		t.Fatalf("%d: %d forms", list.Status, rows)
	}
	list.Find("main tbody a").Each(func(_ int, link *goquery.Selection) {
		page := officer.Get(link.AttrOr("href", ""))
		if page.Status != 200 || !strings.HasSuffix(page.Find("h1").Text(), strings.TrimSpace(link.Text())) || page.Find("main form").Length() != 0 {
			t.Errorf("%s: %d %q", link.Text(), page.Status, page.Find("h1").Text())
		}
		for _, words := range []string{"Home and care", "Social worker", "Has to be answered.", "Asked by law: leisure interests", "Asked for: closing plans"} {
			if !strings.Contains(page.Says(), words) {
				t.Errorf("%s does not say %q", link.Text(), words)
			}
		}
	})
	for path, status := range map[string]int{"/peps/forms/primary?version=1": 200, "/peps/forms/primary?version=2": 404, "/peps/forms/primary?version=x": 404, "/peps/forms/nonsense": 404} {
		if page := teacher.Get(path); page.Status != status {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
	if page := data.Get("/peps/forms"); page.Status != 403 {
		t.Errorf("a data officer: %d", page.Status)
	}
}

func TestABlankForm(t *testing.T) {
	t.Parallel()
	h := webtest.New(t)
	teacher, data := h.As(h.Teacher("Tia Teacher", h.Setting("Elm Primary"))), h.As(h.Person(access.DataOfficer, "Dan Data"))
	page := teacher.Get("/peps/forms/primary/blank")
	says := page.Says()
	for _, want := range []string{"Primary", "How settled life at home is *", "Answer this if “", "Tick one", "New targets", "People at the meeting"} {
		if !strings.Contains(says, want) {
			t.Errorf("the blank form does not say %q", want)
		}
	}
	form, _ := h.Options.Services.PEPs.Forms.Form("primary", 1)
	questions := 0
	for _, section := range form.Sections {
		questions += len(section.Questions)
	}
	if asked := page.Find(".vs-blank__question").Length(); asked != questions || questions == 0 {
		t.Errorf("%d of %d questions", asked, questions)
	}
	for path, status := range map[string]int{"/peps/forms/nothing/blank": 404, "/peps/forms/nothing/blank.pdf": 404} {
		if got := teacher.Get(path); got.Status != status {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	if other := data.Get("/peps/forms/primary/blank"); other.Status != 403 {
		t.Errorf("a role without plans: %d", other.Status)
	}
	h.Prints()
	file := teacher.Get("/peps/forms/primary/blank.pdf")
	if file.Status != 200 || webtest.PagesOf(file.Body) < 3 || file.Header.Get("Content-Disposition") != `attachment; filename="personal-education-plan-primary-blank.pdf"` {
		t.Errorf("%d, %d pages, %s", file.Status, webtest.PagesOf(file.Body), file.Header.Get("Content-Disposition"))
	}
}
