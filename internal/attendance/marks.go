package attendance

import (
	"strings"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
)

// Mark is one session in a register: a child, at a setting, on a day, in the morning or the afternoon.
type Mark struct {
	ChildID   int64
	SettingID int64
	Day       calendar.Date
	Session   mark.Session
	Code      mark.Code
}

// Source is how marks came in. A more specific one stands against a less specific one that comes later:
// a school's register system, then what somebody at the school typed, then what somebody was told.
type Source string

// Sources, the more specific first.
const (
	RegisterFile Source = "register_file" // an extract of the school's register system
	SchoolTyped  Source = "school"        // typed by the school's people on their page
	SchoolLink   Source = "link"          // answered by the school through a signed link
	Collector    Source = "collector"     // a file of a service that collects attendance
	Phone        Source = "phone"         // typed by staff who asked
)

var sources = map[Source]struct {
	rank  int
	words string
}{
	RegisterFile: {3, "The school's register"},
	SchoolTyped:  {2, "Typed by the school"},
	SchoolLink:   {2, "Answered by the school"},
	Collector:    {1, "Collected by a service"},
	Phone:        {1, "Asked by phone"},
}

// Words is the source as screens say it.
func (s Source) Words() string { return sources[s].words }

// rank is nought for a source that is not known.
func (s Source) rank() int { return sources[s].rank }

// Delivery is what came in at once.
type Delivery struct {
	Source    Source
	SettingID int64  // 0: marks of several settings
	Label     string // the file's name, or what was said of the call; up to 200 characters
}

// Rule is why a mark is refused.
type Rule string

// The rules, each with what to do about it (Refusal.Text).
const (
	UnknownCode   Rule = "unknown_code"
	NoSession     Rule = "no_session"
	FutureDay     Rule = "future_day"
	TooOld        Rule = "too_old"
	ClosedDay     Rule = "closed_day"
	NotOnRoll     Rule = "not_on_roll"
	Twice         Rule = "twice"
	InTwoPlaces   Rule = "in_two_places"
	OtherSetting  Rule = "other_setting"
	NotYourSchool Rule = "not_your_school"
)

// Refusal is a mark that cannot be kept. Its words name no child.
type Refusal struct {
	Index int // of the mark, counted over all that were given to Add or Keep
	Rule  Rule
	Text  string
}

var refusalText = map[Rule]string{
	UnknownCode:   "{code} is not an attendance code for the {half} of {day}",
	NoSession:     "A mark must be for the morning or the afternoon",
	FutureDay:     "{day} is in the future",
	TooOld:        "{day} is too long ago",
	ClosedDay:     "By its calendar the school was closed on {day}. Correct the mark's day, or the school's term dates.",
	NotOnRoll:     "The child was not on roll at this school on {day}. Correct the mark's day, or the child's school history.",
	Twice:         "There are two different marks for the {half} of {day}",
	InTwoPlaces:   "Another school has the child present in the {half} of {day}",
	OtherSetting:  "This mark is for another school than the one it was sent for",
	NotYourSchool: "You can record marks for your own school only",
}

func refuse(index int, rule Rule, m Mark) Refusal {
	half := "morning"
	if m.Session == mark.PM {
		half = "afternoon"
	}
	words := strings.NewReplacer("{code}", string(m.Code), "{half}", half, "{day}", m.Day.Words())
	return Refusal{index, rule, words.Replace(refusalText[rule])}
}

// Result is what came of a delivery, counted in sessions.
type Result struct {
	DeliveryID int64
	New        int
	Same       int // there already, with the same code
	Corrected  int // replaced what was there, which is kept as a correction
	Stood      int // a more specific source's mark stood
	Ignored    int // said nothing of a child: a planned closure on a closed day, a place on roll still to come
	Refused    []Refusal
}

// Kept is how many marks now stand as delivered.
func (r Result) Kept() int { return r.New + r.Same + r.Corrected }
