package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const earliestYear, latestYear = 1900, 2100

// ErrNothingEntered is matched by errors.Is when all three boxes are empty, so
// that an optional date can be left out.
var ErrNothingEntered = errors.New("nothing entered")

// InputError says what is wrong with a date typed in three boxes, and which
// boxes to mark. Keep what was typed on the page beside it.
type InputError struct {
	Day, Month, Year bool
	reason           string
}

// For is the message for a field called label: "Date of birth must include a
// month". When nothing was entered it is "Enter date of birth".
func (e *InputError) For(label string) string {
	if e.reason == "" {
		return "Enter " + lowerFirst(label)
	}
	return label + " " + e.reason
}

// Error is the message for a field called "The date".
func (e *InputError) Error() string { return e.For("The date") }

// Is matches ErrNothingEntered when all three boxes were empty.
func (e *InputError) Is(target error) bool { return target == ErrNothingEntered && e.reason == "" }

// InputProblem words an error from ParseInput for a field called label.
func InputProblem(err error, label string) string {
	if wrong, ok := errors.AsType[*InputError](err); ok {
		return wrong.For(label)
	}
	return label + " must be a real date"
}

// lowerFirst lowers a leading capital, but leaves initials such as PEP alone.
func lowerFirst(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	second, _ := utf8.DecodeRuneInString(label[size:])
	if unicode.IsUpper(second) {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}

// ParseInput reads a date typed in three boxes. Spaces are ignored and the
// month may be a name. It refuses days that do not exist, years that are not
// four figures and years outside 1900 to 2100. The error is an *InputError.
func ParseInput(day, month, year string) (Date, error) {
	day, month, year = strings.TrimSpace(day), strings.TrimSpace(month), strings.TrimSpace(year)
	if missing := missingBoxes(day, month, year); missing != nil {
		return Date{}, missing
	}
	d, dayOK := number(day, 2)
	m, monthOK := monthNumber(month)
	y, yearOK := number(year, 4)
	if !dayOK || !monthOK || !yearOK {
		if dayOK && monthOK && allDigits(year) {
			return Date{}, &InputError{Year: true, reason: "must include a year with 4 numbers, like 2026"}
		}
		return Date{}, &InputError{Day: !dayOK, Month: !monthOK, Year: !yearOK, reason: "must be a real date"}
	}
	switch {
	case len(year) != 4:
		return Date{}, &InputError{Year: true, reason: "must include a year with 4 numbers, like 2026"}
	case m < 1 || m > 12:
		return Date{}, &InputError{Month: true, reason: "must be a real date"}
	case y < earliestYear || y > latestYear:
		return Date{}, &InputError{Year: true, reason: fmt.Sprintf("must have a year between %d and %d", earliestYear, latestYear)}
	case d < 1 || d > daysIn(y, m):
		return Date{}, &InputError{Day: true, reason: "must be a real date"}
	}
	return Date{y, m, d}, nil
}

func missingBoxes(day, month, year string) error {
	wrong := &InputError{Day: day == "", Month: month == "", Year: year == ""}
	var names []string
	for _, box := range []struct {
		missing bool
		name    string
	}{{wrong.Day, "day"}, {wrong.Month, "month"}, {wrong.Year, "year"}} {
		if box.missing {
			names = append(names, box.name)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 3:
		return wrong
	}
	wrong.reason = "must include a " + strings.Join(names, " and ")
	return wrong
}

func allDigits(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return text != ""
}

// number reads up to most plain digits: no sign, no point.
func number(text string, most int) (int, bool) {
	if len(text) > most || !allDigits(text) {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// monthNumber reads a number, a full month name or its first three letters.
func monthNumber(text string) (time.Month, bool) {
	if n, ok := number(text, 2); ok {
		return time.Month(n), true
	}
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if strings.EqualFold(text, name) || strings.EqualFold(text, name[:3]) ||
			(m == time.September && strings.EqualFold(text, "sept")) {
			return m, true
		}
	}
	return 0, false
}
