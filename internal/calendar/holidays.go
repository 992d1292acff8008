package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/rickar/cal/v2/gb"
)

// Holiday is a bank holiday in England and Wales, on the day it is taken.
type Holiday struct {
	Date Date
	Name string
}

// EnglandBankHolidays computes the bank holidays of England and Wales for whole
// years, both ends included, substitute days in place of weekends, in order.
// Special days are proclaimed late and are known only from extra or from the
// published list; see WithPublished.
func EnglandBankHolidays(fromYear, toYear int, extra ...Holiday) []Holiday {
	var holidays []Holiday
	for year := fromYear; year <= toYear; year++ {
		for _, rule := range gb.Holidays {
			if _, taken := rule.Calc(year); !taken.IsZero() {
				holidays = append(holidays, Holiday{on(taken), rule.Name})
			}
		}
	}
	return tidy(append(holidays, extra...))
}

// usualInAYear is how many bank holidays an ordinary year has.
const usualInAYear = 8

// WithPublished lays the published bank holidays over computed ones. A year the
// published list covers whole (eight days or more) is taken from it alone, so a
// moved holiday moves; in other years its days are added.
func WithPublished(computed, published []Holiday) []Holiday {
	count := map[int]int{}
	for _, h := range published {
		count[h.Date.Year]++
	}
	var merged []Holiday
	for _, h := range computed {
		if count[h.Date.Year] < usualInAYear {
			merged = append(merged, h)
		}
	}
	return tidy(append(merged, published...))
}

// tidy sorts by day and keeps the first name given to each day.
func tidy(holidays []Holiday) []Holiday {
	slices.SortStableFunc(holidays, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	return slices.CompactFunc(holidays, func(a, b Holiday) bool { return a.Date == b.Date })
}

// ParseBankHolidays reads the England and Wales events of gov.uk's
// bank-holidays.json. It refuses a file without any.
func ParseBankHolidays(r io.Reader) ([]Holiday, error) {
	var file map[string]struct {
		Events []struct {
			Title string `json:"title"`
			Date  Date   `json:"date"`
		} `json:"events"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fmt.Errorf("this is not a bank holidays file: %w", err)
	}
	var holidays []Holiday
	for _, event := range file["england-and-wales"].Events {
		if event.Date.IsZero() {
			return nil, fmt.Errorf("bank holiday %q has no date", event.Title)
		}
		holidays = append(holidays, Holiday{event.Date, event.Title})
	}
	if len(holidays) == 0 {
		return nil, errors.New("the file has no bank holidays for England and Wales")
	}
	return tidy(holidays), nil
}
