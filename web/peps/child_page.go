package peps

import (
	"fmt"
	"net/http"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// childView is a child's plans, and what is asked for next.
type childView struct {
	Strip    ui.IdentityStripProps
	Today    calendar.Date
	Path     string
	Plans    []pep.Summary
	InCare   bool
	Facts    pep.Facts
	Standing pep.Standing
	Kind     pep.Kind // of the plan the rules ask for next
	Now      pep.Term
	Next     pep.Term
	CanStart bool
	CanPause bool
	Pauses   []pep.PauseRow
	Left     pep.PlanDates // the plan a change of school left open; zero: none
	Duties   []pep.Duty
	Values   policy.Values
	Cal      pep.Calendar
	Actor    access.Actor
}

func (p *Pages) viewChild(r *http.Request, screen string, more *postgres.Batch) (childView, error) {
	v := childView{Today: p.Kit.Today(), Path: childPath(kit.ChildID(r)), Actor: kit.Actor(r),
		CanStart: access.Can(kit.Actor(r), access.StartPEP), CanPause: access.Can(kit.Actor(r), access.PausePEP)}
	var facts *pep.FactsRow
	var dates setting.Calendar
	var batch postgres.Batch
	pep.QueueOfChild(&batch, &v.Plans, kit.ChildID(r))
	pep.QueuePauses(&batch, &v.Pauses, kit.ChildID(r))
	pep.QueueFactsOf(&batch, &facts, kit.ChildID(r))
	setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
	policy.Queue(&batch, &v.Values)
	batch.Append(more)
	var err error
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	v.Cal = pep.CalendarOf(dates)
	v.Now, v.Next = v.Cal.TermAt(v.Today)
	if facts != nil {
		v.InCare, v.Facts = true, facts.Facts()
		of, deadlines := v.Facts, pep.DeadlinesOf(v.Values)
		v.Standing = pep.StandingOf(of, v.Cal, deadlines, v.Today)
		_, v.Kind, _ = of.Meeting(v.Cal, deadlines, v.Today)
		v.Duties = pep.Duties(of, v.Cal, deadlines, v.Today)
		v.Left, _ = of.LeftBehind()
	}
	return v, nil
}

func (p *Pages) ofChild(w http.ResponseWriter, r *http.Request) error {
	v, err := p.viewChild(r, "PEPs", nil)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Personal Education Plans", Back: v.Path}, childPage(v))
}

// lead says what is asked for next.
func (v childView) lead() string {
	switch {
	case !v.InCare:
		return "Not in care today, so no plan is asked for."
	case v.Standing.Due.IsZero():
		return ""
	}
	lead := "Next: " + v.Standing.Due.Words(v.Today) + "."
	if !v.Standing.Paused.IsZero() {
		lead = "Deadlines are paused, " + v.Standing.Paused.Words(v.Today) + ". " + lead
	}
	return lead
}

// leftName is the plan left open at the school before: "termly review, Autumn 2026/27, at Elm Primary".
func (v childView) leftName() string {
	name := strings.ToLower(v.Left.Kind.Name()) + ", " + calendar.Term{AcademicYear: v.Left.AcademicYear, Name: v.Left.Term}.Label()
	for _, plan := range v.Plans {
		if plan.ID == v.Left.ID && plan.Setting != "" {
			name += ", at " + plan.Setting
		}
	}
	return name
}

// terms are those a plan can be started for: this term and the next. Where the council has
// entered none, they are told by the month.
func (v childView) terms() []ui.Choice {
	var choices []ui.Choice
	for _, term := range []pep.Term{v.Now, v.Next} {
		if !term.Starts.IsZero() {
			choices = append(choices, ui.Choice{Value: termValue(term.AcademicYear, term.Name), Text: term.Label()})
		}
	}
	if len(choices) == 0 {
		year := calendar.AcademicYear(v.Today)
		for _, name := range []string{calendar.Autumn, calendar.Spring, calendar.Summer} {
			choices = append(choices, ui.Choice{Value: termValue(year, name), Text: calendar.Term{AcademicYear: year, Name: name}.Label()})
		}
	}
	return choices
}

func termValue(year int, name string) string { return fmt.Sprintf("%d-%s", year, name) }

func parseTerm(value string) (year int, name string) {
	before, name, _ := strings.Cut(value, "-")
	if _, err := fmt.Sscanf(before, "%d", &year); err != nil {
		return 0, ""
	}
	return year, name
}
