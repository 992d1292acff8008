package peps

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"virtualschool/internal/access"
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

// takes says whether a child's row passes the filters.
func (v *listView) takes(row listRow) bool {
	is := func(name, value string) bool { return v.Filters.Get(name) == "" || v.Filters.Get(name) == value }
	return is("state", string(row.Standing.Stage)) && (v.Filters.Get("overdue") == "" || row.Standing.Overdue > 0) &&
		is("school", strconv.FormatInt(row.SettingID, 10)) && is("advisor", strconv.FormatInt(row.AdvisorID, 10))
}

type listView struct {
	Today             calendar.Date
	Filters           kit.Filters
	Rows              []listRow
	Total, Overdue    int
	Pages             ui.PaginationProps
	Terms             []ui.Option
	Schools, Advisors []ui.Option
	Whole             bool // the reader sees the whole cohort, so whose child each is tells something
}

// readList is the whole list as the filters of an address narrow it, before it is cut into pages. Nobody
// is shown by it, so nobody is looked at yet.
func (p *Pages) readList(ctx context.Context, actor access.Actor, query url.Values) (listView, error) {
	var facts []pep.FactsRow
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	pep.QueueFacts(&batch, &facts)
	setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	if err := p.Kit.DB.View(ctx, actor, &batch); err != nil {
		return listView{}, err
	}
	v := listView{Today: p.Kit.Today(), Filters: kit.FiltersOf("/peps", query, "state", "overdue", "term", "school", "advisor"), Whole: actor.WholeCohort()}
	v.build(facts, pep.CalendarOf(dates), pep.DeadlinesOf(values))
	return v, nil
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	v, err := p.readList(r.Context(), kit.Actor(r), query)
	if err != nil {
		return err
	}
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

// build works out how every child stands, and keeps those the filters take, longest overdue first.
func (v *listView) build(facts []pep.FactsRow, cal pep.Calendar, deadlines pep.Deadlines) {
	schools, advisors, terms := map[int64]string{}, map[int64]string{}, map[string]string{}
	year, name := parseTerm(v.Filters.Get("term"))
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
		if v.Filters.Get("term") != "" {
			at = slices.IndexFunc(f.Plans, func(plan pep.PlanDates) bool { return plan.AcademicYear == year && plan.Term == name })
			row.Standing = pep.Standing{Stage: pep.StageNone}
			if at >= 0 {
				row.Standing = pep.StandingOfPlan(f.Plans[at], pep.Explanation{}, cal, deadlines, v.Today)
			}
		}
		if at >= 0 {
			row.Plan = f.Plans[at]
		}
		if v.takes(row) {
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
	v.Pages = v.Filters.Pages("Pages of plans", page, pageSize, v.Total)
	if v.Total > pageSize {
		v.Pages.Summary = fmt.Sprintf("Showing %d to %d of %s", from+1, to, ui.Plural(v.Total, "child", "children"))
	}
	v.Rows = v.Rows[from:to]
}

func (v listView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(
		kit.Filter{Name: "state", Label: "State", Options: stages()},
		kit.Filter{Name: "overdue", Label: "Overdue", Options: []ui.Option{{Value: v.Filters.Get("overdue"), Text: "only"}}},
		kit.Filter{Name: "term", Label: "Term", Options: v.Terms},
		kit.Filter{Name: "school", Label: "School", Options: v.Schools},
		kit.Filter{Name: "advisor", Label: "Advisor", Options: v.Advisors},
	)
}

func stages() []ui.Option {
	var options []ui.Option
	for _, stage := range append(slices.Clone(pep.Stages), pep.StageSignedOff, pep.StageSuperseded, pep.StageNone) {
		options = append(options, ui.Option{Value: string(stage), Text: stage.Name()})
	}
	return options
}
