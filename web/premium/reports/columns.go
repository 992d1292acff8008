package reports

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/reports"
	"virtualschool/web/chart"
	"virtualschool/web/ui"
)

// column is one figure of a line: its name in the address, its head and, for money, where it is.
type column struct {
	name, head string
	sum        func(reports.Row) money.Pence
	count      func(reports.Row) int
}

// columns are the figures, in order. The first is the name of the line, which has neither.
var columns = []column{
	{name: "name"},
	{name: "children", head: "Children", count: func(r reports.Row) int { return r.Children }},
	{name: "requests", head: "Requests", count: func(r reports.Row) int { return r.Requests }},
	{name: "asked", head: "Asked", sum: func(r reports.Row) money.Pence { return r.Asked }},
	{name: "waiting", head: "Waiting", sum: func(r reports.Row) money.Pence { return r.Waiting }},
	{name: "approved", head: "Approved", sum: func(r reports.Row) money.Pence { return r.Approved }},
	{name: "released", head: "Not needed", sum: func(r reports.Row) money.Pence { return r.Released }},
	{name: "topay", head: "To be paid", sum: reports.Row.ToPay},
	{name: "paid", head: "Paid", sum: func(r reports.Row) money.Pence { return r.Paid }},
	{name: "recovered", head: "Recovered", sum: func(r reports.Row) money.Pence { return r.Recovered }},
}

// figures are the columns after the name; by child each line is of one.
func (v reportView) figures() []column {
	if v.Way.By == reports.ByChild {
		return columns[2:]
	}
	return columns[1:]
}

func (v reportView) heads() []ui.Column {
	heads := []ui.Column{v.sortable(column{name: "name", head: v.Way.Head})}
	for _, c := range v.figures() {
		heads = append(heads, v.sortable(c))
	}
	return heads
}

// sortable is a head that puts the lines in order by its column: figures the largest first, names from A.
func (v reportView) sortable(c column) ui.Column {
	figure := c.sum != nil || c.count != nil
	now, down := strings.CutPrefix(v.sort(), "-")
	if now == "" {
		now = "name"
	}
	head := ui.Column{Text: c.head, Numeric: figure}
	next := c.name
	switch {
	case now == c.name && down:
		head.Sorted = ui.Descending
	case now == c.name:
		head.Sorted, next = ui.Ascending, "-"+c.name
	case figure:
		next = "-" + c.name
	}
	head.SortHref = v.Filters.With("sort", next)
	return head
}

func (v reportView) lines() [][]templ.Component {
	var lines [][]templ.Component
	for _, row := range v.Rows {
		lines = append(lines, v.line(row, v.nameCell(row)))
	}
	return lines
}

func (v reportView) line(row reports.Row, name templ.Component) []templ.Component {
	cells := []templ.Component{name}
	for _, c := range v.figures() {
		cells = append(cells, ui.Text(c.text(row)))
	}
	return cells
}

func (c column) text(row reports.Row) string {
	if c.count != nil {
		return ui.Thousands(c.count(row))
	}
	return c.sum(row).String()
}

// nameCell names a line, and leads to the record it is about where the reader may open that.
func (v reportView) nameCell(row reports.Row) templ.Component {
	switch id := row.Number(); {
	case v.Way.By == reports.ByChild && access.Can(v.Actor, access.SeePremium):
		return ui.Anchor(ui.Link{Text: v.name(row), Href: "/children/" + strconv.FormatInt(id, 10) + "/premium"})
	case v.Way.By == reports.BySchool && id != 0:
		return ui.Anchor(ui.Link{Text: v.name(row), Href: "/schools/" + strconv.FormatInt(id, 10)})
	}
	return ui.Text(v.name(row))
}

func (v reportView) foot() []templ.Component {
	if !v.totals() {
		return nil
	}
	return v.line(v.Total, ui.Text("All"))
}

func (v reportView) tiles() []ui.Stat {
	return []ui.Stat{
		{Label: "Asked", Value: v.Total.Asked.String(), Detail: ui.Plural(v.Total.Requests, "request", "requests") + " for " + ui.Plural(v.Total.Children, "child", "children")},
		{Label: "Waiting for a decision", Value: v.Total.Waiting.String()},
		{Label: "Approved", Value: v.Total.Approved.String(), Detail: v.Total.ToPay().String() + " is to be paid"},
		{Label: "Paid", Value: v.Total.Paid.String(), Detail: v.Total.Recovered.String() + " of it recovered"},
	}
}

// mostBars is how many lines a chart can show and still be read.
const mostBars = 12

// charted says whether the lines can be drawn: children are not compared in a picture.
func (v reportView) charted() bool {
	return v.Way.By != reports.ByChild && v.Total.Approved > 0
}

// figure is what was approved, paid and not: of many lines those with the most.
func (v reportView) figure() chart.FigureProps {
	rows := append([]reports.Row(nil), v.All...)
	props := chart.FigureProps{ID: "approved", Title: "What became of what was approved"}
	if len(rows) > mostBars {
		reports.Sort(rows, "-approved", v.name)
		rows = rows[:mostBars]
		props.Note = "The " + strconv.Itoa(mostBars) + " with the most; all of them are in the table."
	}
	drawing := chart.Stacked{Of: v.Way.Head, Parts: []string{"Paid", "To be paid", "Not needed"}}
	for _, row := range rows {
		if row.Approved == 0 {
			continue
		}
		item := chart.StackedItem{Label: v.name(row) + ", " + row.Approved.Short()}
		for _, sum := range []money.Pence{row.Paid, row.ToPay(), row.Released} {
			item.Points = append(item.Points, chart.Point{Value: float64(sum) / 100, Text: sum.Short()})
		}
		drawing.Items = append(drawing.Items, item)
	}
	props.Chart = drawing
	return props
}

// ledgerRows set the report against the ledger: what is not in a request, and what the reader may not see.
func (v reportView) ledgerRows() [][]templ.Component {
	hidden := v.Ledger.Hidden(v.Total)
	row := func(name string, sums ...money.Pence) []templ.Component {
		cells := []templ.Component{ui.Text(name)}
		for _, sum := range sums {
			cells = append(cells, ui.Text(sum.String()))
		}
		return cells
	}
	rows := [][]templ.Component{
		row("In this report", v.Total.ToPay(), v.Total.Paid, v.Total.Recovered),
		row("Spent from the retained share", 0, v.Ledger.Retained, 0),
	}
	if !hidden.None() {
		rows = append(rows, row("About records you may not see", hidden.ToPay, hidden.Paid, hidden.Recovered))
	}
	return rows
}

func (v reportView) ledgerFoot() []templ.Component {
	return []templ.Component{ui.Text("In the ledger"), ui.Text(v.Ledger.ToPay.String()), ui.Text(v.Ledger.Paid.String()), ui.Text(v.Ledger.Recovered.String())}
}
