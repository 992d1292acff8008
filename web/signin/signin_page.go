package signin

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"virtualschool/internal/account"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type signInView struct {
	Form *kit.Form
	// Ended: a form was sent after its session had ended.
	Ended bool
	Demo  []account.DemoSignIn // in demo mode only
	// Providers are where one can sign in instead.
	Providers []sso.Provider
}

// ssoAddress leads to a provider, and after that to the page that was asked for.
func (v signInView) ssoAddress(key string) string {
	address := "/sso/" + key
	if then := after(v.Form.Value("then")); then != "/" {
		address += "?then=" + url.QueryEscape(then)
	}
	return address
}

// emailAddress leads to signing in by email, and after that to the page that was asked for.
func (v signInView) emailAddress() string {
	if then := after(v.Form.Value("then")); then != "/" {
		return "/sign-in/email?then=" + url.QueryEscape(then)
	}
	return "/sign-in/email"
}

// passwordButton steps back where single sign-on is the usual way.
func (v signInView) passwordButton() ui.ButtonKind {
	if len(v.Providers) > 0 {
		return ui.Secondary
	}
	return ui.Primary
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	then := after(r.URL.Query().Get("then"))
	if kit.Actor(r).Somebody() {
		http.Redirect(w, r, then, http.StatusSeeOther)
		return nil
	}
	return p.showSignIn(w, r, kit.NewForm(map[string]string{"then": then}), 0)
}

func (p *Pages) doSignIn(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	email, password := form.Value("email"), form.Value("password")
	if strings.TrimSpace(email) == "" {
		form.Problems.Add("email", "Enter your email address")
	}
	if password == "" {
		form.Problems.Add("password", "Enter your password")
	}
	if form.Err() != nil {
		return p.showSignIn(w, r, form, 0)
	}
	person, err := p.Accounts.SignIn(r.Context(), email, password, address(r))
	if status := refused(w, form, err); status != 0 {
		return p.showSignIn(w, r, form, status)
	}
	if err != nil {
		return err
	}
	return p.Proceed(w, r, Shown{Who: person, By: account.ByPassword}, form.Value("then"))
}

// refused takes what the person must correct or wait for into the form, and gives the status to
// answer with; 0 when the error is another, or none.
func refused(w http.ResponseWriter, form *kit.Form, err error) int {
	switch {
	case errors.Is(err, fault.KindTooMany):
		form.Problems.Add("", fault.Words(err))
		w.Header().Set("Retry-After", fmt.Sprint(int((fault.RetryAfter(err)+time.Second-1)/time.Second)))
		return http.StatusTooManyRequests
	case form.Refuses(err):
		return http.StatusUnprocessableEntity
	}
	return 0
}

// after is the page to open next: one of ours, and not the way in again.
func after(then string) string {
	then = kit.LocalPath(then)
	if strings.HasPrefix(then, "/sign-") {
		return "/"
	}
	return then
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	view := signInView{Form: form, Ended: r.URL.Query().Get("ended") != "", Providers: p.Accounts.SSO.Providers()}
	if p.Accounts.Demo {
		var batch postgres.Batch
		account.QueueDemoSignIns(&batch, &view.Demo)
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Sign in", Form: form, Status: status, OutOfApp: true}, signInPage(view))
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if who := kit.Actor(r); who.Somebody() {
		if err := p.Accounts.SignedOut(r.Context(), who); err != nil {
			return err
		}
	}
	if err := p.Kit.Sessions.Destroy(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
