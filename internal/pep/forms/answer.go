package forms

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// Answer is what was said to one question. Text holds a text, the chosen value, "yes" or "no", an
// ISO date or a number as typed; the others are for their types.
type Answer struct {
	Text    string                       `json:"text,omitempty"`
	Reason  string                       `json:"reason,omitempty"`
	Choices []string                     `json:"choices,omitempty"`
	Grades  map[string]map[string]string `json:"grades,omitempty"` // subject → column → grade
	Rows    []map[string]string          `json:"rows,omitempty"`   // of a table: column → cell, as Text would hold it
	// NoLonger is a fact of the record that is said to hold no longer, as Text would hold it. It is the
	// whole answer.
	NoLonger string `json:"no_longer,omitempty"`
}

// Answers are by question.
type Answers map[string]Answer

// Empty says whether nothing was said.
func (a Answer) Empty() bool {
	return a.Text == "" && a.Reason == "" && len(a.Choices) == 0 && len(a.tidyGrades()) == 0 && len(a.FilledRows()) == 0 && a.NoLonger == ""
}

// Same says whether two answers say the same.
func (a Answer) Same(other Answer) bool {
	return a.Text == other.Text && a.NoLonger == other.NoLonger && a.Reason == other.Reason && slices.Equal(a.Choices, other.Choices) &&
		maps.EqualFunc(a.tidyGrades(), other.tidyGrades(), maps.Equal) &&
		slices.EqualFunc(a.FilledRows(), other.FilledRows(), maps.Equal)
}

// Tidy is the answer without its empty cells and rows, as it is kept.
func (a Answer) Tidy() Answer {
	a.Grades, a.Rows = a.tidyGrades(), a.FilledRows()
	return a
}

func (a Answer) tidyGrades() map[string]map[string]string {
	tidy := map[string]map[string]string{}
	for subject, row := range a.Grades {
		for column, grade := range row {
			if grade != "" {
				if tidy[subject] == nil {
					tidy[subject] = map[string]string{}
				}
				tidy[subject][column] = grade
			}
		}
	}
	return tidy
}

// Words is the answer as a person reads it.
func (q Question) Words(a Answer) string {
	if a.NoLonger != "" {
		return "No longer true: " + q.Words(Answer{Text: a.NoLonger})
	}
	switch q.Type {
	case TypeChoice:
		return q.OptionText(a.Text)
	case TypeChoices:
		var texts []string
		for _, value := range a.Choices {
			texts = append(texts, q.OptionText(value))
		}
		return strings.Join(texts, ", ")
	case TypeYesNoReason:
		words := map[string]string{"yes": "Yes", "no": "No"}[a.Text]
		if a.Reason != "" {
			words += ": " + a.Reason
		}
		return words
	case TypeDate:
		if date, err := calendar.Parse(a.Text); err == nil {
			return date.Words()
		}
	case TypeNumber:
		switch {
		case a.Text == "":
			return ""
		case q.Unit == "%":
			return a.Text + "%"
		}
		return strings.TrimSpace(a.Text + " " + q.Unit)
	case TypeGradeGrid:
		var lines []string
		for _, subject := range q.Subjects {
			var cells []string
			for _, column := range q.Columns {
				if grade := a.Grades[subject.Value][column.Key]; grade != "" {
					cells = append(cells, column.Title+" "+grade)
				}
			}
			if len(cells) > 0 {
				lines = append(lines, subject.Text+": "+strings.Join(cells, ", "))
			}
		}
		return strings.Join(lines, "\n")
	case TypeTable:
		return q.tableWords(a)
	}
	return a.Text
}

// CheckAnswer says what is wrong with an answer, or nothing. An empty answer is never wrong here.
func (q Question) CheckAnswer(a Answer) string {
	if strings.ContainsRune(a.Text, 0) || strings.ContainsRune(a.Reason, 0) {
		return q.Label + " has a character that cannot be used. Type it again without it."
	}
	if a.NoLonger != "" && (q.Known == "" || a.Text != "" || !utf8.ValidString(a.NoLonger) || strings.ContainsRune(a.NoLonger, 0) || utf8.RuneCountInString(a.NoLonger) > MostText) {
		return "Only what the record holds about “" + q.Label + "” can be no longer true"
	}
	switch q.Type {
	case TypeText:
		if length := utf8.RuneCountInString(a.Text); length > q.Limit() {
			return fmt.Sprintf("%s must be %d characters or fewer. It is %d.", q.Label, q.Limit(), length)
		}
	case TypeChoice:
		if a.Text != "" && !q.offers(a.Text) {
			return "Choose an answer to “" + q.Label + "” from the list"
		}
	case TypeChoices:
		for _, value := range a.Choices {
			if !q.offers(value) {
				return "Choose answers to “" + q.Label + "” from the list"
			}
		}
	case TypeYesNoReason:
		if a.Text != "" && a.Text != "yes" && a.Text != "no" {
			return "Answer “" + q.Label + "” with yes or no"
		}
		if length := utf8.RuneCountInString(a.Reason); length > ReasonMax {
			return fmt.Sprintf("Details for “%s” must be %d characters or fewer. They are %d.", q.Label, ReasonMax, length)
		}
	case TypeDate:
		if a.Text == "" {
			return ""
		}
		if _, err := calendar.Parse(a.Text); err != nil {
			return q.Label + " must be a real date"
		}
	case TypeNumber:
		if a.Text == "" {
			return ""
		}
		number, err := strconv.ParseFloat(a.Text, 64)
		if err != nil || !(number >= q.Low && number <= q.High) || len(a.Text) > 10 {
			return fmt.Sprintf("%s must be a number from %s to %s", q.Label, plainNumber(q.Low), plainNumber(q.High))
		}
	case TypeGradeGrid:
		return q.checkGrades(a)
	case TypeTable:
		return q.checkTable(a)
	}
	return ""
}

func (q Question) checkGrades(a Answer) string {
	for subject, row := range a.tidyGrades() {
		if !slices.ContainsFunc(q.Subjects, func(s Choice) bool { return s.Value == subject }) {
			return "Choose subjects for “" + q.Label + "” from the list"
		}
		for key, grade := range row {
			at := slices.IndexFunc(q.Columns, func(c Column) bool { return c.Key == key })
			switch {
			case at < 0:
				return "Fill in the columns of “" + q.Label + "” that are shown"
			case len(q.Columns[at].Options) > 0 && !slices.Contains(q.Columns[at].Options, grade):
				return "Choose grades for “" + q.Label + "” from the list"
			case strings.ContainsRune(grade, 0):
				return "A grade of “" + q.Label + "” has a character that cannot be used. Type it again without it."
			case utf8.RuneCountInString(grade) > GradeMax:
				return fmt.Sprintf("Each grade of “%s” must be %d characters or fewer", q.Label, GradeMax)
			}
		}
	}
	return ""
}

func (q Question) offers(value string) bool {
	return slices.ContainsFunc(q.Options, func(o Choice) bool { return o.Value == value })
}

func plainNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Check finds what is wrong with a section's answers. A problem's field is the question's key.
// When complete, what is required and shown must be answered, with a reason where one is asked.
func (s Section) Check(answers Answers, complete bool) fault.Problems {
	var problems fault.Problems
	known := map[string]bool{}
	for _, question := range s.Questions {
		known[question.Key] = true
		if wrong := question.CheckAnswer(answers[question.Key]); wrong != "" {
			problems.Add(question.Key, wrong)
		}
	}
	for key := range answers {
		if !known[key] {
			problems.Add(key, "This question is not part of the section")
		}
	}
	if !complete {
		return problems
	}
	for _, question := range s.Shown(answers) {
		answer := answers[question.Key]
		switch {
		case question.Required && (answer.Empty() || question.Type == TypeYesNoReason && answer.Text == ""):
			problems.Add(question.Key, "Answer “"+question.Label+"”")
		case question.Required && question.Type == TypeTable && len(answer.FilledRows()) < question.Least:
			problems.Addf(question.Key, "Fill in at least %d rows of “%s”", question.Least, question.Label)
		case question.Type == TypeYesNoReason && answer.Text == question.ReasonFor && answer.Reason == "":
			problems.Add(question.Key, "Give details for “"+question.Label+"”")
		}
	}
	return problems
}
