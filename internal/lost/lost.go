package lost

import (
	"fmt"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
)

// Cause is what took a session.
type Cause string

// Causes.
const (
	NoPlace     Cause = "no_place"
	Suspended   Cause = "suspended"
	Reduced     Cause = "reduced"
	Unexplained Cause = "unexplained"
	Weak        Cause = "weak"
)

// Causes in their order: of two that could have taken a session the first has it. Owner is who mends it.
var Causes = []struct {
	Cause Cause
	Name  string
	Owner string
	Path  string // below a child's page: where it is mended
}{
	{NoPlace, "No school place", "The Virtual School, with the council’s admissions team", "/school-place"},
	{Suspended, "Suspension", "The school, and from the sixth day of an exclusion the council", "/suspensions"},
	{Reduced, "Reduced timetable", "The school, with those who agreed to it", "/timetables"},
	{Unexplained, "Unexplained absence", "The school, which finds the reason", "/attendance"},
	{Weak, "Weak provision", "Whoever arranged the provision", "/provision"},
}

// Name is the cause in words; empty for one that is not known.
func (c Cause) Name() string {
	for _, one := range Causes {
		if one.Cause == c {
			return one.Name
		}
	}
	return ""
}

// Slot is a half-day.
type Slot struct {
	Day     calendar.Date
	Session mark.Session
}

// Session is one that was lost.
type Session struct {
	Slot
	Cause     Cause
	Estimated bool // worked out from hours a week: the register does not say which it was
}

// Sessions are counted in half-days.
type Sessions int

// Days writes sessions as days: "2.5 days", "1 day".
func (s Sessions) Days() string {
	switch {
	case s == 2:
		return "1 day"
	case s%2 == 0:
		return fmt.Sprintf("%d days", s/2)
	}
	return fmt.Sprintf("%d.5 days", s/2)
}

// Sums are sessions by cause.
type Sums struct {
	All       Sessions
	Estimated Sessions
	By        map[Cause]Sessions
}

// SumOf adds up sessions.
func SumOf(sessions []Session) Sums {
	sums := Sums{By: map[Cause]Sessions{}}
	for _, one := range sessions {
		sums.All++
		sums.By[one.Cause]++
		if one.Estimated {
			sums.Estimated++
		}
	}
	return sums
}

// Main is the cause of most of it; empty when nothing was lost.
func (s Sums) Main() Cause {
	var main Cause
	for _, one := range Causes {
		if s.By[one.Cause] > s.By[main] {
			main = one.Cause
		}
	}
	return main
}

// Month is what was lost in a month.
type Month struct {
	First calendar.Date
	Sums
}

// MonthsOf are the months from the one a day is in to the one another is in, also those in which nothing was lost.
func MonthsOf(sessions []Session, from, to calendar.Date) []Month {
	byMonth := map[calendar.Date][]Session{}
	for _, one := range sessions {
		first := calendar.New(one.Day.Year, one.Day.Month, 1)
		byMonth[first] = append(byMonth[first], one)
	}
	var months []Month
	for first := calendar.New(from.Year, from.Month, 1); !first.After(to); first = first.AddMonths(1) {
		months = append(months, Month{first, SumOf(byMonth[first])})
	}
	return months
}

// Stretch is sessions lost to one cause with no other day of lessons between them.
type Stretch struct {
	Cause     Cause
	From, To  calendar.Date
	Sessions  Sessions
	Estimated Sessions
}

// apart is how many days lie at most between two sessions of one stretch: a weekend, and of what lasts a
// holiday of two weeks.
func (c Cause) apart() int {
	if c == Suspended || c == Unexplained {
		return 4
	}
	return 17
}

// StretchesOf puts sessions of a cause together, the latest first. Weekends, closed days and mornings in
// school do not part them.
func StretchesOf(sessions []Session) []Stretch {
	open := map[Cause]int{}
	var all []Stretch
	for _, one := range sessions {
		i, running := open[one.Cause]
		if !running || one.Day.Sub(all[i].To) > one.Cause.apart() {
			i = len(all)
			open[one.Cause] = i
			all = append(all, Stretch{Cause: one.Cause, From: one.Day})
		}
		all[i].To = one.Day
		all[i].Sessions++
		if one.Estimated {
			all[i].Estimated++
		}
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}
