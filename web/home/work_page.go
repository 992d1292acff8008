package home

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"virtualschool/internal/pep"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 50

type workView struct {
	day
	Query    url.Values
	Items    []ui.Duty
	Found    int
	Page     int
	Pages    int
	Kinds    []ui.Option
	Advisors []ui.Option
	Schools  []ui.Option
}

var whens = []ui.Option{{Value: string(worklist.Overdue), Text: "Overdue"}, {Value: string(worklist.ThisWeek), Text: "This week"}, {Value: string(worklist.Later), Text: "Later"}}

// filters are those that live in the address.
var filters = []string{"when", "kind", "advisor", "school"}

func (p *Pages) work(w http.ResponseWriter, r *http.Request) error {
	d, err := p.read(r)
	if err != nil {
		return err
	}
	view := workView{day: d, Query: url.Values{}}
	for _, name := range filters {
		if value := r.URL.Query().Get(name); value != "" {
			view.Query.Set(name, value)
		}
	}
	view.offer()
	var duties []worklist.Duty
	for _, duty := range d.Duties {
		if view.takes(duty) {
			duties = append(duties, duty)
		}
	}
	view.Found = len(duties)
	view.Pages = max(1, (view.Found+pageSize-1)/pageSize)
	view.Page, _ = strconv.Atoi(r.URL.Query().Get("page"))
	view.Page = min(max(view.Page, 1), view.Pages)
	duties = duties[(view.Page-1)*pageSize : min(view.Page*pageSize, view.Found)]
	view.Items = lines(duties, d.Today)
	if err := p.looked(r.Context(), d.Actor, "work", childrenOf(duties)); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "All your work", Trail: []ui.Link{{Text: "Home", Href: "/"}}}, workPage(view))
}

// takes says whether a duty passes the filters.
func (v workView) takes(d worklist.Duty) bool {
	is := func(name, value string) bool { return v.Query.Get(name) == "" || v.Query.Get(name) == value }
	return is("when", string(d.When(v.Today))) && is("kind", string(d.Kind)) && is("advisor", fmt.Sprint(d.Advisor)) && is("school", d.School)
}

// offer fills the filters with what the list holds.
func (v *workView) offer() {
	kinds := map[worklist.Kind]bool{}
	for _, d := range v.Duties {
		kinds[d.Kind] = true
	}
	for _, kind := range worklist.Kinds() {
		if kinds[kind] {
			v.Kinds = append(v.Kinds, ui.Option{Value: string(kind), Text: kind.Name()})
		}
	}
	advisors, schools := map[int64]string{}, map[string]bool{}
	for _, c := range v.Facts.Children {
		advisors[c.AdvisorID], schools[c.School] = advisorName(c), true
	}
	for id, name := range advisors {
		v.Advisors = append(v.Advisors, ui.Option{Value: fmt.Sprint(id), Text: name})
	}
	for name := range schools {
		if name != "" {
			v.Schools = append(v.Schools, ui.Option{Value: name, Text: name})
		}
	}
	byText := func(a, b ui.Option) int {
		if a.Text < b.Text {
			return -1
		}
		return 1
	}
	slices.SortFunc(v.Advisors, byText)
	slices.SortFunc(v.Schools, byText)
}

func advisorName(c pep.FactsRow) string {
	if c.AdvisorID == 0 {
		return "Nobody"
	}
	return c.Advisor
}

// href is this list with one thing changed; an empty value leaves it out.
func (v workView) href(name, value string) string {
	query := url.Values{}
	for key, values := range v.Query {
		query[key] = values
	}
	query.Del(name)
	if value != "" {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return "/work"
	}
	return "/work?" + query.Encode()
}

// selected are the filters that are on.
func (v workView) selected() []ui.SelectedFilter {
	var on []ui.SelectedFilter
	add := func(name, label string, options []ui.Option) {
		value := v.Query.Get(name)
		if value == "" {
			return
		}
		text := value
		for _, option := range options {
			if option.Value == value {
				text = option.Text
			}
		}
		on = append(on, ui.SelectedFilter{Name: label, Text: text, RemoveHref: v.href(name, "")})
	}
	add("when", "When", whens)
	add("kind", "What", v.Kinds)
	add("advisor", "Advisor", v.Advisors)
	add("school", "School", v.Schools)
	return on
}

// pagination is the way through a list of several pages.
func (v workView) pagination() ui.PaginationProps {
	props := ui.PaginationProps{Label: "Pages of work"}
	if v.Found > pageSize {
		props.Summary = fmt.Sprintf("Showing %d to %d of %s", (v.Page-1)*pageSize+1, min(v.Page*pageSize, v.Found), ui.Thousands(v.Found))
	}
	if v.Page > 1 {
		props.Previous = v.href("page", fmt.Sprint(v.Page-1))
	}
	if v.Page < v.Pages {
		props.Next = v.href("page", fmt.Sprint(v.Page+1))
	}
	return props
}
