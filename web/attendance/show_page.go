package attendance

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip     ui.IdentityStripProps
	Path      string
	Today     calendar.Date
	Year      int
	Records   []attendance.Record // this academic year and the one before, latest first
	Summary   attendance.Summary
	Values    policy.Values
	Calendar  setting.Calendar
	MayRecord bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	view := showView{Path: attendancePath(r), Today: p.Kit.Today(), MayRecord: access.Can(kit.Actor(r), access.RecordAttendance)}
	view.Year = calendar.AcademicYear(view.Today)
	var batch postgres.Batch
	attendance.QueueRecords(&batch, &view.Records, kit.ChildID(r), view.Year)
	attendance.QueueSummary(&batch, &view.Summary, kit.ChildID(r), view.Year)
	policy.Queue(&batch, &view.Values)
	setting.QueueCalendar(&batch, &view.Calendar, p.Kit.Site.AuthorityCode, 0)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "attendance", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Attendance", Back: view.Strip.Href, Wide: true}, showPage(view))
}

func (v showView) actions() []templ.Component {
	if !v.MayRecord {
		return nil
	}
	return []templ.Component{ui.Button(ui.ButtonProps{Text: "Record a half term", Href: v.Path + "/new"})}
}

func (v showView) label() string { return calendar.AcademicYearLabel(v.Year) }

// facts are the year so far: the rate, what it is of, and how much of the year is known.
func (v showView) facts() []ui.Fact {
	f := v.Summary.Figures()
	facts := []ui.Fact{
		{Term: "Attendance", Value: f.Rate(), Source: &ui.SourceProps{From: fmt.Sprintf("of %d possible sessions", f.Possible)}},
		{Term: "Authorised absence", Value: attendance.Share(f.Authorised, f.Possible), Source: &ui.SourceProps{From: ui.Plural(f.Authorised, "session", "sessions")}},
		{Term: "Unauthorised absence", Value: attendance.Share(f.Unauthorised, f.Possible), Source: &ui.SourceProps{From: ui.Plural(f.Unauthorised, "session", "sessions")}},
		{Term: "Late", Value: ui.Plural(f.Late, "session", "sessions")},
		{Term: "Known", Value: attendance.Coverage(v.Summary.Halves, v.begun()), Source: v.source()},
	}
	return facts
}

func (v showView) source() *ui.SourceProps {
	return &ui.SourceProps{From: strings.Join(v.Summary.Sources, "; "), When: "figures of " + v.Summary.AsAt.Words()}
}

func (v showView) begun() []attendance.HalfTerm {
	var terms []calendar.Term
	for _, term := range v.Calendar.Terms() {
		terms = append(terms, term.Term)
	}
	return attendance.Begun(terms, v.Year, v.Today)
}

// concernView is a word of concern with what it means; a meaning alone says why there is no word.
type concernView struct {
	Flag    attendance.Flag
	Meaning string
}

func (v showView) concern() concernView {
	minimum := v.Values.AttendanceMinimumSessions()
	f := v.Summary.Figures()
	switch flag := f.Flag(minimum); {
	case flag == attendance.Persistent:
		return concernView{flag, "A tenth or more of possible sessions were missed, which the Department for Education counts as persistent absence."}
	case flag == attendance.Severe:
		return concernView{flag, "Half or more of possible sessions were missed, which the Department for Education counts as severe absence."}
	case f.Possible < minimum:
		return concernView{"", fmt.Sprintf("There are fewer than %d possible sessions, so nothing is said about persistent absence (%s).", minimum, v.Values.Source(policy.AttendanceMinimumSessions))}
	}
	return concernView{}
}

func (v showView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, record := range v.Records {
		f := record.Figures()
		row := []templ.Component{
			ui.Text(calendar.AcademicYearLabel(record.AcademicYear) + " " + record.HalfTerm.Name()), ui.Text(record.School), ui.Text(f.Rate()),
			ui.Text(fmt.Sprint(f.Possible)), ui.Text(fmt.Sprint(f.Authorised)), ui.Text(fmt.Sprint(f.Unauthorised)), ui.Text(fmt.Sprint(f.Late)),
			ui.Source(ui.SourceProps{From: record.Source, When: record.AsAt.Short()}),
		}
		if v.MayRecord {
			row = append(row, ui.Anchor(ui.Link{Text: "Correct", Hidden: record.HalfTerm.Name() + " " + calendar.AcademicYearLabel(record.AcademicYear) + " at " + record.School, Href: v.Path + "/new?" + chosen(record).Encode()}))
		}
		rows = append(rows, row)
	}
	return rows
}

func (v showView) columns() []ui.Column {
	columns := []ui.Column{{Text: "Half term"}, {Text: "School"}, {Text: "Attendance", Numeric: true}, {Text: "Possible sessions", Numeric: true},
		{Text: "Authorised", Numeric: true}, {Text: "Unauthorised", Numeric: true}, {Text: "Late", Numeric: true}, {Text: "Source"}}
	if v.MayRecord {
		columns = append(columns, ui.Column{Text: "Correct", Hidden: true})
	}
	return columns
}

// figure is the rate by half term, oldest first; one that nobody reported is a gap.
func (v showView) figure() chart.FigureProps {
	var items []chart.Item
	for _, year := range []int{v.Year - 1, v.Year} {
		for _, half := range attendance.HalfTerms {
			var sum attendance.Figures
			for _, record := range v.Records {
				if record.AcademicYear == year && record.HalfTerm == half.HalfTerm {
					sum = sum.Plus(record.Figures())
				}
			}
			missing := sum.Possible == 0
			if missing && (year < v.Year || !slices.Contains(v.begun(), half.HalfTerm)) {
				continue
			}
			point := chart.Point{None: missing, Text: "not recorded"}
			if !missing {
				point = chart.Point{Value: float64(sum.Attended) * 100 / float64(sum.Possible), Text: sum.Rate()}
			}
			label := fmt.Sprintf("%s %s, %d sessions", half.Name, calendar.AcademicYearLabel(year), sum.Possible)
			if missing {
				label = half.Name + " " + calendar.AcademicYearLabel(year)
			}
			items = append(items, chart.Item{Label: label, Point: point})
		}
	}
	return chart.FigureProps{ID: "attendance", Title: "Attendance by half term", Chart: chart.Bars{Of: "Half term", Measure: "Attendance", Max: 100, Items: items}}
}
