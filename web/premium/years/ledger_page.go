package years

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

// ledgerPage is how many transfers are on a page of the ledger.
const ledgerPage = 50

// onlyJournals is the value of the filter of kinds for what was written after the year was closed.
const onlyJournals = "journal"

// ledgerView is a year's ledger, narrowed by what the transfers did and when.
type ledgerView struct {
	yearView
	Filters kit.Filters
	Lines   ledger.Lines
	Found   int         // transfers that the filters find, those not shown to the reader among them
	Sum     money.Pence // of those
	Page    int
	Shown   []ledger.Transfer
}

// narrowed reads the filters of a ledger's address; what means nothing is left out.
func narrowed(y which, r *http.Request) ledgerView {
	query := r.URL.Query()
	v := ledgerView{Page: 1}
	switch kind := query.Get("kind"); {
	case kind == onlyJournals:
		v.Lines.Journals = true
	case ledger.Kind(kind).Name() != "":
		v.Lines.Kind = ledger.Kind(kind)
	default:
		query.Del("kind")
	}
	if month, err := calendar.Parse(query.Get("month") + "-01"); err == nil {
		v.Lines.Month = month
	} else {
		query.Del("month")
	}
	if page, err := strconv.Atoi(query.Get("page")); err == nil && page > 1 && page < 1_000_000 {
		v.Page = page
	}
	v.Filters = kit.FiltersOf(y.Path()+"/ledger", query, "kind", "month")
	return v
}

// readLedger reads the lines that an address asks for: so many of them after the first skip.
func (p *Pages) readLedger(r *http.Request, skip, limit int, v *ledgerView) (err error) {
	v.yearView, err = p.load(r, func(batch *postgres.Batch, y *yearView) {
		ledger.QueueLedger(batch, &v.Shown, y.Stream, y.Year, v.Lines, skip, limit)
	})
	for _, month := range v.Months {
		if v.Lines.Holds(month.Kind, month.Month, month.Journal) {
			v.Found += month.Entries
			v.Sum += month.Sum
		}
	}
	return err
}

// ledger is the list of a year's transfers, newest first.
func (p *Pages) ledger(w http.ResponseWriter, r *http.Request) error {
	y, err := whichOf(r)
	if err != nil {
		return err
	}
	v := narrowed(y, r)
	if err := p.readLedger(r, (v.Page-1)*ledgerPage, ledgerPage, &v); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Ledger, " + v.title(), Trail: v.trail(), Wide: true}, ledgerListPage(v))
}

// mostLines is more than a grant's year has, and what a spreadsheet takes.
const mostLines = 1_000_000

// downloadLedger sends the ledger as it is narrowed, whole. No child is named in it.
func (p *Pages) downloadLedger(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		y, err := whichOf(r)
		if err != nil {
			return err
		}
		v := narrowed(y, r)
		if err := p.readLedger(r, 0, mostLines, &v); err != nil {
			return err
		}
		name := fmt.Sprintf("ledger-%s-%s", strings.ReplaceAll(string(v.Stream), "_", "-"), v.label())
		return p.Kit.SendTable(w, r, format, name, v.file())
	}
}

// file is the lines as a table. Its sum is the year's: what the reader may not see is in one line of its own.
func (v ledgerView) file() export.Table {
	table := export.Table{Name: "Ledger " + v.label(), Heads: []string{"Number", "Day", "What", "From", "To", "Amount", "Why", "Request", "Journal", "By"}}
	hidden := v.Sum
	for _, line := range v.Shown {
		request, journal := export.Cell{}, export.Cell{}
		if line.RequestID != 0 {
			request = export.Text(strconv.FormatInt(line.RequestID, 10))
		}
		if line.Journal {
			journal = export.Text("Journal")
		}
		table.Add(export.Text(strconv.FormatInt(line.ID, 10)), export.Day(line.MadeOn), export.Text(line.Kind.Name()), export.Text(accountNames[line.From]),
			export.Text(accountNames[line.To]), export.Money(line.Amount), export.Text(line.Reason), request, journal, export.Text(line.MadeBy))
		hidden -= line.Amount
	}
	if n := v.Found - len(v.Shown); n > 0 {
		table.Add(export.Cell{}, export.Cell{}, export.Text(ui.Plural(n, "transfer", "transfers")+" about records you may not see"), export.Cell{}, export.Cell{},
			export.Money(hidden), export.Cell{}, export.Cell{}, export.Cell{}, export.Cell{})
	}
	return table
}

func (v ledgerView) found() string {
	return ui.Plural(v.Found, "transfer", "transfers") + ", " + v.Sum.String()
}

func (v ledgerView) downloads() []ui.Link {
	href := func(ending string) string {
		if query := v.Filters.Encode(); query != "" {
			return v.Path() + "/ledger" + ending + "?" + query
		}
		return v.Path() + "/ledger" + ending
	}
	return []ui.Link{{Text: "Download as CSV", Href: href(".csv")}, {Text: "Download for Excel", Href: href(".xlsx")}}
}

func (v ledgerView) pages() ui.PaginationProps {
	props := v.Filters.Pages("Pages of the ledger", v.Page, ledgerPage, v.Found)
	if v.Found > ledgerPage {
		props.Summary = fmt.Sprintf("Page %s of %s", ui.Thousands(v.Page), ui.Thousands((v.Found+ledgerPage-1)/ledgerPage))
	}
	return props
}

// kindOptions are what transfers of this year did, monthOptions the months that money moved in, newest first.
func (v ledgerView) kindOptions() []ui.Option {
	options := []ui.Option{{Value: "", Text: "Everything"}}
	for _, kind := range ledger.Kinds {
		if kind == v.Lines.Kind || slices.ContainsFunc(v.Months, func(m year.Month) bool { return m.Kind == kind }) {
			options = append(options, ui.Option{Value: string(kind), Text: kind.Name()})
		}
	}
	if v.Lines.Journals || year.Journals(v.Months) > 0 {
		options = append(options, ui.Option{Value: onlyJournals, Text: "Journals after the year was closed"})
	}
	return options
}

func (v ledgerView) monthOptions() []ui.Option {
	options := []ui.Option{{Value: "", Text: "The whole year"}}
	months := []calendar.Date{}
	if !v.Lines.Month.IsZero() {
		months = append(months, v.Lines.Month)
	}
	for _, one := range v.Months {
		months = append(months, one.Month)
	}
	slices.SortFunc(months, func(a, b calendar.Date) int { return b.Compare(a) })
	for _, month := range slices.Compact(months) {
		options = append(options, ui.Option{Value: month.String()[:7], Text: fmt.Sprintf("%s %d", month.Month, month.Year)})
	}
	return options
}

func (v ledgerView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(kit.Filter{Name: "kind", Label: "What", Options: v.kindOptions()}, kit.Filter{Name: "month", Label: "Month", Options: v.monthOptions()})
}

func (v ledgerView) kind() string {
	if v.Lines.Journals {
		return onlyJournals
	}
	return string(v.Lines.Kind)
}

var accountNames = map[string]string{"grant": "Grant", "pool": "Left to allocate", "retained": "Retained", "committed": "Committed", "paid": "Paid",
	"recovered": "Given back by schools", "returned": "Returned to the department"}

var lineColumns = []ui.Column{{Text: "Day", NoWrap: true}, {Text: "What and why"}, {Text: "From and to"}, {Text: "Amount", Numeric: true}, {Text: "By"}}

// lineRows are transfers as both pages list them.
func (v yearView) lineRows(lines []ledger.Transfer) [][]templ.Component {
	rows := make([][]templ.Component, 0, len(lines))
	for _, line := range lines {
		reason := ui.Text(line.Reason)
		if line.RequestID != 0 && access.Can(v.Actor, access.SeePremium) {
			reason = ui.Anchor(ui.Link{Text: line.Reason, Hidden: fmt.Sprintf("request %d", line.RequestID), Href: area.RequestPath(line.ChildID, line.RequestID)})
		}
		rows = append(rows, []templ.Component{ui.Time(ui.TimeProps{Machine: line.MadeOn.String(), Text: line.MadeOn.Short()}), reason,
			ui.Text(accountNames[line.From] + " to " + accountNames[line.To]), ui.Text(line.Amount.String()), ui.Text(line.MadeBy)})
	}
	return rows
}
