package sso

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"virtualschool/internal/fault"
)

// Desk sends people to their providers and takes them back.
type Desk struct {
	BaseURL  string // how browsers reach this site; no slash at the end
	Clock    func() time.Time
	counters []*counter
}

// NewDesk makes a desk for a council's providers.
func NewDesk(providers []Provider, baseURL string, clock func() time.Time) *Desk {
	d := &Desk{BaseURL: baseURL, Clock: clock}
	for _, p := range providers {
		d.counters = append(d.counters, &counter{Provider: p, http: caller(p)})
	}
	return d
}

// Providers are those there are, in the order of the list. A nil Desk has none.
func (d *Desk) Providers() []Provider {
	if d == nil {
		return nil
	}
	list := make([]Provider, len(d.counters))
	for i, c := range d.counters {
		list[i] = c.Provider
	}
	return list
}

// Provider finds one by its key, and false when there is none of that name.
func (d *Desk) Provider(key string) (Provider, bool) {
	if c := d.counter(key); c != nil {
		return c.Provider, true
	}
	return Provider{}, false
}

func (d *Desk) counter(key string) *counter {
	if d == nil {
		return nil
	}
	if i := slices.IndexFunc(d.counters, func(c *counter) bool { return c.Key == key }); i >= 0 {
		return d.counters[i]
	}
	return nil
}

// Trip is one way to a provider and back. It is kept with the session of the browser that makes it,
// on the server, and is used once.
type Trip struct {
	Provider string
	State    string
	Nonce    string
	Verifier string // of PKCE
	Began    time.Time
	Fresh    bool // the person was to prove themselves anew
}

// lasts is how long somebody may take at their provider.
const lasts = 10 * time.Minute

// Back is the path that a provider sends people back to. It is one for each, so that an answer of one
// is never taken for another's.
func Back(key string) string { return "/sso/" + key + "/back" }

// Begin gives the address to send a browser to. Fresh asks the provider to have the person prove
// themselves now, however lately they did. NotFound: no such provider. Unavailable: it does not answer.
func (d *Desk) Begin(ctx context.Context, key string, fresh bool) (address string, trip Trip, err error) {
	c := d.counter(key)
	if c == nil {
		return "", Trip{}, fault.NotFound()
	}
	found, err := c.discover(ctx, d.Clock())
	if err != nil {
		return "", Trip{}, c.unavailable(err)
	}
	trip = Trip{Provider: key, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Began: d.Clock(), Fresh: fresh}
	options := []oauth2.AuthCodeOption{oidc.Nonce(trip.Nonce), oauth2.S256ChallengeOption(trip.Verifier)}
	if fresh {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return d.client(c, found).AuthCodeURL(trip.State, options...), trip, nil
}

// Finish says who came back. Answer is the query of the address that the provider sent the browser to.
// Refused holds why an answer is not taken, for the log; Unavailable: the provider does not answer.
func (d *Desk) Finish(ctx context.Context, key string, trip Trip, answer url.Values) (Identity, error) {
	c := d.counter(key)
	if c == nil {
		return Identity{}, fault.NotFound()
	}
	if err := trip.begun(c); err != nil {
		return Identity{}, c.refuse(err) // without a word to the provider
	}
	found, err := c.discover(ctx, d.Clock())
	if err != nil {
		return Identity{}, c.unavailable(err)
	}
	code, err := trip.check(c, found, answer, d.Clock())
	if err != nil {
		return Identity{}, c.refuse(err)
	}
	ctx = oidc.ClientContext(ctx, c.http)
	token, err := d.client(c, found).Exchange(ctx, code, oauth2.VerifierOption(trip.Verifier))
	if err != nil {
		if answered, ok := errors.AsType[*oauth2.RetrieveError](err); ok && answered.Response.StatusCode < http.StatusInternalServerError {
			return Identity{}, c.refuse(fmt.Errorf("the code was not taken: %s", answered.ErrorCode))
		}
		return Identity{}, c.unavailable(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok || raw == "" {
		return Identity{}, c.refuse(errors.New("no ID token came with the code"))
	}
	read, err := found.provider.Verifier(&oidc.Config{ClientID: c.ClientID, SupportedSigningAlgs: signing, Now: d.Clock}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, c.refuse(err)
	}
	who, err := c.identify(read, trip, token.AccessToken, d.Clock())
	if err != nil {
		return Identity{}, c.refuse(err)
	}
	return who, nil
}

// signing are the ways of signing that are believed: those that need a private key.
var signing = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

func (d *Desk) client(c *counter, found *discovered) *oauth2.Config {
	return &oauth2.Config{ClientID: c.ClientID, ClientSecret: c.Secret, Endpoint: found.endpoint, RedirectURL: d.BaseURL + Back(c.Key),
		Scopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail}}
}

// begun says whether the browser set out for this provider at all.
func (t Trip) begun(c *counter) error {
	if t.State == "" || t.Provider != c.Key {
		return errors.New("this browser was not on its way here")
	}
	return nil
}

// check takes the code out of an answer that belongs to the trip.
func (t Trip) check(c *counter, found *discovered, answer url.Values, now time.Time) (code string, err error) {
	for _, name := range []string{"state", "code", "iss", "error"} {
		if len(answer[name]) > 1 {
			return "", fmt.Errorf("%s is there twice", name)
		}
	}
	if err := t.begun(c); err != nil {
		return "", err
	}
	issuer := answer.Get("iss")
	switch {
	case subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(t.State)) != 1:
		return "", errors.New("the state is another's")
	case now.Sub(t.Began) > lasts:
		return "", errors.New("it took too long")
	case issuer != "" && issuer != c.Issuer, issuer == "" && found.namesIssuer:
		return "", errors.New("the answer is another issuer's")
	case answer.Get("error") != "":
		return "", errors.New("the provider says no: " + errorName(answer.Get("error")))
	case answer.Get("code") == "" || len(answer.Get("code")) > 4096:
		return "", errors.New("no code came back")
	}
	return answer.Get("code"), nil
}

// counter is the desk's place for one provider.
type counter struct {
	Provider
	http *http.Client

	mu    sync.Mutex
	found *discovered
	until time.Time
}

// discovered is what a provider says of itself.
type discovered struct {
	provider    *oidc.Provider
	endpoint    oauth2.Endpoint
	namesIssuer bool // it says whose an answer is (RFC 9207)
}

// keeps is how long what a provider says of itself is believed without asking again.
const keeps = 12 * time.Hour

// discover asks the provider for its addresses. Where it said them before and does not answer now, what
// it said before still counts.
func (c *counter) discover(ctx context.Context, now time.Time) (*discovered, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found != nil && now.Before(c.until) {
		return c.found, nil
	}
	found, err := c.ask(ctx)
	if err != nil && c.found == nil {
		return nil, err
	}
	if err == nil {
		c.found = found
	}
	c.until = now.Add(keeps)
	return c.found, nil
}

func (c *counter) ask(ctx context.Context) (*discovered, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, c.http), c.Issuer)
	if err != nil {
		return nil, err
	}
	var says struct {
		Keys        string   `json:"jwks_uri"`
		Ways        []string `json:"token_endpoint_auth_methods_supported"`
		NamesIssuer bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&says); err != nil {
		return nil, err
	}
	found := &discovered{provider: provider, endpoint: provider.Endpoint(), namesIssuer: says.NamesIssuer}
	for _, address := range []string{found.endpoint.AuthURL, found.endpoint.TokenURL, says.Keys} {
		if u, err := url.Parse(address); err != nil || !c.calls(u) {
			return nil, fmt.Errorf("%w: %q. Add its host to hosts in the list if it is right", errHost, address)
		}
	}
	found.endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if slices.Contains(says.Ways, "client_secret_post") && !slices.Contains(says.Ways, "client_secret_basic") {
		found.endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return found, nil
}

// Refused is why an answer was not taken. Its text is for the log: it holds nothing of a token or a person.
type Refused struct {
	Provider string // its key
	Why      error
}

func (r *Refused) Error() string { return "sign-in by " + r.Provider + " refused: " + r.Why.Error() }

// Unwrap gives the reason.
func (r *Refused) Unwrap() error { return r.Why }

func (c *counter) refuse(why error) error {
	return fault.Wrap(fault.KindForbidden, "The answer of "+c.Name+" could not be used. Start again from here.", &Refused{c.Key, why})
}

// unavailable keeps the beginning of what went wrong for the log: a broken provider may answer with a whole page.
func (c *counter) unavailable(cause error) error {
	return fault.Wrap(fault.KindUnavailable, c.Name+" does not answer just now. Try again in a moment, or sign in another way.",
		fmt.Errorf("sign-in by %s: %.200s", c.Key, cause.Error()))
}

// errorName is an error's name in an answer if it looks like one (RFC 6749, section 4.1.2.1): it is logged.
func errorName(text string) string {
	if len(text) > 60 {
		return "an error"
	}
	for _, r := range text {
		if (r < 'a' || r > 'z') && r != '_' {
			return "an error"
		}
	}
	return text
}
