package voice

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// Audience is who may see a child's words, as the child chose.
type Audience string

const (
	Everyone   Audience = "everyone"    // who comes to the meeting and works with the plan
	SocialWork Audience = "social_work" // the social worker and the Virtual School
)

// Audiences in the order a form offers them.
var Audiences = []Audience{Everyone, SocialWork}

// Name is the audience as staff read it.
func (a Audience) Name() string {
	return map[Audience]string{Everyone: "Everyone at the meeting", SocialWork: "Only the social worker and the Virtual School"}[a]
}

// socialWork are the roles for which words kept to few are. It mirrors protect_audience in
// migration 000011.
var socialWork = []access.Role{access.Head, access.Deputy, access.LeadAdvisor, access.Advisor, access.SupportAdvisor, access.SocialWorker, access.Service}

// HeardBy says whether a role may see what was said to this audience.
func (a Audience) HeardBy(role access.Role) bool {
	return a == Everyone || a == SocialWork && slices.Contains(socialWork, role)
}

// State is how far a wish has come.
type State string

const (
	Open      State = "open"
	Answered  State = "answered"
	Withdrawn State = "withdrawn"
)

// Kind is what came of a wish.
type Kind string

const (
	Done       Kind = "done"
	WillHappen Kind = "will_happen"
	Cannot     Kind = "cannot"
)

// Kinds in the order a form offers them.
var Kinds = []Kind{Done, WillHappen, Cannot}

// Name is the kind on screen.
func (k Kind) Name() string {
	return map[Kind]string{Done: "It is done", WillHappen: "It will happen", Cannot: "It cannot happen"}[k]
}

// Limits of what can be typed, in characters.
const (
	WordsMax = 1000
	NoteMax  = 1000
)

// Answer is what somebody answered to a wish.
type Answer struct {
	ID        int64         `json:"id"`
	Kind      Kind          `json:"kind"`
	Words     string        `json:"words"`
	HappensBy calendar.Date `json:"happens_by"`
	By        string        `json:"by"`
	At        time.Time     `json:"at"`
	ToldOn    calendar.Date `json:"told_on"` // zero: the child has not been told
	ToldBy    string        `json:"told_by"`
}

// On is the day the answer was given.
func (a Answer) On() calendar.Date { return calendar.Of(a.At) }

// Told says whether the child knows of the answer.
func (a Answer) Told() bool { return !a.ToldOn.IsZero() }

// Wish is one thing a child asked for.
type Wish struct {
	ID            int64
	ChildID       int64
	PEPID         int64 // 0: between plans
	Words         string
	SaidOn        calendar.Date
	Audience      Audience
	State         State
	FromLink      bool // the young person wrote it, on a page of their own
	RecordedBy    string
	RecordedAt    time.Time
	Answers       []Answer // in order; the last one holds
	WithdrawnNote string
	WithdrawnBy   string
	WithdrawnAt   *time.Time
	Version       int
}

// Answer is the one that holds; false while there is none.
func (w Wish) Answer() (Answer, bool) {
	if len(w.Answers) == 0 {
		return Answer{}, false
	}
	return w.Answers[len(w.Answers)-1], true
}

// AnsweredOn is the day of the first answer; zero while there is none.
func (w Wish) AnsweredOn() calendar.Date {
	if len(w.Answers) == 0 {
		return calendar.Date{}
	}
	return w.Answers[0].On()
}

// Promised is the day by which it was promised to happen; false when no promise stands.
func (w Wish) Promised() (calendar.Date, bool) {
	answer, answered := w.Answer()
	return answer.HappensBy, answered && w.State == Answered && answer.Kind == WillHappen
}

// Answerable says whether somebody may answer: it is open, or a promise waits to be kept.
func (w Wish) Answerable() bool {
	_, promised := w.Promised()
	return w.State == Open || promised
}

// Waiting is for how many working days an open wish has waited; 0 for any other.
func (w Wish) Waiting(working calendar.WorkingDays, today calendar.Date) int {
	if w.State != Open {
		return 0
	}
	return working.Between(w.SaidOn, today)
}

// Due is by when an answer is expected: the council's number of working days after it was said, or
// the day promised. Zero when nothing is expected.
func (w Wish) Due(working calendar.WorkingDays, days int) calendar.Date {
	if promised, ok := w.Promised(); ok {
		return promised
	}
	if w.State != Open {
		return calendar.Date{}
	}
	return working.Add(w.SaidOn, days)
}

// Late says whether an answer, or what was promised, is past its day.
func (w Wish) Late(working calendar.WorkingDays, days int, today calendar.Date) bool {
	if promised, ok := w.Promised(); ok {
		return promised.Before(today)
	}
	return w.Waiting(working, today) > days
}

// OpenOf are the wishes that wait for an answer, the longest waiting first.
func OpenOf(wishes []Wish) []Wish {
	open := slices.DeleteFunc(slices.Clone(wishes), func(w Wish) bool { return w.State != Open })
	slices.SortStableFunc(open, func(a, b Wish) int { return a.SaidOn.Compare(b.SaidOn) })
	return open
}

// NewWish is a wish to be recorded. PEPID is 0 between plans.
type NewWish struct {
	ChildID, PEPID int64
	Words          string
	SaidOn         calendar.Date
	Audience       Audience
}

// Check finds what is wrong with a wish that a person of this role writes down.
func (n NewWish) Check(role access.Role, careStart, today calendar.Date) fault.Problems {
	var problems fault.Problems
	checkText(&problems, "words", "What the child asked for", "Enter what the child asked for", n.Words, WordsMax)
	switch {
	case n.SaidOn.IsZero():
		problems.Add("said", "Enter the day the child said it")
	case n.SaidOn.After(today):
		problems.Add("said", "The day the child said it cannot be in the future")
	case n.SaidOn.Before(careStart):
		problems.Add("said", "The day the child said it must be after coming into care on "+careStart.Words())
	}
	switch {
	case n.Audience.Name() == "":
		problems.Add("audience", "Choose who may see it")
	case !n.Audience.HeardBy(role):
		problems.Add("audience", "Choose “"+Everyone.Name()+"”: you would not see it yourself")
	}
	return problems
}

// NewAnswer is an answer to be given. ToldOn is zero while the child has not been told.
type NewAnswer struct {
	Kind      Kind
	Words     string
	HappensBy calendar.Date // with WillHappen only
	ToldOn    calendar.Date
}

// Check finds what is wrong with an answer given today.
func (n NewAnswer) Check(today calendar.Date) fault.Problems {
	var problems fault.Problems
	if n.Kind.Name() == "" {
		problems.Add("kind", "Choose what comes of it")
	}
	missing := "Say it to the child in plain words"
	if n.Kind == Cannot {
		missing = "Say why it cannot happen, in plain words"
	}
	checkText(&problems, "answer", "The answer", missing, n.Words, WordsMax)
	switch {
	case n.Kind == WillHappen && n.HappensBy.IsZero():
		problems.Add("by", "Enter the day by which it will happen")
	case n.Kind == WillHappen && n.HappensBy.Before(today):
		problems.Add("by", "The day by which it will happen cannot be in the past. Choose “"+Done.Name()+"”, or enter a new day")
	case n.Kind == WillHappen && n.HappensBy.After(today.AddYears(1)):
		problems.Add("by", "The day by which it will happen must be within a year")
	case n.Kind != WillHappen && !n.HappensBy.IsZero():
		problems.Add("by", "Leave the day empty, or choose “"+WillHappen.Name()+"”")
	}
	if !n.ToldOn.IsZero() && n.ToldOn != today {
		problems.Add("told", "The child cannot have been told before the answer was given or in the future")
	}
	return problems
}

// checkTold finds what is wrong with the day on which a child was told of an answer.
func checkTold(told, answered, today calendar.Date) fault.Problems {
	var problems fault.Problems
	switch {
	case told.IsZero():
		problems.Add("told", "Enter the day the child was told")
	case told.After(today):
		problems.Add("told", "The day the child was told cannot be in the future")
	case told.Before(answered):
		problems.Add("told", "The child cannot have been told before the answer was given on "+answered.Words())
	}
	return problems
}

func checkText(problems *fault.Problems, field, label, missing, text string, most int) {
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(text) == "":
		problems.Add(field, missing)
	case n > most:
		problems.Addf(field, "%s must be %d characters or fewer. It is %d.", label, most, n)
	case strings.ContainsRune(text, 0):
		problems.Add(field, label+" has a character that cannot be used. Type it again without it.")
	}
}
