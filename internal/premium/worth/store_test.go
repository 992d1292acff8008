package worth_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/premiumtest"
	"virtualschool/internal/premium/worth"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var today = calendar.MustParse("2026-11-23")

// world is a council with a book of money and plans with targets.
type world struct {
	*pgtest.Facts
	t             *testing.T
	db            *postgres.DB
	book          *premiumtest.Book
	head, advisor access.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return today.Start().Add(12 * time.Hour) })
	w := &world{Facts: pgtest.NewFacts(t, db), t: t, db: db}
	w.head, w.advisor = w.Person(access.Head, "Hal Head"), w.Person(access.Advisor, "Ann Advisor")
	w.book = &premiumtest.Book{T: t, DB: db, Stream: ledger.LookedAfter, Year: 2026, Asker: w.Person(access.LeadAdvisor, "Lea Lead"), Decider: w.head}
	w.book.Open(money.Pounds(10_000), 0)
	return w
}

func (w *world) plan(child int64, term string) int64 {
	w.t.Helper()
	return w.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2025, $2, 1, '2026-05-01') returning id`, child, term)
}

func (w *world) target(plan, child int64, area string, carriedFrom int64) int64 {
	w.t.Helper()
	return w.ID(`insert into pep_target (pep_id, child_id, position, area, what, carried_from)
		values ($1, $2, (select count(*) from pep_target where pep_id = $1), $3, 'Read', nullif($4::bigint, 0)) returning id`, plan, child, area, carriedFrom)
}

func (w *world) review(plan, child, target int64, outcome, at string) {
	w.t.Helper()
	w.Exec(`insert into pep_target_review (pep_id, child_id, target_id, outcome, reviewed_by, reviewed_at) values ($1, $2, $3, $4, 1, $5::text::timestamptz)`, plan, child, target, outcome, at)
}

func (w *world) funded(who access.Actor, stream ledger.Stream, year int) (found []worth.Funded) {
	w.t.Helper()
	var batch postgres.Batch
	worth.Queue(&batch, &found, stream, year)
	if err := w.db.View(w.t.Context(), who, &batch); err != nil {
		w.t.Fatal(err)
	}
	slices.SortFunc(found, func(a, b worth.Funded) int { return int(a.TargetID - b.TargetID) })
	return found
}

func TestFundedTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	child := w.Child("Maya", "Okafor", "2016-03-04")
	w.Exec(`insert into sen_status (child_id, status, primary_need, period, source) values ($1, 'K', 'SEMH', '[2025-09-01,2026-11-20)', 'test'), ($1, 'E', 'ASD', '[2026-11-20,)', 'test')`, child)
	first, second := w.plan(child, "spring"), w.plan(child, "summer")
	met, carried, silent := w.target(first, child, "literacy", 0), w.target(first, child, "numeracy", 0), w.target(first, child, "attendance", 0)
	carriedOn := w.target(second, child, "numeracy", carried)
	w.review(second, child, met, "partly", "2026-06-01")
	third := w.plan(child, "autumn")
	w.review(third, child, met, "met", "2026-10-01") // looked at again, later
	w.review(second, child, carried, "carried_forward", "2026-06-01")

	pounds := money.Pounds
	a := w.book.Grant(premiumtest.Wish{Child: child, Target: met, Amount: pounds(300), AskedOn: calendar.MustParse("2026-11-10")})
	w.book.Grant(premiumtest.Wish{Child: child, Target: met, Amount: pounds(50)}) // the same category again
	w.book.Pay(a, child, pounds(200))
	w.book.Release(a, child, pounds(100))
	w.book.Recover(a, child, pounds(30))
	w.book.Grant(premiumtest.Wish{Child: child, Target: carried, Amount: pounds(40), Category: "numeracy"})
	whole := w.book.Grant(premiumtest.Wish{Child: child, Target: silent, Amount: pounds(60)})
	w.book.Release(whole, child, pounds(60))                                       // it bought nothing
	w.book.Grant(premiumtest.Wish{Child: child, Amount: pounds(70)})               // for no target
	w.book.Ask(premiumtest.Wish{Child: child, Target: silent, Amount: pounds(80)}) // not decided

	say := func(list []worth.Funded) (said []string) {
		for _, f := range list {
			said = append(said, fmt.Sprint(f.Category, " ", f.Area, " ", f.Cost, " ", f.Outcome, " ", f.SEN, f.Need, " ", f.Lives, " ", f.AskedOn))
		}
		return said
	}
	want := []string{"mentoring literacy £220.00 met KSEMH in 2026-11-10", "numeracy numeracy £40.00 carried_forward EASD in 2026-11-23"}
	if got := say(w.funded(w.head, ledger.LookedAfter, 0)); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	w.review(third, child, carriedOn, "not_met", "2026-11-01")
	if got := w.funded(w.head, ledger.LookedAfter, 2026)[1].Outcome; got != worth.NotMet {
		t.Errorf("the target that was carried on was not met; the funded one is %q", got)
	}
	w.Exec(`update pep set state = 'cancelled', cancel_reason = 'test' where id = $1`, third)
	if got := say(w.funded(w.head, ledger.LookedAfter, 2026))[0]; got != "mentoring literacy £220.00 partly KSEMH in 2026-11-10" {
		t.Errorf("the latest review is in a plan that was cancelled: %s", got)
	}
	if n := len(w.funded(w.head, ledger.LookedAfter, 2025)); n != 0 {
		t.Errorf("%d targets in another year", n)
	}
	if n := len(w.funded(w.head, ledger.EarlyYears, 0)); n != 0 {
		t.Errorf("%d targets in another grant", n)
	}
}

// Nobody's figures are made of children whom they may not see.
func TestWhoseTargetsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	school := w.Setting("Ash Primary")
	own, other, restricted := w.Child("Maya", "Okafor", "2016-03-04"), w.Child("Tom", "Reid", "2016-03-04"), w.Child("Zoë", "Nowak", "2016-03-04")
	for _, child := range []int64{own, other, restricted} {
		w.book.Grant(premiumtest.Wish{Child: child, Target: w.target(w.plan(child, "spring"), child, "literacy", 0), Amount: money.Pounds(10)})
	}
	w.Allocate(own, "advisor", w.advisor, "[2025-09-01,)")
	w.OnRoll(own, school, "[2025-09-01,)")
	blocked := w.Person(access.Deputy, "Dee Deputy")
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, restricted)
	w.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'test', '[2026-01-01,)')`, own, blocked.ID)
	for _, tt := range []struct {
		who  access.Actor
		want int
	}{
		{w.head, 2}, {blocked, 1}, {w.advisor, 1}, {w.Teacher("Tia Teacher", school), 1},
		{w.Person(access.SocialWorker, "Sue Worker"), 0}, {w.Person(access.Advisor, "Abe Advisor"), 0}, {access.System, 3},
	} {
		if got := len(w.funded(tt.who, ledger.LookedAfter, 0)); got != tt.want {
			t.Errorf("%s counts %d targets, want %d", tt.who.Name, got, tt.want)
		}
	}
}

func TestComparisonIsAboutTheRequestOrTheChild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	child := w.Child("Maya", "Okafor", "2016-03-04")
	plan := w.plan(child, "summer")
	asked := w.target(plan, child, "literacy", 0)
	w.target(plan, child, "numeracy", 0)
	request := w.book.Ask(premiumtest.Wish{Child: child, Target: asked, Amount: money.Pounds(10)})
	aimless := w.book.Ask(premiumtest.Wish{Child: child, Amount: money.Pounds(10)})
	for n := range 6 {
		other := w.Child(fmt.Sprint("Other", n), "Child", "2016-05-05")
		its := w.plan(other, "spring")
		for area, outcome := range map[string]string{"literacy": "met", "numeracy": "not_met", "attendance": "met"} {
			target := w.target(its, other, area, 0)
			w.book.Grant(premiumtest.Wish{Child: other, Target: target, Amount: money.Pounds(10), Category: "small_group"})
			w.review(its, other, target, outcome, "2026-06-01")
		}
	}
	compare := func(who access.Actor, queue func(*postgres.Batch, *worth.Comparison)) worth.Helped {
		var c worth.Comparison
		var batch postgres.Batch
		queue(&batch, &c)
		if err := w.db.View(t.Context(), who, &batch); err != nil {
			t.Fatal(err)
		}
		return c.Helped(today)
	}
	for name, tt := range map[string]struct {
		queue func(*postgres.Batch, *worth.Comparison)
		want  string
	}{
		"the request's target is of literacy":   {func(b *postgres.Batch, c *worth.Comparison) { worth.QueueForRequest(b, c, child, request) }, "6 of 6"},
		"a request for no target: both of hers": {func(b *postgres.Batch, c *worth.Comparison) { worth.QueueForRequest(b, c, child, aimless) }, "6 of 12"},
		"the child: both of hers":               {func(b *postgres.Batch, c *worth.Comparison) { worth.QueueForChild(b, c, ledger.LookedAfter, child) }, "6 of 12"},
	} {
		helped := compare(w.head, tt.queue)
		if len(helped.Figures) != 1 || fmt.Sprint(helped.Figures[0].Met(), " of ", helped.Figures[0].Judged()) != tt.want {
			t.Errorf("%s: %+v", name, helped)
		}
	}
	if len(compare(w.head, func(b *postgres.Batch, c *worth.Comparison) { worth.QueueForChild(b, c, ledger.Post16, child) }).Figures) != 0 {
		t.Error("another grant's targets are compared")
	}
}
