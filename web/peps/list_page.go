package peps

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 25

// listRow is a child with how their plan stands: in the term asked for, or now.
type listRow struct {
	pep.FactsRow
	Standing pep.Standing
	Plan     pep.PlanDates
}

func (row listRow) name() string {
	return child.DisplayName(row.PreferredName, row.Forename, row.Surname, row.LAChildID)
}

// href is the plan, or where one is started.
func (row listRow) href() string {
	if row.Plan.ID != 0 {
		return planPath(pep.Ref{ChildID: row.ChildID, PEPID: row.Plan.ID})
	}
	return childPath(row.ChildID) + "/peps"
}

// filter is what the list is narrowed to, as it stands in the address.
type filter struct {
	Stage, Late, Term, School, Advisor string
}

func (f filter) takes(row listRow) bool {
	return (f.Stage == "" || f.Stage == string(row.Standing.Stage)) &&
		(f.Late == "" || row.Standing.Overdue > 0) &&
		(f.School == "" || f.School == strconv.FormatInt(row.SettingID, 10)) &&
		(f.Advisor == "" || f.Advisor == strconv.FormatInt(row.AdvisorID, 10))
}

func (f filter) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{"state": f.Stage, "overdue": f.Late, "term": f.Term, "school": f.School, "advisor": f.Advisor} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// href is the list with these filters, from a page on.
func (f filter) href(page int) string {
	query := f.query()
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	if len(query) == 0 {
		return "/peps"
	}
	return "/peps?" + query.Encode()
}

type listView struct {
	Today             calendar.Date
	Filter            filter
	Rows              []listRow
	Total, Overdue    int
	Previous, Next    string
	Summary           string
	Terms             []ui.Option
	Schools, Advisors []ui.Option
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	var facts []pep.FactsRow
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	pep.QueueFacts(&batch, &facts)
	setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	query := r.URL.Query()
	v := listView{Today: p.Kit.Today(), Filter: filter{Stage: query.Get("state"), Late: query.Get("overdue"), Term: query.Get("term"), School: query.Get("school"), Advisor: query.Get("advisor")}}
	v.build(facts, pep.CalendarOf(dates), pep.DeadlinesOf(values))
	page, _ := strconv.Atoi(query.Get("page"))
	v.cut(max(page, 1))
	// Whoever is named on the page was looked at.
	ids := make([]int64, len(v.Rows))
	for n, row := range v.Rows {
		ids[n] = row.ChildID
	}
	var looks postgres.Batch
	audit.LookMany(r.Context(), &looks, kit.Actor(r), ids, "list of PEPs")
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &looks); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Personal Education Plans", Wide: true}, listPage(v))
}

// build works out how every child stands, and keeps those the filter takes, longest overdue first.
func (v *listView) build(facts []pep.FactsRow, cal pep.Calendar, deadlines pep.Deadlines) {
	schools, advisors, terms := map[int64]string{}, map[int64]string{}, map[string]string{}
	year, name := parseTerm(v.Filter.Term)
	for _, f := range facts {
		rules := f.Facts()
		if !rules.InScope(deadlines, v.Today) {
			continue
		}
		schools[f.SettingID], advisors[f.AdvisorID] = f.School, f.Advisor
		for _, plan := range f.Plans {
			terms[termValue(plan.AcademicYear, plan.Term)] = calendar.Term{AcademicYear: plan.AcademicYear, Name: plan.Term}.Label()
		}
		row := listRow{FactsRow: f, Standing: pep.StandingOf(rules, cal, deadlines, v.Today)}
		at := slices.IndexFunc(f.Plans, func(plan pep.PlanDates) bool { return plan.ID == row.Standing.PlanID })
		if v.Filter.Term != "" {
			at = slices.IndexFunc(f.Plans, func(plan pep.PlanDates) bool { return plan.AcademicYear == year && plan.Term == name })
			row.Standing = pep.Standing{Stage: pep.StageNone}
			if at >= 0 {
				row.Standing = pep.StandingOfPlan(f.Plans[at], pep.Explanation{}, cal, deadlines, v.Today)
			}
		}
		if at >= 0 {
			row.Plan = f.Plans[at]
		}
		if v.Filter.takes(row) {
			v.Rows = append(v.Rows, row)
			if row.Standing.Overdue > 0 {
				v.Overdue++
			}
		}
	}
	slices.SortStableFunc(v.Rows, func(a, b listRow) int {
		return cmp.Or(cmp.Compare(b.Standing.Overdue, a.Standing.Overdue), dueOrder(a, b))
	})
	v.Total = len(v.Rows)
	v.Schools, v.Advisors = named(schools, "No school place"), named(advisors, "No advisor")
	for _, value := range slices.Sorted(maps.Keys(terms)) {
		v.Terms = append(v.Terms, ui.Option{Value: value, Text: terms[value]})
	}
}

// dueOrder puts what has a due date first, by that date.
func dueOrder(a, b listRow) int {
	x, y := a.Standing.Due.Due, b.Standing.Due.Due
	if x.IsZero() != y.IsZero() {
		if x.IsZero() {
			return 1
		}
		return -1
	}
	return x.Compare(y)
}

// named are people or schools as options, by name.
func named(names map[int64]string, none string) []ui.Option {
	var options []ui.Option
	for id, name := range names {
		options = append(options, ui.Option{Value: strconv.FormatInt(id, 10), Text: cmp.Or(name, none)})
	}
	slices.SortFunc(options, func(a, b ui.Option) int { return cmp.Compare(a.Text, b.Text) })
	return options
}

// cut keeps one page of the rows.
func (v *listView) cut(page int) {
	pages := max((v.Total+pageSize-1)/pageSize, 1)
	page = min(page, pages)
	from, to := (page-1)*pageSize, min(page*pageSize, v.Total)
	if page > 1 {
		v.Previous = v.Filter.href(page - 1)
	}
	if page < pages {
		v.Next = v.Filter.href(page + 1)
	}
	if v.Total > pageSize {
		v.Summary = fmt.Sprintf("Showing %d to %d of %s", from+1, to, ui.Plural(v.Total, "child", "children"))
	}
	v.Rows = v.Rows[from:to]
}

func (v listView) selected() []ui.SelectedFilter {
	var list []ui.SelectedFilter
	add := func(name, text string, without filter) {
		list = append(list, ui.SelectedFilter{Name: name, Text: text, RemoveHref: without.href(1)})
	}
	f := v.Filter
	if f.Stage != "" {
		without := f
		without.Stage = ""
		add("State", cmp.Or(pep.Stage(f.Stage).Name(), f.Stage), without)
	}
	if f.Late != "" {
		without := f
		without.Late = ""
		add("Overdue", "only", without)
	}
	if f.Term != "" {
		without := f
		without.Term = ""
		add("Term", optionText(v.Terms, f.Term), without)
	}
	if f.School != "" {
		without := f
		without.School = ""
		add("School", optionText(v.Schools, f.School), without)
	}
	if f.Advisor != "" {
		without := f
		without.Advisor = ""
		add("Advisor", optionText(v.Advisors, f.Advisor), without)
	}
	return list
}

func optionText(options []ui.Option, value string) string {
	for _, option := range options {
		if option.Value == value {
			return option.Text
		}
	}
	return value
}

func stages() []ui.Option {
	var options []ui.Option
	for _, stage := range append(slices.Clone(pep.Stages), pep.StageSignedOff, pep.StageSuperseded, pep.StageNone) {
		options = append(options, ui.Option{Value: string(stage), Text: stage.Name()})
	}
	return options
}
