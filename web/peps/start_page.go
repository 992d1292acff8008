package peps

import (
	"net/http"
	"strings"

	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// startView is a child for whom a plan is to be started, with the form that fits.
type startView struct {
	childView
	Suggestion forms.Suggestion
	Known      bool // there is a form for the child
	Form       *kit.Form
	Trouble    trouble
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
	var batch postgres.Batch
	learner := pep.QueueLearner(&batch, kit.ChildID(r))
	child, err := p.viewChild(r, "start a PEP", &batch)
	if err != nil {
		return err
	}
	v := startView{childView: child, Form: form, Trouble: t}
	if form == nil {
		v.Form = kit.NewForm(map[string]string{"kind": string(v.Kind)})
		if v.Left.ID != 0 {
			v.Form.Set("replaces", number(v.Left.ID))
		}
		if choices := v.terms(); len(choices) > 0 {
			v.Form.Set("term", choices[0].Value)
		}
	}
	if v.InCare {
		v.Suggestion, v.Known = p.PEPs.Forms.Suggest(learner(pep.Kind(v.Form.Value("kind")), v.Facts, v.Today))
	}
	if form == nil {
		v.Form.Set("form", v.Suggestion.Form.Name)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Start a plan", Back: v.Path + "/peps", Form: v.Form, Status: t.status()}, startPage(v))
}

func (p *Pages) doStart(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	in := pep.StartInput{ChildID: kit.ChildID(r), Kind: pep.Kind(form.Value("kind")), Form: form.Value("form")}
	in.AcademicYear, in.Term = parseTerm(form.Value("term"))
	in.Replaces = form.ID("replaces")
	id, err := p.PEPs.Start(r.Context(), kit.Actor(r), in)
	if err == nil {
		return p.Kit.Done(w, r, planPath(pep.Ref{ChildID: in.ChildID, PEPID: id}), "The plan is started. Each part is saved by itself.")
	}
	return p.saved(w, r, form, err, func(form *kit.Form, t trouble) error { return p.showStart(w, r, form, t) })
}

// forms offers the suggested form first, then the others that fit.
func (v startView) forms() []ui.Choice {
	choices := []ui.Choice{{Value: v.Suggestion.Form.Name, Text: v.Suggestion.Form.Title + " (suggested)", Hint: v.Suggestion.Form.About}}
	for _, form := range v.Suggestion.Others {
		choices = append(choices, ui.Choice{Value: form.Name, Text: form.Title, Hint: form.About})
	}
	return choices
}

func (v startView) because() string {
	words := strings.Join(v.Suggestion.Because, " ")
	if len(v.Suggestion.Others) == 0 {
		words = "“" + v.Suggestion.Form.Title + "” is the form that fits. " + words
	}
	return words
}
