package provision

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/hours"
)

// Registration says whether the place is registered as a school.
type Registration string

// The ways a place can be registered.
const (
	Registered    Registration = "registered"
	NotRegistered Registration = "not_registered"
	NotKnown      Registration = "not_known"
)

// Registrations in the order forms list them, with their names.
var Registrations = []struct {
	Registration Registration
	Name         string
}{{Registered, "Registered as a school"}, {NotRegistered, "Not registered as a school"}, {NotKnown, "Not known whether it is registered"}}

// Name is the registration in words; empty for one that is not known here.
func (r Registration) Name() string {
	for _, one := range Registrations {
		if one.Registration == r {
			return one.Name
		}
	}
	return ""
}

// Arranger is who arranged the provision and answers for it.
type Arranger string

// BySchool is provision that the child's school arranged.
const BySchool Arranger = "school"

// Arrangers in the order forms list them, with their names.
var Arrangers = []struct {
	Arranger Arranger
	Name     string
}{{BySchool, "The school"}, {"council", "The council"}, {"virtual_school", "The Virtual School"}}

// Name is the arranger in words; empty for one that is not known.
func (a Arranger) Name() string {
	for _, one := range Arrangers {
		if one.Arranger == a {
			return one.Name
		}
	}
	return ""
}

// Finding is what a check of quality found.
type Finding string

// Weak is the finding after which the hours no longer count as education.
const Weak Finding = "weak"

// Findings in the order forms list them, with their names.
var Findings = []struct {
	Finding Finding
	Name    string
}{{"good", "Good enough"}, {"improve", "Needs to improve"}, {Weak, "Not good enough"}}

// Name is the finding in words; empty for one that is not known.
func (f Finding) Name() string {
	for _, one := range Findings {
		if one.Finding == f {
			return one.Name
		}
	}
	return ""
}

// Limits of texts, in characters.
const (
	NameLimit = 200
	TextLimit = 4000
)

// Entry is alternative provision as somebody records it.
type Entry struct {
	Place        string
	Registration Registration
	ArrangedBy   Arranger
	Purpose      string
	StartsOn     calendar.Date
	PlannedEnd   calendar.Date // the first day it no longer takes place, as planned
	EndedOn      calendar.Date // the first day it no longer took place; zero: it goes on
	Hours        hours.Weekly
}

func (e Entry) tidy() Entry {
	e.Place, e.Purpose = strings.Join(strings.Fields(e.Place), " "), strings.TrimSpace(e.Purpose)
	return e
}

// problems are about the fields place, registration, arranged_by, purpose, starts, ends, ended and hours.
func (e Entry) problems(today calendar.Date) error {
	var p fault.Problems
	switch length := utf8.RuneCountInString(e.Place); {
	case length == 0:
		p.Add("place", "Enter where it takes place")
	case length > NameLimit:
		p.Addf("place", "Use %d characters or fewer", NameLimit)
	}
	if e.Registration.Name() == "" {
		p.Add("registration", "Choose whether the place is registered as a school")
	}
	if e.ArrangedBy.Name() == "" {
		p.Add("arranged_by", "Choose who arranged it")
	}
	if utf8.RuneCountInString(e.Purpose) > TextLimit {
		p.Addf("purpose", "Use %d characters or fewer", TextLimit)
	}
	switch {
	case e.StartsOn.IsZero():
		p.Add("starts", "Enter the first day")
	case e.StartsOn.After(today.AddDays(60)):
		p.Add("starts", "First day must be no more than 60 days from today")
	case e.StartsOn.Before(today.AddYears(-15)):
		p.Add("starts", "First day must be within the last 15 years")
	default:
		if !e.PlannedEnd.IsZero() && (!e.PlannedEnd.After(e.StartsOn) || e.PlannedEnd.After(e.StartsOn.AddYears(5))) {
			p.Add("ends", "Planned end must be after the first day, and within five years of it")
		}
		if !e.EndedOn.IsZero() && (!e.EndedOn.After(e.StartsOn) || e.EndedOn.After(today.AddDays(1))) {
			p.Add("ended", "The end must be after the first day, and no later than tomorrow")
		}
	}
	if e.Hours < 1 || e.Hours > hours.Most {
		p.Addf("hours", "Hours a week must be more than 0, up to %s", hours.Most.Plain())
	}
	return p.Err()
}

// Check is a look at the quality of provision.
type Check struct {
	CheckedOn calendar.Date
	CheckedBy string // name and post of who went there
	Safe      bool   // safeguarding checks of its staff were seen
	Finding   Finding
	Words     string
}

func (c Check) tidy() Check {
	c.CheckedBy, c.Words = strings.Join(strings.Fields(c.CheckedBy), " "), strings.TrimSpace(c.Words)
	return c
}

// problems are about the fields checked, checked_by, finding and words.
func (c Check) problems(of Provision, today calendar.Date) error {
	var p fault.Problems
	switch {
	case c.CheckedOn.IsZero():
		p.Add("checked", "Enter the day of the check")
	case c.CheckedOn.After(today):
		p.Add("checked", "Day of the check must be today or earlier")
	case c.CheckedOn.Before(of.StartsOn.AddDays(-beforehand)):
		p.Addf("checked", "Day of the check must be no more than %d days before the first day", beforehand)
	}
	switch length := utf8.RuneCountInString(c.CheckedBy); {
	case length == 0:
		p.Add("checked_by", "Enter who checked it")
	case length > NameLimit:
		p.Addf("checked_by", "Use %d characters or fewer", NameLimit)
	}
	if c.Finding.Name() == "" {
		p.Add("finding", "Choose what was found")
	}
	switch length := utf8.RuneCountInString(c.Words); {
	case length == 0:
		p.Add("words", "Enter what was seen")
	case length > TextLimit:
		p.Addf("words", "Use %d characters or fewer", TextLimit)
	}
	return p.Err()
}

const (
	beforehand = 90 // days before the first day in which a visit counts as one for it

	// checkWeeks is how long a check of quality holds: about half a term, as the guidance has provision visited.
	checkWeeks = 7

	// fullTime is from where education counts as full time in law's eye (registration of independent schools): 18 hours a week.
	fullTime = 18 * hours.Hour
)

// Running says whether it takes place on a day.
func (p Provision) Running(on calendar.Date) bool {
	return calendar.Range{Start: p.StartsOn, End: p.EndedOn}.Contains(on)
}

// CheckBy is the day by which its quality is checked: before it begins, and every half term. Zero once it has ended.
func (p Provision) CheckBy() calendar.Date {
	switch {
	case !p.EndedOn.IsZero():
		return calendar.Date{}
	case p.CheckedOn.IsZero():
		return p.StartsOn
	}
	return calendar.Latest(p.StartsOn, calendar.Weeks(p.CheckedOn, checkWeeks))
}

// Faults are what is wrong with provision that takes place on a day, the worst first.
func (p Provision) Faults(today calendar.Date) []string {
	if !p.Running(today) {
		return nil
	}
	var faults []string
	add := func(wrong bool, words string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(words, args...))
		}
	}
	checked := !p.CheckedOn.IsZero()
	add(checked && !p.Safe, "Safeguarding checks of its staff were not seen")
	add(p.Finding == Weak, "Found not good enough on %s", p.CheckedOn.Words())
	add(p.Hours >= fullTime && p.Registration == NotRegistered, "Full-time education at a place that is not registered as a school")
	add(p.Registration == NotKnown, "Nobody knows whether the place is registered as a school")
	add(!checked, "Nobody has checked its quality")
	due := p.CheckBy()
	add(checked && due.Before(today), "Quality was to be checked again by %s", due.Words())
	add(p.PlannedEnd.IsZero(), "No end date")
	add(!p.PlannedEnd.IsZero() && p.PlannedEnd.Before(today), "Was to end on %s", p.PlannedEnd.Words())
	add(p.Purpose == "", "Nothing says what it is for")
	return faults
}
