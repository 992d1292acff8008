package worklist

import (
	"fmt"

	"virtualschool/internal/calendar"
)

// DueWords is the day in words and how far off it is: "Monday 7 December, in 3 days".
func (d Duty) DueWords(today calendar.Date) string {
	switch {
	case d.Due.IsZero():
		return "As soon as you can"
	case d.Overdue == 1:
		return weekday(d.Due, today) + ", 1 working day late"
	case d.Overdue > 1:
		return fmt.Sprintf("%s, %d working days late", weekday(d.Due, today), d.Overdue)
	}
	return weekday(d.Due, today) + ", " + d.Due.Relative(today)
}

func weekday(d, today calendar.Date) string {
	if d.Year == today.Year {
		return fmt.Sprintf("%s %d %s", d.Weekday(), d.Day, d.Month)
	}
	return d.WordsWithDay()
}

// Explanation is how the day was worked out, and which rule asks.
func (d Duty) Explanation() string {
	switch {
	case d.Words == "":
		return d.Because
	case d.Because == "":
		return sentence(d.Words)
	}
	return sentence(d.Words) + " " + d.Because
}

func sentence(text string) string {
	runes := []rune(text)
	if runes[0] >= 'a' && runes[0] <= 'z' {
		runes[0] -= 'a' - 'A'
	}
	return string(runes) + "."
}
