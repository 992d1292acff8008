package calendar

import "time"

// WorkingDays counts Monday to Friday except bank holidays: the counting of
// care planning and personal education plans (Care Planning Regulations 2010;
// R6, R7, R10, R11, R14). Days when only the council is shut still count. Make
// one with NewWorkingDays; it is safe for concurrent use.
type WorkingDays struct{ holidays map[Date]string }

// NewWorkingDays counts around the given bank holidays and no others.
func NewWorkingDays(holidays []Holiday) WorkingDays {
	w := WorkingDays{holidays: make(map[Date]string, len(holidays))}
	for _, h := range holidays {
		w.holidays[h.Date] = h.Name
	}
	return w
}

// EnglandWorkingDays counts around the computed bank holidays of 1990 to 2100,
// corrected by the published ones given.
func EnglandWorkingDays(published ...Holiday) WorkingDays {
	return NewWorkingDays(WithPublished(EnglandBankHolidays(1990, latestYear), published))
}

// BankHoliday is the name of the bank holiday on d, or empty.
func (w WorkingDays) BankHoliday(d Date) string { return w.holidays[d] }

// IsWorkingDay reports whether d is Monday to Friday and not a bank holiday.
func (w WorkingDays) IsWorkingDay(d Date) bool {
	if d.IsZero() || isWeekend(d) {
		return false
	}
	_, holiday := w.holidays[d]
	return !holiday
}

// Add is n working days after d. The event day is day 0 whether or not it is a
// working day, and day 1 is the next working day; n may be negative. Adding 0
// gives d itself, and no date stays no date.
func (w WorkingDays) Add(d Date, n int) Date {
	if d.IsZero() {
		return d
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for left := n * step; left > 0; {
		d = d.AddDays(step)
		if w.IsWorkingDay(d) {
			left--
		}
	}
	return d
}

// Between is how many working days lie after from, up to and including to; it
// undoes Add. When to is earlier it counts back and is negative. It is 0 when
// either is no date. Days overdue (R10) is Between(due, today).
func (w WorkingDays) Between(from, to Date) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return countBetween(from, to, w.IsWorkingDay)
}

// countBetween counts the days that match after from up to to, or, going back,
// before from down to to as a negative number.
func countBetween(from, to Date, match func(Date) bool) int {
	step := 1
	if to.Before(from) {
		step = -1
	}
	count := 0
	for d := from; d != to; {
		d = d.AddDays(step)
		if match(d) {
			count += step
		}
	}
	return count
}

func isWeekend(d Date) bool {
	day := d.Weekday()
	return day == time.Saturday || day == time.Sunday
}
