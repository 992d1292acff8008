package forecast

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/forecast"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit *kit.Kit
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/premium/forecast", access.SeePremiumMoney, p.forecast)
}

type view struct {
	Actor      access.Actor
	Today      calendar.Date
	Stream     ledger.Stream
	Year       int
	Position   ledger.Position
	OfYear     []year.Month
	Months     []forecast.Month // the last twelve full ones and this
	Requests   forecast.Requests
	Delay      forecast.Delay
	Unpaid     []forecast.Batch
	Cohort     forecast.Cohort
	Schools    []forecast.Place
	Categories []forecast.Place
	Unasked    []forecast.Unasked
	Forecast   forecast.Forecast
}

// grants are the streams by their word in an address.
func grants(word string) ledger.Stream {
	stream := ledger.Stream(strings.ReplaceAll(word, "-", "_"))
	if stream.Name() == "" {
		return ledger.LookedAfter
	}
	return stream
}

func slug(stream ledger.Stream) string { return strings.ReplaceAll(string(stream), "_", "-") }

func (p *Pages) forecast(w http.ResponseWriter, r *http.Request) error {
	v := view{Actor: kit.Actor(r), Today: p.Kit.Today(), Stream: grants(r.URL.Query().Get("grant"))}
	v.Year = calendar.FinancialYear(v.Today)
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &v.Position, v.Stream, v.Year)
	year.QueueMonths(&batch, &v.OfYear, v.Stream, v.Year)
	forecast.QueueMonths(&batch, &v.Months, v.Stream, v.firstMonth())
	forecast.QueueRequests(&batch, &v.Requests, v.Stream, v.Year)
	forecast.QueueDelay(&batch, &v.Delay, v.Stream)
	forecast.QueueUnpaid(&batch, &v.Unpaid, v.Stream, v.Year)
	forecast.QueueCohort(&batch, &v.Cohort, v.Stream, v.Today)
	if forecast.Watched(v.Today) {
		forecast.QueueAtRisk(&batch, &v.Schools, &v.Categories, v.Stream, v.Year)
	}
	if v.decides() {
		forecast.QueueUnasked(&batch, &v.Unasked, v.Stream, v.Year, v.Today, v.Actor.ID, audit.RequestID(r.Context()))
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	v.Forecast = forecast.Until(v.known())
	return p.Kit.Show(w, r, kit.Page{Title: "Forecast to 31 March", Wide: true}, page(v))
}

// firstMonth is the first of the last twelve full months.
func (v view) firstMonth() calendar.Date {
	return calendar.New(v.Today.Year, v.Today.Month, 1).AddMonths(-12)
}

func (v view) decides() bool { return access.Can(v.Actor, access.DecidePremium) }

// known is what the forecast is made from.
func (v view) known() forecast.Known {
	pace := make([]money.Pence, 12)
	for i := range pace {
		month := v.firstMonth().AddMonths(i)
		for _, one := range v.Months {
			if one.Month == month {
				pace[i] = one.Allocated
			}
		}
	}
	statement := year.State(v.Position, v.OfYear)
	return forecast.Known{Today: v.Today, FinancialYear: v.Year, Pool: v.Position.Pool, Allocated: v.Position.Committed + statement.PaidOnRequests, Paid: statement.PaidOnRequests,
		Pace: pace, Children: v.Cohort.Children, Joined: v.Cohort.Joined, Left: v.Cohort.Left, Open: v.Requests.OpenSum,
		Asked: v.Requests.Asked, Granted: v.Requests.Granted, Delay: v.Delay, Unpaid: v.Unpaid}
}

func (v view) path(stream ledger.Stream) string {
	if stream == ledger.LookedAfter {
		return "/premium/forecast"
	}
	return "/premium/forecast?grant=" + slug(stream)
}

func (v view) streams() ui.SubNavigationProps {
	props := ui.SubNavigationProps{Label: "Grant"}
	for _, stream := range ledger.Streams {
		props.Items = append(props.Items, ui.NavItem{Text: stream.Name(), Href: v.path(stream), Current: stream == v.Stream})
	}
	return props
}

func (v view) label() string { return calendar.FinancialYearLabel(v.Year) }

func (v view) end() calendar.Date { return calendar.FinancialYearRange(v.Year).LastDay() }

// lead answers what the page is opened for.
func (v view) lead() string {
	f := v.Forecast
	switch {
	case v.Position.Income == 0:
		return "No income is entered for " + v.label() + ", so there is nothing to forecast."
	case !f.Told:
		return "There is too little to go by: fewer than three of the last twelve months have anything allocated."
	case f.Short > 0:
		return fmt.Sprintf("Likely too little: %s more is likely to be asked for and granted than there is.", f.Short)
	case f.Left.Likely == 0:
		return "Likely all of it is allocated by 31 March."
	}
	return fmt.Sprintf("Likely %s is not allocated by 31 March and goes back to the department.", f.Left.Likely)
}

func (v view) tiles() []ui.Stat {
	allocated := v.known().Allocated
	tiles := []ui.Stat{
		{Label: "Allocated so far", Value: allocated.String(), Detail: "of " + (allocated + v.Position.Pool).String() + " to allocate"},
		{Label: "Not allocated", Value: v.Position.Pool.String(), Detail: ui.Plural(v.end().Sub(v.Today)+1, "day", "days") + " are left", Kind: v.leftKind()},
		{Label: "Approved and not paid", Value: v.Position.Committed.String(), Detail: ui.Plural(v.Requests.Unpaid, "request", "requests"), Kind: ui.Grey},
		{Label: "Paid", Value: v.known().Paid.String(), Kind: ui.Grey},
	}
	return tiles
}

func (v view) leftKind() ui.TagKind {
	if v.Forecast.Told && (v.Forecast.Left.Likely > 0 || v.Forecast.Short > 0) {
		return ui.Orange
	}
	return ui.Green
}

// rangeRows are the forecast's figures: at least, likely, at most.
func (v view) rangeRows() [][]templ.Component {
	row := func(name string, r forecast.Range) []templ.Component {
		return []templ.Component{ui.Text(name), ui.Text(r.Low.String()), ui.Text(r.Likely.String()), ui.Text(r.High.String())}
	}
	f := v.Forecast
	rows := [][]templ.Component{row("Allocated from today on", f.More), row("Allocated by 31 March", f.Allocated), row("Not allocated by 31 March", f.Left)}
	if f.PaidTold {
		rows = append(rows, row("Paid by 31 March", f.Paid))
	}
	return rows
}

// grounds says in words what the forecast stands on.
func (v view) grounds() []string {
	grounds := []string{
		"What was allocated in each of the last twelve full months. “At least” and “at most” are the slower and the faster quarter of months, as if every month to come were like them; “at most” also grants every open request.",
		fmt.Sprintf("%s in care now of those the grant is for; in the last twelve months %d came into care and %d left. The pace is taken for as many more or fewer children.", ui.Plural(v.Cohort.Children, "child", "children"), v.Cohort.Joined, v.Cohort.Left),
		fmt.Sprintf("%s waiting for a decision, together %s.", ui.Plural(v.Requests.Open, "request", "requests"), v.Requests.OpenSum),
	}
	if v.Requests.Asked > 0 {
		grounds = append(grounds, fmt.Sprintf("Of what was decided in the last twelve months, %s was granted of %s asked.", v.Requests.Granted, v.Requests.Asked))
	}
	if v.Forecast.PaidTold {
		grounds = append(grounds, fmt.Sprintf("From approval to payment took %d days in the middle, and between %d and %d for half of %s.", v.Delay.Median, v.Delay.Short, v.Delay.Long, ui.Plural(v.Delay.Payments, "payment", "payments")))
	} else {
		grounds = append(grounds, "Fewer than five payments have been made in two years, so nothing is said about what will be paid.")
	}
	return grounds
}

func placeRows(places []forecast.Place) [][]templ.Component {
	var rows [][]templ.Component
	for _, place := range places {
		name := ui.Text(place.Name)
		switch {
		case place.Category != "":
			name = ui.Text(place.Category.Name())
		case place.ID != 0:
			name = ui.Anchor(ui.Link{Text: place.Name, Href: fmt.Sprintf("/schools/%d", place.ID)})
		}
		rows = append(rows, []templ.Component{name, ui.Text(place.Unpaid.String()), ui.Text(place.Asked.String())})
	}
	return rows
}

func (v view) unaskedRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Unasked {
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: child.DisplayName(one.PreferredName, one.Forename, one.Surname, one.LAChildID), Hidden: "Pupil Premium Plus", Href: fmt.Sprintf("/children/%d/premium", one.ChildID)}),
			ui.TextOr(one.School, "No school place"), ui.Text(ui.Thousands(one.Targets))})
	}
	return rows
}
