package provisions

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/provision"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type recordView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Role     access.Role
	Saved    *provision.Provision // the one being changed or checked; nil for a new one
	Conflict bool
	Action   string
	Cancel   string
}

// page is one of the forms: which one it is, and of which provision.
type page struct {
	id       int64 // 0: a new one
	check    bool
	conflict bool
}

func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	return p.showRecord(w, r, nil, page{})
}

func (p *Pages) saveRecord(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	entry := readEntry(form)
	return p.save(w, r, form, page{}, "The provision is recorded.", func(ctx context.Context, actor access.Actor) error {
		_, err := p.Provisions.Record(ctx, actor, kit.ChildID(r), entry)
		return err
	})
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "provisionID")
	if err != nil {
		return err
	}
	return p.showRecord(w, r, nil, page{id: id})
}

func (p *Pages) saveChange(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "provisionID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	entry := readEntry(form)
	return p.save(w, r, form, page{id: id}, "The record is changed.", func(ctx context.Context, actor access.Actor) error {
		return p.Provisions.Change(ctx, actor, kit.ChildID(r), id, form.Version(), entry)
	})
}

func (p *Pages) check(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "provisionID")
	if err != nil {
		return err
	}
	return p.showRecord(w, r, nil, page{id: id, check: true})
}

func (p *Pages) saveCheck(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "provisionID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	check := readCheck(form)
	return p.save(w, r, form, page{id: id, check: true}, "The check is recorded.", func(ctx context.Context, actor access.Actor) error {
		return p.Provisions.Check(ctx, actor, kit.ChildID(r), id, check)
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
	return p.Kit.Done(w, r, provisionPath(r), done)
}

func (p *Pages) showRecord(w http.ResponseWriter, r *http.Request, form *kit.Form, at page) error {
	view := recordView{Form: form, Role: kit.Actor(r).Role, Conflict: at.conflict, Action: provisionPath(r) + "/new", Cancel: provisionPath(r)}
	var batch postgres.Batch
	if at.id != 0 {
		view.Saved, view.Action = &provision.Provision{}, fmt.Sprintf("%s/%d", provisionPath(r), at.id)
		provision.QueueOne(&batch, view.Saved, kit.ChildID(r), at.id)
	}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "record alternative provision", &batch); err != nil {
		return err
	}
	content, title := recordPage, view.title()
	if at.check {
		view.Action, content, title = view.Action+"/check", checkPage, "Record a check of quality"
	}
	switch {
	case form == nil && view.Saved != nil && !at.check:
		view.Form = entryForm(*view.Saved)
	case form == nil:
		view.Form = kit.NewForm(nil)
		if view.Role == access.School {
			view.Form.Set("arranged_by", string(provision.BySchool))
		}
	case at.conflict:
		form.Overtaken(view.Saved.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: title, Back: view.Cancel, Form: view.Form}, content(view))
}

func (v recordView) title() string {
	if v.Saved != nil {
		return "Change or end provision"
	}
	return "Record alternative provision"
}

func (v recordView) savedRows() []ui.SummaryRow {
	s := v.Saved
	rows := []ui.SummaryRow{{Key: "Saved by", Value: s.RecordedBy, Source: &ui.SourceProps{From: calendar.Moment(s.RecordedAt)}}, {Key: "Where", Value: s.Place},
		{Key: "The place", Value: s.Registration.Name()}, {Key: "Arranged by", Value: s.ArrangedBy.Name()}, {Key: "Hours a week", Value: s.Hours.Plain()},
		{Key: "First day", Value: s.StartsOn.Words()}, {Key: "Planned end", Value: words(s.PlannedEnd)}, {Key: "Last checked", Value: words(s.CheckedOn)}}
	if s.Purpose != "" {
		rows = append(rows, ui.SummaryRow{Key: "What it is for", Component: ui.Prose(s.Purpose)})
	}
	if !s.EndedOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Ended on", Value: s.EndedOn.Words()})
	}
	return rows
}

func words(on calendar.Date) string {
	if on.IsZero() {
		return ""
	}
	return on.Words()
}
