package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day without a zone. It is comparable with == and usable as a map
// key. The zero Date means "no date": it is NULL in the database, empty as
// text, before every real day, and stays zero under arithmetic.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// New makes a Date, carrying overflow like time.Date: 31 September is 1 October.
// For what a person typed use ParseInput or Parse, which refuse such days.
func New(year int, month time.Month, day int) Date {
	return on(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// Parse reads an ISO day, 2026-12-07, and nothing else. Empty text is an error.
func Parse(iso string) (Date, error) {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil || len(iso) != len(time.DateOnly) {
		return Date{}, fmt.Errorf("not a date written like 2026-12-07")
	}
	return on(t), nil
}

// MustParse is Parse for constants in code and tests; it panics on a bad date.
func MustParse(iso string) Date {
	d, err := Parse(iso)
	if err != nil {
		panic("calendar: " + err.Error())
	}
	return d
}

// on reads the day from t in t's own zone.
func on(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// IsZero reports whether d is no date at all.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays moves n days, back when n is negative.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	if day := d.Day + n; 1 <= day && day <= 28 { // every month has these, and most steps stay among them
		return Date{d.Year, d.Month, day}
	}
	return New(d.Year, d.Month, d.Day+n)
}

// AddMonths moves n calendar months, back when n is negative, stopping at the
// last day of a shorter month: 31 January and one month is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	first := New(d.Year, d.Month+time.Month(n), 1)
	return Date{first.Year, first.Month, min(d.Day, daysIn(first.Year, first.Month))}
}

// AddYears moves n years; 29 February becomes 28 February in a common year.
// For the day an age is reached use Birthday.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

func daysIn(year int, month time.Month) int { return New(year, month+1, 0).Day }

// Compare is -1, 0 or +1 as d is before, on or after other.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Sub is the number of calendar days from other to d: negative when d is earlier.
func (d Date) Sub(other Date) int { return d.number() - other.number() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((d.number() + 2) % 7) }

// number counts days by the Gregorian calendar from long before any of ours: with years that begin in March,
// so that a leap day is a year's last. Pages count days by the ten thousand, which time.Time is slow at.
func (d Date) number() int {
	year, month := d.Year+4000, int(d.Month)
	if month < 3 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + d.Day
}

// Monday is the first day of d's week.
func (d Date) Monday() Date { return d.AddDays(-((int(d.Weekday()) + 6) % 7)) }

// String is the ISO form, 2026-12-07, or empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Earliest is the first of the given days, passing over zero Dates; zero when
// there are none.
func Earliest(days ...Date) Date {
	var first Date
	for _, d := range days {
		if !d.IsZero() && (first.IsZero() || d.Before(first)) {
			first = d
		}
	}
	return first
}

// Latest is the last of the given days; zero when there are none.
func Latest(days ...Date) Date {
	var last Date
	for _, d := range days {
		if d.After(last) {
			last = d
		}
	}
	return last
}

// Weeks is n calendar weeks after d, the counting of the education, health and
// care process (SEND Regulations 2014; R38, R39) and of reduced timetables (R31).
func Weeks(d Date, n int) Date { return d.AddDays(7 * n) }
