package payments_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/web/webtest"
)

func TestEvidenceTakesItsFile(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	request := p.approved(p.child, 100)
	form := webtest.With(p.teacher.Get(request+"/evidence").Form("/evidence"), append(webtest.Date("dated", "31", "9", "2026"), "kind", "invoice", "amount", "60.00", "note", "No. 17")...)
	bad := p.teacher.PostFile(request+"/evidence", form, "file", "invoice.pdf", "%PDF-1.7\n1 0 obj")
	if errors := strings.Join(bad.Errors(), " "); bad.Status != 422 || !strings.Contains(errors, "Choose the file again") || bad.Form("/evidence").Get("note") != "No. 17" {
		t.Errorf("with a wrong date: %d %s", bad.Status, errors)
	}
	form = webtest.With(bad.Form("/evidence"), webtest.Date("dated", "20", "11", "2026")...)
	large := p.teacher.PostFile(request+"/evidence", form, "file", "invoice.pdf", "%PDF-1.7\n"+strings.Repeat("x", 10<<20))
	if back := large.Form("/evidence"); large.Status != 422 || len(large.Errors()) != 1 || !strings.Contains(large.Says(), "The file must be 10 MB or smaller") ||
		back.Get("note") != form.Get("note") || back.Get("dated-month") != form.Get("dated-month") {
		t.Errorf("too large a file: %d %v %v", large.Status, large.Errors(), large.Form("/evidence"))
	}
	page := p.teacher.PostFile(request+"/evidence", form, "file", "invoice.pdf", "<html><script>alert(1)</script>")
	if errors := page.Errors(); page.Status != 422 || len(errors) != 1 || !strings.Contains(errors[0], "must be a PDF") {
		t.Errorf("a page called PDF: %d %v", page.Status, errors)
	}
	if good := p.teacher.PostFile(request+"/evidence", webtest.With(page.Form("/evidence")), "file", "invoice 17.pdf", "%PDF-1.7\n1 0 obj"); good.Status != 303 {
		t.Fatalf("evidence with its file: %d %v", good.Status, good.Errors())
	}
	for name, page := range map[string]*webtest.Page{"the school's page": p.teacher.Get(request), "the payer's": p.officer.Get(request + "/payments"), "the form": p.teacher.Get(request + "/evidence")} {
		if link := page.Find(`a[href*="/documents/"]`); link.Length() != 1 || link.Text() != "invoice 17.pdf" {
			t.Errorf("%s: %d links, %q", name, link.Length(), link.Text())
		}
	}
	link := p.officer.Get(request+"/payments").Find(`a[href*="/documents/"]`).AttrOr("href", "")
	answer, err := p.officer.Client().Get(p.HTTP.URL + link)
	p.must(err)
	defer answer.Body.Close()
	if content, _ := io.ReadAll(answer.Body); string(content) != "%PDF-1.7\n1 0 obj" || answer.StatusCode != 200 {
		t.Errorf("the invoice, for who pays: %d %q", answer.StatusCode, content)
	}
	if status := p.stranger.Get(link).Status; status != 404 {
		t.Errorf("for another school: %d", status)
	}
}

func TestWhatWentBackIsTakenBackOnThePages(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	request := p.approved(p.child, 100)
	run := p.run()
	rows := p.file(run)
	p.send(run)
	paid := p.upload(filled(rows))
	p.officer.Post(paid.Location+"/confirm", p.officer.Get(paid.Location).Form("/confirm"))
	requestID := p.ID(`select id from premium_request`)
	p.must(p.Options.Services.Payments.Recover(t.Context(), p.boss, requestID, money.Pounds(10), "Two lessons fell out"))
	p.must(p.Options.Services.Payments.Return(t.Context(), p.boss, ledger.LookedAfter, 2026, money.Pounds(500), "Not spent"))

	page := p.officer.Get(request + "/payments")
	action := page.Find(`form[action*="/recoveries/"]`).AttrOr("action", "")
	if action == "" || !strings.Contains(page.Says(), "Two lessons fell out") {
		t.Fatalf("the recovery: %s", page.Says())
	}
	box := page.Find(`form[action*="/recoveries/"] textarea`).AttrOr("name", "")
	empty := p.officer.Post(action, page.Form(action))
	if empty.Status != 422 || len(empty.Errors()) != 1 || empty.Find(`details[open] textarea[name="`+box+`"]`).Length() != 1 {
		t.Errorf("without a reason: %d %v", empty.Status, empty.Errors())
	}
	if done := p.officer.Post(action, webtest.With(empty.Form(action), box, "Entered twice")); done.Status != 303 {
		t.Fatalf("taking back: %d %v", done.Status, done.Errors())
	}
	if says := p.officer.Get(request + "/payments").Says(); !strings.Contains(says, "Olu Officer, 23 Nov 2026: Entered twice") || strings.Contains(says, "Given back by the school£") {
		t.Errorf("the request's payments: %s", says)
	}
	if says := p.teacher.Get(request).Says(); !strings.Contains(says, "Not given back after all, £10.00") {
		t.Errorf("what happened to the request: %s", says)
	}

	page = p.head.Get("/premium/return")
	action = page.Find(`form[action$="/take-back"]`).AttrOr("action", "")
	box = page.Find(`form[action$="/take-back"] textarea`).AttrOr("name", "")
	empty = p.head.Post(action, page.Form(action))
	if empty.Status != 422 || len(empty.Errors()) != 1 {
		t.Errorf("a return without a reason: %d %v", empty.Status, empty.Errors())
	}
	if done := p.head.Post(action, webtest.With(empty.Form(action), box, "The wrong grant")); done.Status != 303 {
		t.Fatalf("taking a return back: %d %v", done.Status, done.Errors())
	}
	if says := p.head.Get("/premium/return").Says(); !strings.Contains(says, "The wrong grant") || !strings.Contains(says, "£49,900.00 left") {
		t.Errorf("the returns: %s", says)
	}
	p.must(p.Options.Services.Payments.Return(t.Context(), p.boss, ledger.LookedAfter, 2026, money.Pence(p.ID(`select balance_pence from premium_account where kind = 'pool'`)), "Not spent after all"))
	p.Passes(140 * 24 * time.Hour)
	p.must(p.DB.Change(t.Context(), p.boss, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `update premium_year set closed_at = @now, closed_by = @by`, postgres.Args{"by": p.boss.ID})
		return err
	}))
	deputy, head := p.As(p.Person(access.Deputy, "Dan Deputy")), p.As(p.boss)
	if deputy.Get("/premium/return").Find(`form[action$="/take-back"]`).Length() != 0 || head.Get("/premium/return").Find(`form[action$="/take-back"]`).Length() != 1 {
		t.Error("in a closed year it is the head alone who takes back")
	}
	if says := head.Get("/premium/reconciliation").Says(); !strings.Contains(says, "agree to the penny") {
		t.Errorf("the books: %s", says)
	}
}
