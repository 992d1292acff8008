package signin

import (
	"errors"
	"net/http"
	"net/url"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/fault"
	"virtualschool/web/kit"
)

// Shown is what a first factor has found out: who is there, and how they showed it.
type Shown struct {
	Who access.Actor
	By  account.Way
	// Second is what stands for a second factor already: a passkey is two in one, and single sign-on
	// may say that it asked for one (amr). Empty: what the account has or its role asks comes next.
	Second account.Second
}

// as is the same, said of a person.
func (s Shown) as(who access.Actor) Shown {
	s.Who = who
	return s
}

// Proceed takes somebody on who has passed a first factor: to the second, where one is asked, or into
// the application, and then to the page they came for. Every first factor ends here, and nowhere else is
// a session given to anybody. Whoever calls it has made sure that the account is active.
func (p *Pages) Proceed(w http.ResponseWriter, r *http.Request, shown Shown, then string) error {
	now := p.Kit.DB.Now()
	proof := account.Proof{By: shown.By, Second: shown.Second, Since: now, At: now}
	step, _, err := p.Factors.Next(r.Context(), shown.Who, shown.Second)
	if err != nil {
		return err
	}
	if step != factor.Finished {
		return p.halt(w, r, shown.Who, proof, then)
	}
	if err := p.Accounts.SignedIn(r.Context(), shown.Who, proof); err != nil {
		return err
	}
	if err := p.enter(r, shown.Who.ID, proof); err != nil {
		return err
	}
	http.Redirect(w, r, after(then), http.StatusSeeOther)
	return nil
}

// Confirmed notes that the person of this session has just shown again who they are, for what
// access.NeedsFresh names: by their second factor, their password, or single sign-on with prompt=login.
// Whoever calls it has made sure that it was the same person. The session gets a new token.
func (p *Pages) Confirmed(r *http.Request) error {
	proof := account.PersonOf(r.Context()).Proof
	proof.At = p.Kit.DB.Now()
	return p.carryOn(r, proof)
}

// Resume goes on with what the person was asked to confirm for: it sends the form that is held, or opens
// the page. Whoever calls it has called Confirmed. what is kit.ConfirmThen, ConfirmHeld and ConfirmFrom as
// the address of kit.ConfirmPath has them.
func (p *Pages) Resume(w http.ResponseWriter, r *http.Request, what url.Values) error {
	if held := heldID(what); held != 0 {
		form, err := p.Kit.DB.TakeHeld(r.Context(), kit.Actor(r), held)
		if errors.Is(err, fault.KindNotFound) {
			p.Kit.Tell(r.Context(), "What you sent was dealt with before, or is too long ago. Look whether it is there, and send it again if not.")
			http.Redirect(w, r, after(what.Get(kit.ConfirmFrom)), http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		return p.Kit.Resend(w, r, form)
	}
	then := after(what.Get(kit.ConfirmThen))
	if isDownload(then) {
		then = confirmAddress(what) // which offers it, so that there is a page to go on from
	}
	http.Redirect(w, r, then, http.StatusSeeOther)
	return nil
}

// enter gives the request a session of its own: nothing of one that was there before goes on, least
// of all its token, which someone else may have planted.
func (p *Pages) enter(r *http.Request, accountID int64, proof account.Proof) error {
	if err := p.Kit.Sessions.Clear(r.Context()); err != nil {
		return err
	}
	if err := p.Kit.Sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	account.Belongs(r.Context(), accountID, proof)
	return nil
}

// renew gives the session a new token after something about its person's sign-in changed.
func (p *Pages) renew(r *http.Request) error {
	return p.carryOn(r, account.PersonOf(r.Context()).Proof)
}

func (p *Pages) carryOn(r *http.Request, proof account.Proof) error {
	if err := p.Kit.Sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	account.Belongs(r.Context(), account.PersonOf(r.Context()).ID, proof)
	return nil
}
