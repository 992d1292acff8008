package schoolplace

import (
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// Reason is why a child has no school place.
type Reason string

// Reasons in the order forms list them, with their names.
var Reasons = []struct {
	Reason Reason
	Name   string
}{{"moved", "Moved to live too far from the last school"}, {"into_care", "Had no place when coming into care"}, {"arrived", "New to the country"}, {"excluded", "Permanently excluded"},
	{"refused", "Schools have refused"}, {"special", "Waits for a special school or a named school"}, {"closed", "The school closed"}, {"other", "Something else"}}

// Name is the reason in words; empty for one that is not known.
func (r Reason) Name() string {
	for _, one := range Reasons {
		if one.Reason == r {
			return one.Name
		}
	}
	return ""
}

// Doer is who does the next task.
type Doer string

// Doers in the order forms list them, with their names. The last two are outside the Virtual School's own lists.
var Doers = []struct {
	Doer Doer
	Name string
}{{"advisor", "Education advisor"}, {"support_advisor", "Support advisor"}, {"social_worker", "Social worker"}, {"admissions", "The council’s admissions team"}, {"send", "The special educational needs team"}}

// Name is who it is in words; empty for one that is not known.
func (d Doer) Name() string {
	for _, one := range Doers {
		if one.Doer == d {
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

// Search is why there is no place and what comes next.
type Search struct {
	Reason    Reason
	Emergency bool // the placement was made in an emergency: 20 school days (R16)
	Note      string
	NextTask  string
	NextOn    calendar.Date
	NextBy    Doer
}

func (s Search) tidy() Search {
	s.Note, s.NextTask = strings.TrimSpace(s.Note), strings.Join(strings.Fields(s.NextTask), " ")
	return s
}

// problems are about the fields reason, note, task, task_on and task_by.
func (s Search) problems(today calendar.Date) error {
	var p fault.Problems
	if s.Reason.Name() == "" {
		p.Add("reason", "Choose why there is no place")
	}
	if utf8.RuneCountInString(s.Note) > TextLimit {
		p.Addf("note", "Use %d characters or fewer", TextLimit)
	}
	if s.NextTask == "" {
		p.Add("task", "Enter what is done next")
	} else if utf8.RuneCountInString(s.NextTask) > NameLimit {
		p.Addf("task", "Use %d characters or fewer", NameLimit)
	}
	if s.NextOn.IsZero() || s.NextOn.Before(today.AddDays(-30)) || s.NextOn.After(today.AddMonths(6)) {
		p.Add("task_on", "Enter a day by which it is done, no more than six months from today")
	}
	if s.NextBy.Name() == "" {
		p.Add("task_by", "Choose who does it")
	}
	return p.Err()
}

// StepKind is what was done or answered.
type StepKind string

// Kinds that rules ask about.
const (
	Asked     StepKind = "asked"
	Consulted StepKind = "consulted"
	Start     StepKind = "start"
	Referred  StepKind = "referred"
)

// StepKinds in the order forms list them, with their names. A step with a school is about one.
var StepKinds = []struct {
	Kind   StepKind
	Name   string
	School bool
}{{Asked, "School asked for a place", true}, {Consulted, "School consulted about the education, health and care plan", true}, {"offered", "Place offered", true}, {"refused", "Place refused", true},
	{"visit", "Visit or meeting at the school", true}, {"panel", "Taken to the fair access panel", false}, {"panel_decided", "Fair access panel decided", false},
	{"direction", "Direction to admit asked for", true}, {"directed", "School directed to admit", true}, {"appeal", "Appeal made", true}, {"appeal_decided", "Appeal decided", true},
	{Start, "First day agreed", true}, {Referred, "Referred as a child missing education", false}, {"other", "Something else", false}}

// Name is the kind in words; empty for one that is not known.
func (k StepKind) Name() string {
	for _, one := range StepKinds {
		if one.Kind == k {
			return one.Name
		}
	}
	return ""
}

func (k StepKind) ofSchool() bool {
	for _, one := range StepKinds {
		if one.Kind == k {
			return one.School
		}
	}
	return false
}

// Step is something done or answered on the way to a place.
type Step struct {
	Kind     StepKind
	TakenOn  calendar.Date
	School   string // as it is called; empty: about no one school
	Words    string
	Mistaken bool // entered by mistake
}

func (s Step) tidy() Step {
	s.School, s.Words = strings.Join(strings.Fields(s.School), " "), strings.TrimSpace(s.Words)
	return s
}

// problems are about the fields kind, taken, school and words.
func (s Step) problems(today calendar.Date) error {
	var p fault.Problems
	if s.Kind.Name() == "" {
		p.Add("kind", "Choose what was done")
	}
	switch {
	case s.TakenOn.IsZero():
		p.Add("taken", "Enter the day")
	case s.TakenOn.After(today):
		p.Add("taken", "The day must be today or earlier")
	case s.TakenOn.Before(today.AddYears(-15)):
		p.Add("taken", "The day must be within the last 15 years")
	}
	switch length := utf8.RuneCountInString(s.School); {
	case length == 0 && s.Kind.ofSchool():
		p.Add("school", "Enter which school")
	case length > NameLimit:
		p.Addf("school", "Use %d characters or fewer", NameLimit)
	}
	if s.Kind == "other" && s.Words == "" {
		p.Add("words", "Enter what was done")
	} else if utf8.RuneCountInString(s.Words) > TextLimit {
		p.Addf("words", "Use %d characters or fewer", TextLimit)
	}
	return p.Err()
}

// answerDays is how soon a school answers: in-year applications within 15 school days (School Admissions Code
// 2021, paragraph 2.28), and a consultation within 15 days (SEND code of practice, paragraph 9.83), here
// counted alike.
const answerDays = 15

// Unanswered is a school that was asked and has not answered.
type Unanswered struct {
	School string
	Asked  calendar.Date
	Due    calendar.Date // zero: the calendar does not reach
}

// UnansweredOf are the schools whose answer is still to come, the longest asked first. The steps are a
// child's, the latest first.
func UnansweredOf(steps []Taken, days calendar.SchoolDays) []Unanswered {
	seen := map[string]bool{}
	var open []Unanswered
	for _, step := range steps {
		name := strings.ToLower(step.School)
		if step.Mistaken || step.School == "" || seen[name] {
			continue
		}
		seen[name] = true
		if step.Kind == Asked || step.Kind == Consulted {
			due, _ := days.Add(step.TakenOn, answerDays)
			open = append([]Unanswered{{step.School, step.TakenOn, due}}, open...)
		}
	}
	return open
}
