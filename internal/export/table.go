package export

import (
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
)

// Table is what a file holds: one line of headings, then the rows, each with a cell for each heading.
type Table struct {
	Name  string // of the sheet
	Heads []string
	Rows  [][]Cell
}

// Add writes a row below the others.
func (t *Table) Add(cells ...Cell) { t.Rows = append(t.Rows, cells) }

type kind int

const (
	text kind = iota
	number
	pence
	day
)

// Cell is one value. The zero Cell is empty.
type Cell struct {
	kind   kind
	words  string
	amount int64
	day    calendar.Date
}

// Text is words, written as they are and never worked out.
func Text(words string) Cell { return Cell{words: words} }

// Number is a whole number.
func Number(n int) Cell { return Cell{kind: number, amount: int64(n)} }

// Money is a sum of money, in pounds with two decimals.
func Money(sum money.Pence) Cell { return Cell{kind: pence, amount: int64(sum)} }

// Day is a day; the zero Date an empty cell.
func Day(on calendar.Date) Cell {
	if on.IsZero() {
		return Cell{}
	}
	return Cell{kind: day, day: on}
}

// plain is the cell as a CSV file has it: money as 1234.50, days as 2026-11-23.
func (c Cell) plain() string {
	switch c.kind {
	case number:
		return strconv.FormatInt(c.amount, 10)
	case pence:
		return money.Pence(c.amount).Plain()
	case day:
		return c.day.String()
	}
	return notFormula(c.words)
}

// notFormula marks as text what a spreadsheet would work out; the full-width signs count too.
func notFormula(words string) string {
	if words != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(words)[0]) {
		return "'" + words
	}
	return words
}
