// Package premiumtest asks for money, gives it and spends it, for tests of whatever counts it afterwards:
// through the database's own walls, so that every sum is one that could have come about.
package premiumtest

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// T is the test, which ends at the first thing that goes wrong.
type T interface {
	Helper()
	Fatal(...any)
	Context() context.Context
}

// Book is a grant's financial year, and who asks and who decides.
type Book struct {
	T              T
	DB             *postgres.DB
	Stream         ledger.Stream
	Year           int
	Asker, Decider access.Actor
	entries        int
}

// Wish is a request; Target and Setting may be 0.
type Wish struct {
	Child, Target, Setting int64
	Category               string // mentoring when empty
	Amount                 money.Pence
	AskedOn                calendar.Date // today when zero
}

func (b *Book) change(who access.Actor, do func(ctx context.Context, tx *postgres.Tx) error) {
	b.T.Helper()
	if err := b.DB.Change(b.T.Context(), who, do); err != nil {
		b.T.Fatal(err)
	}
}

// Move writes an entry of the decider's in the year's ledger, with a key of its own.
func (b *Book) Move(e ledger.Entry) {
	b.T.Helper()
	b.change(b.Decider, func(ctx context.Context, tx *postgres.Tx) error { return b.move(ctx, tx, e) })
}

func (b *Book) move(ctx context.Context, tx *postgres.Tx, e ledger.Entry) error {
	b.entries++
	e.Stream, e.Year, e.Reason, e.Key = b.Stream, b.Year, "test", ledger.Key("test %s %d %d", b.Stream, b.Year, b.entries)
	return ledger.Move(ctx, tx, e)
}

// Open opens the year with an income, some of it retained.
func (b *Book) Open(income, retained money.Pence) {
	b.T.Helper()
	b.change(b.Decider, func(ctx context.Context, tx *postgres.Tx) error { return ledger.OpenYear(ctx, tx, b.Stream, b.Year) })
	b.Move(ledger.Entry{From: "grant", To: "pool", Amount: income})
	if retained > 0 {
		b.Move(ledger.Entry{From: "pool", To: "retained", Amount: retained})
	}
}

// Ask asks, and gives the request.
func (b *Book) Ask(w Wish) (request int64) {
	b.T.Helper()
	if w.Category == "" {
		w.Category = "mentoring"
	}
	if w.AskedOn.IsZero() {
		w.AskedOn = b.DB.Today()
	}
	b.change(b.Asker, func(ctx context.Context, tx *postgres.Tx) (err error) {
		request, err = postgres.GetValue[int64](ctx, tx, `insert into premium_request (child_id, setting_id, target_id, stream, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
			values (@child, nullif(@setting::bigint, 0), nullif(@target::bigint, 0), @stream, @year, @category, 'test', 'test', @amount, @by, @on::date + time '12:00') returning id`,
			postgres.Args{"child": w.Child, "setting": w.Setting, "target": w.Target, "stream": b.Stream, "year": b.Year, "category": w.Category, "amount": w.Amount, "by": b.Asker.ID, "on": w.AskedOn})
		return err
	})
	return request
}

// Grant asks, and approves the whole of it.
func (b *Book) Grant(w Wish) (request int64) {
	b.T.Helper()
	request = b.Ask(w)
	b.change(b.Decider, func(ctx context.Context, tx *postgres.Tx) error {
		if err := tx.DoOne(ctx, `update premium_request set state = 'approved', approved_pence = amount_pence, decided_by = @by, decided_at = @now where id = @request`,
			postgres.Args{"by": b.Decider.ID, "request": request}); err != nil {
			return err
		}
		return b.move(ctx, tx, ledger.Entry{From: "pool", To: "committed", Amount: w.Amount, Request: request, Child: w.Child})
	})
	return request
}

// Pay pays some of what was granted.
func (b *Book) Pay(request, child int64, amount money.Pence) {
	b.T.Helper()
	b.Move(ledger.Entry{From: "committed", To: "paid", Amount: amount, Request: request, Child: child})
}

// Release gives back to the year what is not needed.
func (b *Book) Release(request, child int64, amount money.Pence) {
	b.T.Helper()
	b.Move(ledger.Entry{From: "committed", To: "pool", Amount: amount, Request: request, Child: child})
}

// Recover takes back from the school what was paid.
func (b *Book) Recover(request, child int64, amount money.Pence) {
	b.T.Helper()
	b.Move(ledger.Entry{From: "recovered", To: "pool", Amount: amount, Request: request, Child: child})
}
