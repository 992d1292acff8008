package premium

import (
	"context"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Decide decides a request that waits, or that a panel has looked at. It needs DecidePremium: never
// one's own request, within one's limit (R36), several requests for one need counting together, by two
// people and after a panel where the council asks for it; Weighing.Approve has the rule. The first of two
// approvals is kept, and the request goes on waiting. What is granted is committed in the same
// transaction, from the financial year of today. A request that is no longer waiting, or is not at
// version, is a conflict; more than the year has left is refused with the sum.
func (s *Service) Decide(ctx context.Context, actor access.Actor, requestID int64, version int, decision Decision) error {
	decision.Reason = strings.TrimSpace(decision.Reason)
	var amount money.Pence
	var stream ledger.Stream
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		amount, stream = decision.granted(was.Amount), was.Stream
		_, err = decideOne(ctx, tx, was, version, decision)
		return err
	})
	if postgres.Constraint(err) != "premium_never_overspent" {
		return err
	}
	var position ledger.Position
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &position, stream, calendar.FinancialYear(s.DB.Today()))
	if err := s.DB.View(ctx, actor, &batch); err != nil {
		return err
	}
	field := "outcome"
	if decision.Outcome == PartApproved {
		field = "amount"
	}
	return fault.Invalid(field, overspent(position.Pool, amount))
}

// decideOne decides a request that the transaction has locked, and says what an approval came to.
func decideOne(ctx context.Context, tx *postgres.Tx, was locked, version int, decision Decision) (Step, error) {
	weighing, values, err := weigh(ctx, tx, was)
	if err != nil {
		return NoStep, err
	}
	if err := weighing.MayDecide(); err != nil {
		return NoStep, err
	}
	if err := was.unchanged(version); err != nil {
		return NoStep, err
	}
	switch was.State {
	case Asked, AtPanel:
	case Returned:
		return NoStep, fault.Conflict("This request was returned with a question and has not been asked again yet.")
	default:
		return NoStep, fault.Conflict("This request has not been asked yet.")
	}
	if err := decision.problems(was.Amount); err != nil {
		return NoStep, err
	}
	decision.standIn = weighing.StandIn
	if decision.Outcome == AtPanel {
		return LastStep, sendToPanel(ctx, tx, was, weighing, decision.Reason)
	}
	amount := decision.granted(was.Amount)
	if amount == 0 {
		return LastStep, decide(ctx, tx, was, decision, 0)
	}
	step, err := weighing.Approve(amount, values)
	switch {
	case err != nil:
		return NoStep, err
	case step == FirstStep:
		return step, keepFirst(ctx, tx, was, weighing, values, amount, decision.Reason)
	}
	return step, decide(ctx, tx, was, decision, amount)
}

// weigh loads what says who may approve a locked request, with the child's row held: two approvals at
// once of two halves of one need see each other.
func weigh(ctx context.Context, tx *postgres.Tx, was locked) (Weighing, policy.Values, error) {
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return Weighing{}, values, err
	}
	if _, err := tx.Do(ctx, `select from child where id = @child for no key update`, postgres.Args{"child": was.ChildID}); err != nil {
		return Weighing{}, values, err
	}
	weighing, err := postgres.Get[Weighing](ctx, tx, weighSQL, weighArgs(tx.Actor.ID, was.ID))
	return weighing, values, err
}

// keepFirst keeps the first of two approvals. It is of the request as it stands: a change clears it.
func keepFirst(ctx context.Context, tx *postgres.Tx, was locked, w Weighing, values policy.Values, amount money.Pence, words string) error {
	limit, limited := w.Limit(values)
	err := tx.DoOne(ctx, `insert into premium_approval (request_id, child_id, request_version, amount_pence, within_limit, account_id, stand_in_id, power_of, at)
		values (@request, @child, @version, @amount, @within, @by, nullif(@stand_in::bigint, 0), @power, @now)`,
		postgres.Args{"request": was.ID, "child": was.ChildID, "version": was.Version, "amount": amount, "within": !limited || w.LimitedBefore+amount <= limit,
			"by": tx.Actor.ID, "stand_in": w.StandIn, "power": w.PowerOf})
	if err != nil {
		return err
	}
	if err := writeEvent(ctx, tx, was.ChildID, was.ID, "first_approval", amount, words); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: was.ID, Action: "first approval",
		After: map[string]any{"approved": amount, "reason": words, "version": was.Version, "for": w.AwayName}})
}

func decide(ctx context.Context, tx *postgres.Tx, was locked, decision Decision, amount money.Pence) error {
	year := was.FinancialYear
	if amount > 0 {
		year = calendar.FinancialYear(tx.Today) // money belongs to the year of release
		if err := ledger.OpenYear(ctx, tx, was.Stream, year); err != nil {
			return err
		}
	}
	err := tx.DoOne(ctx, `update premium_request set state = @state, approved_pence = nullif(@amount::bigint, 0), decided_by = @by, decided_at = @now,
			decision_reason = nullif(@reason, ''), financial_year = @year, stand_in_id = nullif(@stand_in::bigint, 0), version = version + 1
		where id = @request and state in ('asked', 'at_panel') and version = @version`,
		postgres.Args{"state": decision.Outcome, "amount": amount, "by": tx.Actor.ID, "reason": decision.Reason, "year": year,
			"request": was.ID, "version": was.Version, "stand_in": decision.standIn})
	if err != nil {
		return err
	}
	if amount > 0 {
		err := ledger.Move(ctx, tx, ledger.Entry{Stream: was.Stream, Year: year, From: "pool", To: "committed", Amount: amount, Request: was.ID, Child: was.ChildID,
			Reason: was.Category.Name() + " approved", Key: ledger.Key("request %d committed", was.ID)})
		if err != nil {
			return err
		}
	}
	if err := writeEvent(ctx, tx, was.ChildID, was.ID, decision.Outcome, amount, decision.Reason); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: was.ID, Action: string(decision.Outcome),
		Before: map[string]any{"state": was.State},
		After:  map[string]any{"state": decision.Outcome, "approved": amount, "reason": decision.Reason, "financial_year": year, "stand_in": decision.standIn}})
}
