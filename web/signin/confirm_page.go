package signin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

type confirmView struct {
	Form *kit.Form
	// What is to come: kit.ConfirmThen or kit.ConfirmHeld, and kit.ConfirmFrom.
	What  url.Values
	Back  string
	Sends bool // a form waits
	Done  bool // already confirmed
	// Providers are those linked with the account, where the person can show it too.
	Providers []sso.Provider
	Has       factor.Has
}

// what reads what is to come after confirming, from the page's address or its form.
func what(get func(string) string) url.Values {
	next := url.Values{}
	for _, name := range []string{kit.ConfirmThen, kit.ConfirmHeld, kit.ConfirmFrom} {
		if value := get(name); value != "" && len(value) <= mostAddress {
			next.Set(name, value)
		}
	}
	return next
}

// mostAddress is longer than any address of ours.
const mostAddress = 2000

// heldID is the form that waits; 0 for none.
func heldID(what url.Values) int64 {
	id, _ := strconv.ParseInt(what.Get(kit.ConfirmHeld), 10, 64)
	return max(id, 0)
}

func confirmAddress(what url.Values) string { return kit.ConfirmPath + "?" + what.Encode() }

// isDownload says whether a page is a file to take away.
func isDownload(address string) bool {
	path, _, _ := strings.Cut(address, "?")
	return kit.Downloads(path)
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	next := what(r.URL.Query().Get)
	then := after(next.Get(kit.ConfirmThen))
	if p.Kit.Fresh(r.Context()) && next.Get(kit.ConfirmHeld) == "" && !isDownload(then) {
		http.Redirect(w, r, then, http.StatusSeeOther)
		return nil
	}
	return p.showConfirm(w, r, kit.NewForm(nil), next, 0)
}

func (p *Pages) doConfirm(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	next := what(form.Value)
	if p.Kit.Fresh(r.Context()) { // in another window, meanwhile
		return p.Resume(w, r, next)
	}
	err := p.takeProof(r, form)
	if status := refused(w, form, err); status != 0 {
		return p.showConfirm(w, r, form, next, status)
	}
	if err != nil {
		return err
	}
	if err := p.Confirmed(r); err != nil {
		return err
	}
	return p.Resume(w, r, next)
}

// takeProof checks what a form gives: a second factor of those who have one, the password of others.
func (p *Pages) takeProof(r *http.Request, form *kit.Form) error {
	who := kit.Actor(r)
	var has factor.Has
	var batch postgres.Batch
	factor.QueueHas(&batch, &has, who.ID)
	if err := p.Kit.DB.View(r.Context(), who, &batch); err != nil {
		return err
	}
	if has.Any() {
		_, err := p.takeSecond(r, form, who)
		return err
	}
	if form.Value("password") == "" {
		form.Problems.Add("password", "Enter your password")
		return form.Err()
	}
	return p.Accounts.Confirm(r.Context(), who, form.Value("password"), address(r))
}

func (p *Pages) showConfirm(w http.ResponseWriter, r *http.Request, form *kit.Form, next url.Values, status int) error {
	view := confirmView{Form: form, What: next, Back: after(next.Get(kit.ConfirmFrom)), Done: p.Kit.Fresh(r.Context()), Sends: next.Get(kit.ConfirmHeld) != ""}
	var batch postgres.Batch
	factor.QueueHas(&batch, &view.Has, kit.Actor(r).ID)
	if view.Sends {
		postgres.QueueHeldFrom(&batch, &view.Back, kit.Actor(r), heldID(next))
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if view.Back == "" {
		return p.Resume(w, r, next) // which says that nothing waits any more
	}
	if view.Providers = p.Accounts.SSO.Providers(); len(view.Providers) > 0 {
		var linked []account.Linked
		var batch postgres.Batch
		account.QueueLinked(&batch, &linked, kit.Actor(r).ID)
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
		view.Providers = slices.DeleteFunc(view.Providers, func(provider sso.Provider) bool {
			return !slices.ContainsFunc(linked, func(one account.Linked) bool { return one.Provider == provider.Key })
		})
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Confirm it is you", Form: form, Status: status}, confirmPage(view))
}
