package sheet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
)

// dayColumn is a column of a wide table: a day, or one session of it.
type dayColumn struct {
	at      int
	heading string
	day     calendar.Date // zero: the weekday of the row's week
	weekday time.Weekday
	named   bool         // the heading names the weekday
	session mark.Session // empty: both in one cell
}

func (d dayColumn) sameSession(other dayColumn) bool {
	sameDay := d.day == other.day && (!d.day.IsZero() || d.weekday == other.weekday)
	return sameDay && (d.session == other.session || d.session == "" || other.session == "")
}

var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func weekday(word string) (time.Weekday, bool) {
	if len(word) < 3 {
		return 0, false
	}
	i := slices.IndexFunc(weekdays, func(name string) bool {
		return strings.HasPrefix(name, word) && len(word) <= 5 || name == word || name == "wednesday" && word == "weds"
	})
	return time.Weekday(max(i, 0)), i >= 0
}

// session is which half of the day a word names.
func session(word string) (mark.Session, bool) {
	switch strings.ToLower(word) {
	case "am", "a.m.", "a", "morning", "am session":
		return mark.AM, true
	case "pm", "p.m.", "p", "afternoon", "pm session":
		return mark.PM, true
	}
	return "", false
}

// dayHeading reads a heading such as "17/11/2025", "Mon 17 Nov 2025 PM" or "Tuesday AM". It is false for a
// heading that speaks of no day; wrong is what is the matter with one that does.
func dayHeading(heading string) (d dayColumn, is bool, wrong string) {
	d.heading = heading
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool { return r == ' ' || r == '_' || r == '(' || r == ')' || r == ',' || r == '\n' })
	var rest []string
	for i, word := range words {
		word = strings.TrimSuffix(word, ":")
		if half, ok := session(word); ok && len(word) > 1 && d.session == "" {
			d.session = half
		} else if day, ok := weekday(word); ok && i == 0 {
			d.weekday, d.named = day, true
		} else if !clock(word) {
			rest = append(rest, word)
		}
	}
	if len(rest) == 3 && len(rest[1]) > 3 {
		rest[1] = rest[1][:3] // November as Nov
	}
	text := strings.Join(rest, "-")
	if text == "" {
		return d, d.named, ""
	}
	if !dated(text) {
		return d, false, ""
	}
	day, err := table.ParseDate(text)
	if err != nil {
		return d, false, fmt.Sprintf("The heading “%s” %s.", table.Short(heading), err)
	}
	if d.named && day.Weekday() != d.weekday {
		return d, false, fmt.Sprintf("The heading “%s” does not fit: that day is a %s.", table.Short(heading), day.Weekday())
	}
	d.day, d.weekday = day, day.Weekday()
	return d, true, ""
}

// clock says whether a word is the time of day that spreadsheets put after a date.
func clock(word string) bool {
	return strings.Contains(word, ":") && strings.Trim(word, "0123456789:") == ""
}

// dated says whether text is meant as a date: it begins with a number, and has what parts a date.
func dated(text string) bool {
	if text[0] < '0' || text[0] > '9' {
		return false
	}
	if strings.Count(text, "/")+strings.Count(text, "-")+strings.Count(text, ".") >= 2 {
		return strings.Trim(text, "0123456789/-.abcdefghijklmnopqrstuvwxyz:") == ""
	}
	return len(text) == 5 && strings.Trim(text, "0123456789") == "" // a spreadsheet's count of days
}

// dayColumns finds the columns of days. below is the row under the headings, where some put AM and PM
// under a day that stands over two columns; it is nil when that row is no such row.
func dayColumns(headings []string, below []mark.Session) (days []dayColumn, wrong string) {
	for at, heading := range headings {
		d, is, wrong := dayHeading(heading)
		if wrong != "" {
			return nil, wrong
		}
		if !is && heading == "" && below != nil && below[at] != "" && len(days) > 0 && days[len(days)-1].at == at-1 {
			d, is = days[len(days)-1], true
			d.session = ""
		}
		if !is {
			continue
		}
		d.at = at
		if below != nil && d.session == "" {
			d.session = below[at]
		}
		for _, other := range days {
			if d.sameSession(other) {
				return nil, fmt.Sprintf("Two columns are for the same session, “%s” and “%s”. Say in their headings which is AM and which is PM.", table.Short(other.heading), table.Short(heading))
			}
		}
		days = append(days, d)
	}
	return days, ""
}

// sessionsBelow reads a row that says only AM and PM; nil when it says anything else.
func sessionsBelow(cells []string) []mark.Session {
	below := make([]mark.Session, len(cells))
	any := false
	for i, cell := range cells {
		cell = table.Clean(cell)
		if cell == "" {
			continue
		}
		half, ok := session(cell)
		if !ok {
			return nil
		}
		below[i], any = half, true
	}
	if !any {
		return nil
	}
	return below
}
