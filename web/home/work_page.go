package home

import (
	"cmp"
	"fmt"
	"net/http"
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
	Filters  kit.Filters
	Items    []ui.Duty
	Found    int
	Page     int
	Pages    int
	Kinds    []ui.Option
	Advisors []ui.Option
	Schools  []ui.Option
}

var shares = []ui.Option{{Value: string(own), Text: "Yours to do"}, {Value: string(chase), Text: "To chase"}}

var whens = []ui.Option{{Value: string(worklist.Overdue), Text: "Overdue"}, {Value: string(worklist.ThisWeek), Text: "This week"}, {Value: string(worklist.Later), Text: "Later"}}

func (p *Pages) work(w http.ResponseWriter, r *http.Request) error {
	d, err := p.read(r)
	if err != nil {
		return err
	}
	view := workView{day: d, Filters: kit.FiltersOf("/work", r.URL.Query(), "whose", "when", "kind", "advisor", "school")}
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
	if err := p.Kit.Looked(r, "work", childrenOf(duties)); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "All your work", Trail: []ui.Link{{Text: "Home", Href: "/"}}}, workPage(view))
}

// takes says whether a duty passes the filters.
func (v workView) takes(d worklist.Duty) bool {
	is := func(name, value string) bool { return v.Filters.Get(name) == "" || v.Filters.Get(name) == value }
	return is("whose", string(v.shareOf(d))) && is("when", string(d.When(v.Today))) && is("kind", string(d.Kind)) && is("advisor", fmt.Sprint(d.Advisor)) && is("school", d.School)
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
	byText := func(a, b ui.Option) int { return cmp.Compare(a.Text, b.Text) }
	slices.SortFunc(v.Advisors, byText)
	slices.SortFunc(v.Schools, byText)
}

func advisorName(c pep.FactsRow) string {
	if c.AdvisorID == 0 {
		return "Nobody"
	}
	return c.Advisor
}

// selected are the filters that are on.
func (v workView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(
		kit.Filter{Name: "whose", Label: "Whose", Options: shares},
		kit.Filter{Name: "when", Label: "When", Options: whens},
		kit.Filter{Name: "kind", Label: "What", Options: v.Kinds},
		kit.Filter{Name: "advisor", Label: "Advisor", Options: v.Advisors},
		kit.Filter{Name: "school", Label: "School", Options: v.Schools},
	)
}

// pagination is the way through a list of several pages.
func (v workView) pagination() ui.PaginationProps {
	props := v.Filters.Pages("Pages of work", v.Page, pageSize, v.Found)
	if v.Found > pageSize {
		props.Summary = fmt.Sprintf("Showing %d to %d of %s", (v.Page-1)*pageSize+1, min(v.Page*pageSize, v.Found), ui.Thousands(v.Found))
	}
	return props
}
