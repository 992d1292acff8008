package calendar

// Range is a run of days, half-open: Start is in it and End is not. A zero End
// means it has not ended; a zero Start means it has always been so. It mirrors
// a daterange column, whose lower and upper bounds scan into Start and End.
type Range struct{ Start, End Date }

// Open reports whether the range has no end yet.
func (r Range) Open() bool { return r.End.IsZero() }

// IsEmpty reports whether no day is in the range.
func (r Range) IsEmpty() bool { return !r.Open() && !r.Start.Before(r.End) }

// Contains reports whether d is in the range. No date is in no range.
func (r Range) Contains(d Date) bool {
	return !d.IsZero() && !d.Before(r.Start) && (r.Open() || d.Before(r.End))
}

// Overlaps reports whether the two share at least one day. A range that ends
// where another starts does not overlap it.
func (r Range) Overlaps(other Range) bool {
	return !r.IsEmpty() && !other.IsEmpty() &&
		(r.Open() || other.Start.Before(r.End)) &&
		(other.Open() || r.Start.Before(other.End))
}

// Overlap is the days in both ranges; an empty Range when there are none.
func (r Range) Overlap(other Range) Range {
	if !r.Overlaps(other) {
		return Range{Start: r.Start, End: r.Start}
	}
	return Range{Start: Latest(r.Start, other.Start), End: Earliest(r.End, other.End)}
}

// Days is how many days of the range have passed by the start of asAt: for an
// ended range, at most its whole length; for an open one, the days so far. A
// range with no Start has no count and gives 0.
func (r Range) Days(asAt Date) int {
	end := Earliest(r.End, asAt)
	if r.Start.IsZero() || r.IsEmpty() || !r.Start.Before(end) {
		return 0
	}
	return end.Sub(r.Start)
}

// LastDay is the last day in the range, the day before End; zero while open.
func (r Range) LastDay() Date { return r.End.AddDays(-1) }
