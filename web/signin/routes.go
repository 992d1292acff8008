package signin

import (
	"net"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Accounts *account.Service
	Factors  *factor.Service
}

// Routes registers the pages. Those registered with Open are for people who have not signed in.
func Routes(rt *kit.Router, p *Pages) {
	rt.Open(http.MethodGet, "/sign-in", p.signIn)
	rt.Open(http.MethodPost, "/sign-in", p.doSignIn)
	rt.Open(http.MethodGet, "/sign-in/email", p.emailLink)
	rt.Open(http.MethodPost, "/sign-in/email", p.askEmailLink)
	rt.Open(http.MethodGet, "/sign-in/code", p.code)
	rt.Open(http.MethodPost, "/sign-in/code", p.useCode)
	rt.Open(http.MethodGet, "/sign-in/link/{token}", p.signInLink)
	rt.Open(http.MethodPost, "/sign-in/link/{token}", p.useSignInLink)
	rt.Open(http.MethodPost, "/sign-in/passkey", p.passkeySignIn)
	rt.Open(http.MethodPost, "/passkeys/options", p.passkeyOptions)
	rt.Open(http.MethodGet, secondPath, p.second)
	rt.Open(http.MethodPost, secondPath, p.giveSecond)
	rt.Open(http.MethodGet, secondPath+"/app", p.adding(p.app))
	rt.Open(http.MethodPost, secondPath+"/app", p.adding(p.addApp))
	rt.Open(http.MethodGet, secondPath+"/passkey", p.adding(p.passkey))
	rt.Open(http.MethodPost, secondPath+"/passkey", p.adding(p.addPasskey))
	rt.Open(http.MethodPost, "/sign-out", p.signOut)
	rt.Open(http.MethodGet, "/forgot", p.forgot)
	rt.Open(http.MethodPost, "/forgot", p.doForgot)
	rt.Open(http.MethodGet, "/reset/{token}", p.link(account.ResetLink))
	rt.Open(http.MethodPost, "/reset/{token}", p.reset)
	rt.Open(http.MethodGet, "/invitation/{token}", p.link(account.Invitation))
	rt.Open(http.MethodPost, "/invitation/{token}", p.accept)
	rt.Open(http.MethodGet, "/sso/{provider}", p.ssoSignIn)
	rt.Open(http.MethodGet, "/sso/{provider}/back", p.ssoBack)
	rt.Open(http.MethodGet, "/invitation/{token}/sso/{provider}", p.ssoOpen)
	rt.Open(http.MethodGet, "/invitation/{token}/sso", p.ssoMayOpen)
	rt.Open(http.MethodPost, "/invitation/{token}/sso", p.ssoDoOpen)
	rt.Get(kit.ConfirmPath, access.UseOwnAccount, p.confirm)
	rt.Post(kit.ConfirmPath, access.UseOwnAccount, p.doConfirm)
	rt.Get("/account", access.UseOwnAccount, p.own)
	rt.Get("/account/sso/{provider}", access.UseOwnAccount, p.ssoLink)
	rt.Get("/account/sso", access.UseOwnAccount, p.ssoMayLink)
	rt.Post("/account/sso", access.UseOwnAccount, p.ssoDoLink)
	rt.Get(kit.ConfirmPath+"/sso/{provider}", access.UseOwnAccount, p.ssoProve)
	rt.Post("/account/sso/end", access.UseOwnAccount, p.ssoUnlink)
	rt.Post(factorsPath, access.ChangeFactors, p.changeFactors)
	rt.Get(factorsPath+"/app", access.ChangeFactors, p.adding(p.app))
	rt.Post(factorsPath+"/app", access.ChangeFactors, p.adding(p.addApp))
	rt.Get(factorsPath+"/passkey", access.ChangeFactors, p.adding(p.passkey))
	rt.Post(factorsPath+"/passkey", access.ChangeFactors, p.adding(p.addPasskey))
	rt.Post("/account/password", access.UseOwnAccount, p.changePassword)
	rt.Post("/account/still-here", access.UseOwnAccount, p.stillHere)
	rt.Post("/account/sessions", access.UseOwnAccount, p.endSessions)
}

// address is where a request comes from; the server has put there what a trusted proxy says.
func address(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
