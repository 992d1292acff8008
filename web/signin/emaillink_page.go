package signin

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/web/kit"
)

// The session's places for what the browser that asked for a link holds, and the page it wanted.
const browserKey, linkThenKey = "link_browser", "link_then"

func (p *Pages) emailLink(w http.ResponseWriter, r *http.Request) error {
	return p.showEmailLink(w, r, kit.NewForm(map[string]string{"then": after(r.URL.Query().Get("then"))}), 0)
}

func (p *Pages) askEmailLink(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	browser := account.NewBrowser()
	err := p.Accounts.AskSignInLink(r.Context(), form.Value("email"), address(r), browser)
	if status := refused(w, form, err); status != 0 {
		return p.showEmailLink(w, r, form, status)
	}
	if err != nil {
		return err
	}
	p.Kit.Sessions.Put(r.Context(), browserKey, browser)
	p.Kit.Sessions.Put(r.Context(), linkThenKey, after(form.Value("then")))
	http.Redirect(w, r, "/sign-in/code", http.StatusSeeOther)
	return nil
}

func (p *Pages) showEmailLink(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Sign in by email", Back: "/sign-in", Form: form, Status: status, OutOfApp: true}, emailLinkPage(form))
}

// code is the page that waits for the code, in the browser that asked.
func (p *Pages) code(w http.ResponseWriter, r *http.Request) error {
	if !p.Kit.Sessions.Exists(r.Context(), browserKey) {
		http.Redirect(w, r, "/sign-in/email", http.StatusSeeOther)
		return nil
	}
	return p.showCode(w, r, kit.NewForm(nil), 0)
}

func (p *Pages) useCode(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	code := form.Required("code", "The code", 40)
	err := form.Err()
	var shown Shown
	if err == nil {
		shown.Who, err = p.Accounts.SignInByCode(r.Context(), code, p.Kit.Sessions.GetString(r.Context(), browserKey), address(r))
	}
	if status := refused(w, form, err); status != 0 {
		return p.showCode(w, r, form, status)
	}
	if err != nil {
		return err
	}
	shown.By = account.ByEmailLink
	return p.Proceed(w, r, shown, p.Kit.Sessions.GetString(r.Context(), linkThenKey))
}

func (p *Pages) showCode(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Check your email", Form: form, Status: status, OutOfApp: true}, codePage(form))
}

// signInLink shows a button and uses nothing up: programs that scan mail open links too.
func (p *Pages) signInLink(w http.ResponseWriter, r *http.Request) error {
	err := p.Accounts.SignInLinkWaits(r.Context(), chi.URLParam(r, "token"), p.Kit.Sessions.GetString(r.Context(), browserKey))
	switch {
	case errors.Is(err, fault.KindNotFound):
		return p.showDeadSignInLink(w, r)
	case errors.Is(err, fault.KindConflict):
		return p.Kit.Show(w, r, kit.Page{Title: "Go on where you asked for this", Status: http.StatusConflict, OutOfApp: true}, otherBrowserPage())
	case err != nil:
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Sign in", OutOfApp: true}, signInLinkPage(r.URL.Path))
}

func (p *Pages) useSignInLink(w http.ResponseWriter, r *http.Request) error {
	person, err := p.Accounts.SignInByLink(r.Context(), chi.URLParam(r, "token"), p.Kit.Sessions.GetString(r.Context(), browserKey))
	if errors.Is(err, fault.KindNotFound) {
		return p.showDeadSignInLink(w, r)
	}
	if err != nil {
		return err
	}
	return p.Proceed(w, r, Shown{Who: person, By: account.ByEmailLink}, p.Kit.Sessions.GetString(r.Context(), linkThenKey))
}

func (p *Pages) showDeadSignInLink(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Show(w, r, kit.Page{Title: "This link no longer works", Status: http.StatusNotFound, OutOfApp: true}, deadLinkPage(account.SignInLink))
}
