package suspensions

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip      ui.IdentityStripProps
	Path       string
	Today      calendar.Date
	Events     []suspension.Event
	Calendar   setting.Calendar
	MayRecord  bool
	MaySeeRisk bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	view := showView{Path: suspensionsPath(r), Today: p.Kit.Today(), MayRecord: access.Can(kit.Actor(r), access.RecordSuspension), MaySeeRisk: access.Can(kit.Actor(r), access.SeeExclusionRisk)}
	var batch postgres.Batch
	suspension.QueueEvents(&batch, &view.Events, kit.ChildID(r))
	setting.QueueCalendar(&batch, &view.Calendar, p.Kit.Site.AuthorityCode, 0)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "suspensions", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Suspensions", Back: view.Strip.Href, Wide: true}, showPage(view))
}

func (v showView) actions() (actions []templ.Component) {
	if v.MayRecord {
		actions = append(actions, ui.Button(ui.ButtonProps{Text: "Report a suspension", Href: v.Path + "/new"}))
	}
	if v.MaySeeRisk {
		actions = append(actions, ui.Anchor(ui.Link{Text: "Signs of risk", Href: v.Path + "/risk"}))
	}
	return actions
}

func (v showView) position() suspension.Position {
	return suspension.PositionOf(v.Events, calendar.AcademicYear(v.Today), v.Calendar.SchoolDays())
}

// facts are where the academic year stands (R26).
func (v showView) facts() []ui.Fact {
	position := v.position()
	left := position.Left.Days()
	if position.Left < 0 {
		left = (-position.Left).Days() + " over the limit"
	}
	return []ui.Fact{
		{Term: "Academic year", Value: calendar.AcademicYearLabel(position.AcademicYear)},
		{Term: "Suspensions and exclusions", Value: fmt.Sprint(position.Events)},
		{Term: "Days suspended, over all schools", Value: position.Used.Days()},
		{Term: "Left of 45 school days", Value: left},
	}
}

// boardDuty is what a school's governing board must do about the present term.
type boardDuty struct {
	School string
	Total  suspension.HalfDays
	Board  suspension.Board
	By     calendar.Date // zero: no deadline, or the calendar does not reach
}

// duties are by school, for the term of today or the one that ended last.
func (v showView) duties() []boardDuty {
	term, known := v.Calendar.LatestTerm(v.Today)
	if !known {
		return nil
	}
	var duties []boardDuty
	seen := map[int64]bool{}
	for _, event := range v.Events { // latest first: its day is the notice that counts
		if seen[event.SettingID] || !term.Contains(event.StartsOn) {
			continue
		}
		seen[event.SettingID] = true
		duty := boardDuty{School: event.School}
		duty.Total, duty.Board = suspension.TermTest(v.Events, event.SettingID, term.Range(), v.Calendar.SchoolDays())
		duty.By, _ = suspension.BoardBy(duty.Board, event.Notice(), v.Calendar.SchoolDays())
		duties = append(duties, duty)
	}
	return duties
}

func (d boardDuty) words() string {
	words := d.Board.Words()
	if !d.By.IsZero() {
		words += " By " + d.By.WordsWithDay() + ", counted in the authority's school days from the first day of the latest."
	}
	return words
}

func (v showView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, event := range v.Events {
		rows = append(rows, []templ.Component{whatCell(event, fmt.Sprintf("%s/%d", v.Path, event.ID)), ui.Time(ui.TimeProps{Machine: event.StartsOn.String(), Text: event.StartsOn.Short()}), ui.Text(event.School), ui.Text(shortLength(event)), reasonsCell(event), v.educationCell(event),
			ui.Source(ui.SourceProps{From: "Recorded by " + event.RecordedBy, When: calendar.Of(event.RecordedAt).Short()})})
	}
	return rows
}

// shortLength is how much of the event counts.
func shortLength(event suspension.Event) string {
	switch {
	case event.State != suspension.Stands:
		return event.Counted().Days() + " served"
	case event.Kind == suspension.Exclusion:
		return "For good"
	}
	return event.Counted().Days()
}

func (v showView) columns() []ui.Column {
	return []ui.Column{{Text: "What"}, {Text: "First day", NoWrap: true}, {Text: "School"}, {Text: "Length"}, {Text: "Reasons"}, {Text: "Education from day 6"}, {Text: "Source"}}
}

// educationCell is the day by which education elsewhere is due (R29), where one is, or from which it is arranged.
func (v showView) educationCell(event suspension.Event) templ.Component {
	if !event.FullTimeFrom.IsZero() {
		return ui.Text("Arranged from " + event.FullTimeFrom.WordsWithDay())
	}
	if day, due := suspension.SixthDay(event, v.Events, v.Calendar.SchoolDays()); due {
		return ui.Text("Due " + day.WordsWithDay() + " at the latest; for a child in care, aim for the first day")
	}
	return ui.TextOr("", "Not due")
}
