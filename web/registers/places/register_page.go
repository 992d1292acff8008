package places

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/hours"
	"virtualschool/internal/postgres"
	"virtualschool/internal/schoolplace"
	"virtualschool/web/kit"
	"virtualschool/web/registers/area"
	"virtualschool/web/ui"
)

// What the register can show beside all.
const (
	showLate    = "late"
	showMissing = "missing"
	showStart   = "start"
)

func shownOptions() []ui.Option {
	return []ui.Option{{Value: showLate, Text: "More than 10 school days"}, {Value: showMissing, Text: "Missing education"}, {Value: showStart, Text: "With a first day agreed"}}
}

func reasonOptions() []ui.Option {
	var options []ui.Option
	for _, one := range schoolplace.Reasons {
		options = append(options, ui.Option{Value: string(one.Reason), Text: one.Name})
	}
	return options
}

type registerView struct {
	Actor   access.Actor
	Today   calendar.Date
	Filters kit.Filters
	Lines   []line
	All     int // however the list is filtered
	Late    int
	Missing int
}

func (p *Pages) register(w http.ResponseWriter, r *http.Request) error {
	view, err := p.read(r, "register of children without a school place")
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "No school place", Wide: true}, registerPage(view))
}

// read gives the register as its address filters it. Whoever is named was looked at.
func (p *Pages) read(r *http.Request, screen string) (registerView, error) {
	v := registerView{Actor: kit.Actor(r), Today: p.Kit.Today(), Filters: kit.FiltersOf(registerPath, r.URL.Query(), "show", "reason")}
	var facts facts
	var batch postgres.Batch
	facts.queue(p.Kit, &batch, 0)
	if err := p.Kit.DB.View(r.Context(), v.Actor, &batch); err != nil {
		return v, err
	}
	var ids []int64
	for _, one := range facts.lines(v.Today) {
		v.All++
		late, missing := one.Late(v.Today), one.Missing(len(one.Meanwhile) > 0)
		if late {
			v.Late++
		}
		if missing {
			v.Missing++
		}
		if !v.takes(one, late, missing) {
			continue
		}
		v.Lines = append(v.Lines, one)
		ids = append(ids, one.ChildID)
	}
	return v, p.Kit.Looked(r, screen, ids)
}

func (v registerView) takes(one line, late, missing bool) bool {
	if reason := v.Filters.Get("reason"); reason != "" && (one.Search == nil || string(one.Search.Reason) != reason) {
		return false
	}
	switch v.Filters.Get("show") {
	case showLate:
		return late
	case showMissing:
		return missing
	case showStart:
		return !one.StartsOn.IsZero()
	}
	return true
}

func (p *Pages) download(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		view, err := p.read(r, "register of children without a school place downloaded")
		if err != nil {
			return err
		}
		return p.Kit.SendTable(w, r, format, "no-school-place", view.file())
	}
}

func (v registerView) file() export.Table {
	table := export.Table{Name: "No school place", Heads: []string{"903 identifier", "Child", "Advisor", "Last school", "No place since", "School days", "Look again by", "Emergency placement", "Education by",
		"Missing education", "Hours a week meanwhile", "Why", "Last step", "Last step on", "Next task", "Next task by", "Who", "Starts at", "Starts on", "What is wrong"}}
	for _, one := range v.Lines {
		search, last := schoolplace.Search{}, schoolplace.Taken{}
		if one.Search != nil {
			search = one.Search.Search
		}
		if step, found := one.Last(); found {
			last = step
		}
		table.Add(export.Text(one.LAChildID), export.Text(one.Child()), export.Text(one.Advisor), export.Text(one.LastSchool), export.Day(one.Since), export.Number(one.Waited), export.Day(one.AlertOn),
			export.Text(yes(search.Emergency)), export.Day(one.LimitOn), export.Text(yes(one.Missing(len(one.Meanwhile) > 0))), export.Text(one.hours().Plain()), export.Text(search.Reason.Name()),
			export.Text(strings.TrimSuffix(last.Kind.Name()+": "+last.School, ": ")), export.Day(last.TakenOn), export.Text(search.NextTask), export.Day(search.NextOn), export.Text(search.NextBy.Name()),
			export.Text(one.StartsAt), export.Day(one.StartsOn), export.Text(strings.Join(one.Faults, "; ")))
	}
	return table
}

func yes(is bool) string {
	if is {
		return "Yes"
	}
	return "No"
}

// hours are those of the education there is meanwhile.
func (l line) hours() (sum hours.Weekly) {
	for _, one := range l.Meanwhile {
		sum += one.Hours
	}
	return sum
}

func (v registerView) lead() string {
	return fmt.Sprintf("%s without a school place: %d for more than 10 school days, %d with no education meanwhile.", ui.Plural(v.All, "child is", "children are"), v.Late, v.Missing)
}

func (v registerView) results() ui.ResultsProps {
	props := ui.ResultsProps{Text: ui.Plural(len(v.Lines), "child", "children")}
	if len(v.Lines) > 0 {
		props.Actions = area.Downloads(v.Actor, registerPath, v.Filters)
	}
	return props
}

func (v registerView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(kit.Filter{Name: "show", Label: "Show", Options: shownOptions()}, kit.Filter{Name: "reason", Label: "Why", Options: reasonOptions()})
}

func (v registerView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Lines {
		rows = append(rows, []templ.Component{childCell(one), sinceCell(one), meanwhileCell(one), searchCell(one), nextCell(v, one), area.FaultCell(one.Faults)})
	}
	return rows
}
