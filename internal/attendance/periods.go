package attendance

import "virtualschool/internal/calendar"

// RollingWeeks is how far back the rolling figure looks.
const RollingWeeks = 6

// Period is a stretch of days and its tally.
type Period struct {
	Label string
	From  calendar.Date
	To    calendar.Date
	Tally
}

// Child is what a child's figures are made from: days in order, stays, and the calendars.
type Child struct {
	Days        []Day
	Stays       []Stay
	Expectation Expectation
	Today       calendar.Date
}

// Of is the period from one day to another, both included; nothing is expected of days to come.
func (c Child) Of(label string, from, to calendar.Date) Period {
	tally := Count(Between(c.Days, from, to))
	tally.Expected = c.Expectation.Sessions(c.Stays, from, calendar.Earliest(to, c.Today))
	return Period{label, from, to, tally}
}

// Year is an academic year so far.
func (c Child) Year(academicYear int) Period {
	year := calendar.AcademicYearRange(academicYear)
	return c.Of(calendar.AcademicYearLabel(academicYear), year.Start, year.LastDay())
}

// Rolling is the six weeks to today.
func (c Child) Rolling() Period {
	return c.Of("Last six weeks", c.Today.AddDays(1-7*RollingWeeks), c.Today)
}

// Since is the time from a day, such as that of entry to care, to today.
func (c Child) Since(label string, day calendar.Date) Period { return c.Of(label, day, c.Today) }

// Weeks are the weeks, Monday to Sunday, from the one a day is in to the one another is in, without those in
// which no school was open and nothing was marked.
func (c Child) Weeks(from, to calendar.Date) []Period {
	var weeks []Period
	for monday := from.Monday(); !monday.After(to); monday = monday.AddDays(7) {
		week := c.Of("Week of "+monday.Words(), monday, monday.AddDays(6))
		if week.Received > 0 || week.Expected > 0 {
			weeks = append(weeks, week)
		}
	}
	return weeks
}

// HalfTermsOf are the half terms of an academic year that have begun or hold a mark, by the terms of one place.
func (c Child) HalfTermsOf(terms []calendar.Term, academicYear int) []Period {
	var periods []Period
	for _, half := range HalfTerms {
		for _, term := range terms {
			if term.AcademicYear != academicYear || term.Name != half.term {
				continue
			}
			from, to := term.Starts, term.Ends
			switch {
			case term.HalfTermFrom.IsZero() && half.second:
				continue // the break is not known: the term is shown whole, as its first half
			case term.HalfTermFrom.IsZero():
			case half.second:
				from = term.HalfTermTo.AddDays(1)
			default:
				to = term.HalfTermFrom.AddDays(-1)
			}
			if period := c.Of(half.Name, from, to); !from.After(c.Today) || period.Received > 0 {
				periods = append(periods, period)
			}
		}
	}
	return periods
}

// TermsOf are the terms of an academic year that have begun or hold a mark, by the terms of one place.
func (c Child) TermsOf(terms []calendar.Term, academicYear int) []Period {
	var periods []Period
	for _, term := range terms {
		if term.AcademicYear != academicYear {
			continue
		}
		if period := c.Of(term.Label(), term.Starts, term.Ends); !term.Starts.After(c.Today) || period.Received > 0 {
			periods = append(periods, period)
		}
	}
	return periods
}
