package accessrequests

import (
	"errors"
	"net/http"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/accessrequest"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

type listView struct {
	Actor    access.Actor
	Today    calendar.Date
	Requests []accessrequest.Request
}

func (v listView) decides() bool { return access.Can(v.Actor, access.DecideAccess) }

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	view := listView{Actor: kit.Actor(r), Today: p.Kit.Today()}
	var batch postgres.Batch
	accessrequest.QueueAll(&batch, &view.Requests, view.Actor)
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Requests for access", Back: "/"}, listPage(view))
}

type askView struct {
	Form    *kit.Form
	Actor   access.Actor
	Schools []accessrequest.School
}

func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return p.showAsk(w, r, kit.NewForm(nil), 0)
}

func (p *Pages) send(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	asking := accessrequest.Asking{Name: form.Required("name", "Forename and surname", 200), Born: form.Date("born", "Date of birth"), UPN: form.Text("upn", "UPN", 20),
		Reference: form.Text("reference", "Reference", 40), SettingID: form.ID("setting"), Why: form.Required("why", "Why you should have this child", 1000)}
	err := form.Err()
	if err == nil {
		err = p.Requests.Ask(r.Context(), kit.Actor(r), asking)
	}
	switch {
	case errors.Is(err, fault.KindTooMany):
		form.Problems.Add("", fault.Words(err))
		return p.showAsk(w, r, form, http.StatusTooManyRequests)
	case form.Refuses(err):
		return p.showAsk(w, r, form, 0)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, "/access-requests", "Your request is with the Virtual School. If the child is yours to see, they appear in your list.")
}

func (p *Pages) showAsk(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	view := askView{Form: form, Actor: kit.Actor(r)}
	if view.Actor.Role == access.School {
		var batch postgres.Batch
		accessrequest.QueueSchools(&batch, &view.Schools, view.Actor)
		if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
			return err
		}
		if len(view.Schools) == 1 && r.Method == http.MethodGet {
			form.Set("setting", strconv.FormatInt(view.Schools[0].ID, 10))
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Ask for a child", Back: "/access-requests", Form: form, Status: status}, askPage(view))
}
