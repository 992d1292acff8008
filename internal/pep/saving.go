package pep

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// partSave is what saving one part does, once the plan is held.
type partSave struct {
	check    func(whole Whole, today calendar.Date) error
	yours    func(whole Whole) []line
	saved    func(whole Whole) []line
	complete func(whole Whole) bool
	write    func(ctx context.Context, tx *postgres.Tx, whole Whole) error
}

// Saving is a part on its way to be saved: what was typed, and the version of the part that the
// person was looking at. OfVoice, OfMeeting, OfReviews, OfTargets and OfActions make one.
type Saving struct {
	Part    Part
	Version int
	does    partSave
}

// save saves one part in a transaction of its own. A part that somebody else has saved since fails
// with *Collision; saving what is already there does nothing.
func (s *Service) save(ctx context.Context, actor access.Actor, ref Ref, part Part, version int, does partSave) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.lockGlimpsed(ctx, tx, ref)
		if err != nil {
			return err
		}
		one := Saving{part, version, does}
		if err := one.allowed(tx, whole); err != nil {
			return err
		}
		if collision := one.collides(whole); collision != nil {
			return collision
		}
		if err := one.write(ctx, tx, whole); err != nil {
			return err
		}
		return dropDraft(ctx, tx, ref, part) // what is saved is the writer's draft no longer
	})
}

// HoldIn holds a plan for the rest of a caller's transaction and gives it as it is.
func (s *Service) HoldIn(ctx context.Context, tx *postgres.Tx, ref Ref) (Whole, error) {
	return s.lockWhole(ctx, tx, ref)
}

// DropDraftIn is DropDraft in a transaction of the caller's, for words that are saved in it.
func DropDraftIn(ctx context.Context, tx *postgres.Tx, ref Ref, part Part) error {
	return dropDraft(ctx, tx, ref, part)
}

// HappenedIn writes in a caller's transaction that something happened to a plan, for its history.
func HappenedIn(ctx context.Context, tx *postgres.Tx, ref Ref, event, words string) error {
	return insertEvent(ctx, tx, ref, event, words)
}

// TargetIDs are the targets of a plan in their order, in a caller's transaction: for what else is
// decided about a target that has just been saved.
func TargetIDs(ctx context.Context, tx *postgres.Tx, ref Ref) ([]int64, error) {
	return postgres.ListValues[int64](ctx, tx, `select id from pep_target where pep_id = @pep and child_id = @child order by position`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}

// SaveAllIn saves several parts of a plan in a transaction of the caller's: all of them, or on any
// error none. Problems are those of all parts, each field with its part before it
// ("targets/what-0"), and are told before any question of versions. Parts that somebody else has
// saved since fail together with Collisions. Unsaved words on the parts' own pages stay.
func (s *Service) SaveAllIn(ctx context.Context, tx *postgres.Tx, ref Ref, parts ...Saving) error {
	whole, err := s.lockWhole(ctx, tx, ref)
	if err != nil {
		return err
	}
	var problems fault.Problems
	var collisions Collisions
	for _, one := range parts {
		err := one.allowed(tx, whole)
		if found := fault.Of(err); len(found) > 0 {
			problems = append(problems, one.Part.within(found)...)
		} else if err != nil {
			return err
		}
		if collision := one.collides(whole); collision != nil {
			collisions = append(collisions, collision)
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	if len(collisions) > 0 {
		return collisions
	}
	for _, one := range parts {
		err := one.write(ctx, tx, whole)
		if found := fault.Of(err); len(found) > 0 {
			return one.Part.within(found).Err()
		} else if err != nil {
			return err
		}
	}
	return nil
}

// within puts the part before the fields of its problems.
func (p Part) within(problems fault.Problems) (moved fault.Problems) {
	for _, problem := range problems {
		moved.Add(string(p)+"/"+problem.Field, problem.Text)
	}
	return moved
}

// allowed asks who may, whether the plan is open, and what is wrong with what was typed.
func (one Saving) allowed(tx *postgres.Tx, whole Whole) error {
	if err := whole.allowed(tx.Actor, one.Part); err != nil {
		return err
	}
	switch state := whole.Plan.State; {
	case state.WithAdvisor():
		return fault.Conflict("This plan was submitted while you were writing. An advisor can return it to be changed.")
	case !state.Editable():
		_, err := state.Move(ActSubmit)
		return err
	}
	return one.does.check(whole, tx.Today)
}

// same says whether the part is saved already as it was typed.
func (one Saving) same(whole Whole) bool {
	return len(one.changes(whole)) == 0 && one.does.complete(whole) == whole.Part(one.Part).Complete()
}

func (one Saving) changes(whole Whole) []Difference {
	return differences(one.does.yours(whole), one.does.saved(whole))
}

// collides compares versions: nil when nobody else has saved the part since, or has saved the same.
func (one Saving) collides(whole Whole) *Collision {
	if one.Version == whole.Part(one.Part).Version || one.same(whole) {
		return nil
	}
	return one.beside(whole)
}

// Against compares a part as somebody wrote it with what is saved, for unsaved words that are shown
// again; nil when they say the same.
func (w Whole) Against(one Saving) *Collision {
	if len(one.changes(w)) == 0 {
		return nil
	}
	return one.beside(w)
}

// beside is the part as it was typed and as somebody else saved it.
func (one Saving) beside(whole Whole) *Collision {
	row := whole.Part(one.Part)
	collision := &Collision{Part: one.Part, Version: row.Version, By: row.SavedBy, Differences: one.changes(whole)}
	if row.SavedAt != nil {
		collision.At = *row.SavedAt
	}
	if collision.By == "" {
		collision.By = "Someone"
	}
	return collision
}

// write saves the part of a plan that is held, with its audit. What is already there is left alone.
func (one Saving) write(ctx context.Context, tx *postgres.Tx, whole Whole) error {
	if one.same(whole) {
		return nil
	}
	ref, row, complete := whole.ref(), whole.Part(one.Part), one.does.complete(whole)
	if err := touchPart(ctx, tx, ref, one.Part, one.Version, complete); err != nil {
		return err
	}
	if err := one.does.write(ctx, tx, whole); err != nil {
		return err
	}
	before, after := map[string]string{}, map[string]string{}
	for _, change := range one.changes(whole) {
		before[change.Label], after[change.Label] = change.Saved, change.Yours
	}
	action := "saved " + string(one.Part)
	if complete && !row.Complete() {
		action = "completed " + string(one.Part)
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: action, Before: before, After: after})
}
