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
