package administration

import (
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Pages are the pages of this folder.
type Pages struct{ Kit *kit.Kit }

// Routes registers the page.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/admin", access.ManageAccounts, p.list)
}

const reviewHome = "/admin/access-review"

// places are what is kept here, each shown to those who may open it.
var places = []struct {
	text, hint, href string
	action           access.Action
}{
	{"Accounts", "Who may sign in, as what, and for which schools", "/admin/accounts", access.ManageAccounts},
	{"Access review", "Each term: who keeps access, place by place", reviewHome, access.ManageAccounts},
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
	var review *account.ReviewLeft
	var values policy.Values
	var batch postgres.Batch
	account.QueueReviewLeft(&batch, &review, p.Kit.Site.AuthorityCode)
	policy.Queue(&batch, &values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	var tasks []ui.Task
	for _, place := range places {
		if !access.Can(kit.Actor(r), place.action) {
			continue
		}
		task := ui.Task{Text: place.text, Hint: place.hint, Href: place.href}
		if place.href == reviewHome && review != nil {
			task.Hint += ". " + reviewWords(*review, review.Due(values), p.Kit.Today())
			task.Tag = reviewTag(*review, review.Due(values), p.Kit.Today())
		}
		tasks = append(tasks, task)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Administration"}, listPage(tasks))
}

// reviewWords say what this term's review of access waits for, and until when.
func reviewWords(left account.ReviewLeft, due, today calendar.Date) string {
	if left.Unanswered == 0 {
		return "This term everybody has an answer"
	}
	return ui.Plural(left.Unanswered, "person has", "people have") + " no answer yet. Due " + due.Words() + ", " + due.Relative(today)
}

func reviewTag(left account.ReviewLeft, due, today calendar.Date) *ui.TagProps {
	switch {
	case left.Unanswered == 0:
		return &ui.TagProps{Text: "Done", Kind: ui.Green}
	case due.Before(today):
		return &ui.TagProps{Text: "Late", Kind: ui.Red}
	}
	return &ui.TagProps{Text: "To do", Kind: ui.Blue}
}
