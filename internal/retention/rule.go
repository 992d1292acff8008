package retention

import (
	"fmt"

	"virtualschool/internal/calendar"
)

// Facts are what decides how long a record is kept.
type Facts struct {
	DateOfBirth      calendar.Date
	DiedOn           calendar.Date // zero: care did not end so
	AdoptedOn        calendar.Date // the day of the order that closed the file; zero: none
	WasInCare        bool
	LastContact      calendar.Date // the newest note, or the last change of the record itself
	YearsWithoutCare int           // the council's rule for those who were never in care
}

// Kept is until when a record is kept, that day included, and why.
type Kept struct {
	Until  calendar.Date
	Why    string
	Source string
}

// Years that a record is kept.
const (
	afterBirth    = 75
	afterDeath    = 15
	afterAdoption = 100
)

// Where the rules come from.
const (
	careSource     = "Care Planning, Placement and Case Review Regulations 2010, regulation 50"
	adoptionSource = "Disclosure of Adoption Information (Post-Commencement Adoptions) Regulations 2005, regulation 6"
	ownSource      = "the council’s own rule"
)

// Rule says until when a record is kept (R50). What was done to a file that an adoption closed goes before
// the birthday; so does a death before the age of 18. An anniversary of 29 February is 1 March in a common
// year, the later of the two days it could be.
func Rule(f Facts) Kept {
	switch {
	case !f.AdoptedOn.IsZero():
		return Kept{calendar.Birthday(f.AdoptedOn, afterAdoption), "Adopted on " + f.AdoptedOn.Words() + ": kept 100 years from the order", adoptionSource}
	case !f.DiedOn.IsZero() && f.DiedOn.Before(calendar.Birthday(f.DateOfBirth, 18)):
		return Kept{calendar.Birthday(f.DiedOn, afterDeath), "Died on " + f.DiedOn.Words() + ", before the age of 18: kept 15 years from then", careSource}
	case f.WasInCare:
		return Kept{calendar.Birthday(f.DateOfBirth, afterBirth), "Was in care: kept until the 75th birthday", careSource}
	}
	return Kept{calendar.Birthday(f.LastContact, f.YearsWithoutCare), fmt.Sprintf("Never in care: kept %d years from the last contact, on %s", f.YearsWithoutCare, f.LastContact.Words()), ownSource}
}

// Over says whether the time is over: from the day after the last one.
func (k Kept) Over(today calendar.Date) bool { return k.Until.Before(today) }

// Choice is something to choose, and how it is said.
type Choice struct{ Value, Text string }

// Kinds are why a record is kept longer than its rule.
var Kinds = []Choice{
	{"claim", "A claim or a case before a court"}, {"inquiry", "A public inquiry or a review has asked for it"},
	{"person", "The person it is about asked for it"}, {"other", "Something else"},
}

// KindText is how a kind is said; the value itself when it is none.
func KindText(kind string) string {
	for _, choice := range Kinds {
		if choice.Value == kind {
			return choice.Text
		}
	}
	return kind
}

var against = map[string]string{
	"in_care":        "In care today: the date of birth or the care is wrong",
	"hold":           "It is held",
	"subject_access": "Somebody waits to see the record",
	"correction":     "Something that was said about the record is not decided",
	"money":          "Money is not closed: a request, a payment or its year",
}

// AgainstText is what stands against deleting a record, in words.
func AgainstText(key string) string { return against[key] }
