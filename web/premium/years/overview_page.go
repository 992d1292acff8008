package years

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type overviewView struct {
	Actor   access.Actor
	Present int
	Years   []year.Overview
}

func (p *Pages) overview(w http.ResponseWriter, r *http.Request) error {
	view := overviewView{Actor: kit.Actor(r), Present: calendar.FinancialYear(p.Kit.Today())}
	var batch postgres.Batch
	year.QueueOverviews(&batch, &view.Years)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Grants by financial year", Wide: true}, overviewPage(view))
}

// of are a grant's years, newest first, the present one among them whether it was opened or not.
func (v overviewView) of(stream ledger.Stream) []year.Overview {
	var years []year.Overview
	for _, one := range v.Years {
		if one.Stream == stream {
			years = append(years, one)
		}
	}
	if !slices.ContainsFunc(years, func(one year.Overview) bool { return one.FinancialYear == v.Present }) {
		years = append(years, year.Overview{Stream: stream, FinancialYear: v.Present})
		slices.SortFunc(years, func(a, b year.Overview) int { return b.FinancialYear - a.FinancialYear })
	}
	return years
}

func (v overviewView) rows(stream ledger.Stream) [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.of(stream) {
		y := which{stream, one.FinancialYear}
		sum := func(amount money.Pence) templ.Component {
			if one.Stage == "" && one.Income == 0 {
				return ui.TextOr("", "–")
			}
			return ui.Text(amount.String())
		}
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: y.label(), Hidden: stream.Name(), Href: y.Path()}), v.stateTag(one),
			sum(one.Income), sum(one.Retained), sum(one.Pool), sum(one.Committed), sum(one.Paid)})
	}
	return rows
}

// stateTag says how far a year is.
func (v overviewView) stateTag(one year.Overview) templ.Component {
	tag := ui.TagProps{Text: one.Stage.Name(), Kind: ui.Blue}
	switch {
	case one.Closed:
		tag = ui.TagProps{Text: "Closed", Kind: ui.Grey}
	case one.Stage == "":
		tag = ui.TagProps{Text: "Income not entered", Kind: ui.Red}
	case one.FinancialYear < v.Present:
		tag = ui.TagProps{Text: "To be closed", Kind: ui.Orange}
	}
	return ui.Tag(tag)
}
