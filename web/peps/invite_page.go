package peps

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// inviteView is the page on which a colleague is asked to write one section.
type inviteView struct {
	PlanView
	Section     forms.Section
	Form        *kit.Form
	Invitations []pep.Invitation
	Trouble     trouble
}

// path is the section's page; the pages of its invitations are below it.
func (v inviteView) path() string { return v.Path + "/sections/" + v.Section.Key }

func (p *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	return p.showInvite(w, r, nil, trouble{})
}

func (p *Pages) showInvite(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	key := chi.URLParam(r, "section")
	var invitations []pep.Invitation
	var batch postgres.Batch
	pep.QueueInvitations(&batch, &invitations, ref, key)
	plan, err := p.view(r, "PEP "+key+", invitations", &batch)
	if err != nil {
		return err
	}
	v := inviteView{PlanView: plan, Form: form, Invitations: invitations, Trouble: t}
	var there bool
	if v.Section, there = v.Whole.Form.Section(key); !there {
		return fault.NotFound()
	}
	if !v.Whole.MayInvite(v.Actor, pep.Part(key)) && form == nil {
		return fault.Forbidden("Colleagues are invited by those who write the section, while the plan can be written.")
	}
	if form == nil {
		v.Form = kit.NewForm(nil)
		v.Form.SetDate("until", pep.InviteUntil(v.Whole.Plan.MeetingOn, v.Today, v.Working))
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Ask a colleague", Back: v.path(), Form: v.Form, Status: t.status()}, invitePage(v))
}

func (p *Pages) sendInvitation(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	in := pep.InviteInput{Section: chi.URLParam(r, "section"), Email: form.Required("email", "Work email address", 254), Name: form.Required("name", "Name", 200),
		Until: form.Date("until", "Last day"), Note: form.Text("note", "Note", pep.InviteNoteMax)}
	if err = form.Err(); err == nil {
		var batch postgres.Batch
		known := p.queueKnown(&batch, ref.ChildID)
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
		in.Known = known()
		_, err = p.PEPs.Invite(r.Context(), kit.Actor(r), ref, in)
	}
	switch {
	case form.Refuses(err):
		return p.showInvite(w, r, form, trouble{})
	case errors.Is(err, fault.KindConflict):
		return p.showInvite(w, r, form, trouble{Words: fault.Words(err)})
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, planPath(ref)+"/sections/"+in.Section+"/invite", "Invited. The mail says nothing of the child or the section.")
}

func (p *Pages) withdrawInvitation(w http.ResponseWriter, r *http.Request) error {
	return p.aboutInvitation(w, r, "Withdrawn. What your colleague saved stays in the plan.", func(ref pep.Ref, section string, id int64) error {
		return p.PEPs.Withdraw(r.Context(), kit.Actor(r), ref, section, id)
	})
}

func (p *Pages) sendAgain(w http.ResponseWriter, r *http.Request) error {
	return p.aboutInvitation(w, r, "A new link is on its way. It works once, for 24 hours.", func(ref pep.Ref, section string, id int64) error {
		return p.PEPs.SendAgain(r.Context(), kit.Actor(r), ref, section, id)
	})
}

func (p *Pages) aboutInvitation(w http.ResponseWriter, r *http.Request, done string, act func(pep.Ref, string, int64) error) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	section := chi.URLParam(r, "section")
	if err := act(ref, section, kit.FormOf(r).ID("invitation")); err != nil {
		return err
	}
	return p.Kit.Done(w, r, planPath(ref)+"/sections/"+section+"/invite", done)
}

// stands is how an invitation stands, in a word or two.
func (v inviteView) stands(i pep.Invitation) string {
	switch {
	case v.Whole.Part(i.Section).Complete():
		return "Section complete"
	case i.Over(v.Today):
		return "The last day has passed"
	case i.State == account.Invited:
		return "Has not opened the account yet"
	}
	return "Can write"
}
