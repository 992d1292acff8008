package pep

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
)

// Rule is one of the rules that give a plan its deadlines: what it asks, where it comes from, and the
// council's own value in it.
type Rule struct {
	Number string // "R9"
	Asks   string
	Law    string     // statute or guidance; where the number itself is local, it says so
	Key    policy.Key // the dated setting that gives the number
	Clock  string     // what starts it
	Unit   string     // how its time is counted
}

const inWorkingDays = "Working days: Monday to Friday without bank holidays. School holidays and closed days count."

var rules = []Rule{
	{"R6", "The social worker starts the first plan", "Care Planning Regulations 2010, reg. 5 and Sch. 1: the plan is part of the care plan. The number of days is local.",
		policy.PEPInitiateWorkingDays, "Coming into care", inWorkingDays},
	{"R7", "The first plan is ready for the first care review", "Care Planning Regulations 2010, reg. 33(1): the first review is within 20 working days.",
		policy.PEPCompleteWorkingDays, "Coming into care", inWorkingDays},
	{"R9", "The plan is reviewed every school term", "Statutory guidance on promoting the education of looked-after children: every term. The last day of each term and the gap are local.",
		policy.PEPGapMonths, "The start of term, or the last meeting", "Calendar days: every day counts."},
	{"R11", "The plan is signed off after its meeting", "Local practice.",
		policy.PEPSignOffWorkingDays, "The meeting or, for a later edition, the day it was reopened", inWorkingDays},
	{"R14", "A change of school is followed by a new plan", "Local practice.",
		policy.PEPSchoolChangeWorkingDays, "The first day on the new roll", inWorkingDays},
}

// RuleOf is the rule of a number; false when a plan's deadlines know no such rule.
func RuleOf(number string) (Rule, bool) {
	for _, rule := range rules {
		if rule.Number == number {
			return rule, true
		}
	}
	return Rule{}, false
}

// Skipped are the bank holidays, Monday to Friday, that were not counted between the start of the
// clock and the deadline. A rule in calendar days skips none.
func (e Explanation) Skipped(w calendar.WorkingDays) []calendar.Holiday {
	var skipped []calendar.Holiday
	if e.Rule == "R9" {
		return nil
	}
	for day := e.Since.AddDays(1); !day.After(e.Due); day = day.AddDays(1) {
		if name := w.BankHoliday(day); name != "" && day.Weekday() != 0 && day.Weekday() != 6 {
			skipped = append(skipped, calendar.Holiday{Date: day, Name: name})
		}
	}
	return skipped
}
