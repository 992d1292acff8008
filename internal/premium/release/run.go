package release

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/scheme"
)

// Named is a line with the child's name, for a page.
type Named struct {
	Line
	LAChildID string
	Name      string
}

// Run is a termly release: what is due, what was released, what is withheld and why.
type Run struct {
	Term   calendar.Term // zero: not in the calendar
	Terms  []calendar.Term
	Scheme scheme.Scheme
	Lines  []Named
	values policy.Values // the council's dated sums, by which a line is left for somebody else
}

// Run works out the run of a term under the paying policy that holds. It is for children who get Pupil
// Premium Plus, Reception to Year 11.
func (f Found) Run(schemes scheme.Set, term Term, today calendar.Date) Run {
	run := Run{values: f.policies}
	run.Scheme, _ = schemes.Scheme(f.policies.PremiumScheme())
	for _, one := range f.calendar.Terms() {
		if one.Starts.After(today) {
			continue
		}
		run.Terms = append(run.Terms, one.Term)
		if one.AcademicYear == term.AcademicYear && one.Name == term.Name {
			run.Term = one.Term
		}
	}
	if run.Term.Name == "" || run.Scheme.Basis != scheme.TermlyRelease {
		return run
	}
	care, stays := map[int64][]calendar.Range{}, map[int64][]stayRow{}
	for _, row := range f.care {
		care[row.ChildID] = append(care[row.ChildID], calendar.Range{Start: row.Starts, End: row.Ends})
	}
	for _, row := range f.stays {
		stays[row.ChildID] = append(stays[row.ChildID], row)
	}
	days := f.calendar.SchoolDays()
	for _, row := range f.children {
		if ledger.StreamFor(calendar.CurriculumYear(row.DateOfBirth, run.Term.Starts)+row.YearOffset) != ledger.LookedAfter {
			continue
		}
		child := Child{ID: row.ChildID, Care: care[row.ChildID], Released: map[int64]money.Pence{},
			Plan: Plan{SignedOff: row.SignedOff, SubmittedBy: row.SubmittedBy, Grade: row.Grade, Returned: row.Returned}}
		for _, stay := range stays[row.ChildID] {
			child.Stays = append(child.Stays, Stay{stay.SettingID, stay.School, stay.Independent, calendar.Range{Start: stay.Starts, End: stay.Ends}})
			if stay.Released > 0 {
				child.Released[stay.SettingID] = stay.Released
			}
		}
		name := cmp.Or(strings.TrimSpace(cmp.Or(row.PreferredName, row.Forename)+" "+row.Surname), "Child "+row.LAChildID)
		for _, line := range Lines(run.Scheme.Release, run.Term, days, child) {
			run.Lines = append(run.Lines, Named{line, row.LAChildID, name})
		}
	}
	return run
}

// Left is why a line that is due is left by whoever decides with a power; empty when they may release it.
// It is the limit of every decision: each line is one sum, so nothing counts together with it.
func (r Run) Left(line Line, power premium.Power) string {
	limit, limited := power.Limit(r.values)
	panel, two := r.values.PremiumPanel(), r.values.PremiumTwoApprovers()
	switch {
	case line.AskedBy == power.PersonID:
		return "You submitted this plan, so somebody else must release it"
	case line.AskedBy == power.PowerOf:
		return power.AwayName + ", for whom you stand in, submitted this plan, so somebody else must release it"
	case panel > 0 && line.Amount > panel:
		return "Above " + panel.String() + " a panel looks first, so it must be asked for and sent to the panel"
	case two > 0 && line.Amount > two:
		return "Above " + two.String() + " two people approve, so it must be asked for and decided by both"
	case limited && line.Amount > limit:
		return "More than the " + limit.String() + " you may approve, so someone with a higher limit must release it"
	}
	return ""
}

// Due are the lines that whoever decides with a power can release now.
func (r Run) Due(power premium.Power) (due []Named) {
	for _, line := range r.Lines {
		if !line.Done && line.Withheld == "" && r.Left(line.Line, power) == "" {
			due = append(due, line)
		}
	}
	return due
}

// Sum adds lines up.
func Sum(lines []Named) (sum money.Pence) {
	for _, line := range lines {
		sum += line.Amount
	}
	return sum
}

// Version stands for lines as they were shown, so that a run that has changed is noticed.
func Version(lines []Named) int {
	sum := fnv.New32a()
	for _, line := range lines {
		fmt.Fprintln(sum, line.ChildID, line.SettingID, int64(line.Amount))
	}
	return int(sum.Sum32()>>1) + 1
}
