package accounts

import (
	"net/http"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type inviteView struct {
	Form    *kit.Form
	Schools schoolChoice
	Roles   []access.Role
}

// schoolChoice is the part of a form that finds a school and asks what the person is there.
type schoolChoice struct {
	Form  *kit.Form
	Found []setting.Found
	Look  string // what was looked for
}

const mostFound = 10

func (p *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	return p.showInvite(w, r, newMembershipForm(p.Kit.Today()))
}

// newMembershipForm is a form whose first day is today.
func newMembershipForm(today calendar.Date) *kit.Form {
	form := kit.NewForm(nil)
	form.SetDate("from", today)
	return form
}

func (p *Pages) sendInvite(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	if looks(form) {
		form.Renew()
		return p.showInvite(w, r, form)
	}
	person := account.NewAccount{
		Name:  form.Required("name", "Name", 200),
		Email: form.Required("email", "Email address", 254),
		Role:  access.Role(form.Choice("role", "A role", roleValues(mayGive(kit.Actor(r)))...)),
	}
	if person.Role == access.School {
		person.Settings = []account.NewMembership{readMembership(form)}
		person.Confirmed = form.Text("confirm", "The name again", 200)
	}
	err := form.Err()
	var id int64
	if err == nil {
		id, err = p.Accounts.Invite(r.Context(), kit.Actor(r), person)
	}
	if form.Refuses(err) {
		return p.showInvite(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(id), "The invitation is on its way. Its link works once, for 24 hours.")
}

// looks says whether the button beside the search box was pressed: look, and keep what was typed.
// With nothing to look for it was the Enter key in another field, which presses a form's first button.
func looks(form *kit.Form) bool {
	return form.Value("find") != "" && strings.TrimSpace(form.Value("look")) != ""
}

// mayGive are the roles that the actor may give somebody. Invited colleagues are made where they are
// invited, to a section of a plan.
func mayGive(actor access.Actor) []access.Role {
	var roles []access.Role
	for _, role := range access.Roles {
		if role != access.Colleague && account.MayManage(actor, account.Account{Role: role}) {
			roles = append(roles, role)
		}
	}
	return roles
}

func roleValues(roles []access.Role) []string {
	values := make([]string, 0, len(roles))
	for _, role := range roles {
		values = append(values, string(role))
	}
	return values
}

func readMembership(form *kit.Form) account.NewMembership {
	membership := account.NewMembership{
		SettingID: form.ID("setting"),
		Post:      account.Post(form.Choice("post", "What this person is at the school", postValues()...)),
		From:      form.Date("from", "First day"),
		LastDay:   form.OptionalDate("last", "Last day"),
	}
	if membership.SettingID == 0 {
		form.Problems.Add("setting", "Find the school and choose it")
	}
	return membership
}

func postValues() []string {
	values := make([]string, 0, len(account.Posts))
	for _, post := range account.Posts {
		values = append(values, string(post))
	}
	return values
}

// queueSchools looks for the schools that were asked for, with the form that asks.
func (p *Pages) queueSchools(batch *postgres.Batch, form *kit.Form, choice *schoolChoice) {
	choice.Form, choice.Look = form, strings.TrimSpace(form.Value("look"))
	setting.QueueSearch(batch, &choice.Found, setting.Search{Words: kit.SearchWords(choice.Look), AuthorityCode: p.Kit.Site.AuthorityCode, OnlyOpen: true, Limit: mostFound})
}

func (c schoolChoice) choices() []ui.Choice {
	choices := make([]ui.Choice, 0, len(c.Found))
	for _, found := range c.Found {
		choices = append(choices, ui.Choice{Value: id(found.ID), Text: found.Name, Hint: found.Where()})
	}
	return choices
}

func (p *Pages) showInvite(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := inviteView{Form: form, Roles: mayGive(kit.Actor(r))}
	var batch postgres.Batch
	p.queueSchools(&batch, form, &view.Schools)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Invite somebody", Back: "/admin/accounts", Form: form}, invitePage(view))
}
