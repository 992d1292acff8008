package pep

import (
	"context"
	"fmt"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Reopen begins the next edition of a signed-off plan with all that was written, and returns its id.
// The edition before stays as it was signed, and is the child's plan until the new one is signed off.
// A plan that a newer meeting's plan has replaced is not reopened: what is wrong there is put right in
// the newer one. Problems are about the field "reason".
func (s *Service) Reopen(ctx context.Context, actor access.Actor, ref Ref, version int, reason string) (int64, error) {
	reason = strings.TrimSpace(reason)
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.lockWhole(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.ReopenPEP, access.Facts{}); err != nil {
			return err
		}
		plan := whole.Plan
		switch {
		case plan.State == Superseded:
			return fault.Conflict("A newer plan has replaced this one. Put right in the newer plan what is wrong here.")
		case plan.State != SignedOff:
			return fault.Conflict("Only a signed-off plan is reopened. This one is now: " + plan.State.Name() + ".")
		case plan.ReopenedAs != 0:
			return fault.Conflict(fmt.Sprintf("This plan has already been reopened as edition %d.", plan.Edition+1))
		case version != plan.Version:
			return fault.Conflict("This plan has moved on since you opened it. Look at it again before you decide.")
		}
		if err := checkReason(reason, "Enter why the plan is reopened"); err != nil {
			return err
		}
		if id, err = copyPlan(ctx, tx, ref, reason); err != nil {
			return err
		}
		next := Ref{ref.ChildID, id}
		for _, of := range []Ref{ref, next} {
			if err := insertEvent(ctx, tx, of, "reopened", fmt.Sprintf("Edition %d: %s", plan.Edition+1, reason)); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: id, Action: "reopened",
			After: map[string]any{"edition": plan.Edition + 1, "reopened_from": ref.PEPID, "reason": reason}})
	})
	return id, err
}

// copied are the parts of a plan that its next edition begins with, for each table how its rows are
// copied. What happened to a plan, its children's wishes and its money stay with the edition they
// belong to.
var copied = map[string]string{
	"pep_section": `insert into pep_section (pep_id, child_id, section, state, completed_by, completed_at, saved_by, saved_at)
		select @next, child_id, section, state, completed_by, completed_at, saved_by, saved_at from pep_section where pep_id = @pep`,
	"pep_answer": `insert into pep_answer (pep_id, child_id, section, question, value, source, as_at, answered_by, answered_at, confirmed_by, confirmed_at)
		select @next, child_id, section, question, value, source, as_at, answered_by, answered_at, confirmed_by, confirmed_at from pep_answer where pep_id = @pep`,
	"pep_attendee": `insert into pep_attendee (pep_id, child_id, position, name, part, present)
		select @next, child_id, position, name, part, present from pep_attendee where pep_id = @pep`,
	"pep_target": `insert into pep_target (pep_id, child_id, position, area, what, measure, baseline, owner, resource, due_on, carried_from)
		select @next, child_id, position, area, what, measure, baseline, owner, resource, due_on, carried_from from pep_target where pep_id = @pep`,
	"pep_target_review": `insert into pep_target_review (pep_id, child_id, target_id, outcome, note, reviewed_by, reviewed_at)
		select @next, child_id, target_id, outcome, note, reviewed_by, reviewed_at from pep_target_review where pep_id = @pep`,
	"pep_action": `insert into pep_action (pep_id, child_id, position, what, owner, due_on, done_on)
		select @next, child_id, position, what, owner, due_on, done_on from pep_action where pep_id = @pep`,
}

// copyOrder puts what others refer to first.
var copyOrder = []string{"pep_section", "pep_answer", "pep_attendee", "pep_target", "pep_target_review", "pep_action"}

func copyPlan(ctx context.Context, tx *postgres.Tx, ref Ref, reason string) (int64, error) {
	args := postgres.Args{"pep": ref.PEPID, "by": tx.Actor.ID, "reason": reason}
	next, err := postgres.GetValue[int64](ctx, tx, `insert into pep (child_id, kind, form, form_version, academic_year, term, setting_id, school_year, circumstances,
			due_on, due_rule, due_since, due_because, meeting_on, meeting_held, next_meeting_on, voice_words, voice_how, voice_on, voice_with,
			started_by, started_at, edition, edition_of, reopened_from, reopen_reason)
		select child_id, kind, form, form_version, academic_year, term, setting_id, school_year, circumstances,
			due_on, due_rule, due_since, due_because, meeting_on, meeting_held, next_meeting_on, voice_words, voice_how, voice_on, voice_with,
			@by, @now, edition + 1, coalesce(edition_of, id), id, @reason
		from pep where id = @pep
		returning id`, args)
	if postgres.Constraint(err) == "pep_one_edition" {
		return 0, fault.Conflict("This plan has already been reopened.")
	}
	if err != nil {
		return 0, err
	}
	args["next"] = next
	for _, table := range copyOrder {
		if _, err := tx.Do(ctx, copied[table], args); err != nil {
			return 0, err
		}
	}
	return next, nil
}
