package accessrequests

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/accessrequest"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

type decideView struct {
	Form    *kit.Form
	Today   calendar.Date
	Request accessrequest.Request
	Matches []accessrequest.Match
	Action  string
}

// school says whether a place on a roll is asked for; else an allocation.
func (v decideView) school() bool { return v.Request.Role == access.School }

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	form := kit.NewForm(map[string]string{"kind": "main"})
	form.SetDate("from", p.Kit.Today())
	return p.showDecide(w, r, form)
}

func (p *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "accessRequestID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	decision := accessrequest.Decision{Outcome: form.Choice("outcome", "What to do", accessrequest.Give, accessrequest.There, accessrequest.Refuse), ChildID: form.ID("child"),
		Note: form.Text("note", "Note", 1000), Kind: form.OptionalChoice("kind", "Which roll", "main", "dual")}
	if decision.Outcome == accessrequest.Give {
		decision.From = form.Date("from", "First day")
	}
	if err = form.Err(); err == nil {
		err = p.Requests.Decide(r.Context(), kit.Actor(r), id, decision)
	}
	if form.Refuses(err) {
		for _, field := range []string{"account", "part", "setting"} { // what an allocation or a roll calls its fields
			form.Rename(field, "outcome")
		}
		return p.showDecide(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/access-requests", "Decided. The person who asked has been told to look.")
}

func (p *Pages) showDecide(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	id, err := kit.PathID(r, "accessRequestID")
	if err != nil {
		return err
	}
	view := decideView{Form: form, Today: p.Kit.Today(), Action: fmt.Sprintf("/access-requests/%d", id)}
	var batch postgres.Batch
	accessrequest.Queue(&batch, &view.Request, id)
	accessrequest.QueueMatches(&batch, &view.Matches, id)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if form.Err() != nil && view.Request.State != "asked" {
		return fault.Conflict("Somebody has decided this request meanwhile, so nothing of yours was kept. Open it again to read what they decided.")
	}
	children := make([]int64, 0, len(view.Matches))
	for _, match := range view.Matches {
		children = append(children, match.ChildID)
	}
	if err := p.Kit.Looked(r, "access request", children); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "A request for access", Back: "/access-requests", Form: form}, decidePage(view))
}
