package reports_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/premiumtest"
	"virtualschool/internal/premium/reports"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var today = calendar.MustParse("2026-11-23")

// world is two grants in a year, and three children: one of them restricted.
type world struct {
	*pgtest.Facts
	t                      *testing.T
	db                     *postgres.DB
	ash                    int64
	maya, tom, zoe         int64
	head, advisor, teacher access.Actor
	book, post16           *premiumtest.Book
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return today.Start().Add(12 * time.Hour) })
	w := &world{Facts: pgtest.NewFacts(t, db), t: t, db: db}
	w.ash = w.Setting("Ash Primary")
	w.maya, w.tom, w.zoe = w.Child("Maya", "Okafor", "2016-03-04"), w.Child("Tom", "Reid", "2016-03-04"), w.Child("Zoë", "Nowak", "2016-03-04")
	w.head, w.advisor, w.teacher = w.Person(access.Head, "Hal Head"), w.Person(access.Advisor, "Ann Advisor"), w.Teacher("Tia Teacher", w.ash)
	lead := w.Person(access.LeadAdvisor, "Lea Lead")
	w.Allocate(w.maya, "advisor", w.advisor, "[2026-10-01,)")
	w.Allocate(w.maya, "advisor", lead, "[2026-01-01,2026-10-01)")
	w.OnRoll(w.maya, w.ash, "[2025-09-01,)")
	w.book = &premiumtest.Book{T: t, DB: db, Stream: ledger.LookedAfter, Year: 2026, Asker: lead, Decider: w.head}
	w.post16 = &premiumtest.Book{T: t, DB: db, Stream: ledger.Post16, Year: 2026, Asker: lead, Decider: w.head}
	w.book.Open(money.Pounds(5000), money.Pounds(500))
	w.post16.Open(money.Pounds(1000), 0)

	pounds := money.Pounds
	paid := w.book.Grant(premiumtest.Wish{Child: w.maya, Setting: w.ash, Category: "literacy", Amount: pounds(300)})
	w.book.Pay(paid, w.maya, 123_45)
	w.book.Recover(paid, w.maya, 20_05)
	w.book.Release(paid, w.maya, pounds(100))
	w.book.Ask(premiumtest.Wish{Child: w.maya, Setting: w.ash, Amount: pounds(40), AskedOn: calendar.MustParse("2026-09-10")})
	w.book.Grant(premiumtest.Wish{Child: w.tom, Amount: pounds(250)})
	w.post16.Grant(premiumtest.Wish{Child: w.tom, Category: "literacy", Amount: pounds(70)})
	hidden := w.book.Grant(premiumtest.Wish{Child: w.zoe, Setting: w.ash, Amount: pounds(90)})
	w.book.Pay(hidden, w.zoe, pounds(60))
	w.book.Recover(hidden, w.zoe, pounds(5))
	w.book.Move(ledger.Entry{From: "retained", To: "paid", Amount: pounds(200)})
	withdrawn := w.book.Ask(premiumtest.Wish{Child: w.tom, Amount: pounds(33)})
	w.Exec(`update premium_request set state = 'withdrawn' where id = $1`, withdrawn)
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, w.zoe)
	return w
}

func (w *world) report(who access.Actor, by reports.By, filter reports.Filter) (rows []reports.Row, total reports.Row, says reports.Ledger) {
	w.t.Helper()
	var children int
	var batch postgres.Batch
	reports.Queue(&batch, &rows, &children, by, filter)
	reports.QueueLedger(&batch, &says, filter)
	if err := w.db.View(w.t.Context(), who, &batch); err != nil {
		w.t.Fatal(err)
	}
	return rows, reports.Total(rows, children), says
}

func line(r reports.Row) string {
	name := r.Name
	if r.LAChildID != "" {
		name = r.ChildName()
	}
	if name == "" {
		name = r.Key
	}
	return fmt.Sprintf("%s: %d children, %d requests, asked %s, waiting %s, approved %s, released %s, to pay %s, paid %s, recovered %s",
		name, r.Children, r.Requests, r.Asked, r.Waiting, r.Approved, r.Released, r.ToPay(), r.Paid, r.Recovered)
}

func lines(rows []reports.Row) []string {
	var said []string
	for _, row := range rows {
		said = append(said, line(row))
	}
	slices.Sort(said)
	return said
}

func TestReportBySchool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows, total, _ := w.report(w.head, reports.BySchool, reports.Filter{Stream: ledger.LookedAfter, Year: 2026})
	want := []string{
		": 1 children, 1 requests, asked £250.00, waiting £0.00, approved £250.00, released £0.00, to pay £250.00, paid £0.00, recovered £0.00",
		"Ash Primary: 1 children, 2 requests, asked £340.00, waiting £40.00, approved £300.00, released £100.00, to pay £76.55, paid £123.45, recovered £20.05",
		"total: 2 children, 3 requests, asked £590.00, waiting £40.00, approved £550.00, released £100.00, to pay £326.55, paid £123.45, recovered £20.05",
	}
	if diff := cmp.Diff(want, append(lines(rows), "total"+line(total))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Told apart in any way, a report's lines are its total, and its total is the ledger less what is named:
// retained money spent, and records that the reader may not see.
func TestEveryReportIsTheLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, filter := range []reports.Filter{{}, {Stream: ledger.LookedAfter}, {Stream: ledger.Post16, Year: 2026}, {Year: 2026}, {Year: 2025}} {
		for _, by := range []reports.By{reports.BySchool, reports.ByCategory, reports.ByAdvisor, reports.ByChild, reports.ByYear, reports.ByGrant} {
			_, total, says := w.report(access.System, by, filter)
			if want := w.ID(`select coalesce(sum(amount_pence), 0) from premium_request where state <> 'withdrawn' and ($1 = '' or stream = $1) and ($2 = 0 or financial_year = $2)`, string(filter.Stream), filter.Year); int64(total.Asked) != want {
				t.Errorf("by %s of %+v: %s asked, want %d pence", by, filter, total.Asked, want)
			}
			if hidden := says.Hidden(total); !hidden.None() {
				t.Errorf("by %s of %+v: the ledger has %+v beyond the report", by, filter, hidden)
			}
		}
	}
	_, total, says := w.report(w.head, reports.ByCategory, reports.Filter{Stream: ledger.LookedAfter, Year: 2026})
	if says.Retained != money.Pounds(200) || says.Paid != 383_45 || says.Recovered != 25_05 {
		t.Errorf("the ledger says %+v", says)
	}
	want := reports.Ledger{ToPay: money.Pounds(30), Paid: money.Pounds(60), Recovered: money.Pounds(5)}
	if hidden := says.Hidden(total); hidden != want {
		t.Errorf("hidden from the head: %+v, want %+v", hidden, want)
	}
	position := w.ID(`select sum(balance_pence) from premium_account where stream = 'looked_after' and kind in ('committed', 'paid')`)
	if int64(says.ToPay+says.Paid) != position {
		t.Errorf("the accounts hold %d pence", position)
	}
}

func TestWhoseRequestsAreReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		who  access.Actor
		want []string
	}{
		{w.head, []string{"Maya Okafor", "Tom Reid"}},
		{w.advisor, []string{"Maya Okafor"}},
		{w.teacher, []string{"Maya Okafor"}},
		{w.Person(access.Advisor, "Abe Advisor"), nil},
		{w.Person(access.SocialWorker, "Sue Worker"), nil},
		{access.System, []string{"Maya Okafor", "Tom Reid", "Zoë Nowak"}},
	} {
		rows, total, _ := w.report(tt.who, reports.ByChild, reports.Filter{})
		if total.Children != len(tt.want) {
			t.Errorf("%s: %d children in all", tt.who.Name, total.Children)
		}
		reports.Sort(rows, "name", reports.Row.ChildName)
		var names []string
		for _, row := range rows {
			names = append(names, row.ChildName())
			if row.Number() == 0 {
				t.Errorf("%s has no number", row.ChildName())
			}
		}
		if !slices.Equal(names, tt.want) {
			t.Errorf("%s is told of %q, want %q", tt.who.Name, names, tt.want)
		}
	}
}

// What was asked in an advisor's time stays theirs.
func TestReportByAdvisor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows, _, _ := w.report(w.head, reports.ByAdvisor, reports.Filter{Stream: ledger.LookedAfter})
	asked := map[string]string{}
	for _, row := range rows {
		asked[row.Name] = row.Asked.String()
	}
	if diff := cmp.Diff(map[string]string{"Ann Advisor": "£300.00", "Lea Lead": "£40.00", "": "£250.00"}, asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSort(t *testing.T) {
	t.Parallel()
	name := func(r reports.Row) string { return r.Name }
	for by, want := range map[string]string{"": "a B c", "name": "a B c", "-name": "c B a", "nonsense": "a B c", "paid": "c a B", "-paid": "a B c", "-children": "B c a", "topay": "a B c"} {
		rows := []reports.Row{{Name: "c", Paid: 1, Children: 2, Approved: 6}, {Name: "a", Paid: 5, Children: 1, Approved: 5}, {Name: "B", Paid: 5, Children: 3, Approved: 10}}
		reports.Sort(rows, by, name)
		if got := rows[0].Name + " " + rows[1].Name + " " + rows[2].Name; got != want {
			t.Errorf("by %q: %s, want %s", by, got, want)
		}
	}
}

func TestYearsToChooseFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var years []reports.Year
	var batch postgres.Batch
	reports.QueueYears(&batch, &years)
	if err := w.db.View(t.Context(), w.advisor, &batch); err != nil {
		t.Fatal(err)
	}
	if want := []reports.Year{{ledger.LookedAfter, 2026}, {ledger.Post16, 2026}}; !slices.Equal(years, want) {
		t.Errorf("%v, want %v", years, want)
	}
}
