package worklist

import (
	"fmt"

	"virtualschool/internal/calendar"
)

// DueWords is the day in words and how far off it is: "Monday 7 December, in 3 days"; without a
// day, since when it waits.
func (d Duty) DueWords(today calendar.Date) string {
	switch {
	case d.Due.IsZero() && !d.Since.IsZero():
		return "Waiting since " + d.Since.WordsNear(today) + ", " + d.Since.Relative(today)
	case d.Due.IsZero():
		return "As soon as you can"
	case d.Overdue == 1:
		return d.Due.WordsNear(today) + ", 1 working day late"
	case d.Overdue > 1:
		return fmt.Sprintf("%s, %d working days late", d.Due.WordsNear(today), d.Overdue)
	}
	return d.Due.WordsNear(today) + ", " + d.Due.Relative(today)
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
