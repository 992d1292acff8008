package signin

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

type ownView struct {
	Form        *kit.Form
	Actor       access.Actor
	Memberships []account.Membership
	Sessions    []account.Session
	Linked      []account.Linked
	Providers   []sso.Provider
	Today       calendar.Date
	Passkeys    []factor.Passkey
	App         *factor.App
	Has         factor.Has
	Recent      []account.RecentSignIn
}

// unlinked are the providers that the account is not linked with yet.
func (v ownView) unlinked() []sso.Provider {
	return slices.DeleteFunc(slices.Clone(v.Providers), func(provider sso.Provider) bool {
		return slices.ContainsFunc(v.Linked, func(linked account.Linked) bool { return linked.Provider == provider.Key })
	})
}

// providerName is what a provider is called; its key when it is no longer in the council's list.
func (v ownView) providerName(key string) string {
	for _, provider := range v.Providers {
		if provider.Key == key {
			return provider.Name
		}
	}
	return key + " (no longer offered)"
}

func (p *Pages) own(w http.ResponseWriter, r *http.Request) error {
	return p.showOwn(w, r, kit.NewForm(nil), 0)
}

// stillHere says to a page that lies open whose session it would go on in, and for how many seconds at the
// most; asking keeps the session.
func (p *Pages) stillHere(w http.ResponseWriter, r *http.Request) error {
	answer, err := json.Marshal(map[string]any{"person": strconv.FormatInt(kit.Actor(r).ID, 10), "left": p.Kit.SessionLeft(r)})
	if err != nil {
		return err
	}
	return p.Kit.Send(w, r, "application/json", "", answer)
}

func (p *Pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	if form.Value("current") == "" {
		form.Problems.Add("current", "Enter your present password")
	}
	password := newPassword(form)
	err := form.Err()
	if err == nil {
		err = p.Accounts.ChangePassword(r.Context(), kit.Actor(r), form.Value("current"), password, p.Kit.Sessions.Token(r.Context()))
	}
	if status := refused(w, form, err); status != 0 {
		return p.showOwn(w, r, form, status)
	}
	if err != nil {
		return err
	}
	if err := p.renew(r); err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/account", "Your password is changed. You are signed out everywhere else.")
}

// endSessions ends the session that the form names, or all of them, and then this one as well.
func (p *Pages) endSessions(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	ref := form.Required("session", "Which session to sign out", 40)
	if form.Err() != nil {
		return p.showOwn(w, r, form, 0)
	}
	if ref != everySession {
		if err := p.Accounts.EndOwnSession(r.Context(), kit.Actor(r), ref); err != nil {
			return err
		}
		return p.Kit.Done(w, r, "/account", "That session is signed out.")
	}
	if err := p.Accounts.EndOwnSession(r.Context(), kit.Actor(r), ""); err != nil {
		return err
	}
	return p.signOut(w, r)
}

const everySession = "all"

func (p *Pages) showOwn(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	view := ownView{Form: form, Actor: kit.Actor(r), Providers: p.Accounts.SSO.Providers(), Today: p.Kit.Today()}
	var batch postgres.Batch
	factor.QueuePasskeys(&batch, &view.Passkeys, view.Actor.ID)
	factor.QueueApp(&batch, &view.App, view.Actor.ID)
	factor.QueueHas(&batch, &view.Has, view.Actor.ID)
	account.QueueMemberships(&batch, &view.Memberships, view.Actor.ID)
	p.Accounts.QueueSessions(&batch, &view.Sessions, view.Actor.ID, p.Kit.Sessions.Token(r.Context()))
	account.QueueLinked(&batch, &view.Linked, view.Actor.ID)
	account.QueueRecentSignIns(&batch, &view.Recent, view.Actor.ID)
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Your account", Form: form, Status: status}, ownPage(view))
}
