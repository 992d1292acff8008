package attendance

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/setting"
)

// openDays says of each day whether a setting is open to pupils and which half term it is in.
type openDays struct {
	days    calendar.SchoolDays
	working calendar.WorkingDays
	terms   []calendar.Term
	known   map[calendar.Date]openDay
	running map[int][]int // by academic year: how many days were open before its first, second, third … day
}

type openDay struct {
	open     bool
	halfTerm HalfTerm
}

func newOpenDays(c *setting.Calendar) *openDays {
	o := &openDays{days: c.SchoolDays(), working: c.WorkingDays(), known: map[calendar.Date]openDay{}, running: map[int][]int{}}
	for _, term := range c.Terms() {
		o.terms = append(o.terms, term.Term)
	}
	return o
}

// on is about one day. Where no term dates are known, a working day counts as open: a school far away
// whose dates nobody has entered is not closed all year.
func (o *openDays) on(day calendar.Date) openDay {
	about, found := o.known[day]
	if !found {
		about = openDay{open: o.days.IsSchoolDay(day) || (!o.days.Covers(day) && o.working.IsWorkingDay(day)), halfTerm: o.halfTerm(day)}
		o.known[day] = about
	}
	return about
}

// between is how many days from one to another, both included, the setting is open by terms that are known.
func (o *openDays) between(from, to calendar.Date) int {
	open := 0
	for year := calendar.AcademicYear(from); year <= calendar.AcademicYear(to); year++ {
		days := calendar.AcademicYearRange(year)
		if o.running[year] == nil {
			running := []int{0}
			for day := days.Start; day.Before(days.End); day = day.AddDays(1) {
				before := running[len(running)-1]
				if o.days.IsSchoolDay(day) {
					before++
				}
				running = append(running, before)
			}
			o.running[year] = running
		}
		first, last := calendar.Latest(from, days.Start), calendar.Earliest(to, days.LastDay())
		open += o.running[year][last.Sub(days.Start)+1] - o.running[year][first.Sub(days.Start)]
	}
	return open
}

// halfTerm is the half term a day is in by the setting's terms; where they, or the break, are not known, by
// the middle of the usual break.
func (o *openDays) halfTerm(day calendar.Date) HalfTerm {
	if term, in := calendar.TermContaining(o.terms, day); in {
		if half := term.HalfTerm(day); half != "" {
			return HalfTerm(half)
		}
		for _, half := range HalfTerms {
			if half.term == term.Name && half.second == usuallySecond(term.Name, day) {
				return half.HalfTerm
			}
		}
	}
	switch month := day.Month; {
	case month >= time.September:
		return pick(usuallySecond(calendar.Autumn, day), "A2", "A1")
	case month <= time.March:
		return pick(usuallySecond(calendar.Spring, day), "Sp2", "Sp1")
	default:
		return pick(usuallySecond(calendar.Summer, day), "Su2", "Su1")
	}
}

// usuallySecond says whether a day of a term is after the usual break: the last week of October, the
// third of February and the last of May.
func usuallySecond(term string, day calendar.Date) bool {
	breaks := map[string]calendar.Date{
		calendar.Autumn: calendar.New(day.Year, time.October, 28), calendar.Spring: calendar.New(day.Year, time.February, 17), calendar.Summer: calendar.New(day.Year, time.May, 28),
	}[term]
	return day.After(breaks)
}

func pick(second bool, late, early HalfTerm) HalfTerm {
	if second {
		return late
	}
	return early
}
