package table

import (
	"strconv"
	"strings"
	"time"

	"virtualschool/internal/calendar"
)

// DateError says in words why a cell is not a date. It does not name the column.
type DateError struct{ text string }

func (e *DateError) Error() string { return e.text }

// ParseDate reads a day as national files and spreadsheets write it: 31/12/2024,
// 31-12-2024, 2024-12-31 (with or without a time after it), 2024-Dec-31, or a
// spreadsheet's count of days. The day always comes before the month: the
// statutory files say so, and a month-first date is refused when it shows. An
// empty cell is no date and no error. The error is a *DateError.
func ParseDate(cell string) (calendar.Date, error) {
	if cell == "" {
		return calendar.Date{}, nil
	}
	day, tail, _ := strings.Cut(strings.Replace(cell, "T", " ", 1), " ")
	if tail != "" && !clockTime(tail) {
		return calendar.Date{}, &DateError{"is not a date written like 31/12/2024"}
	}
	if n, err := strconv.Atoi(day); err == nil {
		return serial(n)
	}
	parts := strings.FieldsFunc(day, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || strings.Count(day, "/")+strings.Count(day, "-")+strings.Count(day, ".") != 2 {
		return calendar.Date{}, &DateError{"is not a date written like 31/12/2024"}
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts[2]) == 2 && len(parts[0]) <= 2 {
		return calendar.Date{}, &DateError{"has a year of two digits, so the century is not certain"}
	}
	return ofParts(parts[0], parts[1], parts[2])
}

func ofParts(dayText, monthText, yearText string) (calendar.Date, error) {
	d, errDay := number(dayText, 2)
	y, errYear := number(yearText, 4)
	m, errMonth := number(monthText, 2)
	if named, ok := months[strings.ToLower(monthText)]; ok {
		m, errMonth = named, nil
	}
	if errDay != nil || errMonth != nil || errYear != nil || len(yearText) != 4 {
		return calendar.Date{}, &DateError{"is not a date written like 31/12/2024"}
	}
	if y < 1000 || y > 2100 {
		return calendar.Date{}, &DateError{"has a year that cannot be right"}
	}
	if m > 12 && d <= 12 {
		return calendar.Date{}, &DateError{"has the month before the day; dates must be written day first, like 31/12/2024"}
	}
	date := calendar.New(y, time.Month(m), d)
	if m < 1 || date.Day != d || int(date.Month) != m {
		return calendar.Date{}, &DateError{"is a day that does not exist"}
	}
	return date, nil
}

var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
	"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

func number(text string, most int) (int, error) {
	if text == "" || len(text) > most || strings.Trim(text, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(text)
}

func clockTime(tail string) bool {
	return len(tail) <= 16 && strings.Contains(tail, ":") && strings.Trim(tail, "0123456789:.Z") == ""
}

// serial turns a spreadsheet's day number into a date: day 1 is 1 January 1900
// and the spreadsheet believes in a 29 February 1900. Only days from 1950 to
// 2064 are taken for dates.
func serial(n int) (calendar.Date, error) {
	if n < 18_264 || n > 60_000 {
		return calendar.Date{}, &DateError{"is a number, not a date written like 31/12/2024"}
	}
	return calendar.New(1899, time.December, 30).AddDays(n), nil
}
