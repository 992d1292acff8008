package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const year = 2026

var today = calendar.MustParse("2026-11-23")

// book is a year's ledger beside its model: two maps that know nothing of the database.
type book struct {
	*pgtest.Facts
	t        *testing.T
	db       *postgres.DB
	head     access.Actor
	other    access.Actor
	child    int64
	random   *rand.Rand
	accounts map[string]money.Pence
	requests map[int64]*sums
	numbers  []int64          // of the requests, in order
	moves    map[int64]*moved // by transfer
	standing []int64          // transfers in order
	refused  int
}

type sums struct{ approved, released, paid, recovered money.Pence }

type moved struct {
	kind, from, to string
	amount         money.Pence
	request        int64
	reversed       bool // taken back, or a taking back
}

func newBook(t *testing.T, seed uint64) *book {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return today.Start().Add(12 * time.Hour) })
	b := &book{Facts: pgtest.NewFacts(t, db), t: t, db: db, random: rand.New(rand.NewPCG(seed, 31)),
		accounts: map[string]money.Pence{}, requests: map[int64]*sums{}, moves: map[int64]*moved{}}
	b.head, b.other = b.person("head"), b.person("deputy")
	b.child = b.ID(`insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at) values ('C1', 'Test', 'Child', '2016-03-04', now(), now()) returning id`)
	b.Exec(`insert into care_period (child_id, period, source) values ($1, '[2024-01-10,)', 'test')`, b.child)
	b.Exec(`insert into premium_year (financial_year) values ($1)`, year)
	return b
}

func (b *book) person(role string) access.Actor {
	id := b.ID(`insert into account (email, name, role, state, created_at) values ($1, $1, $2, 'active', '2026-01-01') returning id`, role+"@people.test", role)
	return access.Actor{ID: id, Role: access.Role(role), Name: role}
}

// paths are the ways money goes, and which sum of a request each fills; a taking back is in reverses.
var paths = []struct{ kind, from, to, fills string }{
	{"income", "grant", "pool", ""}, {"income", "pool", "grant", ""}, {"income", "grant", "retained", ""}, {"income", "retained", "grant", ""},
	{"retain", "pool", "retained", ""}, {"retain", "retained", "pool", ""}, {"spend", "retained", "paid", ""}, {"return", "pool", "returned", ""},
	{"release", "committed", "pool", "released"}, {"pay", "committed", "paid", "paid"}, {"pay", "committed", "paid", "paid"}, {"recover", "recovered", "pool", "recovered"},
}

// bounds of an account: the grant and what schools give back stand below nought, all else above.
func (b *book) within(account string, balance money.Pence) bool {
	if account == "grant" || account == "recovered" {
		return balance <= 0
	}
	return balance >= 0
}

// may says whether the model lets an amount go.
func (b *book) may(m *moved) bool {
	if !b.within(m.from, b.accounts[m.from]-m.amount) || !b.within(m.to, b.accounts[m.to]+m.amount) {
		return false
	}
	if m.request == 0 {
		return true
	}
	after := *b.requests[m.request]
	after.add(m)
	return after.released >= 0 && after.paid >= 0 && after.recovered >= 0 && after.released+after.paid <= after.approved && after.recovered <= after.paid
}

func (s *sums) add(m *moved) {
	switch m.kind {
	case "release":
		s.released += m.amount
	case "pay":
		s.paid += m.amount
	case "unpay":
		s.paid -= m.amount
	case "recover":
		s.recovered += m.amount
	case "unrecover":
		s.recovered -= m.amount
	}
}

// Whatever is done in whatever order, the database does what the model does, refuses what the model
// refuses, and income = retained + pool + committed + paid − recovered.
func TestAnySequenceKeepsTheYearWhole(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := newBook(t, seed)
			for step := range 250 {
				what := b.step()
				b.compare(fmt.Sprintf("step %d, %s", step, what))
				if t.Failed() {
					return
				}
			}
			if len(b.standing) < 80 || b.refused < 20 {
				t.Errorf("only %d moves and %d refusals: the sequence shows too little", len(b.standing), b.refused)
			}
		})
	}
}

// step tries one thing: an approval, an entry, or the taking back of one.
func (b *book) step() string {
	switch n := b.random.IntN(10); {
	case n < 2:
		return b.approve()
	case n < 4 && len(b.standing) > 0:
		return b.takeBack()
	}
	path := paths[b.random.IntN(len(paths))]
	m := &moved{kind: path.kind, from: path.from, to: path.to, amount: b.amount()}
	if path.fills != "" {
		if len(b.numbers) == 0 {
			return "nothing to do"
		}
		m.request = b.numbers[b.random.IntN(len(b.numbers))]
	}
	return b.try(m, 0)
}

func (b *book) amount() money.Pence {
	if b.random.IntN(4) == 0 {
		return money.Pence(1 + b.random.IntN(3))
	}
	return money.Pence(1 + b.random.IntN(200_000))
}

func (b *book) takeBack() string {
	id := b.standing[b.random.IntN(len(b.standing))]
	was := b.moves[id]
	kinds := map[string]string{"pay": "unpay", "spend": "unspend", "recover": "unrecover", "return": "unreturn", "income": "income", "retain": "retain"}
	kind, can := kinds[was.kind]
	if !can {
		return "nothing to take back"
	}
	m := &moved{kind: kind, from: was.to, to: was.from, amount: was.amount, request: was.request}
	if was.reversed {
		b.refuses(m, id, "taken back twice")
		return "taken back twice"
	}
	before := len(b.standing)
	what := b.try(m, id)
	if len(b.standing) > before {
		was.reversed, m.reversed = true, true // what takes back is not taken back: the entry is made anew
	}
	return what
}

// try lets the model and the database decide, and asks that they agree.
func (b *book) try(m *moved, reverses int64) string {
	what := fmt.Sprintf("%s of %s from %s to %s", m.kind, m.amount, m.from, m.to)
	if !b.may(m) {
		b.refuses(m, reverses, what)
		return what
	}
	id, err := b.move(m, reverses)
	if err != nil {
		b.t.Errorf("%s: %v; the model lets it go", what, err)
		return what
	}
	b.did(id, m)
	return what
}

func (b *book) refuses(m *moved, reverses int64, what string) {
	b.t.Helper()
	if _, err := b.move(m, reverses); err == nil {
		b.t.Errorf("%s went; the model refuses it", what)
	}
	b.refused++
}

func (b *book) did(id int64, m *moved) {
	b.accounts[m.from] -= m.amount
	b.accounts[m.to] += m.amount
	if m.request != 0 {
		b.requests[m.request].add(m)
	}
	b.moves[id] = m
	b.standing = append(b.standing, id)
}

func (b *book) move(m *moved, reverses int64) (id int64, err error) {
	err = b.db.Change(b.t.Context(), b.head, func(ctx context.Context, tx *postgres.Tx) error {
		child := int64(0)
		if m.request != 0 {
			child = b.child
		}
		key := ledger.Key("%d %s %d %d", len(b.standing), m.kind, b.refused, b.random.Uint64())
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: ledger.LookedAfter, Year: year, From: m.from, To: m.to, Amount: m.amount,
			Request: m.request, Child: child, Reason: "test", Reverses: reverses, Key: key}); err != nil {
			return err
		}
		id, err = postgres.GetValue[int64](ctx, tx, `select id from premium_transfer where idempotency_key = @key::uuid and kind = @kind`, postgres.Args{"key": key, "kind": m.kind})
		return err
	})
	return id, err
}

// approve asks, approves and commits a sum, as a decision does.
func (b *book) approve() string {
	amount := b.amount()
	request := b.ID(`insert into premium_request (child_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		values ($1, $2, 'literacy', 'p', 'd', $3, $4, now()) returning id`, b.child, year, int64(amount), b.other.ID)
	m := &moved{kind: "commit", from: "pool", to: "committed", amount: amount, request: request}
	b.requests[request] = &sums{approved: amount}
	var transfer int64
	err := b.db.Change(b.t.Context(), b.head, func(ctx context.Context, tx *postgres.Tx) error {
		if err := tx.DoOne(ctx, `update premium_request set state = 'approved', approved_pence = amount_pence, decided_by = @by, decided_at = @now where id = @request`,
			postgres.Args{"by": b.head.ID, "request": request}); err != nil {
			return err
		}
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: ledger.LookedAfter, Year: year, From: "pool", To: "committed", Amount: amount,
			Request: request, Child: b.child, Reason: "test", Key: ledger.Key("request %d", request)}); err != nil {
			return err
		}
		var err error
		transfer, err = postgres.GetValue[int64](ctx, tx, `select id from premium_transfer where request_id = @request`, postgres.Args{"request": request})
		return err
	})
	switch allowed := b.accounts["pool"] >= amount; {
	case allowed && err != nil:
		b.t.Errorf("approving %s: %v; the pool has %s", amount, err, b.accounts["pool"])
	case !allowed && err == nil:
		b.t.Errorf("approving %s went; the pool has %s", amount, b.accounts["pool"])
	case err == nil:
		b.numbers = append(b.numbers, request)
		b.did(transfer, m)
	default:
		b.refused++
	}
	return "approve " + amount.String()
}

// compare holds the database against the model.
func (b *book) compare(after string) {
	b.t.Helper()
	var p ledger.Position
	var rows []struct {
		ID                        int64
		Released, Paid, Recovered money.Pence
	}
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &p, ledger.LookedAfter, year)
	postgres.Many(&batch, &rows, `select id, released_pence as released, paid_pence as paid, recovered_pence as recovered from premium_request where committed_pence > 0`, nil)
	if err := b.db.View(b.t.Context(), access.System, &batch); err != nil {
		b.t.Fatal(err)
	}
	a := b.accounts
	want := ledger.Position{Income: -a["grant"] - a["returned"], Retained: a["retained"], Pool: a["pool"], Committed: a["committed"],
		Paid: a["paid"], Recovered: -a["recovered"], Returned: a["returned"]}
	got := ledger.Position{Income: p.Income, Retained: p.Retained, Pool: p.Pool, Committed: p.Committed, Paid: p.Paid, Recovered: p.Recovered, Returned: p.Returned}
	if got != want || !p.Balanced() {
		b.t.Errorf("after %s: %+v; want %+v", after, got, want)
	}
	if len(rows) != len(b.numbers) {
		b.t.Errorf("after %s: %d requests have money; want %d", after, len(rows), len(b.numbers))
	}
	for _, row := range rows {
		if s := b.requests[row.ID]; row.Released != s.released || row.Paid != s.paid || row.Recovered != s.recovered {
			b.t.Errorf("after %s: request %+v; want %+v", after, row, *s)
		}
	}
}
