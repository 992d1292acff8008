package sso_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/account/sso/ssotest"
	"virtualschool/internal/fault"
)

const here = "https://vs.westmoor.test"

// town is a provider and the desk that knows it, with one clock that a test sets on.
type town struct {
	*testing.T
	*ssotest.Provider
	desk *sso.Desk
	late atomic.Int64
}

func open(t *testing.T, change ...func(*sso.Provider)) *town {
	t.Helper()
	w := &town{T: t, Provider: ssotest.New(t, here+sso.Back("council"))}
	w.Clock = func() time.Time { return time.Now().Add(time.Duration(w.late.Load())) }
	known := sso.Provider{Key: "council", Name: "Westmoor Council", Issuer: w.Issuer, ClientID: ssotest.ClientID, Secret: ssotest.Secret}
	for _, one := range change {
		one(&known)
	}
	w.desk = sso.NewDesk([]sso.Provider{known}, here, w.Clock)
	return w
}

// leaves sends somebody to the provider and gives what the provider sends back.
func (w *town) leaves(fresh bool) (sso.Trip, url.Values) {
	w.Helper()
	address, trip, err := w.desk.Begin(w.Context(), "council", fresh)
	if err != nil {
		w.Fatal(err)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Get(address)
	if err != nil {
		w.Fatal(err)
	}
	answer.Body.Close()
	back, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || answer.StatusCode != http.StatusFound || !strings.HasPrefix(back.String(), here+"/sso/council/back?") {
		w.Fatalf("%d, to %s, %v", answer.StatusCode, back, err)
	}
	return trip, back.Query()
}

// comes goes there and back.
func (w *town) comes() (sso.Identity, error) {
	w.Helper()
	trip, answer := w.leaves(false)
	return w.desk.Finish(w.Context(), "council", trip, answer)
}

// refused says whether an answer was refused for a reason with these words in it.
func refused(err error, words string) bool {
	why, ok := errors.AsType[*sso.Refused](err)
	return ok && errors.Is(err, fault.KindForbidden) && strings.Contains(why.Error(), words)
}

func TestSomebodyComesBack(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Claims["amr"] = []string{"pwd", "mfa"}
	who, err := w.comes()
	if err != nil {
		t.Fatal(err)
	}
	want := sso.Identity{Provider: "council", Issuer: w.Issuer, Subject: "subject-1", Email: "ruth.adeyemi@westmoor.test", SecondFactor: true}
	if who != want {
		t.Errorf("came back as %+v, want %+v", who, want)
	}
	if _, err := w.comes(); err != nil {
		t.Fatal(err)
	}
	asked := w.Seen()
	if n := len(slices.DeleteFunc(asked, func(one string) bool { return one != "GET /.well-known/openid-configuration" })); n != 1 {
		t.Errorf("asked the provider about itself %d times for two people", n)
	}
}

// TestBadTokens: every wrong token is refused, and for the reason that is wrong with it.
//
// ASVS 5.0: 6.8.2, 9.1.1, 9.1.2, 9.1.3, 9.2.1, 9.2.3, 10.5.1, 10.5.4
func TestBadTokens(t *testing.T) {
	t.Parallel()
	claim := func(name string, value any) func(*ssotest.Provider) {
		return func(p *ssotest.Provider) {
			p.Token = func(claims map[string]any) {
				claims[name] = value
				if value == nil {
					delete(claims, name)
				}
			}
		}
	}
	signed := func(by func(header, claims map[string]any) string) func(*ssotest.Provider) {
		return func(p *ssotest.Provider) { p.Signed = by }
	}
	at := func(by time.Duration) int64 { return time.Now().Add(by).Unix() }
	for _, tt := range []struct {
		name  string
		wrong func(*ssotest.Provider)
		words string
	}{
		{"another issuer", claim("iss", "https://evil.test"), "different provider"},
		{"no issuer", claim("iss", nil), "different provider"},
		{"another audience", claim("aud", "another-program"), "audience"},
		{"several audiences and nobody named", claim("aud", []string{ssotest.ClientID, "another-program"}), "another program"},
		{"given to another program", claim("azp", "another-program"), "another program"},
		{"another nonce", claim("nonce", "of another way"), "nonce"},
		{"no nonce", claim("nonce", nil), "nonce"},
		{"expired", claim("exp", at(-time.Minute)), "expired"},
		{"no end", claim("exp", nil), "expired"},
		{"not yet valid", claim("nbf", at(time.Hour)), "not before"},
		{"valid a little later", claim("nbf", at(4*time.Minute)), "only later"},
		{"issued in the future", claim("iat", at(time.Hour)), "not issued on this way"},
		{"issued long ago", claim("iat", at(-time.Hour)), "not issued on this way"},
		{"no time of issue", claim("iat", nil), "not issued on this way"},
		{"no subject", claim("sub", nil), "no usable subject"},
		{"an endless subject", claim("sub", strings.Repeat("s", 256)), "no usable subject"},
		{"a subject with a null", claim("sub", "a\x00b"), "no usable subject"},
		{"a subject that is a number", claim("sub", 7), "unmarshal"},
		{"a time that is none", claim("auth_time", "yesterday"), "wrong form"},
		{"another access token", claim("at_hash", "bm90IGl0IGF0IGFsbCE"), "hash"},
		{"algorithm none", signed(ssotest.Unsigned), "malformed"},
		{"the client's secret as a key", signed(ssotest.SignWithSecret([]byte(ssotest.Secret))), "malformed"},
		{"the public key as a secret", signed(ssotest.SignWithSecret(ssotest.PublicKey())), "malformed"},
		{"another's key under the same name", signed(ssotest.SignWithAnother), "signature"},
		{"a key nobody knows", signed(func(header, claims map[string]any) string {
			header["kid"] = "99"
			return ssotest.SignWithAnother(header, claims)
		}), "signature"},
		{"changed after signing", signed(func(header, claims map[string]any) string {
			parts := strings.Split(ssotest.Sign(header, claims), ".")
			claims["sub"] = "subject-2"
			parts[1] = strings.Split(ssotest.Unsigned(header, claims), ".")[1]
			return strings.Join(parts, ".")
		}), "signature"},
		{"no token at all", signed(func(_, _ map[string]any) string { return "" }), "no ID token"},
		{"a token that is none", signed(func(_, _ map[string]any) string { return "a.b.c" }), "malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			tt.wrong(w.Provider)
			if who, err := w.comes(); !refused(err, tt.words) {
				t.Errorf("let in as %+v, %v; want it refused for %q", who, err, tt.words)
			}
			w.Token, w.Signed = nil, nil
			if _, err := w.comes(); err != nil {
				t.Errorf("and after that a right one: %v", err)
			}
		})
	}
}

// TestBadAnswers: what a browser brings back must belong to the way it was sent on.
//
// ASVS 5.0: 10.1.2, 10.2.1, 10.2.2
func TestBadAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		wrong func(w *town, trip *sso.Trip, answer url.Values)
		words string
	}{
		{"a browser that was not on its way", func(_ *town, trip *sso.Trip, _ url.Values) { *trip = sso.Trip{} }, "not on its way"},
		{"the state of another browser", func(w *town, _ *sso.Trip, answer url.Values) {
			_, others := w.leaves(false)
			answer.Set("state", others.Get("state"))
		}, "state"},
		{"no state", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Del("state") }, "state"},
		{"two states", func(_ *town, trip *sso.Trip, answer url.Values) { answer["state"] = []string{trip.State, "b"} }, "twice"},
		{"another's code", func(w *town, _ *sso.Trip, answer url.Values) {
			_, others := w.leaves(false)
			answer.Set("code", others.Get("code"))
		}, "invalid_grant"},
		{"a wrong verifier", func(_ *town, trip *sso.Trip, _ url.Values) { trip.Verifier += "x" }, "invalid_grant"},
		{"a code used before", func(w *town, trip *sso.Trip, answer url.Values) {
			if _, err := w.desk.Finish(w.Context(), "council", *trip, answer); err != nil {
				w.Error(err)
			}
		}, "invalid_grant"},
		{"a made-up code", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Set("code", "made up") }, "invalid_grant"},
		{"no code", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Del("code") }, "no code"},
		{"an endless code", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Set("code", strings.Repeat("c", 5000)) }, "no code"},
		{"another issuer's answer", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Set("iss", "https://evil.test") }, "another issuer"},
		{"an answer of nobody in particular", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Del("iss") }, "another issuer"},
		{"a way to another provider", func(_ *town, trip *sso.Trip, _ url.Values) { trip.Provider = "other" }, "not on its way"},
		{"the person said no", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Set("error", "access_denied") }, "access_denied"},
		{"an error with markup", func(_ *town, _ *sso.Trip, answer url.Values) { answer.Set("error", "<script>") }, "says no: an error"},
		{"too late", func(w *town, _ *sso.Trip, _ url.Values) { w.late.Add(int64(11 * time.Minute)) }, "too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			trip, answer := w.leaves(false)
			tt.wrong(w, &trip, answer)
			if who, err := w.desk.Finish(t.Context(), "council", trip, answer); !refused(err, tt.words) {
				t.Errorf("let in as %+v, %v; want it refused for %q", who, err, tt.words)
			}
		})
	}
}

// TestTheWallAroundAProvider: nobody is called but the hosts of the list, no redirect is followed, and
// what is slow or endless is left.
//
// ASVS 5.0: 1.3.6, 10.5.3, 13.2.4, 13.2.5, 15.3.2
func TestTheWallAroundAProvider(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		wrong func(w *town)
		words string
	}{
		{"keys elsewhere", func(w *town) {
			w.Discovery = func(says map[string]any) { says["jwks_uri"] = "http://169.254.169.254/keys" }
		}, "outside"},
		{"tokens elsewhere", func(w *town) {
			w.Discovery = func(says map[string]any) { says["token_endpoint"] = "https://evil.test/token" }
		}, "outside"},
		{"sends browsers elsewhere", func(w *town) {
			w.Discovery = func(says map[string]any) { says["authorization_endpoint"] = "https://evil.test/" }
		}, "outside"},
		{"no tokens", func(w *town) { w.Discovery = func(says map[string]any) { delete(says, "token_endpoint") } }, "outside"},
		{"calls itself another", func(w *town) { w.Discovery = func(says map[string]any) { says["issuer"] = "https://evil.test" } }, "did not match"},
		{"a redirect", func(w *town) {
			w.Before = func(rw http.ResponseWriter, r *http.Request) bool {
				http.Redirect(rw, r, "/elsewhere", http.StatusFound)
				return true
			}
		}, "redirect"},
		{"an endless answer", func(w *town) {
			w.Before = func(rw http.ResponseWriter, r *http.Request) bool {
				rw.Header().Set("Content-Type", "application/json")
				rw.Write([]byte(`{"issuer":"` + strings.Repeat("x", 2<<20) + `"}`))
				return true
			}
		}, "longer than"},
		{"a broken one", func(w *town) {
			w.Before = func(rw http.ResponseWriter, r *http.Request) bool {
				http.Error(rw, strings.Repeat("broken ", 1000), http.StatusBadGateway)
				return true
			}
		}, "502"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			tt.wrong(w)
			_, _, err := w.desk.Begin(t.Context(), "council", false)
			if !errors.Is(err, fault.KindUnavailable) || !strings.Contains(err.Error(), tt.words) || len(err.Error()) > 500 {
				t.Errorf("%v, want it not to answer, because of %q", err, tt.words)
			}
			for _, asked := range w.Seen() {
				if asked != "GET /.well-known/openid-configuration" {
					t.Errorf("it was asked %s", asked)
				}
			}
		})
	}
}

// TestAProviderThatGoesAway: what it said of itself still counts, and a token endpoint that breaks down is
// told apart from an answer that is refused.
func TestAProviderThatGoesAway(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.comes(); err != nil {
		t.Fatal(err)
	}
	trip, answer := w.leaves(false)
	w.Before = func(rw http.ResponseWriter, r *http.Request) bool {
		http.Error(rw, "broken", http.StatusServiceUnavailable)
		return true
	}
	if _, err := w.desk.Finish(t.Context(), "council", trip, answer); !errors.Is(err, fault.KindUnavailable) {
		t.Errorf("%v, want that it does not answer", err)
	}
	w.late.Add(int64(13 * time.Hour))
	if _, _, err := w.desk.Begin(t.Context(), "council", false); err != nil {
		t.Errorf("what it said before does not count any more: %v", err)
	}
}

// TestProvingOneselfAnew shows these requirements.
//
// ASVS 5.0: 7.6.1
func TestProvingOneselfAnew(t *testing.T) {
	t.Parallel()
	w := open(t)
	trip, answer := w.leaves(true)
	who, err := w.desk.Finish(t.Context(), "council", trip, answer)
	if err != nil || time.Since(who.ProvedAt) > time.Minute {
		t.Errorf("%+v, %v", who, err)
	}
	w.Token = func(claims map[string]any) { claims["auth_time"] = time.Now().Add(-time.Hour).Unix() }
	trip, answer = w.leaves(true)
	if _, err := w.desk.Finish(t.Context(), "council", trip, answer); !refused(err, "anew") {
		t.Errorf("an hour ago counts as now: %v", err)
	}
	w.Token = func(claims map[string]any) { delete(claims, "auth_time") }
	trip, answer = w.leaves(true)
	if _, err := w.desk.Finish(t.Context(), "council", trip, answer); !refused(err, "anew") {
		t.Errorf("without a time counts as now: %v", err)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	tenant := func(p *sso.Provider) { p.Tenants = []string{"tenant-1"} }
	domain := func(p *sso.Provider) { p.Domains = []string{"westmoor.test"} }
	groups := func(p *sso.Provider) {
		p.Groups = []sso.GroupRole{{Group: "g-heads", Role: access.Head}, {Group: "g-advisors", Role: access.Advisor}}
	}
	for _, tt := range []struct {
		name   string
		rule   func(*sso.Provider)
		claims map[string]any
		role   access.Role
		words  string // of the refusal; empty: let in
	}{
		{"the tenant", tenant, map[string]any{"tid": "tenant-1"}, "", ""},
		{"another tenant", tenant, map[string]any{"tid": "tenant-2"}, "", "another tenant"},
		{"no tenant", tenant, nil, "", "another tenant"},
		{"the domain", domain, map[string]any{"hd": "Westmoor.test"}, "", ""},
		{"another domain", domain, map[string]any{"hd": "evil.test"}, "", "another domain"},
		{"a verified address", domain, nil, "", ""},
		{"an address nobody verified", domain, map[string]any{"email_verified": false}, "", "another domain"},
		{"verified, in words", domain, map[string]any{"email_verified": "true"}, "", ""},
		{"another's domain as part of one", domain, map[string]any{"email": "a@westmoor.test.evil.test"}, "", "another domain"},
		{"a group", groups, map[string]any{"groups": []string{"g-other", "g-advisors"}}, access.Advisor, ""},
		{"two groups: the first of the list", groups, map[string]any{"groups": []string{"g-advisors", "g-heads"}}, access.Head, ""},
		{"one group, not in a list", groups, map[string]any{"groups": "g-heads"}, access.Head, ""},
		{"no group", groups, map[string]any{"groups": []string{"g-other"}}, "", "none of the groups"},
		{"groups not told", groups, nil, "", "none of the groups"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t, tt.rule)
			for name, value := range tt.claims {
				w.Claims[name] = value
			}
			who, err := w.comes()
			switch {
			case tt.words == "" && (err != nil || who.Role != tt.role):
				t.Errorf("%+v, %v", who, err)
			case tt.words != "" && !refused(err, tt.words):
				t.Errorf("%+v, %v, want it refused for %q", who, err, tt.words)
			}
		})
	}
}

// TestSecondFactorOfAToken shows these requirements.
//
// ASVS 5.0: 6.8.4
func TestSecondFactorOfAToken(t *testing.T) {
	t.Parallel()
	class := func(p *sso.Provider) { p.SecondFactorClasses = []string{"urn:two"} }
	always := func(p *sso.Provider) { p.AlwaysSecondFactor = true }
	for _, tt := range []struct {
		name   string
		rule   func(*sso.Provider)
		claims map[string]any
		want   bool
	}{
		{"nothing told", nil, nil, false},
		{"mfa", nil, map[string]any{"amr": []string{"pwd", "mfa"}}, true},
		{"a password alone", nil, map[string]any{"amr": []string{"pwd"}}, false},
		{"two of one kind", nil, map[string]any{"amr": []string{"pwd", "pin"}}, false},
		{"two kinds", nil, map[string]any{"amr": []string{"pwd", "otp"}}, true},
		{"a key with a finger", nil, map[string]any{"amr": []string{"hwk", "fpt"}}, true},
		{"one word, not in a list", nil, map[string]any{"amr": "mfa"}, true},
		{"methods that are no words", nil, map[string]any{"amr": 7}, false},
		{"a class nobody named", nil, map[string]any{"acr": "urn:two"}, false},
		{"a class that was named", class, map[string]any{"acr": "urn:two"}, true},
		{"another class", class, map[string]any{"acr": "urn:one"}, false},
		{"always, says the council", always, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.rule == nil {
				tt.rule = func(*sso.Provider) {}
			}
			w := open(t, tt.rule)
			for name, value := range tt.claims {
				w.Claims[name] = value
			}
			if who, err := w.comes(); err != nil || who.SecondFactor != tt.want {
				t.Errorf("%+v, %v, want a second factor: %v", who, err, tt.want)
			}
		})
	}
}

func TestAProviderNobodyListed(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, _, err := w.desk.Begin(t.Context(), "other", false); !errors.Is(err, fault.KindNotFound) {
		t.Error(err)
	}
	if _, err := w.desk.Finish(t.Context(), "other", sso.Trip{}, nil); !errors.Is(err, fault.KindNotFound) {
		t.Error(err)
	}
	var none *sso.Desk
	if len(none.Providers()) != 0 {
		t.Error("a desk that is not there has providers")
	}
}
