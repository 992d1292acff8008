package calendar

import "fmt"

// Words is "7 December 2026", or empty for no date.
func (d Date) Words() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
}

// WordsWithDay is "Monday 7 December 2026", or empty for no date.
func (d Date) WordsWithDay() string {
	if d.IsZero() {
		return ""
	}
	return d.Weekday().String() + " " + d.Words()
}

// WordsNear is "Monday 7 December", with the year only when it is not today's, or empty for no date.
func (d Date) WordsNear(today Date) string {
	if d.IsZero() || d.Year != today.Year {
		return d.WordsWithDay()
	}
	return fmt.Sprintf("%s %d %s", d.Weekday(), d.Day, d.Month)
}

// Short is "7 Dec 2026" for tables, or empty for no date.
func (d Date) Short() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.Day, d.Month.String()[:3], d.Year)
}

// Age says how old something is that held on d: "today", "3 days old", "12 weeks old", "8 months
// old", "2 years old". A day to come is "today".
func (d Date) Age(today Date) string {
	days := today.Sub(d)
	count, unit := days, "day"
	switch {
	case d.IsZero():
		return ""
	case days <= 0:
		return "today"
	case days >= 730:
		count, unit = days/365, "year"
	case days >= 182:
		count, unit = days*12/365, "month"
	case days >= 14:
		count, unit = days/7, "week"
	}
	if count != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s old", count, unit)
}

// Relative says where d lies from today, in calendar days: "today",
// "tomorrow", "yesterday", "in 3 days", "2 days ago".
func (d Date) Relative(today Date) string {
	if d.IsZero() {
		return ""
	}
	switch days := d.Sub(today); {
	case days == 0:
		return "today"
	case days == 1:
		return "tomorrow"
	case days == -1:
		return "yesterday"
	case days > 0:
		return fmt.Sprintf("in %d days", days)
	default:
		return fmt.Sprintf("%d days ago", -days)
	}
}
