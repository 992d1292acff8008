package reports

import (
	"net/http"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/premium/reports"
	"virtualschool/internal/premium/worth"
	"virtualschool/web/kit"
)

// download sends the report as it is filtered and sorted, whole. Every child named in it is audited as
// looked at.
func (p *Pages) download(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.read(r.Context(), kit.Actor(r), r.URL.Query())
		if err != nil {
			return err
		}
		if err := p.looked(r, v, v.All, "premium report downloaded"); err != nil {
			return err
		}
		return p.Kit.SendTable(w, r, format, v.fileName(), v.file())
	}
}

// fileName says what is in the file: premium-by-school-looked-after-2026-27.
func (v reportView) fileName() string {
	parts := []string{"premium-by", string(v.Way.By)}
	if v.Filter.Stream != "" {
		parts = append(parts, strings.ReplaceAll(string(v.Filter.Stream), "_", "-"))
	}
	if v.Filter.Year != 0 {
		parts = append(parts, calendar.FinancialYearLabel(v.Filter.Year))
	}
	return strings.Join(parts, "-")
}

// file is the report as a table. Where it names no children, counts of fewer than five are not given,
// nor the next where the total would give them away: a file leaves the system. Sums of money stay: the
// schools know them, and they are the ledger's.
func (v reportView) file() export.Table {
	table := export.Table{Name: v.Way.Link + " " + v.about(), Heads: []string{v.Way.Head}}
	if v.Way.By == reports.ByChild {
		table.Heads = []string{"903 identifier", "Child"}
	}
	for _, c := range v.figures() {
		table.Heads = append(table.Heads, c.head)
	}
	hidden, total := make([]bool, len(v.All)), false
	if v.Way.By != reports.ByChild {
		children := make([]int, len(v.All))
		for n, row := range v.All {
			children[n] = row.Children
		}
		hidden, total = worth.Suppress(children)
	}
	for n, row := range v.All {
		cells := []export.Cell{export.Text(v.name(row))}
		if v.Way.By == reports.ByChild {
			cells = []export.Cell{export.Text(row.LAChildID), export.Text(row.ChildName())}
		}
		table.Add(append(cells, v.cells(row, hidden[n])...)...)
	}
	if v.totals() {
		cells := []export.Cell{export.Text("All")}
		if v.Way.By == reports.ByChild {
			cells = append(cells, export.Cell{})
		}
		table.Add(append(cells, v.cells(v.Total, total || v.Way.By != reports.ByChild && v.Total.Children < worth.Least)...)...)
	}
	return table
}

func (v reportView) cells(row reports.Row, hidden bool) []export.Cell {
	var cells []export.Cell
	for _, c := range v.figures() {
		switch {
		case c.sum != nil:
			cells = append(cells, export.Money(c.sum(row)))
		case hidden:
			cells = append(cells, export.Text("Not given"))
		default:
			cells = append(cells, export.Number(c.count(row)))
		}
	}
	return cells
}
