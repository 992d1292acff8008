package forms

import (
	"slices"
	"strings"

	"virtualschool/internal/yamlfile"
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
func readQuestion(one yamlfile.Item, earlier []Question) Question {
	f, ok := readFields(one.At, one.Node, "a question", append([]string{"key", "type", "label", "hint", "required", "known", "law", "applies", "shown_when"}, onlyOrder...)...)
	if !ok {
		return Question{}
	}
	q := Question{Key: f.Key("key"), Type: Type(f.Offered("type", typeNames)), Label: f.Words("label", labelMax, true), Hint: f.Words("hint", hintMax, false),
		Required: f.Yes("required"), Applies: f.cases("applies"), Known: Known(f.Text("known")), Law: Law(f.Offered("law", lawNames))}
	if f.Missing("type") {
		f.Place("type").Wrong("type is missing. Write one of %s.", strings.Join(typeNames, ", "))
	}
	for _, name := range onlyOrder {
		if f.Has(name) && q.Type != "" && !slices.Contains(only[name], q.Type) {
			f.Place(name).Wrong("%s is only for a question of type %s. Take it out.", name, strings.Join(names(only[name]), " or "))
			f.Forget(name)
		}
	}
	f.readAnswer(&q)
	if want, known := knownTypes[q.Known]; q.Known != "" && !known {
		f.Place("known").Wrong("%q is not a fact on record. Write one of %s.", q.Known, strings.Join(knownNames(), ", "))
	} else if q.Known != "" && q.Type != "" && want != q.Type {
		f.Place("known").Wrong("%s can only fill in a question of type %s", q.Known, want)
	}
	q.ShownWhen = f.condition(earlier)
	return q
}

// readAnswer reads what the type of question asks for.
func (f fields) readAnswer(q *Question) {
	switch q.Type {
	case TypeText:
		if q.Max = f.Whole("max"); f.Has("max") && (q.Max < 1 || q.Max > MostText) {
			f.Place("max").Wrong("max must be from 1 to %d", MostText)
		}
	case TypeChoice, TypeChoices:
		if q.Options = f.choices("options"); f.Count("options") >= 0 && f.Count("options") < 2 {
			f.Place("options").Wrong("a question of type %s needs at least two options", q.Type)
		}
	case TypeYesNoReason:
		if q.ReasonFor = f.Offered("reason_for", []string{"yes", "no"}); f.Missing("reason_for") {
			f.Place("reason_for").Wrong("reason_for must say which answer needs details: yes or no")
		}
	case TypeNumber:
		q.Low, q.High, q.Unit = f.bounds()
	case TypeGradeGrid:
		if q.Subjects = f.choices("subjects"); f.Count("subjects") == 0 {
			f.Place("subjects").Wrong("a grade grid needs subjects, each a row")
		}
		q.Columns = f.columns(false)
	case TypeTable:
		q.Columns, q.Least, q.Most = f.columns(true), f.Whole("least"), f.Whole("most")
		switch {
		case q.Most < 1 || q.Most > MostRows:
			f.Place("most").Wrong("most must say how many rows there can be, from 1 to %d", MostRows)
		case q.Least < 0 || q.Least > q.Most:
			f.Place("least").Wrong("least must be from 1 to most")
		case q.Least > 0 && !q.Required:
			f.Place("least").Wrong("least is only for a table that is required. Add required: true, or take least out.")
		}
	}
}

func (f fields) bounds() (low, high float64, unit string) {
	low, high, unit = f.Number("low"), f.Number("high"), f.Words("unit", 20, false)
	if low >= high {
		f.Place("high").Wrong("low is %s and high is %s. High must be more than low.", plainNumber(low), plainNumber(high))
	}
	return low, high, unit
}

// choices are what can be chosen: a value that is stored and a text that is shown.
func (f fields) choices(name string) []Choice {
	var choices []Choice
	seen := map[string]bool{}
	for _, one := range f.List(name) {
		c, ok := readFields(one.At, one.Node, "each of "+name, "value", "text")
		if !ok {
			continue
		}
		choice := Choice{Value: c.Key("value"), Text: c.Words("text", labelMax, true)}
		if seen[choice.Value] && choice.Value != "" {
			one.At.Wrong("the value %q is here twice. Give one another value.", choice.Value)
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
	for _, one := range f.List("columns") {
		c, ok := readFields(one.At, one.Node, "a column", allowed...)
		if !ok {
			continue
		}
		column := Column{Key: c.Key("key"), Title: c.Words("title", titleMax, true)}
		for _, option := range c.List("options") {
			text := yamlfile.Scalar(option.At, option.Node)
			if text == "" || slices.Contains(column.Options, text) {
				option.At.Wrong("each option needs words of its own")
			}
			column.Options = append(column.Options, text)
		}
		if seen[column.Key] && column.Key != "" {
			one.At.Wrong("there are two columns with the key %q. Give one another key.", column.Key)
		}
		seen[column.Key] = true
		if typed {
			c.readCell(&column)
		}
		columns = append(columns, column)
	}
	if f.Count("columns") == 0 {
		f.Place("columns").Wrong("there are no columns. Add at least one.")
	}
	return columns
}

// readCell reads what the type of a table's column asks for.
func (f fields) readCell(column *Column) {
	if column.Type = Type(f.Offered("type", columnTypes)); f.Missing("type") {
		f.Place("type").Wrong("type is missing. Write one of %s.", strings.Join(columnTypes, ", "))
	}
	for _, name := range []string{"max", "low", "high", "unit", "options"} {
		fits := slices.Contains(only[name], column.Type)
		if f.Has(name) && column.Type != "" && !fits {
			f.Place(name).Wrong("%s is only for a column of type %s. Take it out.", name, strings.Join(names(only[name])[:1], ""))
		}
	}
	switch column.Type {
	case TypeText:
		if column.Max = f.Whole("max"); f.Has("max") && (column.Max < 1 || column.Max > MostText) {
			f.Place("max").Wrong("max must be from 1 to %d", MostText)
		}
	case TypeChoice:
		if len(column.Options) < 2 {
			f.Place("options").Wrong("a column of type choice needs at least two options")
		}
	case TypeNumber:
		column.Low, column.High, column.Unit = f.bounds()
	}
}

// condition reads on which answers to an earlier question of the section this one waits.
func (f fields) condition(earlier []Question) *Condition {
	c, ok := f.inner("shown_when", "shown_when", "question", "is")
	if !ok {
		return nil
	}
	condition := &Condition{Question: c.Text("question")}
	at := slices.IndexFunc(earlier, func(q Question) bool { return q.Key == condition.Question })
	if at < 0 {
		c.Place("question").Wrong("%q is not an earlier question of this section. Move it up, or wait for another.", condition.Question)
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
		c.Place("question").Wrong("%q is not answered by a choice or yes and no, so nothing can wait for it", condition.Question)
		return nil
	}
	if condition.Is = c.SomeOf("is", answers); c.Count("is") == 0 {
		c.Place("is").Wrong("is must list the answers to wait for, such as [%s]", answers[0])
	}
	return condition
}
