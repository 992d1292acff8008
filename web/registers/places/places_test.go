package places_test

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
	t            *testing.T
	child        int64
	path         string
	head, worker *webtest.Visitor
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t), t: t}
	p.child = p.Child("Maya", "Okafor", "2016-03-04")
	p.OnRoll(p.child, p.Setting("Ash Primary"), "[2024-09-01,2026-11-05)")
	worker := p.Person(access.SocialWorker, "Sam Worker")
	p.Allocate(p.child, "social_worker", worker, "[2024-01-10,)")
	p.head, p.worker = p.As(p.Person(access.Head, "Hal Head")), p.As(worker)
	p.path = "/children/" + webtest.Number(p.child) + "/school-place"
	return p
}

func (p *place) planned(who *webtest.Visitor, pairs ...string) url.Values {
	form := webtest.With(who.Get(p.path+"/plan").Form("/school-place/plan"), "reason", "moved", "emergency", "yes", "task", "Ring admissions", "task_by", "social_worker")
	form = webtest.With(form, webtest.Date("task_on", "27", "11", "2026")...)
	return webtest.With(form, pairs...)
}

func (p *place) stepped(who *webtest.Visitor, path string, pairs ...string) url.Values {
	action, _, _ := strings.Cut(path, "?")
	form := webtest.With(who.Get(path).Form(action), "kind", "asked", "school", "Oak High", "words", "By email")
	form = webtest.With(form, webtest.Date("taken", "10", "11", "2026")...)
	return webtest.With(form, pairs...)
}

func (p *place) says(who *webtest.Visitor, path string, wants ...string) {
	p.t.Helper()
	says := who.Get(path).Says()
	for _, want := range wants {
		if !strings.Contains(says, want) {
			p.t.Errorf("%s does not say %q: %s", path, want, says)
		}
	}
}

func TestTheSearchForAPlace(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.says(p.worker, p.path, "No school place since 5 November 2026", "Ash Primary, until 4 November 2026", "No education meanwhile", "No school has been asked", "Nobody has recorded it")
	if answer := p.worker.Post(p.path+"/plan", p.planned(p.worker)); answer.Status != 303 || answer.Location != p.path {
		t.Fatalf("planning: %d %v", answer.Status, answer.Errors())
	}
	stale := p.planned(p.head, "note", "My own words", "task", "Mine")
	if answer := p.worker.Post(p.path+"/plan", p.planned(p.worker, "task", "Write to the school")); answer.Status != 303 {
		t.Fatalf("changing: %d %v", answer.Status, answer.Errors())
	}
	conflict := p.head.Post(p.path+"/plan", stale)
	if conflict.Status != 409 || conflict.Form("/school-place/plan").Get("note") != "My own words" || !strings.Contains(conflict.Says(), "Write to the school") {
		t.Fatalf("conflict: %d %s", conflict.Status, conflict.Says())
	}
	if answer := p.head.Post(p.path+"/plan", conflict.Form("/school-place/plan")); answer.Status != 303 {
		t.Fatalf("after looking again: %d %v", answer.Status, answer.Errors())
	}
	if answer := p.worker.Post(p.path+"/steps/new", p.stepped(p.worker, p.path+"/steps/new")); answer.Status != 303 {
		t.Fatalf("a step: %d %v", answer.Status, answer.Errors())
	}
	p.says(p.head, p.path, "Moved to live too far from the last school", "Social worker: Mine", "Full-time education by", "Answers to come", "Oak High", "School asked for a place", "By email")
	page := p.head.Get(p.path)
	after := page.Find(`a[href*="after="]`).First().AttrOr("href", "")
	answer := p.head.Get(after).Form("/school-place/steps/new")
	if answer.Get("school") != "Oak High" || answer.Get("kind") != "" {
		t.Fatalf("the form for an answer: %v", answer)
	}
	if done := p.head.Post(p.path+"/steps/new", p.stepped(p.head, after, "kind", "refused", "words", "Year group is full")); done.Status != 303 {
		t.Fatalf("the answer: %d %v", done.Status, done.Errors())
	}
	if says := p.head.Get(p.path).Says(); strings.Contains(says, "Answers to come") {
		t.Errorf("it has answered: %s", says)
	}
	correct := p.head.Get(p.path).Find(`a[href*="/steps/"]:not([href*="new"])`).First().AttrOr("href", "")
	old := p.stepped(p.worker, correct, "words", "Old words")
	if done := p.head.Post(correct, p.stepped(p.head, correct, "mistaken", "mistaken")); done.Status != 303 {
		t.Fatalf("correcting: %d %v", done.Status, done.Errors())
	}
	if again := p.worker.Post(correct, old); again.Status != 409 || again.Form(correct).Get("words") != "Old words" {
		t.Errorf("a stale correction: %d", again.Status)
	}
	p.says(p.head, p.path, "Entered by mistake", "Answers to come")
	p.says(p.worker, "/", "Find a school place", "Next step to a school place: Mine")
	p.OnRoll(p.child, p.Setting("Oak High"), "[2026-11-20,)")
	p.says(p.head, p.path, "This child is not without a school place today", "Earlier times without a place", "5 November 2026", "19 November 2026")
	if says := p.head.Get("/registers/places").Says(); strings.Contains(says, "Okafor") {
		t.Errorf("the register still has the child: %s", says)
	}
}

func TestTheRegisterAndItsDownloads(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if answer := p.head.Post(p.path+"/plan", p.planned(p.head)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	p.says(p.head, "/registers/places", "Maya Okafor", "1 child is without a school place: 1 for more than 10 school days, 1 with no education meanwhile", "Missing education", "Ring admissions", "Social worker, by 27 Nov 2026", "No school has been asked")
	if looks := p.ID(`select count(*) from audit_look where child_id = $1 and screen = 'register of children without a school place'`, p.child); looks != 1 {
		t.Errorf("%d looks; want 1", looks)
	}
	for path, listed := range map[string]bool{"?show=missing": true, "?show=start": false, "?reason=moved": true, "?reason=excluded": false, "?show=missing&reason=moved": true} {
		if says := p.head.Get("/registers/places" + path).Says(); strings.Contains(says, "Maya Okafor") != listed {
			t.Errorf("%s: %s", path, says)
		}
	}
	if file := p.head.Get("/registers/places.csv"); file.Status != 200 || !strings.Contains(file.Body, "Maya Okafor,,Ash Primary,2026-11-05") || !strings.Contains(file.Body, "Ring admissions,2026-11-27,Social worker") {
		t.Errorf("the file: %d %s", file.Status, file.Body)
	}
	if file := p.head.Get("/registers/places.xlsx"); file.Status != 200 || !strings.HasPrefix(file.Body, "PK") {
		t.Errorf("the workbook: %d", file.Status)
	}
	other := p.As(p.Person(access.SocialWorker, "Olu Other"))
	if page := other.Get("/registers/places"); page.Status != 200 || strings.Contains(page.Says(), "Okafor") {
		t.Errorf("another social worker sees it: %d", page.Status)
	}
	if page := other.Get(p.path); page.Status != 404 {
		t.Errorf("another social worker opens the child's: %d", page.Status)
	}
	p.Exec(`insert into provision (child_id, place, registration, arranged_by, starts_on, hours, recorded_by, recorded_at) values ($1, 'Farm school', 'registered', 'council', '2026-11-09', 900, 1, '2026-11-09')`, p.child)
	p.says(p.head, "/registers/places", "15 hours a week", "Farm school", "0 with no education meanwhile")
}

func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, pairs := range map[string][]string{
		"no reason":         {"reason", ""},
		"another reason":    {"reason", "lost"},
		"no answer":         {"emergency", ""},
		"no task":           {"task", " "},
		"a long task":       {"task", strings.Repeat("a", 201)},
		"31 September":      webtest.Date("task_on", "31", "9", "2026"),
		"years ahead":       webtest.Date("task_on", "1", "9", "2029"),
		"nobody":            {"task_by", ""},
		"10,000 characters": {"note", strings.Repeat("a", 10000)},
		"a null byte":       {"note", "a\x00b"},
	} {
		typed := p.planned(p.head, pairs...)
		page := p.head.Post(p.path+"/plan", typed)
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
			continue
		}
		for _, field := range []string{"task", "task_on-day"} {
			if shown := page.Form("/school-place/plan"); shown.Get(field) != typed.Get(field) {
				t.Errorf("%s: %s came back as %.40q; want %.40q", name, field, shown.Get(field), typed.Get(field))
			}
		}
	}
	for name, pairs := range map[string][]string{
		"no kind":          {"kind", ""},
		"no school":        {"school", ""},
		"tomorrow":         webtest.Date("taken", "24", "11", "2026"),
		"markup, too long": {"words", strings.Repeat("<b>", 4000)},
		"nothing said":     {"kind", "other", "words", ""},
		"a long name":      {"school", strings.Repeat("é", 201)},
	} {
		typed := p.stepped(p.head, p.path+"/steps/new", pairs...)
		page := p.head.Post(p.path+"/steps/new", typed)
		if page.Status != 422 || len(page.Errors()) == 0 || page.Form("/steps/new").Get("words") != typed.Get("words") {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
		}
	}
}
