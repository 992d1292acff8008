// Package formstest answers forms, for tests of whatever stands on them.
package formstest

import "virtualschool/internal/pep/forms"

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
		}
	}
	return answers
}
