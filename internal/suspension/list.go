package suspension

import (
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// QueueYearOf queues all events of an academic year of children whom the actor may see, the latest first.
// Children who have left care since are among them, for those who see them: the year's figures are of all.
func QueueYearOf(batch *postgres.Batch, into *[]Waiting, academicYear int) {
	year := calendar.AcademicYearRange(academicYear)
	postgres.Many(batch, into, `select `+waitingColumns+eventTables+waitingJoins+`
		where e.starts_on >= @from and e.starts_on < @to order by e.starts_on desc, e.id desc`, postgres.Args{"from": year.Start, "to": year.End})
}

// Filter narrows a list of events; what is zero does not.
type Filter struct {
	Kind      Kind
	State     State
	Reason    string
	SettingID int64
	AdvisorID int64
	Needs     Need
}

// Need is what is to be done, or went wrong, about an event.
type Need string

// Needs.
const (
	NeedsReading Need = "unread"  // somebody who was told has not read it
	ToldLate     Need = "late"    // the Virtual School was told late (R30)
	NeedsLessons Need = "lessons" // full-time education is owed, or will be, and none is arranged (R29)
	NeedsBoard   Need = "board"   // the governing board must consider it and has not (R28)
	NoMeeting    Need = "return"  // no meeting to welcome the child back is recorded
	NoReview     Need = "plan"    // no day is set on which the education plan is reviewed, and no meeting was held since
)

// Needs in the order a filter lists them, with their names.
var Needs = []struct {
	Need Need
	Name string
}{{NeedsReading, "Not read yet"}, {ToldLate, "Told late"}, {NeedsLessons, "Education from day 6 not arranged"}, {NeedsBoard, "Governing board to meet"}, {NoMeeting, "No return meeting"}, {NoReview, "Day of the plan’s review not set"}}

// Name is the need in words.
func (n Need) Name() string {
	for _, one := range Needs {
		if one.Need == n {
			return one.Name
		}
	}
	return ""
}

// NeedsOf are what an event needs. all are the child's events of the year; terms and days the school's own, as
// far as they are known.
func NeedsOf(one Waiting, all []Event, terms []calendar.Term, days calendar.SchoolDays) []Need {
	var needs []Need
	if len(one.Unread) > 0 {
		needs = append(needs, NeedsReading)
	}
	if NoticeLate(one.DecidedOn, one.ToldUsOn, days) {
		needs = append(needs, ToldLate)
	}
	if !one.stands() {
		return needs
	}
	if _, owed := SixthDay(one.Event, all, days); owed && one.FullTimeFrom.IsZero() {
		needs = append(needs, NeedsLessons)
	}
	if _, board, _ := (File{Event: one.Event, All: all}).Term(terms, days); one.BoardDecided.IsZero() && (board == BoardMustMeet || board == BoardIfAsked && !one.AskedOn.IsZero()) {
		needs = append(needs, NeedsBoard)
	}
	if one.Kind == Suspension && one.ReturnMeetingOn.IsZero() {
		needs = append(needs, NoMeeting)
	}
	if one.Kind != Lunchtime && one.PEPReviewOn.IsZero() && one.PlanReviewedOn.IsZero() {
		needs = append(needs, NoReview)
	}
	return needs
}

// Takes says whether an event with its needs is in the narrowed list.
func (f Filter) Takes(one Waiting, needs []Need) bool {
	return (f.Kind == "" || one.Kind == f.Kind) && (f.State == "" || one.State == f.State) && (f.Reason == "" || slices.Contains(one.Reasons, f.Reason)) &&
		(f.SettingID == 0 || one.SettingID == f.SettingID) && (f.AdvisorID == 0 || one.AdvisorID == f.AdvisorID) && (f.Needs == "" || slices.Contains(needs, f.Needs))
}

// Totals are figures of a list of events.
type Totals struct {
	Events, Children int
	Repeat           int // children with two events or more
	Excluded         int // permanent exclusions that stand
	Days             HalfDays
	Late             int // of which the Virtual School was told late
}

// TotalsOf adds up a list. Cancelled events count with the days served, and as no event of a child's.
func TotalsOf(list []Waiting, days calendar.SchoolDays) Totals {
	var t Totals
	times := map[int64]int{}
	for _, one := range list {
		t.Days += one.Counted()
		if NoticeLate(one.DecidedOn, one.ToldUsOn, days) {
			t.Late++
		}
		if one.State == Cancelled {
			continue
		}
		t.Events++
		times[one.ChildID]++
		if one.Kind == Exclusion && one.stands() {
			t.Excluded++
		}
	}
	t.Children = len(times)
	for _, n := range times {
		if n > 1 {
			t.Repeat++
		}
	}
	return t
}
