package attendance

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type recordView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Today    calendar.Date
	Schools  []attendance.School
	Saved    *attendance.Record // what is recorded now for the half term chosen; nil: nothing
	Conflict bool
	Action   string
	Cancel   string
}

func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	settingID, _ := strconv.ParseInt(query.Get("school"), 10, 64)
	year, half, _ := readHalf(query.Get("half"))
	return p.showRecord(w, r, nil, settingID, year, half, false)
}

func (p *Pages) save(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	entry := readEntry(form)
	err := form.Err()
	if err == nil {
		err = p.Attendance.Record(r.Context(), kit.Actor(r), kit.ChildID(r), form.Version(), entry)
	}
	switch {
	case form.Refuses(err):
		return p.showRecord(w, r, form, entry.SettingID, entry.AcademicYear, entry.HalfTerm, false)
	case errors.Is(err, fault.KindConflict):
		return p.showRecord(w, r, form, entry.SettingID, entry.AcademicYear, entry.HalfTerm, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, attendancePath(r), "The attendance is recorded.")
}

// showRecord shows the form: for a half term that is recorded, with its figures to correct.
func (p *Pages) showRecord(w http.ResponseWriter, r *http.Request, form *kit.Form, settingID int64, year int, half attendance.HalfTerm, conflict bool) error {
	view := recordView{Form: form, Today: p.Kit.Today(), Conflict: conflict, Action: attendancePath(r) + "/new", Cancel: attendancePath(r)}
	onlyOf := int64(0)
	if kit.Actor(r).Role == access.School {
		onlyOf = kit.Actor(r).ID
	}
	var batch postgres.Batch
	attendance.QueueSchools(&batch, &view.Schools, kit.ChildID(r), calendar.AcademicYear(view.Today), onlyOf)
	attendance.QueueRecord(&batch, &view.Saved, kit.ChildID(r), settingID, year, half)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "record attendance", &batch); err != nil {
		return err
	}
	page := kit.Page{Title: "Record attendance", Back: view.Cancel}
	switch {
	case form == nil && view.Saved != nil:
		view.Form = recordForm(*view.Saved)
	case form == nil:
		view.Form = kit.NewForm(map[string]string{"late": "0"})
		if len(view.Schools) == 1 {
			view.Form.Set("setting", fmt.Sprint(view.Schools[0].ID))
		}
	case conflict:
		version := form.Version()
		if view.Saved != nil {
			version = view.Saved.Version
		}
		form.Overtaken(version)
	}
	page.Form = view.Form
	return p.Kit.Show(w, r, page, recordPage(view))
}

// correcting says whether the form is about figures that are recorded, whose school and half term stay.
func (v recordView) correcting() bool { return v.Form.Version() > 0 }

func (v recordView) title() string {
	if v.correcting() {
		return "Correct attendance"
	}
	return "Record attendance"
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
		{Key: "Possible saved now", Value: strconv.Itoa(s.Possible)}, {Key: "Attended saved now", Value: strconv.Itoa(s.Attended)},
		{Key: "Authorised saved now", Value: strconv.Itoa(s.Authorised)}, {Key: "Unauthorised saved now", Value: strconv.Itoa(s.Unauthorised)},
		{Key: "Late saved now", Value: strconv.Itoa(s.Late)}, {Key: "Source saved now", Value: s.Source, Source: &ui.SourceProps{From: "figures of " + s.AsAt.Words()}},
	}
}
