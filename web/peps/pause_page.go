package peps

import (
	"errors"
	"net/http"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pauseWordsMax = 500

func pauseReasons() []ui.Choice {
	var choices []ui.Choice
	for _, reason := range pep.PauseReasons {
		choices = append(choices, ui.Choice{Value: string(reason), Text: reason.Name()})
	}
	return choices
}

func (p *Pages) pause(w http.ResponseWriter, r *http.Request) error {
	return p.showPause(w, r, nil, trouble{})
}

func (p *Pages) showPause(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	child, err := p.viewChild(r, "pause PEP deadlines", nil)
	if err != nil {
		return err
	}
	v := pauseView{childView: child, Form: form, Trouble: t}
	if form == nil {
		v.Form = kit.NewForm(nil)
		v.Form.SetDate("from", v.Today)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Pause the deadlines", Back: v.Path + "/peps", Form: v.Form, Status: t.status()}, pausePage(v))
}

func (p *Pages) doPause(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	in := pep.PauseInput{Reason: pep.PauseReason(form.Value("reason")), From: form.Date("from", "The first day"), LastDay: form.Date("last_day", "The last day"),
		Words: form.Text("words", "More about the reason", pauseWordsMax)}
	err := form.Err()
	if err == nil {
		err = p.PEPs.Pause(r.Context(), kit.Actor(r), kit.ChildID(r), in)
	}
	if err == nil {
		return p.Kit.Done(w, r, childPath(kit.ChildID(r))+"/peps", "The deadlines are paused. Those whose clock runs in these days are put off.")
	}
	return p.saved(w, r, form, err, func(form *kit.Form, t trouble) error { return p.showPause(w, r, form, t) })
}

func (p *Pages) endPause(w http.ResponseWriter, r *http.Request) error {
	return p.showEndPause(w, r, nil, trouble{})
}

// pauseView is a child whose deadlines are paused.
type pauseView struct {
	childView
	Pause   pep.PauseRow // the one whose end is changed
	Form    *kit.Form
	Trouble trouble
}

func (p *Pages) showEndPause(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	id, err := kit.PathID(r, "pauseID")
	if err != nil {
		return err
	}
	child, err := p.viewChild(r, "end a pause of PEP deadlines", nil)
	if err != nil {
		return err
	}
	v := pauseView{childView: child, Form: form, Trouble: t}
	for _, pause := range v.Pauses {
		if pause.ID == id {
			v.Pause = pause
		}
	}
	if v.Pause.ID == 0 {
		return fault.NotFound()
	}
	if form == nil {
		v.Form = kit.NewForm(nil)
		v.Form.SetVersion(v.Pause.Version)
		last := v.Pause.LastDay
		if v.Pause.Pause().Holds(v.Today) {
			last = v.Today
		}
		v.Form.SetDate("last_day", last)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Change the end of the pause", Back: v.Path + "/peps", Form: v.Form, Status: t.status()}, endPausePage(v))
}

func (p *Pages) doEndPause(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "pauseID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	last := form.Date("last_day", "The last day")
	if err = form.Err(); err == nil {
		err = p.PEPs.EndPause(r.Context(), kit.Actor(r), kit.ChildID(r), id, form.Version(), last)
	}
	if err == nil {
		return p.Kit.Done(w, r, childPath(kit.ChildID(r))+"/peps", "The pause has its new last day. Deadlines are reckoned by it.")
	}
	return p.saved(w, r, form, err, func(form *kit.Form, t trouble) error {
		if errors.Is(err, fault.KindConflict) {
			form.Overtaken(form.Version() + 1)
		}
		return p.showEndPause(w, r, form, t)
	})
}
