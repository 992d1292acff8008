package places

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/schoolplace"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type recordView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Saved    []ui.SummaryRow // what is saved now, after a conflict
	Conflict bool
	Correct  bool // of a step: it exists
	Action   string
	Cancel   string
}

func (p *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	return p.showPlan(w, r, nil, false)
}

func (p *Pages) savePlan(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	search := readSearch(form)
	return p.save(w, r, form, "Why there is no place and what comes next is recorded.", p.showPlan, func(ctx context.Context, actor access.Actor) error {
		return p.Places.Plan(ctx, actor, kit.ChildID(r), form.Version(), search)
	})
}

func (p *Pages) step(w http.ResponseWriter, r *http.Request) error {
	return p.showStep(0)(w, r, nil, false)
}

func (p *Pages) saveStep(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	step := readStep(form)
	return p.save(w, r, form, "The step is recorded.", p.showStep(0), func(ctx context.Context, actor access.Actor) error {
		_, err := p.Places.Take(ctx, actor, kit.ChildID(r), step)
		return err
	})
}

func (p *Pages) correct(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "stepID")
	if err != nil {
		return err
	}
	return p.showStep(id)(w, r, nil, false)
}

func (p *Pages) saveCorrect(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "stepID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	step := readStep(form)
	return p.save(w, r, form, "The step is corrected.", p.showStep(id), func(ctx context.Context, actor access.Actor) error {
		return p.Places.Correct(ctx, actor, kit.ChildID(r), id, form.Version(), step)
	})
}

// again shows a form, after a conflict with what is saved now.
type again func(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error

// save does what a form asks for, or shows the form again with what is in the way.
func (p *Pages) save(w http.ResponseWriter, r *http.Request, form *kit.Form, done string, show again, act func(context.Context, access.Actor) error) error {
	err := form.Err()
	if err == nil {
		err = act(r.Context(), kit.Actor(r))
	}
	switch {
	case form.Refuses(err):
		return show(w, r, form, false)
	case errors.Is(err, fault.KindConflict):
		return show(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, placePath(r), done)
}

func (p *Pages) showPlan(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	view := recordView{Form: form, Conflict: conflict, Action: placePath(r) + "/plan", Cancel: placePath(r)}
	var facts facts
	var batch postgres.Batch
	facts.queue(p.Kit, &batch, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "search for a school place", &batch); err != nil {
		return err
	}
	var saved schoolplace.Kept
	for _, one := range facts.lines(p.Kit.Today()) {
		if one.Search != nil {
			saved = *one.Search
			view.Saved = searchRows(saved)
		}
	}
	switch {
	case form == nil && saved.ID != 0:
		view.Form = searchForm(saved)
	case form == nil:
		view.Form = kit.NewForm(nil)
	case conflict:
		form.Overtaken(saved.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: planTitle, Back: view.Cancel, Form: view.Form}, planPage(view))
}

const planTitle = "Why there is no place, and what comes next"

// showStep shows the form of a step; id 0 is a new one, which may follow an earlier one named in the address.
func (p *Pages) showStep(id int64) again {
	return func(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
		view := recordView{Form: form, Conflict: conflict, Correct: id != 0, Action: placePath(r) + "/steps/new", Cancel: placePath(r)}
		var step schoolplace.Taken
		var batch postgres.Batch
		after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // anything else follows nothing
		switch {
		case id != 0:
			view.Action = fmt.Sprintf("%s/steps/%d", placePath(r), id)
			schoolplace.QueueStep(&batch, &step, kit.ChildID(r), id)
		case after > 0:
			schoolplace.QueueStep(&batch, &step, kit.ChildID(r), after)
		}
		var err error
		if view.Strip, err = p.Kit.ViewChild(r, "step to a school place", &batch); err != nil {
			return err
		}
		switch {
		case form == nil && id != 0:
			view.Form = stepForm(step)
		case form == nil:
			view.Form = kit.NewForm(map[string]string{"school": step.School})
		case conflict:
			view.Saved = stepRows(step)
			form.Overtaken(step.Version)
		}
		return p.Kit.Show(w, r, kit.Page{Title: view.stepTitle(), Back: view.Cancel, Form: view.Form}, stepPage(view))
	}
}

func (v recordView) stepTitle() string {
	if v.Correct {
		return "Correct a step"
	}
	return "Record a step to a school place"
}

func searchRows(s schoolplace.Kept) []ui.SummaryRow {
	saved := ui.SummaryRow{Key: "Saved by", Value: s.RecordedBy}
	if s.RecordedAt != nil {
		saved.Source = &ui.SourceProps{From: calendar.Moment(*s.RecordedAt)}
	}
	return []ui.SummaryRow{saved, {Key: "Why", Component: reasonCell(s.Reason.Name(), s.Note)}, {Key: "Emergency placement", Value: yes(s.Emergency)},
		{Key: "Next", Value: fmt.Sprintf("%s: %s, by %s", s.NextBy.Name(), s.NextTask, s.NextOn.Words())}}
}

func stepRows(s schoolplace.Taken) []ui.SummaryRow {
	return []ui.SummaryRow{{Key: "Saved by", Value: s.RecordedBy, Source: &ui.SourceProps{From: calendar.Moment(s.RecordedAt)}}, {Key: "What", Component: stepCell(s)},
		{Key: "On", Value: s.TakenOn.Words()}, {Key: "School", Value: s.School}, {Key: "What was said", Component: ui.Prose(s.Words)}}
}
