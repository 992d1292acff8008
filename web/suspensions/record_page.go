package suspensions

import (
	"errors"
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/document"
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
	Actor    access.Actor
}

// readLetter is the file beside a form; nil when none was chosen.
func readLetter(r *http.Request) (*document.Upload, error) {
	name, content, err := kit.OptionalFile(r, "file")
	if err != nil || name == "" {
		return nil, err
	}
	return &document.Upload{Name: name, Content: content}, nil
}

// chooseAgain says that a page which is shown again has lost its file.
func chooseAgain(form *kit.Form, letter *document.Upload) {
	if letter != nil && !form.Problems.Has("file") {
		form.Problems.Add("file", "Choose the file again: a page cannot keep it when something else must be put right")
	}
}

func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	return p.showRecord(w, r, nil, 0, false)
}

func (p *Pages) saveRecord(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	report := readReport(form, kit.Actor(r))
	letter, err := readLetter(r)
	if err != nil {
		return err
	}
	report.Letter = letter
	var id int64
	if err = form.Err(); err == nil {
		id, err = p.Suspensions.Record(r.Context(), kit.Actor(r), kit.ChildID(r), report)
	}
	if form.Refuses(err) {
		chooseAgain(form, letter)
		return p.showRecord(w, r, form, 0, false)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, eventPath(r, id), "The suspension is recorded. The social worker, the advisor and the Virtual School Head are told.")
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
	entry := readEntry(form, kit.Actor(r))
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
	return p.Kit.Done(w, r, eventPath(r, id), "The record is corrected.")
}

// showRecord shows the form: empty for id 0, else for the event of that number.
func (p *Pages) showRecord(w http.ResponseWriter, r *http.Request, form *kit.Form, id int64, conflict bool) error {
	view := recordView{Actor: kit.Actor(r), Form: form, Conflict: conflict, Action: suspensionsPath(r) + "/new", Cancel: suspensionsPath(r)}
	onlyOf := int64(0)
	if kit.Actor(r).Role == access.School {
		onlyOf = kit.Actor(r).ID
	}
	var batch postgres.Batch
	suspension.QueueSchools(&batch, &view.Schools, kit.ChildID(r), onlyOf)
	if id != 0 {
		view.Saved, view.Action, view.Cancel = &suspension.Event{}, eventPath(r, id)+"/correct", eventPath(r, id)
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
		view.Form.SetDate("decided", p.Kit.Today())
		view.Form.SetDate("starts", p.Kit.Today())
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
	return "Report a suspension"
}

// School says whether a school's own people fill in the form: they tell the Virtual School by sending it.
func (v recordView) School() bool { return v.Actor.Role == access.School }

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
		{Key: "Decided, saved now", Value: wordsOf(s.DecidedOn)}, {Key: "Would be missed, saved now", Component: ui.TextOr(s.Exam.Name(), "Nothing")},
		{Key: "Half-days saved now", Value: fmt.Sprint(s.Sessions)}, {Key: "Reasons saved now", Value: reasonNames(s.Reasons)}, {Key: "Note saved now", Component: ui.Prose(s.Note)},
	}
}
