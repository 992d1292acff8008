package payment_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/premium/year"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is two schools with a child in care at each, and the people who ask, approve and pay.
type world struct {
	*pgtest.Facts
	t        *testing.T
	db       *postgres.DB
	service  *payment.Service
	requests *premium.Service
	today    calendar.Date
	ash      int64
	birch    int64
	child    int64 // at Ash
	other    int64 // at Birch
	head     access.Actor
	deputy   access.Actor // approves
	officer  access.Actor // pays
	officer2 access.Actor
	support  access.Actor // works with the child at Ash
	advisor  access.Actor
	teacher  access.Actor // at Ash
	stranger access.Actor // at Birch
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, today: calendar.MustParse("2026-11-23")}
	w.db = pgtest.Open(t).At(func() time.Time { return w.today.Start().Add(12 * time.Hour) })
	w.Facts = pgtest.NewFacts(t, w.db)
	w.service, w.requests = &payment.Service{DB: w.db}, &premium.Service{DB: w.db}
	w.ash, w.birch = w.Setting("Ash Primary"), w.Setting("Birch High")
	w.child, w.other = w.Child("Maya", "Okafor", "2016-03-04"), w.Child("Ben", "Ito", "2013-05-06")
	w.OnRoll(w.child, w.ash, "[2025-09-01,)")
	w.OnRoll(w.other, w.birch, "[2025-09-01,)")
	w.head, w.deputy = w.Person(access.Head, "Hal Head"), w.Person(access.Deputy, "Dee Deputy")
	w.officer, w.officer2 = w.Person(access.DataOfficer, "Olu Officer"), w.Person(access.DataOfficer, "Ola Officer")
	w.advisor, w.support = w.Person(access.Advisor, "Ann Advisor"), w.Person(access.SupportAdvisor, "Sue Support")
	w.Allocate(w.child, "advisor", w.advisor, "[2025-09-01,)")
	w.Allocate(w.child, "support_advisor", w.support, "[2025-09-01,)")
	w.Allocate(w.other, "advisor", w.advisor, "[2025-09-01,)")
	w.teacher, w.stranger = w.Teacher("Tia Teacher", w.ash), w.Teacher("Bo Teacher", w.birch)
	err := (&year.Service{DB: w.db}).EnterIncome(t.Context(), w.head, ledger.LookedAfter, 2026, 0, year.Entry{Stage: year.Provisional, Rate: money.Pounds(1000), Source: "test", Children: 100})
	if err != nil {
		t.Fatal(err)
	}
	w.scheme("termly_release") // paid in advance, with evidence within 120 days
	return w
}

// scheme sets the paying policy that holds.
func (w *world) scheme(key string) {
	w.Exec(`insert into policy_value (key, value, valid, source, set_at) values ('premium.scheme', to_jsonb($1::text), '[2026-01-01,)', 'test', now())`, key)
}

// approved asks for money for a child and has the deputy approve it.
func (w *world) approved(child int64, pounds int64) int64 {
	w.t.Helper()
	id, err := w.requests.Ask(context.Background(), w.advisor, child, premium.Wish{Category: "literacy", Purpose: "A tutor for Maya, weekly", Difference: "Reads more", Amount: money.Pounds(pounds)})
	if err == nil {
		err = w.requests.Decide(context.Background(), w.deputy, id, 1, premium.Decision{Outcome: premium.Approved})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) run(picked ...payment.Pick) payment.MadeRun {
	w.t.Helper()
	made, err := w.service.Make(context.Background(), w.officer, ledger.LookedAfter, 2026, picked)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// sent makes a run and sends it.
func (w *world) sent(picked ...payment.Pick) (payment.MadeRun, []payment.Line) {
	w.t.Helper()
	made := w.run(picked...)
	w.must(w.service.Send(context.Background(), w.officer, made.ID))
	return made, w.lines(w.officer, made.ID)
}

func (w *world) lines(actor access.Actor, runID int64) (lines []payment.Line) {
	w.t.Helper()
	var batch postgres.Batch
	payment.QueueLinesOfRun(&batch, &lines, runID)
	w.must(w.db.View(context.Background(), actor, &batch))
	return lines
}

// paidFile is what finance sends back for lines, as paid today.
func (w *world) paidFile(lines ...payment.Line) string {
	var file strings.Builder
	fmt.Fprintln(&file, strings.Join(payment.PaidTemplate(), ","))
	for _, line := range lines {
		fmt.Fprintf(&file, "%s,%s,%s,BACS %s\n", line.Reference, w.today, line.Amount.Plain(), line.Reference)
	}
	return file.String()
}

func (w *world) receive(content string) payment.PaidFile {
	w.t.Helper()
	id, err := w.service.ReceivePaid(context.Background(), w.officer, "paid.csv", []byte(content))
	w.must(err)
	return w.file(id)
}

func (w *world) file(id int64) (file payment.PaidFile) {
	w.t.Helper()
	var batch postgres.Batch
	payment.QueuePaidFile(&batch, &file, id)
	w.must(w.db.View(context.Background(), w.officer, &batch))
	return file
}

// pay has finance pay lines.
func (w *world) pay(lines ...payment.Line) {
	w.t.Helper()
	w.must(w.service.ConfirmPaid(context.Background(), w.officer, w.receive(w.paidFile(lines...)).ID))
}

func (w *world) request(child, id int64) (found payment.Request) {
	w.t.Helper()
	var batch postgres.Batch
	payment.QueueRequest(&batch, &found, child, id)
	w.must(w.db.View(context.Background(), access.System, &batch))
	return found
}

// inOrder fails unless the books agree.
func (w *world) inOrder() payment.Reconciliation {
	w.t.Helper()
	found, err := w.service.Reconcile(context.Background(), w.head)
	w.must(err)
	for _, difference := range found.Differences {
		w.t.Errorf("%s: %s", difference.Where(), difference.Words())
	}
	return found
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused fails unless err is of the kind and says the words.
func refused(t *testing.T, what string, err error, kind fault.Kind, words string) {
	t.Helper()
	said := fault.Words(err)
	for _, problem := range fault.Of(err) {
		said += " " + problem.Text
	}
	if !errors.Is(err, kind) || !strings.Contains(said, words) {
		t.Errorf("%s: %v (%s); want %s with %q", what, err, said, kind, words)
	}
}
