package year

import (
	"strings"
	"unicode/utf8"

	"virtualschool/internal/fault"
	"virtualschool/internal/money"
)

// Purpose is a named line of the retained share and what was spent of it.
type Purpose struct {
	ID      int64
	Name    string
	Planned money.Pence
	Spent   money.Pence
}

// Left is what may still be spent on it.
func (p Purpose) Left() money.Pence { return p.Planned - p.Spent }

// Line is a purpose as it is planned: its name and its sum.
type Line struct {
	Name    string
	Planned money.Pence
}

// MostLines is how many purposes a year's retained share has at most.
const MostLines = 12

// Retained is what the lines come to: the share is never more or less than its purposes.
func Retained(lines []Line) money.Pence {
	var sum money.Pence
	for _, line := range lines {
		sum += line.Planned
	}
	return sum
}

// planned is the lines as they will stand: every purpose there was, those left out at what was spent on
// them, which must be nothing; and new ones. Problems are about the field name-N or amount-N of a line,
// or lines.
func planned(were []Purpose, lines []Line) ([]Purpose, error) {
	var p fault.Problems
	if len(lines) > MostLines {
		p.Addf("lines", "Use %d purposes or fewer", MostLines)
	}
	named := map[string]int{}
	for i, line := range lines {
		key := strings.ToLower(line.Name)
		switch _, twice := named[key]; {
		case line.Name == "":
			p.Add(row("name", i), "Enter what this part of the retained share is for")
		case utf8.RuneCountInString(line.Name) > 200:
			p.Add(row("name", i), "Use 200 characters or fewer")
		case twice:
			p.Add(row("name", i), "This purpose is there twice. Put the sums together.")
		}
		named[key] = i
		if line.Planned < 0 || line.Planned > money.Most {
			p.Addf(row("amount", i), "The sum must be from £0.00 to %s", money.Most)
		}
	}
	var will []Purpose
	for _, was := range were {
		i, kept := named[strings.ToLower(was.Name)]
		delete(named, strings.ToLower(was.Name))
		switch {
		case !kept && was.Spent > 0:
			p.Addf("lines", "%s has been spent on “%s”, so it stays with at least that sum", was.Spent, was.Name)
		case kept && lines[i].Planned < was.Spent:
			p.Addf(row("amount", i), "%s has been spent on this already", was.Spent)
		}
		was.Planned = 0
		if kept {
			was.Planned = lines[i].Planned
		}
		will = append(will, was)
	}
	for i, line := range lines {
		if at, isNew := named[strings.ToLower(line.Name)]; isNew && at == i {
			will = append(will, Purpose{Name: line.Name, Planned: line.Planned})
		}
	}
	return will, p.Err()
}
