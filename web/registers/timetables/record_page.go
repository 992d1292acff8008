package timetables

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/timetable"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type recordView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Schools  []timetable.School
	Saved    *timetable.Timetable // the one being corrected or reviewed; nil for a new one
	Conflict bool
	Action   string
	Cancel   string
}

// page is one of the forms: which one it is, and of which reduced timetable.
type page struct {
	id       int64 // 0: a new one
	review   bool
	conflict bool
}

func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	return p.showRecord(w, r, nil, page{})
}

func (p *Pages) saveRecord(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	entry := readEntry(form)
	return p.save(w, r, form, page{}, "The reduced timetable is recorded.", func(ctx context.Context, actor access.Actor) error {
		_, err := p.Timetables.Record(ctx, actor, kit.ChildID(r), entry)
		return err
	})
}

func (p *Pages) correct(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "timetableID")
	if err != nil {
		return err
	}
	return p.showRecord(w, r, nil, page{id: id})
}

func (p *Pages) saveCorrect(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "timetableID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	entry := readEntry(form)
	return p.save(w, r, form, page{id: id}, "The record is corrected.", func(ctx context.Context, actor access.Actor) error {
		return p.Timetables.Correct(ctx, actor, kit.ChildID(r), id, form.Version(), entry)
	})
}

func (p *Pages) review(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "timetableID")
	if err != nil {
		return err
	}
	return p.showRecord(w, r, nil, page{id: id, review: true})
}

func (p *Pages) saveReview(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "timetableID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	review := readReview(form)
	return p.save(w, r, form, page{id: id, review: true}, "The review is recorded.", func(ctx context.Context, actor access.Actor) error {
		return p.Timetables.Review(ctx, actor, kit.ChildID(r), id, form.Version(), review)
	})
}

// save does what a form asks for, or shows the form again with what is in the way.
func (p *Pages) save(w http.ResponseWriter, r *http.Request, form *kit.Form, at page, done string, act func(context.Context, access.Actor) error) error {
	err := form.Err()
	if err == nil {
		err = act(r.Context(), kit.Actor(r))
	}
	switch {
	case form.Refuses(err):
		return p.showRecord(w, r, form, at)
	case errors.Is(err, fault.KindConflict) && at.id != 0:
		at.conflict = true
		return p.showRecord(w, r, form, at)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, timetablesPath(r), done)
}

func (p *Pages) showRecord(w http.ResponseWriter, r *http.Request, form *kit.Form, at page) error {
	view := recordView{Form: form, Conflict: at.conflict, Action: timetablesPath(r) + "/new", Cancel: timetablesPath(r)}
	onlyOf := int64(0)
	if kit.Actor(r).Role == access.School {
		onlyOf = kit.Actor(r).ID
	}
	var batch postgres.Batch
	timetable.QueueSchools(&batch, &view.Schools, kit.ChildID(r), onlyOf)
	if at.id != 0 {
		view.Saved, view.Action = &timetable.Timetable{}, fmt.Sprintf("%s/%d", timetablesPath(r), at.id)
		timetable.QueueOne(&batch, view.Saved, kit.ChildID(r), at.id)
	}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "record reduced timetable", &batch); err != nil {
		return err
	}
	content := recordPage
	title := view.title()
	if at.review {
		view.Action, content, title = view.Action+"/review", reviewPage, "Review a reduced timetable"
	}
	switch {
	case form == nil && at.review:
		view.Form = reviewForm(*view.Saved)
	case form == nil && view.Saved != nil:
		view.Form = entryForm(*view.Saved)
	case form == nil:
		view.Form = kit.NewForm(map[string]string{"full": "25"})
		if len(view.Schools) == 1 {
			view.Form.Set("setting", fmt.Sprint(view.Schools[0].ID))
		}
	case at.conflict:
		form.Overtaken(view.Saved.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: title, Back: view.Cancel, Form: view.Form}, content(view))
}

func (v recordView) title() string {
	if v.Saved != nil {
		return "Correct a reduced timetable"
	}
	return "Record a reduced timetable"
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
	rows := []ui.SummaryRow{{Key: "Saved by", Value: s.RecordedBy, Source: &ui.SourceProps{From: calendar.Moment(s.RecordedAt)}}, {Key: "School", Value: s.School},
		{Key: "Hours", Value: offered(*s)}, {Key: "First day", Value: s.StartsOn.Words()}, {Key: "First day back full time", Value: words(s.PlannedEnd)},
		{Key: "Next review", Value: words(s.NextReviewOn)}, {Key: "Last reviewed", Value: words(s.LastReviewOn)}, {Key: "Reason", Component: reasonCell(s.Reason.Name(), s.Note)}}
	if s.WayBack != "" {
		rows = append(rows, ui.SummaryRow{Key: "Plan back to full time", Component: ui.Prose(s.WayBack)})
	}
	if !s.EndedOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Ended", Value: s.EndedOn.Words() + ": " + s.Outcome.Name()})
	}
	return rows
}

func words(on calendar.Date) string {
	if on.IsZero() {
		return ""
	}
	return on.Words()
}
