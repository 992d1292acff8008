package settings

import (
	"errors"
	"net/http"

	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type editView struct {
	Form        *kit.Form
	Saved       *setting.Setting // nil: a new one
	Conflict    bool
	Action      string
	Cancel      string
	Authorities []setting.Authority
}

func (p *Pages) enter(w http.ResponseWriter, r *http.Request) error {
	return p.showNew(w, r, kit.NewForm(map[string]string{"name": kit.SearchWords(r.URL.Query().Get("name"))}))
}

func (p *Pages) saveNew(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	local, err := readLocal(form)
	var id int64
	if err == nil {
		id, err = p.Settings.Create(r.Context(), kit.Actor(r), local)
	}
	if form.Refuses(err) {
		return p.showNew(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, schoolPath(id), "The setting is added. A child can be put on its roll.")
}

func (p *Pages) showNew(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := editView{Form: form, Action: "/schools/new", Cancel: "/schools"}
	var batch postgres.Batch
	setting.QueueAuthorities(&batch, &view.Authorities)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Add a setting", Form: form, Back: "/schools"}, editPage(view))
}

func (p *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	return p.showEdit(w, r, nil, false)
}

func (p *Pages) saveEdit(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "settingID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	local, err := readLocal(form)
	if err == nil {
		err = p.Settings.Edit(r.Context(), kit.Actor(r), id, local)
	}
	switch {
	case form.Refuses(err):
		return p.showEdit(w, r, form, false)
	case errors.Is(err, fault.KindConflict):
		return p.showEdit(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, schoolPath(id), "The details are saved.")
}

func (p *Pages) showEdit(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	id, err := kit.PathID(r, "settingID")
	if err != nil {
		return err
	}
	view := editView{Form: form, Saved: &setting.Setting{}, Conflict: conflict, Action: schoolPath(id) + "/edit", Cancel: schoolPath(id)}
	var batch postgres.Batch
	setting.QueueOne(&batch, view.Saved, id)
	setting.QueueAuthorities(&batch, &view.Authorities)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if !view.Saved.Local() {
		p.Kit.Tell(r.Context(), setting.FromTheRegister)
		http.Redirect(w, r, view.Cancel, http.StatusSeeOther)
		return nil
	}
	page := kit.Page{Title: "Correct a setting", Back: view.Cancel}
	if view.Form == nil {
		view.Form = prefilled(*view.Saved)
	}
	if conflict {
		view.Form.Overtaken(view.Saved.Version)
	}
	page.Form = view.Form
	return p.Kit.Show(w, r, page, editPage(view))
}

func prefilled(s setting.Setting) *kit.Form {
	form := kit.NewForm(map[string]string{"name": s.Name, "type": s.TypeName, "authority": s.AuthorityCode, "authority_name": s.AuthorityName,
		"street": s.Street, "town": s.Town, "postcode": s.Postcode, "telephone": s.Telephone, "head": s.HeadName})
	if s.Status == setting.Closed {
		form.Set("closed", "yes")
	}
	form.SetVersion(s.Version)
	return form
}

func readLocal(form *kit.Form) (setting.Local, error) {
	local := setting.Local{
		Name:          form.Required("name", "The name of the setting", 200),
		TypeName:      form.Choice("type", "What kind of setting it is", setting.LocalTypes...),
		AuthorityCode: form.Text("authority", "Council", 3),
		AuthorityName: form.Text("authority_name", "Council or country", 100),
		Street:        form.Text("street", "Street", 200),
		Town:          form.Text("town", "Town", 100),
		Postcode:      form.Text("postcode", "Postcode", 10),
		Telephone:     form.Text("telephone", "Telephone", 30),
		HeadName:      form.Text("head", "Who leads it", 100),
		Closed:        form.Checked("closed", "yes"),
		Version:       form.Version(),
	}
	return local, form.Err()
}

func (v editView) title() string {
	if v.Saved == nil {
		return "Add a setting"
	}
	return "Correct a setting"
}

func (v editView) types() []ui.Choice {
	var list []ui.Choice
	for _, name := range setting.LocalTypes {
		list = append(list, ui.Choice{Value: name, Text: name})
	}
	return list
}

func (v editView) authorities() []ui.Option {
	var list []ui.Option
	for _, one := range v.Authorities {
		list = append(list, ui.Option{Value: one.Code, Text: one.Name})
	}
	return list
}
