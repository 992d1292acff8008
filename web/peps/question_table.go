package peps

import (
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/web/kit"
)

// addRow is the button that makes room for one more row of a table; its value is the question.
const addRow = "add-row"

func tableCell(q forms.Question, row int, column forms.Column) string {
	return cell(q.Key, number(int64(row)), column.Key)
}

// rowsIn is how many rows of a table the form has fields for.
func rowsIn(form *kit.Form, q forms.Question) int {
	rows := 0
	for n := range q.Most {
		for _, column := range q.Columns {
			if len(form.All(tableCell(q, n, column))) > 0 {
				rows = n + 1
			}
		}
	}
	return rows
}

// FillTable puts saved rows into the form, with an empty one below them.
func FillTable(form *kit.Form, q forms.Question, answer forms.Answer) {
	rows := answer.FilledRows()
	for n := range min(max(len(rows)+1, q.Least), q.Most) {
		for _, column := range q.Columns {
			text := ""
			if n < len(rows) {
				text = rows[n][column.Key]
			}
			if day, err := calendar.Parse(text); err == nil && column.Type == forms.TypeDate {
				text = shortDay(day)
			}
			form.Set(tableCell(q, n, column), text)
		}
	}
}

// addingRow makes room for one more row where the button for it was pressed, and says whether it was.
func addingRow(form *kit.Form, section forms.Section) bool {
	for _, q := range section.Questions {
		if rows := rowsIn(form, q); q.Type == forms.TypeTable && form.Value(addRow) == q.Key {
			if rows < q.Most {
				form.Set(tableCell(q, rows, q.Columns[0]), "")
			}
			form.Renew()
			return true
		}
	}
	return false
}

// readTable takes a table off the form, row by row as the page shows them, the empty ones too, so
// that what is wrong is told by the row that is seen.
func readTable(form *kit.Form, q forms.Question) forms.Answer {
	var answer forms.Answer
	for n := range rowsIn(form, q) {
		row := map[string]string{}
		for _, column := range q.Columns {
			name := tableCell(q, n, column)
			switch column.Type {
			case forms.TypeText:
				row[column.Key] = form.Text(name, column.Title, column.Limit())
			case forms.TypeDate:
				row[column.Key] = readDay(form, name, column.Title)
			default:
				row[column.Key] = strings.TrimSpace(form.Value(name))
			}
		}
		answer.Rows = append(answer.Rows, row)
	}
	return answer
}

func shortDay(day calendar.Date) string {
	return number(int64(day.Day)) + "/" + number(int64(day.Month)) + "/" + number(int64(day.Year))
}

// readDay reads a day typed in one box: 4/9/2026, 4 September 2026 or 2026-09-04. It is an ISO date,
// or empty.
func readDay(form *kit.Form, name, label string) string {
	text := strings.TrimSpace(form.Value(name))
	if text == "" {
		return ""
	}
	if day, err := calendar.Parse(text); err == nil {
		return day.String()
	}
	boxes := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/.- ", r) })
	if len(boxes) != 3 {
		form.Problems.Add(name, label+" must be a day, a month and a year, like 4/9/2026")
		return ""
	}
	day, err := calendar.ParseInput(boxes[0], boxes[1], boxes[2])
	if err != nil {
		form.Problems.Add(name, calendar.InputProblem(err, label))
	}
	return day.String()
}
