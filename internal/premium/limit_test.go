package premium_test

import (
	"context"
	"errors"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
)

// What somebody may approve alone is held by the database too: the deputy's limit, set or not, one's own,
// and one need cut into several requests.
func TestTheDatabaseAloneHoldsTheLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	head2 := w.person(access.Head, 0)
	stand := w.away(w.deputy2, w.advisor, today)
	decided := `update premium_request set state = 'part_approved', approved_pence = @amount, decision_reason = 'r', decided_by = @by, decided_at = @now,
		stand_in_id = nullif(@place::bigint, 0), version = version + 1 where id = @request`
	undone := errors.New("done, and undone by the test")
	// try approves a part of a request by direct statements, and undoes it.
	try := func(as access.Actor, place int64, id int64, pounds int64) error {
		return w.db.Change(t.Context(), as, func(ctx context.Context, tx *postgres.Tx) error {
			if err := tx.DoOne(ctx, decided, postgres.Args{"amount": money.Pounds(pounds), "by": as.ID, "place": place, "request": id}); err != nil {
				return err
			}
			return undone
		})
	}
	refuses := func(name string, err error, constraint string) {
		t.Helper()
		if constraint == "" && !errors.Is(err, undone) || constraint != "" && postgres.Constraint(err) != constraint {
			t.Errorf("%s: %v; want %q", name, err, constraint)
		}
	}
	id := w.ask(5000)
	unset := int64(policy.Values{}.PremiumDeputyLimit() / money.Pounds(1))
	refuses("the deputy up to the limit of a council that set none", try(w.deputy, 0, id, unset), "")
	refuses("the deputy above it", try(w.deputy, 0, id, unset+1), "premium_within_limit")
	w.demand(policy.PremiumDeputyLimit, 1000)
	refuses("the deputy up to the limit", try(w.deputy, 0, id, 1000), "")
	refuses("the deputy above the limit", try(w.deputy, 0, id, 1001), "premium_within_limit")
	refuses("who stands in above the deputy's limit", try(stand, stand.StandsInFor.StandIn, id, 1001), "premium_within_limit")
	refuses("the head above the deputy's limit", try(w.head, 0, id, 4999), "")
	for whose, pounds := range map[access.Actor]int64{w.deputy: 1200, head2: 100} {
		if err := w.service.SetLimit(t.Context(), w.head, premium.LimitEntry{AccountID: whose.ID, Amount: money.Pounds(pounds), Starts: today, Reason: "New in post"}); err != nil {
			t.Fatal(err)
		}
	}
	refuses("the deputy up to a limit of their own", try(w.deputy, 0, id, 1200), "")
	refuses("the deputy above a limit of their own", try(w.deputy, 0, id, 1201), "premium_within_limit")
	refuses("a head above a limit of their own", try(head2, 0, id, 101), "premium_within_limit")
	small := w.ask(300)
	if err := w.decide(w.deputy, small, 1, approve); err != nil {
		t.Fatal(err)
	}
	refuses("the rest of one need", try(w.deputy, 0, id, 901), "premium_within_limit")
	refuses("the same need up to the limit", try(w.deputy, 0, id, 900), "")
	refuses("the other deputy, with what the first approved", try(w.deputy2, 0, id, 701), "premium_within_limit")
	refuses("a head, with what a deputy approved", try(head2, 0, id, 1), "premium_within_limit")
	// Of two approvers one has the limit, whatever the first one's row claims.
	w.demand(policy.PremiumTwoApprovers, 2000)
	if err := w.db.Change(t.Context(), w.deputy2, func(ctx context.Context, tx *postgres.Tx) error {
		return tx.DoOne(ctx, `insert into premium_approval (request_id, child_id, request_version, amount_pence, within_limit, account_id, power_of, at)
			values (@request, @child, 1, @amount, true, @by, @by, @now)`, postgres.Args{"request": id, "child": w.child, "amount": money.Pounds(4000), "by": w.deputy2.ID})
	}); err != nil {
		t.Fatal(err)
	}
	refuses("two deputies, neither with the limit", try(w.deputy, 0, id, 4000), "premium_two_approvers")
	refuses("a deputy and the head", try(w.head, 0, id, 4000), "")
	w.demand(policy.PremiumDeputyLimit, 0)
	w.Exec(`delete from premium_limit`)
	refuses("a deputy where the council sets no limit", try(w.deputy, 0, id, 4000), "")
}
