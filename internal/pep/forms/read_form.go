package forms

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"virtualschool/internal/calendar"
	"virtualschool/internal/yamlfile"
)

// Most characters of what people read on a page.
const (
	titleMax = 100
	labelMax = 200
	hintMax  = 500
)

// taken are names that the pages of a plan use themselves.
var taken = []string{"key", "version", "complete", "add"}

// fields are a mapping of a form, with what only forms hold.
type fields struct{ yamlfile.Fields }

func readFields(at yamlfile.Place, node *yaml.Node, what string, allowed ...string) (fields, bool) {
	f, ok := yamlfile.ReadFields(at, node, what, allowed...)
	return fields{f}, ok
}

func (f fields) inner(name, what string, allowed ...string) (fields, bool) {
	inner, ok := f.Inner(name, what, allowed...)
	return fields{inner}, ok
}

// readForm reads and checks one form.
func readForm(at yamlfile.Place, node *yaml.Node) Form {
	f, ok := readFields(at, node, "a form", "form", "version", "title", "about", "suggested_for", "also_for", "sections")
	if !ok {
		return Form{}
	}
	form := Form{Name: f.Key("form"), Version: f.Whole("version"), Title: f.Words("title", titleMax, true), About: f.Words("about", hintMax, true),
		SuggestedFor: f.cases("suggested_for"), AlsoFor: f.cases("also_for")}
	if form.Version < 1 {
		f.Place("version").Wrong("version must be 1 or more, and one more for every change of questions")
	}
	if !f.Has("suggested_for") && !f.Has("also_for") {
		f.At.Wrong("the form is for nobody. Say for whom in suggested_for or also_for.")
	}
	if f.Count("sections") == 0 {
		f.Place("sections").Wrong("there are no sections. A form needs at least one.")
	}
	sections, questions := map[string]bool{}, map[string]bool{}
	for _, one := range f.List("sections") {
		section := readSection(one, questions)
		switch {
		case slices.Contains(typedParts, section.Key):
			one.At.Wrong("key %q is the name of a part that every plan has. Choose another.", section.Key)
		case sections[section.Key] && section.Key != "":
			one.At.Wrong("there are two sections with the key %q. Give one another key.", section.Key)
		}
		sections[section.Key] = true
		form.Sections = append(form.Sections, section)
	}
	form.checkLaw(f.Place("sections"))
	return form
}

// checkLaw asks for a question for each of the law's five that is required and never left out.
func (f Form) checkLaw(at yamlfile.Place) {
	for _, law := range Laws {
		asked := slices.ContainsFunc(f.Sections, func(s Section) bool {
			return len(s.Applies) == 0 && slices.ContainsFunc(s.Questions, func(q Question) bool {
				return q.Law == law && q.Required && len(q.Applies) == 0 && q.ShownWhen == nil
			})
		})
		if !asked {
			at.Wrong("no question with “law: %s” is always asked and required. Every plan must hold %s (Care Planning Regulations 2010, Schedule 1).", law, law.Words())
		}
	}
}

func readSection(one yamlfile.Item, questions map[string]bool) Section {
	f, ok := readFields(one.At, one.Node, "a section", "key", "title", "owners", "intro", "applies", "questions")
	if !ok {
		return Section{}
	}
	section := Section{Key: f.Key("key"), Title: f.Words("title", titleMax, true), Intro: f.Words("intro", hintMax, false), Applies: f.cases("applies")}
	for _, owner := range f.SomeOf("owners", ownersAll) {
		section.Owners = append(section.Owners, Owner(owner))
	}
	if f.Count("owners") == 0 {
		f.Place("owners").Wrong("owners must say whose the section is: any of %s", strings.Join(ownersAll, ", "))
	}
	if f.Count("questions") == 0 {
		f.Place("questions").Wrong("there are no questions. Add one, or take the section out.")
	}
	for _, one := range f.List("questions") {
		question := readQuestion(one, section.Questions)
		switch {
		case slices.Contains(taken, question.Key):
			one.At.Wrong("key %q is used by the page itself. Choose another.", question.Key)
		case questions[question.Key] && question.Key != "":
			one.At.Wrong("there are two questions with the key %q in this form. Give one another key.", question.Key)
		}
		if question.Known == KnownPlacement && slices.Contains(section.Owners, OwnedBySchool) {
			one.At.Wrong("known: %s is not for a section of the school, which does not see the care record. Take it out, or the school out of owners.", KnownPlacement)
		}
		questions[question.Key] = true
		section.Questions = append(section.Questions, question)
	}
	return section
}

// cases read when something applies.
func (f fields) cases(name string) []Case {
	var cases []Case
	if f.Has(name) && f.Count(name) == 0 {
		f.Place(name).Wrong("the list is empty, so it would never apply. Take %s out, or say when.", name)
	}
	for _, one := range f.List(name) {
		c, ok := readFields(one.At, one.Node, "a case", "kinds", "years", "situations")
		if !ok {
			continue
		}
		read := Case{Kinds: c.SomeOf("kinds", kinds), Years: c.years("years")}
		for _, circumstance := range c.SomeOf("situations", circumstanceNames) {
			read.Situations = append(read.Situations, Circumstance(circumstance))
		}
		if c.Empty() {
			one.At.Wrong("the case says nothing. Give kinds, years or situations.")
		}
		cases = append(cases, read)
	}
	return cases
}

// years read a range of curriculum years; an end that is left out is open.
func (f fields) years(name string) Years {
	years := anyYear
	y, ok := f.inner(name, "years", "from", "to")
	if !ok {
		return years
	}
	years.From, years.To = y.year("from", FirstYear), y.year("to", LastYear)
	if years.From > years.To {
		y.At.Wrong("from %s is after to %s. Turn them round.", calendar.YearGroup(years.From), calendar.YearGroup(years.To))
	}
	return years
}

var yearNames = []string{"N1", "N2", "R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"}

func (f fields) year(name string, missing int) int {
	text := f.Text(name)
	if !f.Has(name) {
		return missing
	}
	at := slices.Index(yearNames, strings.ToUpper(text))
	if at < 0 {
		f.Place(name).Wrong("%q is not a curriculum year. Write N1, N2, R, or 1 to 13.", text)
		return missing
	}
	return FirstYear + at
}

var ownersAll = []string{string(OwnedBySocialWorker), string(OwnedBySchool), string(OwnedByAdvisor)}

var circumstanceNames = names(circumstances)

func names[T ~string](list []T) []string {
	var texts []string
	for _, one := range list {
		texts = append(texts, string(one))
	}
	return texts
}
