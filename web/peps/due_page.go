package peps

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// due explains every deadline of a child's plans: the rule and where it comes from, what started the
// clock, what was not counted, and the council's own value in it.
func (p *Pages) due(w http.ResponseWriter, r *http.Request) error {
	v, err := p.viewChild(r, "PEP due dates", nil)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Why these dates", Back: v.Path + "/peps"}, duePage(v))
}

var taskNames = map[pep.Task]string{pep.TaskStart: "Start the plan", pep.TaskMeet: "Hold the meeting", pep.TaskFinish: "Write up and submit the plan",
	pep.TaskCorrect: "Correct the plan and submit it again", pep.TaskSignOff: "Sign the plan off, or return it"}

// dueTitle names a duty: "Hold the meeting: termly review".
func dueTitle(duty pep.Duty) string {
	return taskNames[duty.Task] + ": " + strings.ToLower(duty.Kind.Name())
}

// dueRows tell one deadline in full.
func (v childView) dueRows(duty pep.Duty) []ui.SummaryRow {
	due := duty.Due
	rule, known := pep.RuleOf(due.Rule)
	if !known {
		return []ui.SummaryRow{{Key: "Due", Value: "No rule gives this a day. It has the day its people agreed."}}
	}
	when := due.Due.WordsWithDay() + ", " + due.Due.Relative(v.Today)
	if duty.Overdue > 0 {
		when += ", " + ui.Plural(duty.Overdue, "working day", "working days") + " overdue"
	}
	rows := []ui.SummaryRow{
		{Key: "Due", Value: when},
		{Key: "Rule", Value: rule.Number + ": " + rule.Asks},
		{Key: "Where it comes from", Value: rule.Law},
		{Key: "The clock started", Value: due.Since.WordsWithDay() + " (" + due.Because + ")"},
		{Key: "How days are counted", Component: ui.Prose(v.counted(due, rule))},
	}
	if due.Paused != "" {
		rows = append(rows, ui.SummaryRow{Key: "Pauses", Value: strings.ToUpper(due.Paused[:1]) + due.Paused[1:]})
	}
	return append(rows, v.valueRow(rule))
}

// counted says which days were left out.
func (v childView) counted(due pep.Explanation, rule pep.Rule) string {
	words := rule.Unit
	var names []string
	for _, holiday := range due.Skipped(v.Cal.Working) {
		names = append(names, holiday.Name+", "+holiday.Date.WordsNear(due.Due))
	}
	switch {
	case len(names) > 0:
		words += "\nBank holidays left out: " + strings.Join(names, "; ") + "."
	case due.Rule != "R9":
		words += "\nNo bank holiday fell in these days."
	}
	return words
}

// valueRow is the council's value in the rule, since when and by whose decision, with the way to
// change it for those who may.
func (v childView) valueRow(rule pep.Rule) ui.SummaryRow {
	definition, _ := rule.Key.Definition()
	words := definition.Label + ": " + v.Values.Words(rule.Key) + ", " + since(v.Values.Since(rule.Key)) + ". Where this comes from: " + v.Values.Source(rule.Key)
	row := ui.SummaryRow{Key: "The council’s setting", Component: ui.Prose(strings.TrimSuffix(words, ".") + ".")}
	if access.Can(v.Actor, access.SetPolicy) {
		row.Actions = []ui.Link{{Text: "Change", Hidden: "the setting of rule " + rule.Number, Href: "/admin/rules/" + string(rule.Key)}}
		if rule.Number == "R9" {
			row.Actions = append(row.Actions, ui.Link{Text: "Change the terms", Href: "/admin/calendars"})
		}
	}
	return row
}

func since(day calendar.Date) string {
	if day.IsZero() {
		return "as long as the council sets no other"
	}
	return "since " + day.Words()
}

// currentPlans are those that still count; past are those replaced or cancelled.
func (v childView) plans(past bool) (some []pep.Summary) {
	for _, plan := range v.Plans {
		if plan.Past() == past {
			some = append(some, plan)
		}
	}
	return some
}

// pauseRows are a child's pauses, each with its end to be changed by those who may.
func (v childView) pauseRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, pause := range v.Pauses {
		reason := pause.Reason.Name()
		if pause.Words != "" {
			reason += ": " + pause.Words
		}
		set := pause.SetBy + ", " + calendar.Of(pause.SetAt).Short()
		if pause.EndedBy != "" {
			set += "; end changed by " + pause.EndedBy
		}
		row := []templ.Component{ui.Text(pause.From.Short() + " to " + pause.LastDay.Short()), ui.Text(reason), ui.Text(set)}
		if v.CanPause {
			row = append(row, ui.Anchor(ui.Link{Text: "Change its end", Hidden: "of the pause from " + pause.From.Words(), Href: fmt.Sprintf("%s/peps/pauses/%d", v.Path, pause.ID)}))
		}
		rows = append(rows, row)
	}
	return rows
}

func (v childView) pauseColumns() []ui.Column {
	columns := []ui.Column{{Text: "Days"}, {Text: "Reason"}, {Text: "Set by"}}
	if v.CanPause {
		columns = append(columns, ui.Column{Text: "Change", Hidden: true})
	}
	return columns
}
