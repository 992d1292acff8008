package accounts

import (
	"errors"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

type editView struct {
	accountView
	Form     *kit.Form
	Roles    []access.Role
	Conflict bool // someone else saved since the page was shown
}

func (p *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	return p.showEdit(w, r, nil, false)
}

func (p *Pages) saveEdit(w http.ResponseWriter, r *http.Request) error {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	details := account.Details{
		Name:    form.Required("name", "Name", 200),
		Role:    access.Role(form.Choice("role", "A role", roleValues(access.Roles)...)),
		Version: form.Version(),
	}
	if err = form.Err(); err == nil {
		err = p.Accounts.ChangeDetails(r.Context(), kit.Actor(r), accountID, details)
	}
	switch {
	case form.Refuses(err):
		return p.showEdit(w, r, form, false)
	case errors.Is(err, fault.KindConflict):
		return p.refuseEdit(w, r, form, err)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, path(accountID), "The account is corrected.")
}

// refuseEdit tells apart a page that is out of date, whose form comes back beside what is saved now,
// and a change that is not possible at all.
func (p *Pages) refuseEdit(w http.ResponseWriter, r *http.Request, form *kit.Form, err error) error {
	now, loadErr := p.load(r, nil)
	if loadErr != nil {
		return loadErr
	}
	if now.Account.Version == form.Version() {
		return err
	}
	return p.showEdit(w, r, form, true)
}

func (p *Pages) showEdit(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	shown, err := p.loadToChange(r, nil)
	if err != nil {
		return err
	}
	view := editView{accountView: shown, Form: form, Roles: mayGive(kit.Actor(r)), Conflict: conflict}
	if shown.Own {
		view.Roles = []access.Role{shown.Account.Role} // nobody changes their own
	}
	page := kit.Page{Title: "Change name or role", Back: path(shown.Account.ID)}
	if view.Form == nil {
		view.Form = kit.NewForm(map[string]string{"name": shown.Account.Name, "role": string(shown.Account.Role)})
		view.Form.SetVersion(shown.Account.Version)
	}
	if conflict {
		view.Form.Overtaken(shown.Account.Version)
	}
	page.Form = view.Form
	return p.Kit.Show(w, r, page, editPage(view))
}

type schoolsView struct {
	accountView
	Join    *kit.Form
	Leave   *kit.Form
	Schools schoolChoice
}

func (p *Pages) schools(w http.ResponseWriter, r *http.Request) error {
	return p.showSchools(w, r, newMembershipForm(p.Kit.Today()), kit.NewForm(nil))
}

func (p *Pages) join(w http.ResponseWriter, r *http.Request) error {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	if looks(form) {
		form.Renew()
		return p.showSchools(w, r, form, kit.NewForm(nil))
	}
	membership, confirmed := readMembership(form), form.Text("confirm", "The name again", 200)
	if err = form.Err(); err == nil {
		err = p.Accounts.Join(r.Context(), kit.Actor(r), accountID, membership, confirmed)
	}
	if form.Refuses(err) {
		return p.showSchools(w, r, form, kit.NewForm(nil))
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(accountID), "The school is added.")
}

func (p *Pages) leave(w http.ResponseWriter, r *http.Request) error {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	membershipID := form.ID("membership")
	if membershipID == 0 {
		form.Problems.Add("membership", "Choose a school")
	}
	last := form.Date("leaves", "Last day")
	if err = form.Err(); err == nil {
		err = p.Accounts.Leave(r.Context(), kit.Actor(r), accountID, membershipID, last)
	}
	if form.Refuses(err) {
		form.Rename("last", "leaves")
		return p.showSchools(w, r, newMembershipForm(p.Kit.Today()), form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(accountID), "The last day is saved. What the person may see of that school ends with it.")
}

func (p *Pages) showSchools(w http.ResponseWriter, r *http.Request, join, leave *kit.Form) error {
	view := schoolsView{Join: join, Leave: leave}
	var err error
	view.accountView, err = p.loadToChange(r, func(batch *postgres.Batch) { p.queueSchools(batch, join, &view.Schools) })
	if err != nil {
		return err
	}
	page := kit.Page{Title: "Schools of this person", Back: path(view.Account.ID), Form: join}
	if len(leave.Problems) > 0 {
		page.Form = leave
	}
	return p.Kit.Show(w, r, page, schoolsPage(view))
}
