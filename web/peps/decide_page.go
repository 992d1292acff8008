package peps

import (
	"context"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// decision is one thing done to a plan as a whole: how its page asks, and what does it.
type decision struct {
	Act     pep.Act
	Path    string
	Title   string
	Says    string // what happens then
	Button  string
	Kind    ui.ButtonKind
	Reason  string // the label of the reason it asks for; empty: none
	Done    string
	perform func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, reason string) error
	begins  func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, reason string) (int64, error) // instead: a new plan
}

// possible says whether the plan can be decided on so.
func (d decision) possible(plan pep.Plan) bool {
	if d.begins != nil {
		return plan.CanReopen()
	}
	return plan.State.CanMove(d.Act)
}

var (
	submit = decision{Act: pep.ActSubmit, Path: "submit", Title: "Check and submit", Button: "Submit the plan", Done: "Submitted",
		Says: "The plan goes to the education advisor, who signs it off or returns it. It cannot be changed meanwhile.",
		perform: func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, _ string) error {
			return s.Submit(ctx, actor, ref, version)
		}}
	takeIn = decision{Act: pep.ActTakeIn, Path: "in-qa", Title: "Take the plan into quality assurance", Button: "Take it in", Done: "In quality assurance",
		Says: "Those who wrote the plan see that you are reading it. Then sign it off or return it.",
		perform: func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, _ string) error {
			return s.TakeIn(ctx, actor, ref, version)
		}}
	signOff = decision{Act: pep.ActSignOff, Path: "sign-off", Title: "Sign off the plan", Button: "Sign off", Done: "Signed off",
		Says: "The plan is then closed and stays as it is. It replaces the plan before it.",
		perform: func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, _ string) error {
			return s.SignOff(ctx, actor, ref, version)
		}}
	giveBack = decision{Act: pep.ActReturn, Path: "return", Title: "Return the plan", Button: "Return the plan", Done: "Returned",
		Says:   "Those who write the plan can change it again, and submit it again.",
		Reason: "What needs correcting",
		perform: func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, reason string) error {
			return s.Return(ctx, actor, ref, version, reason)
		}}
	reopen = decision{Path: "reopen", Title: "Reopen the plan", Button: "Begin the new edition", Done: "The new edition is begun, with all that was written.",
		Says:   "A new edition begins with everything in this one, to be corrected and signed off again. Until then this one stays the child’s plan, just as it was signed.",
		Reason: "Why the plan is reopened",
		begins: func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, reason string) (int64, error) {
			return s.Reopen(ctx, actor, ref, version, reason)
		}}
	cancel = decision{Act: pep.ActCancel, Path: "cancel", Title: "Cancel the plan", Button: "Cancel the plan", Kind: ui.Warning, Done: "Cancelled",
		Says:   "A cancelled plan stays on record and cannot be opened again. Another can be started for the same term.",
		Reason: "Why the plan is cancelled",
		perform: func(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, reason string) error {
			return s.Cancel(ctx, actor, ref, version, reason)
		}}
)

// decide does it, and says which plan is looked at next.
func (d decision) decide(ctx context.Context, s *pep.Service, actor access.Actor, ref pep.Ref, version int, reason string) (pep.Ref, error) {
	if d.begins != nil {
		id, err := d.begins(ctx, s, actor, ref, version, reason)
		return pep.Ref{ChildID: ref.ChildID, PEPID: id}, err
	}
	return ref, d.perform(ctx, s, actor, ref, version, reason)
}

type decisionView struct {
	partView
	decision
	Possible bool
	Missing  []ui.Task
}

func (p *Pages) decision(d decision) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return p.showDecision(w, r, d, nil, trouble{}) }
}

func (p *Pages) showDecision(w http.ResponseWriter, r *http.Request, d decision, form *kit.Form, t trouble) error {
	plan, err := p.view(r, "PEP "+d.Path, nil)
	if err != nil {
		return err
	}
	v := decisionView{partView: partView{PlanView: plan, Form: form, Trouble: t}, decision: d, Possible: d.possible(plan.Whole.Plan)}
	if form == nil {
		v.Form = kit.NewForm(nil)
		v.Form.SetVersion(plan.Whole.Plan.Version)
	}
	v.partView.Title = d.Title
	if d.Act == pep.ActSubmit && v.Possible {
		v.Missing = v.missing()
	}
	return p.showPart(w, r, v.partView, decisionPage(v))
}

// missing is what a plan lacks, each line leading to where it is put right.
func (v decisionView) missing() []ui.Task {
	var tasks []ui.Task
	lacking := v.Whole.Missing()
	for _, one := range v.parts() {
		for _, problem := range lacking {
			if problem.Field == string(one.Key) {
				tasks = append(tasks, ui.Task{Text: one.Title, Hint: problem.Text, Href: v.PlanView.Path + "/" + one.Path, Tag: &ui.TagProps{Text: "Missing", Kind: ui.Red}})
			}
		}
	}
	return tasks
}

func (p *Pages) decide(d decision) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		form, leads := kit.FormOf(r), ref
		var reason string
		if d.Reason != "" {
			reason = form.Required("reason", d.Reason, pep.ReasonsMax)
		}
		if err = form.Err(); err == nil {
			leads, err = d.decide(r.Context(), p.PEPs, kit.Actor(r), ref, form.Version(), reason)
		}
		show := func(form *kit.Form, t trouble) error { return p.showDecision(w, r, d, form, t) }
		if d.Act == pep.ActSubmit && fault.Of(err) != nil {
			// What is missing is listed on the page, part by part, each with its link.
			form.Problems.Add("", "The plan is not complete. Put right what is listed below, then submit it.")
			return show(form, trouble{})
		}
		if err == nil {
			return p.Kit.Done(w, r, planPath(leads), d.Done)
		}
		return p.saved(w, r, form, err, show)
	}
}
