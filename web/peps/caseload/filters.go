package caseload

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/returncode"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// build works out how every child stands, and keeps those the filters take, in the order asked for.
func (v *listView) build(facts []pep.FactsRow) {
	year, name := parseTerm(v.Filters.Get("term"))
	for _, f := range facts {
		rules := f.Facts()
		if !rules.InScope(v.Rules.Deadlines, v.Today) {
			continue
		}
		one := row{FactsRow: f, Standing: pep.StandingOf(rules, v.Rules.Calendar, v.Rules.Deadlines, v.Today)}
		if v.Filters.Get("term") != "" {
			v.inTerm(&one, rules, year, name)
		} else if at := slices.IndexFunc(f.Plans, func(plan pep.PlanDates) bool { return plan.ID == one.Standing.PlanID }); at >= 0 {
			one.Plan = f.Plans[at]
		}
		one.Kind = one.Plan.Kind
		if one.Kind == "" && one.Standing.Stage == pep.StageDue {
			_, one.Kind, _ = rules.Meeting(v.Rules.Calendar, v.Rules.Deadlines, v.Today)
		}
		one.HandedIn = v.handedIn(f.Plans)
		if v.takes(one) {
			v.All = append(v.All, one)
		}
	}
	slices.SortStableFunc(v.All, orders[v.order()])
}

// count counts what the filters found.
func (v *listView) count() {
	v.Total = len(v.All)
	for _, one := range v.All {
		if one.Standing.Overdue > 0 {
			v.Overdue++
		}
	}
}

// inTerm makes the row tell of a term's plan, the newest of them.
func (v *listView) inTerm(one *row, rules pep.Facts, year int, name string) {
	paused := one.Standing.Paused
	one.Standing = pep.Standing{Stage: pep.StageNone, Paused: paused}
	for _, plan := range rules.Plans {
		if plan.AcademicYear != year || plan.Term != name {
			continue
		}
		one.Signed = one.Signed || plan.State == pep.SignedOff || plan.State == pep.Superseded
		if one.Plan.ID == 0 {
			due, _ := pep.DueOf(rules, plan.ID, v.Rules.Calendar, v.Rules.Deadlines, v.Today)
			one.Plan, one.Standing = plan, pep.StandingOfPlan(rules, plan, due, v.Rules.Calendar, v.Rules.Deadlines, v.Today)
		}
	}
}

// takes says whether a child's row passes the filters that the database left, but for its grade, which
// takeGrade reads.
func (v *listView) takes(one row) bool {
	is := func(name, value string) bool { return v.Filters.Get(name) == "" || v.Filters.Get(name) == value }
	return is("state", string(one.Standing.Stage)) && is("kind", string(one.Kind)) && is("year", strconv.Itoa(one.year(v.Today))) &&
		is("paused", yesNo(!one.Standing.Paused.IsZero())) && (v.Filters.Get("term") == "" || is("signed", yesNo(one.Signed))) && v.dueBy(one)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// dueBy says whether the row's deadline is in the days asked for. What is overdue is in none of those
// to come.
func (v *listView) dueBy(one row) bool {
	due, want := one.Standing.Due.Due, v.Filters.Get("due")
	until := calendar.Date{}
	switch want {
	case "":
		return true
	case "overdue":
		return one.Standing.Overdue > 0
	case "week":
		until = v.Today.Monday().AddDays(6)
	case "fortnight":
		until = v.Today.AddDays(14)
	case "term":
		now, _ := v.Rules.Calendar.TermAt(v.Today)
		until = now.Ends
	}
	return !due.IsZero() && !due.Before(v.Today) && !due.After(until)
}

// year is the child's curriculum year, as taught.
func (r row) year(today calendar.Date) int {
	return calendar.CurriculumYear(r.DateOfBirth, today) + r.YearOffset
}

// planName is the plan in a few words: "Termly review, Autumn 2026/27, edition 2".
func planName(plan pep.PlanDates) string {
	if plan.ID == 0 {
		return ""
	}
	name := plan.Kind.Name() + ", " + planTerm(plan)
	if plan.Edition > 1 {
		name += fmt.Sprintf(", edition %d", plan.Edition)
	}
	return name
}

func planTerm(plan pep.PlanDates) string {
	return calendar.Term{AcademicYear: plan.AcademicYear, Name: plan.Term}.Label()
}

// orders are the ways the list is sorted. The first thought is what is late, longest first.
var orders = map[string]func(a, b row) int{
	"": func(a, b row) int {
		return cmp.Or(cmp.Compare(b.Standing.Overdue, a.Standing.Overdue), dueOrder(a, b))
	},
	"due": dueOrder,
	"name": func(a, b row) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Surname), strings.ToLower(b.Surname)), cmp.Compare(a.Forename, b.Forename))
	},
	"state": func(a, b row) int {
		return cmp.Or(cmp.Compare(slices.Index(pep.Stages, a.Standing.Stage), slices.Index(pep.Stages, b.Standing.Stage)), dueOrder(a, b))
	},
	"meeting": func(a, b row) int { return a.Plan.MeetingOn.Compare(b.Plan.MeetingOn) },
	"school":  func(a, b row) int { return cmp.Or(cmp.Compare(a.School, b.School), dueOrder(a, b)) },
	"advisor": func(a, b row) int { return cmp.Or(cmp.Compare(a.Advisor, b.Advisor), dueOrder(a, b)) },
}

func (v *listView) order() string {
	if _, known := orders[v.Filters.Get("sort")]; known {
		return v.Filters.Get("sort")
	}
	return ""
}

// dueOrder puts what has a due date first, by that date.
func dueOrder(a, b row) int {
	x, y := a.Standing.Due.Due, b.Standing.Due.Due
	if x.IsZero() != y.IsZero() {
		if x.IsZero() {
			return 1
		}
		return -1
	}
	return x.Compare(y)
}

func parseTerm(value string) (year int, name string) {
	before, name, _ := strings.Cut(value, "-")
	year, err := strconv.Atoi(before)
	if err != nil {
		return 0, ""
	}
	return year, name
}

func termValue(term pep.Term) string { return fmt.Sprintf("%d-%s", term.AcademicYear, term.Name) }

// terms are those the council has entered that have begun, newest first.
func (v listView) terms() []ui.Option {
	var options []ui.Option
	for _, term := range slices.Backward(v.Rules.Calendar.Terms) {
		if !term.Starts.After(v.Today.AddDays(60)) && term.Starts.After(v.Today.AddYears(-3)) {
			options = append(options, ui.Option{Value: termValue(term), Text: term.Label()})
		}
	}
	return options
}

var dueOptions = []ui.Option{{Value: "overdue", Text: "Overdue"}, {Value: "week", Text: "This week"}, {Value: "fortnight", Text: "In the next 2 weeks"}, {Value: "term", Text: "This term"}}

func stages() []ui.Option {
	var options []ui.Option
	for _, stage := range append(slices.Clone(pep.Stages), pep.StageSignedOff, pep.StageSuperseded, pep.StageNone) {
		options = append(options, ui.Option{Value: string(stage), Text: stage.Name()})
	}
	return options
}

func kinds() []ui.Option {
	var options []ui.Option
	for _, kind := range pep.Kinds {
		options = append(options, ui.Option{Value: string(kind), Text: kind.Name()})
	}
	return options
}

func people(choices []child.Choice, nobody string) []ui.Option {
	var options []ui.Option
	for _, choice := range choices {
		options = append(options, ui.Option{Value: strconv.FormatInt(choice.ID, 10), Text: choice.Name})
	}
	return append(options, ui.Option{Value: none, Text: nobody})
}

var (
	senOptions  = []ui.Option{{Value: "N", Text: "No SEN"}, {Value: "K", Text: "SEN support"}, {Value: "E", Text: "EHC plan"}}
	areaOptions = []ui.Option{{Value: "in", Text: "In the authority"}, {Value: "out", Text: "Out of the authority"}}
)

// selected are the filters that are on. Some are only come by from the figures of completion.
func (v listView) selected() []ui.SelectedFilter {
	year, _ := strconv.Atoi(v.Filters.Get("year"))
	return v.Filters.Selected(
		kit.Filter{Name: "state", Label: "State", Options: stages()},
		kit.Filter{Name: "due", Label: "Due", Options: dueOptions},
		kit.Filter{Name: "term", Label: "Term", Options: v.terms()},
		kit.Filter{Name: "signed", Label: "Signed off in the term", Options: []ui.Option{{Value: "yes", Text: "yes"}, {Value: "no", Text: "not yet"}}},
		kit.Filter{Name: "kind", Label: "Kind", Options: kinds()},
		kit.Filter{Name: "grade", Label: "Grade", Options: v.gradeOptions()},
		kit.Filter{Name: "school", Label: "School", Options: people(v.Schools, "No school place")},
		kit.Filter{Name: "advisor", Label: "Advisor", Options: people(v.Advisors, "No advisor")},
		kit.Filter{Name: "year", Label: "Year", Options: []ui.Option{{Value: v.Filters.Get("year"), Text: calendar.YearGroup(year)}}},
		kit.Filter{Name: "sen", Label: "SEN", Options: senOptions},
		kit.Filter{Name: "area", Label: "Lives", Options: areaOptions},
		kit.Filter{Name: "placement", Label: "Placement", Options: []ui.Option{{Value: v.Filters.Get("placement"), Text: returncode.Label("PLACE", v.Filters.Get("placement"))}}},
		kit.Filter{Name: "paused", Label: "Paused", Options: []ui.Option{{Value: "yes", Text: "only"}, {Value: "no", Text: "left out"}}},
	)
}
