package premium

import (
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/scheme"
)

// Category is what the money is to buy.
type Category string

// Released is the category of a sum released for a child and term, which nobody asks for.
const Released Category = "termly_release"

// Categories in the order forms list them, with their names. Which of them may be asked for, a paying
// policy says (package scheme).
var Categories = func() (all []struct {
	Category Category
	Name     string
}) {
	for _, one := range scheme.Known {
		all = append(all, struct {
			Category Category
			Name     string
		}{Category(one.Key), one.Name})
	}
	return all
}()

// Name is the category as forms say it; empty for one that is not known.
func (c Category) Name() string {
	if c == Released {
		return "Termly release"
	}
	for _, one := range Categories {
		if one.Category == c {
			return one.Name
		}
	}
	return ""
}

// State is how a request stands.
type State string

// States of a request.
const (
	Draft        State = "draft" // nobody has been asked yet
	Asked        State = "asked"
	AtPanel      State = "at_panel"
	Returned     State = "returned"
	Approved     State = "approved"
	PartApproved State = "part_approved"
	Refused      State = "refused"
	Withdrawn    State = "withdrawn"
)

var stateNames = map[State]string{Draft: "Draft", Asked: "Waiting for a decision", AtPanel: "Waiting for the panel", Returned: "Returned with a question", Approved: "Approved",
	PartApproved: "Part approved", Refused: "Refused", Withdrawn: "Withdrawn"}

// Name is the state as screens say it.
func (s State) Name() string { return stateNames[s] }

// Open says whether the request may still be changed, withdrawn or come to a decision.
func (s State) Open() bool { return s == Draft || s == Asked || s == AtPanel || s == Returned }

// Granted says whether money was given.
func (s State) Granted() bool { return s == Approved || s == PartApproved }

// Request is one request as pages show it.
type Request struct {
	ID            int64
	ChildID       int64
	SettingID     int64  // 0: no school
	School        string // empty: no school
	TargetID      int64  // 0: none
	Target        string
	TargetMeasure string
	TargetDue     calendar.Date
	Outcome       string // how the target went, as a later plan says; empty: not reviewed
	OutcomeNote   string
	Stream        ledger.Stream
	FinancialYear int
	Category      Category
	Purpose       string
	Difference    string
	Amount        money.Pence
	Starts        calendar.Date
	Ends          calendar.Date
	Group         int    // how many benefit, this child among them; 0: this child alone
	Exception     string // why to pay what the paying policy does not fund
	Scheme        string // the paying policy under which it was asked; empty: before policies were kept
	SchemeVersion int
	State         State
	AskedBy       int64
	AskedByName   string
	AskedByRole   access.Role
	AskedAt       time.Time
	Approved      money.Pence // 0: nothing
	Released      money.Pence // of what was approved, given back to the year unspent
	Paid          money.Pence
	Recovered     money.Pence // of what was paid, given back by the school
	DecidedBy     int64
	DecidedByName string
	DecidedAt     *time.Time
	Reason        string
	AwayName      string        // in whose place it was decided; empty: in the decider's own
	AwayUntil     calendar.Date // until when they were away
	Version       int
}

// Event is one thing that happened to a request.
type Event struct {
	Event       string
	Amount      money.Pence
	Words       string
	AccountID   int64
	AccountName string
	At          time.Time
}

var eventNames = map[string]string{"drafted": "Draft begun", "asked": "Asked", "changed": "Changed and asked again", "returned": "Returned with a question",
	"first_approval": "First of two approvals", "to_panel": "Sent to the panel", "approved": "Approved", "part_approved": "Part approved", "refused": "Refused", "withdrawn": "Withdrawn", "evidence": "Evidence recorded",
	"paid": "Paid", "payment_reversed": "Payment came back", "released": "Remainder released", "recovered": "Given back by the school", "recovery_reversed": "Not given back after all"}

// Name is the event as screens say it.
func (e Event) Name() string { return eventNames[e.Event] }
