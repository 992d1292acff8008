package administration

import (
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Pages are the pages of this folder.
type Pages struct{ Kit *kit.Kit }

// Routes registers the page.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/admin", access.ManageAccounts, p.list)
}

// places are what is kept here, each shown to those who may open it.
var places = []struct {
	text, hint, href string
	action           access.Action
}{
	{"Accounts", "Who may sign in, as what, and for which schools", "/admin/accounts", access.ManageAccounts},
	{"Access review", "Each term: who keeps access, place by place", "/admin/access-review", access.ManageAccounts},
	{"Not signed in lately", "Accounts that nobody uses, to be ended", "/admin/accounts/quiet", access.ManageAccounts},
	{"Requests for access", "Who asks for a child they should have and do not find", "/access-requests", access.SeeAccessRequests},
	{"Break-glass", "Restricted records opened for an hour: by whom, why, and whether it was justified", "/break-glass", access.ReviewBreakGlass},
	{"Who may do what", "What each role may do", "/admin/roles", access.SeeRoles},
	{"Rules and their values", "What the council decides for itself: deadlines, limits, policies", "/admin/rules", access.SetPolicy},
	{"Calendars", "Terms, last days for PEP reviews, bank holidays and closed days", "/admin/calendars", access.SetPolicy},
	{"Imports", "Files of schools, children, rolls and attendance", "/imports", access.ImportFiles},
	{"Audit", "Who changed what, before and after, and who looked at whom", "/audit", access.SeeAudit},
	{"Looking out of the usual", "What plain rules found each week, and what came of asking", "/audit/unusual", access.ReviewLooking},
	{"Information rights", "Requests to see a record, and what people are told of what we keep", "/rights", access.HandleSubjectAccess},
	{"PEP forms", "The questions of each form, and blank ones to print", "/peps/forms", access.SeePEP},
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	var tasks []ui.Task
	for _, place := range places {
		if access.Can(kit.Actor(r), place.action) {
			tasks = append(tasks, ui.Task{Text: place.text, Hint: place.hint, Href: place.href})
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Administration"}, listPage(tasks))
}
