package deciding

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/web/kit"
	requests "virtualschool/web/premium"
	"virtualschool/web/ui"
)

type queueView struct {
	Today    calendar.Date
	Filters  kit.Filters
	Filter   premium.Filter // those filters, as the queue is asked for by them
	Rows     []premium.Waiting
	Queued   premium.Queued
	Schools  []premium.School
	Advisors []premium.Advisor
	Year     ledger.Position
	Pools    []premium.Pool
	Values   policy.Values
	Actor    access.Actor
	Next     string
}

func (p *Pages) queue(w http.ResponseWriter, r *http.Request) error {
	view := queueView{Today: p.Kit.Today(), Filters: filtersOf(r.URL.Query()), Actor: kit.Actor(r)}
	view.Filter = readFilter(view.Filters, r.URL.Query().Get("after"))
	year := calendar.FinancialYear(view.Today)
	var batch postgres.Batch
	premium.QueueWaiting(&batch, &view.Rows, view.Filter, view.Actor.ID, audit.RequestID(r.Context()))
	premium.QueueQueued(&batch, &view.Queued, view.Filter)
	premium.QueueSchools(&batch, &view.Schools)
	premium.QueueAdvisors(&batch, &view.Advisors)
	ledger.QueuePosition(&batch, &view.Year, cmp.Or(view.Filter.Stream, ledger.LookedAfter), year)
	premium.QueuePools(&batch, &view.Pools, year)
	policy.Queue(&batch, &view.Values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if len(view.Rows) > premium.QueuePage {
		view.Rows = view.Rows[:premium.QueuePage]
		view.Next = view.Filters.With("after", writeCursor(view.Rows[premium.QueuePage-1].Cursor()))
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Pupil Premium Plus requests", Wide: true}, queuePage(view))
}

// filtersOf are the filters of an address that mean something.
func filtersOf(query url.Values) kit.Filters {
	known := url.Values{}
	if category := query.Get("category"); premium.Category(category).Name() != "" {
		known.Set("category", category)
	}
	if stream := query.Get("grant"); ledger.Stream(stream).Name() != "" {
		known.Set("grant", stream)
	}
	for _, name := range []string{"school", "advisor"} {
		if id, err := strconv.ParseInt(query.Get(name), 10, 64); err == nil && id > 0 {
			known.Set(name, strconv.FormatInt(id, 10))
		}
	}
	return kit.FiltersOf("/premium/requests", known, filterNames...)
}

var filterNames = []string{"category", "school", "advisor", "grant"}

func readFilter(filters kit.Filters, after string) premium.Filter {
	school, _ := strconv.ParseInt(filters.Get("school"), 10, 64) // checked by filtersOf
	advisor, _ := strconv.ParseInt(filters.Get("advisor"), 10, 64)
	return premium.Filter{Category: premium.Category(filters.Get("category")), SettingID: school, AdvisorID: advisor, Stream: ledger.Stream(filters.Get("grant")), After: readCursor(after)}
}

// A cursor in the address is the moment and number of the last request shown.
func writeCursor(cursor premium.Cursor) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d", cursor.At.UnixMicro(), cursor.ID))
}

func readCursor(text string) premium.Cursor {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return premium.Cursor{}
	}
	at, id, _ := strings.Cut(string(plain), " ")
	micros, err := strconv.ParseInt(at, 10, 64)
	number, err2 := strconv.ParseInt(id, 10, 64)
	const beyond = 4_102_444_800_000_000 // the year 2100: the database's own end of time is not asked
	if err != nil || err2 != nil || number <= 0 || micros < 0 || micros > beyond {
		return premium.Cursor{}
	}
	return premium.Cursor{At: time.UnixMicro(micros).UTC(), ID: number}
}

func (v queueView) selected() []ui.SelectedFilter {
	schools := append(v.schoolOptions(), ui.Option{Value: v.Filters.Get("school"), Text: "with nothing waiting"})
	advisors := append(v.advisorOptions(), ui.Option{Value: v.Filters.Get("advisor"), Text: "with nothing waiting"})
	return v.Filters.Selected(kit.Filter{Name: "category", Label: "For", Options: requests.CategoryOptions()}, kit.Filter{Name: "school", Label: "School", Options: schools},
		kit.Filter{Name: "advisor", Label: "Advisor", Options: advisors}, kit.Filter{Name: "grant", Label: "Grant", Options: grantOptions()})
}

func (v queueView) schoolOptions() []ui.Option {
	var options []ui.Option
	for _, school := range v.Schools {
		options = append(options, ui.Option{Value: strconv.FormatInt(school.ID, 10), Text: school.Name})
	}
	return options
}

func (v queueView) advisorOptions() []ui.Option {
	var options []ui.Option
	for _, advisor := range v.Advisors {
		options = append(options, ui.Option{Value: strconv.FormatInt(advisor.ID, 10), Text: advisor.Name})
	}
	return options
}

func grantOptions() []ui.Option {
	var options []ui.Option
	for _, stream := range ledger.Streams {
		options = append(options, ui.Option{Value: string(stream), Text: stream.Name()})
	}
	return options
}

// first is the first request on the page that is this person's to decide; empty when none is.
func (v queueView) first() string {
	for _, row := range v.Rows {
		if v.theirs(row) {
			return decisionHref(row.ChildID, row.ID, v.Filters)
		}
	}
	return ""
}

// theirs says whether the request is not the person's own, nor has their first approval.
func (v queueView) theirs(row premium.Waiting) bool {
	return !row.Own && row.FirstBy != v.Actor.ID
}

// actions are what the queue leads to: the first request, and the rules of deciding.
func (v queueView) actions() []templ.Component {
	var list []templ.Component
	if href := v.first(); href != "" {
		list = append(list, ui.Button(ui.ButtonProps{Text: "Decide the first", Href: href}))
	}
	for _, link := range []struct {
		action     access.Action
		text, href string
	}{{access.DecidePremium, "Panels", "/premium/panels"}, {access.NameStandIn, "Stand-ins", "/premium/delegations"}, {access.LimitPremium, "Limits of persons", "/premium/limits"}} {
		if access.Can(v.Actor, link.action) {
			list = append(list, ui.Anchor(ui.Link{Text: link.text, Href: link.href}))
		}
	}
	return list
}

// left is what the year of the request's grant has left.
func (v queueView) left(stream ledger.Stream) money.Pence {
	for _, pool := range v.Pools {
		if pool.Stream == stream {
			return pool.Left
		}
	}
	return 0
}

// tiles are what the year has left, over the queue.
func (v queueView) tiles() []ui.Stat {
	label := calendar.FinancialYearLabel(v.Year.FinancialYear)
	left := ui.Stat{Label: "Left to allocate in " + label, Value: v.Year.Pool.String(), Href: fmt.Sprintf("/premium/years/looked-after/%d", v.Year.FinancialYear), Kind: ui.Green}
	switch {
	case v.Year.Rate == 0:
		left.Detail, left.Kind = "The year's rate is not entered yet", ui.Red
	case v.Year.Pool < v.Queued.Sum:
		left.Detail, left.Kind = "Less than is asked for here", ui.Orange
	default:
		left.Detail = "Must be allocated by " + calendar.FinancialYearRange(v.Year.FinancialYear).LastDay().Words()
	}
	return []ui.Stat{
		left,
		{Label: "Waiting for a decision", Value: ui.Thousands(v.Queued.Count), Detail: v.Queued.Sum.String() + " asked"},
		{Label: "Committed in " + label, Value: v.Year.Committed.String(), Detail: "of " + v.Year.Income.String() + " income"},
	}
}

// noting says whether there is something to note of any request; else the column is left out.
func (v queueView) noting() bool {
	return slices.ContainsFunc(v.Rows, func(row premium.Waiting) bool { return len(v.marks(row)) > 0 })
}

func (v queueView) columns() []ui.Column {
	columns := []ui.Column{{Text: "Child"}, {Text: "School"}, {Text: "For"}, {Text: "Amount", Numeric: true}, {Text: "Asked", NoWrap: true}}
	if v.noting() {
		columns = append(columns, ui.Column{Text: "To note"})
	}
	return append(columns, ui.Column{Text: "Choose"})
}

func (v queueView) rows() [][]templ.Component {
	var rows [][]templ.Component
	noting := v.noting()
	for _, row := range v.Rows {
		cells := []templ.Component{childCell(v, row), schoolCell(row), forCell(row), ui.Text(row.Amount.String()), askedCell(row, v.Today)}
		if noting {
			cells = append(cells, tagList(v.marks(row)))
		}
		if v.theirs(row) {
			cells = append(cells, tick(row))
		} else {
			cells = append(cells, ui.Text(""))
		}
		rows = append(rows, cells)
	}
	return rows
}

// marks are what a decider wants to know before opening a request.
func (v queueView) marks(row premium.Waiting) []ui.TagProps {
	var tags []ui.TagProps
	if row.Own {
		tags = append(tags, ui.TagProps{Text: "Your own", Kind: ui.Grey})
	}
	switch {
	case row.FirstBy == v.Actor.ID:
		tags = append(tags, ui.TagProps{Text: "You approved first", Kind: ui.Grey})
	case row.FirstBy != 0:
		tags = append(tags, ui.TagProps{Text: "Second approval", Kind: ui.Teal})
	}
	if row.State == premium.AtPanel {
		tags = append(tags, ui.TagProps{Text: "Panel held", Kind: ui.Teal})
	}
	switch panel, two, limit := v.Values.PremiumPanel(), v.Values.PremiumTwoApprovers(), v.Values.PremiumDeputyLimit(); {
	case panel > 0 && row.Amount > panel && row.State == premium.Asked:
		tags = append(tags, ui.TagProps{Text: "For the panel", Kind: ui.Purple})
	case two > 0 && row.Amount > two:
		tags = append(tags, ui.TagProps{Text: "Two approvers", Kind: ui.Purple})
	case limit > 0 && row.Amount > limit:
		tags = append(tags, ui.TagProps{Text: "Above the deputy’s limit", Kind: ui.Purple})
	}
	if row.Again {
		tags = append(tags, ui.TagProps{Text: "Changed"})
	}
	if row.Amount > v.left(row.Stream) {
		tags = append(tags, ui.TagProps{Text: "More than is left", Kind: ui.Orange})
	}
	return tags
}

func rowName(row premium.Waiting) string {
	return child.DisplayName(row.PreferredName, row.Forename, row.Surname, row.LAChildID)
}

func yearGroup(row premium.Waiting, today calendar.Date) string {
	return calendar.YearGroup(calendar.CurriculumYear(row.DateOfBirth, today) + row.YearOffset)
}
