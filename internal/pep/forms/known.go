package forms

import (
	"maps"
	"slices"

	"virtualschool/internal/calendar"
)

// Known names a fact that the record already holds and a question may offer as its answer.
type Known string

const (
	KnownSchool        Known = "school"         // today's main roll
	KnownSchoolHistory Known = "school_history" // every main roll, a line each, the newest first
	KnownYearGroup     Known = "year_group"
	KnownSEN           Known = "sen"         // n, k or e
	KnownSENNeed       Known = "sen_need"    // the main area of need
	KnownAttendance    Known = "attendance"  // percent of possible sessions this academic year
	KnownSuspensions   Known = "suspensions" // days this academic year
	KnownPlacement     Known = "placement"   // what kind, never where
	KnownSocialWorker  Known = "social_worker"
	KnownTeacher       Known = "designated_teacher"
	KnownLastTargets   Known = "last_targets" // of the last signed-off plan, a line each
)

// knownTypes are the types of question that can take each fact.
var knownTypes = map[Known]Type{
	KnownSchool: TypeText, KnownSchoolHistory: TypeText, KnownYearGroup: TypeText, KnownSEN: TypeChoice, KnownSENNeed: TypeText,
	KnownAttendance: TypeNumber, KnownSuspensions: TypeNumber, KnownPlacement: TypeText, KnownSocialWorker: TypeText,
	KnownTeacher: TypeText, KnownLastTargets: TypeText,
}

func knownNames() []string { return names(slices.Sorted(maps.Keys(knownTypes))) }

// KnownFact is a fact with where it comes from and how old it is.
type KnownFact struct {
	Value  string // in the form an answer stores
	Source string // "the school roll", "the 903 return"
	AsAt   calendar.Date
}

// KnownFacts are by name; a fact the record does not hold is not there.
type KnownFacts map[Known]KnownFact

var knownWords = map[Known]string{
	KnownSchool: "the school roll", KnownSchoolHistory: "the school roll", KnownYearGroup: "the date of birth", KnownSEN: "the child’s record",
	KnownSENNeed: "the child’s record", KnownAttendance: "attendance recorded this school year", KnownSuspensions: "suspensions recorded this school year",
	KnownPlacement: "the care record", KnownSocialWorker: "the child’s record", KnownTeacher: "the school’s accounts", KnownLastTargets: "the last plan",
}

// From is where a fact comes from: "the school roll".
func (k Known) From() string { return knownWords[k] }
