package pep

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
)

// Kind is why a plan is made.
type Kind string

const (
	Initial    Kind = "initial"    // on coming into care (R6, R7)
	Termly     Kind = "termly"     // every term (R9)
	Transition Kind = "transition" // a planned move
	Emergency  Kind = "emergency"  // a change of school or a risk of exclusion (R14)
	Closing    Kind = "closing"    // on leaving care
)

// Kinds are all there are, in the order a form offers them.
var Kinds = []Kind{Termly, Initial, Transition, Emergency, Closing}

var kindNames = map[Kind]string{Initial: "Initial plan", Termly: "Termly review", Transition: "Transition plan", Emergency: "Emergency plan", Closing: "Closing plan"}

// Name is the kind on screen.
func (k Kind) Name() string { return kindNames[k] }

// Regular says whether the plan is the term's own: a child has one of these a term.
func (k Kind) Regular() bool { return k == Initial || k == Termly }

// State is what has been done to a plan. Due, scheduled and overdue are not states: see Standing.
type State string

const (
	Draft      State = "draft"
	Submitted  State = "submitted"
	InQA       State = "in_qa" // an advisor is reading it against the council's criteria
	Returned   State = "returned"
	SignedOff  State = "signed_off"
	Superseded State = "superseded"
	Cancelled  State = "cancelled"
)

var stateNames = map[State]string{Draft: "In progress", Submitted: "Submitted", InQA: "In quality assurance", Returned: "Returned", SignedOff: "Signed off", Superseded: "Replaced by a newer plan", Cancelled: "Cancelled"}

// Name is the state on screen.
func (s State) Name() string { return stateNames[s] }

// Editable says whether parts may be written.
func (s State) Editable() bool { return s == Draft || s == Returned }

// WithAdvisor says whether the plan waits for the Virtual School and not for those who write it.
func (s State) WithAdvisor() bool { return s == Submitted || s == InQA }

// Open says whether something is still to be done to the plan.
func (s State) Open() bool { return s.Editable() || s.WithAdvisor() }

// Act is what moves a plan from one state to another.
type Act string

const (
	ActSubmit    Act = "submitted"
	ActTakeIn    Act = "in_qa"
	ActSignOff   Act = "signed_off"
	ActReturn    Act = "returned"
	ActCancel    Act = "cancelled"
	ActSupersede Act = "superseded"
)

var moves = map[Act]struct {
	from []State
	to   State
}{
	ActSubmit:    {[]State{Draft, Returned}, Submitted},
	ActTakeIn:    {[]State{Submitted}, InQA},
	ActSignOff:   {[]State{Submitted, InQA}, SignedOff}, // from submitted where a council has no quality assurance
	ActReturn:    {[]State{Submitted, InQA}, Returned},
	ActCancel:    {[]State{Draft, Submitted, InQA, Returned}, Cancelled},
	ActSupersede: {[]State{SignedOff}, Superseded},
}

// Move is the state an act leads to, or a Conflict that says why it cannot be done now.
func (s State) Move(act Act) (State, error) {
	move := moves[act]
	for _, from := range move.from {
		if s == from {
			return move.to, nil
		}
	}
	switch s {
	case Draft:
		return "", fault.Conflict("This plan has not been submitted yet.")
	case Submitted:
		return "", fault.Conflict("This plan has already been submitted.")
	case InQA:
		return "", fault.Conflict("This plan is already in quality assurance.")
	case Returned:
		return "", fault.Conflict("This plan has been returned and is being corrected.")
	case SignedOff, Superseded:
		return "", fault.Conflict("This plan is already signed off and stays as it is.")
	}
	return "", fault.Conflict("This plan was cancelled.")
}

// CanMove says whether an act is possible now: for buttons.
func (s State) CanMove(act Act) bool {
	_, err := s.Move(act)
	return err == nil
}

// Plan is the row of a plan. Dates are zero and names empty until they are known.
type Plan struct {
	ID           int64
	ChildID      int64
	Kind         Kind
	Form         string
	FormVersion  int
	Situation    *forms.Situation // what it was made in; nil: began before that was kept
	AcademicYear int
	Term         string
	SettingID    int64 // 0: no school place when it began
	Setting      string
	State        State
	Due          Explanation

	MeetingOn     calendar.Date
	MeetingHeld   bool
	NextMeetingOn calendar.Date

	Voice Voice

	StartedBy    string
	StartedAt    time.Time
	SubmittedBy  string
	SubmittedAt  *time.Time
	QABy         string
	QAAt         *time.Time
	ReturnedAt   *time.Time
	ReturnReason string
	SignedOffBy  string
	SignedOffAt  *time.Time
	CancelReason string
	Version      int

	Edition      int    // 1, or more for a plan that was reopened after it was signed
	ReopenedFrom int64  // the edition before
	ReopenReason string // why it was reopened
	ReopenedAs   int64  // the edition after this one; 0: none
	ReplacedBy   int64  // the plan at the new school, when this one was left behind at the old
	Replaces     int64  // the plan that was left behind at the old school; 0: none
}

// reopenedOn is when this edition was begun from the one before; zero for a first edition.
func (p Plan) reopenedOn() calendar.Date {
	if p.Edition <= 1 {
		return calendar.Date{}
	}
	return calendar.Of(p.StartedAt)
}

// TermLabel is "Autumn 2026/27".
func (p Plan) TermLabel() string {
	return calendar.Term{AcademicYear: p.AcademicYear, Name: p.Term}.Label()
}

// CanReopen says whether a next edition of the plan can be begun: for buttons.
func (p Plan) CanReopen() bool { return p.State == SignedOff && p.ReopenedAs == 0 }

// HasSchool says whether the child had a school place when the plan began.
func (p Plan) HasSchool() bool { return p.SettingID != 0 }
