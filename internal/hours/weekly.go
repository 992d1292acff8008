package hours

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Weekly is time a week, in minutes.
type Weekly int

// Hour is one hour a week.
const Hour Weekly = 60

// Most is the most that can be typed: longer than any school's week.
const Most = 40 * Hour

var (
	errShape = errors.New("Enter hours a week as a number, like 12.5")
	errMost  = fmt.Errorf("Hours a week must be from 0 to %d", Most/Hour)
	errExact = errors.New("Enter hours in whole minutes: a quarter of an hour is 0.25")
)

// Parse reads hours with up to two decimals. Its error is a sentence for who typed.
func Parse(text string) (Weekly, error) {
	whole, part, _ := strings.Cut(strings.TrimSpace(text), ".")
	if !digits(whole, 1, 9) || !digits(part, 0, 2) || strings.HasSuffix(strings.TrimSpace(text), ".") {
		return 0, errShape
	}
	count, _ := strconv.Atoi(whole) // digits, and few
	hundredths, _ := strconv.Atoi((part + "00")[:2])
	switch {
	case count > int(Most/Hour) || count == int(Most/Hour) && hundredths > 0:
		return 0, errMost
	case hundredths*int(Hour)%100 != 0:
		return 0, errExact
	}
	return Weekly(count)*Hour + Weekly(hundredths)*Hour/100, nil
}

func digits(text string, least, most int) bool {
	return len(text) >= least && len(text) <= most && strings.Trim(text, "0123456789") == ""
}

// Plain is the number alone: "12.5".
func (w Weekly) Plain() string {
	return strconv.FormatFloat(math.Round(float64(w)/float64(Hour)*100)/100, 'f', -1, 64)
}

// String is "12.5 hours" or "1 hour".
func (w Weekly) String() string {
	if w == Hour {
		return "1 hour"
	}
	return w.Plain() + " hours"
}

// Share is how much of full time it is, in whole percent; empty where full time is not known.
func (w Weekly) Share(full Weekly) string {
	if full <= 0 {
		return ""
	}
	return fmt.Sprintf("%d%%", (int(w)*100+int(full)/2)/int(full))
}
