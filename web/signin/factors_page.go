package signin

import (
	"net/http"
	"strings"

	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// factorsPath is where a person who is signed in adds and removes their factors.
const factorsPath = "/account/factors"

type appView struct {
	Form   *kit.Form
	Action string
	Back   string
	Offer  factor.AddApp
	Code   ui.Code
}

type passkeyView struct {
	Form   *kit.Form
	Action string
	Back   string
	Role   string // whose role needs a passkey; empty: it is added by choice
}

type codesView struct {
	Codes []string
	Then  string
}

// setting is where a factor is set up: half-way at sign-in or on the account page.
func setting(r *http.Request) (base, back string) {
	if strings.HasPrefix(r.URL.Path, secondPath) {
		return secondPath, secondPath
	}
	return factorsPath, "/account"
}

// adding wraps a page that adds a factor, for those who may now.
func (p *Pages) adding(handler kit.Handler) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !p.mayAdd(r, person(r)) {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return nil
		}
		return handler(w, r)
	}
}

func (p *Pages) app(w http.ResponseWriter, r *http.Request) error {
	return p.showApp(w, r, kit.NewForm(nil), p.Factors.BeginApp(person(r)), 0)
}

func (p *Pages) showApp(w http.ResponseWriter, r *http.Request, form *kit.Form, offer factor.AddApp, status int) error {
	base, back := setting(r)
	view := appView{Form: form, Action: base + "/app", Back: back, Offer: offer}
	var err error
	if view.Code, err = ui.CodeOf(offer.Address); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Set up an authenticator app", Back: back, Form: form, Status: status, OutOfApp: base == secondPath}, appPage(view))
}

func (p *Pages) addApp(w http.ResponseWriter, r *http.Request) error {
	form, who := kit.FormOf(r), person(r)
	offer, err := p.Factors.AgainApp(who, form.Value("sealed"))
	if err != nil {
		offer = p.Factors.BeginApp(who)
	}
	var codes []string
	if form.Required("code", "The code", 20); form.Err() == nil && err == nil {
		codes, err = p.Factors.AddApp(r.Context(), who, offer.Sealed, form.Value("code"), address(r))
	}
	if status := refused(w, form, err); status != 0 || form.Err() != nil {
		return p.showApp(w, r, form, offer, status)
	}
	if err != nil {
		return err
	}
	return p.added(w, r, account.WithApp, codes)
}

func (p *Pages) passkey(w http.ResponseWriter, r *http.Request) error {
	return p.showPasskey(w, r, kit.NewForm(nil))
}

func (p *Pages) showPasskey(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	base, back := setting(r)
	view := passkeyView{Form: form, Action: base + "/passkey", Back: back}
	page := kit.Page{Title: "Set up a passkey", Back: back, Form: form, OutOfApp: base == secondPath}
	if at := account.PersonOf(r.Context()); at.Halfway.Somebody() {
		step, _, err := p.Factors.Next(r.Context(), at.Halfway, at.Proof.Second)
		if err != nil {
			return err
		}
		if step == factor.SetUpPasskey {
			view.Role, page.Back = at.Halfway.Role.Name(), ""
		}
	}
	return p.Kit.Show(w, r, page, passkeyPage(view))
}

func (p *Pages) addPasskey(w http.ResponseWriter, r *http.Request) error {
	form, who := kit.FormOf(r), person(r)
	codes, err := p.Factors.AddPasskey(r.Context(), who, p.kept(r, who), []byte(form.Value("credential")), form.Value("name"))
	if form.Refuses(err) {
		return p.showPasskey(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.added(w, r, account.WithPasskey, codes)
}

// added goes on after a factor was set up: with the recovery codes, where there are new ones, and for
// somebody half-way into the application. The session gets a new token.
func (p *Pages) added(w http.ResponseWriter, r *http.Request, by account.Second, codes []string) error {
	at := account.PersonOf(r.Context())
	then := "/account"
	var err error
	if at.Halfway.Somebody() {
		at.Proof.Second = by
		then, err = p.letIn(r, at.Halfway, at.Proof)
	} else {
		err = p.renew(r)
	}
	if err != nil {
		return err
	}
	if len(codes) > 0 {
		return p.Kit.Show(w, r, kit.Page{Title: "Recovery codes", OutOfApp: true}, codesPage(codesView{codes, then}))
	}
	return p.Kit.Done(w, r, then, "It is set up. You are asked for it when you sign in.")
}

// changeFactors removes one of the person's own factors, or renews their recovery codes.
func (p *Pages) changeFactors(w http.ResponseWriter, r *http.Request) error {
	form, who := kit.FormOf(r), kit.Actor(r)
	if form.Value("do") == "codes" {
		codes, err := p.Factors.RenewCodes(r.Context(), who)
		if err != nil {
			return err
		}
		return p.added(w, r, account.NoSecond, codes)
	}
	remove := func() error { return p.Factors.RemovePasskey(r.Context(), who, form.ID("passkey")) }
	if form.Value("do") == "remove-app" {
		remove = func() error { return p.Factors.RemoveApp(r.Context(), who) }
	}
	if err := remove(); err != nil {
		return err
	}
	if err := p.renew(r); err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/account", "It is removed.")
}
