package pep

import (
	"context"
	"slices"

	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// A change of school leaves an open plan behind at the school before (R14). The plan that is started
// at the new school may replace it: the old one is closed with what was written in it, says by which
// plan, and is read beside the new one.

const leftBehindReason = "The child changed school, and a plan at the new school replaces this one."

// replacing takes the plan that is to be replaced out of the facts, so that the rules see it as
// cancelled. A Conflict: it is not one that a change of school left open.
func (f *Facts) replacing(planID int64) (PlanDates, error) {
	if planID == 0 {
		return PlanDates{}, nil
	}
	left, found := f.LeftBehind()
	if !found || left.ID != planID {
		return PlanDates{}, fault.Conflict("The plan at the school before has moved on since you opened this page. Look at it before you start another.")
	}
	f.Plans = slices.DeleteFunc(slices.Clone(f.Plans), func(p PlanDates) bool { return p.ID == planID })
	return left, nil
}

func leaveBehind(ctx context.Context, tx *postgres.Tx, ref Ref, left PlanDates) error {
	if err := writeMove(ctx, tx, ref, left.State, Cancelled, left.Version, leftBehindReason); err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, ref, "replaced", ""); err != nil {
		return err
	}
	return audit.Change(ctx, tx, moved(ref, left.State, Cancelled, leftBehindReason))
}

// writeReplacedBy says which plan took the place of one that was left behind.
func writeReplacedBy(ctx context.Context, tx *postgres.Tx, ref Ref, by int64) error {
	return tx.DoOne(ctx, `update pep set replaced_by = @by where id = @pep and child_id = @child and replaced_by is null`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "by": by})
}
