package years

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// latestLines of the ledger stand on the year's page; all of them have a page of their own.
const latestLines = 5

// yearView is a grant's year as its pages know it.
type yearView struct {
	which
	Actor    access.Actor
	Today    calendar.Date
	Position ledger.Position
	Entries  []year.Income
	Purposes []year.Purpose
	Months   []year.Month
	Latest   []ledger.Transfer
	Form     *kit.Form
	Conflict bool
}

// load reads the year that the address names, and what more is queued with it.
func (p *Pages) load(r *http.Request, more ...func(*postgres.Batch, *yearView)) (yearView, error) {
	y, err := whichOf(r)
	if err != nil {
		return yearView{}, err
	}
	view := yearView{which: y, Actor: kit.Actor(r), Today: p.Kit.Today()}
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &view.Position, y.Stream, y.Year)
	year.QueueIncome(&batch, &view.Entries, y.Stream, y.Year)
	year.QueuePurposes(&batch, &view.Purposes, y.Stream, y.Year)
	year.QueueMonths(&batch, &view.Months, y.Stream, y.Year)
	for _, queue := range more {
		queue(&batch, &view)
	}
	return view, p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
}

func (p *Pages) year(w http.ResponseWriter, r *http.Request) error {
	view, err := p.load(r, func(batch *postgres.Batch, v *yearView) {
		ledger.QueueLedger(batch, &v.Latest, v.Stream, v.Year, ledger.Lines{}, 0, latestLines)
	})
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: view.title(), Trail: trail(), Wide: true}, yearPage(view))
}

func trail() []ui.Link {
	return []ui.Link{{Text: "Grants by financial year", Href: "/premium/years"}}
}

// trailOf leads from a page of the year back to it.
func (y which) trail() []ui.Link { return append(trail(), ui.Link{Text: y.title(), Href: y.Path()}) }

func (v yearView) closed() bool { return v.Position.ClosedAt != nil }

// begun and over say where today stands to the year.
func (v yearView) begun() bool {
	return !v.Today.Before(calendar.FinancialYearRange(v.Year).Start)
}

func (v yearView) over() bool { return !v.Today.Before(calendar.FinancialYearRange(v.Year).End) }

// maySet says whether income may be entered today, mayRetain whether the retained share may still change.
func (v yearView) maySet() bool {
	return v.begun() && !v.over() && !v.closed() && access.Can(v.Actor, access.SetPremium)
}

func (v yearView) mayRetain() bool {
	return v.begun() && !v.closed() && access.Can(v.Actor, access.SetPremium)
}

func (v yearView) mayClose() bool { return access.Can(v.Actor, access.ClosePremium) }

// lead answers how the year stands in one sentence.
func (v yearView) lead() string {
	switch {
	case v.closed():
		return "Closed by " + v.Position.ClosedByName + " on " + calendar.Of(*v.Position.ClosedAt).Words()
	case len(v.Entries) == 0:
		return "No income is entered yet"
	}
	if v.over() {
		return v.Position.Pool.String() + " was not allocated by " + calendar.FinancialYearRange(v.Year).LastDay().Words()
	}
	return v.Position.Pool.String() + " left to allocate"
}

func (v yearView) tiles() []ui.Stat {
	left := ui.Stat{Label: "Left to allocate", Value: v.Position.Pool.String(), Kind: ui.Green}
	if !v.over() {
		left.Detail = "Must be allocated by " + calendar.FinancialYearRange(v.Year).LastDay().Words()
	} else if left.Label = "Not allocated"; v.Position.Pool > 0 {
		left.Detail, left.Kind = "Goes back to the department when the year is closed", ui.Orange
	}
	retained := ui.Stat{Label: "Retained, not spent", Value: v.Position.Retained.String(), Detail: "for the whole cohort", Kind: ui.Grey}
	return []ui.Stat{left, {Label: "Committed, not paid", Value: v.Position.Committed.String()},
		{Label: "Paid", Value: (v.Position.Paid - v.Position.Recovered).String(), Detail: "less what schools gave back"}, retained}
}

// incomeRows put what was believed at first beside what came: a row for each figure.
func (v yearView) incomeRows() (rows [][]templ.Component, columns []ui.Column) {
	columns = []ui.Column{{Text: "Figure"}}
	var shown []year.Income
	for _, stage := range []year.Stage{year.Provisional, year.Final} {
		if entry, entered := year.Latest(v.Entries, stage); entered {
			shown = append(shown, entry)
			columns = append(columns, ui.Column{Text: stage.Name()})
		}
	}
	add := func(name string, text func(year.Income) string) {
		row := []templ.Component{ui.Text(name)}
		for _, entry := range shown {
			row = append(row, ui.Text(text(entry)))
		}
		rows = append(rows, row)
	}
	if v.Stream != ledger.Post16 {
		add("Children counted", func(i year.Income) string { return ui.Thousands(i.Children) })
	}
	if v.Stream == ledger.EarlyYears {
		add("Funded hours", func(i year.Income) string { return ui.Thousands(i.Hours) })
	}
	if v.Stream != ledger.Post16 {
		add(rateLabel(v.Stream), func(i year.Income) string { return i.Rate.String() })
	}
	add("Income", func(i year.Income) string { return i.Amount.String() })
	add("Published in", func(i year.Income) string { return i.Source })
	add("Entered by", func(i year.Income) string { return i.EnteredBy + ", " + calendar.Of(i.EnteredAt).Words() })
	return rows, columns
}

// earlier are the entries that a later one of the same stage has corrected.
func (v yearView) earlier() [][]templ.Component {
	var rows [][]templ.Component
	for _, entry := range v.Entries {
		if latest, _ := year.Latest(v.Entries, entry.Stage); latest.ID != entry.ID {
			rows = append(rows, []templ.Component{ui.Text(calendar.Moment(entry.EnteredAt)), ui.Text(entry.Stage.Name()), ui.Text(entry.Basis(v.Stream)), ui.Text(entry.Amount.String()), ui.Text(entry.EnteredBy)})
		}
	}
	return rows
}

func rateLabel(stream ledger.Stream) string {
	if stream == ledger.EarlyYears {
		return "Rate for each funded hour"
	}
	return "Rate for each child"
}

func (v yearView) purposeRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, purpose := range v.Purposes {
		rows = append(rows, []templ.Component{ui.Text(purpose.Name), ui.Text(purpose.Planned.String()), ui.Text(purpose.Spent.String()), ui.Text(purpose.Left().String())})
	}
	return rows
}

func (v yearView) purposeFoot() []templ.Component {
	var planned, spent money.Pence
	for _, purpose := range v.Purposes {
		planned += purpose.Planned
		spent += purpose.Spent
	}
	return []templ.Component{ui.Text("Together"), ui.Text(planned.String()), ui.Text(spent.String()), ui.Text((planned - spent).String())}
}

// whereItIs is the year's money by account, as bars. Only the drawing is in pounds; what is read is exact.
func (v yearView) whereItIs() chart.FigureProps {
	item := func(label string, amount money.Pence) chart.Item {
		return chart.Item{Label: label, Point: chart.Point{Value: float64(amount) / 100, Text: amount.String()}}
	}
	items := []chart.Item{item("Retained, not spent", v.Position.Retained), item("Left to allocate", v.Position.Pool), item("Committed, not paid", v.Position.Committed),
		item("Paid, less what schools gave back", v.Position.Paid-v.Position.Recovered)}
	return chart.FigureProps{ID: "position", Title: "Where the " + v.label() + " money is", Note: "Together these are the year's income of " + v.Position.Income.String() + ".",
		Chart: chart.Bars{Of: "Account", Measure: "Amount", Items: items}}
}

// standing is the opening and closing position, in the words of a ledger.
func (v yearView) standing() []ui.SummaryRow {
	statement := year.State(v.Position, v.Months)
	end := calendar.FinancialYearRange(v.Year).LastDay()
	at := map[string]money.Pence{}
	for _, account := range statement.Accounts {
		at[account.Kind] = account.AtEnd()
	}
	rows := []ui.SummaryRow{{Key: "Opening, 1 April " + strconv.Itoa(v.Year), Value: "£0.00. Nothing is carried forward: the conditions of the grant do not allow it."}}
	if v.over() {
		rows = append(rows, ui.SummaryRow{Key: "Closing, " + end.Words(), Value: fmt.Sprintf("%s paid, %s committed and not yet paid, %s not allocated, %s retained and not spent",
			at["paid"]+at["recovered"], at["committed"], at["pool"], at["retained"])})
	}
	if v.Position.Returned > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Returned to the department", Value: v.Position.Returned.String()})
	}
	return rows
}
