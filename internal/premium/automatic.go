package premium

import (
	"context"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/scheme"
)

// ByRule says whether a paying policy approves a request by itself: up to its limit, and only when
// nothing about the request would make a person stop and think. pool is what the year has left.
func ByRule(s scheme.Scheme, wish Wish, around Circumstances, pool money.Pence, today calendar.Date) bool {
	ends := calendar.FinancialYearRange(calendar.FinancialYear(today)).LastDay()
	return s.Automatic.UpTo > 0 && wish.Amount <= s.Automatic.UpTo && wish.Amount <= pool &&
		around.InCare && around.OnRoll && around.SameThisYear == 0 &&
		wish.TargetID != 0 && wish.Group == 0 && len(wish.NotFunded(s)) == 0 &&
		wish.Category != "other" && !wish.Starts.After(ends)
}

// approveByRule approves a request that was just asked, where the paying policy does so: by the program,
// in the act of asking. What it does not approve goes on waiting for a person.
func approveByRule(ctx context.Context, tx *postgres.Tx, s scheme.Scheme, requestID int64) error {
	if s.Automatic.UpTo == 0 {
		return nil
	}
	was, err := lock(ctx, tx, requestID)
	if err != nil {
		return err
	}
	// Two small requests for one need at once: the child's row lets one in at a time.
	if _, err := tx.Do(ctx, `select from child where id = @child for no key update`, postgres.Args{"child": was.ChildID}); err != nil {
		return err
	}
	around, err := postgres.Get[Circumstances](ctx, tx, circumstancesSQL+`where r.id = @request`, postgres.Args{"request": requestID})
	if err != nil {
		return err
	}
	pool, err := postgres.GetValue[money.Pence](ctx, tx, `select coalesce((select balance_pence from premium_account
		where stream = @stream and financial_year = @year and kind = 'pool'), 0)`, postgres.Args{"stream": was.Stream, "year": calendar.FinancialYear(tx.Today)})
	if err != nil {
		return err
	}
	wish := was.wish()
	if wish.Items, err = lockedItems(ctx, tx, requestID); err != nil {
		return err
	}
	if !ByRule(s, wish, around, pool, tx.Today) {
		return nil
	}
	return decideAsProgram(ctx, tx, was, Decision{Outcome: Approved, Reason: fmt.Sprintf("Approved by rule: “%s”, version %d, approves up to %s when every check passes.",
		s.Title, s.Version, s.Automatic.UpTo)})
}

// decideAsProgram decides in the program's own name, as the database asks of every decision. When
// somebody else has just spent what the year had left, or the council asks for two approvers or a panel
// for what was approved for the same need, nothing is decided and the request waits.
func decideAsProgram(ctx context.Context, tx *postgres.Tx, was locked, decision Decision) error {
	within, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	as := &postgres.Tx{Tx: within, Actor: access.System, Now: tx.Now, Today: tx.Today}
	if err := act(ctx, as, access.System.ID); err != nil {
		return err
	}
	err = decide(ctx, as, was, decision, was.Amount)
	switch postgres.Constraint(err) {
	case "premium_never_overspent", "premium_two_approvers", "premium_needs_panel":
		return within.Rollback(ctx)
	}
	if err != nil {
		return err
	}
	if err := act(ctx, as, tx.Actor.ID); err != nil {
		return err
	}
	return within.Commit(ctx)
}

// act makes the statements that follow somebody's. What they see stays as it was.
func act(ctx context.Context, tx *postgres.Tx, accountID int64) error {
	_, err := tx.Do(ctx, `select set_config('app.actor', @actor::bigint::text, true)`, postgres.Args{"actor": accountID})
	return err
}
