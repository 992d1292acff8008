package premium_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

func TestOfTwentyDecidersAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(100, 0)
	id := w.ask(100)
	deciders := []access.Actor{w.head, w.deputy, w.deputy2}
	outcomes := []premium.Decision{{Outcome: premium.Approved}, {Outcome: premium.Refused, Reason: "r"},
		{Outcome: premium.PartApproved, Amount: money.Pounds(60), Reason: "r"}, {Outcome: premium.Returned, Reason: "r"}}
	var won atomic.Int64
	var wait sync.WaitGroup
	for n := range 20 {
		wait.Go(func() {
			err := w.service.Decide(context.Background(), deciders[n%3], id, 1, outcomes[n%4])
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, fault.KindConflict):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	got := w.request(id)
	if won.Load() != 1 || got.Version != 2 || w.position().Committed != got.Approved {
		t.Errorf("%d won; the request is %+v", won.Load(), got)
	}
	if n := w.count(`select from premium_event where request_id = $1`, id); n != 2 {
		t.Errorf("%d events; want asked and decided", n)
	}
}

// TestDecidersOfDifferentRequestsNeverOverspend shows these requirements.
//
// ASVS 5.0: 2.3.4, 15.4.2
func TestDecidersOfDifferentRequestsNeverOverspend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(10, 0) // £1,000 for 20 requests of £100
	var ids []int64
	for range 20 {
		ids = append(ids, w.ask(100))
	}
	var won, short atomic.Int64
	var wait sync.WaitGroup
	for _, id := range ids {
		wait.Go(func() {
			err := w.service.Decide(context.Background(), w.head, id, 1, premium.Decision{Outcome: premium.Approved})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, fault.KindInvalid):
				short.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := w.position(); won.Load() != 10 || short.Load() != 10 || got.Pool != 0 || got.Committed != money.Pounds(1000) {
		t.Errorf("%d approved, %d short, position %+v", won.Load(), short.Load(), got)
	}
}

func TestTwoDeputiesAtOnceOnTwoHalvesOfOneNeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(100, 0)
	ids := []int64{w.ask(1000), w.ask(1000)}
	var won atomic.Int64
	var wait sync.WaitGroup
	for n, deputy := range []access.Actor{w.deputy, w.deputy2} {
		wait.Go(func() {
			err := w.service.Decide(context.Background(), deputy, ids[n], 1, premium.Decision{Outcome: premium.Approved})
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, fault.KindForbidden) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of the halves approved", won.Load())
	}
}

// Whatever eight people do at once, the year adds up, the ledger is what was approved, and no
// balance is anything but the sum of its transfers.
func TestRandomOperationsAtOnceKeepTheYearWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(20, money.Pounds(500))
	for range 10 {
		w.ask(50)
	}
	var wait sync.WaitGroup
	for worker := range 8 {
		random := rand.New(rand.NewPCG(20261123, uint64(worker)))
		wait.Go(func() {
			for range 25 {
				if err := w.step(random); err != nil {
					if _, known := fault.KindOf(err); !known {
						t.Error(err)
					}
				}
			}
		})
	}
	wait.Wait()
	got := w.position() // fails the test when it does not add up
	if got.Committed+got.Paid == 0 || got.Pool < 0 {
		t.Errorf("nothing happened, or too much: %+v", got)
	}
	for what, sql := range map[string]string{
		"balances that are not the sum of their transfers": `select from premium_account a where balance_pence <> coalesce((
			select sum(case when t.to_account = a.id then t.amount_pence else -t.amount_pence end) from premium_transfer t where a.id in (t.from_account, t.to_account)), 0)`,
		"requests whose money is not what was approved": `select from premium_request r where coalesce(approved_pence, 0) <> coalesce((
			select sum(t.amount_pence) from premium_transfer t join premium_account a on a.id = t.to_account and a.kind = 'committed' where t.request_id = r.id), 0)`,
		"requests decided by who asked": `select from premium_request r where exists (
			select from premium_event e where e.request_id = r.id and e.event in ('asked', 'changed') and e.account_id = r.decided_by)`,
	} {
		if n := w.count(sql); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// step does one random thing a person might do.
func (w *world) step(random *rand.Rand) error {
	ctx := context.Background()
	people := []access.Actor{w.head, w.deputy, w.deputy2, w.advisor, w.teacher}
	actor := people[random.IntN(len(people))]
	if random.IntN(10) == 0 {
		_, err := w.service.Ask(ctx, actor, w.child, wish(int64(1+random.IntN(300))))
		return err
	}
	var waiting []premium.Request
	var batch postgres.Batch
	premium.QueueRequests(&batch, &waiting, w.child)
	var position ledger.Position
	ledger.QueuePosition(&batch, &position, ledger.LookedAfter, 2026)
	if err := w.db.View(ctx, access.System, &batch); err != nil {
		return err
	}
	one := waiting[random.IntN(len(waiting))]
	switch random.IntN(9) {
	case 0:
		return w.service.Change(ctx, actor, one.ID, one.Version, wish(int64(1+random.IntN(300))))
	case 1:
		return w.service.Withdraw(ctx, actor, one.ID, one.Version)
	case 2:
		years := year.Service{DB: w.db}
		if random.IntN(2) == 0 {
			return years.PlanRetained(ctx, w.head, ledger.LookedAfter, 2026, position.Version, []year.Line{{Name: "Tuition for all", Planned: money.Pounds(int64(random.IntN(1000)))}})
		}
		return years.EnterIncome(ctx, w.head, ledger.LookedAfter, 2026, position.Version, year.Entry{Stage: year.Provisional, Rate: money.Pounds(100), Source: "random", Children: 10 + random.IntN(30)})
	case 3:
		return w.pay(ctx, one)
	case 4:
		return w.service.Decide(ctx, actor, one.ID, one.Version, premium.Decision{Outcome: premium.Returned, Reason: "Why?"})
	case 5:
		return w.service.Decide(ctx, actor, one.ID, one.Version, premium.Decision{Outcome: premium.PartApproved, Amount: one.Amount / 2, Reason: "Half"})
	}
	return w.service.Decide(ctx, actor, one.ID, one.Version, premium.Decision{Outcome: premium.Approved})
}

// pay moves what was approved on to paid, once, as a payment run will.
func (w *world) pay(ctx context.Context, request premium.Request) error {
	if !request.State.Granted() {
		return nil
	}
	return w.db.Change(ctx, w.head, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, transferSQL+` on conflict do nothing`, postgres.Args{"year": request.FinancialYear, "from": "committed", "to": "paid",
			"amount": request.Approved, "request": request.ID, "child": request.ChildID, "by": w.head.ID, "key": fmt.Sprintf("00000000-0000-4000-8000-%012d", request.ID)})
		return err
	})
}

const transferSQL = `insert into premium_transfer (financial_year, from_account, to_account, amount_pence, request_id, child_id, reason, idempotency_key, made_by, made_at, made_on)
	select @year, f.id, t.id, @amount, nullif(@request::bigint, 0), nullif(@child::bigint, 0), 'test', @key::uuid, @by, @now, @today
	from premium_account f, premium_account t where f.financial_year = @year and f.kind = @from and t.financial_year = @year and t.kind = @to`
