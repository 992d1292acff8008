package gias

import (
	"fmt"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/table"
)

func (r *reader) setting(row table.Row) (Setting, bool) {
	s := Setting{Line: row.Line}
	var ok bool
	if s.URN, ok = r.urn("URN"); !ok {
		return s, false
	}
	if line, twice := r.seen[s.URN]; twice {
		r.say("URN", "urn-twice", table.Error, fmt.Sprintf("The same URN is on line %d. This row is left out.", line))
		return s, false
	}
	r.seen[s.URN] = row.Line
	if s.Name = r.text("EstablishmentName"); s.Name == "" {
		r.say("EstablishmentName", "no-name", table.Error, "The setting has no name. The row is left out.")
		return s, false
	}
	if s.Status, ok = r.status(); !ok {
		return s, false
	}
	s.AuthorityCode, s.AuthorityName = r.padded("LA (code)", 3), r.word("LA (name)")
	s.EstablishmentNumber = r.padded("EstablishmentNumber", 4)
	s.TypeName = r.word("TypeOfEstablishment (name)")
	s.TypeCode = r.code("TypeOfEstablishment (code)", s.TypeName, typeNames)
	s.TypeGroupName = r.word("EstablishmentTypeGroup (name)")
	s.TypeGroupCode = r.code("EstablishmentTypeGroup (code)", "", nil)
	s.ReasonOpened, s.ReasonClosed = r.word("ReasonEstablishmentOpened (name)"), r.word("ReasonEstablishmentClosed (name)")
	s.Opened, s.Closed = r.date("OpenDate"), r.date("CloseDate")
	s.PhaseName = r.word("PhaseOfEducation (name)")
	s.PhaseCode = r.code("PhaseOfEducation (code)", s.PhaseName, phaseNames)
	s.LowAge, s.HighAge = r.age("StatutoryLowAge"), r.age("StatutoryHighAge")
	s.Boarders, s.Gender = r.word("Boarders (name)"), r.word("Gender (name)")
	s.Nursery = yesNo(r.get("NurseryProvision (name)"), "hasnurseryclasses", "nonurseryclasses")
	s.SixthForm = yesNo(r.get("OfficialSixthForm (name)"), "hasasixthform", "doesnothaveasixthform")
	s.ReligiousCharacter, s.Admissions = r.word("ReligiousCharacter (name)"), r.word("AdmissionsPolicy (name)")
	s.UKPRN = r.ukprn()
	r.contact(&s)
	r.provision(&s)
	s.Changed = r.date("LastChangedDate")
	return s, true
}

func (r *reader) contact(s *Setting) {
	s.Street, s.Locality, s.Address3 = r.text("Street"), r.text("Locality"), r.text("Address3")
	s.Town, s.County, s.Postcode = r.word("Town"), r.word("County (name)"), strings.ToUpper(r.text("Postcode"))
	s.Website = r.text("SchoolWebsite")
	s.Telephone = telephone(r.text("TelephoneNum"))
	s.HeadName = strings.Join(strings.Fields(r.word("HeadTitle (name)")+" "+r.text("HeadFirstName")+" "+r.text("HeadLastName")), " ")
	s.HeadJobTitle = r.word("HeadPreferredJobTitle")
}

func (r *reader) provision(s *Setting) {
	for _, column := range senColumns {
		if need := r.word(column); need != "" && !strings.EqualFold(need, "not applicable") {
			s.SEN = append(s.SEN, need)
		}
	}
	s.ResourcedProvision = r.word("TypeOfResourcedProvision (name)")
	s.Section41, s.SENPRU = r.word("Section41Approved (name)"), r.word("SENPRU (name)")
	s.Rating, s.RatedOn = r.word("OfstedRating (name)"), r.date("OfstedLastInsp")
	s.AuthorityGSS = r.word("GSSLACode (name)")
	s.Easting, s.Northing = r.grid("Easting"), r.grid("Northing")
}

var senColumns = func() (names []string) {
	for n := range 13 {
		names = append(names, fmt.Sprintf("SEN%d (name)", n+1))
	}
	return names
}()

func (r *reader) urn(column string) (int, bool) {
	urn, err := identifier.ParseURN(r.get(column))
	if err != nil {
		r.say(column, "bad-urn", table.Error, err.Error()+". The row is left out.")
		return 0, false
	}
	n, err := strconv.Atoi(string(urn))
	return n, err == nil
}

func (r *reader) status() (Status, bool) {
	if text := r.get("EstablishmentStatus (code)"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && statusCodes[n] != "" {
			return statusCodes[n], true
		}
		r.say("EstablishmentStatus (code)", "bad-status", table.Error, "This is not a status of the register (1 open, 2 closed, 3 open but proposed to close, 4 proposed to open). The row is left out.")
		return "", false
	}
	if s, ok := statusNames[folded(r.get("EstablishmentStatus (name)"))]; ok {
		return s, true
	}
	r.say("EstablishmentStatus (name)", "bad-status", table.Error, "Nothing says whether the setting is open. The row is left out.")
	return "", false
}

// code reads a code as a number, or finds it by its name where the file has only
// names. A code that is neither is told and taken as 0.
func (r *reader) code(column, name string, names map[string]int) int {
	text := r.get(column)
	if text == "" {
		if name == "" || names == nil {
			return 0
		}
		n, ok := names[folded(name)]
		if !ok {
			r.say(strings.Replace(column, "(code)", "(name)", 1), "unknown-name", table.Warning, "This name is not in the register's list. It is kept without a code.")
		}
		return n
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		r.say(column, "bad-code", table.Warning, "A code of the register is a number. The code is left out.")
		return 0
	}
	return n
}

// padded reads a number of fixed width, giving back zeros that a spreadsheet took.
func (r *reader) padded(column string, width int) string {
	text := r.get(column)
	if text == "" {
		return ""
	}
	if len(text) > width || strings.Trim(text, "0123456789") != "" {
		r.say(column, "bad-number", table.Warning, fmt.Sprintf("This should be a number of %d digits. It is left out.", width))
		return ""
	}
	if len(text) == width {
		if kept, ok := r.words[text]; ok {
			return kept
		}
		return strings.Clone(text)
	}
	return strings.Repeat("0", width-len(text)) + text
}

// date reads a day. The register writes 01-01-1900 where it does not know, and a
// spreadsheet's day 0 comes out as the day before.
func (r *reader) date(column string) calendar.Date {
	day, err := table.ParseDate(r.get(column))
	if err != nil {
		r.say(column, "bad-date", table.Warning, fmt.Sprintf("%s %s. It is left out.", column, err))
		return calendar.Date{}
	}
	if day == calendar.New(1900, 1, 1) || day == calendar.New(1899, 12, 31) {
		return calendar.Date{}
	}
	return day
}

func (r *reader) age(column string) *int {
	return r.number(column, 0, 120, "An age is a whole number of years.")
}

// grid reads a coordinate of the national grid, which the register leaves 0 where
// it has none.
func (r *reader) grid(column string) *int {
	n := r.number(column, 0, 1_300_000, "A coordinate is a whole number of metres.")
	if n != nil && *n == 0 {
		return nil
	}
	return n
}

func (r *reader) number(column string, least, most int, words string) *int {
	text := r.get(column)
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		r.say(column, "bad-number", table.Warning, words+" It is left out.")
		return nil
	}
	return &n
}

func (r *reader) ukprn() string {
	text := r.get("UKPRN")
	if text == "" {
		return ""
	}
	n, err := identifier.ParseUKPRN(text)
	if err != nil {
		r.say("UKPRN", "bad-ukprn", table.Warning, err.Error()+". It is left out.")
		return ""
	}
	return strings.Clone(string(n))
}

func yesNo(cell, yes, no string) *bool {
	var answer bool
	switch folded(cell) {
	case yes:
		answer = true
	case no:
	default:
		return nil
	}
	return &answer
}

// telephone gives back the 0 that spreadsheets and the register take from the
// front of a number of the United Kingdom, which then has 9 or 10 digits.
func telephone(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '(' || r == ')' {
			return -1
		}
		return r
	}, text)
	if n := len(digits); (n == 9 || n == 10) && digits[0] != '0' && strings.Trim(digits, "0123456789") == "" {
		return "0" + digits
	}
	return text
}

type linkKey struct {
	urn, other int
	kind       string
}

func (r *reader) link(row table.Row, seen map[linkKey]int) (Link, bool) {
	l := Link{Line: row.Line}
	var ok bool
	if l.URN, ok = r.urn("URN"); !ok {
		return l, false
	}
	if l.LinkURN, ok = r.urn("LinkURN"); !ok {
		return l, false
	}
	if l.URN == l.LinkURN {
		r.say("LinkURN", "links-itself", table.Error, "The setting is linked to itself. The row is left out.")
		return l, false
	}
	if l.Type = r.word("LinkType"); l.Type == "" {
		r.say("LinkType", "no-type", table.Error, "Nothing says how the two settings are linked. The row is left out.")
		return l, false
	}
	key := linkKey{l.URN, l.LinkURN, l.Type}
	if line, twice := seen[key]; twice {
		r.say("LinkURN", "link-twice", table.Warning, fmt.Sprintf("The same link is on line %d. This row is passed over.", line))
		return l, false
	}
	seen[key] = row.Line
	l.LinkName, l.Established = r.text("LinkName"), r.date("LinkEstablishedDate")
	return l, true
}
