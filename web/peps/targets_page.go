package peps

import (
	"fmt"
	"net/http"

	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

func (p *Pages) reviews(w http.ResponseWriter, r *http.Request) error {
	return p.showReviews(w, r, nil, trouble{})
}

func (p *Pages) showReviews(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	v, err := p.open(r, partForm{
		Part: pep.PartReviews,
		Fill: func(v partView, form *kit.Form) { fillReviews(form, v.Whole.Reviews) },
		Against: func(v partView, form *kit.Form) *pep.Collision {
			return v.Whole.Against(pep.OfReviews(0, readReviews(form)))
		},
	}, form, t, nil)
	if err != nil {
		return err
	}
	return p.showPart(w, r, v, reviewsPage(v))
}

func fillReviews(form *kit.Form, reviews []pep.Review) {
	for _, review := range reviews {
		form.Set(byTarget("outcome", review.TargetID), review.Outcome)
		form.Set(byTarget("note", review.TargetID), review.Note)
	}
}

func readReviews(form *kit.Form) (reviews []pep.Review) {
	for _, text := range form.All("target") {
		var id int64
		if _, err := fmt.Sscan(text, &id); err != nil {
			form.Problems.Add("", "Open this page again: it names a target that is not a number.")
			break
		}
		review := pep.Review{TargetID: id, Outcome: form.Value(byTarget("outcome", id)), Note: form.Text(byTarget("note", id), "Note", pep.NoteMax)}
		if review.Outcome != "" || review.Note != "" {
			reviews = append(reviews, review)
		}
	}
	return reviews
}

func byTarget(name string, target int64) string { return fmt.Sprintf("%s-%d", name, target) }

func (p *Pages) saveReviews(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	reviews := readReviews(form)
	if err = form.Err(); err == nil {
		err = p.PEPs.ReviewTargets(r.Context(), kit.Actor(r), ref, form.Version(), reviews)
	}
	return p.savedPart(w, r, pep.PartReviews, form, err, func(form *kit.Form, t trouble) error { return p.showReviews(w, r, form, t) })
}

func (p *Pages) targets(w http.ResponseWriter, r *http.Request) error {
	return p.showTargets(w, r, nil, trouble{})
}

// targetsView is the page of targets, with what would make them better.
type targetsView struct {
	partView
	Advice advice
}

func (p *Pages) showTargets(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var batch postgres.Batch
	facts := queueAdvice(&batch, ref, kit.Actor(r), textsOf(form))
	v, err := p.open(r, partForm{
		Part: pep.PartTargets, Row: "what", Most: pep.MostTargets,
		Fill: func(v partView, form *kit.Form) { fillTargets(form, v.Whole) },
		Against: func(v partView, form *kit.Form) *pep.Collision {
			targets, _ := readTargets(form)
			return v.Whole.Against(pep.OfTargets(0, targets))
		},
	}, form, t, &batch)
	if err != nil {
		return err
	}
	view := targetsView{partView: v}
	if v.Form != nil {
		view.Advice = adviseOn(v.Form, facts.context(v.Strip.Name, v.Whole, v.Whole.Plan.NextMeetingOn))
	}
	return p.showPart(w, r, v, targetsPage(view))
}

// fillTargets puts the saved targets into the form, or those that the reviews carried forward.
func fillTargets(form *kit.Form, whole pep.Whole) {
	targets := whole.Targets
	if len(targets) == 0 && whole.Last != nil {
		for _, target := range whole.Last.Targets {
			if review, said := whole.Review(target.ID); said && review.Outcome == "carried_forward" {
				target.CarriedFrom, target.ID = target.ID, 0
				targets = append(targets, target)
			}
		}
	}
	for n, t := range targets {
		for name, value := range map[string]string{"what": t.What, "area": t.Area, "measure": t.Measure, "baseline": t.Baseline, "owner": t.Owner, "resource": t.Resource,
			"id": fmt.Sprint(t.ID), "from": fmt.Sprint(t.CarriedFrom)} {
			form.Set(kit.Row(name, n), value)
		}
		form.SetDate(kit.Row("due", n), t.DueOn)
	}
	setRows(form, len(targets), 3, pep.MostTargets)
}

func (p *Pages) saveTargets(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	show := func(form *kit.Form, t trouble) error { return p.showTargets(w, r, form, t) }
	if p.adding(r, pep.PartTargets, form, "what", pep.MostTargets) {
		return show(form, trouble{})
	}
	targets, rows := readTargets(form)
	if err = form.Err(); err == nil {
		err = inRows(p.PEPs.SaveTargets(r.Context(), kit.Actor(r), ref, form.Version(), targets), rows)
	}
	return p.kept(w, r, pep.PartTargets, form, len(targets) == 0, err, show)
}

func readTargets(form *kit.Form) (targets []pep.Target, rows []int) {
	for n := range rowsOf(form) {
		at := func(name string) string { return kit.Row(name, n) }
		if blank(form, n, "what", "measure", "baseline", "owner", "resource") && !dated(form, "due", n) || form.Value(at("remove")) == "yes" {
			continue
		}
		targets = append(targets, pep.Target{
			ID: form.ID(at("id")), CarriedFrom: form.ID(at("from")), Area: form.Value(at("area")),
			What:     form.Text(at("what"), "Target", pep.TargetMax),
			Measure:  form.Text(at("measure"), "How we will know", pep.DetailMax),
			Baseline: form.Text(at("baseline"), "Where the child is now", pep.DetailMax),
			Owner:    form.Text(at("owner"), "Who helps", pep.NameMax),
			Resource: form.Text(at("resource"), "What it takes", pep.DetailMax),
			DueOn:    form.OptionalDate(at("due"), "By when"),
		})
		rows = append(rows, n)
	}
	return targets, rows
}

func (p *Pages) actions(w http.ResponseWriter, r *http.Request) error {
	return p.showActions(w, r, nil, trouble{})
}

func (p *Pages) showActions(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	v, err := p.open(r, partForm{
		Part: pep.PartActions, Row: "what", Most: pep.MostActions,
		Fill: func(v partView, form *kit.Form) { fillActions(form, v.Whole.Actions) },
		Against: func(v partView, form *kit.Form) *pep.Collision {
			actions, _ := readActions(form)
			return v.Whole.Against(pep.OfActions(0, actions))
		},
	}, form, t, nil)
	if err != nil {
		return err
	}
	return p.showPart(w, r, v, actionsPage(v))
}

func fillActions(form *kit.Form, actions []pep.Action) {
	for n, action := range actions {
		form.Set(kit.Row("id", n), fmt.Sprint(action.ID))
		form.Set(kit.Row("what", n), action.What)
		form.Set(kit.Row("owner", n), action.Owner)
		form.SetDate(kit.Row("due", n), action.DueOn)
	}
	setRows(form, len(actions), 3, pep.MostActions)
}

func readActions(form *kit.Form) (actions []pep.Action, rows []int) {
	for n := range rowsOf(form) {
		at := func(name string) string { return kit.Row(name, n) }
		if blank(form, n, "what", "owner") && !dated(form, "due", n) || form.Value(at("remove")) == "yes" {
			continue
		}
		actions = append(actions, pep.Action{ID: form.ID(at("id")), What: form.Text(at("what"), "What will be done", pep.TargetMax),
			Owner: form.Text(at("owner"), "Who will do it", pep.NameMax), DueOn: form.OptionalDate(at("due"), "By when")})
		rows = append(rows, n)
	}
	return actions, rows
}

func (p *Pages) saveActions(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	show := func(form *kit.Form, t trouble) error { return p.showActions(w, r, form, t) }
	if p.adding(r, pep.PartActions, form, "what", pep.MostActions) {
		return show(form, trouble{})
	}
	actions, rows := readActions(form)
	if err = form.Err(); err == nil {
		err = inRows(p.PEPs.SaveActions(r.Context(), kit.Actor(r), ref, form.Version(), actions), rows)
	}
	return p.kept(w, r, pep.PartActions, form, len(actions) == 0, err, show)
}

func (p *Pages) finishAction(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if err := p.PEPs.FinishAction(r.Context(), kit.Actor(r), ref, kit.FormOf(r).ID("action"), p.Kit.Today()); err != nil {
		return err
	}
	return p.Kit.Done(w, r, planPath(ref), "Marked as done today")
}
