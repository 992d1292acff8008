package schoolplace

import (
	"slices"

	"virtualschool/internal/calendar"
)

// Days after which somebody looks again, in school days (R16).
const (
	AlertDays = 10 // without a place, whatever the reason
	LimitDays = 20 // in which full-time education is owed after an emergency placement
)

// Person is what says when a child was without a school place.
type Person struct {
	DateOfBirth calendar.Date
	YearOffset  int              // taught so many years above the year of the date of birth
	Care        []calendar.Range // times in care
	Rolls       []calendar.Range // times on a main roll
}

// Gaps are the times in care without a school place, in order: of a child of compulsory school age, or of one
// who was on a roll before and is not past Year 13.
func Gaps(p Person) []calendar.Range {
	compulsory := calendar.CompulsorySchoolAge(p.DateOfBirth)
	reception := calendar.AcademicYear(p.DateOfBirth) + 5 - p.YearOffset
	schooled := calendar.Range{Start: calendar.AcademicYearRange(reception).Start, End: calendar.AcademicYearRange(reception + 14).Start}
	rolls := slices.Clone(p.Rolls)
	slices.SortFunc(rolls, func(a, b calendar.Range) int { return a.Start.Compare(b.Start) })
	var gaps []calendar.Range
	add := func(free calendar.Range) {
		before := len(rolls) > 0 && (rolls[0].Start.IsZero() || rolls[0].Start.Before(free.Start))
		allowed := compulsory
		if before {
			allowed = schooled
		}
		if free.Overlaps(allowed) {
			gaps = append(gaps, free.Overlap(allowed))
		}
	}
	for _, care := range p.Care {
		free := care
		for _, roll := range rolls {
			if !roll.Overlaps(free) {
				continue
			}
			if free.Start.Before(roll.Start) {
				add(calendar.Range{Start: free.Start, End: roll.Start})
			}
			if roll.Open() {
				free = calendar.Range{Start: free.Start, End: free.Start}
				break
			}
			free.Start = roll.End
		}
		if !free.IsEmpty() {
			add(free)
		}
	}
	slices.SortFunc(gaps, func(a, b calendar.Range) int { return a.Start.Compare(b.Start) })
	return gaps
}

// Since is the day from which the child has been without a place; false when the child has one on this day,
// is not in care, or is too young or too old.
func Since(p Person, on calendar.Date) (calendar.Date, bool) {
	for _, gap := range Gaps(p) {
		if gap.Contains(on) {
			return gap.Start, true
		}
	}
	return calendar.Date{}, false
}

// DueBy is the day that lies so many school days after since; where term dates are missing, a day by which
// so many have certainly passed, counting only days that are known, or no day at all.
func DueBy(since calendar.Date, schoolDays int, days calendar.SchoolDays, terms []calendar.Term) (due calendar.Date, exact bool) {
	if due, known := days.Add(since, schoolDays); known {
		return due, true
	}
	for _, term := range terms {
		if term.Starts.After(since) {
			if due, known := days.Add(term.Starts, schoolDays); known {
				return due, false
			}
		}
	}
	return calendar.Date{}, false
}
