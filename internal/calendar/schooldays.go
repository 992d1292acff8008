package calendar

// SchoolDays counts the days a school is open to pupils: the counting of
// suspensions, register codes and school places (R16, R23, R28, R29, R30). It
// knows only the terms it was given. An answer that would need a year whose
// three terms are not all known comes with false, never a guess.
type SchoolDays struct {
	terms    []Term
	closed   map[Date]bool
	holidays map[Date]bool
	complete map[int]bool
}

// NewSchoolDays makes one school's calendar from its terms, the single days it
// is closed to pupils (INSET and unplanned closures) and the bank holidays.
func NewSchoolDays(terms []Term, closed []Date, holidays []Holiday) SchoolDays {
	s := SchoolDays{
		terms:    inOrder(terms),
		closed:   make(map[Date]bool, len(closed)),
		holidays: make(map[Date]bool, len(holidays)),
		complete: map[int]bool{},
	}
	for _, d := range closed {
		s.closed[d] = true
	}
	for _, h := range holidays {
		s.holidays[h.Date] = true
	}
	names := map[int]map[string]bool{}
	for _, t := range terms {
		if names[t.AcademicYear] == nil {
			names[t.AcademicYear] = map[string]bool{}
		}
		names[t.AcademicYear][t.Name] = true
	}
	for year, known := range names {
		s.complete[year] = known[Autumn] && known[Spring] && known[Summer]
	}
	return s
}

// Covers reports whether the calendar knows about d: it is in a term, or in an
// academic year whose three terms are all known.
func (s SchoolDays) Covers(d Date) bool {
	if s.complete[AcademicYear(d)] {
		return true
	}
	_, inTerm := TermContaining(s.terms, d)
	return inTerm
}

// IsSchoolDay reports whether the school is open to pupils on d. It is false
// for a day the calendar does not cover.
func (s SchoolDays) IsSchoolDay(d Date) bool {
	if isWeekend(d) || s.closed[d] || s.holidays[d] {
		return false
	}
	term, inTerm := TermContaining(s.terms, d)
	return inTerm && !term.inBreak(d)
}

// Add is n school days after d, n not negative. The event day is day 0 whether
// or not it is a school day. It is false when the calendar runs out first. The
// sixth consecutive school day of a suspension whose first school day is d is
// Add(d, 5) (R29).
func (s SchoolDays) Add(d Date, n int) (Date, bool) {
	if d.IsZero() || n < 0 || !s.Covers(d) {
		return Date{}, false
	}
	for left := n; left > 0; {
		d = d.AddDays(1)
		if !s.Covers(d) {
			return Date{}, false
		}
		if s.IsSchoolDay(d) {
			left--
		}
	}
	return d, true
}

// Between is how many school days lie after from, up to and including to; it
// undoes Add, and is negative when to is earlier. It is false, with the days
// that are known, when the calendar does not cover the whole stretch.
func (s SchoolDays) Between(from, to Date) (int, bool) {
	if from.IsZero() || to.IsZero() {
		return 0, false
	}
	covered := s.Covers(from)
	count := countBetween(from, to, func(d Date) bool {
		covered = covered && s.Covers(d)
		return s.IsSchoolDay(d)
	})
	return count, covered
}

// Days lists the school days from one day to another, both included, for
// laying out a register.
func (s SchoolDays) Days(from, to Date) []Date {
	var days []Date
	for d := from; !d.After(to); d = d.AddDays(1) {
		if s.IsSchoolDay(d) {
			days = append(days, d)
		}
	}
	return days
}
