package worth

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
)

// Outcome is how a funded target went.
type Outcome string

// Outcomes, as plans give them; the zero Outcome is of a target nobody has reviewed.
const (
	NotReviewed    Outcome = ""
	Met            Outcome = "met"
	Partly         Outcome = "partly"
	NotMet         Outcome = "not_met"
	CarriedForward Outcome = "carried_forward" // and what carried it on has not been reviewed
	Withdrawn      Outcome = "withdrawn"
)

// Outcomes in the order pages list them.
var Outcomes = []Outcome{Met, Partly, NotMet, CarriedForward, Withdrawn, NotReviewed}

var outcomeNames = map[Outcome]string{Met: "Met", Partly: "Partly met", NotMet: "Not met", CarriedForward: "Carried forward",
	Withdrawn: "Withdrawn", NotReviewed: "Not reviewed yet"}

// Name is the outcome as screens say it.
func (o Outcome) Name() string { return outcomeNames[o] }

// Judged says whether the outcome counts in a share met: it has been reviewed, and still mattered.
func (o Outcome) Judged() bool { return o == Met || o == Partly || o == NotMet || o == CarriedForward }

// Phase is the part of education a child is in.
type Phase string

// Phases by curriculum year: Reception is early years, as the foundation stage has it.
const (
	EarlyYears Phase = "early_years"
	Primary    Phase = "primary"
	Secondary  Phase = "secondary"
	Post16     Phase = "post_16"
)

// Phases in order, with their names.
var Phases = []struct {
	Phase Phase
	Name  string
}{{EarlyYears, "Early years"}, {Primary, "Primary"}, {Secondary, "Secondary"}, {Post16, "Post-16"}}

// Name is the phase as screens say it; empty for one that is not known.
func (p Phase) Name() string {
	for _, one := range Phases {
		if one.Phase == p {
			return one.Name
		}
	}
	return ""
}

// PhaseOf is the phase of a curriculum year; Reception is 0 (R1).
func PhaseOf(curriculumYear int) Phase {
	switch {
	case curriculumYear <= 0:
		return EarlyYears
	case curriculumYear <= 6:
		return Primary
	case curriculumYear <= 11:
		return Secondary
	}
	return Post16
}

// Funded is a target in one category that paid for it. What is said of the child is as at the day the
// money was first asked for.
type Funded struct {
	TargetID    int64
	ChildID     int64
	Category    string
	Area        string // of the target: literacy, attendance…
	DateOfBirth calendar.Date
	YearOffset  int
	AskedOn     calendar.Date
	SEN         string // N, K or E; N where nothing is recorded
	Need        string // the primary need; empty: not recorded
	Lives       string // in or out of the authority; empty: not known
	Cost        money.Pence
	Outcome     Outcome
}

// Phase is the child's phase then, as taught.
func (f Funded) Phase() Phase {
	return PhaseOf(calendar.CurriculumYear(f.DateOfBirth, f.AskedOn) + f.YearOffset)
}
