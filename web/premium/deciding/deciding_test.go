package deciding_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/premiumtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var today = calendar.Of(webtest.Now)

// desk is a site with children at one school, and those who decide about their money.
type desk struct {
	*webtest.Site
	t                          *testing.T
	book                       *premiumtest.Book
	school                     int64
	children                   []int64
	headActor, deputyActor     access.Actor
	head, deputy, advisor      *webtest.Visitor
	advisorActor, teacherActor access.Actor
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Site: webtest.New(t), t: t}
	d.school = d.Setting("Ash Primary")
	for _, name := range []string{"Maya", "Tom", "Amira"} {
		child := d.Child(name, "Okafor", "2016-03-04")
		d.OnRoll(child, d.school, "[2025-09-01,)")
		d.children = append(d.children, child)
	}
	d.headActor, d.deputyActor = d.Person(access.Head, "Hal Head"), d.Person(access.Deputy, "Dee Deputy")
	d.advisorActor, d.teacherActor = d.Person(access.Advisor, "Ann Advisor"), d.Teacher("Tia Teacher", d.school)
	d.head, d.deputy, d.advisor = d.As(d.headActor), d.As(d.deputyActor), d.As(d.advisorActor)
	d.book = &premiumtest.Book{T: t, DB: d.DB, Stream: ledger.LookedAfter, Year: 2026, Asker: d.teacherActor, Decider: d.headActor}
	d.book.Open(money.Pounds(20000), 0)
	return d
}

// ask asks for a child, so many days ago, and gives the page on which it is decided.
func (d *desk) ask(child int, pounds int64, daysAgo int) string {
	d.t.Helper()
	id := d.book.Ask(premiumtest.Wish{Child: d.children[child], Setting: d.school, Amount: money.Pounds(pounds), AskedOn: today.AddDays(-daysAgo)})
	return "/children/" + webtest.Number(d.children[child]) + "/premium/" + webtest.Number(id) + "/decision"
}

func (d *desk) demand(key policy.Key, pounds int64) {
	d.t.Helper()
	if err := policy.Set(d.t.Context(), d.DB, d.headActor, key, money.Pounds(pounds), today, "Scheme of delegation"); err != nil {
		d.t.Fatal(err)
	}
}

func decide(who *webtest.Visitor, path string, pairs ...string) *webtest.Page {
	return who.Post(path, webtest.With(who.Get(path).Form("/decision"), pairs...))
}

func TestOneDecisionLeadsToTheNext(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first, second, third := d.ask(0, 300, 3), d.ask(1, 200, 2), d.ask(2, 100, 1)
	queue := d.deputy.Get("/premium/requests")
	if href := queue.Find(`a.govuk-button`).First().AttrOr("href", ""); href != first {
		t.Errorf("the queue begins at %s", href)
	}
	page := d.deputy.Get(first)
	for _, want := range []string{"The year has £20,000.00 left", "within the £1,500.00 you may approve", "Left if all of it is approved£19,400.00", "2 others wait", "Nothing has been approved for this at this school before"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	if skip := page.Find("#next-request").AttrOr("href", ""); skip != second {
		t.Errorf("skipping leads to %s", skip)
	}
	for _, key := range []string{"a", "p", "r", "f", "b", "n", "q"} {
		target := page.Find(`[data-vs-key="`+key+`"]`).AttrOr("data-vs-target", "")
		if target == "" || page.Find("#"+target).Length() != 1 {
			t.Errorf("key %s leads to %q, which is not there", key, target)
		}
	}
	answer := decide(d.deputy, first, "outcome", "approved")
	if answer.Status != 303 || answer.Location != second {
		t.Fatalf("%d to %s %v", answer.Status, answer.Location, answer.Errors())
	}
	if says := d.deputy.Get(answer.Location).Says(); !strings.Contains(says, "Approved. The money is committed. Next: £200.00, Mentoring. 2 requests left.") {
		t.Errorf("the next page: %s", says)
	}
	// A ready sentence is the reason, before what is typed.
	answer = decide(d.deputy, second, "outcome", "returned", "sentence", "return_when", "reason", "Thank you.")
	if answer.Status != 303 || answer.Location != third {
		t.Fatalf("%d to %s %v", answer.Status, answer.Location, answer.Errors())
	}
	if reason := d.Text(`select decision_reason from premium_request where state = 'returned'`); reason != "When does it start and end, and who provides it? Thank you." {
		t.Errorf("the reason: %s", reason)
	}
	if refused := decide(d.deputy, third, "outcome", "refused", "sentence", "nonsense"); refused.Status != 422 {
		t.Errorf("a sentence nobody wrote: %d", refused.Status)
	}
	answer = decide(d.deputy, third, "outcome", "part_approved", "amount", "60", "sentence", "part_term")
	if answer.Status != 303 || answer.Location != "/premium/requests" {
		t.Errorf("after the last: %d to %s", answer.Status, answer.Location)
	}
	if says := d.deputy.Get("/premium/requests").Says(); !strings.Contains(says, "Nothing else waits for you here") {
		t.Errorf("the empty queue: %s", says)
	}
}

func TestAQueueThatWasNarrowedStaysSo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Allocate(d.children[0], "advisor", d.advisorActor, "[2025-09-01,)")
	d.Allocate(d.children[2], "advisor", d.advisorActor, "[2025-09-01,)")
	first, _, third := d.ask(0, 300, 3), d.ask(1, 200, 2), d.ask(2, 100, 1)
	query := "?advisor=" + webtest.Number(d.advisorActor.ID)
	queue := d.head.Get("/premium/requests" + query)
	if says := queue.Says(); !strings.Contains(says, "2 requests waiting") || !strings.Contains(says, "Advisor: Ann Advisor") {
		t.Errorf("the advisor's: %s", says)
	}
	form := webtest.With(d.head.Get(first+query).Form("/decision"+query), "outcome", "approved")
	if answer := d.head.Post(first+query, form); answer.Location != third+query {
		t.Errorf("%d, leads to %s", answer.Status, answer.Location)
	}
	for filter, want := range map[string]string{"?grant=early_years": "0 requests", "?grant=looked_after": "2 requests", "?grant=none": "2 requests", "?school=" + webtest.Number(d.school): "2 requests", "?category=literacy": "0 requests"} {
		if says := d.head.Get("/premium/requests" + filter).Says(); !strings.Contains(says, want+" waiting") {
			t.Errorf("%s: %s", filter, says)
		}
	}
}

func TestSeveralAreApprovedTogether(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.ask(0, 300, 3)
	d.ask(1, 200, 2)
	large := d.ask(2, 1600, 1)
	number := large[strings.Index(large, "/premium/")+9 : strings.LastIndex(large, "/")]
	queue := d.deputy.Get("/premium/requests")
	chosen := url.Values{}
	for _, box := range queue.Find(`input[name="request"]`).EachIter() {
		chosen.Add("request", box.AttrOr("value", ""))
	}
	path := "/premium/requests/approve"
	preview := d.deputy.Get(path + "?" + chosen.Encode())
	for _, want := range []string{"Approve 2 requests, £500.00", "Left out", "more than you may approve (£1,500.00)"} {
		if !strings.Contains(preview.Says(), want) {
			t.Errorf("the preview does not say %q: %s", want, preview.Says())
		}
	}
	form := preview.Form(path)
	if len(form["request"]) != 2 {
		t.Fatalf("%v would be approved", form["request"])
	}
	// Somebody else decides one of them meanwhile: none is approved.
	d.Exec(`update premium_request set version = version + 1 where amount_pence = 20000`)
	stopped := d.deputy.Post(path, form)
	if stopped.Status != 409 || !strings.Contains(stopped.Says(), "Nothing was approved") || d.ID(`select count(*) from premium_request where state = 'approved'`) != 0 {
		t.Fatalf("%d %s", stopped.Status, stopped.Says())
	}
	forced := url.Values{"key": {stopped.Form(path).Get("key")}, "request": append(stopped.Form(path)["request"], number+"-1")}
	if answer := d.deputy.Post(path, forced); answer.Status != 403 || d.ID(`select count(*) from premium_request where state = 'approved'`) != 0 {
		t.Fatalf("with one above the limit: %d", answer.Status)
	}
	answer := d.deputy.Post(path, d.deputy.Get(path+"?"+chosen.Encode()).Form(path))
	if answer.Status != 303 || d.ID(`select count(*) from premium_request where state = 'approved'`) != 2 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if says := d.deputy.Get(answer.Location).Says(); !strings.Contains(says, "2 requests approved, £500.00 in all") {
		t.Errorf("afterwards: %s", says)
	}
	if empty := d.deputy.Post(path, url.Values{"key": {preview.Form("/sign-out").Get("key")}, "request": {"x-y"}}); empty.Status != 422 {
		t.Errorf("nothing chosen: %d", empty.Status)
	}
}

func TestTwoApproversOnThePages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.demand(policy.PremiumTwoApprovers, 1000)
	path := d.ask(0, 5000, 1)
	if page := d.deputy.Get(path); !strings.Contains(page.Says(), "The first of two approvals") {
		t.Errorf("before the first: %s", page.Says())
	}
	if answer := decide(d.deputy, path, "outcome", "approved"); answer.Status != 303 || answer.Location != "/premium/requests" {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if says := d.deputy.Get("/premium/requests").Says(); !strings.Contains(says, "Your approval is kept. A second person decides.") || !strings.Contains(says, "You approved first") {
		t.Errorf("after the first: %s", says)
	}
	again := d.deputy.Get(path)
	if again.Find(`input[value="approved"]`).Length() != 0 || !strings.Contains(again.Says(), "The first approval is yours already") {
		t.Errorf("the first again: %s", again.Says())
	}
	if says := d.head.Get("/premium/requests").Says(); !strings.Contains(says, "Second approval") {
		t.Errorf("the head's queue: %s", says)
	}
	if says := d.head.Get(path).Says(); !strings.Contains(says, "Dee Deputy approved £5,000.00") {
		t.Errorf("the head's page: %s", says)
	}
	if answer := decide(d.head, path, "outcome", "approved"); answer.Status != 303 || d.ID(`select count(*) from premium_request where state = 'approved'`) != 1 {
		t.Errorf("the second: %d %v", answer.Status, answer.Errors())
	}
}

func TestThePanelOnThePages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.demand(policy.PremiumPanel, 1000)
	path := d.ask(0, 1200, 1)
	if page := decide(d.deputy, path, "outcome", "at_panel"); page.Status != 422 || page.Errors()[0] != "No panel is planned. Plan one first, then send the request to it." {
		t.Fatalf("to no panel: %d %v", page.Status, page.Errors())
	}
	plan := func(date calendar.Date, more ...string) *webtest.Page {
		form := webtest.With(d.deputy.Get("/premium/panels").Form("/premium/panels"), webtest.Date("day", webtest.Number(int64(date.Day)), webtest.Number(int64(date.Month)), webtest.Number(int64(date.Year)))...)
		return d.deputy.Post("/premium/panels", webtest.With(form, more...))
	}
	if page := plan(today.AddDays(-1)); page.Status != 422 || len(page.Errors()) != 1 {
		t.Errorf("yesterday: %d %v", page.Status, page.Errors())
	}
	panel := plan(today, "members", "Head, two governors").Location
	if answer := decide(d.deputy, path, "outcome", "at_panel"); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if says := d.deputy.Get("/premium/requests").Says(); !strings.Contains(says, "Sent to the next panel.") || !strings.Contains(says, "0 requests waiting") {
		t.Errorf("the queue: %s", says)
	}
	if says := d.head.Get(path).Says(); !strings.Contains(says, "It waits for the panel of") {
		t.Errorf("before the panel: %s", says)
	}
	page := d.deputy.Get(panel)
	if !strings.Contains(page.Says(), "Maya Okafor") || page.Form(panel).Get("members") != "Head, two governors" {
		t.Errorf("the panel: %s", page.Says())
	}
	if bad := d.deputy.Post(panel, webtest.With(page.Form(panel), "members", "Kept words", "minutes", "")); bad.Status != 422 || bad.Form(panel).Get("members") != "Kept words" {
		t.Errorf("without minutes: %d", bad.Status)
	}
	stale := d.head.Get(panel).Form(panel)
	if answer := d.deputy.Post(panel, webtest.With(d.deputy.Get(panel).Form(panel), "minutes", "All agreed.")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if late := d.head.Post(panel, webtest.With(stale, "minutes", "The head's minutes")); late.Status != 409 || !strings.Contains(late.Says(), "The head's minutes") || !strings.Contains(late.Says(), "All agreed.") {
		t.Errorf("two write it down: %d %s", late.Status, late.Says())
	}
	if says := d.deputy.Get("/premium/requests").Says(); !strings.Contains(says, "Panel held") {
		t.Errorf("the queue after: %s", says)
	}
	if answer := decide(d.deputy, path, "outcome", "approved"); answer.Status != 303 || d.ID(`select count(*) from premium_request where state = 'approved'`) != 1 {
		t.Errorf("approved: %d %v", answer.Status, answer.Errors())
	}
	if says := d.deputy.Get(panel).Says(); !strings.Contains(says, "£1,200.00Approved£1,200.00") {
		t.Errorf("the panel after: %s", says)
	}
	if page := d.deputy.Get("/premium/panels/999"); page.Status != 404 {
		t.Errorf("no such panel: %d", page.Status)
	}
}

func TestAStandInOnThePages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	path := d.ask(0, 1200, 2)
	d.ask(1, 10, 1)
	for _, address := range []string{"/premium/requests", path, "/premium/panels"} {
		if page := d.advisor.Get(address); page.Status != 403 && page.Status != 404 {
			t.Errorf("before being named, %s: %d", address, page.Status)
		}
	}
	const names = "/premium/delegations"
	form := webtest.With(d.deputy.Get(names).Form(names), "by", webtest.Number(d.advisorActor.ID), "reason", "Leave")
	if page := d.deputy.Post(names, form); page.Status != 422 || page.Form(names).Get("reason") != "Leave" {
		t.Errorf("without a last day: %d %v", page.Status, page.Errors())
	}
	last := today.AddDays(4)
	form = webtest.With(form, webtest.Date("until", webtest.Number(int64(last.Day)), webtest.Number(int64(last.Month)), webtest.Number(int64(last.Year)))...)
	form.Set("key", d.deputy.Get(names).Form(names).Get("key"))
	if answer := d.deputy.Post(names, webtest.With(form, "for", webtest.Number(d.headActor.ID))); answer.Status != 403 {
		t.Errorf("for the head by a deputy: %d", answer.Status)
	}
	form.Set("key", d.deputy.Get(names).Form(names).Get("key"))
	if answer := d.deputy.Post(names, form); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	home := d.advisor.Get("/")
	if home.Find(`a[href="/premium"]`).Length() == 0 {
		t.Error("the menu of who stands in does not lead to the money")
	}
	if says := d.advisor.Get("/premium/requests").Says(); !strings.Contains(says, "Maya Okafor") || !strings.Contains(says, "2 requests waiting") {
		t.Errorf("the queue of who stands in: %s", says)
	}
	if page := d.advisor.Get("/children/" + webtest.Number(d.children[0])); page.Status != 404 {
		t.Errorf("the record of a child who is not theirs: %d", page.Status)
	}
	page := d.advisor.Get(path)
	if !strings.Contains(page.Says(), "You decide for Dee Deputy, away until 27 November 2026.") || page.Find(`.vs-identity a`).Length() != 0 {
		t.Errorf("the page: %s", page.Says())
	}
	if answer := decide(d.advisor, path, "outcome", "approved"); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	request := strings.TrimSuffix(path, "/decision")
	if says := d.head.Get(request).Says(); !strings.Contains(says, "Ann Advisor, for Dee Deputy, away until 27 November 2026") {
		t.Errorf("the decision: %s", says)
	}
	list := d.deputy.Get(names)
	end := list.Find(`form[action$="/end"]`).AttrOr("action", "")
	if answer := d.deputy.Post(end, list.Form(end)); answer.Status != 303 {
		t.Fatalf("ending: %d", answer.Status)
	}
	if page := d.advisor.Get("/premium/requests"); page.Status != 403 {
		t.Errorf("after it ended: %d", page.Status)
	}
}

func TestLimitsOfPersonsOnThePages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const limits = "/premium/limits"
	page := d.head.Get(limits)
	if page.Find(`select[name="account"] option`).Length() != 2 || !strings.Contains(page.Says(), "a deputy approves up to £1,500.00 alone") {
		t.Errorf("%s", page.Says())
	}
	form := webtest.With(page.Form(limits), "account", webtest.Number(d.deputyActor.ID), "amount", "£1.005", "reason", "New in post")
	if bad := d.head.Post(limits, form); bad.Status != 422 || bad.Form(limits).Get("amount") != "£1.005" {
		t.Errorf("part of a penny: %d %v", bad.Status, bad.Errors())
	}
	if answer := d.head.Post(limits, webtest.With(d.head.Get(limits).Form(limits), "account", webtest.Number(d.deputyActor.ID), "amount", "250", "reason", "New in post")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	path := d.ask(0, 251, 1)
	if says := d.deputy.Get(path).Says(); !strings.Contains(says, "more than you may approve (£250.00)") || !strings.Contains(says, "set by the Virtual School Head") {
		t.Errorf("the deputy's page: %s", says)
	}
	list := d.head.Get(limits)
	end := list.Find(`form[action$="/end"]`).AttrOr("action", "")
	if answer := d.head.Post(end, list.Form(end)); answer.Status != 303 {
		t.Fatalf("ending: %d", answer.Status)
	}
	if d.deputy.Get(path).Find(`input[value="approved"]`).Length() != 1 {
		t.Error("the role's limit does not hold again")
	}
}

func TestPagesOfDecidingAreTwoRoundTrips(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	path := d.ask(0, 300, 3)
	d.ask(1, 200, 2)
	for address, most := range map[string]int{path: 17, "/premium/requests": 10, "/premium/panels": 5, "/premium/limits": 6, "/premium/delegations": 6, "/premium/requests/approve?request=1&request=2": 7} {
		if cost := d.CostOf(d.head, address); cost.Trips != 2 || len(cost.Queries) > most {
			t.Errorf("%s: %d round trips, %d statements; want 2 and at most %d", address, cost.Trips, len(cost.Queries), most)
		}
	}
}
