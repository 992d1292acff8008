package seed

import (
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/returncode"
)

// answer is what is written to one question of a form.
func (p *paper) answer(question forms.Question, today calendar.Date) forms.Answer {
	y, r := p.y, p.y.random
	if words := p.known(question.Known, today); words != "" {
		return forms.Answer{Text: words}
	}
	switch question.Type {
	case forms.TypeText:
		bank, known := answers[question.Key]
		if !known {
			bank = []string{"Nothing new since the last plan."}
		}
		if !question.Required && chance(r, 35) {
			return forms.Answer{}
		}
		return forms.Answer{Text: y.fill(pick(r, bank), y.learns(today))}
	case forms.TypeChoice:
		// The first answers of a list are the better ones; the last often says that it does not apply.
		return forms.Answer{Text: question.Options[min(r.IntN(len(question.Options)), r.IntN(len(question.Options)))].Value}
	case forms.TypeChoices:
		var chosen []string
		for _, option := range question.Options {
			if option.Value != "none" && chance(r, 35) {
				chosen = append(chosen, option.Value)
			}
		}
		if len(chosen) == 0 {
			chosen = []string{question.Options[len(question.Options)-1].Value}
		}
		return forms.Answer{Choices: chosen}
	case forms.TypeYesNoReason:
		if bank, known := reasons[question.Key]; known && chance(r, 12) {
			return forms.Answer{Text: question.ReasonFor, Reason: y.fill(pick(r, bank), y.learns(today))}
		}
		if question.ReasonFor == "no" {
			return forms.Answer{Text: "yes"}
		}
		return forms.Answer{Text: "no"}
	case forms.TypeDate:
		return forms.Answer{Text: p.c.days.working.Add(today, 40+r.IntN(80)).String()}
	case forms.TypeNumber:
		if question.Unit == "%" {
			return forms.Answer{Text: strconv.Itoa(y.attends() + r.IntN(3) - 1)}
		}
		if question.Unit == "hours" {
			return forms.Answer{Text: strconv.Itoa(10 + r.IntN(6))}
		}
		return forms.Answer{Text: "0"}
	case forms.TypeTable:
		return forms.Answer{Rows: p.rows(question, today)}
	case forms.TypeGradeGrid:
		return forms.Answer{Grades: p.grades(question)}
	}
	return forms.Answer{}
}

// known is what the record holds, as a person who agrees with it leaves it.
func (p *paper) known(fact forms.Known, today calendar.Date) string {
	y := p.y
	switch fact {
	case forms.KnownSEN:
		return strings.ToLower(y.sen)
	case forms.KnownSENNeed:
		return y.need
	case forms.KnownPlacement:
		return returncode.Label("PLACE", y.lives(today).code)
	case forms.KnownSchoolHistory:
		var schools []string
		for _, roll := range y.rolls {
			if roll.kind == "main" && roll.at != nil && !roll.from.After(today) {
				schools = append(schools, roll.at.name+", from "+roll.from.Words())
			}
		}
		if len(schools) == 0 {
			return "Not known yet."
		}
		return strings.Join(schools, "\n")
	}
	return ""
}

// rows fills a table.
func (p *paper) rows(question forms.Question, today calendar.Date) []map[string]string {
	bank := tables[question.Key]
	if len(bank) == 0 || !question.Required && chance(p.y.random, 30) {
		return nil
	}
	var rows []map[string]string
	for _, row := range pick(p.y.random, bank) {
		cells := map[string]string{}
		for column, cell := range row {
			switch cell := cell.(type) {
			case string:
				cells[column] = cell
			case int:
				cells[column] = p.c.days.working.Add(today, -cell).String()
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

// grades fills a grid: from the column's own list, or in grades 1 to 9.
func (p *paper) grades(question forms.Question) map[string]map[string]string {
	r := p.y.random
	grid := map[string]map[string]string{}
	level := 2 + r.IntN(4)
	for n, subject := range question.Subjects {
		if n >= 3 && chance(r, 40) {
			continue
		}
		row := map[string]string{}
		here := level + r.IntN(3) - 1
		for step, column := range question.Columns {
			if size := len(column.Options); size > 0 {
				row[column.Key] = column.Options[min(size-1, max(0, here*size/7))]
				continue
			}
			row[column.Key] = strconv.Itoa(min(9, max(1, here+step)))
		}
		grid[subject.Value] = row
	}
	return grid
}

// attends is about how many sessions of a hundred the child attends.
func (y *young) attends() int {
	switch {
	case y.is == excluded, y.is == unit:
		return 78
	case y.n%17 == 9:
		return 47
	case y.n%6 == 1:
		return 86
	}
	return 95 + y.n%4
}
