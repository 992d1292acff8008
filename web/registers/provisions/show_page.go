package provisions

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/provision"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip      ui.IdentityStripProps
	Path       string
	Today      calendar.Date
	Provisions []provision.Provision
	Checks     []provision.Checked
	Actor      access.Actor
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	view := showView{Path: provisionPath(r), Today: p.Kit.Today(), Actor: kit.Actor(r)}
	var batch postgres.Batch
	provision.QueueOf(&batch, &view.Provisions, kit.ChildID(r))
	provision.QueueChecks(&batch, &view.Checks, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "alternative provision", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Alternative provision", Back: view.Strip.Href, Wide: true}, showPage(view))
}

func (v showView) actions() []templ.Component {
	if !access.Can(v.Actor, access.RecordProvision) {
		return nil
	}
	return []templ.Component{ui.Button(ui.ButtonProps{Text: "Record provision", Href: v.Path + "/new"})}
}

func (v showView) links(one provision.Provision) []ui.Link {
	if !access.Can(v.Actor, access.RecordProvision) || v.Actor.Role == access.School && one.ArrangedBy != provision.BySchool {
		return nil
	}
	path := fmt.Sprintf("%s/%d", v.Path, one.ID)
	return []ui.Link{{Text: "Record a check", Hidden: "of " + one.Place, Href: path + "/check"}, {Text: "Change or end", Hidden: one.Place, Href: path}}
}

func (v showView) rows(one provision.Provision) []ui.SummaryRow {
	ends := ui.SummaryRow{Key: "Planned end", Value: "No end date"}
	if !one.PlannedEnd.IsZero() {
		ends.Value = one.PlannedEnd.WordsWithDay()
	}
	if !one.EndedOn.IsZero() {
		ends = ui.SummaryRow{Key: "Ended", Value: one.EndedOn.WordsWithDay()}
	}
	rows := []ui.SummaryRow{{Key: "Hours a week", Value: one.Hours.Plain()}, {Key: "First day", Value: one.StartsOn.WordsWithDay()}, ends}
	if due := one.CheckBy(); !due.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Check quality by", Value: due.WordsWithDay() + ", " + due.Relative(v.Today),
			Source: &ui.SourceProps{From: "Before it begins and every half term: seven weeks after the last check (Arranging alternative provision, statutory guidance)"}})
	}
	purpose := ui.SummaryRow{Key: "What it is for"}
	if one.Purpose != "" {
		purpose.Component = ui.Prose(one.Purpose)
	}
	return append(rows, purpose, ui.SummaryRow{Key: "Arranged by", Value: one.ArrangedBy.Name()}, ui.SummaryRow{Key: "The place", Value: one.Registration.Name()},
		ui.SummaryRow{Key: "Recorded by", Value: one.RecordedBy, Source: &ui.SourceProps{From: calendar.Moment(one.RecordedAt)}})
}

func (v showView) checksOf(one provision.Provision) [][]templ.Component {
	var rows [][]templ.Component
	for _, check := range v.Checks {
		if check.ProvisionID != one.ID {
			continue
		}
		safe := "Seen"
		if !check.Safe {
			safe = "Not seen"
		}
		rows = append(rows, []templ.Component{ui.Time(ui.TimeProps{Machine: check.CheckedOn.String(), Text: check.CheckedOn.Short()}), ui.Text(check.CheckedBy), ui.Text(check.Finding.Name()),
			ui.Text(safe), ui.Prose(check.Words)})
	}
	return rows
}
