package caseload

import (
	"net/http"
	"net/url"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/internal/returncode"
	"virtualschool/internal/worklist"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// shownTerms is how many terms the page compares.
const shownTerms = 4

// grouping is one way to look at the figures: its name in the address, the filter of the list that a
// group leads to, and a child's group.
type grouping struct {
	Name, Text, Filter string
	of                 func(pep.InTerm) (key, name string)
}

func orNone(id int64, name, nobody string) (string, string) {
	if id == 0 {
		return none, nobody
	}
	return number(id), name
}

var groupings = []grouping{
	{"school", "School", "school", func(c pep.InTerm) (string, string) { return orNone(c.SettingID, c.School, "No school place") }},
	{"advisor", "Advisor", "advisor", func(c pep.InTerm) (string, string) { return orNone(c.AdvisorID, c.Advisor, "No advisor") }},
	{"year", "Year group", "year", func(c pep.InTerm) (string, string) { return number(c.Year()), calendar.YearGroup(c.Year()) }},
	{"sen", "SEN", "sen", func(c pep.InTerm) (string, string) { return c.SEN, optionText(senOptions, c.SEN) }},
	{"area", "In or out of the authority", "area", func(c pep.InTerm) (string, string) {
		if c.Area == "" {
			return "", "Not known"
		}
		return c.Area, optionText(areaOptions, c.Area)
	}},
	{"placement", "Placement", "placement", func(c pep.InTerm) (string, string) {
		if c.Placement == "" {
			return "", "Not known"
		}
		return c.Placement, returncode.Label("PLACE", c.Placement)
	}},
}

func optionText(options []ui.Option, value string) string {
	for _, option := range options {
		if option.Value == value {
			return option.Text
		}
	}
	return value
}

type completionView struct {
	Rules   worklist.Plans
	Terms   []pep.Term // newest first
	Term    pep.Term   // zero: the council has entered none
	Group   grouping
	All     map[string]pep.Share // by term
	Shares  []pep.Share
	Filters kit.Filters
	Links   bool // the reader may open the list
}

// completion shows how many of the plans due in a term are signed off (R13), by group.
func (p *Pages) completion(w http.ResponseWriter, r *http.Request) error {
	v := completionView{Filters: kit.FiltersOf("/peps/completion", r.URL.Query(), "term", "by"), Group: groupings[0], All: map[string]pep.Share{},
		Links: access.Can(kit.Actor(r), access.SeePEP)}
	rules, err := p.Rules(r.Context())
	if err != nil {
		return err
	}
	v.Rules = worklist.PlanRules(rules)
	v.choose(p.Kit.Today())
	if len(v.Terms) > 0 {
		var children []pep.InTerm
		var batch postgres.Batch
		pep.QueueCompletion(&batch, &children, v.Terms)
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
		v.count(children)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Plans signed off", Back: "/peps", Wide: true}, completionPage(v))
}

// choose takes the last terms that have begun, and which term and grouping are looked at.
func (v *completionView) choose(today calendar.Date) {
	for _, term := range slices.Backward(v.Rules.Calendar.Terms) {
		if !term.Starts.After(today) && len(v.Terms) < shownTerms {
			v.Terms = append(v.Terms, term)
		}
	}
	if len(v.Terms) > 0 {
		v.Term = v.Terms[0]
	}
	for _, term := range v.Terms {
		if termValue(term) == v.Filters.Get("term") {
			v.Term = term
		}
	}
	for _, group := range groupings {
		if group.Name == v.Filters.Get("by") {
			v.Group = group
		}
	}
}

func (v *completionView) count(children []pep.InTerm) {
	everyone := func(pep.InTerm) (string, string) { return "all", "All" }
	for _, term := range v.Terms {
		if shares := pep.CompletionOf(children, term, v.Rules.Calendar.Working, v.Rules.Deadlines, everyone); len(shares) == 1 {
			v.All[termValue(term)] = shares[0]
		}
	}
	v.Shares = pep.CompletionOf(children, v.Term, v.Rules.Calendar.Working, v.Rules.Deadlines, v.Group.of)
	if v.Group.Name == "year" {
		slices.SortFunc(v.Shares, func(a, b pep.Share) int { return int(yearOf(a) - yearOf(b)) })
	}
}

// href is the list of the children behind a figure: of those not signed off yet, or signed off.
func (v completionView) href(share pep.Share, signed string) string {
	query := url.Values{"term": {termValue(v.Term)}, "signed": {signed}}
	if share.Key != "" && share.Key != "all" {
		query.Set(v.Group.Filter, share.Key)
	}
	return "/peps?" + query.Encode()
}

// byTerm is the chart of all terms, the oldest first.
func (v completionView) byTerm() chart.Bars {
	bars := chart.Bars{Of: "Term", Measure: "Plans signed off", Max: 100}
	for _, term := range slices.Backward(v.Terms) {
		bars.Items = append(bars.Items, item(term.Label(), v.All[termValue(term)]))
	}
	return bars
}

// mostBars is how many groups a chart can show and still be read.
const mostBars = 15

// byGroup is the chart of the groups; of many, those with the lowest share.
func (v completionView) byGroup() chart.Bars {
	bars := chart.Bars{Of: v.Group.Text, Measure: "Plans signed off", Max: 100}
	shares := slices.Clone(v.Shares)
	if len(shares) > mostBars {
		slices.SortStableFunc(shares, func(a, b pep.Share) int { return int(a.Percent()*100) - int(b.Percent()*100) })
		shares = shares[:mostBars]
	}
	for _, share := range shares {
		bars.Items = append(bars.Items, item(share.Name, share))
	}
	return bars
}

func item(label string, share pep.Share) chart.Item {
	if share.Due == 0 {
		return chart.Item{Label: label, Point: chart.Point{Text: "None due", None: true}}
	}
	return chart.Item{Label: label + ", " + ui.Thousands(share.Done) + " of " + ui.Thousands(share.Due), Point: chart.Point{Value: share.Percent(), Text: share.Words()}}
}

// fraction is "95.3%, 287 of 301".
func fraction(share pep.Share) string {
	return share.Words() + ", " + ui.Thousands(share.Done) + " of " + ui.Thousands(share.Due)
}
