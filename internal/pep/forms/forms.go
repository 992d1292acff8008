package forms

import (
	"cmp"
	"embed"
	"slices"

	"virtualschool/internal/access"
)

//go:embed builtin/*.yaml
var formFiles embed.FS

// Set is the forms a council uses, of all versions.
type Set struct{ all []Form }

// Form is one variant of the plan, at one version. A change of questions is a new version in a
// file of its own, so that older plans keep reading as they were asked.
type Form struct {
	Name         string
	Version      int
	Title        string
	About        string // for whom it is, in a sentence
	SuggestedFor []Case // for whom it is the first choice
	AlsoFor      []Case // for whom it can be chosen
	Sections     []Section
	Own          bool // the council's, not one that comes with the program
}

// Section is a part of the form with one owner or a few.
type Section struct {
	Key       string
	Title     string
	Owners    []Owner
	Intro     string
	Applies   []Case // none: always
	Questions []Question
}

// Owner is who writes a section, as a form's author says it.
type Owner string

const (
	OwnedBySocialWorker Owner = "social_worker"
	OwnedBySchool       Owner = "school"
	OwnedByAdvisor      Owner = "advisor"
)

var ownerNames = map[Owner]string{
	OwnedBySocialWorker: "Social worker",
	OwnedBySchool:       "School",
	OwnedByAdvisor:      "Virtual School",
}

// Name is the owner on screen.
func (o Owner) Name() string { return ownerNames[o] }

// Type is what kind of answer a question takes.
type Type string

const (
	TypeText        Type = "text"
	TypeChoice      Type = "choice"
	TypeChoices     Type = "choices"
	TypeYesNoReason Type = "yes_no_reason"
	TypeDate        Type = "date"
	TypeNumber      Type = "number"
	TypeGradeGrid   Type = "grade_grid"
	TypeTable       Type = "table"
)

// Question is one thing a form asks.
type Question struct {
	Key       string
	Type      Type
	Label     string
	Hint      string
	Max       int      // text: most characters; 0: DefaultTextMax
	Low       float64  // number: least
	High      float64  // number: most
	Unit      string   // number: "%", "hours"
	Options   []Choice // choice, choices
	Subjects  []Choice // grade_grid: its rows
	Columns   []Column // grade_grid, table
	Least     int      // table: fewest rows when it is required; 0: one
	Most      int      // table: most rows
	ReasonFor string   // yes_no_reason: the answer that needs a reason, "yes" or "no"
	Required  bool
	Applies   []Case // none: always
	ShownWhen *Condition
	Known     Known // the fact the record already holds, offered as the answer
	Law       Law   // what of the law's five it answers; empty: none
}

// Choice is one option: what is stored and what is shown.
type Choice struct{ Value, Text string }

// Column is one column of a grade grid or a table. In a grid it is free text when it has no options;
// in a table it has a type: text, choice, date or number.
type Column struct {
	Key     string
	Title   string
	Options []string
	Type    Type
	Max     int // text: most characters; 0: CellMax
	Low     float64
	High    float64
	Unit    string
}

// Condition shows a question only when an earlier one of the section has one of these answers.
type Condition struct {
	Question string
	Is       []string
}

// Limits on an answer.
const (
	DefaultTextMax = 4000
	MostText       = 10000
	ReasonMax      = 1000
	GradeMax       = 40
	CellMax        = 200 // of a text in a table, unless its column says otherwise
	MostRows       = 20
)

// Limit is the most characters a text answer may have.
func (q Question) Limit() int {
	if q.Max == 0 {
		return DefaultTextMax
	}
	return q.Max
}

// OptionText is what an option says on screen; the value itself for one the form does not know.
func (q Question) OptionText(value string) string {
	for _, option := range q.Options {
		if option.Value == value {
			return option.Text
		}
	}
	return value
}

// Newest is the newest version of every form, in the order of the ages they are for.
func (s Set) Newest() []Form {
	var newest []Form
	for _, form := range s.all {
		at := slices.IndexFunc(newest, func(one Form) bool { return one.Name == form.Name })
		switch {
		case at < 0:
			newest = append(newest, form)
		case form.Version > newest[at].Version:
			newest[at] = form
		}
	}
	slices.SortStableFunc(newest, func(a, b Form) int {
		placeA, yearA := a.order()
		placeB, yearB := b.order()
		return cmp.Or(cmp.Compare(placeA, placeB), cmp.Compare(yearA, yearB), cmp.Compare(a.Title, b.Title))
	})
	return newest
}

// NewestOf is the newest version of a form; false when there is none of that name.
func (s Set) NewestOf(name string) (Form, bool) {
	for _, form := range s.Newest() {
		if form.Name == name {
			return form, true
		}
	}
	return Form{}, false
}

// Versions are all versions of a form, the newest first.
func (s Set) Versions(name string) []Form {
	var versions []Form
	for _, form := range s.all {
		if form.Name == name {
			versions = append(versions, form)
		}
	}
	slices.SortFunc(versions, func(a, b Form) int { return cmp.Compare(b.Version, a.Version) })
	return versions
}

// order puts forms for those at school first, each group by age.
func (f Form) order() (place, year int) {
	place, year = len(Places), LastYear
	for _, one := range slices.Concat(f.SuggestedFor, f.AlsoFor) {
		year = min(year, one.Years.From)
		for n, at := range Places {
			if slices.Contains(one.Situations, at) {
				place = min(place, n)
			}
		}
	}
	return place, year
}

// Form is a form at the version a plan began with; false when it is no longer there.
func (s Set) Form(name string, version int) (Form, bool) {
	for _, form := range s.all {
		if form.Name == name && form.Version == version {
			return form, true
		}
	}
	return Form{}, false
}

// All is every form and version, by name.
func (s Set) All() []Form { return slices.Clone(s.all) }

// Section is the section with a key.
func (f Form) Section(key string) (Section, bool) {
	for _, section := range f.Sections {
		if section.Key == key {
			return section, true
		}
	}
	return Section{}, false
}

// Roles are those who write the section: the advisors always do (package access), and where a
// child has no school place the social worker writes what the school would.
func (s Section) Roles(hasSchool bool) []access.Role {
	var roles []access.Role
	for _, owner := range s.Owners {
		switch owner {
		case OwnedBySocialWorker:
			roles = append(roles, access.SocialWorker)
		case OwnedByAdvisor:
			roles = append(roles, access.Advisor, access.SupportAdvisor)
		case OwnedBySchool:
			roles = append(roles, access.School)
			if !hasSchool {
				roles = append(roles, access.SocialWorker, access.SupportAdvisor)
			}
		}
	}
	return roles
}

// Shown is the questions that apply, given the answers so far.
func (s Section) Shown(answers Answers) []Question {
	var shown []Question
	for _, question := range s.Questions {
		if question.ShownWhen == nil || slices.Contains(question.ShownWhen.Is, answers[question.ShownWhen.Question].Text) {
			shown = append(shown, question)
		}
	}
	return shown
}
