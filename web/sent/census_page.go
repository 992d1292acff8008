package sent

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/census"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const censusPath = "/attendance/census"

// censusView is what schools counted for the census beside what is marked, for one term.
type censusView struct {
	Terms  []attendance.Counted
	Term   attendance.Counted // the one that is shown
	Differ []differing
	Agree  int
}

// differing is a child's term in which the two do not agree.
type differing struct {
	attendance.CensusLine
	Words  []string
	Advice string
	Marked int
}

func (p *Pages) census(w http.ResponseWriter, r *http.Request) error {
	var view censusView
	var terms postgres.Batch
	attendance.QueueCounted(&terms, &view.Terms)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &terms); err != nil {
		return err
	}
	for i, term := range view.Terms {
		if i == 0 || termValue(term) == r.URL.Query().Get("term") {
			view.Term = term
		}
	}
	if len(view.Terms) > 0 {
		var lines []attendance.CensusLine
		var batch postgres.Batch
		attendance.QueueCensus(&batch, &lines, view.Term.AcademicYear, view.Term.Term)
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
		view.compare(lines)
	}
	var shown []int64
	for _, one := range view.listed() {
		shown = append(shown, one.ID)
	}
	if err := p.Kit.Looked(r, "census check", shown); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Census check", Wide: true, Trail: []ui.Link{{Text: "Marks sent", Href: home}}}, censusPage(view))
}

func termValue(term attendance.Counted) string {
	return fmt.Sprintf("%d-%s", term.AcademicYear, term.Term)
}

// compare parts the lines that agree from those that do not.
func (v *censusView) compare(lines []attendance.CensusLine) {
	day := v.Term.Day()
	for _, line := range lines {
		counted, held := line.Census(), line.Marks(day)
		differences := census.Compare(counted, held, day)
		if len(differences) == 0 {
			v.Agree++
			continue
		}
		one := differing{CensusLine: line, Advice: census.Advice(counted, held, day), Marked: held.Possible}
		for _, d := range differences {
			if d.Code != "" {
				one.Words = append(one.Words, d.Words())
			}
		}
		v.Differ = append(v.Differ, one)
	}
}

func (v censusView) listed() []differing { return v.Differ[:min(len(v.Differ), mostListed)] }

func (v censusView) lead() string {
	switch {
	case len(v.Terms) == 0:
		return "No session totals of a school census have been imported yet."
	case len(v.Differ) == 0:
		return "For every child the marks agree with what the school counted for the census."
	default:
		return fmt.Sprintf("%s from what the school counted for the census; %s.", ui.Plural(len(v.Differ), "child’s marks differ", "children’s marks differ"), ui.Plural(v.Agree, "child’s agree", "children’s agree"))
	}
}

func (v censusView) tabs() []ui.NavItem {
	var items []ui.NavItem
	for _, term := range v.Terms {
		items = append(items, ui.NavItem{Text: term.Label(), Href: censusPath + "?" + url.Values{"term": {termValue(term)}}.Encode(), Current: term == v.Term, Count: term.Children})
	}
	return items
}

var censusColumns = []ui.Column{{Text: "Child"}, {Text: "School"}, {Text: "Possible by the census", Numeric: true}, {Text: "Possible as marked", Numeric: true}, {Text: "Codes that differ"}, {Text: "What to do"}}

func (v censusView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.listed() {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: one.DisplayName(), Href: fmt.Sprintf("/children/%d/attendance", one.ID)}), ui.Text(one.School),
			ui.Text(fmt.Sprint(one.Possible)), ui.Text(fmt.Sprint(one.Marked)), ui.TextOr(strings.Join(one.Words, "; "), "None"), ui.Text(one.Advice)})
	}
	return rows
}
