package children

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"

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
	Today  calendar.Date
	Filter child.Filter
	Query  url.Values // the filters, as in the address
	Search string
	Rows   []child.Row
	child.Choices
	Total    int
	Previous string
	Next     string
	Export   bool
	Whole    bool // the reader sees the whole cohort, so whose child each is tells something
	Add      bool
}

// filterKeys are the filters that live in the address. What is searched for does not: names stay
// out of addresses, and a token stands for them.
var filterKeys = []string{"advisor", "school", "phase", "area", "status", "pep", "sort"}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	if search := strings.TrimSpace(query.Get("q")); search != "" {
		return p.keepSearch(w, r, search, query)
	}
	view := listView{Today: p.Kit.Today(), Query: kept(query), Search: p.searchOf(r, query.Get("search")),
		Whole: kit.Actor(r).WholeCohort(), Export: access.Can(kit.Actor(r), access.ExportChildren), Add: access.Can(kit.Actor(r), access.AddChild)}
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
		v.Previous = v.href("before", fmt.Sprint(v.Rows[0].ID))
	}
	if more || back {
		v.Next = v.href("after", fmt.Sprint(v.Rows[len(v.Rows)-1].ID))
	}
}

// href is this list with one thing changed; an empty value leaves it out.
func (v *listView) href(name, value string) string {
	query := url.Values{}
	for key, values := range v.Query {
		query[key] = values
	}
	if value == "" {
		query.Del(name)
	} else {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return "/children"
	}
	return "/children?" + query.Encode()
}

func kept(query url.Values) url.Values {
	all := url.Values{}
	for _, key := range append([]string{"search"}, filterKeys...) {
		if value := query.Get(key); value != "" {
			all.Set(key, value)
		}
	}
	return all
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
	query := url.Values{}
	for _, key := range filterKeys {
		if value := form.Value(key); value != "" {
			query.Set(key, value)
		}
	}
	return p.keepSearch(w, r, strings.TrimSpace(form.Value("q")), query)
}

func (p *Pages) keepSearch(w http.ResponseWriter, r *http.Request, search string, query url.Values) error {
	query.Del("q")
	query.Del("search")
	if search != "" {
		var token [8]byte
		rand.Read(token[:])
		key := hex.EncodeToString(token[:])
		p.Kit.Sessions.Put(r.Context(), searchKey, key+" "+clip(search, 100))
		query.Set("search", key)
	}
	location := "/children"
	if len(query) > 0 {
		location += "?" + query.Encode()
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
	return nil
}

const searchKey = "children_search"

// searchOf is what a token stands for: the last thing searched for in this session, or nothing.
func (p *Pages) searchOf(r *http.Request, token string) string {
	if token == "" {
		return ""
	}
	key, search, _ := strings.Cut(p.Kit.Sessions.GetString(r.Context(), searchKey), " ")
	if key != token {
		return ""
	}
	return search
}

func clip(text string, runes int) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == '\ufffd' {
			return ' '
		}
		return r
	}, text)
	for i := range clean {
		if runes == 0 {
			return clean[:i]
		}
		runes--
	}
	return clean
}

var (
	phases = []ui.Option{{Value: "early_years", Text: "Early years"}, {Value: "primary", Text: "Primary"}, {Value: "secondary", Text: "Secondary"}, {Value: "post_16", Text: "Post-16"}}
	areas  = []ui.Option{{Value: "in", Text: "In the authority"}, {Value: "out", Text: "Out of the authority"}}
	states = []ui.Option{{Value: "left", Text: "Left care"}, {Value: "no_school", Text: "No school place"}, {Value: "unaccompanied", Text: "Unaccompanied"}, {Value: "all", Text: "Everyone on record"}}
	plans  = []ui.Option{{Value: "overdue", Text: "Overdue"}, {Value: "none", Text: "Not started"}, {Value: "draft", Text: "In progress"}, {Value: "submitted", Text: "Waiting for sign-off"}, {Value: "returned", Text: "Returned"}, {Value: "signed_off", Text: "Signed off"}}
)

func options(choices []child.Choice) []ui.Option {
	list := make([]ui.Option, 0, len(choices))
	for _, choice := range choices {
		list = append(list, ui.Option{Value: fmt.Sprint(choice.ID), Text: choice.Name})
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

// selected are the filters that are on, each with the list without it.
func (v *listView) selected() []ui.SelectedFilter {
	var on []ui.SelectedFilter
	add := func(key, name string, choices []ui.Option) {
		if value := v.Query.Get(key); value != "" {
			on = append(on, ui.SelectedFilter{Name: name, Text: optionText(choices, value), RemoveHref: v.href(key, "")})
		}
	}
	add("status", "Situation", states)
	add("advisor", "Advisor", options(v.Advisors))
	add("school", "School", options(v.Schools))
	add("phase", "Phase", phases)
	add("area", "Lives", areas)
	add("pep", "PEP this term", plans)
	return on
}

func (v *listView) columns() []ui.Column {
	column := func(text, key string) ui.Column {
		sorted := ui.Unsorted
		if v.Query.Get("sort") == key || (key == "name" && v.Query.Get("sort") == "") {
			sorted = ui.Ascending
		}
		return ui.Column{Text: text, SortHref: v.href("sort", key), Sorted: sorted}
	}
	year := column("Year", "year")
	year.NoWrap = true
	columns := []ui.Column{column("Name", "name"), year, column("School", "school")}
	if v.Whole {
		columns = append(columns, ui.Column{Text: "Advisor"})
	}
	return append(columns, column("Last PEP meeting", "pep"), ui.Column{Text: "PEP this term", NoWrap: true})
}
