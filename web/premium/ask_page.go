package premium

import (
	"errors"
	"fmt"
	"net/http"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type askView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Targets  []premium.TargetChoice
	Saved    *premium.Request // the request being changed; nil for a new one
	Events   []premium.Event
	Conflict bool
	Action   string
	Cancel   string
	Title    string
	Button   string
}

func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return p.showAsk(w, r, kit.NewForm(nil))
}

func (p *Pages) saveAsk(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	wish := readWish(form)
	err := form.Err()
	var id int64
	if err == nil {
		id, err = p.Premium.Ask(r.Context(), kit.Actor(r), kit.ChildID(r), wish)
	}
	if form.Refuses(err) {
		return p.showAsk(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, RequestPath(kit.ChildID(r), id), "The request is sent. The deputy head will decide.")
}

func (p *Pages) showAsk(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := askView{Form: form, Action: premiumPath(r) + "/new", Cancel: premiumPath(r), Title: "Ask for Pupil Premium Plus", Button: "Send the request"}
	var batch postgres.Batch
	premium.QueueTargets(&batch, &view.Targets, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "premium request", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: view.Title, Back: view.Cancel, Form: form}, askPage(view))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	return p.showChange(w, r, nil, false)
}

func (p *Pages) saveChange(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	if err := p.ofChild(r, id); err != nil {
		return err
	}
	form := kit.FormOf(r)
	wish := readWish(form)
	if err = form.Err(); err == nil {
		err = p.Premium.Change(r.Context(), kit.Actor(r), id, form.Version(), wish)
	}
	switch {
	case form.Refuses(err):
		return p.showChange(w, r, form, false)
	case errors.Is(err, fault.KindConflict):
		return p.showChange(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, RequestPath(kit.ChildID(r), id), "The request is changed and waits for a decision.")
}

// showChange shows the form: as the request stands at first, afterwards with what was typed.
func (p *Pages) showChange(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	view := askView{Form: form, Saved: &premium.Request{}, Conflict: conflict, Cancel: RequestPath(kit.ChildID(r), id),
		Action: RequestPath(kit.ChildID(r), id) + "/change", Title: "Change the request", Button: "Ask again"}
	var batch postgres.Batch
	premium.QueueTargets(&batch, &view.Targets, kit.ChildID(r))
	premium.QueueRequest(&batch, view.Saved, kit.ChildID(r), id)
	premium.QueueEvents(&batch, &view.Events, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium request", &batch); err != nil {
		return err
	}
	page := kit.Page{Title: view.Title, Back: view.Cancel}
	switch {
	case form == nil && !view.Saved.State.Open():
		return fault.Conflict("This request is closed, so it cannot be changed. Ask for what is needed in a new one.")
	case form == nil:
		view.Form = wishForm(*view.Saved)
	case conflict:
		form.Overtaken(view.Saved.Version)
	}
	page.Form = view.Form
	return p.Kit.Show(w, r, page, askPage(view))
}

func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	if err := p.ofChild(r, id); err != nil {
		return err
	}
	if err := p.Premium.Withdraw(r.Context(), kit.Actor(r), id, kit.FormOf(r).Version()); err != nil {
		return err
	}
	return p.Kit.Done(w, r, RequestPath(kit.ChildID(r), id), "The request is withdrawn.")
}

// ofChild makes sure that the request in the address is about the child in the address.
func (p *Pages) ofChild(r *http.Request, requestID int64) error {
	var request premium.Request
	var batch postgres.Batch
	premium.QueueRequest(&batch, &request, kit.ChildID(r), requestID)
	return p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
}

func (v askView) targetOptions() []ui.Option {
	var options []ui.Option
	for _, target := range v.Targets {
		options = append(options, ui.Option{Value: fmt.Sprint(target.ID), Text: target.What})
	}
	if v.Saved != nil && v.Saved.TargetID != 0 && !offered(v.Targets, v.Saved.TargetID) {
		options = append(options, ui.Option{Value: fmt.Sprint(v.Saved.TargetID), Text: v.Saved.Target + " (an earlier plan)"})
	}
	return options
}

func offered(targets []premium.TargetChoice, id int64) bool {
	for _, target := range targets {
		if target.ID == id {
			return true
		}
	}
	return false
}

// savedRows are the request as it stands now, to compare with what was typed.
func (v askView) savedRows() []ui.SummaryRow {
	s := v.Saved
	return []ui.SummaryRow{
		{Key: "State now", Value: s.State.Name()},
		{Key: "Target saved now", Value: s.Target},
		{Key: "For, saved now", Value: s.Category.Name()},
		{Key: "Will pay for, saved now", Component: ui.Prose(s.Purpose)},
		{Key: "Will be different, saved now", Component: ui.Prose(s.Difference)},
		{Key: "Amount saved now", Value: s.Amount.String()},
		{Key: "Start saved now", Value: s.Starts.Words()},
	}
}

// lastChange says who changed the request last, and when.
func (v askView) lastChange() string {
	if len(v.Events) == 0 {
		return "Someone else"
	}
	last := v.Events[len(v.Events)-1]
	return fmt.Sprintf("%s (%s, %s)", last.AccountName, last.Name(), calendar.Moment(last.At))
}

// question is what whoever returned the request wants to know.
func (v askView) question() string {
	if v.Saved == nil || v.Saved.State != premium.Returned {
		return ""
	}
	return v.Saved.Reason
}
