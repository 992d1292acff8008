package attendance

import (
	"cmp"
	"slices"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
)

// Look is how a session stands in a picture of a year: what somebody sees at a glance.
type Look int

// The looks, in the order a key explains them.
const (
	Ahead        Look = iota // still to come
	Here                     // present
	HereLate                 // present, late
	Away                     // at approved education elsewhere
	Excused                  // absent, authorised
	Suspension               // absent, suspended or excluded
	Unexcused                // absent, unauthorised
	NoReason                 // absent, no reason established yet
	NotCounted               // marked, and no session this child could attend
	Missing                  // expected, and nobody has marked it
	Shut                     // the school was closed, or its term dates are not known
	NotOnTheRoll             // on no school's roll
)

// lookOf is how a mark looks.
func lookOf(code mark.Code, day calendar.Date, session mark.Session) Look {
	switch class, known := mark.National.Class(code, day, session); {
	case !known:
		return NotCounted
	case code == mark.Suspended:
		return Suspension
	case code == mark.Unknown:
		return NoReason
	case code == mark.Late:
		return HereLate
	case class == mark.Present:
		return Here
	case class == mark.Elsewhere:
		return Away
	case class == mark.Authorised:
		return Excused
	case class == mark.Unauthorised:
		return Unexcused
	}
	return NotCounted
}

// Seen is one session of a picture: the mark that says most, where two schools have one.
type Seen struct {
	Look Look
	Code mark.Code
}

// SeenDay is a day of a picture, morning and afternoon.
type SeenDay struct {
	Day    calendar.Date
	Halves [2]Seen
}

// SeenWeek is Monday to Friday.
type SeenWeek struct {
	Monday calendar.Date
	Days   [5]SeenDay
}

// Closed says whether no school was open in the week and nothing was marked.
func (w SeenWeek) Closed() bool {
	for _, day := range w.Days {
		for _, half := range day.Halves {
			if half.Look != Shut {
				return false
			}
		}
	}
	return true
}

// SeenTerm is the weeks of a term; Name is the term's, empty where term dates are not known.
type SeenTerm struct {
	Name  string
	Weeks []SeenWeek
}

// Seen is an academic year at a glance: its weeks by term, by the terms of one place, each session as its
// mark or the want of one looks. Weeks in which everything was closed stay only inside a term, as its break.
func (c Child) Seen(terms []calendar.Term, academicYear int) []SeenTerm {
	byDay := map[calendar.Date][]Day{}
	for _, d := range c.Days {
		byDay[d.Day] = append(byDay[d.Day], d)
	}
	year := calendar.AcademicYearRange(academicYear)
	var seen []SeenTerm
	for monday := year.Start.Monday(); monday.Before(year.End); monday = monday.AddDays(7) {
		week := SeenWeek{Monday: monday}
		for i := range week.Days {
			week.Days[i] = c.seenDay(monday.AddDays(i), byDay[monday.AddDays(i)], terms)
			if !year.Contains(monday.AddDays(i)) {
				week.Days[i].Halves = [2]Seen{{Look: Shut}, {Look: Shut}}
			}
		}
		name := termOf(terms, academicYear, monday)
		if len(seen) == 0 || seen[len(seen)-1].Name != name {
			seen = append(seen, SeenTerm{Name: name})
		}
		last := &seen[len(seen)-1]
		if len(last.Weeks) > 0 || !week.Closed() {
			last.Weeks = append(last.Weeks, week)
		}
	}
	kept := seen[:0]
	for _, term := range seen {
		for len(term.Weeks) > 0 && term.Weeks[len(term.Weeks)-1].Closed() {
			term.Weeks = term.Weeks[:len(term.Weeks)-1]
		}
		if len(term.Weeks) > 0 {
			kept = append(kept, term)
		}
	}
	return kept
}

// termOf is the term a week belongs to: the first that has not ended before its Friday, or the last.
func termOf(terms []calendar.Term, academicYear int, monday calendar.Date) string {
	name := ""
	for _, term := range terms {
		if term.AcademicYear != academicYear {
			continue
		}
		name = term.Name
		if !monday.After(term.Ends) {
			break
		}
	}
	return name
}

func (c Child) seenDay(day calendar.Date, marked []Day, terms []calendar.Term) SeenDay {
	seen := SeenDay{Day: day}
	onRoll, expected := false, false
	for _, s := range c.Stays {
		if (calendar.Range{Start: s.Starts, End: s.Ends}).Contains(day) {
			onRoll = true
			expected = expected || c.Expectation.Expects(s.SettingID, day)
		}
	}
	for i, session := range mark.Sessions {
		half := Seen{Look: Shut}
		switch {
		case expected && day.After(c.Today):
			half.Look = Ahead
		case expected:
			half.Look = Missing
		case !onRoll && termDay(terms, day):
			half.Look = NotOnTheRoll
		}
		for _, d := range marked {
			if code := d.Code(session); code != "" {
				if one := (Seen{lookOf(code, day, session), code}); half.Code == "" || tells(one.Look) < tells(half.Look) {
					half = one
				}
			}
		}
		seen.Halves[i] = half
	}
	return seen
}

// termDay says whether a day is in term and not in its break.
func termDay(terms []calendar.Term, day calendar.Date) bool {
	term, in := calendar.TermContaining(terms, day)
	return in && (term.HalfTermFrom.IsZero() || day.Before(term.HalfTermFrom) || day.After(term.HalfTermTo))
}

// tells puts the marks of two schools for one session in order: present anywhere says most.
func tells(look Look) int {
	switch look {
	case Here, HereLate, Away:
		return 0
	case NotCounted:
		return 2
	}
	return 1
}

// CodeCount is how many sessions have a code.
type CodeCount struct {
	mark.Meaning
	Sessions int
}

// Codes counts the codes of some days other than present, the most frequent first.
func Codes(days []Day) []CodeCount {
	counts := map[mark.Code]*CodeCount{}
	for _, d := range days {
		for _, session := range mark.Sessions {
			meaning, known := mark.National.Meaning(d.Code(session), d.Day, session)
			if !known || meaning.Class == mark.Present && meaning.Session != "" {
				continue
			}
			if counts[meaning.Code] == nil {
				counts[meaning.Code] = &CodeCount{Meaning: meaning}
			}
			counts[meaning.Code].Sessions++
		}
	}
	var list []CodeCount
	for _, one := range counts {
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b CodeCount) int {
		return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(a.Code, b.Code))
	})
	return list
}
