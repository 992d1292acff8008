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

// Decide decides a waiting request. It needs DecidePremium: never one's own request, and for a deputy
// within the dated limit (R36), several requests for one need counting together. What is granted is
// committed in the same transaction, from the financial year of today. A request that is no longer
// waiting, or is not at version, is a conflict; more than the year has left is refused with the sum.
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
		if err := mayDecide(ctx, tx, was, amount); err != nil {
			return err
		}
		if err := was.unchanged(version); err != nil {
			return err
		}
		if was.State != Asked {
			return fault.Conflict("This request was returned with a question and has not been asked again yet.")
		}
		if err := decision.problems(was.Amount); err != nil {
			return err
		}
		return decide(ctx, tx, was, decision, amount)
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

// mayDecide asks the access table, for who decides and how much; own means asked or ever changed it.
func mayDecide(ctx context.Context, tx *postgres.Tx, was locked, amount money.Pence) error {
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return err
	}
	facts := access.Facts{AskedBy: was.AskedBy, Amount: amount, Limit: values.PremiumDeputyLimit()}
	own, err := postgres.GetValue[bool](ctx, tx, `select exists (select from premium_event
		where request_id = @request and account_id = @actor and event in ('asked', 'changed'))`, postgres.Args{"request": was.ID, "actor": tx.Actor.ID})
	if err != nil {
		return err
	}
	if own {
		facts.AskedBy = tx.Actor.ID
	}
	if err := access.Check(tx.Actor, access.DecidePremium, facts); err != nil {
		return err
	}
	if tx.Actor.Role != access.Deputy || amount == 0 || facts.Limit == 0 {
		return nil
	}
	// Two deputies at once on two halves of one need: the child's row lets one in at a time.
	if _, err := tx.Do(ctx, `select from child where id = @child for no key update`, postgres.Args{"child": was.ChildID}); err != nil {
		return err
	}
	before, err := postgres.GetValue[money.Pence](ctx, tx, `select `+deputyGrantedSQL+` from premium_request r where r.id = @request`,
		postgres.Args{"request": was.ID, "days": SplitDays})
	if err != nil {
		return err
	}
	if before+amount > facts.Limit {
		return fault.Forbidden(splitWords(before, amount, facts.Limit))
	}
	return nil
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
			decision_reason = nullif(@reason, ''), financial_year = @year, version = version + 1
		where id = @request and state = 'asked' and version = @version`,
		postgres.Args{"state": decision.Outcome, "amount": amount, "by": tx.Actor.ID, "reason": decision.Reason, "year": year,
			"request": was.ID, "version": was.Version})
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
		After:  map[string]any{"state": decision.Outcome, "approved": amount, "reason": decision.Reason, "financial_year": year}})
}
