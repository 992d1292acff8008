package pep

import (
	"slices"
	"strings"

	"virtualschool/internal/calendar"
)

// PauseReason is why a child's deadlines stand still for a while.
type PauseReason string

const (
	InHospital  PauseReason = "hospital"
	Missing     PauseReason = "missing"
	Abroad      PauseReason = "abroad"
	InCustody   PauseReason = "custody"
	Bereavement PauseReason = "bereavement"
	Court       PauseReason = "court"
	OtherReason PauseReason = "other"
)

// PauseReasons are all there are, in the order a form offers them.
var PauseReasons = []PauseReason{InHospital, Missing, Abroad, InCustody, Bereavement, Court, OtherReason}

var pauseNames = map[PauseReason]string{InHospital: "In hospital", Missing: "Missing", Abroad: "Abroad", InCustody: "In custody",
	Bereavement: "Bereavement", Court: "Before the court", OtherReason: "Another reason"}

// Name is the reason on screen.
func (r PauseReason) Name() string { return pauseNames[r] }

// within is the reason inside a sentence.
func (r PauseReason) within() string {
	if r == OtherReason {
		return "for another reason"
	}
	return strings.ToLower(r.Name())
}

// Pause is days that do not count towards a child's deadlines.
type Pause struct {
	From    calendar.Date
	LastDay calendar.Date
	Reason  PauseReason
}

// IsZero says whether it is no pause.
func (p Pause) IsZero() bool { return p == Pause{} }

// Holds says whether the day is one of the pause.
func (p Pause) Holds(day calendar.Date) bool {
	return !day.Before(p.From) && !day.After(p.LastDay)
}

// Words is "3 to 17 November, in hospital". The years are left out when they are the other day's.
func (p Pause) Words(other calendar.Date) string {
	from, last := near(p.From, other), near(p.LastDay, other)
	switch {
	case p.From == p.LastDay:
		return from + ", " + p.Reason.within()
	case p.From.Year == p.LastDay.Year && p.From.Month == p.LastDay.Month:
		from, _, _ = strings.Cut(from, " ")
	case p.From.Year == p.LastDay.Year:
		from = strings.TrimSuffix(from, " "+p.From.Words()[len(p.From.Words())-4:])
	}
	return from + " to " + last + ", " + p.Reason.within()
}

// PauseOn is the pause that holds on a day; false when none does.
func PauseOn(pauses []Pause, day calendar.Date) (Pause, bool) {
	for _, pause := range pauses {
		if pause.Holds(day) {
			return pause, true
		}
	}
	return Pause{}, false
}

// PutOff is the deadline when no day of a pause counts that fell while its clock ran. Days are of the
// rule's own unit: calendar days for the termly review (R9), working days for every other rule. A pause
// before the clock started, or after the deadline, changes nothing; none makes a deadline earlier.
func (e Explanation) PutOff(pauses []Pause, w calendar.WorkingDays) Explanation {
	if e.IsZero() {
		return e
	}
	counts, inWords := w.IsWorkingDay, workingDays
	if e.Rule == "R9" {
		counts, inWords = func(calendar.Date) bool { return true }, days
	}
	pauses = slices.SortedFunc(slices.Values(pauses), func(a, b Pause) int { return a.From.Compare(b.From) })
	var why []string
	for _, pause := range pauses {
		added := 0
		for day := calendar.Latest(pause.From, e.Since.AddDays(1)); !day.After(pause.LastDay) && !day.After(e.Due); day = day.AddDays(1) {
			if counts(day) {
				added++
				e.Due = e.Due.AddDays(1)
				for !counts(e.Due) {
					e.Due = e.Due.AddDays(1)
				}
			}
		}
		if added > 0 {
			e.Added += added
			why = append(why, "paused "+pause.Words(e.Due)+": "+inWords(added)+" added")
		}
	}
	e.Paused = strings.Join(why, "; ")
	return e
}
