package release

import (
	"fmt"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/scheme"
)

// Stay is time on a school's roll.
type Stay struct {
	SettingID   int64
	School      string
	Independent bool
	Period      calendar.Range
}

// Plan is the child's Personal Education Plan of the term.
type Plan struct {
	SignedOff   bool
	SubmittedBy int64  // 0: there is no plan
	Grade       string // of its last grading; empty: not graded
	Returned    bool   // that grade returns a plan
}

// Child is what a child's release depends on.
type Child struct {
	ID       int64
	Care     []calendar.Range
	Stays    []Stay // on the main roll
	Plan     Plan
	Released map[int64]money.Pence // by school, for this term already
}

// Line is what one school is due for one child and term.
type Line struct {
	ChildID   int64
	SettingID int64 // 0: no school in the term
	School    string
	Days      int // in care and on roll there
	TermDays  int
	Amount    money.Pence
	Withheld  string // why nothing is released; empty: Amount is, or was
	Done      bool   // released before
	AskedBy   int64
}

// Lines are what is due for a child: one line for each school the child was at in the term, or one that
// says why there is none. A term that is not over counts as if nothing changed until its end. Half-pennies
// go to the school of the earlier stay.
func Lines(rule scheme.Release, term calendar.Term, days calendar.SchoolDays, child Child) []Line {
	lines, termDays := child.days(term, days)
	nothing := func(why string) []Line { return []Line{{ChildID: child.ID, TermDays: termDays, Withheld: why}} }
	present := 0
	for _, line := range lines {
		present += line.Days
	}
	switch {
	case termDays == 0:
		return nothing("The term has no school days in the calendar")
	case present == 0:
		return nothing("Not in care and on a school's roll on any school day of the term")
	}
	for n := range lines {
		lines[n].AskedBy = child.Plan.SubmittedBy
	}
	if why := withheld(rule, child.Plan); why != "" {
		for n := range lines {
			lines[n].refuse(why, child)
		}
		return lines
	}
	total := rule.Amount
	if rule.Prorate {
		total, _ = money.Portion(rule.Amount, int64(present), int64(termDays)) // present is within the term
	}
	weights := make([]int64, len(lines))
	for n, line := range lines {
		weights[n] = int64(line.Days)
	}
	if !rule.SplitOnMove {
		clear(weights)
		weights[len(weights)-1] = 1
	}
	shares, _ := money.Split(total, weights...) // some weight is there, for some day is
	var released money.Pence
	for _, sum := range child.Released {
		released += sum
	}
	for n := range lines {
		line := &lines[n]
		if before, done := child.Released[line.SettingID]; done {
			line.Amount, line.Done = before, true
			continue
		}
		line.Amount = min(shares[n], max(total-released, 0))
		switch {
		case line.independent(child) && rule.WithholdIndependent:
			line.refuse("An independent school: under this policy money is not released to it", child)
		case shares[n] == 0:
			line.refuse("The school of the last day has the whole sum", child)
		case line.Amount == 0:
			line.refuse("The whole sum was released to another school before the move. Ask for it back first", child)
		}
		released += line.Amount
	}
	return lines
}

// withheld is why a plan releases nothing; empty when it does.
func withheld(rule scheme.Release, plan Plan) string {
	switch {
	case plan.SubmittedBy == 0:
		return "There is no submitted plan for the term"
	case !plan.SignedOff:
		return "The plan for the term is not signed off yet"
	case plan.Returned && rule.WithholdReturned, slices.Contains(rule.WithholdGrades, plan.Grade):
		return fmt.Sprintf("The plan is graded %s", plan.Grade)
	}
	return ""
}

// refuse withholds a line, unless it was released before.
func (l *Line) refuse(why string, child Child) {
	if before, done := child.Released[l.SettingID]; done {
		l.Amount, l.Done = before, true
		return
	}
	l.Amount, l.Withheld = 0, why
}

func (l Line) independent(child Child) bool {
	return slices.ContainsFunc(child.Stays, func(s Stay) bool { return s.SettingID == l.SettingID && s.Independent })
}

// days counts the school days of the term on which the child was in care and on roll, school by school
// in the order of the stays, and those of the term.
func (c Child) days(term calendar.Term, days calendar.SchoolDays) (lines []Line, termDays int) {
	for day := term.Starts; !day.After(term.Ends); day = day.AddDays(1) {
		if !days.IsSchoolDay(day) {
			continue
		}
		termDays++
		in := func(r calendar.Range) bool { return r.Contains(day) }
		at := slices.IndexFunc(c.Stays, func(s Stay) bool { return in(s.Period) })
		if at < 0 || !slices.ContainsFunc(c.Care, in) {
			continue
		}
		stay := c.Stays[at]
		n := slices.IndexFunc(lines, func(l Line) bool { return l.SettingID == stay.SettingID })
		if n < 0 {
			n, lines = len(lines), append(lines, Line{ChildID: c.ID, SettingID: stay.SettingID, School: stay.School})
		}
		lines[n].Days++
	}
	for n := range lines {
		lines[n].TermDays = termDays
	}
	return lines, termDays
}
