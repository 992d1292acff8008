package premium

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const ledgerPage = 50

type yearView struct {
	Form     *kit.Form
	Actor    access.Actor
	Path     string
	Year     ledger.Position
	Present  bool // the financial year of today, whose ledger takes entries
	Ledger   []ledger.Transfer
	Next     string
	Conflict bool
}

// presentYear leads to the financial year of today.
func (p *Pages) presentYear(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, yearPath(calendar.FinancialYear(p.Kit.Today())), http.StatusSeeOther)
	return nil
}

func (p *Pages) year(w http.ResponseWriter, r *http.Request) error {
	return p.showYear(w, r, nil, false)
}

func (p *Pages) saveYear(w http.ResponseWriter, r *http.Request) error {
	year, err := financialYear(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	entry := readYear(form)
	if err = form.Err(); err == nil {
		err = p.Premium.SetYear(r.Context(), kit.Actor(r), ledger.LookedAfter, year, form.Version(), entry)
	}
	switch {
	case form.Refuses(err):
		return p.showYear(w, r, form, false)
	case errors.Is(err, fault.KindConflict) && fault.Words(err) == fault.Words(fault.Conflict("")):
		return p.showYear(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, yearPath(year), "The year's figures are saved.")
}

func readYear(form *kit.Form) premium.YearEntry {
	return premium.YearEntry{
		Rate:     form.Money("rate", "The rate for each child"),
		Source:   form.Required("source", "Where the rate was published", 500),
		Children: form.Number("children", "Children counted", 0, 20000),
		Retained: form.Money("retained", "The share retained"),
	}
}

func (p *Pages) showYear(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	year, err := financialYear(r)
	if err != nil {
		return err
	}
	view := yearView{Form: form, Actor: kit.Actor(r), Path: yearPath(year), Present: year == calendar.FinancialYear(p.Kit.Today()), Conflict: conflict}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &view.Year, ledger.LookedAfter, year)
	ledger.QueueLedger(&batch, &view.Ledger, ledger.LookedAfter, year, max(before, 0), ledgerPage+1)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if len(view.Ledger) > ledgerPage {
		view.Ledger = view.Ledger[:ledgerPage]
		view.Next = fmt.Sprintf("%s?before=%d", view.Path, view.Ledger[ledgerPage-1].ID)
	}
	if view.Form == nil {
		view.Form = yearForm(view.Year)
	}
	if view.Conflict {
		view.Form.Overtaken(view.Year.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Pupil Premium Plus " + calendar.FinancialYearLabel(year), Wide: true, Form: view.Form}, yearPage(view))
}

// yearForm is a form prefilled with the year as it was entered; empty for one that was not.
func yearForm(year ledger.Position) *kit.Form {
	form := kit.NewForm(nil)
	if year.Rate > 0 {
		form.Set("rate", year.Rate.Plain())
		form.Set("source", year.RateSource)
		form.Set("children", strconv.Itoa(year.Children))
		form.Set("retained", year.Retained.Plain())
	}
	form.SetVersion(year.Version)
	return form
}

func financialYear(r *http.Request) (int, error) {
	id, err := kit.PathID(r, "financialYear")
	if err != nil || id < 2011 || id > 2100 {
		return 0, fault.NotFound()
	}
	return int(id), nil
}

func yearPath(year int) string { return fmt.Sprintf("/premium/years/%d", year) }

func (v yearView) label() string { return calendar.FinancialYearLabel(v.Year.FinancialYear) }

func (v yearView) facts() []ui.SummaryRow {
	rate := ui.SummaryRow{Key: "Rate for each child", Component: ui.TextOr("", "Not entered yet")}
	if v.Year.Rate > 0 {
		rate = ui.SummaryRow{Key: "Rate for each child", Value: v.Year.Rate.String(), Source: &ui.SourceProps{From: v.Year.RateSource}}
	}
	rows := []ui.SummaryRow{rate, {Key: "Children counted", Value: ui.Thousands(v.Year.Children)}, {Key: "Income", Value: v.Year.Income.String(), Source: &ui.SourceProps{From: "Children counted, at the rate"}}}
	if v.Year.SetAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Entered by", Value: v.Year.SetByName, Source: &ui.SourceProps{From: calendar.Moment(*v.Year.SetAt)}})
	}
	return rows
}

// position is where the year's money is, as bars. Only the drawing is in pounds; what is read is exact.
func (v yearView) position() chart.FigureProps {
	item := func(label string, amount money.Pence) chart.Item {
		return chart.Item{Label: label, Point: chart.Point{Value: float64(amount) / 100, Text: amount.String()}}
	}
	return chart.FigureProps{ID: "position", Title: "Where the " + v.label() + " money is", Note: "Together these are the year's income of " + v.Year.Income.String() + ".",
		Chart: chart.Bars{Of: "Account", Measure: "Amount", Items: []chart.Item{
			item("Retained for all", v.Year.Retained), item("Left to allocate", v.Year.Pool), item("Committed", v.Year.Committed), item("Paid", v.Year.Paid), item("Recovered", v.Year.Recovered),
		}}}
}

var accountNames = map[string]string{"grant": "Grant", "pool": "Left to allocate", "retained": "Retained", "committed": "Committed", "paid": "Paid", "recovered": "Recovered"}

func (v yearView) ledgerRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, line := range v.Ledger {
		reason := ui.Text(line.Reason)
		if line.RequestID != 0 {
			reason = ui.Anchor(ui.Link{Text: line.Reason, Hidden: fmt.Sprintf("request %d", line.RequestID), Href: RequestPath(line.ChildID, line.RequestID)})
		}
		rows = append(rows, []templ.Component{ui.Time(ui.TimeProps{Machine: line.MadeOn.String(), Text: line.MadeOn.Short()}), reason,
			ui.Text(accountNames[line.From] + " to " + accountNames[line.To]), ui.Text(line.Amount.String()), ui.Text(line.MadeBy)})
	}
	return rows
}

func (v yearView) savedRows() []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "Rate saved now", Value: v.Year.Rate.String()}, {Key: "Source saved now", Value: v.Year.RateSource},
		{Key: "Children saved now", Value: ui.Thousands(v.Year.Children)}, {Key: "Retained saved now", Value: v.Year.Retained.String()}, {Key: "Saved by", Value: v.Year.SetByName},
	}
}
