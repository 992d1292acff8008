package suspension

import (
	"fmt"

	"virtualschool/internal/calendar"
)

// Kind is what a school did.
type Kind string

// Kinds of event.
const (
	Suspension Kind = "suspension"
	Lunchtime  Kind = "lunchtime"
	Exclusion  Kind = "permanent_exclusion"
)

// Kinds in the order forms list them, with their names.
var Kinds = []struct {
	Kind Kind
	Name string
}{{Suspension, "Suspension"}, {Lunchtime, "Lunchtime suspension"}, {Exclusion, "Permanent exclusion"}}

// Name is the kind in words.
func (k Kind) Name() string {
	for _, one := range Kinds {
		if one.Kind == k {
			return one.Name
		}
	}
	return ""
}

// Reasons are the school census's codes for why, of which an event has one to three.
var Reasons = []struct{ Code, Name string }{
	{"PP", "Physical assault against a pupil"},
	{"PA", "Physical assault against an adult"},
	{"VP", "Verbal abuse or threatening behaviour against a pupil"},
	{"VA", "Verbal abuse or threatening behaviour against an adult"},
	{"OW", "Use or threat of use of an offensive weapon or prohibited item"},
	{"BU", "Bullying"},
	{"RA", "Racist abuse"},
	{"LG", "Abuse against sexual orientation or gender identity"},
	{"DS", "Abuse relating to disability"},
	{"SM", "Sexual misconduct"},
	{"DA", "Drug or alcohol related"},
	{"DM", "Damage"},
	{"TH", "Theft"},
	{"MT", "Inappropriate use of social media or online technology"},
	{"PH", "Wilful and repeated transgression of protective measures"},
	{"DB", "Persistent or general disruptive behaviour"},
}

// ReasonName is a reason code in words; empty for one that is not known.
func ReasonName(code string) string {
	for _, one := range Reasons {
		if one.Code == code {
			return one.Name
		}
	}
	return ""
}

// HalfDays is a length of suspension in half-days, so that nothing is lost to rounding.
type HalfDays int

// Days writes half-days as days: "2.5 days", "1 day".
func (h HalfDays) Days() string {
	switch {
	case h < 0:
		return "-" + (-h).Days()
	case h == 2:
		return "1 day"
	case h%2 == 0:
		return fmt.Sprintf("%d days", h/2)
	}
	return fmt.Sprintf("%d.5 days", h/2)
}

// State is how an event stands: nothing is deleted.
type State string

// States.
const (
	Stands     State = "stands"
	Cancelled  State = "cancelled"  // by the head teacher, before the governing board considered it
	Reinstated State = "reinstated" // by the governing board
)

// Name is the state in words.
func (s State) Name() string {
	return map[State]string{Stands: "Stands", Cancelled: "Cancelled", Reinstated: "Reinstated by the board"}[s]
}

// Exam is what a child would miss.
type Exam string

// Exams, which the governing board considers before they are held (R27).
const (
	NoExam       Exam = ""
	PublicExam   Exam = "public_exam"
	NationalTest Exam = "national_test"
)

// Name is the exam in words.
func (e Exam) Name() string {
	return map[Exam]string{PublicExam: "A public examination", NationalTest: "A national curriculum test"}[e]
}

const (
	yearLimit HalfDays = 90 // 45 school days
	warnFrom  HalfDays = 20 // 10 days left
)

// Counted is how much of an event counts towards the limits (R25): a permanent exclusion has no length.
// Days out of school before one was cancelled or the child reinstated count; those after do not.
func (e Event) Counted() HalfDays {
	switch {
	case e.State == Cancelled || e.State == Reinstated:
		return HalfDays(e.Served)
	case e.Kind == Exclusion:
		return 0
	}
	return HalfDays(e.Sessions)
}

// stands says whether an event has not been cancelled nor the child reinstated.
func (e Event) stands() bool { return e.State != Cancelled && e.State != Reinstated }

// Position is an academic year's suspensions against the 45 days (R26).
type Position struct {
	AcademicYear int
	Events       int
	Used         HalfDays
	Left         HalfDays // negative: over the limit
	Warn         bool     // 10 days or fewer are left
	Excluded     bool     // permanently, by some school
}

// PositionOf adds up a child's events of an academic year, over all schools. Of a suspension that runs over the
// summer each year has the days that fall in it.
func PositionOf(events []Event, academicYear int, days calendar.SchoolDays) Position {
	position := Position{AcademicYear: academicYear}
	for _, event := range events {
		position.Used += event.Within(calendar.AcademicYearRange(academicYear), days)
		if calendar.AcademicYear(event.StartsOn) != academicYear {
			continue
		}
		position.Events++
		position.Excluded = position.Excluded || event.Kind == Exclusion && event.stands()
	}
	position.Left = yearLimit - position.Used
	position.Warn = position.Left <= warnFrom
	return position
}

// Board is what the governing board must do about one school's term (R27).
type Board string

// What the board must do, least first.
const (
	BoardNone     Board = ""          // nothing was suspended, or nothing of it stands
	BoardMayHear  Board = "may_hear"  // up to 5 days: consider representations, cannot reinstate
	BoardIfAsked  Board = "if_asked"  // more than 5, up to 15: consider reinstatement if the parents represent
	BoardMustMeet Board = "must_meet" // more than 15 days, permanent, or an exam missed: consider reinstatement in any case
)

// More than these in a term at one school raises what the board must do; and its days for it.
const (
	fiveDays, fifteenDays HalfDays = 10, 30

	mustMeetSchoolDays, ifAskedSchoolDays = 15, 50
)

// The sixth school day is five after the first.
const sixthDay = 5

var boardWords = map[Board]string{
	BoardNone:     "",
	BoardMayHear:  "The governing board must consider any representations from parents. It cannot direct reinstatement.",
	BoardIfAsked:  "If parents make representations, the governing board must consider reinstatement within 50 school days.",
	BoardMustMeet: "The governing board must consider reinstatement within 15 school days, whether or not parents ask. The Virtual School Head and social worker are invited and may make representations.",
}

// Words is the duty in a sentence or two.
func (b Board) Words() string { return boardWords[b] }

// TermTest adds up a child's events at one school within one term, and says what the board must do. Of a
// suspension that runs over the end of term each term has the days that fall in it. Days served before one was
// cancelled are added up too, but the board owes nothing for a term in which no event stands.
func TermTest(events []Event, settingID int64, term calendar.Range, days calendar.SchoolDays) (HalfDays, Board) {
	var total HalfDays
	board, stands := BoardNone, false
	for _, event := range events {
		if event.SettingID != settingID {
			continue
		}
		within := event.Within(term, days)
		begins := term.Contains(event.begins(days))
		total += within
		stands = stands || event.stands() && (within > 0 || begins)
		if begins && event.stands() && (event.Kind == Exclusion || event.Exam != NoExam) {
			board = BoardMustMeet
		}
	}
	switch {
	case !stands:
		return total, BoardNone
	case board == BoardMustMeet || total > fifteenDays:
		return total, BoardMustMeet
	case total > fiveDays:
		return total, BoardIfAsked
	case total > 0:
		return total, BoardMayHear
	}
	return total, BoardNone
}
