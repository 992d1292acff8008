package caseload

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/postgres"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 50

// filterNames are the filters of the list, as they stand in its address.
var filterNames = []string{"state", "due", "term", "signed", "kind", "grade", "school", "advisor", "year", "sen", "area", "placement", "paused", "sort"}

// row is a child with how their plan stands: in the term asked for, or now.
type row struct {
	pep.FactsRow
	Standing pep.Standing
	Plan     pep.PlanDates // zero: none
	Kind     pep.Kind      // of that plan or, where none is begun, of the one asked for
	Signed   bool          // one of the term's plans is signed off
	HandedIn pep.PlanDates // whose grade is told; zero: none was ever submitted
	Grade    quality.PlanGrade
}

func (r row) name() string {
	return child.DisplayName(r.PreferredName, r.Forename, r.Surname, r.LAChildID)
}

// href is the plan, or where one is started.
func (r row) href() string {
	path := fmt.Sprintf("/children/%d/peps", r.ChildID)
	if r.Plan.ID != 0 {
		path += fmt.Sprintf("/%d", r.Plan.ID)
	}
	return path
}

type listView struct {
	Actor          access.Actor
	Today          calendar.Date
	Rules          worklist.Plans
	Filters        kit.Filters
	Rows           []row
	All            []row // of every page
	Total, Overdue int
	Pages          ui.PaginationProps
	child.Choices
	Whole   bool // the reader sees the whole cohort, so whose child each is tells something
	Grades  bool // the reader sees how plans were graded
	Rubrics quality.Set
	Rubric  quality.Rubric // which the council grades with now
}

// find reads the children and keeps those the filters take, in the order asked for.
func (p *Pages) find(ctx context.Context, actor access.Actor, query url.Values) (listView, error) {
	v := listView{Actor: actor, Today: p.Kit.Today(), Filters: kit.FiltersOf("/peps", query, namesFor(actor)...), Whole: actor.WholeCohort(),
		Grades: seesGrades(actor), Rubrics: p.Rubrics}
	rules, err := p.Rules(ctx)
	if err != nil {
		return v, err
	}
	v.Rules = worklist.PlanRules(rules)
	v.Rubric, _ = p.Rubrics.Pick(rules.Values.PEPQualityRubric())
	var facts []pep.FactsRow
	var batch postgres.Batch
	pep.QueueFactsWhere(&batch, &facts, v.narrow())
	child.QueueChoices(&batch, &v.Choices, actor)
	if err := p.Kit.DB.View(ctx, actor, &batch); err != nil {
		return v, err
	}
	v.build(facts)
	if err := p.takeGrade(ctx, &v); err != nil {
		return v, err
	}
	v.count()
	return v, nil
}

// narrow is what of the filters the database takes care of.
func (v listView) narrow() pep.Narrow {
	school, advisor := v.Filters.Get("school"), v.Filters.Get("advisor")
	return pep.Narrow{SettingID: child.ParseID(school), NoSchool: school == none, AdvisorID: child.ParseID(advisor), NoAdvisor: advisor == none,
		SEN: v.Filters.Get("sen"), Area: v.Filters.Get("area"), Placement: v.Filters.Get("placement")}
}

// none is the value of a filter for those who have no school, or no advisor.
const none = "none"

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := p.find(r.Context(), kit.Actor(r), r.URL.Query())
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	v.cut(max(page, 1))
	if err := p.lookedAndGraded(r, v, v.Rows, "list of PEPs"); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Personal Education Plans", Wide: true}, listPage(v))
}

// looked writes to the audit that these children's names were shown, and reads what else is wanted
// in the same trip; nil: nothing.
func (p *Pages) looked(r *http.Request, rows []row, screen string, more *postgres.Batch) error {
	ids := make([]int64, len(rows))
	for n, one := range rows {
		ids[n] = one.ChildID
	}
	var batch postgres.Batch
	audit.LookMany(r.Context(), &batch, kit.Actor(r), ids, screen)
	batch.Append(more)
	return p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
}

// export sends the list as it is filtered, whole. Every child in it is audited as looked at.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	v, err := p.find(r.Context(), kit.Actor(r), r.URL.Query())
	if err != nil {
		return err
	}
	if err := p.lookedAndGraded(r, v, v.All, "list of PEPs downloaded"); err != nil {
		return err
	}
	heads := []string{"903 identifier", "Name", "Year group", "School", "Advisor", "Plan", "Edition", "State", "Meeting", "Meeting held", "Due", "Rule", "Working days overdue", "Paused until"}
	if v.Grades {
		heads = append(heads, "Last submitted plan", "Its grade")
	}
	lines := [][]string{heads}
	for _, one := range v.All {
		held, edition, overdue := "", "", ""
		if !one.Plan.MeetingOn.IsZero() {
			held = map[bool]string{true: "yes", false: "no"}[one.Plan.Held]
		}
		if one.Plan.ID != 0 {
			edition = strconv.Itoa(one.Plan.Edition)
		}
		if one.Standing.Overdue > 0 {
			overdue = strconv.Itoa(one.Standing.Overdue)
		}
		line := []string{one.LAChildID, one.name(), calendar.YearGroup(one.year(v.Today)), one.School, one.Advisor, planName(one.Plan), edition, one.Standing.Stage.Name(),
			one.Plan.MeetingOn.String(), held, one.Standing.Due.Due.String(), one.Standing.Due.Rule, overdue, one.Standing.Paused.LastDay.String()}
		if v.Grades {
			line = append(line, planName(one.HandedIn), v.gradeName(one))
		}
		lines = append(lines, line)
	}
	return p.Kit.SendCSV(w, r, "peps", lines)
}

// chosen are the children whom the reader ticked or, with "all", everyone the list found.
func (p *Pages) chosen(r *http.Request, query url.Values) ([]int64, error) {
	var ids []int64
	if query.Get("all") != "" {
		v, err := p.find(r.Context(), kit.Actor(r), query)
		if err != nil {
			return nil, err
		}
		for _, one := range v.All {
			ids = append(ids, one.ChildID)
		}
		return ids, nil
	}
	for _, text := range query["child"] {
		if id := child.ParseID(text); id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
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
	v.Rows = v.All[from:to]
}
