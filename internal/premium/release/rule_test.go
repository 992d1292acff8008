package release

import (
	"strconv"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/scheme"
)

func at(date string) calendar.Date { return calendar.MustParse(date) }

func from(start, end string) calendar.Range {
	r := calendar.Range{Start: at(start)}
	if end != "" {
		r.End = at(end)
	}
	return r
}

// autumn has 70 school days: fifteen weeks, one of them half-term.
var autumn = calendar.Term{AcademicYear: 2026, Name: calendar.Autumn, Starts: at("2026-09-07"), Ends: at("2026-12-18"), HalfTermFrom: at("2026-10-26"), HalfTermTo: at("2026-10-30")}

func TestWhatASchoolIsDueForATerm(t *testing.T) {
	t.Parallel()
	days := calendar.NewSchoolDays([]calendar.Term{autumn}, nil, nil)
	rule := scheme.Release{Amount: money.Pounds(550), Prorate: true, SplitOnMove: true, WithholdReturned: true, WithholdIndependent: true, WithholdGrades: []string{"amber"}}
	signed := Plan{SignedOff: true, SubmittedBy: 7, Grade: "green"}
	inCare := []calendar.Range{from("2024-01-10", "")}
	ash := Stay{1, "Ash", false, from("2024-09-01", "")}
	// 70 days: to 23 October 35, then 35 from 2 November.
	first, second := Stay{1, "Ash", false, from("2024-09-01", "2026-11-02")}, Stay{2, "Birch", false, from("2026-11-02", "")}
	for name, c := range map[string]struct {
		rule  func(*scheme.Release)
		child Child
		want  string // school days amount or why, one line each
	}{
		"the whole term":              {nil, Child{Care: inCare, Stays: []Stay{ash}, Plan: signed}, "Ash 70 £550.00"},
		"40 of 70 days in care":       {nil, Child{Care: []calendar.Range{from("2026-10-19", "")}, Stays: []Stay{ash}, Plan: signed}, "Ash 40 £314.29"},
		"care with a gap":             {nil, Child{Care: []calendar.Range{from("2026-01-01", "2026-09-14"), from("2026-12-14", "")}, Stays: []Stay{ash}, Plan: signed}, "Ash 10 £78.57"},
		"not by days":                 {func(r *scheme.Release) { r.Prorate = false }, Child{Care: []calendar.Range{from("2026-10-19", "")}, Stays: []Stay{ash}, Plan: signed}, "Ash 40 £550.00"},
		"a move in the middle":        {nil, Child{Care: inCare, Stays: []Stay{first, second}, Plan: signed}, "Ash 35 £275.00; Birch 35 £275.00"},
		"half a penny each":           {func(r *scheme.Release) { r.Amount = 55001 }, Child{Care: inCare, Stays: []Stay{first, second}, Plan: signed}, "Ash 35 £275.01; Birch 35 £275.00"},
		"a move, not split":           {func(r *scheme.Release) { r.SplitOnMove = false }, Child{Care: inCare, Stays: []Stay{first, second}, Plan: signed}, "Ash 35 The school of the last day has the whole sum; Birch 35 £550.00"},
		"back to the first school":    {nil, Child{Care: inCare, Stays: []Stay{first, {2, "Birch", false, from("2026-11-02", "2026-12-14")}, {1, "Ash", false, from("2026-12-14", "")}}, Plan: signed}, "Ash 40 £314.29; Birch 30 £235.71"},
		"a move to an independent":    {nil, Child{Care: inCare, Stays: []Stay{first, {2, "Birch", true, from("2026-11-02", "")}}, Plan: signed}, "Ash 35 £275.00; Birch 35 An independent school: under this policy money is not released to it"},
		"independents are paid":       {func(r *scheme.Release) { r.WithholdIndependent = false }, Child{Care: inCare, Stays: []Stay{{2, "Birch", true, from("2024-09-01", "")}}, Plan: signed}, "Birch 70 £550.00"},
		"a red plan":                  {nil, Child{Care: inCare, Stays: []Stay{ash}, Plan: Plan{true, 7, "red", true}}, "Ash 70 The plan is graded red"},
		"red plans are paid":          {func(r *scheme.Release) { r.WithholdReturned = false }, Child{Care: inCare, Stays: []Stay{ash}, Plan: Plan{true, 7, "red", true}}, "Ash 70 £550.00"},
		"a grade the policy names":    {nil, Child{Care: inCare, Stays: []Stay{ash}, Plan: Plan{true, 7, "amber", false}}, "Ash 70 The plan is graded amber"},
		"not graded":                  {nil, Child{Care: inCare, Stays: []Stay{ash}, Plan: Plan{true, 7, "", false}}, "Ash 70 £550.00"},
		"not signed off":              {nil, Child{Care: inCare, Stays: []Stay{ash}, Plan: Plan{false, 7, "", false}}, "Ash 70 The plan for the term is not signed off yet"},
		"no plan":                     {nil, Child{Care: inCare, Stays: []Stay{ash}}, "Ash 70 There is no submitted plan for the term"},
		"no school":                   {nil, Child{Care: inCare, Plan: signed}, " 0 Not in care and on a school's roll on any school day of the term"},
		"in care in half-term alone":  {nil, Child{Care: []calendar.Range{from("2026-10-26", "2026-10-31")}, Stays: []Stay{ash}, Plan: signed}, " 0 Not in care and on a school's roll on any school day of the term"},
		"released before":             {nil, Child{Care: inCare, Stays: []Stay{ash}, Plan: signed, Released: map[int64]money.Pence{1: 12345}}, "Ash 70 £123.45 done"},
		"released, then a red plan":   {nil, Child{Care: inCare, Stays: []Stay{ash}, Plan: Plan{true, 7, "red", true}, Released: map[int64]money.Pence{1: 12345}}, "Ash 70 £123.45 done"},
		"all released before a move":  {nil, Child{Care: inCare, Stays: []Stay{first, second}, Plan: signed, Released: map[int64]money.Pence{1: money.Pounds(550)}}, "Ash 35 £550.00 done; Birch 35 The whole sum was released to another school before the move. Ask for it back first"},
		"part released before a move": {nil, Child{Care: inCare, Stays: []Stay{first, second}, Plan: signed, Released: map[int64]money.Pence{1: money.Pounds(500)}}, "Ash 35 £500.00 done; Birch 35 £50.00"},
	} {
		r := rule
		if c.rule != nil {
			c.rule(&r)
		}
		var got []string
		for _, line := range Lines(r, autumn, days, c.child) {
			says := line.Withheld
			if says == "" {
				says = line.Amount.String()
			}
			if line.Done {
				says += " done"
			}
			if line.Withheld != "" && line.Amount != 0 || line.TermDays != 70 {
				t.Errorf("%s: %+v", name, line)
			}
			got = append(got, line.School+" "+strings.TrimSpace(strings.Join([]string{strconv.Itoa(line.Days), says}, " ")))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "; "), c.want)
		}
	}
	if got := Lines(rule, calendar.Term{Starts: at("2027-01-04"), Ends: at("2027-03-26")}, days, Child{Care: inCare, Stays: []Stay{ash}, Plan: signed}); len(got) != 1 || got[0].Withheld == "" {
		t.Errorf("a term that is not in the calendar: %+v", got)
	}
}
