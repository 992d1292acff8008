package timetable

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/hours"
)

// Reason is why the hours are fewer.
type Reason string

// Behaviour is recorded where it is what the school says, and is always a fault.
const Behaviour Reason = "behaviour"

// Reasons in the order forms list them, with their names.
var Reasons = []struct {
	Reason Reason
	Name   string
}{
	{"health", "Physical health"}, {"anxiety", "Mental health or anxiety"}, {"reintegration", "Coming back after a long absence"},
	{"needs", "Special educational needs not yet met"}, {"placement", "Moving home or school"}, {Behaviour, "Behaviour"}, {"other", "Something else"},
}

// Name is the reason in words; empty for one that is not known.
func (r Reason) Name() string {
	for _, one := range Reasons {
		if one.Reason == r {
			return one.Name
		}
	}
	return ""
}

// Outcome is how a reduced timetable ended; empty while it goes on.
type Outcome string

// GoesOn is what a review decides when nothing ends.
const GoesOn Outcome = ""

// Outcomes in the order forms list them, with their names.
var Outcomes = []struct {
	Outcome Outcome
	Name    string
}{{"full_time", "Back to full time"}, {"other_provision", "Full time with other provision"}, {"moved", "Left the school"}, {"stopped", "Ended for another reason"}}

// Name is the outcome in words; empty for one that is not known.
func (o Outcome) Name() string {
	for _, one := range Outcomes {
		if one.Outcome == o {
			return one.Name
		}
	}
	return ""
}

// Entry is a reduced timetable as somebody records it. A zero date says that it did not happen or was not set.
type Entry struct {
	SettingID                                            int64
	StartsOn, PlannedEnd                                 calendar.Date // PlannedEnd: the first day back full time
	Hours, FullHours                                     hours.Weekly
	Reason                                               Reason
	Note                                                 string
	WayBack                                              string        // the plan back to full time
	CarerAgreedOn, WorkerAgreedOn, VirtualSchoolAgreedOn calendar.Date // the carer or parent, the social worker, the Virtual School
	RiskAssessedOn, CouncilToldOn                        calendar.Date
	NextReviewOn                                         calendar.Date
}

// TextLimit is the most characters of a note or plan.
const TextLimit = 4000

func (e Entry) tidy() Entry {
	e.Note, e.WayBack = strings.TrimSpace(e.Note), strings.TrimSpace(e.WayBack)
	return e
}

// problems are about the fields starts, ends, hours, full, reason, note, way_back, review and the dates of agreement.
func (e Entry) problems(today calendar.Date) error {
	var p fault.Problems
	switch {
	case e.StartsOn.IsZero():
		p.Add("starts", "Enter the first day")
	case e.StartsOn.After(today.AddDays(28)):
		p.Add("starts", "First day must be no more than 28 days from today")
	case e.StartsOn.Before(today.AddYears(-15)):
		p.Add("starts", "First day must be within the last 15 years")
	}
	if !e.PlannedEnd.IsZero() && (!e.PlannedEnd.After(e.StartsOn) || e.PlannedEnd.After(e.StartsOn.AddYears(2))) {
		p.Add("ends", "First day back full time must be after the first day, and within two years of it")
	}
	if !e.NextReviewOn.IsZero() && (!e.NextReviewOn.After(e.StartsOn) || e.NextReviewOn.After(e.StartsOn.AddYears(2))) {
		p.Add("review", "Next review must be after the first day, and within two years of it")
	}
	if e.FullHours < hours.Hour || e.FullHours > hours.Most {
		p.Addf("full", "Full time must be from 1 to %s hours a week", hours.Most.Plain())
	} else if e.Hours < 0 || e.Hours >= e.FullHours {
		p.Add("hours", "Hours offered must be fewer than full time")
	}
	if e.Reason.Name() == "" {
		p.Add("reason", "Choose a reason")
	}
	for _, text := range []struct{ field, text string }{{"note", e.Note}, {"way_back", e.WayBack}} {
		if utf8.RuneCountInString(text.text) > TextLimit {
			p.Addf(text.field, "Use %d characters or fewer", TextLimit)
		}
	}
	for _, day := range []struct {
		field string
		on    calendar.Date
	}{{"carer", e.CarerAgreedOn}, {"worker", e.WorkerAgreedOn}, {"virtual_school", e.VirtualSchoolAgreedOn}, {"risk", e.RiskAssessedOn}, {"council", e.CouncilToldOn}} {
		if day.on.IsZero() {
			continue
		}
		if day.on.After(today) || day.on.Before(today.AddYears(-15)) {
			p.Add(day.field, "Enter a day that has passed, or leave it empty")
		}
	}
	return p.Err()
}

// Review is what was found and decided when a reduced timetable was looked at again. It holds from its day.
type Review struct {
	HeldOn       calendar.Date
	Outcome      Outcome      // GoesOn, or how it ended
	Hours        hours.Weekly // from now on, where it goes on
	PlannedEnd   calendar.Date
	NextReviewOn calendar.Date
	Words        string
}

// problems are about the fields held, outcome, hours, ends, review and words.
func (r Review) problems(of Timetable, today calendar.Date) error {
	var p fault.Problems
	switch {
	case r.HeldOn.IsZero():
		p.Add("held", "Enter the day of the review")
	case r.HeldOn.After(today):
		p.Add("held", "Day of the review must be today or earlier")
	case !r.HeldOn.After(calendar.Latest(of.StartsOn, of.LastReviewOn)):
		p.Addf("held", "Day of the review must be after %s", calendar.Latest(of.StartsOn, of.LastReviewOn).Words())
	}
	if r.Words == "" {
		p.Add("words", "Enter what was found and decided")
	} else if utf8.RuneCountInString(r.Words) > TextLimit {
		p.Addf("words", "Use %d characters or fewer", TextLimit)
	}
	if r.Outcome != GoesOn {
		if r.Outcome.Name() == "" {
			p.Add("outcome", "Choose what was decided")
		}
		return p.Err()
	}
	if r.Hours < 0 || r.Hours >= of.FullHours {
		p.Addf("hours", "Hours must be fewer than full time, %s", of.FullHours)
	}
	for _, day := range []struct {
		field, name string
		on          calendar.Date
	}{{"ends", "First day back full time", r.PlannedEnd}, {"review", "Next review", r.NextReviewOn}} {
		if !day.on.IsZero() && !r.HeldOn.IsZero() && (!day.on.After(r.HeldOn) || day.on.After(r.HeldOn.AddYears(1))) {
			p.Addf(day.field, "%s must be after the review, and within a year of it", day.name)
		}
	}
	return p.Err()
}

// Running says whether the hours are reduced on a day.
func (t Timetable) Running(on calendar.Date) bool {
	return calendar.Range{Start: t.StartsOn, End: t.EndedOn}.Contains(on)
}

// ReviewBy is the day by which it is looked at again: as was agreed, and at the latest so many weeks after
// it began or was last looked at (R31). Zero once it has ended.
func (t Timetable) ReviewBy(weeks int) calendar.Date {
	if !t.EndedOn.IsZero() {
		return calendar.Date{}
	}
	last := calendar.Latest(t.StartsOn, t.LastReviewOn)
	due := calendar.Weeks(last, weeks)
	if t.NextReviewOn.After(last) && t.NextReviewOn.Before(due) {
		return t.NextReviewOn
	}
	return due
}

// longWeeks is how long councils let a reduced timetable be before somebody senior looks at it: local limits are six to eight weeks.
const longWeeks = 8

// Faults are what is wrong with a reduced timetable that runs today, the worst first; none for one that
// has ended or not begun (R31).
func (t Timetable) Faults(weeks int, today calendar.Date) []string {
	if !t.Running(today) {
		return nil
	}
	var faults []string
	add := func(wrong bool, words string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(words, args...))
		}
	}
	add(t.Reason == Behaviour, "A reduced timetable may not be used to manage behaviour")
	add(t.Hours == 0, "No hours are offered at all")
	add(t.PlannedEnd.IsZero(), "No end date")
	add(!t.PlannedEnd.IsZero() && t.PlannedEnd.Before(today), "Was to end on %s", t.PlannedEnd.Words())
	due := t.ReviewBy(weeks)
	add(due.Before(today), "Review was due on %s", due.Words())
	add(calendar.Weeks(t.StartsOn, longWeeks).Before(today), "Has lasted more than %d weeks", longWeeks)
	add(t.CarerAgreedOn.IsZero(), "The carer or parent has not agreed")
	add(t.WorkerAgreedOn.IsZero(), "The social worker has not agreed")
	add(t.VirtualSchoolAgreedOn.IsZero(), "The Virtual School has not agreed")
	add(t.WayBack == "", "No plan back to full time")
	add(t.RiskAssessedOn.IsZero(), "No risk assessment")
	return faults
}
