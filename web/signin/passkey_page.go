package signin

import (
	"encoding/json"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/fault"
	"virtualschool/web/kit"
)

// keptKey is where a session keeps what a browser was asked for, until it answers, once.
const keptKey = "passkey_asked"

// keptAsk is that, with whom it was asked of.
type keptAsk struct {
	Account int64
	Kept    []byte
}

// passkeyOptions tells the page's script what to ask the browser for: to make a passkey, or to use one.
func (p *Pages) passkeyOptions(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	who := person(r)
	var asked factor.Asked
	var err error
	switch form.Value("for") {
	case "sign-in":
		who = access.Actor{}
		asked, err = p.Factors.BeginPasskey(r.Context(), who)
	case "prove":
		if !who.Somebody() {
			return fault.NotFound()
		}
		asked, err = p.Factors.BeginPasskey(r.Context(), who)
	case "add":
		if !p.mayAdd(r, who) {
			return fault.NotFound()
		}
		asked, err = p.Factors.BeginAdd(r.Context(), who)
	default:
		return fault.NotFound()
	}
	if err != nil {
		return err
	}
	held, err := json.Marshal(keptAsk{who.ID, asked.Kept})
	if err != nil {
		return err
	}
	p.Kit.Sessions.Put(r.Context(), keptKey, held)
	return p.Kit.Send(w, r, "application/json", "", asked.Options)
}

// person is who is signed in or half-way.
func person(r *http.Request) access.Actor {
	at := account.PersonOf(r.Context())
	if at.Halfway.Somebody() {
		return at.Halfway
	}
	return at.Actor
}

// mayAdd says whether a factor may be added now: by somebody who has just shown who they are, or who must
// set one up before they are let in.
func (p *Pages) mayAdd(r *http.Request, who access.Actor) bool {
	at := account.PersonOf(r.Context())
	if !at.Halfway.Somebody() {
		return at.Somebody() && p.Kit.Fresh(r.Context())
	}
	step, _, err := p.Factors.Next(r.Context(), who, at.Proof.Second)
	return err == nil && (step == factor.SetUp || step == factor.SetUpPasskey)
}

// kept is what the browser was asked for, taken out of the session; nothing when it was asked of another.
func (p *Pages) kept(r *http.Request, who access.Actor) []byte {
	var ask keptAsk
	if json.Unmarshal(p.Kit.Sessions.PopBytes(r.Context(), keptKey), &ask) != nil || ask.Account != who.ID {
		return nil
	}
	return ask.Kept
}

// passkeySignIn lets in whoever has a passkey for this site: device and PIN are both factors.
func (p *Pages) passkeySignIn(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	who, err := p.Factors.ProveByPasskey(r.Context(), access.Actor{}, p.kept(r, access.Actor{}), []byte(form.Value("credential")), address(r))
	if form.Refuses(err) {
		return p.showSignIn(w, r, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return p.Proceed(w, r, Shown{Who: who, By: account.ByPasskey, Second: account.WithPasskey}, form.Value("then"))
}
