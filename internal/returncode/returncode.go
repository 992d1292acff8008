// Package returncode is the code lists of the children looked after return
// (SSDA903): what each code means and the days on which it was in use. Codes
// change meaning by date, so the raw code is kept in the database and put into
// words when it is read.
package returncode

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"

	"virtualschool/internal/calendar"
)

// codes.csv holds the codes of the return, what they mean and the first and last
// day of their use. The codes and dates are facts of the return, checked against
// the public validator for the SSDA903 by Data to Insight (rules of 2024/25 and
// the schema changes between years); the words are ours.
//
//go:embed codes.csv
var codesCSV string

// Code is one entry of one of the return's code lists, such as C2 of LS.
type Code struct {
	Set, Code, Label  string
	FirstDay, LastDay calendar.Date // zero: always, or still
}

// InUse says whether the code was in use on a day. No day counts as in use.
func (c Code) InUse(on calendar.Date) bool {
	return on.IsZero() || !on.Before(c.FirstDay) && (c.LastDay.IsZero() || !on.After(c.LastDay))
}

var codes = load(codesCSV)

func load(text string) map[string]Code {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic("returncode: codes.csv: " + err.Error())
	}
	day := func(s string) calendar.Date {
		if s == "" {
			return calendar.Date{}
		}
		return calendar.MustParse(s)
	}
	all := make(map[string]Code, len(rows))
	for _, r := range rows[1:] {
		all[r[0]+" "+r[1]] = Code{r[0], r[1], r[2], day(r[3]), day(r[4])}
	}
	return all
}

// LookUp finds a code in one of the return's lists, named as its column is (LS,
// PLACE, REC …). The code must be in capitals.
func LookUp(set, code string) (Code, bool) {
	c, ok := codes[set+" "+code]
	return c, ok
}

// Label is what a code means, or the code itself when it is not known.
func Label(set, code string) string {
	if c, ok := LookUp(set, code); ok {
		return c.Label
	}
	return code
}

// ShortBreaks says whether a legal status is a series of short breaks. Those
// children are not in the virtual school's cohort and have no personal education
// plan (Care Planning Regulations 2010 reg. 48).
func ShortBreaks(legalStatus string) bool { return legalStatus == "V3" || legalStatus == "V4" }

// Temporary says whether a placement code is a temporary move, which does not
// end the placement the child will go back to.
func Temporary(placement string) bool {
	return slices.Contains([]string{"T0", "T1", "T2", "T3", "T4"}, placement)
}

// TookPart says whether a review's participation code means that the child
// attended and made their views known (PN1 to PN3).
func TookPart(review string) bool { return review == "PN1" || review == "PN2" || review == "PN3" }

// InUse lists the codes of one of the return's lists that are in use on a day, by label.
func InUse(set string, on calendar.Date) []Code {
	var list []Code
	for _, c := range codes {
		if c.Set == set && c.InUse(on) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b Code) int { return cmp.Compare(a.Label, b.Label) })
	return list
}
