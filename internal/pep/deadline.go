package pep

import (
	"fmt"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
)

// Deadlines are the local values that rules R5 to R14 ask for.
type Deadlines struct {
	InitiateDays     int // working days from coming into care to starting the first plan (R6)
	CompleteDays     int // working days from coming into care to a usable plan (R7)
	GapMonths        int // most months between meetings (R9)
	SignOffDays      int // working days from the meeting to a signed-off plan (R11)
	SchoolChangeDays int // working days from a new roll to a new plan (R14)
	MinTermDays      int // working days of a term in care that make its plan due (R9)
	FirstYear        int // first curriculum year with a plan: -2 is the year of the third birthday (R5)
	LastYear         int // last curriculum year with a plan (R5)
}

// UsualDeadlines hold where a council has set nothing.
func UsualDeadlines() Deadlines { return DeadlinesOf(policy.Values{}) }

// DeadlinesOf takes the values from the council's dated settings.
func DeadlinesOf(values policy.Values) Deadlines {
	return Deadlines{
		InitiateDays:     values.PEPInitiateWorkingDays(),
		CompleteDays:     values.PEPCompleteWorkingDays(),
		GapMonths:        values.PEPGapMonths(),
		SignOffDays:      values.PEPSignOffWorkingDays(),
		SchoolChangeDays: values.PEPSchoolChangeWorkingDays(),
		MinTermDays:      values.PEPMinimumTermDays(),
		FirstYear:        values.PEPFirstYear(),
		LastYear:         values.PEPLastYear(),
	}
}

// Term is a term with the council's last day for that term's review; none: the last day of term.
type Term struct {
	calendar.Term
	CutOff calendar.Date
}

// LastDay is the day by which the term's review is held.
func (t Term) LastDay() calendar.Date {
	if t.CutOff.IsZero() {
		return t.Ends
	}
	return t.CutOff
}

// Calendar is what deadlines are reckoned with: working days, and the council's terms in order.
type Calendar struct {
	Working calendar.WorkingDays
	Terms   []Term
}

// TermAt is the term that contains the day or, in a holiday, the one that ended last; the second
// is the one after it. A zero Term is one the council has not entered.
func (c Calendar) TermAt(day calendar.Date) (now, next Term) {
	for _, term := range c.Terms {
		switch {
		case !term.Starts.After(day):
			if term.Starts.After(now.Starts) {
				now = term
			}
		case next.Starts.IsZero() || term.Starts.Before(next.Starts):
			next = term
		}
	}
	return now, next
}

// Explanation is a deadline and why it is one.
type Explanation struct {
	Rule    string // "R6"
	Due     calendar.Date
	Since   calendar.Date // when the clock started
	Because string        // "in care since 30 September, 10 working days"
	Added   int           // days added for pauses, in the rule's own unit
	Paused  string        // "paused 3 to 17 November, in hospital: 10 working days added"; empty: no pause
}

// IsZero says whether there is no deadline.
func (e Explanation) IsZero() bool { return e.Due.IsZero() }

// Words is the whole of it: "due Wednesday 14 October: in care since 30 September, 10 working days".
// The year is left out when it is today's.
func (e Explanation) Words(today calendar.Date) string {
	if e.IsZero() {
		return ""
	}
	return "due " + e.Due.Weekday().String() + " " + near(e.Due, today) + ": " + e.Reason()
}

// Reason is why it is the deadline, with the pauses that put it off.
func (e Explanation) Reason() string {
	if e.Paused == "" {
		return e.Because
	}
	return e.Because + "; " + e.Paused
}

// near writes a day without its year when that is the other day's year.
func near(day, other calendar.Date) string {
	if day.Year == other.Year {
		return fmt.Sprintf("%d %s", day.Day, day.Month)
	}
	return day.Words()
}

func workingDays(n int) string {
	if n == 1 {
		return "1 working day"
	}
	return fmt.Sprintf("%d working days", n)
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// InitiateBy is when the social worker must have started the first plan (R6).
func InitiateBy(careStart calendar.Date, w calendar.WorkingDays, d Deadlines) Explanation {
	due := w.Add(careStart, d.InitiateDays)
	return Explanation{Rule: "R6", Due: due, Since: careStart,
		Because: "in care since " + near(careStart, due) + ", " + workingDays(d.InitiateDays)}
}

// CompleteBy is when the first plan must be usable: the limit of the first care review (Care
// Planning Regulations 2010 reg. 33(1); R7).
func CompleteBy(careStart calendar.Date, w calendar.WorkingDays, d Deadlines) Explanation {
	due := w.Add(careStart, d.CompleteDays)
	return Explanation{Rule: "R7", Due: due, Since: careStart,
		Because: "in care since " + near(careStart, due) + ", " + workingDays(d.CompleteDays) + ", in time for the first care review"}
}

// CareReviewBy is the latest day of the next care review, given those held in this time in care
// (Care Planning Regulations 2010 reg. 33: within 20 working days, then 3 months, then every 6; R8).
func CareReviewBy(careStart calendar.Date, held []calendar.Date, w calendar.WorkingDays) Explanation {
	held = slices.SortedFunc(slices.Values(held), calendar.Date.Compare)
	if len(held) == 0 {
		due := w.Add(careStart, 20)
		return Explanation{Rule: "R8", Due: due, Since: careStart, Because: "in care since " + near(careStart, due) + ", 20 working days"}
	}
	last, months := held[len(held)-1], 6
	if len(held) == 1 {
		months = 3
	}
	due := last.AddMonths(months)
	return Explanation{Rule: "R8", Due: due, Since: last, Because: fmt.Sprintf("last care review %s, %d months", near(last, due), months)}
}

// TermlyBy is when this term's review must be held: the term's cut-off, or the most months after
// the last meeting when that is earlier (R9), each put off by the pauses of its own clock. It is not
// due at all for a child in care for fewer working days of the term than the rule asks.
func TermlyBy(term Term, careStart, lastMeeting calendar.Date, pauses []Pause, w calendar.WorkingDays, d Deadlines) (Explanation, bool) {
	from := calendar.Latest(term.Starts, careStart)
	if from.After(term.Ends) || w.Add(from.AddDays(-1), d.MinTermDays).After(term.Ends) {
		return Explanation{}, false
	}
	due := Explanation{Rule: "R9", Due: term.LastDay(), Since: term.Starts, Because: "a review every term, the last day for " + term.Label() + " is " + near(term.LastDay(), term.LastDay())}
	due = due.PutOff(pauses, w)
	if gap := lastMeeting.AddMonths(d.GapMonths); !gap.IsZero() {
		apart := Explanation{Rule: "R9", Due: gap, Since: lastMeeting, Because: fmt.Sprintf("last meeting %s, no more than %d months apart", near(lastMeeting, gap), d.GapMonths)}
		if apart = apart.PutOff(pauses, w); apart.Due.Before(due.Due) {
			due = apart
		}
	}
	return due, true
}

// DaysOverdue is how many working days have passed since a meeting was due; 0 when it was held, or
// is not late (R10).
func DaysOverdue(due calendar.Date, held bool, today calendar.Date, w calendar.WorkingDays) int {
	if held || due.IsZero() || !today.After(due) {
		return 0
	}
	return w.Between(due, today)
}

// SignOffBy is when a plan must be complete after its meeting (R11).
func SignOffBy(meeting calendar.Date, w calendar.WorkingDays, d Deadlines) Explanation {
	due := w.Add(meeting, d.SignOffDays)
	return Explanation{Rule: "R11", Due: due, Since: meeting,
		Because: "meeting held " + near(meeting, due) + ", " + workingDays(d.SignOffDays)}
}

// EditionBy is when a reopened plan must be signed off again: its clock starts on the day it was
// reopened, and not with the meeting of the edition before (R11).
func EditionBy(reopened calendar.Date, w calendar.WorkingDays, d Deadlines) Explanation {
	due := w.Add(reopened, d.SignOffDays)
	return Explanation{Rule: "R11", Due: due, Since: reopened,
		Because: "reopened " + near(reopened, due) + ", " + workingDays(d.SignOffDays)}
}

// SchoolChangeBy is when a plan must follow a change of school (R14).
func SchoolChangeBy(rollStart calendar.Date, w calendar.WorkingDays, d Deadlines) Explanation {
	due := w.Add(rollStart, d.SchoolChangeDays)
	return Explanation{Rule: "R14", Due: due, Since: rollStart,
		Because: "at a new school since " + near(rollStart, due) + ", " + workingDays(d.SchoolChangeDays)}
}
