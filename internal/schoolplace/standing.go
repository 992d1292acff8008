package schoolplace

import (
	"fmt"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
)

// Standing is a child without a school place: how it came and how the search stands.
type Standing struct {
	Row
	Since      calendar.Date // the first day without a place
	Waited     int           // school days since, that are known of
	Counted    bool          // all of them are known
	AlertOn    calendar.Date // R16: the tenth school day; zero: the calendar does not reach
	LimitOn    calendar.Date // R16: the twentieth, after an emergency placement
	Search     *Kept         // nil: nothing is recorded yet
	Steps      []Taken       // of this search, the latest first
	Open       []Unanswered
	Compulsory bool // of compulsory school age today
}

// beforehand is how many days before the last roll ended a step belongs to this search: a move is often planned.
const beforehand = 90

// StandingOf works out how a child stands on a day; false when the child is not without a place. The steps
// are the child's, the latest first; terms are the council's.
func StandingOf(row Row, steps []Taken, days calendar.SchoolDays, terms []calendar.Term, today calendar.Date) (Standing, bool) {
	since, without := Since(row.person(), today)
	if !without {
		return Standing{}, false
	}
	s := Standing{Row: row, Since: since, Compulsory: calendar.CompulsorySchoolAge(row.DateOfBirth).Contains(today)}
	s.Waited, s.Counted = days.Between(since, today)
	s.AlertOn, _ = DueBy(since, AlertDays, days, terms)
	if row.Kept.ID != 0 && !row.OpenedOn.Before(since) {
		s.Search = &row.Kept
	}
	if s.Search != nil && s.Search.Emergency {
		s.LimitOn, _ = DueBy(since, LimitDays, days, terms)
	}
	for _, step := range steps {
		if step.ChildID == row.ChildID && !step.TakenOn.Before(since.AddDays(-beforehand)) {
			s.Steps = append(s.Steps, step)
		}
	}
	s.Open = UnansweredOf(s.Steps, days)
	return s, true
}

// Child is how the child is called on screen.
func (s Standing) Child() string {
	return child.DisplayName(s.PreferredName, s.Forename, s.Surname, s.LAChildID)
}

// Late says whether the day by which there should be a place has passed: the tenth school day (R16).
func (s Standing) Late(today calendar.Date) bool {
	return !s.AlertOn.IsZero() && s.AlertOn.Before(today)
}

// Last is the latest step that was no mistake; false when there is none.
func (s Standing) Last() (Taken, bool) {
	i := slices.IndexFunc(s.Steps, func(step Taken) bool { return !step.Mistaken })
	if i < 0 {
		return Taken{}, false
	}
	return s.Steps[i], true
}

// taken says whether a step of one of the kinds was taken.
func (s Standing) taken(kinds ...StepKind) bool {
	return slices.ContainsFunc(s.Steps, func(step Taken) bool { return !step.Mistaken && slices.Contains(kinds, step.Kind) })
}

// Missing says whether the child is missing education: of compulsory school age, on no roll and not educated
// otherwise (Education Act 1996 s.436A). Whether there is other education is asked elsewhere.
func (s Standing) Missing(otherwise bool) bool { return s.Compulsory && !otherwise }

// Faults are what is wrong with the search, the worst first; otherwise says whether there is education
// elsewhere meanwhile.
func (s Standing) Faults(otherwise bool, today calendar.Date) []string {
	var faults []string
	add := func(wrong bool, words string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(words, args...))
		}
	}
	add(!s.LimitOn.IsZero() && s.LimitOn.Before(today), "More than %d school days after an emergency placement", LimitDays)
	add(s.Late(today) && (s.LimitOn.IsZero() || !s.LimitOn.Before(today)), "More than %d school days without a place", AlertDays)
	add(s.Missing(otherwise) && s.taken(Referred), "No education meanwhile")
	add(s.Missing(otherwise) && !s.taken(Referred), "No education meanwhile, and not referred as a child missing education")
	for _, one := range s.Open {
		add(!one.Due.IsZero() && one.Due.Before(today), "%s has not answered since %s", one.School, one.Asked.Words())
	}
	add(s.StartsOn.IsZero() && !s.taken(Asked, Consulted, "direction", "panel"), "No school has been asked")
	switch {
	case s.Search == nil:
		add(true, "Nobody has recorded why, or what comes next")
	case s.StartsOn.IsZero():
		add(s.Search.NextOn.Before(today), "Next task was due on %s", s.Search.NextOn.Words())
	}
	return faults
}
