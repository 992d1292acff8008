package attendance

import (
	"fmt"
	"time"

	"virtualschool/internal/calendar"
)

// Figures count half-day sessions.
type Figures struct {
	Possible     int // R18
	Attended     int // present, and at approved education elsewhere
	Authorised   int // absent, authorised
	Unauthorised int // absent, unauthorised
	Late         int // of those attended, late before the register closed
}

// Absent is the sessions missed, authorised or not.
func (f Figures) Absent() int { return f.Authorised + f.Unauthorised }

// Plus is the two together.
func (f Figures) Plus(other Figures) Figures {
	return Figures{f.Possible + other.Possible, f.Attended + other.Attended, f.Authorised + other.Authorised, f.Unauthorised + other.Unauthorised, f.Late + other.Late}
}

// Rate is the share of possible sessions attended, "90.8%" (R19); "no sessions" when none were possible.
func (f Figures) Rate() string { return Share(f.Attended, f.Possible) }

// Share is part of whole to one decimal place, halves up (R20); "no sessions" of nought.
func Share(part, whole int) string {
	if whole == 0 {
		return "no sessions"
	}
	tenths := (part*2000 + whole) / (whole * 2)
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}

// Flag says whether so much was missed that somebody should ask why.
type Flag string

// Flags, the more serious winning.
const (
	NoFlag     Flag = ""
	Persistent Flag = "Persistent absence" // a tenth or more missed (R21)
	Severe     Flag = "Severe absence"     // half or more missed (R22)
)

// Flag is judged only from minimum possible sessions on (policy.AttendanceMinimumSessions).
func (f Figures) Flag(minimum int) Flag {
	switch {
	case f.Possible == 0 || f.Possible < minimum:
		return NoFlag
	case f.Absent()*2 >= f.Possible:
		return Severe
	case f.Absent()*10 >= f.Possible:
		return Persistent
	}
	return NoFlag
}

// HalfTerm is one of the six halves of the three terms.
type HalfTerm string

// HalfTerms in the order of the academic year, with their names.
var HalfTerms = []struct {
	HalfTerm HalfTerm
	Name     string
	term     string
	second   bool
	month    time.Month // it never begins before this day of the academic year
	day      int
}{
	{"A1", "Autumn, first half", calendar.Autumn, false, 9, 1},
	{"A2", "Autumn, second half", calendar.Autumn, true, 10, 10},
	{"Sp1", "Spring, first half", calendar.Spring, false, 1, 1},
	{"Sp2", "Spring, second half", calendar.Spring, true, 2, 5},
	{"Su1", "Summer, first half", calendar.Summer, false, 3, 20},
	{"Su2", "Summer, second half", calendar.Summer, true, 5, 15},
}

// Name is the half term in words; empty for one that is not known.
func (h HalfTerm) Name() string {
	for _, one := range HalfTerms {
		if one.HalfTerm == h {
			return one.Name
		}
	}
	return ""
}

// earliest is a day before which the half term cannot have begun anywhere.
func (h HalfTerm) earliest(academicYear int) calendar.Date {
	for _, one := range HalfTerms {
		if one.HalfTerm == h {
			year := academicYear
			if one.month < 9 {
				year++
			}
			return calendar.New(year, one.month, one.day)
		}
	}
	return calendar.Date{}
}

// Begun are the half terms of an academic year that have begun by today, by the terms given. Where a
// term's half-term break is not known, its second half counts once the term is over.
func Begun(terms []calendar.Term, academicYear int, today calendar.Date) []HalfTerm {
	var begun []HalfTerm
	for _, half := range HalfTerms {
		for _, term := range terms {
			if term.AcademicYear != academicYear || term.Name != half.term {
				continue
			}
			after := term.Starts.AddDays(-1)
			switch {
			case half.second && term.HalfTermTo.IsZero():
				after = term.Ends
			case half.second:
				after = term.HalfTermTo
			}
			if today.After(after) {
				begun = append(begun, half.HalfTerm)
			}
		}
	}
	return begun
}

// Coverage says how much of a year the figures are about: "2 of 3 half terms".
func Coverage(recorded, begun []HalfTerm) string {
	count := 0
	for _, half := range begun {
		for _, one := range recorded {
			if one == half {
				count++
				break
			}
		}
	}
	if len(begun) == 0 {
		return fmt.Sprintf("%d half terms recorded; term dates are not known", len(recorded))
	}
	return fmt.Sprintf("%d of %d half terms so far", count, len(begun))
}

// HalvesOf are the two half terms of a term, by the term's name.
func HalvesOf(term string) []HalfTerm {
	var halves []HalfTerm
	for _, one := range HalfTerms {
		if one.term == term {
			halves = append(halves, one.HalfTerm)
		}
	}
	return halves
}
