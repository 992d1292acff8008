package attendance

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// showView is a child's academic year.
type showView struct {
	Strip  ui.IdentityStripProps
	Path   string
	Today  calendar.Date
	Year   int
	Monday calendar.Date // of the week whose marks are shown; zero: none chosen
	attendance.ChildRows
	child       attendance.Child
	terms       []calendar.Term
	Values      policy.Values
	Deliveries  []attendance.Delivered
	Corrections []attendance.Correction
	MayRecord   bool
	MayAsk      bool
	SeesCare    bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	actor, id := kit.Actor(r), kit.ChildID(r)
	view := showView{Path: attendancePath(r), Today: p.Kit.Today(), MayRecord: access.Can(actor, access.RecordAttendance),
		MayAsk: access.Can(actor, access.MakeCalls), SeesCare: access.Can(actor, access.SeeCareHistory)}
	view.choose(r.URL.Query())
	var dates setting.Calendar
	var batch postgres.Batch
	attendance.QueueChild(&batch, &view.ChildRows, actor, id, view.Year, view.Today)
	policy.Queue(&batch, &view.Values)
	setting.QueueCalendar(&batch, &dates, p.Kit.Site.AuthorityCode, 0)
	if !view.Monday.IsZero() {
		attendance.QueueDeliveries(&batch, &view.Deliveries, id, view.Monday, view.Monday.AddDays(6))
		attendance.QueueCorrections(&batch, &view.Corrections, id, view.Monday, view.Monday.AddDays(6))
	}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "attendance", &batch); err != nil {
		return err
	}
	view.child, view.terms = view.Child(view.Today), dates.TermDates()
	return p.Kit.Show(w, r, kit.Page{Title: "Attendance", Back: view.Strip.Href, Wide: true}, showPage(view))
}

// choose reads which year and week are asked for. Without a word it is this year and this week.
func (v *showView) choose(query url.Values) {
	v.Year = calendar.AcademicYear(v.Today)
	if year, err := strconv.Atoi(query.Get("year")); err == nil && year >= attendance.OldestYear && year < v.Year {
		v.Year = year
	}
	if v.current() {
		v.Monday = v.Today.Monday()
	}
	if day, err := calendar.Parse(query.Get("week")); err == nil && !day.After(v.Today) && day.AddDays(6).Compare(calendar.AcademicYearRange(v.Year).Start) >= 0 && calendar.AcademicYear(day.Monday()) <= v.Year {
		v.Monday = day.Monday()
	}
}

// current says whether the year shown is the one that goes on.
func (v showView) current() bool { return v.Year == calendar.AcademicYear(v.Today) }

func (v showView) label() string { return calendar.AcademicYearLabel(v.Year) }

func (v showView) actions() []templ.Component {
	var actions []templ.Component
	if v.MayAsk {
		actions = append(actions, ui.Button(ui.ButtonProps{Text: "Ask by link", Href: v.Path + "/ask", Kind: ui.Secondary}))
	}
	if v.MayRecord {
		actions = append(actions, ui.Button(ui.ButtonProps{Text: "Record a half term", Href: v.Path + "/new", Kind: ui.Secondary}))
	}
	return actions
}

// years lead to the years about which something is known.
func (v showView) years() []ui.NavItem {
	years := v.Years()
	if this := calendar.AcademicYear(v.Today); !slices.Contains(years, this) {
		years = append([]int{this}, years...)
	}
	if !slices.Contains(years, v.Year) {
		years = append(years, v.Year)
	}
	var items []ui.NavItem
	for _, year := range years {
		items = append(items, ui.NavItem{Text: calendar.AcademicYearLabel(year), Href: v.href(year, calendar.Date{}), Current: year == v.Year})
	}
	return items
}

// href is the page of a year, with the marks of a week.
func (v showView) href(year int, monday calendar.Date) string {
	query := url.Values{}
	if year != calendar.AcademicYear(v.Today) {
		query.Set("year", strconv.Itoa(year))
	}
	anchor := ""
	if !monday.IsZero() {
		query.Set("week", monday.String())
		anchor = "#week"
	}
	if len(query) == 0 {
		return v.Path + anchor
	}
	return v.Path + "?" + query.Encode() + anchor
}

// marked says whether the year has a mark, session by session.
func (v showView) marked() bool {
	year := calendar.AcademicYearRange(v.Year)
	return len(attendance.Between(v.Days, year.Start, year.LastDay())) > 0
}

// recorded says whether anything is known of the year.
func (v showView) recorded() bool { return len(v.of(v.Year)) > 0 }

// of are the half terms' figures of a year.
func (v showView) of(year int) []attendance.Record {
	var records []attendance.Record
	for _, record := range v.Records {
		if record.AcademicYear == year {
			records = append(records, record)
		}
	}
	return records
}

// halfRows are the half terms as they are kept, each with its source.
func (v showView) halfRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, record := range v.of(v.Year) {
		f := record.Figures()
		row := []templ.Component{
			ui.Text(record.HalfTerm.Name()), ui.Text(record.School), ui.Text(f.Rate()),
			ui.Text(fmt.Sprint(f.Possible)), ui.Text(fmt.Sprint(f.Authorised)), ui.Text(fmt.Sprint(f.Unauthorised)), ui.Text(fmt.Sprint(f.Late)),
			ui.Source(ui.SourceProps{From: record.Source, When: record.AsAt.Short()}),
		}
		if v.MayRecord {
			correct := ui.Text("")
			if !record.FromMarks {
				correct = ui.Anchor(ui.Link{Text: "Correct", Hidden: record.HalfTerm.Name() + " " + v.label() + " at " + record.School, Href: v.Path + "/new?" + chosen(record).Encode()})
			}
			row = append(row, correct)
		}
		rows = append(rows, row)
	}
	return rows
}

func (v showView) halfColumns() []ui.Column {
	columns := []ui.Column{{Text: "Half term"}, {Text: "School"}, {Text: "Attendance", Numeric: true}, {Text: "Possible sessions", Numeric: true},
		{Text: "Authorised", Numeric: true}, {Text: "Unauthorised", Numeric: true}, {Text: "Late", Numeric: true}, {Text: "Source"}}
	if v.MayRecord {
		columns = append(columns, ui.Column{Text: "Correct", Hidden: true})
	}
	return columns
}
