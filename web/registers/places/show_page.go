package places

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/schoolplace"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip   ui.IdentityStripProps
	Actor   access.Actor
	Path    string
	Child   string // the child's page
	Today   calendar.Date
	Now     *line // nil: the child is not without a place
	Steps   []schoolplace.Taken
	Earlier []earlier
}

// earlier is a time without a place that is over.
type earlier struct {
	calendar.Range
	Days    int
	Counted bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	view := showView{Path: placePath(r), Today: p.Kit.Today(), Actor: kit.Actor(r)}
	var facts facts
	var stays []schoolplace.Stays
	var batch postgres.Batch
	facts.queue(p.Kit, &batch, kit.ChildID(r))
	schoolplace.QueueStays(&batch, &stays, kit.ChildID(r), view.Today.AddYears(-20), view.Today)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "school place", &batch); err != nil {
		return err
	}
	view.Child, view.Steps = view.Strip.Href, facts.steps
	for _, one := range facts.lines(view.Today) {
		view.Now = &one
	}
	days := facts.calendar.SchoolDays()
	for _, stay := range stays {
		for _, gap := range schoolplace.Gaps(stay.Person()) {
			if !gap.Open() && !gap.End.After(view.Today) {
				count, counted := days.Between(gap.Start.AddDays(-1), gap.LastDay())
				view.Earlier = append([]earlier{{gap, count, counted}}, view.Earlier...)
			}
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "School place", Back: view.Strip.Href, Wide: true}, showPage(view))
}

func (v showView) mayRecord() bool { return access.Can(v.Actor, access.RecordPlaceSearch) }

func (v showView) lead() string {
	if v.Now == nil {
		return "This child is not without a school place today."
	}
	return "No school place since " + v.Now.Since.Words() + ": " + waited(v.Now.Standing) + "."
}

// waited is "12 school days", or what is known of it.
func waited(s schoolplace.Standing) string {
	words := ui.Plural(s.Waited, "school day", "school days")
	if !s.Counted {
		return "at least " + words + ", by the term dates that are entered"
	}
	return words
}

func (v showView) actions() []templ.Component {
	var actions []templ.Component
	if v.mayRecord() {
		actions = append(actions, ui.Button(ui.ButtonProps{Text: "Record a step", Href: v.Path + "/steps/new"}))
	}
	if v.Now != nil && access.Can(v.Actor, access.ChangeRoll) {
		actions = append(actions, ui.Button(ui.ButtonProps{Text: "Enter the new school", Kind: ui.Secondary, Href: v.Child + "/school"}))
	}
	return actions
}

func (v showView) planLinks() []ui.Link {
	if !v.mayRecord() {
		return nil
	}
	text := "Change"
	if v.Now.Search == nil {
		text = "Record why, and what comes next"
	}
	return []ui.Link{{Text: text, Href: v.Path + "/plan"}}
}

const alertSource = "Ten school days without a place: somebody looks again (local, R16)"

func (v showView) rows() []ui.SummaryRow {
	now := v.Now
	last := "None is on record"
	if now.LastSchool != "" {
		last = now.LastSchool + ", until " + now.LastEnded.AddDays(-1).Words()
	}
	rows := []ui.SummaryRow{{Key: "Last school", Value: last, Source: source(now.LastBecause)}}
	if !now.StartsOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Starts", Value: now.StartsAt + " on " + now.StartsOn.WordsWithDay()})
	}
	rows = append(rows, dueRow("Look again by", now.AlertOn, v.Today, alertSource))
	if now.Search != nil && now.Search.Emergency {
		rows = append(rows, dueRow("Full-time education by", now.LimitOn, v.Today, "Twenty school days after an emergency placement (Promoting the education of looked-after children, R16)"))
	}
	meanwhile := ui.SummaryRow{Key: "Education meanwhile", Value: "None is recorded", Actions: []ui.Link{{Text: "Alternative provision", Href: v.Child + "/provision"}}}
	var parts []string
	for _, one := range now.Meanwhile {
		parts = append(parts, fmt.Sprintf("%s, %s a week", one.Place, one.Hours))
	}
	if len(parts) > 0 {
		meanwhile.Value = strings.Join(parts, "; ")
	}
	rows = append(rows, meanwhile)
	search := now.Search
	if search == nil {
		return append(rows, ui.SummaryRow{Key: "Why, and what comes next", Value: "Nobody has recorded it"})
	}
	rows = append(rows, ui.SummaryRow{Key: "Why", Component: reasonCell(search.Reason.Name(), search.Note)},
		ui.SummaryRow{Key: "Next", Value: fmt.Sprintf("%s: %s, by %s", search.NextBy.Name(), search.NextTask, search.NextOn.WordsNear(v.Today))})
	recorded := ui.SummaryRow{Key: "Recorded by", Value: search.RecordedBy}
	if search.RecordedAt != nil {
		recorded.Source = &ui.SourceProps{From: calendar.Moment(*search.RecordedAt)}
	}
	return append(rows, recorded)
}

func source(words string) *ui.SourceProps {
	if words == "" {
		return nil
	}
	return &ui.SourceProps{From: "Left because: " + words}
}

func dueRow(key string, due, today calendar.Date, from string) ui.SummaryRow {
	row := ui.SummaryRow{Key: key, Value: "Not known: term dates are missing", Source: &ui.SourceProps{From: from}}
	if !due.IsZero() {
		row.Value = due.WordsWithDay() + ", " + due.Relative(today)
	}
	return row
}

// answers are the schools that were asked and have not answered.
func (v showView) answers() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Now.Open {
		rows = append(rows, []templ.Component{ui.Text(one.School), ui.Time(ui.TimeProps{Machine: one.Asked.String(), Text: one.Asked.Short()}), answerDue(one.Due, v.Today), v.answerLink(one.School)})
	}
	return rows
}

// answerLink leads to the form for an answer, which takes the school from the step it answers.
func (v showView) answerLink(school string) templ.Component {
	for _, step := range v.Now.Steps {
		if step.School == school && v.mayRecord() {
			return ui.Anchor(ui.Link{Text: "Record the answer", Hidden: "of " + school, Href: fmt.Sprintf("%s/steps/new?after=%d", v.Path, step.ID)})
		}
	}
	return ui.Text("")
}

func (v showView) steps() [][]templ.Component {
	var rows [][]templ.Component
	for _, step := range v.Steps {
		row := []templ.Component{ui.Time(ui.TimeProps{Machine: step.TakenOn.String(), Text: step.TakenOn.Short()}), stepCell(step), ui.Text(step.School), ui.Prose(step.Words), ui.Text(step.RecordedBy)}
		if v.mayRecord() {
			row = append(row, ui.Anchor(ui.Link{Text: "Correct", Hidden: "the step of " + step.TakenOn.Words() + ": " + step.Kind.Name(), Href: fmt.Sprintf("%s/steps/%d", v.Path, step.ID)}))
		}
		rows = append(rows, row)
	}
	return rows
}

func (v showView) stepColumns() []ui.Column {
	columns := []ui.Column{{Text: "On", NoWrap: true}, {Text: "What"}, {Text: "School"}, {Text: "What was said"}, {Text: "Recorded by"}}
	if v.mayRecord() {
		columns = append(columns, ui.Column{Text: "Change"})
	}
	return columns
}

func (v showView) earlierRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Earlier {
		days := fmt.Sprint(one.Days)
		switch {
		case !one.Counted && one.Days == 0:
			days = "Not known"
		case !one.Counted:
			days = "at least " + days
		}
		rows = append(rows, []templ.Component{ui.Text(one.Start.Words()), ui.Text(one.LastDay().Words()), ui.Text(days)})
	}
	return rows
}
