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
}

func (p *Pages) viewChild(r *http.Request, screen string, more *postgres.Batch) (childView, error) {
	v := childView{Today: p.Kit.Today(), Path: childPath(kit.ChildID(r)), CanStart: access.Can(kit.Actor(r), access.StartPEP)}
	var facts *pep.FactsRow
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	pep.QueueOfChild(&batch, &v.Plans, kit.ChildID(r))
	pep.QueueFactsOf(&batch, &facts, kit.ChildID(r))
	setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	batch.Append(more)
	var err error
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	cal := pep.CalendarOf(dates)
	v.Now, v.Next = cal.TermAt(v.Today)
	if facts != nil {
		v.InCare, v.Facts = true, facts.Facts()
		v.Standing = pep.StandingOf(v.Facts, cal, pep.DeadlinesOf(values), v.Today)
		_, v.Kind, _ = v.Facts.Meeting(cal, pep.DeadlinesOf(values), v.Today)
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
	return "Next: " + v.Standing.Due.Words(v.Today) + "."
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
