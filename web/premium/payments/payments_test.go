package payments_test

import (
	"encoding/csv"
	"net/url"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// place is a site with a child at each of two schools, and those who ask, approve and pay. Its council
// pays in advance.
type place struct {
	*webtest.Site
	t        *testing.T
	child    int64
	other    int64
	advisor  access.Actor
	boss     access.Actor // the head
	head     *webtest.Visitor
	deputy   *webtest.Visitor
	officer  *webtest.Visitor
	teacher  *webtest.Visitor
	stranger *webtest.Visitor // teaches at the other school
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t), t: t}
	ash, birch := p.Setting("Ash Primary"), p.Setting("Birch High")
	p.child, p.other = p.Child("Maya", "Okafor", "2016-03-04"), p.Child("Ben", "Ito", "2013-05-06")
	p.OnRoll(p.child, ash, "[2025-09-01,)")
	p.OnRoll(p.other, birch, "[2025-09-01,)")
	p.advisor, p.boss = p.Person(access.Advisor, "Ann Advisor"), p.Person(access.Head, "Hal Head")
	p.Allocate(p.child, "advisor", p.advisor, "[2025-09-01,)")
	p.Allocate(p.other, "advisor", p.advisor, "[2025-09-01,)")
	p.head, p.deputy = p.As(p.boss), p.As(p.Person(access.Deputy, "Dee Deputy"))
	p.officer = p.As(p.Person(access.DataOfficer, "Olu Officer"))
	p.teacher, p.stranger = p.As(p.Teacher("Tia Teacher", ash)), p.As(p.Teacher("Bo Teacher", birch))
	p.Exec(`insert into policy_value (key, value, valid, source, set_at) values ('premium.scheme', '"termly_release"', '[2026-01-01,)', 'test', $1)`, webtest.Now)
	p.must(p.Options.Services.Years.EnterIncome(t.Context(), p.boss, ledger.LookedAfter, 2026, 0, year.Entry{Stage: year.Provisional, Rate: money.Pounds(1000), Source: "test", Children: 50}))
	return p
}

func (p *place) requests() *premium.Service { return p.Options.Services.Premium }

func (p *place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// approved asks for money for a child and has the head approve it. It gives the request's address.
func (p *place) approved(child, pounds int64) string {
	p.t.Helper()
	id, err := p.requests().Ask(p.t.Context(), p.advisor, child, premium.Wish{Category: "literacy", Purpose: "A tutor for Maya, weekly", Difference: "Reads more", Amount: money.Pounds(pounds)})
	p.must(err)
	p.must(p.requests().Decide(p.t.Context(), p.boss, id, 1, premium.Decision{Outcome: premium.Approved}))
	return "/children/" + webtest.Number(child) + "/premium/" + webtest.Number(id)
}

// run makes a run of all that may be paid, and gives its address.
func (p *place) run() string {
	p.t.Helper()
	answer := p.officer.Post("/premium/payments", webtest.With(p.officer.Get("/premium/payments").Form("/premium/payments"), "which", "all"))
	if answer.Status != 303 || !strings.HasPrefix(answer.Location, "/premium/payments/") {
		p.t.Fatalf("making a run: %d %s %v", answer.Status, answer.Location, answer.Errors())
	}
	return answer.Location
}

// file is the run's file for finance.
func (p *place) file(run string) [][]string {
	p.t.Helper()
	page := p.officer.Post(run+"/finance.csv", url.Values{})
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(page.Body, "\ufeff"))).ReadAll()
	if err != nil || page.Status != 200 {
		p.t.Fatalf("the file: %d %v", page.Status, err)
	}
	return rows
}

func (p *place) send(run string) {
	p.t.Helper()
	if answer := p.officer.Post(run+"/send", p.officer.Get(run).Form("/send")); answer.Status != 303 {
		p.t.Fatalf("sending: %d", answer.Status)
	}
}

func (p *place) upload(content string) *webtest.Page {
	p.t.Helper()
	const path = "/premium/payments/paid"
	return p.officer.PostFile(path, p.officer.Get(path).Form(path), "file", "paid.csv", content)
}

// filled is the file as finance sends it back.
func filled(rows [][]string) string {
	var file strings.Builder
	for n, row := range rows {
		if n > 0 {
			row[8], row[9] = "23/11/2026", "BACS 77"
		}
		file.WriteString(strings.Join(row, ",") + "\r\n")
	}
	return file.String()
}

func TestFromApprovalToPaidOnThePages(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	request := p.approved(p.child, 100)
	p.approved(p.other, 250)
	if says := p.head.Get("/premium/payments").Says(); !strings.Contains(says, "You approved what could be paid") {
		t.Errorf("whoever approved it: %s", says)
	}
	page := p.officer.Get("/premium/payments")
	for _, want := range []string{"£350.00", "2 requests, 2 schools", "Ash Primary (URN 100001): £100.00", "Birch High", "Child LA"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the payments do not say %q: %s", want, page.Says())
		}
	}
	for _, name := range []string{"Maya", "Okafor", "tutor"} {
		if strings.Contains(page.Body, name) {
			t.Errorf("the payments say %q", name)
		}
	}
	run := p.run()
	if says := p.officer.Get(run).Says(); !strings.Contains(says, "PP2627-001") || !strings.Contains(says, "£350.00 to 2 schools: 2 payments") || !strings.Contains(says, "Not downloaded yet") {
		t.Errorf("the run: %s", says)
	}
	if says := p.teacher.Get("/premium/remittances").Says(); !strings.Contains(says, "No remittance yet") {
		t.Errorf("before it was sent: %s", says)
	}
	rows := p.file(run)
	if len(rows) != 3 || rows[1][0] != "Ash Primary" || rows[1][7] != "100.00" || strings.Contains(strings.Join(rows[1], " "), "Maya") {
		t.Errorf("the file for finance: %v", rows)
	}
	p.send(run)
	list := p.teacher.Get("/premium/remittances")
	if says := list.Says(); !strings.Contains(says, "PP2627-001") || !strings.Contains(says, "£100.00") || strings.Contains(says, "£250.00") {
		t.Errorf("the teacher's remittances: %s", says)
	}
	href := list.Find("main table a").First().AttrOr("href", "")
	paper := p.teacher.Get(href)
	for _, want := range []string{"MO", "Literacy: A tutor for the child, weekly", "PP2627-001-01", "£100.00", "23 March 2027", "Olu Officer"} {
		if !strings.Contains(paper.Says(), want) {
			t.Errorf("the remittance does not say %q: %s", want, paper.Says())
		}
	}
	if strings.Contains(paper.Body, "Maya") || strings.Contains(paper.Body, "Okafor") {
		t.Error("the remittance names the child")
	}
	if status := p.stranger.Get(href).Status; status != 404 {
		t.Errorf("another school's remittance: %d", status)
	}
	answer := p.upload(filled(rows))
	if answer.Status != 303 {
		t.Fatalf("the upload: %d %v", answer.Status, answer.Errors())
	}
	checked := p.officer.Get(answer.Location)
	if says := checked.Says(); !strings.Contains(says, "£350.00 in 2 payments would be entered as paid. Nothing has changed yet.") {
		t.Errorf("the preview: %s", says)
	}
	if confirmed := p.officer.Post(answer.Location+"/confirm", checked.Form("/confirm")); confirmed.Status != 303 {
		t.Fatalf("confirming: %d", confirmed.Status)
	}
	if says := p.officer.Get(request + "/payments").Says(); !strings.Contains(says, "BACS 77") || !strings.Contains(says, "Left to pay£0.00") {
		t.Errorf("the request's payments: %s", says)
	}
	again := p.upload(filled(rows))
	if says := p.officer.Get(again.Location).Says(); !strings.Contains(says, "All of it is on record already") {
		t.Errorf("the same file again: %s", says)
	}
	if says := p.teacher.Get(request).Says(); !strings.Contains(says, "Paid£100.00") || !strings.Contains(says, "Record evidence") || !strings.Contains(says, "Nothing is shown yet; it is due Tuesday 23 March 2027") {
		t.Errorf("the school's page of the request: %s", says)
	}
	if says := p.officer.Get("/premium/reconciliation").Says(); !strings.Contains(says, "agree to the penny") || !strings.Contains(says, "There are none") {
		t.Errorf("the reconciliation: %s", says)
	}
	if n := p.ID(`select count(*) from audit_look where screen like 'premium remittance%'`); n == 0 {
		t.Error("no look at the remittance is in the audit")
	}
}

func TestAFileWithAProblemIsShownRowByRow(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.approved(p.child, 100)
	run := p.run()
	rows := p.file(run)
	p.send(run)
	rows[1][7] = "99.00"
	answer := p.upload(filled(rows))
	page := p.officer.Get(answer.Location)
	for _, want := range []string{"none of it can be confirmed", "Row 2", "The line is for £100.00 and the file says £99.00"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	if page.Find(`form[action$="/confirm"]`).Length() != 0 {
		t.Error("a file with a problem can be confirmed")
	}
	for content, want := range map[string]string{"": "The file is empty", "a,b\n1,2\n": "no column Line reference", strings.Repeat("x", 2<<20+1): "must be 2 MB or smaller"} {
		if answer := p.upload(content); answer.Status != 422 || len(answer.Errors()) != 1 || !strings.Contains(answer.Errors()[0], want) {
			t.Errorf("%.20q: %d %v", content, answer.Status, answer.Errors())
		}
	}
	const path = "/premium/payments/paid"
	if answer := p.officer.Post(path, p.officer.Get(path).Form(path)); answer.Status != 422 || !strings.Contains(strings.Join(answer.Errors(), " "), "Choose a file") {
		t.Errorf("no file: %d %v", answer.Status, answer.Errors())
	}
}

func TestTickedRequestsAndInstalments(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.approved(p.child, 100)
	p.approved(p.other, 250)
	form := p.officer.Get("/premium/payments").Form("/premium/payments")
	id := p.ID(`select id from premium_request where child_id = $1`, p.child)
	amount := "amount-" + webtest.Number(id)
	for name, c := range map[string]struct {
		pairs []string
		want  string
	}{
		"nothing ticked":   {[]string{"which", "ticked"}, "Tick what is to be paid"},
		"too much":         {[]string{"which", "ticked", "request", webtest.Number(id), amount, "100.01"}, "not more than £100.00"},
		"nothing of it":    {[]string{"which", "ticked", "request", webtest.Number(id), amount, "0.00"}, "more than £0.00"},
		"half a penny":     {[]string{"which", "ticked", "request", webtest.Number(id), amount, "1.005"}, ""},
		"less than naught": {[]string{"which", "ticked", "request", webtest.Number(id), amount, "-5"}, ""},
	} {
		answer := p.officer.Post("/premium/payments", webtest.With(form, c.pairs...))
		if answer.Status != 422 || !strings.Contains(strings.Join(answer.Errors(), " "), c.want) {
			t.Errorf("%s: %d %v", name, answer.Status, answer.Errors())
		}
		if typed := c.pairs[len(c.pairs)-1]; len(c.pairs) > 2 && answer.Form("/premium/payments").Get(amount) != typed {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	answer := p.officer.Post("/premium/payments", webtest.With(form, "which", "ticked", "request", webtest.Number(id), amount, "40.00"))
	if answer.Status != 303 {
		t.Fatalf("an instalment: %d %v", answer.Status, answer.Errors())
	}
	if says := p.officer.Get(answer.Location).Says(); !strings.Contains(says, "£40.00 to 1 school: 1 payment") {
		t.Errorf("the run: %s", says)
	}
	if says := p.officer.Get("/premium/payments").Says(); !strings.Contains(says, "£60.00") || !strings.Contains(says, "£40.00") {
		t.Errorf("what is left: %s", says)
	}
	aside := p.officer.Post(answer.Location+"/set-aside", p.officer.Get(answer.Location).Form("/set-aside"))
	if aside.Status != 422 {
		t.Errorf("setting aside without a reason: %d", aside.Status)
	}
	aside = p.officer.Post(answer.Location+"/set-aside", webtest.With(aside.Form("/set-aside"), "reason", "Wrong month"))
	if says := p.officer.Get(answer.Location).Says(); aside.Status != 303 || !strings.Contains(says, "Wrong month") {
		t.Errorf("set aside: %d %s", aside.Status, says)
	}
}

func TestEvidenceReleaseAndRecoveryOnThePages(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Exec(`delete from policy_value where key = 'premium.scheme'`) // paid in arrears
	request := p.approved(p.child, 100)
	if says := p.officer.Get("/premium/payments").Says(); !strings.Contains(says, "Money is paid when the school has shown an invoice") {
		t.Errorf("without evidence: %s", says)
	}
	form := p.teacher.Get(request + "/evidence").Form("/evidence")
	bad := p.teacher.Post(request+"/evidence", webtest.With(form, append(webtest.Date("dated", "31", "9", "2026"), "kind", "invoice", "amount", "-5", "note", "No. 17")...))
	if bad.Status != 422 || bad.Form("/evidence").Get("note") != "No. 17" || len(bad.Errors()) < 2 {
		t.Errorf("bad evidence: %d %v", bad.Status, bad.Errors())
	}
	good := p.teacher.Post(request+"/evidence", webtest.With(bad.Form("/evidence"), append(webtest.Date("dated", "20", "11", "2026"), "kind", "invoice", "amount", "60.00")...))
	if good.Status != 303 || good.Location != request {
		t.Fatalf("evidence: %d %v", good.Status, good.Errors())
	}
	if says := p.teacher.Get(request).Says(); !strings.Contains(says, "No. 17") || !strings.Contains(says, "£60.00 shown") {
		t.Errorf("the request: %s", says)
	}
	if status := p.stranger.Get(request + "/evidence").Status; status != 404 {
		t.Errorf("another school: %d", status)
	}
	run := p.run()
	rows := p.file(run)
	p.send(run)
	paid := p.upload(filled(rows))
	p.officer.Post(paid.Location+"/confirm", p.officer.Get(paid.Location).Form("/confirm"))
	page := p.officer.Get(request + "/payments")
	if page.Form("/release").Get("release-amount") != "40.00" {
		t.Errorf("the remainder offered: %s", page.Form("/release").Get("release-amount"))
	}
	shown := p.officer.Post(request+"/release", webtest.With(page.Form("/release"), "release-reason", "The tutor has left"))
	if shown.Status != 200 || !strings.Contains(shown.Says(), "check before it is done") || !strings.Contains(shown.Says(), "The tutor has left") {
		t.Fatalf("the preview of a release: %d %s", shown.Status, shown.Says())
	}
	if says := p.officer.Get(request + "/payments").Says(); strings.Contains(says, "Released£40.00") {
		t.Error("the preview has released it")
	}
	if done := p.officer.Post(request+"/release", shown.Form("/release")); done.Status != 303 {
		t.Fatalf("releasing: %d %v", done.Status, done.Errors())
	}
	over := p.officer.Post(request+"/recover", webtest.With(p.officer.Get(request+"/payments").Form("/recover"), "recover-amount", "60.01", "recover-reason", "x"))
	if over.Status != 422 || !strings.Contains(strings.Join(over.Errors(), " "), "not more than £60.00") {
		t.Errorf("recovering too much: %d %v", over.Status, over.Errors())
	}
	shown = p.officer.Post(request+"/recover", webtest.With(over.Form("/recover"), "recover-amount", "10.00"))
	if done := p.officer.Post(request+"/recover", shown.Form("/recover")); done.Status != 303 {
		t.Fatalf("recovering: %d %v", done.Status, done.Errors())
	}
	says := p.officer.Get(request + "/payments").Says()
	for _, want := range []string{"Released£40.00", "Given back by the school£10.00", "Left to pay£0.00"} {
		if !strings.Contains(says, want) {
			t.Errorf("the payments do not say %q: %s", want, says)
		}
	}
	back := p.head.Post("/premium/return", webtest.With(p.head.Get("/premium/return").Form("/premium/return"), "book", "looked_after-2026", "amount", "500", "reason", "Not spent"))
	if back.Status != 200 || !strings.Contains(back.Says(), "£49,450.00") {
		t.Fatalf("the preview of a return: %d %s", back.Status, back.Says())
	}
	if done := p.head.Post("/premium/return", back.Form("/premium/return")); done.Status != 303 {
		t.Errorf("returning: %d %v", done.Status, done.Errors())
	}
	if says := p.head.Get("/premium/reconciliation").Says(); !strings.Contains(says, "agree to the penny") {
		t.Errorf("the books: %s", says)
	}
}

func TestAPaymentThatCameBackOnThePages(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	request := p.approved(p.child, 100)
	run := p.run()
	rows := p.file(run)
	p.send(run)
	paid := p.upload(filled(rows))
	p.officer.Post(paid.Location+"/confirm", p.officer.Get(paid.Location).Form("/confirm"))
	line := p.officer.Get(run).Find(`a[href*="/lines/"]`).First().AttrOr("href", "")
	form := p.officer.Get(line).Form(line)
	if answer := p.officer.Post(line, form); answer.Status != 422 {
		t.Errorf("without a reason: %d", answer.Status)
	}
	if answer := p.officer.Post(line, webtest.With(form, "reason", "Account closed")); answer.Status != 303 {
		t.Fatalf("reversing: %d %v", answer.Status, answer.Errors())
	}
	if says := p.officer.Get(request + "/payments").Says(); !strings.Contains(says, "Paid and came back") || !strings.Contains(says, "Left to pay£100.00") {
		t.Errorf("the request: %s", says)
	}
	if again := p.run(); again == run {
		t.Error("it cannot be paid again")
	}
}
