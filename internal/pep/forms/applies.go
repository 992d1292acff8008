package forms

import (
	"slices"
	"strings"

	"virtualschool/internal/calendar"
)

// Circumstance is something about a child that a form can ask for.
type Circumstance string

// The first four are places: each child has one of them. They are told by the main roll and by the
// register's type of establishment.
const (
	AtSchool        Circumstance = "at_school" // a nursery, school or college that is not one of the next two
	AtSpecialSchool Circumstance = "at_special_school"
	AtAlternative   Circumstance = "at_alternative_provision" // a pupil referral unit or an academy in its place
	NoPlace         Circumstance = "no_place"

	SENSupport    Circumstance = "sen_support"
	EHCPlan       Circumstance = "ehc_plan"
	Unaccompanied Circumstance = "unaccompanied"
	LivesAway     Circumstance = "lives_away" // placed outside the authority
)

// Places are the circumstances of which each child has one.
var Places = []Circumstance{AtSchool, AtSpecialSchool, AtAlternative, NoPlace}

var circumstances = append(slices.Clone(Places), SENSupport, EHCPlan, Unaccompanied, LivesAway)

var circumstanceWords = map[Circumstance]string{
	AtSchool: "at nursery, school or college", AtSpecialSchool: "at a special school", AtAlternative: "at a pupil referral unit",
	NoPlace: "without a school place", SENSupport: "with SEN support", EHCPlan: "with an education, health and care plan",
	Unaccompanied: "who came to this country alone", LivesAway: "placed outside the authority",
}

// Kinds are why a plan is made, as package pep names them.
var kinds = []string{"initial", "termly", "transition", "emergency", "closing"}

var kindWords = map[string]string{"initial": "initial plans", "termly": "termly reviews", "transition": "transition plans", "emergency": "emergency plans", "closing": "closing plans"}

// The curriculum years of those who can have a plan: Nursery 1 to Year 13 (R1).
const (
	FirstYear = -2
	LastYear  = 13
)

// Situation is what a plan is made in. It is kept with the plan, so that what the plan asks stays
// as it was when it began.
type Situation struct {
	Kind          string
	Year          int // curriculum year (R1)
	Circumstances []Circumstance
}

// Years are curriculum years, both ends included. The zero value is none in particular.
type Years struct{ From, To int }

// anyYear is a case that says nothing about years.
var anyYear = Years{FirstYear, LastYear}

func (y Years) holds(year int) bool {
	year = min(max(year, FirstYear), LastYear)
	return year >= y.From && year <= y.To
}

// Words are "in Year 6", "from Nursery 1 to Reception".
func (y Years) Words() string {
	if y.From == y.To {
		return "in " + calendar.YearGroup(y.From)
	}
	return "from " + calendar.YearGroup(y.From) + " to " + calendar.YearGroup(y.To)
}

// Case is a kind of situation: any of the kinds, a year in the range, any of the places, and any of
// the other circumstances. What a case does not speak of can be anything.
type Case struct {
	Kinds      []string
	Years      Years
	Situations []Circumstance
}

func (c Case) holds(s Situation) bool {
	places, others := c.split()
	return anyOf(c.Kinds, []string{s.Kind}) && c.Years.holds(s.Year) && anyOf(places, s.Circumstances) && anyOf(others, s.Circumstances)
}

// split parts the places from the other circumstances.
func (c Case) split() (places, others []Circumstance) {
	for _, one := range c.Situations {
		if slices.Contains(Places, one) {
			places = append(places, one)
		} else {
			others = append(others, one)
		}
	}
	return places, others
}

// anyOf says whether one of those that are asked for is there; none asked for is as good.
func anyOf[T comparable](asked, there []T) bool {
	return len(asked) == 0 || slices.ContainsFunc(asked, func(one T) bool { return slices.Contains(there, one) })
}

// Words are the case as a person reads it: "transition plans", "children in Year 6 without a school place".
func (c Case) Words() string {
	var parts []string
	for _, kind := range c.Kinds {
		parts = append(parts, kindWords[kind])
	}
	who := ""
	if c.Years != anyYear {
		who += " " + c.Years.Words()
	}
	places, others := c.split()
	for _, some := range [][]Circumstance{places, others} {
		var words []string
		for _, one := range some {
			words = append(words, circumstanceWords[one])
		}
		if len(words) > 0 {
			who += " " + strings.Join(words, " or ")
		}
	}
	switch {
	case who == "":
		return strings.Join(parts, " and ")
	case len(parts) > 0:
		return strings.Join(parts, " and ") + " of children" + who
	}
	return "children" + who
}

// Applies says whether something with these cases is asked in a situation: always, when it has none.
func Applies(cases []Case, s Situation) bool {
	return len(cases) == 0 || slices.ContainsFunc(cases, func(c Case) bool { return c.holds(s) })
}

// CasesWords are all the cases: "Transition plans; children in Year 6". Empty: always.
func CasesWords(cases []Case) string {
	var words []string
	for _, one := range cases {
		words = append(words, one.Words())
	}
	text := strings.Join(words, "; ")
	if text != "" {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return text
}

// For is the form with only what it asks in a situation. A question that waits for one that is not
// asked is not asked either, nor is a section with nothing left.
func (f Form) For(s Situation) Form {
	var sections []Section
	for _, section := range f.Sections {
		if !Applies(section.Applies, s) {
			continue
		}
		var questions []Question
		for _, q := range section.Questions {
			waits := q.ShownWhen != nil && !slices.ContainsFunc(questions, func(asked Question) bool { return asked.Key == q.ShownWhen.Question })
			if Applies(q.Applies, s) && !waits {
				questions = append(questions, q)
			}
		}
		if section.Questions = questions; len(questions) > 0 {
			sections = append(sections, section)
		}
	}
	f.Sections = sections
	return f
}

// When says in words on which answer a question waits; empty for one that always is asked.
func (s Section) When(q Question) string {
	if q.ShownWhen == nil {
		return ""
	}
	for _, asked := range s.Questions {
		if asked.Key == q.ShownWhen.Question {
			var values []string
			for _, value := range q.ShownWhen.Is {
				values = append(values, "“"+asked.Words(Answer{Text: value})+"”")
			}
			return "Answer this if “" + asked.Label + "” is " + strings.Join(values, " or ") + "."
		}
	}
	return ""
}

// Help is what helps to answer a question: when it waits on another, and the form's own words.
func (s Section) Help(q Question) string { return strings.TrimSpace(s.When(q) + " " + q.Hint) }
