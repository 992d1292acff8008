package premium_test

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

// place is a site with one child at one school and those who ask and decide.
type place struct {
	*webtest.Site
	child   int64
	path    string // of the child's premium
	head    *webtest.Visitor
	deputy  *webtest.Visitor
	teacher *webtest.Visitor
	advisor *webtest.Visitor
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t)}
	ash := p.Setting("Ash Primary")
	p.child = p.Child("Maya", "Okafor", "2016-03-04")
	p.OnRoll(p.child, ash, "[2025-09-01,)")
	advisor := p.Person(access.Advisor, "Ann Advisor")
	p.Allocate(p.child, "advisor", advisor, "[2025-09-01,)")
	p.head, p.deputy = p.As(p.Person(access.Head, "Hal Head")), p.As(p.Person(access.Deputy, "Dee Deputy"))
	p.teacher, p.advisor = p.As(p.Teacher("Tia Teacher", ash)), p.As(advisor)
	p.path = "/children/" + webtest.Number(p.child) + "/premium"
	return p
}

func (p *place) enterYear(t *testing.T, children string) {
	t.Helper()
	const year = "/premium/years/looked-after/2026"
	form := p.head.Get(year + "/income").Form("/income")
	if answer := p.head.Post(year+"/income", webtest.With(form, "stage", "provisional", "rate", "2,000.00", "source", "DfE, March 2026", "children", children)); answer.Status != 303 {
		t.Fatalf("entering the year: %d %v", answer.Status, answer.Errors())
	}
	form = p.head.Get(year + "/retained").Form("/retained")
	if answer := p.head.Post(year+"/retained", webtest.With(form, "name-0", "Tuition for all", "amount-0", "1000.00")); answer.Status != 303 {
		t.Fatalf("retaining: %d %v", answer.Status, answer.Errors())
	}
}

// ask asks as somebody and gives the request's address.
func (p *place) ask(t *testing.T, who *webtest.Visitor, amount string) string {
	t.Helper()
	answer := who.Post(p.path+"/new", p.wish(who, "amount", amount))
	if answer.Status != 303 || !strings.HasPrefix(answer.Location, p.path+"/") {
		t.Fatalf("asking: %d to %s %v", answer.Status, answer.Location, answer.Errors())
	}
	return answer.Location
}

func (p *place) wish(who *webtest.Visitor, pairs ...string) url.Values {
	form := webtest.With(who.Get(p.path+"/new").Form("/premium/new"), "category", "literacy", "purpose", "A reading tutor, weekly",
		"difference", "Reads a chapter a week", "amount", "500.00")
	return webtest.With(form, pairs...)
}

func decide(who *webtest.Visitor, request string, pairs ...string) *webtest.Page {
	return who.Post(request+"/decision", webtest.With(who.Get(request+"/decision").Form("/decision"), pairs...))
}

func TestFromAskingToApprovalOnThePages(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enterYear(t, "10")
	pep := p.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at) values ($1, 'termly', 'primary', 1, 2026, 'autumn', 1, $2) returning id`, p.child, webtest.Now)
	target := p.ID(`insert into pep_target (pep_id, child_id, position, area, what) values ($1, $2, 1, 'literacy', 'Read a chapter a week') returning id`, pep, p.child)
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "Nothing asked for yet") {
		t.Errorf("before anything: %s", says)
	}
	answer := p.teacher.Post(p.path+"/new", p.wish(p.teacher, "target", webtest.Number(target)))
	if answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	request := answer.Location
	queue := p.deputy.Get("/premium/requests")
	for _, want := range []string{"Maya Okafor", "Ash Primary", "£500.00", "Read a chapter a week", "£19,000.00", "1 request waiting"} {
		if !strings.Contains(queue.Says(), want) {
			t.Errorf("the queue does not say %q: %s", want, queue.Says())
		}
	}
	if head := queue.Find("thead").Text(); strings.Contains(head, "To note") {
		t.Errorf("a column with nothing in it: %s", head)
	}
	if href := queue.Find("table a").First().AttrOr("href", ""); href != request+"/decision" {
		t.Errorf("the queue leads to %s", href)
	}
	page := p.deputy.Get(request + "/decision")
	for _, want := range []string{"Maya Okafor", "A reading tutor, weekly", "Read a chapter a week", "The year has £19,000.00 left", "within the £1,500.00", "Nothing has been asked for this child before", "£18,500.00"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the decision page does not say %q: %s", want, page.Says())
		}
	}
	if answer := decide(p.deputy, request, "outcome", "returned", "reason", "For how many weeks?"); answer.Status != 303 || answer.Location != "/premium/requests" {
		t.Fatalf("returning: %d %v", answer.Status, answer.Errors())
	}
	change := p.teacher.Get(request + "/change")
	if !strings.Contains(change.Says(), "For how many weeks?") || change.Form("/change").Get("amount") != "500.00" {
		t.Errorf("the change page: %s", change.Says())
	}
	if answer := p.teacher.Post(request+"/change", webtest.With(change.Form("/change"), "purpose", "A reading tutor for ten weeks")); answer.Status != 303 {
		t.Fatalf("asking again: %d %v", answer.Status, answer.Errors())
	}
	if answer := decide(p.deputy, request, "outcome", "part_approved", "amount", "450.00", "reason", "Nine weeks are left"); answer.Status != 303 {
		t.Fatalf("part approving: %d %v", answer.Status, answer.Errors())
	}
	says := p.teacher.Get(request).Says()
	for _, want := range []string{"Part approved", "£450.00", "Nine weeks are left", "Dee Deputy", "For how many weeks?"} {
		if !strings.Contains(says, want) {
			t.Errorf("the request does not say %q: %s", want, says)
		}
	}
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "2026-27") || !strings.Contains(says, "£450.00") || strings.Contains(says, "entitle") {
		t.Errorf("the child's premium: %s", says)
	}
	year := p.head.Get("/premium/years/looked-after/2026").Says()
	for _, want := range []string{"£18,550.00 left to allocate", "£20,000.00", "DfE, March 2026", "Literacy approved", "Left to allocate to Committed"} {
		if !strings.Contains(year, want) {
			t.Errorf("the year does not say %q: %s", want, year)
		}
	}
	if queue := p.deputy.Get("/premium/requests").Says(); !strings.Contains(queue, "Nothing waits for a decision") {
		t.Errorf("the queue after: %s", queue)
	}
}

func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	good := p.wish(p.teacher)
	for name, pairs := range map[string][]string{
		"nothing":               {"amount", "", "purpose", "", "difference", "", "category", ""},
		"a minus":               {"amount", "£-5"},
		"part of a penny":       {"amount", "£1.005"},
		"nought":                {"amount", "0"},
		"too much":              {"amount", "1000000.01"},
		"an exponent":           {"amount", "1e3"},
		"10,000 characters":     {"purpose", strings.Repeat("a", 10000)},
		"a null byte":           {"difference", "abc\x00def"},
		"31 September":          webtest.Date("starts", "31", "9", "2026"),
		"before the year":       webtest.Date("starts", "1", "3", "2026"),
		"another's target":      {"target", "987654"},
		"a category of our own": {"category", "holiday"},
	} {
		typed := webtest.With(good, pairs...)
		page := p.teacher.Post(p.path+"/new", typed)
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
			continue
		}
		shown := page.Form("/premium/new")
		for field, values := range typed {
			if field != "key" && !strings.Contains(values[0], "\x00") && shown.Get(field) != values[0] {
				t.Errorf("%s: %s came back as %.40q", name, field, shown.Get(field))
			}
		}
	}
	markup := p.teacher.Post(p.path+"/new", p.wish(p.teacher, "purpose", "<script>alert(1)</script>"))
	if markup.Status != 303 || strings.Contains(p.teacher.Get(markup.Location).Body, "<script>alert") {
		t.Errorf("markup: %d", markup.Status)
	}
	request := p.ask(t, p.teacher, "100")
	for name, pairs := range map[string][]string{
		"no decision":       {},
		"no reason":         {"outcome", "refused"},
		"all of it as part": {"outcome", "part_approved", "amount", "100.00", "reason", "r"},
		"no amount":         {"outcome", "part_approved", "amount", "", "reason", "r"},
		"no money":          {"outcome", "approved", "reason", "kept words"},
		"a state of ours":   {"outcome", "withdrawn", "reason", "r"},
	} {
		page := decide(p.deputy, request, pairs...)
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
		}
		if name == "no money" && (page.Errors()[0] != "The year has £0.00 left; this asks for £100.00." || page.Form("/decision").Get("reason") != "kept words") {
			t.Errorf("no money: %v", page.Errors())
		}
	}
}

func TestConflictsKeepBothTexts(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enterYear(t, "10")
	request := p.ask(t, p.teacher, "100")
	mine, theirs := p.teacher.Get(request+"/change").Form("/change"), p.advisor.Get(request+"/change").Form("/change")
	stale := p.deputy.Get(request + "/decision").Form("/decision")
	if answer := p.advisor.Post(request+"/change", webtest.With(theirs, "purpose", "The advisor's words")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	page := p.teacher.Post(request+"/change", webtest.With(mine, "purpose", "The teacher's words"))
	if page.Status != 409 || page.Form("/change").Get("purpose") != "The teacher's words" || !strings.Contains(page.Says(), "The advisor's words") || !strings.Contains(page.Says(), "Ann Advisor") {
		t.Fatalf("conflict: %d %s", page.Status, page.Says())
	}
	decided := p.deputy.Post(request+"/decision", webtest.With(stale, "outcome", "refused", "reason", "The deputy's reason"))
	if decided.Status != 409 || !strings.Contains(decided.Says(), "The deputy's reason") || !strings.Contains(decided.Says(), "The advisor's words") {
		t.Fatalf("deciding an old page: %d %s", decided.Status, decided.Says())
	}
	if answer := p.teacher.Post(request+"/change", page.Form("/change")); answer.Status != 303 {
		t.Fatalf("after comparing: %d %v", answer.Status, answer.Errors())
	}
	if answer := decide(p.deputy, request, "outcome", "refused", "reason", "Not this year"); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if page := p.teacher.Get(request + "/change"); page.Status != 409 {
		t.Errorf("changing what is closed: %d", page.Status)
	}
}

func TestWhoMaySeeAndDo(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enterYear(t, "10")
	worker, reviewer := p.Person(access.SocialWorker, "Sam Worker"), p.Person(access.ReviewingOfficer, "Rae Reviewer")
	p.Allocate(p.child, "social_worker", worker, "[2025-09-01,)")
	p.Allocate(p.child, "reviewing_officer", reviewer, "[2025-09-01,)")
	stranger := p.As(p.Teacher("Olive Other", p.Setting("Birch High")))
	request := p.ask(t, p.teacher, "100")
	for name, c := range map[string]struct {
		who                           *webtest.Visitor
		see, ask, decide, queue, year int
	}{
		"head":              {p.head, 200, 200, 200, 200, 200},
		"deputy":            {p.deputy, 200, 200, 200, 200, 200},
		"lead advisor":      {p.As(p.Person(access.LeadAdvisor, "Lea Lead")), 200, 200, 403, 403, 200},
		"advisor":           {p.advisor, 200, 200, 403, 403, 403},
		"data officer":      {p.As(p.Person(access.DataOfficer, "Dan Data")), 403, 403, 403, 403, 200},
		"teacher":           {p.teacher, 200, 200, 403, 403, 403},
		"social worker":     {p.As(worker), 403, 403, 403, 403, 403},
		"reviewing officer": {p.As(reviewer), 403, 403, 403, 403, 403},
		"another school":    {stranger, 404, 404, 404, 403, 403},
	} {
		for path, want := range map[string]int{p.path: c.see, request: c.see, p.path + "/new": c.ask, request + "/change": c.ask, request + "/decision": c.decide,
			"/premium/requests": c.queue, "/premium/years/looked-after/2026": c.year} {
			if page := c.who.Get(path); page.Status != want {
				t.Errorf("%s opens %s: %d; want %d", name, path, page.Status, want)
			}
		}
	}
	other := p.Child("Tom", "Other", "2014-01-02")
	number := request[strings.LastIndex(request, "/"):]
	for _, path := range []string{number, number + "/change", number + "/decision"} {
		if page := p.head.Get("/children/" + webtest.Number(other) + "/premium" + path); page.Status != 404 {
			t.Errorf("the request under another child: %d at %s", page.Status, path)
		}
	}
	answer := p.head.Post("/children/"+webtest.Number(other)+"/premium"+number+"/decision", url.Values{"outcome": {"refused"}, "reason": {"r"}, "version": {"1"}})
	if answer.Status != 404 {
		t.Errorf("deciding it under another child: %d", answer.Status)
	}
	for _, path := range []string{"/premium/years/1999", "/premium/years/abc", "/premium/requests?after=nonsense", "/premium/requests?school=x&category=y", "/premium/requests?after=OTk5OTk5OTk5OTk5OTk5OTk5IDk5"} {
		if page := p.head.Get(path); page.Status != 404 && page.Status != 200 {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}

func TestOnesOwnAndTheLimitOnThePage(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enterYear(t, "10")
	own, large := p.ask(t, p.deputy, "100"), p.ask(t, p.teacher, "1500.01")
	if page := p.deputy.Get(own + "/decision"); page.Find("form").Length() > 1 && page.Form("/decision").Has("outcome") || !strings.Contains(page.Says(), "someone else must decide") {
		t.Errorf("the deputy's own: %s", page.Says())
	}
	if queue := p.head.Get("/premium/requests").Find("table").Text(); !strings.Contains(queue, "To note") || !strings.Contains(queue, "Above the deputy’s limit") {
		t.Errorf("nothing to note: %s", queue)
	}
	page := p.deputy.Get(large + "/decision")
	if page.Find(`input[name="outcome"][value="approved"]`).Length() != 0 || page.Find(`input[name="outcome"][value="part_approved"]`).Length() != 1 || !strings.Contains(page.Says(), "Someone with a higher limit must decide") {
		t.Errorf("above the limit: %s", page.Says())
	}
	forced := p.deputy.Post(large+"/decision", webtest.With(page.Form("/decision"), "outcome", "approved", "reason", "kept words"))
	if forced.Status != 403 || forced.Form("/decision").Get("reason") != "kept words" {
		t.Errorf("forcing it: %d %s", forced.Status, forced.Says())
	}
	tooMuch := p.deputy.Post(large+"/decision", webtest.With(forced.Form("/decision"), "outcome", "part_approved", "amount", "9999.99"))
	if tooMuch.Status != 422 || tooMuch.Errors()[0] != "Amount approved must be more than £0.00 and less than the £1,500.01 asked for" {
		t.Errorf("part that is more than the whole: %d %v", tooMuch.Status, tooMuch.Errors())
	}
	if p.head.Get(large+"/decision").Find(`input[name="outcome"][value="approved"]`).Length() != 1 {
		t.Error("the head may not approve it either")
	}
}

func TestADecisionSentTwiceIsMadeOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enterYear(t, "10")
	request := p.ask(t, p.teacher, "100")
	form := webtest.With(p.deputy.Get(request+"/decision").Form("/decision"), "outcome", "approved")
	for range 2 {
		if answer := p.deputy.Post(request+"/decision", form); answer.Status != 303 {
			t.Fatalf("%d %v", answer.Status, answer.Errors())
		}
	}
	if n := p.ID(`select count(*) from premium_transfer where request_id is not null`); n != 1 {
		t.Errorf("%d commitments", n)
	}
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	request := p.ask(t, p.teacher, "100")
	if answer := p.teacher.Post(request+"/withdraw", p.teacher.Get(request).Form("/withdraw")); answer.Status != 303 {
		t.Fatalf("%d", answer.Status)
	}
	page := p.teacher.Get(request)
	if !strings.Contains(page.Says(), "Withdrawn") || page.Find(`form[action$="/withdraw"]`).Length() != 0 {
		t.Errorf("after withdrawing: %s", page.Says())
	}
}

func TestTheQueueGoesOnAndIsWrittenDown(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Exec(`insert into premium_year (financial_year) values (2026)`)
	p.Exec(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		select $1, (select min(id) from setting), 2026, case n % 2 when 0 then 'literacy' else 'exams' end, 'p' || n, 'd', 100 * n, 1, $2::timestamptz + n * interval '1 minute' from generate_series(1, 60) n`, p.child, webtest.Now.AddDate(0, -1, 0))
	seen := 0
	path := "/premium/requests"
	for range 4 {
		page := p.head.Get(path)
		if page.Status != 200 || !strings.Contains(page.Says(), "60 requests waiting") {
			t.Fatalf("%s: %d %s", path, page.Status, page.Says())
		}
		seen += page.Find("table tbody tr").Length()
		next, more := page.Find(`a[rel="next"]`).Attr("href")
		if !more {
			break
		}
		path = next
	}
	if seen != 60 {
		t.Errorf("%d of 60 seen", seen)
	}
	filtered := p.head.Get("/premium/requests?category=exams")
	if !strings.Contains(filtered.Says(), "30 requests waiting") || filtered.Find(`a[rel="next"]`).AttrOr("href", "") == "" {
		t.Errorf("filtered: %s", filtered.Says())
	}
	if n := p.ID(`select count(*) from audit_look where child_id = $1 and screen = 'premium queue'`, p.child); n != 4 {
		t.Errorf("%d looks written; want one for each page", n)
	}
}
