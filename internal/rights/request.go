package rights

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// State is how far a request is.
type State string

const (
	Open       State = "open"
	Prepared   State = "prepared"
	Released   State = "released"
	HandedOver State = "handed_over"
	Closed     State = "closed"
)

var stateNames = map[State]string{
	Open: "Being prepared", Prepared: "Waits for release", Released: "Released, to hand over", HandedOver: "Handed over", Closed: "Closed without a copy",
}

// Name is the state as people say it.
func (s State) Name() string { return stateNames[s] }

// UnderWay says whether somebody still waits for an answer.
func (s State) UnderWay() bool { return s == Open || s == Prepared || s == Released }

// Choice is something to choose, and how it is said.
type Choice struct{ Value, Text string }

// Askers are who may ask.
var Askers = []Choice{
	{"young_person", "The young person"}, {"parent", "A parent"}, {"carer", "A carer"},
	{"solicitor", "A solicitor or advocate for the young person"}, {"other", "Somebody else"},
}

// Ways are how a request comes. It need not be in writing.
var Ways = []Choice{{"in_person", "In person"}, {"letter", "Letter"}, {"email", "Email"}, {"phone", "Phone"}, {"web", "The council’s website"}}

// Reasons are why something is left out of a copy.
var Reasons = []Choice{
	{"third_party", "It is about somebody else, or came from them (Data Protection Act 2018, Schedule 2, paragraph 16)"},
	{"serious_harm", "Knowing it would be likely to do serious harm (Schedule 3)"},
	{"legal", "The law keeps it back, such as advice from a lawyer or court papers"},
}

// ChoiceText is how a choice is said; the value itself when it is none of them.
func ChoiceText(choices []Choice, value string) string {
	for _, choice := range choices {
		if choice.Value == value {
			return choice.Text
		}
	}
	return value
}

// Clock is how long an answer may take (UK GDPR art. 12(3); R51).
type Clock struct {
	Received   calendar.Date
	IdentityOn calendar.Date // the day on which it was clear who asks; zero: not yet
	ExtendedOn calendar.Date // zero: not extended
}

// From is the day from which the month counts: that of the request or, where it was not clear who asks,
// the later one on which that was shown.
func (c Clock) From() calendar.Date { return calendar.Latest(c.Received, c.IdentityOn) }

// FirstDue is one calendar month on: the same day of the next month, or its last day where it has none.
func (c Clock) FirstDue() calendar.Date { return c.From().AddMonths(1) }

// Due is the last day for the answer: two months later when it was extended.
func (c Clock) Due() calendar.Date {
	if c.ExtendedOn.IsZero() {
		return c.FirstDue()
	}
	return c.From().AddMonths(3)
}

// Rule says where the day comes from.
func (c Clock) Rule() string {
	from := "One month from the day the request came, " + c.Received.Words()
	if c.From() != c.Received {
		from = "One month from the day it was clear who asks, " + c.IdentityOn.Words()
	}
	if !c.ExtendedOn.IsZero() {
		from += ", and two more, as said on " + c.ExtendedOn.Words()
	}
	return from + " (UK GDPR article 12(3))"
}

// Asking is a request as it is written down.
type Asking struct {
	AskedBy  string
	Name     string
	CameHow  string
	Received calendar.Date
}

func (a Asking) problems(today calendar.Date) error {
	var problems fault.Problems
	if ChoiceText(Askers, a.AskedBy) == a.AskedBy {
		problems.Add("asked_by", "Choose who asks")
	}
	if ChoiceText(Ways, a.CameHow) == a.CameHow {
		problems.Add("came_how", "Choose how it came")
	}
	if a.Name == "" {
		problems.Add("asked_name", "Enter the name of who asks")
	}
	switch {
	case a.Received.IsZero():
		problems.Add("received", "Enter the day the request came")
	case a.Received.After(today):
		problems.Add("received", "The day the request came must be today or in the past")
	case a.Received.Before(today.AddYears(-1)):
		problems.Add("received", "The day the request came must be within the last year")
	}
	return problems.Err()
}

// Request is a request as pages show it.
type Request struct {
	ID              int64
	ChildID         int64
	AskedBy         string
	AskedName       string
	CameHow         string
	ReceivedOn      calendar.Date
	IdentityHow     string
	IdentityOn      calendar.Date
	Entitled        string
	ExtendedOn      calendar.Date
	ExtensionReason string
	State           State
	LoggedByName    string
	Passages        int
	LeftOut         int
	PreparedBy      int64
	PreparedByName  string
	PreparedAt      *time.Time
	ReturnedWords   string
	ReturnedByName  string
	ReleasedByName  string
	ReleasedAt      *time.Time
	ExpiresOn       calendar.Date
	HandedOn        calendar.Date
	HandedHow       string
	HandedByName    string
	ClosedWords     string
	ClosedByName    string
	ClosedAt        *time.Time
	Version         int
}

// Clock is how long the answer to the request may take.
func (r Request) Clock() Clock {
	return Clock{Received: r.ReceivedOn, IdentityOn: r.IdentityOn, ExtendedOn: r.ExtendedOn}
}

// Identified says whether it is clear who asks, and that they may.
func (r Request) Identified() bool { return !r.IdentityOn.IsZero() }
