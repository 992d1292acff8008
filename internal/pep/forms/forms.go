package forms

import (
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
	Name      string    `yaml:"form"`
	Version   int       `yaml:"version"`
	Title     string    `yaml:"title"`
	KeyStages []string  `yaml:"key_stages"` // as calendar.KeyStage names them
	Sections  []Section `yaml:"sections"`
}

// Section is a part of the form with one owner or a few.
type Section struct {
	Key       string     `yaml:"key"`
	Title     string     `yaml:"title"`
	Owners    []Owner    `yaml:"owners"`
	Intro     string     `yaml:"intro"`
	Questions []Question `yaml:"questions"`
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
	Key       string     `yaml:"key"`
	Type      Type       `yaml:"type"`
	Label     string     `yaml:"label"`
	Hint      string     `yaml:"hint"`
	Max       int        `yaml:"max"`        // text: most characters; 0: DefaultTextMax
	Low       float64    `yaml:"low"`        // number: least
	High      float64    `yaml:"high"`       // number: most
	Unit      string     `yaml:"unit"`       // number: "%", "hours"
	Options   []Choice   `yaml:"options"`    // choice, choices
	Subjects  []Choice   `yaml:"subjects"`   // grade_grid: its rows
	Columns   []Column   `yaml:"columns"`    // grade_grid, table
	Least     int        `yaml:"least"`      // table: fewest rows when it is required; 0: one
	Most      int        `yaml:"most"`       // table: most rows
	ReasonFor string     `yaml:"reason_for"` // yes_no_reason: the answer that needs a reason, "yes" or "no"
	Required  bool       `yaml:"required"`
	ShownWhen *Condition `yaml:"shown_when"`
	Known     Known      `yaml:"known"` // the fact the record already holds, offered as the answer
}

// Choice is one option: what is stored and what is shown.
type Choice struct {
	Value string `yaml:"value"`
	Text  string `yaml:"text"`
}

// Column is one column of a grade grid or a table. In a grid it is free text when it has no options;
// in a table it has a type: text, choice, date or number.
type Column struct {
	Key     string   `yaml:"key"`
	Title   string   `yaml:"title"`
	Options []string `yaml:"options"`
	Type    Type     `yaml:"type"`
	Max     int      `yaml:"max"` // text: most characters; 0: CellMax
	Low     float64  `yaml:"low"`
	High    float64  `yaml:"high"`
	Unit    string   `yaml:"unit"`
}

// Condition shows a question only when an earlier one of the section has one of these answers.
type Condition struct {
	Question string   `yaml:"question"`
	Is       []string `yaml:"is"`
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

// Pick is the newest form for a key stage (R2); false when the council has none for it.
func (s Set) Pick(keyStage string) (Form, bool) {
	var best Form
	for _, form := range s.all {
		if slices.Contains(form.KeyStages, keyStage) && form.Version > best.Version {
			best = form
		}
	}
	return best, best.Version > 0
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
