package accounts

import (
	"net/http"

	"virtualschool/internal/account"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// coverView is who may cover the caseload of a person who is away.
type coverView struct {
	accountView
	Form   *kit.Form
	People []child.Choice
}

func (p *Pages) cover(w http.ResponseWriter, r *http.Request) error {
	form := kit.NewForm(nil)
	form.SetDate("from", p.Kit.Today())
	return p.showCover(w, r, form)
}

func (p *Pages) saveCover(w http.ResponseWriter, r *http.Request) error {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	by := child.Allocation{AccountID: form.ID("account"), From: form.Date("from", "First day"), Until: form.Date("until", "Last day"), Reason: form.Required("reason", "Reason", 500)}
	if by.AccountID == 0 {
		form.Problems.Add("account", "Choose who covers")
	}
	children := 0
	if err = form.Err(); err == nil {
		children, err = p.Children.CoverCaseload(r.Context(), kit.Actor(r), accountID, by)
	}
	if form.Refuses(err) {
		return p.showCover(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(accountID), ui.Plural(children, "child is", "children are")+" covered from "+by.From.Words()+" to "+by.Until.Words()+".")
}

func (p *Pages) endCover(w http.ResponseWriter, r *http.Request) error {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	of := child.Cover{ForID: form.ID("for"), ByID: form.ID("by"), Starts: form.Date("starts", "First day")}
	if form.Err() != nil || (of.ForID != accountID && of.ByID != accountID) {
		return fault.NotFound()
	}
	if err := p.Children.EndCover(r.Context(), kit.Actor(r), of); err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(accountID), "The cover has ended.")
}

func (p *Pages) showCover(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := coverView{Form: form}
	var err error
	view.accountView, err = p.load(r, func(batch *postgres.Batch) { child.QueuePeople(batch, &view.People, "cover") })
	if err != nil {
		return err
	}
	if !view.covered() {
		return fault.NotFound()
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Cover a caseload", Back: path(view.Account.ID), Form: form}, coverPage(view))
}

// covered says whether a colleague can be given this person's caseload.
func (v accountView) covered() bool {
	return child.HasCaseload(v.Account.Role) && v.Account.State != account.Ended
}

// options are those who may cover, without the person who is away.
func (v coverView) options() []ui.Option {
	var options []ui.Option
	for _, person := range v.People {
		if person.ID != v.Account.ID {
			options = append(options, ui.Option{Value: id(person.ID), Text: person.Name})
		}
	}
	return options
}
