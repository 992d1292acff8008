package signin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/account"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/fault"
	"virtualschool/web/kit"
)

// errand is why somebody goes to a provider.
type errand string

const (
	toSignIn errand = "sign in"
	toOpen   errand = "open an account" // by its invitation
	toLink   errand = "link an account" // one's own
	toProve  errand = "prove it again"  // for what access.NeedsFresh names
)

// journey is a way to a provider, kept in the session of the browser that goes it. It is gone once
// somebody comes back by it.
type journey struct {
	Trip   sso.Trip
	Errand errand
	Then   string // the page to open after signing in; what waits for the proof, as the address of kit.ConfirmPath has it
	Token  string // of the invitation
	Person int64  // whose account is to be linked, or who proves it again
}

// arrival is who came back to open or link an account, until they say yes to that on our own page.
type arrival struct {
	Came   sso.Identity
	Errand errand
	Token  string
	Person int64
	At     time.Time
}

// The session's places for the two.
const journeyKey, arrivalKey = "sso_journey", "sso_arrival"

// arrivalLasts is how long a person may think about it.
const arrivalLasts = 10 * time.Minute

func (p *Pages) ssoSignIn(w http.ResponseWriter, r *http.Request) error {
	then := after(r.URL.Query().Get("then"))
	if kit.Actor(r).Somebody() {
		http.Redirect(w, r, then, http.StatusSeeOther)
		return nil
	}
	return p.leave(w, r, journey{Errand: toSignIn, Then: then}, false)
}

func (p *Pages) ssoOpen(w http.ResponseWriter, r *http.Request) error {
	token := chi.URLParam(r, "token")
	if _, err := p.Accounts.Holder(r.Context(), account.Invitation, token); errors.Is(err, fault.KindNotFound) {
		return p.showDeadLink(w, r, account.Invitation)
	} else if err != nil {
		return err
	}
	return p.leave(w, r, journey{Errand: toOpen, Token: token}, false)
}

func (p *Pages) ssoLink(w http.ResponseWriter, r *http.Request) error {
	return p.leave(w, r, journey{Errand: toLink, Person: kit.Actor(r).ID}, false)
}

func (p *Pages) ssoProve(w http.ResponseWriter, r *http.Request) error {
	return p.leave(w, r, journey{Errand: toProve, Person: kit.Actor(r).ID, Then: what(r.URL.Query().Get).Encode()}, true)
}

// proved takes a person back who has shown their provider anew who they are. What was asked for a second
// factor at sign-in is asked for one again. A form that waits is offered for sending: an address that
// somebody is led to sends nothing by itself.
func (p *Pages) proved(w http.ResponseWriter, r *http.Request, gone journey, came sso.Identity) error {
	if kit.Actor(r).ID != gone.Person || !kit.Actor(r).Somebody() {
		return fault.Forbidden("Somebody else has signed in here meanwhile.")
	}
	if account.PersonOf(r.Context()).Proof.Second != account.NoSecond && !came.SecondFactor {
		return fault.Forbidden("This needs a second factor, and where you signed in none was asked for. Confirm it another way.")
	}
	if err := p.Accounts.ConfirmByIdentity(r.Context(), kit.Actor(r), came); err != nil {
		return err
	}
	if err := p.Confirmed(r); err != nil {
		return err
	}
	next, err := url.ParseQuery(gone.Then)
	if err != nil {
		return err
	}
	if heldID(next) != 0 {
		http.Redirect(w, r, confirmAddress(next), http.StatusSeeOther)
		return nil
	}
	return p.Resume(w, r, next)
}

// leave sends the browser to the provider. This is no form's target: a provider often sends people on to
// another of its addresses, and the page's policy lets a form lead to our own alone.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request, going journey, fresh bool) error {
	key := chi.URLParam(r, "provider")
	address, trip, err := p.Accounts.SSO.Begin(r.Context(), key, fresh)
	if err != nil {
		return p.away(w, r, key, going, err)
	}
	going.Trip = trip
	if err := p.keep(r.Context(), journeyKey, going); err != nil {
		return err
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// away says to somebody who would sign in that their provider does not answer; they have no page to go back to.
func (p *Pages) away(w http.ResponseWriter, r *http.Request, key string, on journey, err error) error {
	provider, known := p.Accounts.SSO.Provider(key)
	if !known || on.Errand != toSignIn || !errors.Is(err, fault.KindUnavailable) {
		return err
	}
	p.Kit.Log.WarnContext(r.Context(), "sign-in unavailable", "reason", err.Error())
	return p.Kit.Show(w, r, kit.Page{Title: provider.Name + " does not answer", Status: http.StatusServiceUnavailable, OutOfApp: true}, ssoAwayPage(provider.Name))
}

// ssoBack takes somebody in who comes back from a provider.
func (p *Pages) ssoBack(w http.ResponseWriter, r *http.Request) error {
	key := chi.URLParam(r, "provider")
	provider, known := p.Accounts.SSO.Provider(key)
	if !known {
		return fault.NotFound()
	}
	var gone journey
	p.take(r.Context(), journeyKey, &gone)
	came, err := p.Accounts.SSO.Finish(r.Context(), key, gone.Trip, r.URL.Query())
	if refused, ok := errors.AsType[*sso.Refused](err); ok {
		p.Kit.Log.WarnContext(r.Context(), "sign-in refused", "reason", refused.Error())
		return p.Kit.Show(w, r, kit.Page{Title: "You are not signed in", Status: http.StatusForbidden, OutOfApp: true}, ssoRefusedPage(provider.Name))
	}
	if err != nil {
		return p.away(w, r, key, gone, err)
	}
	switch gone.Errand {
	case toProve:
		return p.proved(w, r, gone, came)
	case toOpen, toLink:
		return p.arrive(w, r, gone, came)
	}
	person, err := p.Accounts.SignInByIdentity(r.Context(), came)
	if errors.Is(err, fault.KindNotFound) {
		return p.Kit.Show(w, r, kit.Page{Title: "No account is linked with this sign-in", Status: http.StatusForbidden, OutOfApp: true}, ssoUnknownPage(provider.Name, came.Email))
	}
	if err != nil {
		return err
	}
	return p.Proceed(w, r, shownBy(came).as(person), gone.Then)
}

// arrive keeps who came back and shows them the page that asks whether this is to be so. Nothing is
// opened or linked by following an address alone.
func (p *Pages) arrive(w http.ResponseWriter, r *http.Request, gone journey, came sso.Identity) error {
	here := arrival{Came: came, Errand: gone.Errand, Token: gone.Token, Person: gone.Person, At: p.Kit.DB.Now()}
	if err := p.keep(r.Context(), arrivalKey, here); err != nil {
		return err
	}
	location := "/account/sso"
	if gone.Errand == toOpen {
		location = "/invitation/" + gone.Token + "/sso"
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
	return nil
}

// arrived is who came back on this errand a moment ago; false when nobody did.
func (p *Pages) arrived(r *http.Request, on errand) (arrival, bool) {
	var here arrival
	if !p.look(r.Context(), arrivalKey, &here) || here.Errand != on || p.Kit.DB.Now().Sub(here.At) > arrivalLasts {
		return arrival{}, false
	}
	switch on {
	case toOpen:
		return here, here.Token == chi.URLParam(r, "token")
	default:
		return here, here.Person == kit.Actor(r).ID
	}
}

type ssoView struct {
	Form     *kit.Form
	Token    string // of the invitation
	Provider string // its name
	Shown    string // what it calls the person
	Holder   account.Account
	Action   string
}

func (p *Pages) ssoViewOf(here arrival, form *kit.Form, action string) ssoView {
	provider, _ := p.Accounts.SSO.Provider(here.Came.Provider)
	return ssoView{Form: form, Token: here.Token, Provider: provider.Name, Shown: here.Came.Email, Action: action}
}

func (p *Pages) ssoMayOpen(w http.ResponseWriter, r *http.Request) error {
	here, ok := p.arrived(r, toOpen)
	if !ok {
		http.Redirect(w, r, "/invitation/"+chi.URLParam(r, "token"), http.StatusSeeOther)
		return nil
	}
	holder, err := p.Accounts.Holder(r.Context(), account.Invitation, here.Token)
	if errors.Is(err, fault.KindNotFound) {
		return p.showDeadLink(w, r, account.Invitation)
	}
	if err != nil {
		return err
	}
	view := p.ssoViewOf(here, kit.NewForm(nil), r.URL.Path)
	view.Holder = holder
	return p.Kit.Show(w, r, kit.Page{Title: "Open your account", OutOfApp: true}, ssoOpenPage(view))
}

func (p *Pages) ssoDoOpen(w http.ResponseWriter, r *http.Request) error {
	here, ok := p.arrived(r, toOpen)
	if !ok {
		http.Redirect(w, r, "/invitation/"+chi.URLParam(r, "token"), http.StatusSeeOther)
		return nil
	}
	person, err := p.Accounts.OpenByIdentity(r.Context(), here.Token, here.Came)
	if errors.Is(err, fault.KindNotFound) {
		return p.showDeadLink(w, r, account.Invitation)
	}
	if err != nil {
		return err
	}
	return p.Proceed(w, r, shownBy(here.Came).as(person), "/")
}

func (p *Pages) ssoMayLink(w http.ResponseWriter, r *http.Request) error {
	here, ok := p.arrived(r, toLink)
	if !ok {
		http.Redirect(w, r, "/account", http.StatusSeeOther)
		return nil
	}
	view := p.ssoViewOf(here, kit.NewForm(nil), "/account/sso")
	return p.Kit.Show(w, r, kit.Page{Title: "Link single sign-on", Back: "/account"}, ssoLinkPage(view))
}

func (p *Pages) ssoDoLink(w http.ResponseWriter, r *http.Request) error {
	here, ok := p.arrived(r, toLink)
	if !ok {
		return p.Kit.Done(w, r, "/account", "Nothing was linked. Begin again from here.")
	}
	p.Kit.Sessions.Remove(r.Context(), arrivalKey)
	if err := p.Accounts.LinkIdentity(r.Context(), kit.Actor(r), here.Came); err != nil {
		return err
	}
	if err := p.renew(r); err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/account", "Single sign-on is linked with your account. You can sign in by it from now on.")
}

func (p *Pages) ssoUnlink(w http.ResponseWriter, r *http.Request) error {
	id := kit.FormOf(r).ID("linked")
	if id == 0 {
		return fault.NotFound()
	}
	if err := p.Accounts.UnlinkIdentity(r.Context(), kit.Actor(r), id, p.Kit.Sessions.Token(r.Context())); err != nil {
		return err
	}
	if err := p.renew(r); err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/account", "Single sign-on is taken away. You are signed out everywhere else.")
}

// shownBy is what a provider's word stands for.
func shownBy(came sso.Identity) Shown {
	shown := Shown{By: account.BySSO}
	if came.SecondFactor {
		shown.Second = account.WithTheProvider
	}
	return shown
}

// keep, take and look put something into the session, take it out for good, and look at it.
func (p *Pages) keep(ctx context.Context, key string, value any) error {
	text, err := json.Marshal(value)
	if err == nil {
		p.Kit.Sessions.Put(ctx, key, text)
	}
	return err
}

func (p *Pages) take(ctx context.Context, key string, into any) bool {
	return json.Unmarshal(p.Kit.Sessions.PopBytes(ctx, key), into) == nil
}

func (p *Pages) look(ctx context.Context, key string, into any) bool {
	return json.Unmarshal(p.Kit.Sessions.GetBytes(ctx, key), into) == nil
}
