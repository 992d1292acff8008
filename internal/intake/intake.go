package intake

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"virtualschool/internal/calendar"
)

// Kind is what sort of file an import is of.
type Kind string

// The kinds of import.
const (
	Register Kind = "gias" // the register of schools, and the links between them
	Return   Kind = "903"  // the children looked after return
	RollFile Kind = "roll" // our own CSV of names, schools and people

	Marks     Kind = "marks"     // attendance marks of a school's register
	Collected Kind = "collected" // attendance marks that a service asked schools for
	Census    Kind = "census"    // session totals of the school census, a check of the marks
)

// Kinds are all of them, in the order screens list them.
var Kinds = []Kind{Marks, Collected, Census, Return, RollFile, Register}

// Known says whether k is a kind of import.
func (k Kind) Known() bool { return slices.Contains(Kinds, k) }

// OfMarks says whether files of this kind hold attendance marks.
func (k Kind) OfMarks() bool { return k == Marks || k == Collected }

// Name is the kind in words.
func (k Kind) Name() string {
	switch k {
	case Register:
		return "Register of schools"
	case Return:
		return "Children looked after return (SSDA903)"
	case RollFile:
		return "Names, schools and people"
	case Marks:
		return "Attendance marks of school registers"
	case Collected:
		return "Attendance marks collected by a service"
	case Census:
		return "Session totals of the school census"
	}
	return string(k)
}

// State is how far an import has come.
type State string

// The states of an import. Checking and applying go on in the background.
const (
	Uploaded  State = "uploaded"
	Checking  State = "checking"
	Asking    State = "columns" // a person has to say what its columns hold
	Previewed State = "previewed"
	Applying  State = "applying"
	Applied   State = "applied"
	Failed    State = "failed"
	Discarded State = "discarded"
)

// Name is the state in words.
func (s State) Name() string {
	switch s {
	case Uploaded:
		return "Waiting to be checked"
	case Checking:
		return "Being checked"
	case Asking:
		return "Waiting to be told its columns"
	case Previewed:
		return "Ready to confirm"
	case Applying:
		return "Being applied"
	case Applied:
		return "Applied"
	case Failed:
		return "Not usable"
	case Discarded:
		return "Discarded"
	}
	return string(s)
}

// Running says whether something is going on in the background.
func (s State) Running() bool { return s == Uploaded || s == Checking || s == Applying }

// Counts are how many settings, links, children or rows an import meets, each counted once.
type Counts struct {
	New, Changed, Same, Conflict, Rejected int
}

// String is the one line that every import ends with.
func (c Counts) String() string {
	return fmt.Sprintf("new %d, changed %d, same %d, conflict %d, rejected %d", c.New, c.Changed, c.Same, c.Conflict, c.Rejected)
}

// What happens to the subject of a line of the preview.
const (
	ActionNew      = "new"
	ActionChanged  = "changed"
	ActionConflict = "conflict"
	ActionRejected = "rejected"
)

// Change is one fact before and after.
type Change struct {
	What   string `json:"what"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Item is one line of the preview.
type Item struct {
	ID      int64
	Action  string
	Key     string // the URN, or the authority's identifier of the child
	Name    string // of a setting; never of a child
	File    string
	Line    int
	ChildID int64 // 0: about no child on record
	Words   string
	Changes json.RawMessage // a list of Change
}

// Differences are the item's changes.
func (i Item) Differences() []Change {
	var changes []Change
	if err := json.Unmarshal(i.Changes, &changes); err != nil {
		return nil
	}
	return changes
}

// Problem is one finding in a file, as it was stored.
type Problem struct {
	ID       int64
	File     string
	Line     int // 0: the file as a whole
	Column   string
	Value    string
	Rule     string
	Severity string // error, warning or info
	Text     string
	About    string // the identifier of the child or setting
	ChildID  int64
}

// Import is one import as pages show it.
type Import struct {
	ID         int64
	Kind       Kind
	State      State
	Files      string // their names
	UploadedBy string
	UploadedAt time.Time
	AsAt       calendar.Date // zero: the file does not say
	Notice     string
	New        int
	Changed    int
	Same       int
	Conflict   int
	Rejected   int
	Done       int
	Total      int // 0: not known
	Failure    string
	AppliedBy  string
	AppliedAt  *time.Time
	Question   string   // what is asked about its columns
	Headings   []string // to answer with
	SettingID  int64    // the school whose file it is; 0: of several, or of none
	School     string
	DeliveryID int64 // of marks that went in; 0: none
	TakenBack  bool  // and they were taken back since
}

// Blocked says that nothing of the import can go in: marks go in all or none.
func (i Import) Blocked() bool { return i.Kind.OfMarks() && i.Rejected > 0 }

// Counts are the import's figures.
func (i Import) Counts() Counts {
	return Counts{i.New, i.Changed, i.Same, i.Conflict, i.Rejected}
}
