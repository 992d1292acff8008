package premium_test

import (
	"math/rand/v2"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
)

// In whatever order people ask, change, approve first and second, decide, withdraw, send to a panel,
// are named to stand in and leave: no request above the sum is approved by fewer than two different
// people, both of them open accounts when it was decided, neither of whom asked or changed it, nor was
// away while who stood in for them approved the other half.
func TestNoOrderOfActsApprovesAboveTheSumWithFewerThanTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(10_000, 0)
	w.demand(policy.PremiumTwoApprovers, 1000)
	if _, err := w.service.PlanPanel(t.Context(), w.head, premium.Meeting{Day: today}); err != nil {
		t.Fatal(err)
	}
	lead := w.person(access.LeadAdvisor, 0)
	people := []access.Actor{w.head, w.deputy, w.deputy2, w.advisor, lead, w.teacher}
	accounts := &account.Service{DB: w.db}
	random := rand.New(rand.NewPCG(4, 20261123))
	pounds := func() int64 { return []int64{100, 600, 900, 1100, 1400, 2500}[random.IntN(6)] }
	approvals, left := 0, 0
	for range 900 {
		// Everyone acts as a session of theirs would be now.
		actor := people[random.IntN(len(people))]
		actor = w.session(actor).InPlace(access.DecidePremium)
		var all []premium.Request
		var batch postgres.Batch
		premium.QueueRequests(&batch, &all, w.child)
		w.view(&batch)
		if len(all) == 0 || random.IntN(5) == 0 {
			wish := wish(pounds())
			wish.Category = []premium.Category{"literacy", "numeracy", "mentoring"}[random.IntN(3)]
			_, err := w.service.Ask(t.Context(), actor, w.child, wish)
			w.known(err)
			continue
		}
		one := all[random.IntN(min(len(all), 6))]
		var err error
		switch random.IntN(14) {
		case 0:
			changed := wish(pounds())
			changed.Category = one.Category
			err = w.service.Change(t.Context(), actor, one.ID, one.Version, changed)
		case 1:
			err = w.service.Withdraw(t.Context(), actor, one.ID, one.Version)
		case 2:
			err = accounts.NameStandIn(t.Context(), actor, account.Absence{For: people[random.IntN(3)].ID, By: people[3+random.IntN(2)].ID, Starts: today, Until: today, Reason: "Away"})
		case 3:
			if open := w.count(`select from stand_in where ended_at is null`); open > 0 {
				err = accounts.EndStandIn(t.Context(), w.head, w.ID(`select min(id) from stand_in where ended_at is null`))
			}
		case 4:
			err = w.decide(actor, one.ID, one.Version, premium.Decision{Outcome: premium.Returned, Reason: "Why?"})
		case 5:
			err = w.decide(actor, one.ID, one.Version, premium.Decision{Outcome: premium.AtPanel})
		case 6:
			err = w.decide(actor, one.ID, one.Version, premium.Decision{Outcome: premium.PartApproved, Amount: max(1, one.Amount-money.Pounds(50)), Reason: "Most of it"})
		case 7:
			if left < 1 && approvals > 10 { // one deputy leaves for good, with what they approved first
				w.Exec(`update account set state = 'ended', ended_at = now() where id = $1`, w.deputy2.ID)
				left++
			}
		default:
			if err = w.decide(actor, one.ID, one.Version, approve); err == nil {
				approvals++
			}
		}
		w.known(err)
	}
	above := `from premium_request r where r.approved_pence is not null and r.approved_pence + coalesce((select sum(o.approved_pence) from premium_request o
		where o.id < r.id and o.category = r.category and o.approved_pence is not null and o.decided_at <= r.decided_at), 0) > 100000`
	if n := w.count(`select ` + above); n < 5 {
		t.Fatalf("only %d requests above the sum were approved, of %d approvals", n, approvals)
	}
	for what, sql := range map[string]string{
		"approved by one alone above the sum by themselves": `select from premium_request r where r.approved_pence > 100000 and not exists (select from premium_approval a
			where a.request_id = r.id and a.request_version = r.version - 1 and a.amount_pence >= r.approved_pence and a.account_id <> r.decided_by
				and a.power_of <> coalesce((select for_account from stand_in where id = r.stand_in_id), r.decided_by))`,
		"approved by who asked or changed them": `select from premium_request r where r.approved_pence is not null and exists (select from premium_event e
			where e.request_id = r.id and e.event in ('asked', 'changed') and e.account_id in (r.decided_by, (select for_account from stand_in where id = r.stand_in_id)))`,
		"with a first approval by who asked or changed them": `select from premium_approval a join premium_request r on r.id = a.request_id and r.version - 1 = a.request_version
			where r.approved_pence is not null and exists (select from premium_event e where e.request_id = a.request_id and e.event in ('asked', 'changed') and e.account_id in (a.account_id, a.power_of))`,
		"decided by somebody who is no decider and stands in for none": `select from premium_request r join account a on a.id = r.decided_by
			where r.approved_pence is not null and a.role not in ('head', 'deputy') and r.stand_in_id is null`,
	} {
		if n := w.count(sql); n != 0 {
			t.Errorf("%d requests %s", n, what)
		}
	}
	w.position() // fails the test when the year does not add up
}

// session is the person as the session's look-up finds them now.
func (w *world) session(actor access.Actor) access.Actor {
	w.t.Helper()
	var power premium.Power
	var batch postgres.Batch
	premium.QueuePower(&batch, &power, actor.ID)
	if err := w.db.View(w.t.Context(), access.System, &batch); err == nil && power.StandIn != 0 {
		actor.StandsInFor = access.Away{StandIn: power.StandIn, ID: power.PowerOf, Name: power.AwayName, Role: power.AwayRole, Until: power.AwayUntil}
	}
	return actor
}

// known fails the test for an error that no person may be shown.
func (w *world) known(err error) {
	w.t.Helper()
	if err == nil {
		return
	}
	if _, known := fault.KindOf(err); !known {
		w.t.Error(err)
	}
}
