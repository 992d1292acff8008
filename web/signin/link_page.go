package signin

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/fault"
	"virtualschool/web/kit"
)

func (p *Pages) forgot(w http.ResponseWriter, r *http.Request) error {
	return p.showForgot(w, r, kit.NewForm(nil), 0)
}

func (p *Pages) doForgot(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	err := p.Accounts.AskReset(r.Context(), form.Value("email"), address(r))
	if status := refused(w, form, err); status != 0 {
		return p.showForgot(w, r, form, status)
	}
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Check your email", OutOfApp: true}, askedPage())
}

func (p *Pages) showForgot(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Forgotten your password?", Back: "/sign-in", Form: form, Status: status, OutOfApp: true}, forgotPage(form))
}

type linkView struct {
	Form    *kit.Form
	Purpose account.Purpose
	Holder  account.Account
	Action  string
	// Providers are where an account can be opened without a password.
	Providers []sso.Provider
}

func (v linkView) ssoAddress(key string) string { return v.Action + "/sso/" + key }

// Title of the page that a link leads to.
func (v linkView) Title() string {
	if v.Purpose == account.Invitation {
		return "Open your account"
	}
	return "Choose a new password"
}

// link shows the page of a link. Opening it uses nothing up: programs that scan mail open links too.
func (p *Pages) link(purpose account.Purpose) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return p.showLink(w, r, purpose, kit.NewForm(nil))
	}
}

// accept opens an account and takes its person on: the link and the password they chose are a first factor.
func (p *Pages) accept(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	password := newPassword(form)
	err := form.Err()
	var who access.Actor
	if err == nil {
		who, err = p.Accounts.AcceptInvitation(r.Context(), chi.URLParam(r, "token"), password)
	}
	if err != nil {
		return p.linkRefused(w, r, account.Invitation, form, err)
	}
	return p.Proceed(w, r, Shown{Who: who, By: account.ByPassword}, "/")
}

// reset sets a new password. Its person signs in with it: a letter box alone opens nothing.
func (p *Pages) reset(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	password := newPassword(form)
	err := form.Err()
	if err == nil {
		err = p.Accounts.Reset(r.Context(), chi.URLParam(r, "token"), password)
	}
	if err != nil {
		return p.linkRefused(w, r, account.ResetLink, form, err)
	}
	return p.Kit.Done(w, r, "/sign-in", "Your password is set. Sign in with it.")
}

func (p *Pages) linkRefused(w http.ResponseWriter, r *http.Request, purpose account.Purpose, form *kit.Form, err error) error {
	switch {
	case form.Refuses(err):
		return p.showLink(w, r, purpose, form)
	case errors.Is(err, fault.KindNotFound):
		return p.showDeadLink(w, r, purpose)
	}
	return err
}

// newPassword reads a password typed twice, exactly as typed.
func newPassword(form *kit.Form) string {
	password := form.Value("password")
	switch {
	case password == "":
		form.Problems.Add("password", "Enter a new password")
	case form.Value("again") != password:
		form.Problems.Add("again", "Type the same password twice")
	}
	return password
}

func (p *Pages) showLink(w http.ResponseWriter, r *http.Request, purpose account.Purpose, form *kit.Form) error {
	view := linkView{Form: form, Purpose: purpose, Action: r.URL.Path}
	var err error
	view.Holder, err = p.Accounts.Holder(r.Context(), purpose, chi.URLParam(r, "token"))
	if errors.Is(err, fault.KindNotFound) {
		return p.showDeadLink(w, r, purpose)
	}
	if err != nil {
		return err
	}
	if purpose == account.Invitation {
		view.Providers = p.Accounts.SSO.Providers()
	}
	return p.Kit.Show(w, r, kit.Page{Title: view.Title(), Form: form, OutOfApp: true}, linkPage(view))
}

func (p *Pages) showDeadLink(w http.ResponseWriter, r *http.Request, purpose account.Purpose) error {
	return p.Kit.Show(w, r, kit.Page{Title: "This link no longer works", Status: http.StatusNotFound, OutOfApp: true}, deadLinkPage(purpose))
}
