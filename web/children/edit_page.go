package children

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type editView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Saved    child.Identity // what the record says now
	Conflict bool           // someone else saved since the page was shown
	Action   string
}

func (p *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	return p.showEdit(w, r, nil, false)
}

func (p *Pages) saveEdit(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	changes := readEdit(form)
	err := form.Err()
	if err == nil {
		err = p.Children.Edit(r.Context(), kit.Actor(r), kit.ChildID(r), changes)
	}
	switch {
	case form.Refuses(err):
		return p.showEdit(w, r, form, false)
	case errors.Is(err, fault.KindConflict):
		return p.showEdit(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, childPath(r), "The record is corrected.")
}

// showEdit shows the form: prefilled at first, and afterwards with what was typed.
func (p *Pages) showEdit(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	view := editView{Form: form, Conflict: conflict, Action: childPath(r) + "/edit"}
	var batch postgres.Batch
	child.QueueIdentity(&batch, &view.Saved, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "edit", &batch); err != nil {
		return err
	}
	page := kit.Page{Title: "Correct the record", Back: childPath(r)}
	if view.Form == nil {
		view.Form = prefilledEdit(view.Saved)
	}
	if conflict {
		view.Form.Overtaken(view.Saved.Version)
	}
	page.Form = view.Form
	return p.Kit.Show(w, r, page, editPage(view, access.Can(kit.Actor(r), access.EditChild)))
}

func prefilledEdit(saved child.Identity) *kit.Form {
	form := kit.NewForm(map[string]string{
		"forename": saved.Forename, "surname": saved.Surname, "preferred_name": saved.PreferredName, "upn": saved.UPN,
		"year_offset": strconv.Itoa(saved.YearOffset), "year_offset_reason": saved.YearOffsetReason,
	})
	if saved.Unaccompanied {
		form.Set("unaccompanied", "yes")
	}
	form.SetDate("date_of_birth", saved.DateOfBirth)
	form.SetVersion(saved.Version)
	return form
}

func readEdit(form *kit.Form) child.Changes {
	changes := child.Changes{
		Forename:         form.Text("forename", "Forename", 100),
		Surname:          form.Text("surname", "Surname", 100),
		PreferredName:    form.Text("preferred_name", "Preferred name", 100),
		DateOfBirth:      form.Date("date_of_birth", "Date of birth"),
		UPN:              form.Text("upn", "UPN", 20),
		YearOffsetReason: form.Text("year_offset_reason", "Reason", 500),
		Unaccompanied:    form.Checked("unaccompanied", "yes"),
		Version:          form.Version(),
	}
	offset := form.Choice("year_offset", "Year group taught in", "-2", "-1", "0", "1", "2")
	changes.YearOffset, _ = strconv.Atoi(offset)
	return changes
}

func childPath(r *http.Request) string { return fmt.Sprintf("/children/%d", kit.ChildID(r)) }
