package printing

import (
	"time"

	"virtualschool/internal/pep"
)

// Limits on a run.
const (
	MostPlans   = 1000           // in a run
	PlansInFile = 20             // in each of its files
	Kept        = 24 * time.Hour // before a run is forgotten
	attempts    = 3              // at each file, before the run is given up
)

// State is how far a run is.
type State string

const (
	Waiting  State = "waiting"
	Printing State = "printing"
	Done     State = "done"
	Failed   State = "failed"
)

// UnderWay says whether more is to come.
func (s State) UnderWay() bool { return s == Waiting || s == Printing }

// Run is one asking for many plans.
type Run struct {
	ID         int64
	Choice     string // which plans, in words
	State      State
	Total      int // plans asked for
	Printed    int // plans in files so far
	Files      int // made so far
	Failure    string
	AskedAt    time.Time
	FinishedAt *time.Time
	ExpiresAt  time.Time
}

// LeftOut is how many of the plans are in no file of a finished run, because their children were no
// longer the person's to see.
func (r Run) LeftOut() int {
	if r.State != Done {
		return 0
	}
	return r.Total - r.Printed
}

// File is one file of a run.
type File struct {
	Number int
	Plans  int
	Bytes  int
}

// planRow is a plan that waits to be printed.
type planRow struct {
	Position int
	ChildID  int64
	PEPID    int64
}

func refsOf(plans []planRow) []pep.Ref {
	refs := make([]pep.Ref, len(plans))
	for n, plan := range plans {
		refs[n] = pep.Ref{ChildID: plan.ChildID, PEPID: plan.PEPID}
	}
	return refs
}
