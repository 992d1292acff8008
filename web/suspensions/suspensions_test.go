package suspensions_test

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
	child   int64
	ash     int64
	path    string
	head    *webtest.Visitor
	teacher *webtest.Visitor
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t)}
	p.Term(2026, "summer", "2027-04-12", "2027-07-20", "2027-07-09")
	p.ash = p.Setting("Ash Primary")
	p.child = p.Child("Maya", "Okafor", "2016-03-04")
	p.OnRoll(p.child, p.ash, "[2025-09-01,)")
	p.head, p.teacher = p.As(p.Person(access.Head, "Hal Head")), p.As(p.Teacher("Tia Teacher", p.ash))
	p.path = "/children/" + webtest.Number(p.child) + "/suspensions"
	return p
}

func filled(who *webtest.Visitor, path string, pairs ...string) url.Values {
	form := webtest.With(who.Get(path+"/new").Form("/suspensions/new"), "kind", "suspension", "sessions", "4", "reasons", "DB", "note", "Social worker told at 10am")
	return webtest.With(webtest.With(form, webtest.Date("starts", "9", "11", "2026")...), pairs...)
}

func TestRecordShowAndCorrect(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "No suspension is recorded") || !strings.Contains(says, "45 days") {
		t.Errorf("before anything: %s", says)
	}
	if answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path)); answer.Status != 303 || answer.Location != p.path {
		t.Fatalf("recording: %d %v", answer.Status, answer.Errors())
	}
	page := p.teacher.Get(p.path)
	for _, want := range []string{"2 days", "43 days", "Persistent or general disruptive behaviour", "Social worker told at 10am", "Ash Primary, this term: 2 days", "consider any representations"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	correct := page.Find(`table a[href*="/suspensions/"]`).First().AttrOr("href", "")
	form, stale := p.head.Get(correct).Form(correct), p.teacher.Get(correct).Form(correct)
	if form.Get("sessions") != "4" || form.Get("version") != "1" || form.Get("reasons") != "DB" {
		t.Fatalf("the form to correct: %v", form)
	}
	if answer := p.head.Post(correct, webtest.With(form, "sessions", "34")); answer.Status != 303 {
		t.Fatalf("correcting: %d %v", answer.Status, answer.Errors())
	}
	conflict := p.teacher.Post(correct, webtest.With(stale, "sessions", "6"))
	if conflict.Status != 409 || conflict.Form(correct).Get("sessions") != "6" || !strings.Contains(conflict.Says(), "Half-days saved now34") || !strings.Contains(conflict.Says(), "Hal Head") {
		t.Fatalf("conflict: %d %s", conflict.Status, conflict.Says())
	}
	says := p.teacher.Get(p.path).Says()
	for _, want := range []string{"17 days", "28 days", "within 15 school days, whether or not parents ask", "Monday 30 November 2026", "Due Monday 16 November 2026"} {
		if !strings.Contains(says, want) {
			t.Errorf("after 17 days the page does not say %q: %s", want, says)
		}
	}
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path, append(webtest.Date("starts", "14", "9", "2026"), "sessions", "40")...)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if says := p.head.Get(p.path).Says(); !strings.Contains(says, "10 days or fewer are left") {
		t.Errorf("37 days used: %s", says)
	}
}

func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, pairs := range map[string][]string{
		"no length":         {"sessions", ""},
		"a minus":           {"sessions", "-1"},
		"over a year":       {"sessions", "91"},
		"half a session":    {"sessions", "1.5"},
		"no kind":           {"kind", ""},
		"a kind of our own": {"kind", "sent home"},
		"a made-up reason":  {"reasons", "ZZ"},
		"31 September":      webtest.Date("starts", "31", "9", "2026"),
		"before joining":    webtest.Date("starts", "31", "8", "2025"),
		"next year":         webtest.Date("starts", "9", "11", "2027"),
		"10,000 characters": {"note", strings.Repeat("a", 10000)},
		"a null byte":       {"note", "a\x00b"},
		"no school":         {"setting", ""},
	} {
		typed := filled(p.head, p.path, pairs...)
		page := p.head.Post(p.path+"/new", typed)
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
			continue
		}
		shown := page.Form("/suspensions/new")
		for _, field := range []string{"sessions", "note", "starts-day", "starts-month", "setting"} {
			if !strings.Contains(typed.Get(field), "\x00") && shown.Get(field) != typed.Get(field) {
				t.Errorf("%s: %s came back as %.40q; want %.40q", name, field, shown.Get(field), typed.Get(field))
			}
		}
	}
	many := filled(p.head, p.path)
	many["reasons"] = []string{"PP", "PA", "VP", "VA"}
	if page := p.head.Post(p.path+"/new", many); page.Status != 422 || len(page.Form("/suspensions/new")["reasons"]) != 4 {
		t.Errorf("four reasons: %d %v", page.Status, page.Errors())
	}
	none := filled(p.head, p.path)
	none.Del("reasons")
	if page := p.head.Post(p.path+"/new", none); page.Status != 422 {
		t.Errorf("no reason: %d", page.Status)
	}
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path, "kind", "permanent_exclusion", "sessions", "")); answer.Status != 303 {
		t.Errorf("a permanent exclusion needs no length: %d %v", answer.Status, answer.Errors())
	}
}

func TestWhoMaySeeAndRecord(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	worker := p.Person(access.SocialWorker, "Sam Worker")
	p.Allocate(p.child, "social_worker", worker, "[2025-09-01,)")
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	event := p.path + "/" + webtest.Number(p.ID(`select id from suspension`))
	for name, c := range map[string]struct {
		who         *webtest.Visitor
		see, change int
	}{
		"head": {p.head, 200, 200}, "teacher": {p.teacher, 200, 200}, "social worker": {p.As(worker), 200, 403},
		"data officer": {p.As(p.Person(access.DataOfficer, "Dan Data")), 200, 403}, "another school": {p.As(p.Teacher("Olive Other", p.Setting("Birch High"))), 404, 404},
	} {
		for path, want := range map[string]int{p.path: c.see, p.path + "/new": c.change, event: c.change} {
			if page := c.who.Get(path); page.Status != want {
				t.Errorf("%s opens %s: %d; want %d", name, path, page.Status, want)
			}
		}
	}
	other := p.Child("Tom", "Other", "2014-01-02")
	if page := p.head.Get("/children/" + webtest.Number(other) + "/suspensions" + event[strings.LastIndex(event, "/"):]); page.Status != 404 {
		t.Errorf("under another child: %d", page.Status)
	}
}
