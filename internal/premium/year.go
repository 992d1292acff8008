package premium

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
)

// YearEntry is what the council enters for a financial year (R32): the department's rate for each
// child, where it was published, the count, and how much is retained for the whole cohort.
type YearEntry struct {
	Rate     money.Pence
	Source   string
	Children int
	Retained money.Pence
}

// Income is the count at the rate.
func (e YearEntry) Income() money.Pence { return e.Rate * money.Pence(e.Children) }

// Bounds that a slip of the finger crosses.
const (
	mostRate     money.Pence = 100_000_00
	mostChildren int         = 20_000
)

// problems are about the fields rate, source, children and retained.
func (e YearEntry) problems() error {
	var p fault.Problems
	if e.Rate <= 0 || e.Rate > mostRate {
		p.Addf("rate", "Rate must be more than £0.00 and not more than %s", mostRate)
	}
	switch {
	case strings.TrimSpace(e.Source) == "":
		p.Add("source", "Enter where the rate was published")
	case utf8.RuneCountInString(e.Source) > 500:
		p.Add("source", "Use 500 characters or fewer")
	}
	if e.Children < 0 || e.Children > mostChildren {
		p.Addf("children", "Number of children must be from 0 to %d", mostChildren)
	}
	if err := p.Err(); err != nil {
		return err
	}
	if e.Retained < 0 || e.Retained > e.Income() {
		p.Addf("retained", "Retained must be from £0.00 to the year's income of %s", e.Income())
	}
	return p.Err()
}

// open refuses a year whose ledger cannot be written today.
func open(financialYear int, today calendar.Date) error {
	days := calendar.FinancialYearRange(financialYear)
	label := calendar.FinancialYearLabel(financialYear)
	switch {
	case today.Before(days.Start):
		return fault.Conflict(fmt.Sprintf("The year %s begins on %s. It can be entered from that day.", label, days.Start.Words()))
	case !today.Before(days.End):
		return fault.Conflict(fmt.Sprintf("The year %s ended on %s and takes no more entries.", label, days.LastDay().Words()))
	}
	return nil
}

// move is a transfer between the grant and an account; a negative amount goes back to the grant.
type move struct {
	kind   string
	amount money.Pence
}

// corrections brings the grant's shares from what was given so far to what the entry says.
// income is what the grant has given in all; retained, what of it is retained.
func (e YearEntry) corrections(income, retained money.Pence) []move {
	var moves []move
	if difference := e.Retained - retained; difference != 0 {
		moves = append(moves, move{"retained", difference})
	}
	if difference := (e.Income() - e.Retained) - (income - retained); difference != 0 {
		moves = append(moves, move{"pool", difference})
	}
	return moves
}
