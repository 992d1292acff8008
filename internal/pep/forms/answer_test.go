package forms_test

import (
	"strings"
	"testing"

	"virtualschool/internal/pep/forms"
)

func TestAnswersOfASection(t *testing.T) {
	t.Parallel()
	section := forms.Section{Key: "one", Questions: []forms.Question{
		{Key: "sure", Type: forms.TypeYesNoReason, Label: "Sure?", ReasonFor: "no", Required: true},
		{Key: "when", Type: forms.TypeDate, Label: "When", ShownWhen: &forms.Condition{Question: "sure", Is: []string{"yes"}}, Required: true},
	}}
	for name, c := range map[string]struct {
		answers forms.Answers
		field   string
	}{
		"nothing said":         {forms.Answers{}, "sure"},
		"a reason alone":       {forms.Answers{"sure": {Reason: "because"}}, "sure"},
		"no without a reason":  {forms.Answers{"sure": {Text: "no"}}, "sure"},
		"yes without the day":  {forms.Answers{"sure": {Text: "yes"}}, "when"},
		"31 September":         {forms.Answers{"sure": {Text: "yes"}, "when": {Text: "2026-09-31"}}, "when"},
		"neither yes nor no":   {forms.Answers{"sure": {Text: "maybe"}}, "sure"},
		"from another section": {forms.Answers{"sure": {Text: "no", Reason: "x"}, "else": {Text: "x"}}, "else"},
		"no need for a day":    {forms.Answers{"sure": {Text: "no", Reason: "x"}}, ""},
		"everything in order":  {forms.Answers{"sure": {Text: "yes"}, "when": {Text: "2026-09-30"}}, ""},
	} {
		wrong := section.Check(c.answers, true)
		if c.field == "" && len(wrong) > 0 || c.field != "" && !wrong.Has(c.field) {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}

func TestAnswersOfEachType(t *testing.T) {
	t.Parallel()
	grid := forms.Question{Key: "g", Type: forms.TypeGradeGrid, Label: "Grades", Subjects: []forms.Choice{{Value: "maths", Text: "Mathematics"}},
		Columns: []forms.Column{{Key: "now", Title: "Now"}, {Key: "end", Title: "End", Options: []string{"Below", "Above"}}}}
	number := forms.Question{Key: "n", Type: forms.TypeNumber, Label: "Attendance", Low: 0, High: 100, Unit: "%"}
	choices := forms.Question{Key: "c", Type: forms.TypeChoices, Label: "Support", Options: []forms.Choice{{Value: "a", Text: "One"}, {Value: "b", Text: "Two"}}}
	text := forms.Question{Key: "t", Type: forms.TypeText, Label: "Words", Max: 5}
	table := forms.Question{Key: "s", Type: forms.TypeTable, Label: "Support", Least: 2, Most: 2, Required: true, Columns: []forms.Column{
		{Key: "what", Title: "What", Type: forms.TypeText, Max: 5}, {Key: "since", Title: "Since", Type: forms.TypeDate},
		{Key: "hours", Title: "Hours", Type: forms.TypeNumber, High: 40}, {Key: "helps", Title: "Helps", Type: forms.TypeChoice, Options: []string{"Yes", "No"}}}}
	rows := func(rows ...map[string]string) forms.Answer { return forms.Answer{Rows: rows} }
	cells := func(key, grade string) forms.Answer {
		return forms.Answer{Grades: map[string]map[string]string{"maths": {key: grade}}}
	}
	for _, c := range []struct {
		question forms.Question
		answer   forms.Answer
		ok       bool
		words    string
	}{
		{grid, cells("now", "5+"), true, "Mathematics: Now 5+"},
		{grid, cells("end", "Below"), true, "Mathematics: End Below"},
		{grid, cells("end", "Sideways"), false, ""},
		{grid, cells("never", "x"), false, ""},
		{grid, cells("now", strings.Repeat("x", 41)), false, ""},
		{grid, forms.Answer{Grades: map[string]map[string]string{"magic": {"now": "9"}}}, false, ""},
		{number, forms.Answer{Text: "95.5"}, true, "95.5%"},
		{number, forms.Answer{}, true, ""},
		{number, forms.Answer{Text: "101"}, false, ""},
		{number, forms.Answer{Text: "NaN"}, false, ""},
		{number, forms.Answer{Text: "-1"}, false, ""},
		{number, forms.Answer{Text: "many"}, false, ""},
		{choices, forms.Answer{Choices: []string{"a", "b"}}, true, "One, Two"},
		{choices, forms.Answer{Choices: []string{"z"}}, false, ""},
		{table, rows(map[string]string{"what": "Pairs", "since": "2026-09-04", "hours": "2.5"}, map[string]string{"helps": "Yes", "what": ""}), true,
			"What: Pairs, Since: 4 September 2026, Hours: 2.5\nHelps: Yes"},
		{table, rows(map[string]string{}, map[string]string{"what": ""}), true, ""},
		{table, rows(map[string]string{"what": "Longer"}), false, ""},
		{table, rows(map[string]string{"what": "a\x00"}), false, ""},
		{table, rows(map[string]string{"since": "2026-09-31"}), false, ""},
		{table, rows(map[string]string{"hours": "41"}), false, ""},
		{table, rows(map[string]string{"helps": "Maybe"}), false, ""},
		{table, rows(map[string]string{"magic": "x"}), false, ""},
		{table, rows(map[string]string{"what": "1"}, map[string]string{"what": "2"}, map[string]string{"what": "3"}), false, ""},
		{text, forms.Answer{Text: "ééééé"}, true, "ééééé"},
		{text, forms.Answer{Text: "eeeeee"}, false, ""},
		{text, forms.Answer{Text: "a\x00b"}, false, ""},
	} {
		wrong := c.question.CheckAnswer(c.answer)
		if (wrong == "") != c.ok {
			t.Errorf("%s %+v: %q", c.question.Key, c.answer, wrong)
		}
		if c.ok && c.question.Words(c.answer) != c.words {
			t.Errorf("%s reads %q; want %q", c.question.Key, c.question.Words(c.answer), c.words)
		}
	}
}

func TestARequiredTableHasItsRows(t *testing.T) {
	t.Parallel()
	section := forms.Section{Key: "s", Questions: []forms.Question{{Key: "q", Type: forms.TypeTable, Label: "Week", Required: true, Least: 2, Most: 5,
		Columns: []forms.Column{{Key: "day", Title: "Day", Type: forms.TypeText}}}}}
	filled := map[string]string{"day": "Monday"}
	for name, c := range map[string]struct {
		rows []map[string]string
		ok   bool
	}{"none": {nil, false}, "one of two": {[]map[string]string{filled, {"day": ""}}, false}, "two": {[]map[string]string{filled, {}, filled}, true}} {
		answers := forms.Answers{"q": {Rows: c.rows}}
		if wrong := section.Check(answers, true); wrong.Has("q") == c.ok {
			t.Errorf("%s: %v", name, wrong)
		}
		if wrong := section.Check(answers, false); len(wrong) > 0 {
			t.Errorf("%s cannot be saved for now: %v", name, wrong)
		}
	}
	one := forms.Answer{Rows: []map[string]string{{"day": ""}, filled}}
	if tidy := one.Tidy(); len(tidy.Rows) != 1 || !one.Same(tidy) || one.Same(forms.Answer{Rows: []map[string]string{filled, filled}}) || one.Empty() {
		t.Errorf("tidied: %+v", tidy)
	}
}
