package child

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// mostReassigned is the most children that change hands at once.
const mostReassigned = 1000

// reassignLimit is how long a change of hands of many children may take.
const reassignLimit = 30 * time.Second

// Reassigned is one child of many that change hands.
type Reassigned struct {
	ChildID int64
	Problem string // why this one cannot; empty: it can
}

// errOnlyLooked takes a preview back.
var errOnlyLooked = errors.New("only looked")

// PreviewReassign says of each child whether the part could be given so, by the rules of Allocate
// itself, and changes nothing. Problems are about the fields of Allocation in small letters, where the
// choice itself is wrong and not one child.
func (s *Service) PreviewReassign(ctx context.Context, actor access.Actor, children []int64, to Allocation) ([]Reassigned, error) {
	var list []Reassigned
	err := s.DB.ChangeWithin(ctx, actor, reassignLimit, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if list, err = reassign(ctx, tx, children, to); err != nil {
			return err
		}
		return errOnlyLooked
	})
	if errors.Is(err, errOnlyLooked) {
		err = nil
	}
	return list, err
}

// Reassign gives one part in the lives of many children to somebody, all of them or none: a child who
// cannot be given so is a Conflict that says how many there are.
func (s *Service) Reassign(ctx context.Context, actor access.Actor, children []int64, to Allocation) error {
	return s.DB.ChangeWithin(ctx, actor, reassignLimit, func(ctx context.Context, tx *postgres.Tx) error {
		list, err := reassign(ctx, tx, children, to)
		if err != nil {
			return err
		}
		if stuck := slices.DeleteFunc(list, func(one Reassigned) bool { return one.Problem == "" }); len(stuck) > 0 {
			return fault.Conflict(fmt.Sprintf("%d of these children cannot be given so, so nothing was changed. Look at the list again.", len(stuck)))
		}
		return nil
	})
}

func reassign(ctx context.Context, tx *postgres.Tx, children []int64, to Allocation) ([]Reassigned, error) {
	if err := access.Check(tx.Actor, access.ChangeAllocation, access.Facts{}); err != nil {
		return nil, err
	}
	children = slices.Compact(slices.Sorted(slices.Values(children)))
	if len(children) == 0 || len(children) > mostReassigned {
		return nil, fault.Invalid("child", "Choose the children who are to be reassigned")
	}
	// What is wrong with the choice itself is told once and not of every child.
	if to.AccountID == 0 {
		return nil, fault.Invalid("account", "Choose who takes these children on")
	}
	if err := checkAllocation(ctx, tx, to, postgres.Args{"account": to.AccountID}); err != nil {
		return nil, err
	}
	list := make([]Reassigned, 0, len(children))
	for _, id := range children { // the same act for each, under the rules of one
		one := Reassigned{ChildID: id}
		switch err := AllocateWithin(ctx, tx, id, to); {
		case errors.Is(err, fault.KindNotFound):
			one.Problem = "Not among the children you see"
		case len(fault.Of(err)) > 0:
			one.Problem = fault.Of(err)[0].Text
		case err != nil:
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}
