package sheet

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
)

// mostPacked is how many sessions one string may have: two years of every day.
const mostPacked = 2 * 2 * 366

// unpack parts a string into sessions. Between commas or spaces a mark may have two characters, or stand for
// a day when its two characters are no code; without them each character is a mark.
func unpack(text string, parse func(string) (mark.Code, error)) ([]mark.Code, error) {
	var codes []mark.Code
	add := func(one string) error {
		code, err := parse(one)
		if err != nil {
			return fmt.Errorf("session %d: %w", len(codes)+1, err)
		}
		if codes = append(codes, code); len(codes) > mostPacked {
			return fmt.Errorf("a string has at most %d sessions", mostPacked)
		}
		return nil
	}
	text = strings.TrimSpace(strings.TrimPrefix(text, "'"))
	if !strings.ContainsAny(text, " ,;|") {
		for _, r := range text {
			if err := add(string(r)); err != nil {
				if r >= '0' && r <= '9' {
					return nil, fmt.Errorf("session %d has a code of two characters. Put spaces or commas between the marks, so that they can be told apart", len(codes))
				}
				return nil, err
			}
		}
		return codes, nil
	}
	separator := " "
	for _, s := range []string{",", ";", "|"} {
		if strings.Contains(text, s) {
			separator = s
			break
		}
	}
	for one := range strings.SplitSeq(text, separator) {
		one = strings.TrimSpace(one)
		if separator == " " && one == "" {
			continue
		}
		halves := []string{one}
		if first, second, parted := mark.SplitDay(one); parted && utf8.RuneCountInString(one) == 2 {
			halves = []string{first, second}
		}
		for _, half := range halves {
			if err := add(half); err != nil {
				return nil, err
			}
		}
	}
	return codes, nil
}

// weekends is what a row says of how strings are packed.
type weekends int

const (
	silent  weekends = iota // it is too short to say
	kept                    // days without school stand where weekends would
	skipped                 // marks stand where weekends would
)

func weekendsOf(start calendar.Date, codes []mark.Code) weekends {
	said := silent
	for i, code := range codes {
		day := start.AddDays(i / 2).Weekday()
		if day != time.Saturday && day != time.Sunday {
			continue
		}
		if code != "" && code != "#" && code != "Z" {
			return skipped
		}
		said = kept
	}
	return said
}

// packing reads the whole file once to see whether its strings have weekends in them: they do only when
// no string has a mark where a weekend would be.
func (p *Plan) packing(file *table.File) error {
	rows, err := file.Rows(func(table.Problem) {})
	if err != nil {
		return err
	}
	defer rows.Close()
	votes := silent
	for row := range rows.All() {
		start, err := table.ParseDate(row.Get(p.start))
		if err != nil || start.IsZero() {
			continue
		}
		codes, err := unpack(row.Get(p.marks), func(one string) (mark.Code, error) {
			code, err := mark.Parse(one)
			if err != nil && utf8.RuneCountInString(one) == 1 {
				return mark.Unknown, nil // a code of the school's own is a mark, wherever it stands
			}
			return code, err
		})
		if err != nil {
			continue
		}
		votes = max(votes, weekendsOf(start, codes))
	}
	p.sevenDays = votes == kept
	return rows.Err()
}

// dayOf is the day of the nth session of a string.
func (p *Plan) dayOf(start calendar.Date, n int) calendar.Date {
	if p.sevenDays {
		return start.AddDays(n / 2)
	}
	gone := int(start.Weekday()+6)%7 + n/2 // days of school since the Monday of the first week
	return start.Monday().AddDays(gone/5*7 + gone%5)
}
