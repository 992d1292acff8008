package suspensions

import (
	"errors"
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type recordView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Schools  []suspension.School
	Saved    *suspension.Event // the event being corrected; nil for a new one
	Conflict bool
	Action   string
	Cancel   string
}

func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	return p.showRecord(w, r, nil, 0, false)
}

func (p *Pages) saveRecord(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	entry := readEntry(form)
	err := form.Err()
	if err == nil {
		_, err = p.Suspensions.Record(r.Context(), kit.Actor(r), kit.ChildID(r), entry)
	}
	if form.Refuses(err) {
		return p.showRecord(w, r, form, 0, false)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, suspensionsPath(r), "The suspension is recorded.")
}

func (p *Pages) correct(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "suspensionID")
	if err != nil {
		return err
	}
	return p.showRecord(w, r, nil, id, false)
}

func (p *Pages) saveCorrect(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "suspensionID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	entry := readEntry(form)
	if err = form.Err(); err == nil {
		err = p.Suspensions.Correct(r.Context(), kit.Actor(r), kit.ChildID(r), id, form.Version(), entry)
	}
	switch {
	case form.Refuses(err):
		return p.showRecord(w, r, form, id, false)
	case errors.Is(err, fault.KindConflict):
		return p.showRecord(w, r, form, id, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, suspensionsPath(r), "The record is corrected.")
}

// showRecord shows the form: empty for id 0, else for the event of that number.
func (p *Pages) showRecord(w http.ResponseWriter, r *http.Request, form *kit.Form, id int64, conflict bool) error {
	view := recordView{Form: form, Conflict: conflict, Action: suspensionsPath(r) + "/new", Cancel: suspensionsPath(r)}
	onlyOf := int64(0)
	if kit.Actor(r).Role == access.School {
		onlyOf = kit.Actor(r).ID
	}
	var batch postgres.Batch
	suspension.QueueSchools(&batch, &view.Schools, kit.ChildID(r), onlyOf)
	if id != 0 {
		view.Saved, view.Action = &suspension.Event{}, fmt.Sprintf("%s/%d", suspensionsPath(r), id)
		suspension.QueueEvent(&batch, view.Saved, kit.ChildID(r), id)
	}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "record suspension", &batch); err != nil {
		return err
	}
	page := kit.Page{Title: view.title(), Back: view.Cancel}
	switch {
	case form == nil && view.Saved != nil:
		view.Form = eventForm(*view.Saved)
	case form == nil:
		view.Form = kit.NewForm(nil)
		if len(view.Schools) == 1 {
			view.Form.Set("setting", fmt.Sprint(view.Schools[0].ID))
		}
	case conflict:
		form.Overtaken(view.Saved.Version)
	}
	page.Form = view.Form
	return p.Kit.Show(w, r, page, recordPage(view))
}

func (v recordView) title() string {
	if v.Saved != nil {
		return "Correct a suspension"
	}
	return "Record a suspension"
}

func (v recordView) schoolOptions() []ui.Option {
	var options []ui.Option
	for _, school := range v.Schools {
		options = append(options, ui.Option{Value: fmt.Sprint(school.ID), Text: school.Name})
	}
	return options
}

func (v recordView) savedRows() []ui.SummaryRow {
	s := v.Saved
	return []ui.SummaryRow{
		{Key: "Saved now by", Value: s.RecordedBy, Source: &ui.SourceProps{From: calendar.Moment(s.RecordedAt)}},
		{Key: "School saved now", Value: s.School}, {Key: "What, saved now", Value: s.Kind.Name()}, {Key: "First day saved now", Value: s.StartsOn.Words()},
		{Key: "Half-days saved now", Value: fmt.Sprint(s.Sessions)}, {Key: "Reasons saved now", Value: reasonNames(s.Reasons)}, {Key: "Note saved now", Component: ui.Prose(s.Note)},
	}
}
