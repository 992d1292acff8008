package timetables

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/timetable"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip      ui.IdentityStripProps
	Path       string
	Today      calendar.Date
	Timetables []timetable.Timetable
	Reviews    []timetable.Held
	Values     policy.Values
	MayRecord  bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	view := showView{Path: timetablesPath(r), Today: p.Kit.Today(), MayRecord: access.Can(kit.Actor(r), access.RecordTimetable)}
	var batch postgres.Batch
	timetable.QueueOf(&batch, &view.Timetables, kit.ChildID(r))
	timetable.QueueReviews(&batch, &view.Reviews, kit.ChildID(r))
	policy.Queue(&batch, &view.Values)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "reduced timetables", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Reduced timetables", Back: view.Strip.Href, Wide: true}, showPage(view))
}

func (v showView) actions() []templ.Component {
	if !v.MayRecord {
		return nil
	}
	return []templ.Component{ui.Button(ui.ButtonProps{Text: "Record a reduced timetable", Href: v.Path + "/new"})}
}

func (v showView) faults(one timetable.Timetable) []string {
	return one.Faults(v.Values.TimetableReviewWeeks(), v.Today)
}

func (v showView) links(one timetable.Timetable) []ui.Link {
	if !v.MayRecord {
		return nil
	}
	path, hidden := fmt.Sprintf("%s/%d", v.Path, one.ID), "the reduced timetable from "+one.StartsOn.Words()
	links := []ui.Link{{Text: "Correct", Hidden: hidden, Href: path}}
	if one.EndedOn.IsZero() && one.StartsOn.Before(v.Today) {
		links = append([]ui.Link{{Text: "Review or end", Hidden: hidden, Href: path + "/review"}}, links...)
	}
	return links
}

func (v showView) rows(one timetable.Timetable) []ui.SummaryRow {
	ends := ui.SummaryRow{Key: "Back full time", Value: one.PlannedEnd.WordsWithDay() + " is planned"}
	switch {
	case !one.EndedOn.IsZero():
		ends = ui.SummaryRow{Key: "Ended", Value: one.EndedOn.WordsWithDay() + ": " + one.Outcome.Name()}
	case one.PlannedEnd.IsZero():
		ends.Value = "No end date"
	}
	rows := []ui.SummaryRow{
		{Key: "Hours", Value: offered(one)}, {Key: "First day", Value: one.StartsOn.WordsWithDay()}, ends,
	}
	if due := one.ReviewBy(v.Values.TimetableReviewWeeks()); !due.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Review by", Value: due.WordsWithDay() + ", " + due.Relative(v.Today),
			Source: &ui.SourceProps{From: fmt.Sprintf("As agreed, and at the latest after %s. Where this comes from: %s", ui.Plural(v.Values.TimetableReviewWeeks(), "week", "weeks"), v.Values.Source(policy.TimetableReviewWeeks))}})
	}
	rows = append(rows, ui.SummaryRow{Key: "Reason", Component: reasonCell(one.Reason.Name(), one.Note)})
	for _, agreed := range []struct {
		key string
		on  calendar.Date
	}{{"Carer or parent agreed", one.CarerAgreedOn}, {"Social worker agreed", one.WorkerAgreedOn}, {"Virtual School agreed", one.VirtualSchoolAgreedOn},
		{"Risk assessed", one.RiskAssessedOn}, {"Council told", one.CouncilToldOn}} {
		row := ui.SummaryRow{Key: agreed.key}
		if !agreed.on.IsZero() {
			row.Value = agreed.on.Words()
		}
		rows = append(rows, row)
	}
	way := ui.SummaryRow{Key: "Plan back to full time"}
	if one.WayBack != "" {
		way.Component = ui.Prose(one.WayBack)
	}
	return append(rows, way, ui.SummaryRow{Key: "Recorded by", Value: one.RecordedBy, Source: &ui.SourceProps{From: calendar.Moment(one.RecordedAt)}})
}

// offered is "12.5 of 25 hours a week, 50%".
func offered(one timetable.Timetable) string {
	return fmt.Sprintf("%s of %s a week, %s", one.Hours.Plain(), one.FullHours, one.Hours.Share(one.FullHours))
}

func (v showView) reviewsOf(one timetable.Timetable) [][]templ.Component {
	var rows [][]templ.Component
	for _, held := range v.Reviews {
		if held.TimetableID != one.ID {
			continue
		}
		decided := "Goes on with " + held.Hours.String()
		if held.Hours != held.WasHours {
			decided += ", before " + held.WasHours.Plain()
		}
		if held.Outcome != timetable.GoesOn {
			decided = held.Outcome.Name()
		}
		rows = append(rows, []templ.Component{ui.Time(ui.TimeProps{Machine: held.HeldOn.String(), Text: held.HeldOn.Short()}), ui.Text(decided), ui.Prose(held.Words), ui.Text(held.RecordedBy)})
	}
	return rows
}
