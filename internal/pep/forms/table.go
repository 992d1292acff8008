package forms

import (
	"fmt"
	"strings"
)

// asked is a cell's column as a question of its own, so that cells are judged and read as answers are.
func (c Column) asked() Question {
	q := Question{Type: c.Type, Label: c.Title, Max: c.Limit(), Low: c.Low, High: c.High, Unit: c.Unit}
	for _, option := range c.Options {
		q.Options = append(q.Options, Choice{Value: option, Text: option})
	}
	return q
}

// Limit is the most characters a text cell may have.
func (c Column) Limit() int {
	if c.Max == 0 {
		return CellMax
	}
	return c.Max
}

// Words is a cell as a person reads it.
func (c Column) Words(cell string) string { return c.asked().Words(Answer{Text: cell}) }

// FilledRows are the rows of a table in which something was said, without their empty cells.
func (a Answer) FilledRows() []map[string]string {
	var filled []map[string]string
	for _, row := range a.Rows {
		tidy := map[string]string{}
		for key, cell := range row {
			if cell != "" {
				tidy[key] = cell
			}
		}
		if len(tidy) > 0 {
			filled = append(filled, tidy)
		}
	}
	return filled
}

// tableWords is a line for each row: "School: Oak Park, Until: 20 July 2026".
func (q Question) tableWords(a Answer) string {
	var lines []string
	for _, row := range a.FilledRows() {
		var cells []string
		for _, column := range q.Columns {
			if words := column.Words(row[column.Key]); words != "" {
				cells = append(cells, column.Title+": "+words)
			}
		}
		lines = append(lines, strings.Join(cells, ", "))
	}
	return strings.Join(lines, "\n")
}

// checkTable says what is wrong with the first wrong cell, by its row as the page counts them.
func (q Question) checkTable(a Answer) string {
	if len(a.FilledRows()) > q.Most {
		return fmt.Sprintf("“%s” has room for %d rows", q.Label, q.Most)
	}
	for n, row := range a.Rows {
		known := 0
		for _, column := range q.Columns {
			cell, there := row[column.Key]
			if there {
				known++
			}
			if wrong := column.asked().CheckAnswer(Answer{Text: cell}); wrong != "" {
				return fmt.Sprintf("“%s”, row %d: %s", q.Label, n+1, wrong)
			}
		}
		if known < len(row) {
			return "Fill in the columns of “" + q.Label + "” that are shown"
		}
	}
	return ""
}
