package gias

import (
	"regexp"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
)

// Kind is what a file of the register holds.
type Kind string

const (
	Register Kind = "register of schools"
	Links    Kind = "links between schools"
)

// other gives the names that extracts of other years use for a column.
var other = map[string][]string{
	"LA (code)":                        {"Local authority (code)"},
	"LA (name)":                        {"Local authority (name)"},
	"EstablishmentNumber":              {"Establishment number"},
	"EstablishmentName":                {"Establishment name"},
	"TypeOfEstablishment (name)":       {"Type of establishment"},
	"EstablishmentStatus (name)":       {"Establishment status"},
	"ReasonEstablishmentOpened (name)": {"Reason establishment opened"},
	"ReasonEstablishmentClosed (name)": {"Reason establishment closed"},
	"OpenDate":                         {"Opening date", "Open date"},
	"CloseDate":                        {"Closing date", "Close date"},
	"PhaseOfEducation (name)":          {"Phase of education"},
	"StatutoryLowAge":                  {"Statutory lowest age", "Statutory low age"},
	"StatutoryHighAge":                 {"Statutory highest age", "Statutory high age"},
	"Boarders (name)":                  {"Boarders"},
	"NurseryProvision (name)":          {"Nursery provision"},
	"OfficialSixthForm (name)":         {"Sixth form", "Official sixth form"},
	"Gender (name)":                    {"Gender"},
	"ReligiousCharacter (name)":        {"Religious character"},
	"AdmissionsPolicy (name)":          {"Admissions policy"},
	"County (name)":                    {"County"},
	"SchoolWebsite":                    {"Website address"},
	"TelephoneNum":                     {"Telephone number"},
	"OfstedLastInsp":                   {"Ofsted last inspection"},
	"OfstedRating (name)":              {"Ofsted rating"},
	"TypeOfResourcedProvision (name)":  {"Type of resourced provision"},
	"Section41Approved (name)":         {"Section 41 approved"},
	"GSSLACode (name)":                 {"GSS LA code"},
	"HeadPreferredJobTitle":            {"Head preferred job title"},
	"EstablishmentTypeGroup (name)":    {"Establishment type group"},
	"LastChangedDate":                  {"Last changed date"},
	"EstablishmentTypeGroup (code)":    nil,
	"TypeOfEstablishment (code)":       nil,
	"EstablishmentStatus (code)":       nil,
	"PhaseOfEducation (code)":          nil,
	"OfficialSixthForm (code)":         nil,
	"URN":                              nil,
	"UKPRN":                            nil,
	"Street":                           nil,
	"Locality":                         nil,
	"Address3":                         nil,
	"Town":                             nil,
	"Postcode":                         nil,
	"HeadTitle (name)":                 nil,
	"HeadFirstName":                    nil,
	"HeadLastName":                     nil,
	"SENPRU (name)":                    nil,
	"Easting":                          nil,
	"Northing":                         nil,
}

func find(h table.Header, column string) int {
	if i := h.Find(column); i >= 0 {
		return i
	}
	return h.Find(other[column]...)
}

var linkColumns = []string{"URN", "LinkURN", "LinkName", "LinkType"}

// Recognise tells from its header which file of the register this is.
func Recognise(h table.Header) (Kind, bool) {
	if h.Has(linkColumns...) {
		return Links, true
	}
	if len(missing(h)) == 0 {
		return Register, true
	}
	return "", false
}

// missing gives the columns without which a register cannot be read.
func missing(h table.Header) []string {
	var names []string
	for _, column := range []string{"URN", "LA (code)", "EstablishmentName"} {
		if find(h, column) < 0 {
			names = append(names, column)
		}
	}
	for _, pair := range []string{"TypeOfEstablishment", "EstablishmentStatus"} {
		if find(h, pair+" (code)") < 0 && find(h, pair+" (name)") < 0 {
			names = append(names, pair+" (code)")
		}
	}
	return names
}

// blank is what the register's extracts write for nothing. "None" and "Not
// applicable" are values of some columns and stay.
func blank(cell string) bool {
	switch cell {
	case "", "NA", "N/A", "NULL":
		return true
	}
	return false
}

var eightDigits = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{6})(?:[^0-9]|$)`)

// dayInName reads the day of publication from a name such as
// edubasealldata20250422.csv; zero when there is none.
func dayInName(name string) calendar.Date {
	m := eightDigits.FindStringSubmatch(name)
	if m == nil {
		return calendar.Date{}
	}
	day, err := calendar.Parse(m[1][:4] + "-" + m[1][4:6] + "-" + m[1][6:])
	if err != nil {
		return calendar.Date{}
	}
	return day
}

// folded makes names of codes comparable between years: small letters, and
// nothing but letters and numbers.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}
