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
	Standing pep.Standing
	Kind     pep.Kind // of the plan the rules ask for next
	Now      pep.Term
	Next     pep.Term
	CanStart bool
	Form     *kit.Form
	Trouble  trouble
}

func (p *Pages) viewChild(r *http.Request, screen string) (childView, error) {
	v := childView{Today: p.Kit.Today(), Path: childPath(kit.ChildID(r)), CanStart: access.Can(kit.Actor(r), access.StartPEP)}
	var facts *pep.FactsRow
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	pep.QueueOfChild(&batch, &v.Plans, kit.ChildID(r))
	pep.QueueFactsOf(&batch, &facts, kit.ChildID(r))
	setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	var err error
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	cal := pep.CalendarOf(dates)
	v.Now, v.Next = cal.TermAt(v.Today)
	if facts != nil {
		v.InCare = true
		v.Standing = pep.StandingOf(facts.Facts(), cal, pep.DeadlinesOf(values), v.Today)
		_, v.Kind, _ = facts.Facts().Meeting(cal, pep.DeadlinesOf(values), v.Today)
	}
	return v, nil
}

func (p *Pages) ofChild(w http.ResponseWriter, r *http.Request) error {
	v, err := p.viewChild(r, "PEPs")
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

var kindHints = map[pep.Kind]string{
	pep.Termly:     "The review every child in care has each term.",
	pep.Initial:    "The first plan after coming into care, usable at the first care review.",
	pep.Transition: "For a planned move to another school or phase.",
	pep.Emergency:  "After a sudden change of school, or where exclusion is a risk.",
	pep.Closing:    "When the child is about to leave care.",
}

func kinds() []ui.Choice {
	var choices []ui.Choice
	for _, kind := range pep.Kinds {
		choices = append(choices, ui.Choice{Value: string(kind), Text: kind.Name(), Hint: kindHints[kind]})
	}
	return choices
}

func (p *Pages) start(w http.ResponseWriter, r *http.Request) error {
	return p.showStart(w, r, nil, trouble{})
}

func (p *Pages) showStart(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	v, err := p.viewChild(r, "start a PEP")
	if err != nil {
		return err
	}
	v.Form, v.Trouble = form, t
	if form == nil {
		v.Form = kit.NewForm(map[string]string{"kind": string(v.Kind)})
		if choices := v.terms(); len(choices) > 0 {
			v.Form.Set("term", choices[0].Value)
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Start a plan", Back: v.Path + "/peps", Form: v.Form, Status: t.status()}, startPage(v))
}

func (p *Pages) doStart(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	in := pep.StartInput{ChildID: kit.ChildID(r), Kind: pep.Kind(form.Value("kind"))}
	in.AcademicYear, in.Term = parseTerm(form.Value("term"))
	id, err := p.PEPs.Start(r.Context(), kit.Actor(r), in)
	if err == nil {
		return p.Kit.Done(w, r, planPath(pep.Ref{ChildID: in.ChildID, PEPID: id}), "The plan is started. Each part is saved by itself.")
	}
	return p.saved(w, r, form, err, func(form *kit.Form, t trouble) error { return p.showStart(w, r, form, t) })
}
