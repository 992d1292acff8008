package year

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/ledger"
)

// Stage is how sure a figure is.
type Stage string

// The department allocates on last year's return first and on the new one in December.
const (
	Provisional Stage = "provisional"
	Final       Stage = "final"
)

// Name is the stage as a page says it.
func (s Stage) Name() string {
	switch s {
	case Provisional:
		return "Provisional"
	case Final:
		return "Final"
	}
	return ""
}

// Entry is what the council enters as a year's income. Which figures count depends on the grant:
// children and a rate for each (R32), their funded hours and a rate for each hour (R37), or a sum.
type Entry struct {
	Stage    Stage
	Children int
	Hours    int // funded in the year, of all the children together
	Rate     money.Pence
	Sum      money.Pence // for the grant that comes as one sum
	Source   string
}

// MostHours is what is funded for one child in a year: 15 hours in each of 38 weeks (R37).
const MostHours = 570

// Bounds that a slip of the finger crosses.
const (
	MostChildren             = 20_000
	mostRate     money.Pence = 100_000_00
	mostHourRate money.Pence = 100_00
)

// Income is what the figures come to.
func (e Entry) Income(stream ledger.Stream) money.Pence {
	switch stream {
	case ledger.LookedAfter:
		return e.Rate * money.Pence(e.Children)
	case ledger.EarlyYears:
		return e.Rate * money.Pence(e.Hours)
	}
	return e.Sum
}

// Basis says what the figures are, in words.
func (e Entry) Basis(stream ledger.Stream) string {
	switch stream {
	case ledger.LookedAfter:
		return fmt.Sprintf("%s at %s", counted(e.Children, "child", "children"), e.Rate)
	case ledger.EarlyYears:
		return fmt.Sprintf("%s of %s at %s", counted(e.Hours, "funded hour", "funded hours"), counted(e.Children, "child", "children"), e.Rate)
	}
	return "One sum"
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// problems are about the fields stage, children, hours, rate, sum and source.
func (e Entry) problems(stream ledger.Stream) error {
	var p fault.Problems
	if e.Stage.Name() == "" {
		p.Add("stage", "Choose provisional or final")
	}
	if stream == ledger.Post16 {
		if e.Sum <= 0 || e.Sum > money.Most {
			p.Addf("sum", "The sum must be more than £0.00 and not more than %s", money.Most)
		}
	} else {
		if e.Children < 0 || e.Children > MostChildren {
			p.Addf("children", "Number of children must be from 0 to %d", MostChildren)
		}
		most := mostRate
		if stream == ledger.EarlyYears {
			most = mostHourRate
			if e.Hours < 0 || e.Hours > e.Children*MostHours {
				p.Addf("hours", "Funded hours must be from 0 to %d: no child has more than %d in a year", max(e.Children, 0)*MostHours, MostHours)
			}
		}
		if e.Rate <= 0 || e.Rate > most {
			p.Addf("rate", "Rate must be more than £0.00 and not more than %s", most)
		}
	}
	switch {
	case strings.TrimSpace(e.Source) == "":
		p.Add("source", "Enter where the figures were published")
	case utf8.RuneCountInString(e.Source) > 500:
		p.Add("source", "Use 500 characters or fewer")
	}
	return p.Err()
}

// Income is an entry as it stands.
type Income struct {
	Entry
	ID        int64
	Amount    money.Pence
	EnteredBy string
	EnteredAt time.Time
}

// Latest is the last entry of a stage; false for none. The list is oldest first.
func Latest(entries []Income, stage Stage) (Income, bool) {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Stage == stage {
			return entries[i], true
		}
	}
	return Income{}, false
}

// open refuses a year whose income cannot be entered today.
func open(financialYear int, today calendar.Date) error {
	days := calendar.FinancialYearRange(financialYear)
	label := calendar.FinancialYearLabel(financialYear)
	switch {
	case today.Before(days.Start):
		return fault.Conflict(fmt.Sprintf("The year %s begins on %s. It can be entered from that day.", label, days.Start.Words()))
	case !today.Before(days.End):
		return fault.Conflict(fmt.Sprintf("The year %s ended on %s and takes no more income. The Virtual School Head can write a journal once it is closed.", label, days.LastDay().Words()))
	}
	return nil
}
