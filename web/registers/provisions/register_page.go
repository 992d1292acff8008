package provisions

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/postgres"
	"virtualschool/internal/provision"
	"virtualschool/web/kit"
	"virtualschool/web/registers/area"
	"virtualschool/web/ui"
)

// What the register can show beside all that run.
const (
	showFaulty = "faulty"
	showEnded  = "ended"
)

func shownOptions() []ui.Option {
	return []ui.Option{{Value: showFaulty, Text: "Something is wrong"}, {Value: showEnded, Text: "Ended this academic year"}}
}

// line is provision on the register with what is wrong with it.
type line struct {
	provision.Listed
	Faults []string
	Due    calendar.Date
}

type registerView struct {
	Actor   access.Actor
	Today   calendar.Date
	Filters kit.Filters
	Lines   []line
	Running int // of all that run, however the list is filtered
	Faulty  int
	Due     int
}

func (p *Pages) register(w http.ResponseWriter, r *http.Request) error {
	view, err := p.read(r, "register of alternative provision")
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Alternative provision", Wide: true}, registerPage(view))
}

// read gives the register as its address filters it, the most faults first. Whoever is named was looked at.
func (p *Pages) read(r *http.Request, screen string) (registerView, error) {
	v := registerView{Actor: kit.Actor(r), Today: p.Kit.Today(), Filters: kit.FiltersOf(registerPath, r.URL.Query(), "show")}
	var rows []provision.Listed
	var filter provision.Filter
	if v.Filters.Get("show") == showEnded {
		filter.EndedSince = calendar.AcademicYearRange(calendar.AcademicYear(v.Today)).Start
	}
	var batch postgres.Batch
	provision.QueueRegister(&batch, &rows, filter)
	if err := p.Kit.DB.View(r.Context(), v.Actor, &batch); err != nil {
		return v, err
	}
	var ids []int64
	for _, row := range rows {
		one := line{Listed: row, Faults: row.Faults(v.Today), Due: row.CheckBy()}
		v.Running++
		if !one.Due.IsZero() && one.Due.Before(v.Today) {
			v.Due++
		}
		if len(one.Faults) > 0 {
			v.Faulty++
		} else if v.Filters.Get("show") == showFaulty {
			continue
		}
		v.Lines = append(v.Lines, one)
		ids = append(ids, row.ChildID)
	}
	slices.SortStableFunc(v.Lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(len(b.Faults), len(a.Faults)), a.StartsOn.Compare(b.StartsOn))
	})
	return v, p.Kit.Looked(r, screen, ids)
}

func (p *Pages) download(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		view, err := p.read(r, "register of alternative provision downloaded")
		if err != nil {
			return err
		}
		return p.Kit.SendTable(w, r, format, "alternative-provision", view.file())
	}
}

func (v registerView) file() export.Table {
	table := export.Table{Name: "Alternative provision", Heads: []string{"903 identifier", "Child", "School", "Advisor", "Place", "Registered", "Arranged by", "First day", "Planned end", "Ended", "Hours a week",
		"Last checked", "Checked by", "Found", "Check by", "What is wrong"}}
	for _, one := range v.Lines {
		table.Add(export.Text(one.LAChildID), export.Text(one.Child()), export.Text(one.School), export.Text(one.Advisor), export.Text(one.Place), export.Text(one.Registration.Name()),
			export.Text(one.ArrangedBy.Name()), export.Day(one.StartsOn), export.Day(one.PlannedEnd), export.Day(one.EndedOn), export.Text(one.Hours.Plain()),
			export.Day(one.CheckedOn), export.Text(one.CheckedBy), export.Text(one.Finding.Name()), export.Day(one.Due), export.Text(strings.Join(one.Faults, "; ")))
	}
	return table
}

func (v registerView) lead() string {
	if v.Filters.Get("show") == showEnded {
		return "Provision that ended in " + calendar.AcademicYearLabel(calendar.AcademicYear(v.Today)) + "."
	}
	return fmt.Sprintf("%s under way or to begin. Something is wrong with %d, and the check of %d is late.", ui.Plural(v.Running, "provision is", "provisions are"), v.Faulty, v.Due)
}

func (v registerView) results() ui.ResultsProps {
	props := ui.ResultsProps{Text: ui.Plural(len(v.Lines), "provision", "provisions")}
	if len(v.Lines) > 0 {
		props.Actions = area.Downloads(v.Actor, registerPath, v.Filters)
	}
	return props
}

func (v registerView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(kit.Filter{Name: "show", Label: "Show", Options: shownOptions()})
}

func (v registerView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Lines {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: one.Child(), Hidden: ", alternative provision", Href: childPath(one.ChildID)}), placeCell(one), ui.Text(one.Hours.Plain()),
			area.Dates(one.StartsOn, one.PlannedEnd, one.EndedOn), checkCell(v, one), area.FaultCell(one.Faults)})
	}
	return rows
}
