package forms

import "virtualschool/internal/calendar"

// Known names a fact that the record already holds and a question may offer as its answer.
type Known string

const (
	KnownSchool      Known = "school"
	KnownSEN         Known = "sen"
	KnownAttendance  Known = "attendance"  // percent of possible sessions this academic year
	KnownSuspensions Known = "suspensions" // days this academic year
)

// knownTypes are the types of question that can take each fact.
var knownTypes = map[Known]Type{
	KnownSchool:      TypeText,
	KnownSEN:         TypeChoice,
	KnownAttendance:  TypeNumber,
	KnownSuspensions: TypeNumber,
}

// KnownFact is a fact with where it comes from and how old it is.
type KnownFact struct {
	Value  string // in the form an answer stores
	Source string // "the school roll", "the 903 return"
	AsAt   calendar.Date
}

// KnownFacts are by name; a fact the record does not hold is not there.
type KnownFacts map[Known]KnownFact
