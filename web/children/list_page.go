package children

import (
	"fmt"
	"net/http"
	"net/url"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 25

type listView struct {
	Today   calendar.Date
	Filters kit.Filters
	Filter  child.Filter // those filters, as the list is asked for by them
	Search  string
	Rows    []child.Row
	child.Choices
	Total    int
	Previous string
	Next     string
	Export   bool
	Whole    bool // the reader sees the whole cohort, so whose child each is tells something
	Add      bool
	// What else there is for who finds nobody.
	Ask, BreakGlass bool
}

// filterKeys are the filters that live in the address. What is searched for does not: names stay
// out of addresses, and a token stands for them.
var filterKeys = []string{"advisor", "school", "phase", "area", "status", "pep", "sort"}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	filters := kit.FiltersOf("/children", query, append([]string{"search"}, filterKeys...)...)
	if search := kit.SearchWords(query.Get("q")); search != "" {
		return p.keepSearch(w, r, search, filters)
	}
	view := listView{Today: p.Kit.Today(), Filters: filters, Search: p.Kit.KeptSearch(r, searched, query.Get("search")),
		Whole: kit.Actor(r).WholeCohort(), Export: access.Can(kit.Actor(r), access.ExportChildren), Add: access.Can(kit.Actor(r), access.AddChild), Ask: access.Can(kit.Actor(r), access.AskAccess), BreakGlass: access.Can(kit.Actor(r), access.BreakGlass)}
	view.Filter = readFilter(query)
	view.Filter.Search = view.Search
	view.Filter.Limit = pageSize + 1
	term, err := p.Term(r.Context())
	if err != nil {
		return err
	}
	var batch postgres.Batch
	child.QueueList(&batch, &view.Rows, view.Filter, term, kit.Actor(r), audit.RequestID(r.Context()))
	child.QueueChoices(&batch, &view.Choices, kit.Actor(r))
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	view.page()
	return p.Kit.Show(w, r, kit.Page{Title: "Children", Wide: true}, listPage(view))
}

// page cuts the extra row that tells whether there is more, and makes the links to either side.
func (v *listView) page() {
	more := len(v.Rows) == pageSize+1
	back := v.Filter.Before > 0
	if more && back {
		v.Rows = v.Rows[1:]
	} else if more {
		v.Rows = v.Rows[:pageSize]
	}
	if len(v.Rows) == 0 {
		return
	}
	v.Total = v.Rows[0].Total
	if v.Filter.After > 0 || (back && more) {
		v.Previous = v.Filters.With("before", fmt.Sprint(v.Rows[0].ID))
	}
	if more || back {
		v.Next = v.Filters.With("after", fmt.Sprint(v.Rows[len(v.Rows)-1].ID))
	}
}

func readFilter(query url.Values) child.Filter {
	return child.Filter{
		AdvisorID: child.ParseID(query.Get("advisor")), SettingID: child.ParseID(query.Get("school")),
		Phase: query.Get("phase"), Area: query.Get("area"), Status: query.Get("status"), PEP: query.Get("pep"), Sort: query.Get("sort"),
		After: child.ParseID(query.Get("after")), Before: child.ParseID(query.Get("before")),
	}
}

// search takes what is looked for out of a posted form and leaves a token in the address.
func (p *Pages) search(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	filters := url.Values{}
	for _, key := range filterKeys {
		filters.Set(key, form.Value(key))
	}
	return p.keepSearch(w, r, kit.SearchWords(form.Value("q")), kit.FiltersOf("/children", filters, filterKeys...))
}

// searched is the list's name among those whose searches are kept.
const searched = "children"

func (p *Pages) keepSearch(w http.ResponseWriter, r *http.Request, search string, filters kit.Filters) error {
	token := ""
	if search != "" {
		token = p.Kit.KeepSearch(r, searched, search)
	}
	http.Redirect(w, r, filters.With("search", token), http.StatusSeeOther)
	return nil
}

var (
	phases = []ui.Option{{Value: "early_years", Text: "Early years"}, {Value: "primary", Text: "Primary"}, {Value: "secondary", Text: "Secondary"}, {Value: "post_16", Text: "Post-16"}}
	areas  = []ui.Option{{Value: "in", Text: "In the authority"}, {Value: "out", Text: "Out of the authority"}}
	states = []ui.Option{{Value: "left", Text: "Left care"}, {Value: "no_school", Text: "No school place"}, {Value: "unaccompanied", Text: "Unaccompanied"}, {Value: "all", Text: "Everyone on record"}}
	plans  = []ui.Option{{Value: "overdue", Text: "Overdue"}, {Value: "none", Text: "Not started"}, {Value: "draft", Text: "In progress"}, {Value: "submitted", Text: "Waiting for sign-off"}, {Value: "in_qa", Text: "In quality assurance"}, {Value: "returned", Text: "Returned"}, {Value: "signed_off", Text: "Signed off"}}
)

func options(choices []child.Choice) []ui.Option {
	list := make([]ui.Option, 0, len(choices))
	for _, choice := range choices {
		list = append(list, ui.Option{Value: fmt.Sprint(choice.ID), Text: choice.Name})
	}
	return list
}

// selected are the filters that are on, each with the list without it.
func (v *listView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(
		kit.Filter{Name: "status", Label: "Situation", Options: states},
		kit.Filter{Name: "advisor", Label: "Advisor", Options: options(v.Advisors)},
		kit.Filter{Name: "school", Label: "School", Options: options(v.Schools)},
		kit.Filter{Name: "phase", Label: "Phase", Options: phases},
		kit.Filter{Name: "area", Label: "Lives", Options: areas},
		kit.Filter{Name: "pep", Label: "PEP this term", Options: plans},
	)
}

func (v *listView) columns() []ui.Column {
	column := func(text, key string) ui.Column {
		sorted := ui.Unsorted
		if v.Filters.Get("sort") == key || (key == "name" && v.Filters.Get("sort") == "") {
			sorted = ui.Ascending
		}
		return ui.Column{Text: text, SortHref: v.Filters.With("sort", key), Sorted: sorted}
	}
	year := column("Year", "year")
	year.NoWrap = true
	columns := []ui.Column{column("Name", "name"), year, column("School", "school")}
	if v.Whole {
		columns = append(columns, ui.Column{Text: "Advisor"})
	}
	return append(columns, column("Last PEP meeting", "pep"), ui.Column{Text: "PEP this term", NoWrap: true})
}
