package peps_test

import (
	"bytes"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"

	"virtualschool/internal/pdf"
	"virtualschool/web/webtest"
)

// prints gives the house a server that prints with a real Chromium.
func (h *house) prints(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("documents are printed without -short")
	}
	printer, end := pdf.New("", slog.New(slog.DiscardHandler))
	if !printer.Available() {
		if os.Getenv("VS_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("Chromium is not installed, and VS_REQUIRE_CHROMIUM asks for it")
		}
		t.Skip("Chromium is not installed, so nothing is printed")
	}
	t.Cleanup(end)
	h.PrintWith(printer)
}

// fill writes all the parts of a plan.
func (h *house) fill(t *testing.T, plan string) {
	t.Helper()
	answers(t, h.teacher, plan+"/sections/education")
	done(t, send(t, h.worker, plan+"/voice", join(webtest.Date("on", "20", "11", "2026"), []string{"words", "I like maths <b>now</b>", "how", "in_person", "with", "Sam Worker"})...))
	done(t, send(t, h.teacher, plan+"/meeting", join(webtest.Date("on", "20", "11", "2026"), webtest.Date("next", "1", "3", "2027"), []string{"held", "yes", "name-0", "Maya"})...))
	done(t, send(t, h.teacher, plan+"/targets", join(webtest.Date("due-0", "1", "3", "2027"),
		[]string{"what-0", "Read a chapter book", "area-0", "literacy", "measure-0", "One finished", "owner-0", "Tia Teacher"})...))
	done(t, send(t, h.worker, plan+"/actions", join(webtest.Date("due-1", "1", "12", "2026"), []string{"what-1", "Library card", "owner-1", "Pat Carer"})...))
}

func pagesOf(file string) int {
	return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAllString(file, -1))
}

func TestAPlanIsPrinted(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	h.fill(t, plan)
	h.prints(t)
	wish := func(words, audience string) int64 {
		return h.ID(`insert into wish (child_id, pep_id, words, said_on, audience, recorded_by, recorded_at) select child_id, id, $1, '2026-11-20', $2, 1, $3 from pep returning id`, words, audience, webtest.Now)
	}
	wish("A guitar lesson", "everyone")
	wish("A room of my own", "social_work")
	page := h.worker.Get(plan + "/print")
	says := page.Says()
	for _, want := range []string{"Maya Okafor", "Draft: not signed off", "I like maths <b>now</b>", "Read a chapter book", "Library card", "Completed by Tia Teacher", "Not written yet", "Started"} {
		if !strings.Contains(says, want) {
			t.Errorf("the page for printing does not say %q", want)
		}
	}
	if !strings.Contains(says, "A guitar lesson") || !strings.Contains(says, "No answer yet") || strings.Contains(says, "A room of my own") {
		t.Error("what the child asked for, and wants few to know")
	}
	if title := page.Find("title").Text(); strings.Contains(title, "Maya") || page.Find("h1").Length() != 1 || page.Find(`a[href="`+plan+`.pdf"]`).Length() != 1 {
		t.Errorf("title %q, %d h1", title, page.Find("h1").Length())
	}
	looks := h.ID(`select count(*) from audit_look where screen = 'PEP printed'`)
	file := h.worker.Get(plan + ".pdf")
	if file.Status != 200 || file.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.Body, "%PDF-") {
		t.Fatalf("%d %s", file.Status, file.Header.Get("Content-Type"))
	}
	if name := file.Header.Get("Content-Disposition"); name != `attachment; filename="personal-education-plan-autumn-2026.pdf"` {
		t.Error(name)
	}
	if strings.Contains(file.Header.Get("Content-Disposition"), "Maya") || !bytes.Contains([]byte(file.Body), []byte("/StructTreeRoot")) || pagesOf(file.Body) < 2 {
		t.Errorf("%d pages", pagesOf(file.Body))
	}
	if more := h.ID(`select count(*) from audit_look where screen = 'PEP printed'`); more != looks+1 {
		t.Errorf("%d looks for one file", more-looks)
	}
	if other := h.elsewhere.Get(plan + ".pdf"); other.Status != 404 {
		t.Errorf("somebody else's file: %d", other.Status)
	}
	if role := h.data.Get(plan + ".pdf"); role.Status != 403 {
		t.Errorf("a role without plans: %d", role.Status)
	}
	if odd := h.worker.Get(plan + "x.pdf"); odd.Status != 404 {
		t.Errorf("no number: %d", odd.Status)
	}
}

func TestTheChildsOwnPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	if early := h.teacher.Get(plan + "/child").Says(); !strings.Contains(early, "It is not finished yet") || !strings.Contains(early, "Nobody has written down yet what you think") {
		t.Error(early)
	}
	h.fill(t, plan)
	page := h.teacher.Get(plan + "/child")
	says := page.Says()
	for _, want := range []string{"Maya’s plan", "I like maths <b>now</b>", "Read a chapter book", "How we will know: One finished. Tia Teacher will help you.", "Pat CarerLibrary card1 December 2026", "Monday 1 March 2027"} {
		if !strings.Contains(says, want) {
			t.Errorf("the child's page does not say %q: %s", want, says)
		}
	}
	if strings.Contains(page.Find("title").Text(), "Maya") {
		t.Error("the title names the child")
	}
	if strings.Contains(says, "Legal status") || strings.Contains(says, "Social worker") {
		t.Error("the child's page says what adults keep of them")
	}
	h.prints(t)
	// As full as a plan gets.
	h.Exec(`update pep set voice_words = repeat('I would like more time with my friends. ', 60)`)
	h.Exec(`insert into pep_target (pep_id, child_id, position, area, what, measure, owner, due_on) select p.id, p.child_id, 10 + n, 'numeracy', 'Uses the four operations with fractions and decimals in class', 'Nine of ten questions right in three lessons running', 'Tia Teacher', '2027-03-01' from pep p, generate_series(1, 3) n`)
	h.Exec(`insert into pep_action (pep_id, child_id, position, what, owner, due_on) select p.id, p.child_id, 10 + n, 'Talk with the school about a quieter place for homework club', 'Education advisor', '2026-12-01' from pep p, generate_series(1, 14) n`)
	file := h.teacher.Get(plan + "/child.pdf")
	if file.Status != 200 || pagesOf(file.Body) != 1 {
		t.Errorf("%d, %d pages", file.Status, pagesOf(file.Body))
	}
	if full := h.teacher.Get(plan + "/child").Says(); !strings.Contains(full, "There is more of what you said in your whole plan") || !strings.Contains(full, "There is more in your whole plan") {
		t.Error("what was cut is not said")
	}
}

func TestWhereNoPDFIsMade(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	for _, path := range []string{"/print", "/child"} {
		page := h.worker.Get(plan + path)
		if !strings.Contains(page.Says(), "press Ctrl and P") || page.Find(`a[href$=".pdf"]`).Length() != 0 {
			t.Errorf("%s: %s", path, page.Says())
		}
	}
	for file, instead := range map[string]string{".pdf": "/print", "/child.pdf": "/child"} {
		if answer := h.worker.Get(plan + file); answer.Status != 303 || answer.Location != plan+instead {
			t.Errorf("%s: %d to %s", file, answer.Status, answer.Location)
		}
		if told := h.worker.Get(plan + instead); !strings.Contains(told.Find(".govuk-notification-banner").Text(), "cannot make PDF files") {
			t.Errorf("%s: nobody is told why", instead)
		}
	}
}

func TestABlankForm(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.teacher.Get("/peps/forms/primary/blank")
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
		if got := h.teacher.Get(path); got.Status != status {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	if other := h.data.Get("/peps/forms/primary/blank"); other.Status != 403 {
		t.Errorf("a role without plans: %d", other.Status)
	}
	h.prints(t)
	file := h.teacher.Get("/peps/forms/primary/blank.pdf")
	if file.Status != 200 || pagesOf(file.Body) < 3 || file.Header.Get("Content-Disposition") != `attachment; filename="personal-education-plan-primary-blank.pdf"` {
		t.Errorf("%d, %d pages, %s", file.Status, pagesOf(file.Body), file.Header.Get("Content-Disposition"))
	}
}
