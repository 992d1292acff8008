package provisions_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

type place struct {
	*webtest.Site
	child         int64
	path          string
	head, teacher *webtest.Visitor
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t)}
	ash := p.Setting("Ash Primary")
	p.child = p.Child("Maya", "Okafor", "2016-03-04")
	p.OnRoll(p.child, ash, "[2025-09-01,)")
	p.head, p.teacher = p.As(p.Person(access.Head, "Hal Head")), p.As(p.Teacher("Tia Teacher", ash))
	p.path = "/children/" + webtest.Number(p.child) + "/provision"
	return p
}

func filled(who *webtest.Visitor, path string, pairs ...string) url.Values {
	form := webtest.With(who.Get(path+"/new").Form("/provision/new"), "place", "Farm school", "registration", "not_registered", "arranged_by", "school", "hours", "18", "purpose", "Animals")
	form = webtest.With(form, webtest.Date("starts", "5", "10", "2026")...)
	return webtest.With(form, pairs...)
}

func TestRecordCheckAndEnd(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path)); answer.Status != 303 || answer.Location != p.path {
		t.Fatalf("recording: %d %v", answer.Status, answer.Errors())
	}
	page := p.teacher.Get(p.path)
	for _, want := range []string{"Farm school", "not registered as a school", "Nobody has checked its quality", "No end date"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	check := page.Find(`a[href$="/check"]`).First().AttrOr("href", "")
	change := strings.TrimSuffix(check, "/check")
	stale := p.teacher.Get(change).Form(change)
	seen := webtest.With(webtest.With(p.head.Get(check).Form(check), webtest.Date("checked", "20", "11", "2026")...), "checked_by", "Ann Advisor", "safe", "no", "finding", "weak", "words", "No teaching was seen")
	if answer := p.head.Post(check, seen); answer.Status != 303 {
		t.Fatalf("checking: %d %v", answer.Status, answer.Errors())
	}
	says := p.head.Get(p.path).Says()
	for _, want := range []string{"Safeguarding checks of its staff were not seen", "Found not good enough on 20 November 2026", "No teaching was seen", "Friday 8 January 2027"} {
		if !strings.Contains(says, want) {
			t.Errorf("after the check the page does not say %q: %s", want, says)
		}
	}
	if answer := p.head.Post(change, webtest.With(p.head.Get(change).Form(change), "registration", "registered")); answer.Status != 303 {
		t.Fatalf("changing: %d %v", answer.Status, answer.Errors())
	}
	conflict := p.teacher.Post(change, webtest.With(webtest.With(stale, webtest.Date("ended", "23", "11", "2026")...), "purpose", "Animals and maths"))
	if conflict.Status != 409 || conflict.Form(change).Get("purpose") != "Animals and maths" || !strings.Contains(conflict.Says(), "Registered as a school") {
		t.Fatalf("conflict: %d %s", conflict.Status, conflict.Says())
	}
	if answer := p.teacher.Post(change, conflict.Form(change)); answer.Status != 303 {
		t.Fatalf("ending after looking again: %d %v", answer.Status, answer.Errors())
	}
	if says := p.head.Get("/registers/provision").Says(); strings.Contains(says, "Okafor") {
		t.Errorf("the register still has it: %s", says)
	}
	if says := p.head.Get("/registers/provision?show=ended").Says(); !strings.Contains(says, "Maya Okafor") {
		t.Errorf("ended this year: %s", says)
	}
}

func TestTheRegisterAndItsDownloads(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path, "arranged_by", "council")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	says := p.head.Get("/registers/provision").Says()
	for _, want := range []string{"Maya Okafor", "On roll at Ash Primary", "Farm school", "1 provision is under way", "Something is wrong with 1", "Late"} {
		if !strings.Contains(says, want) {
			t.Errorf("the register does not say %q: %s", want, says)
		}
	}
	if looks := p.ID(`select count(*) from audit_look where child_id = $1 and screen = 'register of alternative provision'`, p.child); looks != 1 {
		t.Errorf("%d looks; want 1", looks)
	}
	if file := p.head.Get("/registers/provision.csv?show=faulty"); file.Status != 200 || !strings.Contains(file.Body, "Maya Okafor,Ash Primary,,Farm school,Not registered as a school,The council,2026-10-05") {
		t.Errorf("the file: %d %s", file.Status, file.Body)
	}
	if file := p.head.Get("/registers/provision.xlsx"); file.Status != 200 || !strings.HasPrefix(file.Body, "PK") {
		t.Errorf("the workbook: %d", file.Status)
	}
	if file := p.teacher.Get("/registers/provision.csv"); file.Status != 403 {
		t.Errorf("a school downloads it: %d", file.Status)
	}
	if page := p.teacher.Get(p.path); page.Status != 200 || page.Find(`a[href$="/check"]`).Length() != 0 {
		t.Errorf("the school is offered to check what the council arranged: %d", page.Status)
	}
	other := p.As(p.Teacher("Olive Other", p.Setting("Birch High")))
	if page := other.Get("/registers/provision"); page.Status != 200 || strings.Contains(page.Says(), "Okafor") {
		t.Errorf("another school sees it: %d", page.Status)
	}
}

func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, pairs := range map[string][]string{
		"no place":          {"place", ""},
		"no hours":          {"hours", "0"},
		"a week":            {"hours", "168"},
		"no registration":   {"registration", ""},
		"nobody":            {"arranged_by", "aliens"},
		"31 September":      webtest.Date("starts", "31", "9", "2026"),
		"ends before":       webtest.Date("ends", "1", "10", "2026"),
		"10,000 characters": {"purpose", strings.Repeat("a", 10000)},
		"a null byte":       {"purpose", "a\x00b"},
	} {
		typed := filled(p.head, p.path, pairs...)
		page := p.head.Post(p.path+"/new", typed)
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
			continue
		}
		shown := page.Form("/provision/new")
		for _, field := range []string{"place", "hours", "starts-day", "ends-month"} {
			if shown.Get(field) != typed.Get(field) {
				t.Errorf("%s: %s came back as %.40q; want %.40q", name, field, shown.Get(field), typed.Get(field))
			}
		}
	}
	if answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path, "arranged_by", "council")); answer.Status != 403 {
		t.Errorf("a school records what the council arranged: %d", answer.Status)
	}
}
