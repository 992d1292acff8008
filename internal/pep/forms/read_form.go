package forms

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"virtualschool/internal/calendar"
)

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// Most characters of what people read on a page.
const (
	titleMax = 100
	labelMax = 200
	hintMax  = 500
)

// taken are names that the pages of a plan use themselves.
var taken = []string{"key", "version", "complete", "add"}

// readForm reads and checks one form.
func readForm(at place, node *yaml.Node) Form {
	f, ok := readFields(at, node, "a form", "form", "version", "title", "about", "suggested_for", "also_for", "sections")
	if !ok {
		return Form{}
	}
	form := Form{Name: f.key("form"), Version: f.whole("version"), Title: f.words("title", titleMax, true), About: f.words("about", hintMax, true),
		SuggestedFor: f.cases("suggested_for"), AlsoFor: f.cases("also_for")}
	if form.Version < 1 {
		f.place("version").wrong("version must be 1 or more, and one more for every change of questions")
	}
	if !f.has("suggested_for") && !f.has("also_for") {
		f.at.wrong("the form is for nobody. Say for whom in suggested_for or also_for.")
	}
	if f.count("sections") == 0 {
		f.place("sections").wrong("there are no sections. A form needs at least one.")
	}
	sections, questions := map[string]bool{}, map[string]bool{}
	for _, one := range f.list("sections") {
		section := readSection(one, questions)
		switch {
		case slices.Contains(typedParts, section.Key):
			one.at.wrong("key %q is the name of a part that every plan has. Choose another.", section.Key)
		case sections[section.Key] && section.Key != "":
			one.at.wrong("there are two sections with the key %q. Give one another key.", section.Key)
		}
		sections[section.Key] = true
		form.Sections = append(form.Sections, section)
	}
	form.checkLaw(f.place("sections"))
	return form
}

// checkLaw asks for a question for each of the law's five that is required and never left out.
func (f Form) checkLaw(at place) {
	for _, law := range Laws {
		asked := slices.ContainsFunc(f.Sections, func(s Section) bool {
			return len(s.Applies) == 0 && slices.ContainsFunc(s.Questions, func(q Question) bool {
				return q.Law == law && q.Required && len(q.Applies) == 0 && q.ShownWhen == nil
			})
		})
		if !asked {
			at.wrong("no question with “law: %s” is always asked and required. Every plan must hold %s (Care Planning Regulations 2010, Schedule 1).", law, law.Words())
		}
	}
}

// key is a name for the program, not for people.
func (f fields) key(name string) string {
	key := f.text(name)
	if !keyShape.MatchString(key) {
		f.place(name).wrong("%s is %q. Write small letters, digits and _, beginning with a letter, such as early_years.", name, key)
		return ""
	}
	return key
}

func readSection(one item, questions map[string]bool) Section {
	f, ok := readFields(one.at, one.node, "a section", "key", "title", "owners", "intro", "applies", "questions")
	if !ok {
		return Section{}
	}
	section := Section{Key: f.key("key"), Title: f.words("title", titleMax, true), Intro: f.words("intro", hintMax, false), Applies: f.cases("applies")}
	for _, owner := range f.someOf("owners", ownersAll) {
		section.Owners = append(section.Owners, Owner(owner))
	}
	if f.count("owners") == 0 {
		f.place("owners").wrong("owners must say whose the section is: any of %s", strings.Join(ownersAll, ", "))
	}
	if f.count("questions") == 0 {
		f.place("questions").wrong("there are no questions. Add one, or take the section out.")
	}
	for _, one := range f.list("questions") {
		question := readQuestion(one, section.Questions)
		switch {
		case slices.Contains(taken, question.Key):
			one.at.wrong("key %q is used by the page itself. Choose another.", question.Key)
		case questions[question.Key] && question.Key != "":
			one.at.wrong("there are two questions with the key %q in this form. Give one another key.", question.Key)
		}
		if question.Known == KnownPlacement && slices.Contains(section.Owners, OwnedBySchool) {
			one.at.wrong("known: %s is not for a section of the school, which does not see the care record. Take it out, or the school out of owners.", KnownPlacement)
		}
		questions[question.Key] = true
		section.Questions = append(section.Questions, question)
	}
	return section
}

// cases read when something applies.
func (f fields) cases(name string) []Case {
	var cases []Case
	if f.has(name) && f.count(name) == 0 {
		f.place(name).wrong("the list is empty, so it would never apply. Take %s out, or say when.", name)
	}
	for _, one := range f.list(name) {
		c, ok := readFields(one.at, one.node, "a case", "kinds", "years", "situations")
		if !ok {
			continue
		}
		read := Case{Kinds: c.someOf("kinds", kinds), Years: c.years("years")}
		for _, circumstance := range c.someOf("situations", circumstanceNames) {
			read.Situations = append(read.Situations, Circumstance(circumstance))
		}
		if len(c.of) == 0 {
			one.at.wrong("the case says nothing. Give kinds, years or situations.")
		}
		cases = append(cases, read)
	}
	return cases
}

// years read a range of curriculum years; an end that is left out is open.
func (f fields) years(name string) Years {
	years := anyYear
	if !f.has(name) {
		return years
	}
	y, ok := readFields(f.place(name), f.of[name], "years", "from", "to")
	if !ok {
		return years
	}
	years.From, years.To = y.year("from", FirstYear), y.year("to", LastYear)
	if years.From > years.To {
		y.at.wrong("from %s is after to %s. Turn them round.", calendar.YearGroup(years.From), calendar.YearGroup(years.To))
	}
	return years
}

var yearNames = []string{"N1", "N2", "R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"}

func (f fields) year(name string, missing int) int {
	text := f.text(name)
	if !f.has(name) {
		return missing
	}
	at := slices.Index(yearNames, strings.ToUpper(text))
	if at < 0 {
		f.place(name).wrong("%q is not a curriculum year. Write N1, N2, R, or 1 to 13.", text)
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
