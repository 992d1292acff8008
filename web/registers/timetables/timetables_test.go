package timetables_test

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
	p.path = "/children/" + webtest.Number(p.child) + "/timetables"
	return p
}

func filled(who *webtest.Visitor, path string, pairs ...string) url.Values {
	form := webtest.With(who.Get(path+"/new").Form("/timetables/new"), "hours", "12.5", "full", "25", "reason", "anxiety", "note", "Mornings only for now")
	form = webtest.With(form, webtest.Date("starts", "5", "10", "2026")...)
	return webtest.With(form, pairs...)
}

func TestRecordReviewAndEnd(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "No reduced timetable is recorded") {
		t.Errorf("before anything: %s", says)
	}
	if answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path)); answer.Status != 303 || answer.Location != p.path {
		t.Fatalf("recording: %d %v", answer.Status, answer.Errors())
	}
	page := p.teacher.Get(p.path)
	for _, want := range []string{"Now at Ash Primary", "12.5 of 25 hours a week, 50%", "No end date", "Review was due on 16 November 2026", "The carer or parent has not agreed", "Mornings only for now"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	review := page.Find(`a[href$="/review"]`).First().AttrOr("href", "")
	correct := strings.TrimSuffix(review, "/review")
	stale := p.head.Get(review).Form(review)
	form := p.teacher.Get(correct).Form(correct)
	if form.Get("hours") != "12.5" || form.Get("version") != "1" || form.Get("starts-day") != "5" {
		t.Fatalf("the form to correct: %v", form)
	}
	form = webtest.With(form, webtest.Date("ends", "14", "12", "2026")...)
	if answer := p.teacher.Post(correct, webtest.With(form, webtest.Date("carer", "1", "10", "2026")...)); answer.Status != 303 {
		t.Fatalf("correcting: %d %v", answer.Status, answer.Errors())
	}
	typed := webtest.With(webtest.With(stale, webtest.Date("held", "20", "11", "2026")...), "outcome", "goes_on", "hours", "18", "words", "Ready for afternoons")
	conflict := p.head.Post(review, typed)
	if conflict.Status != 409 || conflict.Form(review).Get("words") != "Ready for afternoons" || conflict.Form(review).Get("hours") != "18" {
		t.Fatalf("conflict: %d %v", conflict.Status, conflict.Form(review))
	}
	if answer := p.head.Post(review, webtest.With(conflict.Form(review), "outcome", "goes_on")); answer.Status != 303 {
		t.Fatalf("reviewing after looking again: %d %v", answer.Status, answer.Errors())
	}
	says := p.head.Get(p.path).Says()
	for _, want := range []string{"18 of 25 hours a week, 72%", "Goes on with 18 hours, before 12.5", "Ready for afternoons", "1 October 2026"} {
		if !strings.Contains(says, want) {
			t.Errorf("after the review the page does not say %q: %s", want, says)
		}
	}
	if strings.Contains(says, "Review was due") {
		t.Errorf("the review was held: %s", says)
	}
	over := webtest.With(webtest.With(p.teacher.Get(review).Form(review), webtest.Date("held", "23", "11", "2026")...), "outcome", "full_time", "words", "In all lessons", "hours", "")
	if answer := p.teacher.Post(review, over); answer.Status != 303 {
		t.Fatalf("ending: %d %v", answer.Status, answer.Errors())
	}
	if says := p.head.Get(p.path).Says(); !strings.Contains(says, "Ended") || !strings.Contains(says, "Back to full time") {
		t.Errorf("when it is over: %s", says)
	}
	if says := p.head.Get("/registers/timetables").Says(); strings.Contains(says, "Okafor") {
		t.Errorf("the register still has it: %s", says)
	}
	if says := p.head.Get("/registers/timetables?show=ended").Says(); !strings.Contains(says, "Maya Okafor") {
		t.Errorf("ended this year: %s", says)
	}
}

func TestTheRegisterAndItsDownloads(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path, "reason", "behaviour")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	says := p.head.Get("/registers/timetables").Says()
	for _, want := range []string{"Maya Okafor", "Ash Primary", "12.5 of 25 hours", "may not be used to manage behaviour", "1 reduced timetable runs", "Something is wrong with 1"} {
		if !strings.Contains(says, want) {
			t.Errorf("the register does not say %q: %s", want, says)
		}
	}
	if looks := p.ID(`select count(*) from audit_look where child_id = $1 and screen = 'register of reduced timetables'`, p.child); looks != 1 {
		t.Errorf("%d looks; want 1", looks)
	}
	if file := p.head.Get("/registers/timetables.csv?show=faulty"); file.Status != 200 || !strings.Contains(file.Body, "Maya Okafor,Ash Primary,,2026-10-05") || !strings.Contains(file.Body, "12.5,25,50%,Behaviour,2026-11-16") {
		t.Errorf("the file: %d %s", file.Status, file.Body)
	}
	if file := p.head.Get("/registers/timetables.xlsx"); file.Status != 200 || !strings.HasPrefix(file.Body, "PK") {
		t.Errorf("the workbook: %d", file.Status)
	}
	if file := p.teacher.Get("/registers/timetables.csv"); file.Status != 403 {
		t.Errorf("a school downloads it: %d", file.Status)
	}
	other := p.As(p.Teacher("Olive Other", p.Setting("Birch High")))
	if page := other.Get("/registers/timetables"); page.Status != 200 || strings.Contains(page.Says(), "Okafor") {
		t.Errorf("another school sees it: %d", page.Status)
	}
	if page := other.Get(p.path); page.Status != 404 {
		t.Errorf("another school opens the child's: %d", page.Status)
	}
}

func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, pairs := range map[string][]string{
		"no hours":          {"hours", ""},
		"a minus":           {"hours", "-1"},
		"a third":           {"hours", "8.333"},
		"all of them":       {"hours", "25"},
		"a week":            {"full", "168"},
		"no reason":         {"reason", ""},
		"31 September":      webtest.Date("starts", "31", "9", "2026"),
		"before joining":    webtest.Date("starts", "31", "8", "2025"),
		"ends before":       webtest.Date("ends", "1", "10", "2026"),
		"agreed tomorrow":   webtest.Date("carer", "24", "11", "2026"),
		"10,000 characters": {"note", strings.Repeat("a", 10000)},
		"a null byte":       {"way_back", "a\x00b"},
		"no school":         {"setting", ""},
	} {
		typed := filled(p.head, p.path, pairs...)
		page := p.head.Post(p.path+"/new", typed)
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
			continue
		}
		shown := page.Form("/timetables/new")
		for _, field := range []string{"hours", "full", "note", "starts-day", "ends-month", "carer-day", "setting"} {
			if shown.Get(field) != typed.Get(field) {
				t.Errorf("%s: %s came back as %.40q; want %.40q", name, field, shown.Get(field), typed.Get(field))
			}
		}
	}
}
