package impact

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/reports"
	"virtualschool/internal/premium/worth"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

// grouping is one way to tell the targets apart: its name in the address, the head of its column, and a
// target's group with its words.
type grouping struct {
	Name, Text string
	of         func(worth.Funded) string
	words      func(string) string
}

var groupings = []grouping{
	{"category", "What it was for", func(f worth.Funded) string { return f.Category }, area.CategoryName},
	{"area", "Area of the target", func(f worth.Funded) string { return f.Area }, func(key string) string { return pep.TextOf(pep.Areas, key) }},
	{"phase", "Phase", func(f worth.Funded) string { return string(f.Phase()) }, func(key string) string { return worth.Phase(key).Name() }},
	{"sen", "Special educational needs", func(f worth.Funded) string { return f.SEN }, child.SENStatusName},
	{"lives", "Where the child lives", func(f worth.Funded) string { return f.Lives }, livesWords},
}

var livesOptions = []ui.Option{{Value: "in", Text: "In the authority"}, {Value: "out", Text: "Out of the authority"}}

func livesWords(key string) string {
	for _, option := range livesOptions {
		if option.Value == key {
			return option.Text
		}
	}
	return "Not known"
}

type impactView struct {
	Actor   access.Actor
	Filters kit.Filters
	Stream  ledger.Stream
	Years   []reports.Year
	Group   grouping
	All     worth.Figure
	Figures []worth.Figure
}

// impact shows what the money bought, as the filters narrow it.
func (p *Pages) impact(w http.ResponseWriter, r *http.Request) error {
	v := impactView{Actor: kit.Actor(r), Filters: filtersOf(r.URL.Query()), Stream: ledger.LookedAfter, Group: groupings[0]}
	if stream := ledger.Stream(v.Filters.Get("grant")); stream != "" {
		v.Stream = stream
	}
	for _, group := range groupings {
		if group.Name == v.Filters.Get("by") {
			v.Group = group
		}
	}
	year, _ := strconv.Atoi(v.Filters.Get("year")) // checked by filtersOf
	var targets []worth.Funded
	var batch postgres.Batch
	worth.Queue(&batch, &targets, v.Stream, year)
	reports.QueueYears(&batch, &v.Years)
	if err := p.Kit.DB.View(r.Context(), v.Actor, &batch); err != nil {
		return err
	}
	targets = v.narrow(targets)
	v.Figures, v.All = worth.Group(targets, v.Group.of), worth.All(targets)
	worth.HideSmall(v.Figures, &v.All)
	return p.Kit.Show(w, r, kit.Page{Title: "Was it worth it?", Wide: true}, impactPage(v))
}

// filtersOf are the filters of an address that mean something.
func filtersOf(query url.Values) kit.Filters {
	known := url.Values{}
	keep := func(name string, options []ui.Option) {
		value := query.Get(name)
		if slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == value }) {
			known.Set(name, value)
		}
	}
	keep("grant", area.Grants())
	keep("phase", phaseOptions())
	keep("category", categoryOptions())
	keep("lives", livesOptions)
	if year, err := strconv.Atoi(query.Get("year")); err == nil && year >= 2011 && year <= 2100 {
		known.Set("year", strconv.Itoa(year))
	}
	for _, group := range groupings[1:] {
		if query.Get("by") == group.Name {
			known.Set("by", group.Name)
		}
	}
	return kit.FiltersOf(path, known, "grant", "year", "phase", "category", "lives", "by")
}

func (v impactView) narrow(targets []worth.Funded) []worth.Funded {
	phase, category, lives := worth.Phase(v.Filters.Get("phase")), v.Filters.Get("category"), v.Filters.Get("lives")
	return slices.DeleteFunc(targets, func(f worth.Funded) bool {
		return phase != "" && f.Phase() != phase || category != "" && f.Category != category || lives != "" && f.Lives != lives
	})
}

func phaseOptions() []ui.Option {
	var options []ui.Option
	for _, one := range worth.Phases {
		options = append(options, ui.Option{Value: string(one.Phase), Text: one.Name})
	}
	return options
}

func categoryOptions() []ui.Option {
	var options []ui.Option
	for _, one := range premium.Categories {
		options = append(options, ui.Option{Value: string(one.Category), Text: one.Name})
	}
	return options
}

func (v impactView) yearOptions() []ui.Option { return area.Years(v.Years) }

func (v impactView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(kit.Filter{Name: "grant", Label: "Grant", Options: area.Grants()}, kit.Filter{Name: "year", Label: "Year", Options: v.chosenYear()},
		kit.Filter{Name: "phase", Label: "Phase", Options: phaseOptions()}, kit.Filter{Name: "category", Label: "For", Options: categoryOptions()},
		kit.Filter{Name: "lives", Label: "Lives", Options: livesOptions})
}

// chosenYear names the year asked for, whether anything was entered for it or not.
func (v impactView) chosenYear() []ui.Option {
	year, _ := strconv.Atoi(v.Filters.Get("year"))
	return []ui.Option{{Value: v.Filters.Get("year"), Text: calendar.FinancialYearLabel(year)}}
}

// ways are the groupings as links.
func (v impactView) ways() []ui.NavItem {
	var items []ui.NavItem
	for _, group := range groupings {
		name := group.Name
		if name == groupings[0].Name {
			name = ""
		}
		items = append(items, ui.NavItem{Text: group.Text, Href: v.Filters.With("by", name), Current: group.Name == v.Group.Name})
	}
	return items
}
