package forms

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// keyStages are all there are (R2). One form answers for each; a council with a form for the early
// years takes EYFS out of its primary form.
var keyStages = []string{"EYFS", "KS1", "KS2", "KS3", "KS4", "Post-16"}

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// Builtin is the forms that come with the program.
func Builtin() (Set, error) {
	folder, err := fs.Sub(formFiles, "builtin")
	if err != nil {
		return Set{}, err
	}
	return Load(folder)
}

// Load reads every .yaml file of a folder as one form each. The error lists every problem of every
// file, one a line, so that an author can put them right in one go.
func Load(folder fs.FS) (Set, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return Set{}, err
	}
	if len(names) == 0 {
		return Set{}, errors.New("there is no form: put at least one .yaml file in the folder of forms")
	}
	slices.Sort(names)
	var set Set
	var problems faultyForms
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return Set{}, err
		}
		if form, readable := problems.read(name, text); readable {
			problems.checkForm(name, form)
			set.all = append(set.all, form)
		}
	}
	problems.checkTogether(set)
	if len(problems) > 0 {
		return Set{}, errors.New("the forms for Personal Education Plans need correcting:\n" + strings.Join(problems, "\n"))
	}
	return set, nil
}

// faultyForms is a list of sentences: file, place, what is wrong.
type faultyForms []string

func (p *faultyForms) add(place, format string, args ...any) {
	*p = append(*p, place+": "+fmt.Sprintf(format, args...))
}

// read is false for a file that is not YAML at all; wrong fields and types are noted and passed over.
func (p *faultyForms) read(name string, text []byte) (Form, bool) {
	var form Form
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	err := decoder.Decode(&form)
	var wrongTypes *yaml.TypeError
	switch {
	case errors.As(err, &wrongTypes):
		for _, one := range wrongTypes.Errors {
			p.add(name, "%s", one)
		}
	case err != nil:
		p.add(name, "cannot be read: %v", err)
		return form, false
	}
	return form, true
}

func (p *faultyForms) checkForm(name string, form Form) {
	if !keyShape.MatchString(form.Name) {
		p.add(name, "form must be a name in small letters, like primary")
	}
	if form.Version < 1 {
		p.add(name, "version must be 1 or more")
	}
	if form.Title == "" {
		p.add(name, "title is missing")
	}
	if len(form.KeyStages) == 0 {
		p.add(name, "key_stages must say for which children the form is")
	}
	for _, stage := range form.KeyStages {
		if !slices.Contains(keyStages, stage) {
			p.add(name, "key stage %q is not one of %s", stage, strings.Join(keyStages, ", "))
		}
	}
	if len(form.Sections) == 0 {
		p.add(name, "there are no sections")
	}
	sections, questions := map[string]bool{}, map[string]bool{}
	for n, section := range form.Sections {
		place := fmt.Sprintf("%s, section %d (%s)", name, n+1, section.Key)
		switch {
		case !keyShape.MatchString(section.Key):
			p.add(place, "key must be small letters, digits and _")
		case slices.Contains(typedParts, section.Key):
			p.add(place, "key %q is the name of a part that every plan has", section.Key)
		case sections[section.Key]:
			p.add(place, "key %q is used twice", section.Key)
		}
		sections[section.Key] = true
		p.checkSection(place, section, questions)
	}
}

func (p *faultyForms) checkSection(place string, section Section, seen map[string]bool) {
	if section.Title == "" {
		p.add(place, "title is missing")
	}
	if len(section.Owners) == 0 {
		p.add(place, "owners must say whose the section is")
	}
	for _, owner := range section.Owners {
		if owner.Name() == "" {
			p.add(place, "owner %q is not one of social_worker, school, advisor", owner)
		}
	}
	if len(section.Questions) == 0 {
		p.add(place, "there are no questions")
	}
	earlier := map[string]Question{}
	for n, question := range section.Questions {
		at := fmt.Sprintf("%s, question %d (%s)", place, n+1, question.Key)
		switch {
		case !keyShape.MatchString(question.Key):
			p.add(at, "key must be small letters, digits and _")
		case seen[question.Key]:
			p.add(at, "key %q is used twice in the form", question.Key)
		}
		seen[question.Key] = true
		p.checkQuestion(at, question)
		p.checkCondition(at, question, earlier)
		earlier[question.Key] = question
	}
}

func (p *faultyForms) checkQuestion(at string, q Question) {
	if q.Label == "" {
		p.add(at, "label is missing")
	}
	switch q.Type {
	case TypeText:
		if q.Max < 0 || q.Max > MostText {
			p.add(at, "max must be from 1 to %d", MostText)
		}
	case TypeChoice, TypeChoices:
		if len(q.Options) < 2 {
			p.add(at, "a choice needs at least two options")
		}
		p.checkOptions(at, "option", q.Options)
	case TypeYesNoReason:
		if q.ReasonFor != "yes" && q.ReasonFor != "no" {
			p.add(at, "reason_for must be yes or no (in quotes)")
		}
	case TypeNumber:
		if q.Low >= q.High {
			p.add(at, "low must be less than high")
		}
	case TypeGradeGrid:
		if len(q.Subjects) == 0 || len(q.Columns) == 0 {
			p.add(at, "a grade grid needs subjects and columns")
		}
		p.checkOptions(at, "subject", q.Subjects)
		p.checkColumns(at, q.Columns)
	case TypeTable:
		if len(q.Columns) == 0 {
			p.add(at, "a table needs columns")
		}
		if q.Most < 1 || q.Most > MostRows {
			p.add(at, "most must say how many rows there can be, from 1 to %d", MostRows)
		}
		if q.Least < 0 || q.Least > q.Most {
			p.add(at, "least must be from 1 to most")
		}
		if q.Least > 0 && !q.Required {
			p.add(at, "least is only for a table that is required")
		}
		p.checkTableColumns(at, q.Columns)
	case TypeDate:
	default:
		p.add(at, "type %q is not one of text, choice, choices, yes_no_reason, date, number, grade_grid, table", q.Type)
	}
	if q.Type != TypeTable && (q.Least != 0 || q.Most != 0) {
		p.add(at, "least and most are only for a table")
	}
	if q.Type != TypeText && q.Max != 0 {
		p.add(at, "max is only for text")
	}
	if q.Type != TypeNumber && (q.Low != 0 || q.High != 0 || q.Unit != "") {
		p.add(at, "low, high and unit are only for a number")
	}
	if q.Type != TypeChoice && q.Type != TypeChoices && len(q.Options) > 0 {
		p.add(at, "options are only for a choice or choices")
	}
	if q.Type != TypeGradeGrid && len(q.Subjects) > 0 {
		p.add(at, "subjects are only for a grade grid")
	}
	if q.Type != TypeGradeGrid && q.Type != TypeTable && len(q.Columns) > 0 {
		p.add(at, "columns are only for a grade grid or a table")
	}
	if q.Type != TypeYesNoReason && q.ReasonFor != "" {
		p.add(at, "reason_for is only for yes_no_reason")
	}
	if want, known := knownTypes[q.Known]; q.Known != "" && (!known || want != q.Type) {
		p.add(at, "known %q is not a fact for a question of type %s", q.Known, q.Type)
	}
}

func (p *faultyForms) checkColumns(at string, columns []Column) {
	seen := map[string]bool{}
	for _, column := range columns {
		if !keyShape.MatchString(column.Key) || column.Title == "" {
			p.add(at, "column %q needs a key and a title", column.Key)
		}
		if seen[column.Key] {
			p.add(at, "column %q is used twice", column.Key)
		}
		seen[column.Key] = true
	}
}

func (p *faultyForms) checkTableColumns(at string, columns []Column) {
	p.checkColumns(at, columns)
	for _, column := range columns {
		switch column.Type {
		case TypeText, TypeDate:
		case TypeChoice:
			if len(column.Options) < 2 {
				p.add(at, "column %q is a choice and needs at least two options", column.Key)
			}
		case TypeNumber:
			if column.Low >= column.High {
				p.add(at, "column %q: low must be less than high", column.Key)
			}
		default:
			p.add(at, "column %q has the type %q, which is not one of text, choice, date, number", column.Key, column.Type)
		}
	}
}

func (p *faultyForms) checkOptions(at, what string, options []Choice) {
	seen := map[string]bool{}
	for _, option := range options {
		if !keyShape.MatchString(option.Value) {
			p.add(at, "%s value %q must be small letters, digits and _", what, option.Value)
		}
		if option.Text == "" {
			p.add(at, "%s %q has no text", what, option.Value)
		}
		if seen[option.Value] {
			p.add(at, "%s %q is there twice", what, option.Value)
		}
		seen[option.Value] = true
	}
}

func (p *faultyForms) checkCondition(at string, q Question, earlier map[string]Question) {
	if q.ShownWhen == nil {
		return
	}
	asked, known := earlier[q.ShownWhen.Question]
	if !known {
		p.add(at, "shown_when asks %q, which is not an earlier question of the section", q.ShownWhen.Question)
		return
	}
	if len(q.ShownWhen.Is) == 0 {
		p.add(at, "shown_when must list the answers in is")
	}
	for _, answer := range q.ShownWhen.Is {
		switch asked.Type {
		case TypeChoice:
			if !slices.ContainsFunc(asked.Options, func(o Choice) bool { return o.Value == answer }) {
				p.add(at, "shown_when expects %q, which %q does not offer", answer, asked.Key)
			}
		case TypeYesNoReason:
			if answer != "yes" && answer != "no" {
				p.add(at, "shown_when expects %q, but %q is answered yes or no", answer, asked.Key)
			}
		default:
			p.add(at, "shown_when asks %q, which is neither a choice nor yes or no", asked.Key)
			return
		}
	}
}

// checkTogether finds what only shows when all forms are side by side.
func (p *faultyForms) checkTogether(set Set) {
	versions := map[string]bool{}
	for _, form := range set.all {
		if at := fmt.Sprintf("%s version %d", form.Name, form.Version); versions[at] {
			p.add(form.Name, "version %d is there twice", form.Version)
		} else {
			versions[at] = true
		}
	}
	for _, stage := range keyStages {
		var claims []string
		for _, form := range set.all {
			if slices.Contains(form.KeyStages, stage) && !slices.Contains(claims, form.Name) {
				claims = append(claims, form.Name)
			}
		}
		switch {
		case len(claims) == 0:
			p.add("all forms", "no form is for %s", stage)
		case len(claims) > 1:
			p.add("all forms", "%s is claimed by %s: only one may be", stage, strings.Join(claims, " and "))
		}
	}
}
