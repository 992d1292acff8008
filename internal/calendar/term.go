package calendar

import (
	"cmp"
	"slices"
)

// The three terms, in order, as they are stored.
const (
	Autumn = "autumn"
	Spring = "spring"
	Summer = "summer"
)

// Term is one row of a school's or council's published term dates. Starts and
// Ends are the first and last day of term, HalfTermFrom and HalfTermTo the
// first and last day of the half-term break, all inclusive as they are
// published. Half-term days are zero when not known. Term dates differ between
// councils and academies and are never computed.
type Term struct {
	AcademicYear             int
	Name                     string
	Starts, Ends             Date
	HalfTermFrom, HalfTermTo Date
}

// Label is "Autumn 2026/27".
func (t Term) Label() string {
	names := map[string]string{Autumn: "Autumn", Spring: "Spring", Summer: "Summer"}
	return cmp.Or(names[t.Name], t.Name) + " " + AcademicYearLabel(t.AcademicYear)
}

// Contains reports whether d is from the first to the last day of term,
// weekends and half-term included.
func (t Term) Contains(d Date) bool { return t.Range().Contains(d) }

// Range is the days from the first to the last of the term, half-open.
func (t Term) Range() Range { return Range{t.Starts, t.Ends.AddDays(1)} }

// HalfTerm names the half of the term d is in: A1 A2 Sp1 Sp2 Su1 Su2. It is
// empty outside the term, in the break itself, and when the break is not known.
func (t Term) HalfTerm(d Date) string {
	if !t.Contains(d) || t.HalfTermFrom.IsZero() {
		return ""
	}
	prefix := map[string]string{Autumn: "A", Spring: "Sp", Summer: "Su"}[t.Name]
	switch {
	case prefix == "":
		return ""
	case d.Before(t.HalfTermFrom):
		return prefix + "1"
	case d.After(t.HalfTermTo):
		return prefix + "2"
	}
	return ""
}

// inBreak reports whether d is in the half-term break.
func (t Term) inBreak(d Date) bool {
	return !t.HalfTermFrom.IsZero() && !d.Before(t.HalfTermFrom) && !d.After(t.HalfTermTo)
}

// TermContaining is the term whose row contains d (R3); false in a holiday.
func TermContaining(terms []Term, d Date) (Term, bool) {
	for _, t := range terms {
		if t.Contains(d) {
			return t, true
		}
	}
	return Term{}, false
}

// inOrder is a copy of terms sorted by first day.
func inOrder(terms []Term) []Term {
	sorted := slices.Clone(terms)
	slices.SortFunc(sorted, func(a, b Term) int { return a.Starts.Compare(b.Starts) })
	return sorted
}
