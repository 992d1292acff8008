// Package formstest answers forms, for tests of whatever stands on them.
package formstest

import (
	"strconv"

	"virtualschool/internal/pep/forms"
)

// Answers answers everything a section can ask.
func Answers(section forms.Section) forms.Answers {
	answers := forms.Answers{}
	for _, q := range section.Questions {
		switch q.Type {
		case forms.TypeText:
			answers[q.Key] = forms.Answer{Text: "About " + q.Key}
		case forms.TypeChoice:
			answers[q.Key] = forms.Answer{Text: q.Options[0].Value}
		case forms.TypeChoices:
			answers[q.Key] = forms.Answer{Choices: []string{q.Options[0].Value, q.Options[1].Value}}
		case forms.TypeYesNoReason:
			answers[q.Key] = forms.Answer{Text: "yes", Reason: "Because of " + q.Key}
		case forms.TypeDate:
			answers[q.Key] = forms.Answer{Text: "2027-01-15"}
		case forms.TypeNumber:
			answers[q.Key] = forms.Answer{Text: "5.5"}
		case forms.TypeGradeGrid:
			grade := "4"
			if len(q.Columns[0].Options) > 0 {
				grade = q.Columns[0].Options[0]
			}
			answers[q.Key] = forms.Answer{Grades: map[string]map[string]string{q.Subjects[0].Value: {q.Columns[0].Key: grade}}}
		case forms.TypeTable:
			for range max(q.Least, 1) {
				row := map[string]string{}
				for _, column := range q.Columns {
					row[column.Key] = cell(column)
				}
				answers[q.Key] = forms.Answer{Rows: append(answers[q.Key].Rows, row)}
			}
		}
	}
	return answers
}

func cell(column forms.Column) string {
	switch column.Type {
	case forms.TypeChoice:
		return column.Options[0]
	case forms.TypeDate:
		return "2027-01-15"
	case forms.TypeNumber:
		return strconv.FormatFloat(column.Low, 'f', -1, 64)
	}
	return "About " + column.Key
}
