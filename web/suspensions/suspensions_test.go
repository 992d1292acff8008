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
	return webtest.With(webtest.With(form, append(webtest.Date("starts", "9", "11", "2026"), webtest.Date("decided", "9", "11", "2026")...)...), pairs...)
}

func TestRecordShowAndCorrect(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "No suspension is recorded") || !strings.Contains(says, "45 days") {
		t.Errorf("before anything: %s", says)
	}
	if answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path)); answer.Status != 303 || !strings.HasPrefix(answer.Location, p.path+"/") {
		t.Fatalf("recording: %d %v", answer.Status, answer.Errors())
	}
	page := p.teacher.Get(p.path)
	for _, want := range []string{"2 days", "43 days", "Persistent or general disruptive behaviour", "Social worker told at 10am", "Ash Primary, this term: 2 days", "consider any representations"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	event := page.Find(`table a[href*="/suspensions/"]`).First().AttrOr("href", "")
	correct := event + "/correct"
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
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path, append(append(webtest.Date("starts", "14", "9", "2026"), webtest.Date("decided", "14", "9", "2026")...), "sessions", "40")...)); answer.Status != 303 {
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
		for path, want := range map[string]int{p.path: c.see, p.path + "/new": c.change, event: c.see, event + "/correct": c.change} {
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

// event reports a suspension as the school and gives the address of its page.
func (p *place) event(t *testing.T, pairs ...string) string {
	t.Helper()
	answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path, pairs...))
	if answer.Status != 303 {
		t.Fatalf("reporting: %d %v", answer.Status, answer.Errors())
	}
	return answer.Location
}

func says(t *testing.T, page *webtest.Page, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
}

// TestEverybodyIsToldAtOnce follows a notification from the school to those who read it.
func TestEverybodyIsToldAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	sam, ann := p.Person(access.SocialWorker, "Sam Worker"), p.Person(access.Advisor, "Ann Advisor")
	p.Allocate(p.child, "social_worker", sam, "[2025-09-01,)")
	p.Allocate(p.child, "advisor", ann, "[2025-09-01,)")
	worker, advisor := p.As(sam), p.As(ann)
	event := p.event(t, append(webtest.Date("told-parents", "9", "11", "2026"), "sessions", "14", "education", "work_set", "where", "Folder at reception")...)
	if n := p.ID(`select count(*) from river_job where kind = 'notice' and args->>'path' = '/work'`); n != 3 {
		t.Errorf("%d mails; want one each to the social worker, the advisor and the head", n)
	}
	for name, visitor := range map[string]*webtest.Visitor{"social worker": worker, "advisor": advisor, "head": p.head} {
		if work := visitor.Get("/work"); !strings.Contains(work.Says(), "Read about the suspension") {
			t.Errorf("nothing on the list of the %s: %s", name, work.Says())
		}
	}
	says(t, p.teacher.Get(event), "7 days", "Tell the social worker", "Folder at reception", "Not read yet", "Full-time education elsewhere", "Monday 16 November", "Back at school", "Wednesday 18 November")
	if page := worker.Post(event+"/read", webtest.With(worker.Get(event).Form("/read"), "officer-day", "")); page.Status != 422 {
		t.Errorf("the reviewing officer's day left out: %d", page.Status)
	}
	if answer := worker.Post(event+"/read", worker.Get(event).Form("/read")); answer.Status != 303 {
		t.Fatalf("the social worker reads: %d %v", answer.Status, answer.Errors())
	}
	if answer := advisor.Post(event+"/read", advisor.Get(event).Form("/read")); answer.Status != 303 {
		t.Fatalf("the advisor reads: %d %v", answer.Status, answer.Errors())
	}
	says(t, advisor.Get("/work"), "Set the day the education plan is reviewed", "told on 23 November, five working days")
	reading := webtest.With(advisor.Get(event).Form("/read"), append(webtest.Date("review", "1", "12", "2026"), "response", "Rang the school. A mentor starts on Monday.")...)
	if answer := advisor.Post(event+"/read", reading); answer.Status != 303 {
		t.Fatalf("the advisor sets the day: %d %v", answer.Status, answer.Errors())
	}
	says(t, p.head.Get(event), "Sam Worker", "Ann Advisor", "A mentor starts on Monday.", "Education plan reviewed")
	if work := worker.Get("/work"); strings.Contains(work.Says(), "Read about the suspension") {
		t.Error("still on the social worker's list")
	}
	work := advisor.Get("/work")
	says(t, work, "Arrange full-time education while out of school", "Review the education plan after the suspension")
	if answer := p.teacher.Post(event+"/read", url.Values{}); answer.Status != 403 {
		t.Errorf("the school says it has read its own: %d", answer.Status)
	}
}

// TestWhatComesOfIt records every part of what is kept about an event.
func TestWhatComesOfIt(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	event := p.event(t, "kind", "permanent_exclusion", "sessions", "")
	fill := func(who *webtest.Visitor, page string, pairs ...string) *webtest.Page {
		t.Helper()
		return who.Post(event+page, webtest.With(who.Get(event+page).Form(page), pairs...))
	}
	for _, c := range []struct {
		page  string
		pairs []string
	}{
		{"/told", append(webtest.Date("told-parents", "9", "11", "2026"), webtest.Date("told-social_worker", "12", "11", "2026")...)},
		{"/education", append(webtest.Date("from", "16", "11", "2026"), "education", "unit", "full_time", "yes", "where", "The Bridge")},
		{"/return", webtest.Date("return", "23", "11", "2026")},
		{"/considered/board", append(append(webtest.Date("meets", "20", "11", "2026"), webtest.Date("decided", "20", "11", "2026")...), "outcome", "upheld", "attending", "Hal Head")},
		{"/considered/panel", append(append(webtest.Date("asked", "21", "11", "2026"), webtest.Date("decided", "23", "11", "2026")...), "outcome", "quashed")},
		{"/considered/board-again", append(webtest.Date("decided", "23", "11", "2026"), "outcome", "reinstated", "served", "20")},
	} {
		if answer := fill(p.teacher, c.page, c.pairs...); answer.Status != 303 {
			t.Fatalf("%s: %d %v", c.page, answer.Status, answer.Errors())
		}
	}
	says(t, p.teacher.Get(event), "Late", "The Bridge", "Full-time", "Quashed: the board must consider again", "Reinstated by the board", "10 days of 45", "Hal Head")
	if answer := p.teacher.Post(event+"/cancel", url.Values{"ended-day": {"23"}, "ended-month": {"11"}, "ended-year": {"2026"}, "served": {"20"}, "because": {"x"}, "version": {"2"}}); answer.Status != 422 {
		t.Errorf("cancelling what the board reinstated: %d", answer.Status)
	}
	page := p.teacher.Get(event)
	if answer := p.teacher.Post(event+"/education/remove", webtest.With(page.Form("/education/remove"), "education", page.Find(`button[name=education]`).AttrOr("value", ""))); answer.Status != 303 {
		t.Errorf("taking back: %d %v", answer.Status, answer.Errors())
	}
	if answer := p.teacher.PostFile(event+"/letter", p.teacher.Get(event+"/letter").Form("/letter"), "file", "letter.txt", "Dear parents"); answer.Status != 303 {
		t.Errorf("a letter: %d %v", answer.Status, answer.Errors())
	}
	if href := p.head.Get(event).Find(`a[href*="/documents/"]`).AttrOr("href", ""); p.head.Get(href).Status != 200 {
		t.Errorf("the letter at %q cannot be opened", href)
	}
}

func TestCancelledIsToldAndKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	event := p.event(t, "sessions", "10")
	old := p.head.Get(event + "/cancel").Form("/cancel")
	for name, pairs := range map[string][]string{"no reason": {"served", "2"}, "longer than it was": {"served", "11", "because", "x"}, "no length": {"because", "x"}} {
		if page := p.teacher.Post(event+"/cancel", webtest.With(p.teacher.Get(event+"/cancel").Form("/cancel"), pairs...)); page.Status != 422 || page.Form("/cancel").Get("served") != map[string]string{"served": pairs[1]}[pairs[0]] {
			t.Errorf("%s: %d %v", name, page.Status, page.Form("/cancel"))
		}
	}
	if answer := p.teacher.Post(event+"/cancel", webtest.With(p.teacher.Get(event+"/cancel").Form("/cancel"), append(webtest.Date("told-parents", "23", "11", "2026"), "served", "2", "because", "A witness came forward.")...)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	says(t, p.head.Get(event), "Cancelled on", "A witness came forward.", "Told that it was cancelled", "1 day of 45")
	says(t, p.head.Get(p.path), "Cancelled", "1 day served", "44 days")
	says(t, p.head.Get("/work"), "Read why the suspension was cancelled")
	if page := p.head.Post(event+"/cancel", webtest.With(old, "served", "4", "because", "Another reason")); page.Status != 409 || page.Form("/cancel").Get("because") != "Another reason" {
		t.Errorf("cancelling from an old page: %d", page.Status)
	}
	if answer := p.teacher.Post(p.path+"/new", filled(p.teacher, p.path)); answer.Status != 303 {
		t.Errorf("another from the same day: %d %v", answer.Status, answer.Errors())
	}
}

func TestListDownloadAndSignsOfRisk(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.event(t, "sessions", "12", "reasons", "DB")
	p.event(t, append(append(webtest.Date("starts", "2", "11", "2026"), webtest.Date("decided", "2", "11", "2026")...), "reasons", "PA")...)
	other := p.As(p.Teacher("Olive Other", p.Setting("Birch High")))
	says(t, p.head.Get("/suspensions"), "2 suspensions and exclusions", "8 days of education", "1 of them twice or more", "Education from day 6 not arranged", "Day 6", "No return", "Maya Okafor")
	says(t, p.head.Get("/suspensions?reason=PA"), "1 suspension or exclusion", "Physical assault against an adult")
	says(t, p.head.Get("/suspensions?needs=lessons"), "1 suspension or exclusion")
	says(t, p.head.Get("/suspensions?state=cancelled&year=x&school=%00&page=99"), "None here")
	says(t, p.head.Get("/suspensions?year=2025"), "None here")
	if page := other.Get("/suspensions"); strings.Contains(page.Says(), "Okafor") || page.Status != 200 {
		t.Errorf("another school's list: %d %s", page.Status, page.Says())
	}
	for _, ending := range []string{"csv", "xlsx"} {
		if page := p.head.Get("/suspensions." + ending + "?reason=PA"); page.Status != 200 || len(page.Body) == 0 {
			t.Errorf("%s: %d", ending, page.Status)
		}
	}
	if file := string(p.head.Get("/suspensions.csv").Body); strings.Count(file, "\n") != 3 || !strings.Contains(file, "2026-11-09") {
		t.Errorf("the file: %q", file)
	}
	if page := p.teacher.Get("/suspensions.csv"); page.Status != 403 {
		t.Errorf("a school takes the list away: %d", page.Status)
	}
	says(t, p.head.Get("/suspensions/risk"), "Maya Okafor", "Suspended twice in the last 12 weeks", "6 points", "Suspended twice this academic year")
	if n := p.ID(`select count(*) from audit_look where child_id = $1 and screen in ('list of suspensions', 'list of suspensions downloaded', 'signs of risk of exclusion')`, p.child); n < 5 {
		t.Errorf("%d looks in the audit", n)
	}
}

// TestASignIsChallenged follows a sign of risk that is not so, until the record has other facts.
func TestASignIsChallenged(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.event(t, "sessions", "2")
	p.event(t, append(append(webtest.Date("starts", "2", "11", "2026"), webtest.Date("decided", "2", "11", "2026")...), "reasons", "PA")...)
	path := p.path + "/risk"
	says(t, p.head.Get(path), "8 points from 2 reasons", "Suspended twice in the last 12 weeks")
	form, other := p.head.Get(path+"/lately").Form("/lately"), p.head.Get(path+"/lately").Form("/lately")
	if page := p.head.Post(path+"/lately", form); page.Status != 422 || len(page.Errors()) == 0 {
		t.Errorf("no reason: %d", page.Status)
	}
	typed := webtest.With(form, "because", "Both of one fight, and he was hit.")
	if answer := p.head.Post(path+"/lately", typed); answer.Status != 303 {
		t.Fatalf("challenging: %d %v", answer.Status, answer.Errors())
	}
	page := p.head.Get(path)
	says(t, page, "2 points from 2 reasons", "begins at 4", "Not counted", "Both of one fight, and he was hit.", "Hal Head")
	says(t, p.head.Get("/suspensions/risk"), "No child you work with has 4 points or more.")
	says(t, p.head.Get("/suspensions/risk?challenged=yes"), "Maya Okafor", "Not counted: Both of one fight, and he was hit. (Hal Head, 23 November 2026)")
	if gone := p.head.Post(path+"/lately", webtest.With(other, "because", "Both of one fight")); gone.Status != 409 || !strings.Contains(gone.Says(), "Both of one fight") {
		t.Errorf("challenging what somebody challenges: %d %s", gone.Status, gone.Says())
	}
	if to := p.head.Get(path + "/lately"); to.Status != 303 {
		t.Errorf("the form for what is challenged: %d", to.Status)
	}
	p.event(t, append(append(webtest.Date("starts", "16", "11", "2026"), webtest.Date("decided", "16", "11", "2026")...), "reasons", "DB")...)
	says(t, p.head.Get(path), "Suspended 3 times in the last 12 weeks", "11 points from 2 reasons", "Challenged before", "has other facts since")
	stale := p.head.Post(path+"/lately", webtest.With(form, "because", "Still not so"))
	if stale.Status != 409 || stale.Form("/lately").Get("because") != "Still not so" {
		t.Fatalf("from an old page: %d %v", stale.Status, stale.Form("/lately"))
	}
	if answer := p.head.Post(path+"/lately", stale.Form("/lately")); answer.Status != 303 {
		t.Fatalf("again: %d %v", answer.Status, answer.Errors())
	}
	page = p.head.Get(path)
	if answer := p.head.Post(path+"/lately/back", webtest.With(page.Form("/back"), "challenge", page.Find("button[name=challenge]").AttrOr("value", ""))); answer.Status != 303 {
		t.Fatalf("taking back: %d %v", answer.Status, answer.Errors())
	}
	says(t, p.head.Get(path), "11 points from 2 reasons", "Taken back by Hal Head on 23 November 2026")
	if page := p.head.Post(path+"/lately/back", url.Values{}); page.Status != 422 {
		t.Errorf("taking back nothing: %d", page.Status)
	}
	for name, visitor := range map[string]*webtest.Visitor{"school": p.teacher, "data officer": p.As(p.Person(access.DataOfficer, "Dan Data"))} {
		if page := visitor.Get(path); page.Status != 403 {
			t.Errorf("the %s opens the signs: %d", name, page.Status)
		}
	}
}

// A school writes on its own suspensions only, and reads the earlier school’s.
func TestAnEarlierSchoolsSuspensionIsReadAndNotChanged(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	birch := p.Setting("Birch High")
	p.Exec(`update roll set period = '[2025-09-01,2026-11-16)' where child_id = $1`, p.child)
	p.OnRoll(p.child, birch, "[2026-11-16,)")
	if answer := p.head.Post(p.path+"/new", filled(p.head, p.path, "setting", webtest.Number(p.ash))); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	event := p.path + "/" + webtest.Number(p.ID(`select id from suspension`))
	next := p.As(p.Teacher("Olive Other", birch))
	page := next.Get(event)
	if page.Status != 200 || page.Find(`a[href$="/told"], a[href$="/cancel"], a[href$="/correct"]`).Length() != 0 {
		t.Errorf("the new school reads: %d, with ways to change it", page.Status)
	}
	for _, part := range []string{"/told", "/education", "/cancel", "/return", "/letter", "/considered/board"} {
		if page := next.Get(event + part); page.Status != 403 {
			t.Errorf("%s: %d", part, page.Status)
		}
		if page := next.Post(event+part, url.Values{"about": {"suspension"}, "served": {"0"}, "because": {"x"}, "ended-day": {"16"}, "ended-month": {"11"}, "ended-year": {"2026"}, "education": {"unit"},
			"from-day": {"16"}, "from-month": {"11"}, "from-year": {"2026"}, "return-day": {"20"}, "return-month": {"11"}, "return-year": {"2026"}, "version": {"1"}}); page.Status != 403 {
			t.Errorf("sending %s: %d", part, page.Status)
		}
	}
}

// A letter that is too large costs no words: everything typed comes back, and nothing is recorded.
func TestATooLargeLetterLosesNoWords(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	answer := p.teacher.PostFile(p.path+"/new", filled(p.teacher, p.path), "file", "letter.txt", strings.Repeat("Dear ", 3<<20))
	back := answer.Form("/suspensions/new")
	if answer.Status != 422 || len(answer.Errors()) != 1 || !strings.Contains(answer.Errors()[0], "The file must be 10 MB or smaller") || back.Get("note") != "Social worker told at 10am" || back.Get("starts-day") != "9" {
		t.Errorf("%d %v %v", answer.Status, answer.Errors(), back)
	}
	if n := p.ID(`select count(*) from suspension`); n != 0 {
		t.Errorf("%d recorded", n)
	}
}
