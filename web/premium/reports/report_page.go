package reports

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/reports"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

const pageSize = 50

// way is one report: what it is told apart by, the link to it and the head of its first column.
type way struct {
	By         reports.By
	Link, Head string
}

var ways = []way{
	{reports.BySchool, "By school", "School"}, {reports.ByCategory, "By category", "What it was for"}, {reports.ByAdvisor, "By advisor", "Advisor"},
	{reports.ByChild, "By child", "Child"}, {reports.ByYear, "By year", "Financial year"}, {reports.ByGrant, "By grant", "Grant"},
}

// allYears is the value of the filter of years for all of them; without it the present one is meant.
const allYears = "all"

type reportView struct {
	Actor   access.Actor
	Filters kit.Filters
	Way     way
	Filter  reports.Filter
	Present int // the financial year of today
	Years   []reports.Year
	All     []reports.Row // sorted
	Total   reports.Row
	Ledger  reports.Ledger
	Rows    []reports.Row // of this page
	Pages   ui.PaginationProps
}

// read makes the view of an address, with all its lines.
func (p *Pages) read(ctx context.Context, actor access.Actor, query url.Values) (reportView, error) {
	v := reportView{Actor: actor, Way: ways[0], Present: calendar.FinancialYear(p.Kit.Today())}
	for _, one := range ways {
		if string(one.By) == query.Get("by") {
			v.Way = one
		}
	}
	v.Filters = filtersOf(query)
	// A figure is of one grant: money of two is never added up.
	if v.Way.By != reports.ByGrant {
		v.Filter.Stream = ledger.LookedAfter
		if stream := ledger.Stream(v.Filters.Get("grant")); stream != "" {
			v.Filter.Stream = stream
		}
	}
	switch year := v.Filters.Get("year"); {
	case v.Way.By == reports.ByYear || year == allYears:
	case year == "":
		v.Filter.Year = v.Present
	default:
		v.Filter.Year, _ = strconv.Atoi(year) // checked by filtersOf
	}
	var batch postgres.Batch
	var children int
	reports.Queue(&batch, &v.All, &children, v.Way.By, v.Filter)
	reports.QueueLedger(&batch, &v.Ledger, v.Filter)
	reports.QueueYears(&batch, &v.Years)
	if err := p.Kit.DB.View(ctx, actor, &batch); err != nil {
		return v, err
	}
	v.Total = reports.Total(v.All, children)
	reports.Sort(v.All, v.sort(), v.name)
	return v, nil
}

// filtersOf are the filters of an address that mean something.
func filtersOf(query url.Values) kit.Filters {
	known := url.Values{}
	for _, one := range ways[1:] {
		if query.Get("by") == string(one.By) {
			known.Set("by", string(one.By))
		}
	}
	if stream := query.Get("grant"); ledger.Stream(stream).Name() != "" {
		known.Set("grant", stream)
	}
	if year, err := strconv.Atoi(query.Get("year")); err == nil && year >= 2011 && year <= 2100 || query.Get("year") == allYears {
		known.Set("year", query.Get("year"))
	}
	if sort := query.Get("sort"); slices.ContainsFunc(columns, func(c column) bool { return c.name == strings.TrimPrefix(sort, "-") }) {
		known.Set("sort", sort)
	}
	return kit.FiltersOf(path, known, "by", "grant", "year", "sort")
}

// sort is the column that the lines are in order by; years begin with the newest.
func (v reportView) sort() string {
	sort := v.Filters.Get("sort")
	if sort == "" && v.Way.By == reports.ByYear {
		return "-name"
	}
	return sort
}

func (p *Pages) report(w http.ResponseWriter, r *http.Request) error {
	v, err := p.read(r.Context(), kit.Actor(r), r.URL.Query())
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	v.cut(page)
	if err := p.looked(r, v, v.Rows, "premium report"); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Reports of the grants", Wide: true}, reportPage(v))
}

// looked writes to the audit that the children of a report by child were named.
func (p *Pages) looked(r *http.Request, v reportView, rows []reports.Row, screen string) error {
	if v.Way.By != reports.ByChild {
		return nil
	}
	ids := make([]int64, len(rows))
	for n, row := range rows {
		ids[n] = row.Number()
	}
	return p.Kit.Looked(r, screen, ids)
}

// cut keeps one page of the lines.
func (v *reportView) cut(page int) {
	pages := max((len(v.All)+pageSize-1)/pageSize, 1)
	page = min(max(page, 1), pages)
	from, to := (page-1)*pageSize, min(page*pageSize, len(v.All))
	v.Pages = v.Filters.Pages("Pages of the report", page, pageSize, len(v.All))
	if len(v.All) > pageSize {
		v.Pages.Summary = fmt.Sprintf("Showing %d to %d of %s", from+1, to, ui.Thousands(len(v.All)))
	}
	v.Rows = v.All[from:to]
}

// name is what a line is about, in words.
func (v reportView) name(row reports.Row) string {
	switch {
	case v.Way.By == reports.ByCategory:
		return area.CategoryName(row.Key)
	case v.Way.By == reports.ByChild:
		return row.ChildName()
	case v.Way.By == reports.ByYear:
		return calendar.FinancialYearLabel(int(row.Number()))
	case v.Way.By == reports.ByGrant:
		return ledger.Stream(row.Key).Name()
	case row.Key == "" && v.Way.By == reports.BySchool:
		return "No school"
	case row.Key == "":
		return "No advisor"
	}
	return row.Name
}

// whole says whether the reader sees the whole cohort, so that the ledger can stand beside the report.
func (v reportView) whole() bool { return v.Actor.WholeCohort() }

// totals says whether the lines can be added up: grants cannot.
func (v reportView) totals() bool { return v.Way.By != reports.ByGrant }

// about is the grant and the year that the report is of.
func (v reportView) about() string {
	switch {
	case v.Filter.Stream == "" && v.Filter.Year == 0:
		return "All years"
	case v.Filter.Year == 0:
		return v.Filter.Stream.Name() + ", all years"
	case v.Filter.Stream == "":
		return calendar.FinancialYearLabel(v.Filter.Year)
	}
	return v.Filter.Stream.Name() + ", " + calendar.FinancialYearLabel(v.Filter.Year)
}

// yearOptions are the years to choose from, the present one first.
func (v reportView) yearOptions() []ui.Option {
	options := []ui.Option{{Value: strconv.Itoa(v.Present), Text: calendar.FinancialYearLabel(v.Present)}, {Value: allYears, Text: "All years"}}
	for _, option := range area.Years(v.Years) {
		if option.Value != strconv.Itoa(v.Present) {
			options = append(options, option)
		}
	}
	if chosen := strconv.Itoa(v.Filter.Year); v.Filter.Year != 0 && !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == chosen }) {
		options = append(options, ui.Option{Value: chosen, Text: calendar.FinancialYearLabel(v.Filter.Year)})
	}
	return options
}

func (v reportView) chosenYear() string {
	if v.Filter.Year == 0 {
		return allYears
	}
	return strconv.Itoa(v.Filter.Year)
}

// links are the ways to tell the money apart; the grant and the year stay, the order does not.
func (v reportView) links() []ui.NavItem {
	var items []ui.NavItem
	for _, one := range ways {
		query := url.Values{"by": {string(one.By)}}
		for _, name := range []string{"grant", "year"} {
			if value := v.Filters.Get(name); value != "" {
				query.Set(name, value)
			}
		}
		items = append(items, ui.NavItem{Text: one.Link, Href: path + "?" + query.Encode(), Current: one == v.Way})
	}
	return items
}

func (v reportView) downloadHref(ending string) string {
	if query := v.Filters.Encode(); query != "" {
		return path + ending + "?" + query
	}
	return path + ending
}
