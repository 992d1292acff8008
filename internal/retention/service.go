package retention

import (
	"context"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Service decides about records whose time is over. Everything needs access.DecideRetention; nobody decides
// about what they proposed.
type Service struct{ DB *postgres.DB }

// Longest is for how many years a hold can be placed at once.
const Longest = 25

// Hold keeps a record until a day, that day included, and stops a proposal to delete it. Problems are about
// the fields "kind", "hold_reason" and "until".
func (s *Service) Hold(ctx context.Context, actor access.Actor, childID int64, kind, reason string, until calendar.Date) error {
	reason = strings.TrimSpace(reason)
	return s.change(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx, _ held) (audit.Entry, error) {
		var problems fault.Problems
		if KindText(kind) == kind {
			problems.Add("kind", "Choose why it is kept")
		}
		if reason == "" {
			problems.Add("hold_reason", "Enter what it is needed for, and who asked")
		}
		switch {
		case until.IsZero():
			problems.Add("until", "Enter the day until which it is kept")
		case until.Before(tx.Today) || until.After(tx.Today.AddYears(Longest)):
			problems.Addf("until", "The day must be from today to %s. A hold can be placed again.", tx.Today.AddYears(Longest).Words())
		}
		if err := problems.Err(); err != nil {
			return audit.Entry{}, err
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into retention_hold (child_id, kind, reason, until, placed_by, placed_at) values (@child, @kind, @reason, @until, @actor, @now) returning id`,
			postgres.Args{"child": childID, "kind": kind, "reason": reason, "until": until, "actor": actor.ID})
		if err != nil {
			return audit.Entry{}, err
		}
		_, err = tx.Do(ctx, `update retention_proposal set state = 'held', words = 'The record is held', decided_by = @actor, decided_at = @now, version = version + 1
			where child_id = @child and state in ('proposed', 'approved')`, postgres.Args{"child": childID, "actor": actor.ID})
		return audit.Entry{Subject: "retention_hold", SubjectID: id, Action: "placed", After: map[string]any{"kind": kind, "until": until}}, err
	})
}

// EndHold ends a hold before its day. Problems are about the field "ended_why".
func (s *Service) EndHold(ctx context.Context, actor access.Actor, childID, id int64, why string) error {
	why = strings.TrimSpace(why)
	return s.change(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx, _ held) (audit.Entry, error) {
		was, err := postgres.Get[Hold](ctx, tx, holdSQL+` and h.id = @id`, postgres.Args{"child": childID, "id": id})
		switch {
		case err != nil:
			return audit.Entry{}, err
		case !was.InForce(tx.Today):
			return audit.Entry{}, fault.Conflict("This hold has ended since you opened the page.")
		case why == "":
			return audit.Entry{}, fault.Invalid("ended_why", "Enter why it is no longer needed")
		}
		return audit.Entry{Subject: "retention_hold", SubjectID: id, Action: "ended", After: map[string]any{"on": tx.Today}},
			tx.DoOne(ctx, `update retention_hold set ended_on = @today, ended_why = @why, ended_by = @actor where id = @id and ended_on is null`,
				postgres.Args{"id": id, "why": why, "actor": actor.ID})
	})
}

// Propose proposes to delete a record whose time is over. Problems are about the field "reason".
func (s *Service) Propose(ctx context.Context, actor access.Actor, childID int64, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.change(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx, of held) (audit.Entry, error) {
		if err := mayGo(of, tx.Today); err != nil {
			return audit.Entry{}, err
		}
		if reason == "" {
			return audit.Entry{}, fault.Invalid("reason", "Enter why nothing in it is needed any more")
		}
		until := Rule(of.Facts).Until
		id, err := postgres.GetValue[int64](ctx, tx, `insert into retention_proposal (child_id, kept_until, reason, proposed_by, proposed_at) values (@child, @until, @reason, @actor, @now) returning id`,
			postgres.Args{"child": childID, "until": until, "reason": reason, "actor": actor.ID})
		switch postgres.Constraint(err) {
		case "retention_proposal_one":
			return audit.Entry{}, fault.Conflict("Somebody has proposed this already. Look at the page again.")
		case namesNobody:
			return audit.Entry{}, fault.Invalid("reason", "Write it without the child’s name, former name or number: it stays when the record is gone")
		}
		return audit.Entry{Subject: "retention_proposal", SubjectID: id, Action: "proposed", After: map[string]any{"kept_until": until}}, err
	})
}

// Decide approves or refuses what somebody else proposed. A refusal needs words. Problems are about the
// fields "outcome" and "words"; Forbidden: the actor proposed it.
func (s *Service) Decide(ctx context.Context, actor access.Actor, childID int64, version int, outcome, words string) error {
	return s.settle(ctx, actor, childID, version, outcome, words, func(was Proposal, of held, today calendar.Date) error {
		if err := access.Check(actor, access.DecideRetention, access.Facts{AskedBy: was.ProposedBy}); err != nil {
			return err
		}
		switch {
		case was.State != "proposed":
			return fault.Conflict("This is decided already, by " + was.DecidedByName + ".")
		case outcome != "approved" && outcome != "refused":
			return fault.Invalid("outcome", "Choose whether you approve")
		case outcome == "refused" && words == "":
			return fault.Invalid("words", "Enter why it is not approved")
		case outcome == "approved":
			return mayGo(of, today)
		}
		return nil
	})
}

// Withdraw takes a proposal back, an approved one too. Problems are about the field "words".
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, childID int64, version int, words string) error {
	return s.settle(ctx, actor, childID, version, "withdrawn", words, func(Proposal, held, calendar.Date) error {
		if words == "" {
			return fault.Invalid("words", "Enter why it is taken back")
		}
		return nil
	})
}

func (s *Service) settle(ctx context.Context, actor access.Actor, childID int64, version int, state, words string, may func(was Proposal, of held, today calendar.Date) error) error {
	return s.change(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx, of held) (audit.Entry, error) {
		under, err := postgres.List[Proposal](ctx, tx, proposalSQL+` and p.state in ('proposed', 'approved') for update of p`, postgres.Args{"child": childID})
		if err != nil {
			return audit.Entry{}, err
		}
		if len(under) != 1 || under[0].Version != version {
			return audit.Entry{}, fault.Conflict("Somebody has dealt with this since you opened the page. Look at it again.")
		}
		if err := may(under[0], of, tx.Today); err != nil {
			return audit.Entry{}, err
		}
		err = tx.DoOne(ctx, `update retention_proposal set state = @state, words = @words, decided_by = @actor, decided_at = @now, version = version + 1 where id = @id and version = @version`,
			postgres.Args{"id": under[0].ID, "version": version, "state": state, "words": words, "actor": actor.ID})
		if postgres.Constraint(err) == namesNobody {
			return audit.Entry{}, fault.Invalid("words", "Write it without the child’s name, former name or number: it stays when the record is gone")
		}
		return audit.Entry{Subject: "retention_proposal", SubjectID: under[0].ID, Action: state}, err
	})
}

// mayGo refuses a record that is still to be kept, or has something standing against it.
func mayGo(of held, today calendar.Date) error {
	if kept := Rule(of.Facts); !kept.Over(today) {
		return fault.Conflict("This record is kept until " + kept.Until.Words() + ".")
	}
	if len(of.Against) > 0 {
		return fault.Conflict("Something stands against deleting it. " + AgainstText(of.Against[0]) + ".")
	}
	return nil
}

// change holds the child, checks the actor, and audits what was done.
func (s *Service) change(ctx context.Context, actor access.Actor, childID int64, act func(ctx context.Context, tx *postgres.Tx, of held) (audit.Entry, error)) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		of, err := lock(ctx, tx, childID)
		if err != nil {
			return err
		}
		if !access.Can(actor, access.DecideRetention) {
			return access.Check(actor, access.DecideRetention, access.Facts{})
		}
		entry, err := act(ctx, tx, of)
		if err != nil {
			return err
		}
		entry.ChildID = childID
		return audit.Change(ctx, tx, entry)
	})
}
