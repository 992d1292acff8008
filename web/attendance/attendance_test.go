package attendance_test

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
	p.ash = p.Setting("Ash Primary")
	p.child = p.Child("Maya", "Okafor", "2016-03-04")
	p.OnRoll(p.child, p.ash, "[2025-09-01,)")
	p.head, p.teacher = p.As(p.Person(access.Head, "Hal Head")), p.As(p.Teacher("Tia Teacher", p.ash))
	p.path = "/children/" + webtest.Number(p.child) + "/attendance"
	return p
}

func filled(who *webtest.Visitor, path string, pairs ...string) url.Values {
	form := webtest.With(who.Get(path+"/new").Form("/attendance/new"), "half_term", "2026-A1", "possible", "70", "attended", "60", "authorised", "8", "unauthorised", "2", "late", "3", "source", "School register")
	return webtest.With(webtest.With(form, webtest.Date("as_at", "23", "10", "2026")...), pairs...)
}

func TestRecordShowAndCorrect(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "not the same as full attendance") {
		t.Errorf("before anything: %s", says)
	}
	if answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path)); answer.Status != 303 || answer.Location != p.path {
		t.Fatalf("recording: %d %v", answer.Status, answer.Errors())
	}
	page := p.teacher.Get(p.path)
	for _, want := range []string{"85.7%", "of 70 possible sessions", "Persistent absence", "School register", "23 Oct 2026", "70 possible sessions, as reported", "11.4%"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	correct := page.Find(`table a[href*="/attendance/new?"]`).First().AttrOr("href", "")
	form := p.head.Get(correct).Form("/attendance/new")
	stale := p.teacher.Get(correct).Form("/attendance/new")
	if form.Get("attended") != "60" || form.Get("version") != "1" || form.Get("setting") != webtest.Number(p.ash) {
		t.Fatalf("the form to correct: %v", form)
	}
	if answer := p.head.Post(p.path+"/new", webtest.With(form, "attended", "65", "authorised", "3")); answer.Status != 303 {
		t.Fatalf("correcting: %d %v", answer.Status, answer.Errors())
	}
	conflict := p.teacher.Post(p.path+"/new", webtest.With(stale, "attended", "62", "authorised", "6"))
	if conflict.Status != 409 || conflict.Form("/attendance/new").Get("attended") != "62" || !strings.Contains(conflict.Says(), "Attended saved now65") || !strings.Contains(conflict.Says(), "Hal Head") {
		t.Fatalf("conflict: %d %s", conflict.Status, conflict.Says())
	}
	if answer := p.teacher.Post(p.path+"/new", conflict.Form("/attendance/new")); answer.Status != 303 {
		t.Fatalf("after comparing: %d %v", answer.Status, answer.Errors())
	}
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "88.6%") {
		t.Errorf("after all: %s", says)
	}
}

func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, pairs := range map[string][]string{
		"does not add up":  {"attended", "61"},
		"a minus":          {"authorised", "-8"},
		"words":            {"possible", "all"},
		"a fraction":       {"possible", "70.5"},
		"too many":         {"possible", "101"},
		"late and absent":  {"late", "61"},
		"no source":        {"source", ""},
		"a null byte":      {"source", "a\x00b"},
		"a long source":    {"source", strings.Repeat("x", 10000)},
		"31 September":     webtest.Date("as_at", "31", "9", "2026"),
		"tomorrow":         webtest.Date("as_at", "24", "11", "2026"),
		"not yet begun":    {"half_term", "2026-Sp1"},
		"a huge half term": {"half_term", "99999999999999999999"},
		"no half term":     {"half_term", "2026-X9"},
		"no school":        {"setting", ""},
		"not their school": {"setting", "999999"},
	} {
		typed := filled(p.head, p.path, pairs...)
		page := p.head.Post(p.path+"/new", typed)
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
			continue
		}
		shown := page.Form("/attendance/new")
		for field, values := range typed {
			if field != "key" && !strings.Contains(values[0], "\x00") && shown.Get(field) != values[0] {
				t.Errorf("%s: %s came back as %.40q; want %.40q", name, field, shown.Get(field), values[0])
			}
		}
	}
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if again := p.head.Post(p.path+"/new", filled(p.head, p.path)); again.Status != 422 || !strings.Contains(again.Errors()[0], "already figures") {
		t.Errorf("a second time: %d %v", again.Status, again.Errors())
	}
}

func TestWhoMaySeeAndRecord(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	worker := p.Person(access.SocialWorker, "Sam Worker")
	p.Allocate(p.child, "social_worker", worker, "[2025-09-01,)")
	for name, c := range map[string]struct {
		who           *webtest.Visitor
		see, recordAs int
	}{
		"head": {p.head, 200, 200}, "teacher": {p.teacher, 200, 200}, "social worker": {p.As(worker), 200, 403},
		"data officer": {p.As(p.Person(access.DataOfficer, "Dan Data")), 200, 403}, "another school": {p.As(p.Teacher("Olive Other", p.Setting("Birch High"))), 404, 404},
	} {
		if page := c.who.Get(p.path); page.Status != c.see {
			t.Errorf("%s sees: %d; want %d", name, page.Status, c.see)
		}
		if page := c.who.Get(p.path + "/new"); page.Status != c.recordAs {
			t.Errorf("%s records: %d; want %d", name, page.Status, c.recordAs)
		}
	}
	for _, query := range []string{"?school=x&half=y", "?school=-1&half=2026-A1", "?half=99999-A1", "?half=99999999999999999999-A1&school=99999999999999999999"} {
		if page := p.head.Get(p.path + "/new" + query); page.Status != 200 {
			t.Errorf("%s: %d", query, page.Status)
		}
	}
}
