package year_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is a council in the financial year 2026-27.
type world struct {
	*pgtest.Facts
	t      *testing.T
	db     *postgres.DB
	years  *year.Service
	head   access.Actor
	deputy access.Actor
	lead   access.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	w.at(pgtest.Open(t), "2026-11-23")
	w.Facts = pgtest.NewFacts(t, w.db)
	w.head, w.deputy, w.lead = w.person(access.Head), w.person(access.Deputy), w.person(access.LeadAdvisor)
	return w
}

// at lets the council's clock stand on a day.
func (w *world) at(db *postgres.DB, day string) {
	w.db = db.At(func() time.Time { return calendar.MustParse(day).Start().Add(12 * time.Hour) })
	w.years = &year.Service{DB: w.db}
}

func (w *world) person(role access.Role) access.Actor {
	w.t.Helper()
	actor := access.Actor{Role: role, Name: role.Name()}
	actor.ID = w.ID(`insert into account (email, name, role, state, created_at)
		values ('p' || (select count(*) from account) || '@people.test', $1, $2, 'active', '2026-01-01') returning id`, actor.Name, string(role))
	return actor
}

const fy = 2026

func (w *world) position(stream ledger.Stream) (found ledger.Position) {
	w.t.Helper()
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &found, stream, fy)
	w.view(&batch)
	if !found.Balanced() {
		w.t.Fatalf("the year does not add up: %+v", found)
	}
	return found
}

func (w *world) view(batch *postgres.Batch) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), access.System, batch); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) purposes(stream ledger.Stream) (found []year.Purpose) {
	w.t.Helper()
	var batch postgres.Batch
	year.QueuePurposes(&batch, &found, stream, fy)
	w.view(&batch)
	return found
}

func (w *world) statement(stream ledger.Stream) (year.Statement, ledger.Position) {
	w.t.Helper()
	var months []year.Month
	var batch postgres.Batch
	year.QueueMonths(&batch, &months, stream, fy)
	w.view(&batch)
	position := w.position(stream)
	s := year.State(position, months)
	if !s.Proven(position) {
		w.t.Errorf("not proven: %+v of %+v", s, position)
	}
	return s, position
}

func looked(children int) year.Entry {
	return year.Entry{Stage: year.Provisional, Rate: money.Pounds(100), Source: "DfE, March 2026", Children: children}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) enter(entry year.Entry) error {
	return w.years.EnterIncome(w.t.Context(), w.head, ledger.LookedAfter, fy, w.position(ledger.LookedAfter).Version, entry)
}

func (w *world) retain(lines ...year.Line) error {
	return w.years.PlanRetained(w.t.Context(), w.deputy, ledger.LookedAfter, fy, w.position(ledger.LookedAfter).Version, lines)
}

func TestProvisionalAndFinalStandSideBySide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.enter(looked(300)))
	final := looked(290)
	final.Stage, final.Source = year.Final, "DfE, December 2026"
	w.must(w.enter(final))
	if err := w.enter(looked(300)); !fault.Of(err).Has("stage") {
		t.Errorf("provisional after final: %v", err)
	}
	final.Children = 295
	w.must(w.enter(final))
	var entries []year.Income
	var batch postgres.Batch
	year.QueueIncome(&batch, &entries, ledger.LookedAfter, fy)
	w.view(&batch)
	if len(entries) != 3 || entries[0].Amount != money.Pounds(30000) || entries[0].Source != "DfE, March 2026" || entries[0].EnteredBy != w.head.Name {
		t.Fatalf("entries %+v", entries)
	}
	if last, entered := year.Latest(entries, year.Final); !entered || last.Children != 295 {
		t.Errorf("the final entry: %+v", last)
	}
	if got := w.position(ledger.LookedAfter); got.Income != money.Pounds(29500) || got.Pool != money.Pounds(29500) || got.Rate != money.Pounds(100) || got.RateSource != "DfE, December 2026" {
		t.Errorf("position %+v", got)
	}
	if got := w.position(ledger.EarlyYears); got.Income != 0 {
		t.Errorf("another grant has money: %+v", got)
	}
	for name, sql := range map[string]string{"edit": `update premium_income set amount_pence = 1`, "delete": `delete from premium_income`, "truncate": `truncate premium_income`} {
		if _, err := w.SQL.Exec(t.Context(), sql); err == nil {
			t.Errorf("even the database's own administrator may %s an entry of income", name)
		}
	}
}

func TestEachGrantHasItsOwnIncome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.years.EnterIncome(t.Context(), w.head, ledger.EarlyYears, fy, 0, year.Entry{Stage: year.Provisional, Children: 1, Hours: 380, Rate: 115, Source: "DfE"}))
	w.must(w.years.EnterIncome(t.Context(), w.head, ledger.Post16, fy, 0, year.Entry{Stage: year.Provisional, Sum: money.Pounds(21000), Source: "Grant letter"}))
	if early, post := w.position(ledger.EarlyYears), w.position(ledger.Post16); early.Income != money.Pounds(437) || post.Income != money.Pounds(21000) || post.Rate != 0 {
		t.Errorf("early %+v, post-16 %+v", early, post)
	}
	if err := w.years.EnterIncome(t.Context(), w.head, "adopted", fy, 0, looked(1)); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a grant of our own: %v", err)
	}
	if _, err := w.SQL.Exec(t.Context(), `select set_config('app.actor', $1, false)`, "1"); err != nil {
		t.Fatal(err)
	}
	for name, values := range map[string]string{
		"an hour more than funded": `('early_years', 2026, 'final', 1, 571, 100, 57100, 'x', 1, now(), current_date)`,
		"a sum that is not":        `('early_years', 2026, 'final', 1, 570, 100, 1, 'x', 1, now(), current_date)`,
		"a rate on a sum":          `('post_16', 2026, 'final', 1, null, 100, 100, 'x', 1, now(), current_date)`,
	} {
		_, err := w.SQL.Exec(t.Context(), `insert into premium_income (stream, financial_year, stage, children, hours, rate_pence, amount_pence, source, entered_by, entered_at, entered_on) values `+values)
		if err == nil {
			t.Errorf("the database takes %s", name)
		}
	}
}

func TestWhoMayEnterIncomeAndWhen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.enter(looked(10)))
	now := w.position(ledger.LookedAfter).Version
	for name, c := range map[string]struct {
		actor         access.Actor
		year, version int
		kind          fault.Kind
	}{
		"an old page": {w.deputy, fy, now - 1, fault.KindConflict},
		"as if unset": {w.deputy, fy, 0, fault.KindConflict},
		"last year":   {w.deputy, fy - 1, 0, fault.KindConflict},
		"next year":   {w.deputy, fy + 1, 0, fault.KindConflict},
		"the lead":    {w.lead, fy, now, fault.KindForbidden},
		"the payer":   {w.person(access.DataOfficer), fy, now, fault.KindForbidden},
		"the school":  {w.person(access.School), fy, now, fault.KindForbidden},
		"nobody":      {access.Actor{}, fy, now, fault.KindForbidden},
	} {
		if err := w.years.EnterIncome(t.Context(), c.actor, ledger.LookedAfter, c.year, c.version, looked(11)); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
	}
	w.must(w.years.EnterIncome(t.Context(), w.deputy, ledger.LookedAfter, fy, now, looked(11)))
}

func TestTheRetainedShareIsItsPurposes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.enter(looked(10)))
	w.must(w.retain(year.Line{Name: "Tuition", Planned: money.Pounds(150)}, year.Line{Name: "Books", Planned: money.Pounds(50)}))
	if got := w.position(ledger.LookedAfter); got.Retained != money.Pounds(200) || got.Pool != money.Pounds(800) {
		t.Fatalf("position %+v", got)
	}
	purposes := w.purposes(ledger.LookedAfter)
	spend := func(actor access.Actor, stream ledger.Stream, purpose int64, pounds int64, what string) error {
		return w.years.Spend(t.Context(), actor, stream, fy, year.Spending{PurposeID: purpose, Amount: money.Pounds(pounds), What: what})
	}
	w.must(spend(w.deputy, ledger.LookedAfter, purposes[0].ID, 100, "Invoice 7"))
	for name, c := range map[string]struct {
		err   error
		field string
		kind  fault.Kind
	}{
		"more than is left":       {spend(w.deputy, ledger.LookedAfter, purposes[0].ID, 51, "x"), "amount", 0},
		"another grant's purpose": {spend(w.deputy, ledger.EarlyYears, purposes[0].ID, 1, "x"), "purpose", 0},
		"on no purpose":           {spend(w.deputy, ledger.LookedAfter, 0, 1, "x"), "purpose", 0},
		"on nothing":              {spend(w.deputy, ledger.LookedAfter, purposes[0].ID, 1, " "), "what", 0},
		"by the lead":             {spend(w.lead, ledger.LookedAfter, purposes[0].ID, 1, "x"), "", fault.KindForbidden},
		"less than was spent":     {w.retain(year.Line{Name: "Tuition", Planned: money.Pounds(99)}), "amount-0", 0},
		"without what was spent":  {w.retain(year.Line{Name: "Books", Planned: money.Pounds(99)}), "lines", 0},
		"more than the year has":  {w.retain(year.Line{Name: "Tuition", Planned: money.Pounds(1001)}), "lines", 0},
		"an income below it":      {w.enter(looked(1)), "children", 0},
	} {
		if c.kind != 0 && !errors.Is(c.err, c.kind) || c.field != "" && !fault.Of(c.err).Has(c.field) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	w.must(w.retain(year.Line{Name: "Tuition", Planned: money.Pounds(100)}, year.Line{Name: "Training", Planned: money.Pounds(30)}))
	if got := w.position(ledger.LookedAfter); got.Retained != money.Pounds(30) || got.Pool != money.Pounds(870) || got.Paid != money.Pounds(100) {
		t.Errorf("after planning again: %+v", got)
	}
	transfer := w.ID(`select id from premium_transfer where kind = 'spend'`)
	if err := w.years.TakeBack(t.Context(), w.deputy, ledger.LookedAfter, fy, transfer, " "); !fault.Of(err).Has("reason") {
		t.Errorf("without a reason: %v", err)
	}
	w.must(w.years.TakeBack(t.Context(), w.deputy, ledger.LookedAfter, fy, transfer, "Entered twice"))
	if err := w.years.TakeBack(t.Context(), w.deputy, ledger.LookedAfter, fy, transfer, "Again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("taken back twice: %v", err)
	}
	if got := w.purposes(ledger.LookedAfter); got[0].Spent != 0 || w.position(ledger.LookedAfter).Retained != money.Pounds(130) {
		t.Errorf("after taking back: %+v", got)
	}
	if s, _ := w.statement(ledger.LookedAfter); s.SpentOfRetained != 0 {
		t.Errorf("%+v", s)
	}
}

// Two people at once may not spend more than a purpose holds.
func TestTwentySpendersAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.enter(looked(10)))
	w.must(w.retain(year.Line{Name: "Tuition", Planned: money.Pounds(100)}))
	purpose := w.purposes(ledger.LookedAfter)[0].ID
	var wait sync.WaitGroup
	for range 20 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			err := w.years.Spend(context.Background(), w.deputy, ledger.LookedAfter, fy, year.Spending{PurposeID: purpose, Amount: money.Pounds(30), What: "At once"})
			if err != nil && !fault.Of(err).Has("amount") {
				t.Error(err)
			}
		}()
	}
	wait.Wait()
	if got := w.purposes(ledger.LookedAfter)[0]; got.Spent != money.Pounds(90) || got.Left() != money.Pounds(10) {
		t.Errorf("%+v", got)
	}
}

func TestClosingReturnsAndLocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.enter(looked(10)))
	w.must(w.retain(year.Line{Name: "Tuition", Planned: money.Pounds(150)}))
	purpose := w.purposes(ledger.LookedAfter)[0].ID
	spending := year.Spending{PurposeID: purpose, Amount: money.Pounds(100), What: "Invoice 7"}
	w.must(w.years.Spend(t.Context(), w.deputy, ledger.LookedAfter, fy, spending))
	version := w.position(ledger.LookedAfter).Version
	if err := w.years.Close(t.Context(), w.head, ledger.LookedAfter, fy, version); !errors.Is(err, fault.KindConflict) {
		t.Errorf("while it runs: %v", err)
	}
	w.at(w.db, "2027-04-20")
	for name, err := range map[string]error{
		"by the deputy":    w.years.Close(t.Context(), w.deputy, ledger.LookedAfter, fy, version),
		"journal too soon": w.years.Write(t.Context(), w.head, ledger.LookedAfter, fy, 1, year.Journal{Kind: year.MoreIncome, Amount: 1, Reason: "x"}),
		"from an old page": w.years.Close(t.Context(), w.head, ledger.LookedAfter, fy, version-1),
	} {
		if !errors.Is(err, fault.KindForbidden) && !errors.Is(err, fault.KindConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.must(w.years.Close(t.Context(), w.head, ledger.LookedAfter, fy, version))
	s, got := w.statement(ledger.LookedAfter)
	if got.Returned != money.Pounds(900) || got.Pool != 0 || got.Retained != 0 || got.Paid != money.Pounds(100) || got.Income != money.Pounds(100) || got.ClosedByName != w.head.Name {
		t.Fatalf("closed: %+v", got)
	}
	if s.SpentOfRetained != money.Pounds(100) || w.purposes(ledger.LookedAfter)[0].Left() != 0 {
		t.Errorf("%+v", s)
	}
	for name, err := range map[string]error{
		"closed twice": w.years.Close(t.Context(), w.head, ledger.LookedAfter, fy, got.Version),
		"retaining":    w.years.PlanRetained(t.Context(), w.head, ledger.LookedAfter, fy, got.Version, nil),
		"spending":     w.years.Spend(t.Context(), w.head, ledger.LookedAfter, fy, spending),
		"taking back":  w.years.TakeBack(t.Context(), w.head, ledger.LookedAfter, fy, w.ID(`select id from premium_transfer where kind = 'spend'`), "x"),
		"income":       w.years.EnterIncome(t.Context(), w.head, ledger.LookedAfter, fy, got.Version, looked(20)),
	} {
		if !errors.Is(err, fault.KindConflict) {
			t.Errorf("%s in a closed year: %v", name, err)
		}
	}
}

func TestJournalsAfterClosing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.enter(looked(10)))
	w.at(w.db, "2027-04-20")
	w.must(w.years.Close(t.Context(), w.head, ledger.LookedAfter, fy, w.position(ledger.LookedAfter).Version))
	write := func(actor access.Actor, version int, journal year.Journal) error {
		return w.years.Write(t.Context(), actor, ledger.LookedAfter, fy, version, journal)
	}
	more := year.Journal{Kind: year.MoreIncome, Amount: money.Pounds(50), Reason: "The audit found a child more"}
	if err := write(w.deputy, 1, more); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("by the deputy: %v", err)
	}
	w.must(write(w.head, 1, more))
	if err := write(w.head, 1, more); !errors.Is(err, fault.KindConflict) {
		t.Errorf("from the same page again: %v", err)
	}
	for field, journal := range map[string]year.Journal{
		"reason":  {Kind: year.Returned, Amount: 1},
		"kind":    {Kind: "commit", Amount: 1, Reason: "x"},
		"amount":  {Kind: year.Returned, Amount: money.Pounds(51), Reason: "x"},
		"request": {Kind: year.Recovered, Amount: 1, Reason: "x", RequestID: 987654},
	} {
		if err := write(w.head, 2, journal); !fault.Of(err).Has(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	w.must(write(w.head, 2, year.Journal{Kind: year.Returned, Amount: money.Pounds(50), Reason: "Back to the department"}))
	if _, got := w.statement(ledger.LookedAfter); got.Returned != money.Pounds(1050) || got.Pool != 0 {
		t.Errorf("position %+v", got)
	}
}
