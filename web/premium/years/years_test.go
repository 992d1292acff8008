package years_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const (
	looked = "/premium/years/looked-after/2026"
	early  = "/premium/years/early-years/2026"
	post16 = "/premium/years/post-16/2026"
)

type place struct {
	*webtest.Site
	head, deputy *webtest.Visitor
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t)}
	p.head, p.deputy = p.As(p.Person(access.Head, "Hal Head")), p.As(p.Person(access.Deputy, "Dee Deputy"))
	return p
}

// send fills in the form of a page and sends it.
func send(who *webtest.Visitor, page, target string, pairs ...string) *webtest.Page {
	return who.Post(target, webtest.With(who.Get(page).Form(target), pairs...))
}

func done(t *testing.T, page *webtest.Page) {
	t.Helper()
	if page.Status != 303 {
		t.Fatalf("%d %v", page.Status, page.Errors())
	}
}

func says(t *testing.T, page *webtest.Page, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("%s does not say %q: %s", page.Find("h1").Text(), want, page.Says())
		}
	}
}

func (p *place) enter(t *testing.T, who *webtest.Visitor, stage, children string) {
	t.Helper()
	done(t, send(who, looked+"/income", looked+"/income", "stage", stage, "rate", "2,000.00", "source", "DfE, "+stage, "children", children))
}

func TestAnUnknownRateIsAskedFor(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	says(t, p.head.Get(looked), "No income is entered yet", "The rate for 2026-27 is not known here", "Enter the year’s income")
	form := p.head.Get(looked + "/income").Form("/income")
	if form.Get("rate") != "" || form.Get("source") != "" {
		t.Errorf("guessed: %v", form)
	}
	if form := p.head.Get(early + "/income").Form("/income"); form.Get("rate") != "1.15" || !strings.Contains(form.Get("source"), "655.50") {
		t.Errorf("the published rate is not offered: %v", form)
	}
	says(t, p.head.Get("/premium/years"), "Pupil Premium Plus", "Early Years Pupil Premium", "Post-16 Pupil Premium Plus", "Income not entered", "it goes to their schools")
	if page := p.head.Get("/premium/years/2026"); page.Status != 301 || page.Location != looked {
		t.Errorf("the old address: %d to %s", page.Status, page.Location)
	}
	says(t, p.head.Get("/premium/years/looked-after/2027"), "The year begins on 1 April 2027")
	for _, path := range []string{"/premium/years/1999", "/premium/years/abc", "/premium/years/adopted/2026", "/premium/years/looked-after/1999", looked + "/statement", looked + "/journal", looked + "/spending"} {
		if page := p.head.Get(path); page.Status != 404 {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}

func TestIncomeSideBySide(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enter(t, p.head, "provisional", "10")
	p.enter(t, p.deputy, "final", "12")
	p.enter(t, p.deputy, "final", "11")
	page := p.head.Get(looked)
	says(t, page, "£22,000.00 left to allocate", "£20,000.00", "DfE, provisional", "DfE, final", "Hal Head", "Dee Deputy", "Earlier entries", "12 children at £2,000.00",
		"£0.00. Nothing is carried forward", "Left to allocate to Grant")
	if head := page.Find("#income thead").First().Text(); !strings.Contains(head, "Provisional") || !strings.Contains(head, "Final") {
		t.Errorf("columns %q", head)
	}
	if n := page.Find("h1").Length(); n != 1 {
		t.Errorf("%d h1", n)
	}
	done(t, send(p.head, early+"/income", early+"/income", "stage", "provisional", "children", "2", "hours", "1140"))
	done(t, send(p.head, post16+"/income", post16+"/income", "stage", "provisional", "sum", "21,000.00", "source", "Grant letter"))
	says(t, p.head.Get(early), "£1,311.00 left to allocate", "1,140")
	says(t, p.head.Get(post16), "£21,000.00 left to allocate", "Grant letter")
	says(t, p.head.Get("/premium/years"), "£22,000.00", "£1,311.00", "£21,000.00", "Final")
}

func TestWhatIsWrongIsKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enter(t, p.head, "provisional", "10")
	done(t, send(p.head, looked+"/retained", looked+"/retained", "name-0", "Tuition", "amount-0", "1000.00"))
	for name, c := range map[string]struct {
		page  string
		pairs []string
	}{
		"no rate":                 {looked + "/income", []string{"rate", ""}},
		"a minus":                 {looked + "/income", []string{"rate", "-5"}},
		"words":                   {looked + "/income", []string{"children", "many"}},
		"no stage":                {looked + "/income", []string{"stage", ""}},
		"a stage of our own":      {looked + "/income", []string{"stage", "guessed"}},
		"no source":               {looked + "/income", []string{"source", " "}},
		"less than is retained":   {looked + "/income", []string{"children", "0"}},
		"too many hours":          {early + "/income", []string{"stage", "final", "children", "1", "hours", "571", "rate", "1.15", "source", "x"}},
		"part of a penny":         {post16 + "/income", []string{"stage", "final", "sum", "1.005", "source", "x"}},
		"a purpose without a sum": {looked + "/retained", []string{"name-2", "Books"}},
		"a sum without a purpose": {looked + "/retained", []string{"amount-2", "5.00"}},
		"twice":                   {looked + "/retained", []string{"name-2", "tuition", "amount-2", "5.00"}},
		"more than there is":      {looked + "/retained", []string{"amount-0", "20000.01"}},
		"spent on nothing":        {looked + "/spending", []string{"amount", "5.00", "what", "x"}},
		"spent nothing":           {looked + "/spending", []string{"purpose", "1", "what", "x"}},
		"a null byte":             {looked + "/spending", []string{"purpose", "1", "amount", "5.00", "what", "a\x00b"}},
		"10,000 characters":       {looked + "/spending", []string{"purpose", "1", "amount", "5.00", "what", strings.Repeat("a", 10000)}},
		"more than is left":       {looked + "/spending", []string{"purpose", "1", "amount", "1000.01", "what", "x"}},
	} {
		typed := webtest.With(p.head.Get(c.page).Form(c.page), c.pairs...)
		answer := p.head.Post(c.page, typed)
		if answer.Status != 422 || len(answer.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, answer.Status, answer.Errors())
			continue
		}
		shown := answer.Form(c.page)
		for field, values := range typed {
			if field != "key" && field != "stage" && !strings.Contains(values[0], "\x00") && shown.Get(field) != values[0] {
				t.Errorf("%s: %s came back as %.40q", name, field, shown.Get(field))
			}
		}
	}
	if n := p.ID(`select count(*) from premium_transfer`); n != 2 {
		t.Errorf("%d transfers after mistakes", n)
	}
}

func TestTwoOnTheYearKeepBothTexts(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enter(t, p.head, "provisional", "10")
	one, two := p.head.Get(looked+"/income").Form("/income"), p.deputy.Get(looked+"/income").Form("/income")
	plan := p.deputy.Get(looked + "/retained").Form("/retained")
	done(t, p.head.Post(looked+"/income", webtest.With(one, "children", "12")))
	answer := p.deputy.Post(looked+"/income", webtest.With(two, "children", "11"))
	if answer.Status != 409 || answer.Form("/income").Get("children") != "11" || !strings.Contains(answer.Says(), "12 children at £2,000.00") || !strings.Contains(answer.Says(), "Hal Head") {
		t.Fatalf("two on the income: %d %s", answer.Status, answer.Says())
	}
	retained := p.deputy.Post(looked+"/retained", webtest.With(plan, "name-0", "Books", "amount-0", "5.00"))
	if retained.Status != 409 || retained.Form("/retained").Get("name-0") != "Books" {
		t.Fatalf("two on the retained share: %d %s", retained.Status, retained.Says())
	}
	done(t, p.deputy.Post(looked+"/retained", retained.Form("/retained")))
	says(t, p.head.Get(looked), "Books", "£5.00")
}

func TestSpendingTwiceFromOneFormSpendsOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enter(t, p.head, "provisional", "10")
	done(t, send(p.head, looked+"/retained", looked+"/retained", "name-0", "Tuition", "amount-0", "1000.00"))
	form := webtest.With(p.deputy.Get(looked+"/spending").Form(looked+"/spending"), "purpose", "1", "amount", "400.00", "what", "Invoice 7 <b>bold</b>")
	done(t, p.deputy.Post(looked+"/spending", form))
	done(t, p.deputy.Post(looked+"/spending", form))
	page := p.deputy.Get(looked + "/spending")
	says(t, page, "£600.00 is retained and not spent", "Invoice 7 <b>bold</b>", "Tuition (£600.00 left)")
	back := looked + "/spending/" + webtest.Number(p.ID(`select max(id) from premium_transfer`))
	field := "reason-" + back[strings.LastIndex(back, "/")+1:]
	if answer := p.deputy.Post(back, webtest.With(page.Form(back), field, "")); answer.Status != 422 || !answer.Find("details[open]").Is("*") {
		t.Errorf("taking back without a reason: %d", answer.Status)
	}
	done(t, p.deputy.Post(back, webtest.With(page.Form(back), field, "Entered twice")))
	says(t, p.deputy.Get(looked+"/spending"), "£1,000.00 is retained and not spent", "Taken back")
	says(t, p.deputy.Get(looked), "Taken back: Entered twice")
}

// A year over: the statement, the certificate, closing and a journal.
func TestTheEndOfAYear(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enter(t, p.head, "final", "10")
	says(t, p.head.Get(looked+"/close"), "The year 2026-27 runs until 31 March 2027")
	if p.head.Get(looked + "/close").Find("main form").Is("*") {
		t.Error("a year that runs can be closed")
	}
	says(t, p.deputy.Get(looked+"/statement"), "Draft: the year runs until 31 March 2027", "I certify that Test Council received £20,000.00")

	const before = "/premium/years/looked-after/2025"
	p.yearBefore(t)
	says(t, p.head.Get(before), "Goes back to the department when the year is closed", "£400.00 paid, £0.00 committed and not yet paid, £19,000.00 not allocated, £600.00 retained and not spent")
	says(t, p.head.Get(before+"/statement"), "Draft: the year is not closed", "Retained share: Tuition")
	if page := p.deputy.Get(before + "/close"); page.Status != 403 {
		t.Errorf("the deputy closes: %d", page.Status)
	}
	says(t, p.head.Get(before+"/close"), "£19,600.00, entered in the ledger first", "it cannot be opened again")
	if answer := send(p.head, before+"/close", before+"/close"); answer.Status != 422 {
		t.Errorf("closing without being sure: %d", answer.Status)
	}
	sure := webtest.With(p.head.Get(before+"/close").Form("/close"), "sure", "yes")
	done(t, p.head.Post(before+"/close", sure))
	done(t, p.head.Post(before+"/close", sure))
	if n := p.ID(`select count(*) from premium_transfer where kind = 'return'`); n != 1 {
		t.Errorf("closed by one form sent twice: %d returns", n)
	}
	says(t, p.head.Get(before), "Closed by Hal Head on 23 November 2026", "Not allocated by 31 March 2026: back to the department")
	statement := p.deputy.Get(before + "/statement")
	says(t, statement, "Closed by Hal Head", "£400.00 of it was spent", "£19,600.00 was or is to be returned", "Difference£0.00", "£0.00 apart", "£20,000.00 received, £20,000.00 told, £0.00 apart")
	if statement.Find(".vs-paper--draft").Is("*") {
		t.Error("a closed statement is a draft")
	}

	journal := p.head.Get(before + "/journal").Form("/journal")
	wrong := p.head.Post(before+"/journal", webtest.With(journal, "kind", "returned", "amount", "5.00", "reason", "Kept words"))
	if wrong.Status != 422 || wrong.Form("/journal").Get("reason") != "Kept words" {
		t.Errorf("returning what is not there: %d %v", wrong.Status, wrong.Errors())
	}
	written := []string{"kind", "more_income", "amount", "5.00", "reason", "The audit found more"}
	stale := p.head.Get(before + "/journal").Form("/journal")
	done(t, send(p.head, before+"/journal", before+"/journal", written...))
	if answer := p.head.Post(before+"/journal", webtest.With(stale, written...)); answer.Status != 409 || answer.Form("/journal").Get("amount") != "5.00" {
		t.Errorf("a journal from an old page: %d", answer.Status)
	}
	says(t, p.head.Get(before), "Journal: The audit found more")
	if page := p.deputy.Get(before + "/journal"); page.Status != 403 {
		t.Errorf("the deputy writes a journal: %d", page.Status)
	}
}

// yearBefore is 2025-26 as it was entered while it ran: £20,000.00, a purpose and spending of it.
func (p *place) yearBefore(t *testing.T) {
	t.Helper()
	head := p.Person(access.Head, "Una Before")
	years := year.Service{DB: p.DB.At(func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) })}
	for _, err := range []error{
		years.EnterIncome(t.Context(), head, ledger.LookedAfter, 2025, 0, year.Entry{Stage: year.Final, Children: 10, Rate: money.Pounds(2000), Source: "DfE"}),
		years.PlanRetained(t.Context(), head, ledger.LookedAfter, 2025, 2, []year.Line{{Name: "Tuition", Planned: money.Pounds(1000)}}),
		years.Spend(t.Context(), head, ledger.LookedAfter, 2025, year.Spending{PurposeID: 1, Amount: money.Pounds(400), What: "Invoice 7"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The statement as a file: what the chief finance officer signs.
func TestTheStatementIsPrinted(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.yearBefore(t)
	const pdf = "/premium/years/looked-after/2025/statement.pdf"
	if page := p.head.Get(pdf); page.Status != 303 {
		t.Errorf("without a printer: %d", page.Status)
	}
	p.Prints()
	file := p.head.Get(pdf)
	if file.Status != 200 || !strings.HasPrefix(file.Body, "%PDF-") || file.Header.Get("Content-Disposition") != `attachment; filename="statement-looked_after-2025-26.pdf"` || webtest.PagesOf(file.Body) == 0 {
		t.Errorf("%d %v", file.Status, file.Header)
	}
}

func TestFiguresArePagesOfTheGrantAlone(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enter(t, p.head, "provisional", "10")
	for _, path := range []string{looked, looked + "/statement", looked + "/income", looked + "/retained", "/premium/years"} {
		if cost := p.CostOf(p.head, path); len(cost.Own()) > 10 {
			t.Errorf("%s asks %d statements", path, len(cost.Own()))
		}
	}
	lead := p.As(p.Person(access.LeadAdvisor, "Lea Lead"))
	if page := lead.Get(looked); page.Status != 200 || page.Find(`a[href$="/income"]`).Is("*") || page.Find(`a[href$="/close"]`).Is("*") {
		t.Errorf("the lead advisor reads: %d", page.Status)
	}
	says(t, p.head.Get(looked), "Together these are the year's income of £20,000.00.")
}
