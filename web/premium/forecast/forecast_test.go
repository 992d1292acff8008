package forecast_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// place is a council with a child in care, asked and granted for since April.
type place struct {
	*webtest.Site
	head, deputy access.Actor
	teacher      access.Actor
	child        int64
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t)}
	ash := p.Setting("Ash Primary")
	p.child = p.Child("Maya", "Okafor", "2016-03-04")
	p.OnRoll(p.child, ash, "[2025-09-01,)")
	p.head, p.deputy, p.teacher = p.Person(access.Head, "Hal Head"), p.Person(access.Deputy, "Dee Deputy"), p.Teacher("Tia Teacher", ash)
	years := year.Service{DB: p.DB}
	if err := years.EnterIncome(t.Context(), p.head, ledger.LookedAfter, 2026, 0, year.Entry{Stage: year.Provisional, Children: 10, Rate: money.Pounds(1000), Source: "DfE"}); err != nil {
		t.Fatal(err)
	}
	return p
}

// asks has the teacher ask on a day, and the deputy grant it where granted.
func (p *place) asks(t *testing.T, day string, pounds int64, granted bool) {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	requests := premium.Service{DB: p.DB.At(func() time.Time { return at.Add(10 * time.Hour) }), Schemes: p.Options.Services.Premium.Schemes}
	id, err := requests.Ask(t.Context(), p.teacher, p.child, premium.Wish{Category: "literacy", Purpose: "A tutor", Difference: "Reads more", Amount: money.Pounds(pounds)})
	if err != nil {
		t.Fatal(err)
	}
	if granted {
		if err := requests.Decide(t.Context(), p.deputy, id, 1, premium.Decision{Outcome: premium.Approved}); err != nil {
			t.Fatal(err)
		}
	}
}

func says(t *testing.T, page *webtest.Page, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("does not say %q: %s", want, page.Says())
		}
	}
}

func TestLittleToGoByIsSaid(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	head := p.As(p.head)
	says(t, head.Get("/premium/forecast"), "There is too little to go by", "No request waits for a decision", "From January this names")
	says(t, head.Get("/premium/forecast?grant=early-years"), "No income is entered for 2026-27")
	says(t, head.Get("/premium/forecast?grant=nonsense"), "Pupil Premium Plus 2026-27")
}

func TestTheForecastFromWhatHappened(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for _, day := range []string{"2026-05-12", "2026-06-12", "2026-07-14", "2026-09-15", "2026-10-13"} {
		p.asks(t, day, 300, true)
	}
	p.asks(t, "2026-11-10", 450, false)
	head := p.As(p.head)
	page := head.Get("/premium/forecast")
	// Ten thousand pounds, 1,500 allocated in five of the last twelve months, 450 open: 129 days at £125 a
	// month are £530.13, more than what is open at the share usually granted.
	says(t, page, "£1,500.00", "of £10,000.00 to allocate", "£530.13", "1 request worth £450.00 can be decided", "£1,500.00 was granted of £1,500.00 asked", "Fewer than five payments",
		"Likely £7,969.87 is not allocated by 31 March", "5 requests are worth £1,500.00 approved and not paid")
	if strings.Contains(page.Says(), "entitle") || strings.Contains(page.Find("title").Text(), "Maya") {
		t.Error("a sum or a name that must not be there")
	}
	if page.Find("h1").Length() != 1 || !page.Find("svg").Is("*") {
		t.Error("one heading and a drawing")
	}
	if cost := p.CostOf(head, "/premium/forecast"); len(cost.Own()) > 10 {
		t.Errorf("%d statements", len(cost.Own()))
	}
}

// Who decides sees for whom nothing was asked, others do not; and never a sum beside a name.
func TestChildrenNobodyAskedFor(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	other := p.Child("Omar", "Hale", "2015-01-05")
	for _, child := range []int64{p.child, other} {
		pep := p.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at) values ($1, 'termly', 'primary', 1, 2026, 'autumn', 1, $2) returning id`, child, webtest.Now)
		p.Exec(`insert into pep_target (pep_id, child_id, position, area, what) values ($1, $2, 1, 'literacy', 'Read a chapter a week')`, pep, child)
	}
	p.asks(t, "2026-11-10", 450, false)
	page := p.As(p.deputy).Get("/premium/forecast")
	says(t, page, "Omar Hale", "1 child has open targets and nothing asked for this year")
	if strings.Contains(page.Says(), "Maya") {
		t.Error("a child asked for is listed")
	}
	if n := p.ID(`select count(*) from audit_look where child_id = $1 and screen = 'premium forecast'`, other); n != 1 {
		t.Errorf("%d looks", n)
	}
	payer := p.As(p.Person(access.DataOfficer, "Dan Data")).Get("/premium/forecast")
	if payer.Status != 200 || strings.Contains(payer.Says(), "Omar") {
		t.Errorf("the data officer: %d", payer.Status)
	}
	if page := p.As(p.teacher).Get("/premium/forecast"); page.Status != 403 {
		t.Errorf("the teacher: %d", page.Status)
	}
}
