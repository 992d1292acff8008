package forms

import (
	"slices"
	"strings"
)

var (
	typeNames   = names([]Type{TypeText, TypeChoice, TypeChoices, TypeYesNoReason, TypeDate, TypeNumber, TypeGradeGrid, TypeTable})
	columnTypes = names([]Type{TypeText, TypeChoice, TypeDate, TypeNumber})
	lawNames    = names(Laws)
)

// only says for which types of question a field is there.
var only = map[string][]Type{
	"max": {TypeText}, "low": {TypeNumber}, "high": {TypeNumber}, "unit": {TypeNumber}, "options": {TypeChoice, TypeChoices},
	"subjects": {TypeGradeGrid}, "columns": {TypeGradeGrid, TypeTable}, "least": {TypeTable}, "most": {TypeTable}, "reason_for": {TypeYesNoReason},
}

// onlyOrder is only in the order of the language's description.
var onlyOrder = []string{"max", "low", "high", "unit", "options", "subjects", "columns", "least", "most", "reason_for"}

// readQuestion reads and checks one question. Earlier are those before it in its section.
func readQuestion(one item, earlier []Question) Question {
	f, ok := readFields(one.at, one.node, "a question", append([]string{"key", "type", "label", "hint", "required", "known", "law", "applies", "shown_when"}, onlyOrder...)...)
	if !ok {
		return Question{}
	}
	q := Question{Key: f.key("key"), Type: Type(f.offered("type", typeNames)), Label: f.words("label", labelMax, true), Hint: f.words("hint", hintMax, false),
		Required: f.yes("required"), Applies: f.cases("applies"), Known: Known(f.text("known")), Law: Law(f.offered("law", lawNames))}
	if f.missing("type") {
		f.place("type").wrong("type is missing. Write one of %s.", strings.Join(typeNames, ", "))
	}
	for _, name := range onlyOrder {
		if f.has(name) && q.Type != "" && !slices.Contains(only[name], q.Type) {
			f.place(name).wrong("%s is only for a question of type %s. Take it out.", name, strings.Join(names(only[name]), " or "))
			delete(f.of, name)
		}
	}
	f.readAnswer(&q)
	if want, known := knownTypes[q.Known]; q.Known != "" && !known {
		f.place("known").wrong("%q is not a fact on record. Write one of %s.", q.Known, strings.Join(knownNames(), ", "))
	} else if q.Known != "" && q.Type != "" && want != q.Type {
		f.place("known").wrong("%s can only fill in a question of type %s", q.Known, want)
	}
	q.ShownWhen = f.condition(earlier)
	return q
}

// readAnswer reads what the type of question asks for.
func (f fields) readAnswer(q *Question) {
	switch q.Type {
	case TypeText:
		if q.Max = f.whole("max"); f.has("max") && (q.Max < 1 || q.Max > MostText) {
			f.place("max").wrong("max must be from 1 to %d", MostText)
		}
	case TypeChoice, TypeChoices:
		if q.Options = f.choices("options"); f.count("options") >= 0 && f.count("options") < 2 {
			f.place("options").wrong("a question of type %s needs at least two options", q.Type)
		}
	case TypeYesNoReason:
		if q.ReasonFor = f.offered("reason_for", []string{"yes", "no"}); f.missing("reason_for") {
			f.place("reason_for").wrong("reason_for must say which answer needs details: yes or no")
		}
	case TypeNumber:
		q.Low, q.High, q.Unit = f.bounds()
	case TypeGradeGrid:
		if q.Subjects = f.choices("subjects"); f.count("subjects") == 0 {
			f.place("subjects").wrong("a grade grid needs subjects, each a row")
		}
		q.Columns = f.columns(false)
	case TypeTable:
		q.Columns, q.Least, q.Most = f.columns(true), f.whole("least"), f.whole("most")
		switch {
		case q.Most < 1 || q.Most > MostRows:
			f.place("most").wrong("most must say how many rows there can be, from 1 to %d", MostRows)
		case q.Least < 0 || q.Least > q.Most:
			f.place("least").wrong("least must be from 1 to most")
		case q.Least > 0 && !q.Required:
			f.place("least").wrong("least is only for a table that is required. Add required: true, or take least out.")
		}
	}
}

func (f fields) bounds() (low, high float64, unit string) {
	low, high, unit = f.number("low"), f.number("high"), f.words("unit", 20, false)
	if low >= high {
		f.place("high").wrong("low is %s and high is %s. High must be more than low.", plainNumber(low), plainNumber(high))
	}
	return low, high, unit
}

// choices are what can be chosen: a value that is stored and a text that is shown.
func (f fields) choices(name string) []Choice {
	var choices []Choice
	seen := map[string]bool{}
	for _, one := range f.list(name) {
		c, ok := readFields(one.at, one.node, "each of "+name, "value", "text")
		if !ok {
			continue
		}
		choice := Choice{Value: c.key("value"), Text: c.words("text", labelMax, true)}
		if seen[choice.Value] && choice.Value != "" {
			one.at.wrong("the value %q is here twice. Give one another value.", choice.Value)
		}
		seen[choice.Value] = true
		choices = append(choices, choice)
	}
	return choices
}

// columns are those of a grade grid or, with types, of a table.
func (f fields) columns(typed bool) []Column {
	allowed := []string{"key", "title", "options"}
	if typed {
		allowed = append(allowed, "type", "max", "low", "high", "unit")
	}
	var columns []Column
	seen := map[string]bool{}
	for _, one := range f.list("columns") {
		c, ok := readFields(one.at, one.node, "a column", allowed...)
		if !ok {
			continue
		}
		column := Column{Key: c.key("key"), Title: c.words("title", titleMax, true)}
		for _, option := range c.list("options") {
			text := scalar(option.at, option.node)
			if text == "" || slices.Contains(column.Options, text) {
				option.at.wrong("each option needs words of its own")
			}
			column.Options = append(column.Options, text)
		}
		if seen[column.Key] && column.Key != "" {
			one.at.wrong("there are two columns with the key %q. Give one another key.", column.Key)
		}
		seen[column.Key] = true
		if typed {
			c.readCell(&column)
		}
		columns = append(columns, column)
	}
	if f.count("columns") == 0 {
		f.place("columns").wrong("there are no columns. Add at least one.")
	}
	return columns
}

// readCell reads what the type of a table's column asks for.
func (f fields) readCell(column *Column) {
	if column.Type = Type(f.offered("type", columnTypes)); f.missing("type") {
		f.place("type").wrong("type is missing. Write one of %s.", strings.Join(columnTypes, ", "))
	}
	for _, name := range []string{"max", "low", "high", "unit", "options"} {
		fits := slices.Contains(only[name], column.Type)
		if f.has(name) && column.Type != "" && !fits {
			f.place(name).wrong("%s is only for a column of type %s. Take it out.", name, strings.Join(names(only[name])[:1], ""))
		}
	}
	switch column.Type {
	case TypeText:
		if column.Max = f.whole("max"); f.has("max") && (column.Max < 1 || column.Max > MostText) {
			f.place("max").wrong("max must be from 1 to %d", MostText)
		}
	case TypeChoice:
		if len(column.Options) < 2 {
			f.place("options").wrong("a column of type choice needs at least two options")
		}
	case TypeNumber:
		column.Low, column.High, column.Unit = f.bounds()
	}
}

// condition reads on which answers to an earlier question of the section this one waits.
func (f fields) condition(earlier []Question) *Condition {
	if !f.has("shown_when") {
		return nil
	}
	c, ok := readFields(f.place("shown_when"), f.of["shown_when"], "shown_when", "question", "is")
	if !ok {
		return nil
	}
	condition := &Condition{Question: c.text("question")}
	at := slices.IndexFunc(earlier, func(q Question) bool { return q.Key == condition.Question })
	if at < 0 {
		c.place("question").wrong("%q is not an earlier question of this section. Move it up, or wait for another.", condition.Question)
		return nil
	}
	var answers []string
	switch asked := earlier[at]; asked.Type {
	case TypeChoice:
		for _, option := range asked.Options {
			answers = append(answers, option.Value)
		}
	case TypeYesNoReason:
		answers = []string{"yes", "no"}
	default:
		c.place("question").wrong("%q is not answered by a choice or yes and no, so nothing can wait for it", condition.Question)
		return nil
	}
	if condition.Is = c.someOf("is", answers); c.count("is") == 0 {
		c.place("is").wrong("is must list the answers to wait for, such as [%s]", answers[0])
	}
	return condition
}
