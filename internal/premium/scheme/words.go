package scheme

import (
	"fmt"
	"strings"
)

// Line is one thing a scheme says, for a page.
type Line struct{ About, Says string }

// Lines are what the scheme says about asking, deciding and paying, in words.
func (s Scheme) Lines() []Line {
	lines := []Line{{"How money is given", s.basisWords()}}
	if s.Basis == TermlyRelease {
		lines = append(lines, s.releaseLines()...)
	}
	asks := "It may be for a target of the Personal Education Plan; those that are can be decided sooner."
	if s.NeedsTarget {
		asks = "It must be for a target of the Personal Education Plan."
	}
	if s.Itemised {
		asks += " It says what it is made of, item by item: how many of each, and the price of one."
	}
	approval := "Each request is decided by a person."
	if s.Automatic.UpTo > 0 {
		approval = "Up to " + s.Automatic.UpTo.String() + " is approved at once, by rule, when every check passes. Anything else is decided by a person."
	}
	paid := "In arrears: after the money is spent."
	if s.Pays == InAdvance {
		paid = "In advance: before the money is spent."
	}
	evidence := fmt.Sprintf("Within %d days of the payment, what was bought and what came of it.", s.Evidence.DueDays)
	if s.Evidence.Invoice {
		evidence = fmt.Sprintf("Within %d days of the payment, an invoice or receipt for each item.", s.Evidence.DueDays)
	}
	return append(lines, Line{"A request", asks}, Line{"Approval", approval}, Line{"When the school is paid", paid}, Line{"Evidence", evidence},
		Line{"What may be asked for", strings.Join(s.categoryNames(), ", ") + "."})
}

func (s Scheme) basisWords() string {
	if s.Basis == TermlyRelease {
		return s.Release.Amount.String() + " for each child and term, released to the school when the Personal Education Plan is signed off. More can be asked for at any time."
	}
	return "Request by request: for what a child needs, when it is needed. There is no fixed sum for a child."
}

func (s Scheme) releaseLines() []Line {
	share := "The whole sum, however many days the child was there."
	if s.Release.Prorate {
		share = "In proportion to the days of the term on which the child was in care and on roll."
	}
	move := "The school on whose roll the child is last has the whole sum."
	if s.Release.SplitOnMove {
		move = "The sum is split between the schools, by the days at each."
	}
	var withheld []string
	if s.Release.WithholdReturned {
		withheld = append(withheld, "for a plan whose grade returns it, such as red")
	}
	for _, grade := range s.Release.WithholdGrades {
		withheld = append(withheld, "for a plan graded "+grade)
	}
	if s.Release.WithholdIndependent {
		withheld = append(withheld, "for independent schools")
	}
	nothing := "No school is left out."
	if len(withheld) > 0 {
		nothing = "Nothing is released " + strings.Join(withheld, ", or ") + "."
	}
	return []Line{{"Part of a term", share}, {"A move to another school", move}, {"Withheld", nothing}}
}

func (s Scheme) categoryNames() []string {
	var names []string
	for _, one := range s.Categories {
		names = append(names, one.Name)
	}
	return names
}
