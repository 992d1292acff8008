package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/account/sso/ssotest"
)

// openWithProvider is open, with a provider that everybody can sign in at.
func openWithProvider(t *testing.T) (*site, *ssotest.Provider) {
	t.Helper()
	s := open(t)
	provider := ssotest.New(t, s.http.URL+sso.Back("council"))
	provider.Clock = s.db.Now
	s.SSO = sso.NewDesk([]sso.Provider{{Key: "council", Name: "Westmoor Council", Issuer: provider.Issuer, ClientID: ssotest.ClientID, Secret: ssotest.Secret}}, s.http.URL, s.db.Now)
	return s, provider
}

// visits follows an address of ours to the provider and gives the address it sends the browser back to.
func (b *browser) visits(path string) string {
	b.Helper()
	out := b.get(path)
	if out.status != http.StatusSeeOther {
		b.Fatalf("%s: %d %s", path, out.status, out.says())
	}
	answer, err := b.client.Get(out.location)
	if err != nil {
		b.Fatal(err)
	}
	answer.Body.Close()
	back, found := strings.CutPrefix(answer.Header.Get("Location"), b.http.URL)
	if !found {
		b.Fatalf("the provider sends people to %q", answer.Header.Get("Location"))
	}
	return back
}

func (s *site) linked(person access.Actor, provider *ssotest.Provider) {
	s.Helper()
	err := s.LinkIdentity(s.Context(), person, sso.Identity{Provider: "council", Issuer: provider.Issuer, Subject: "subject-1", Email: "ruth.adeyemi@westmoor.test"})
	if err != nil {
		s.Fatal(err)
	}
}

func TestSigningInElsewhere(t *testing.T) {
	t.Parallel()
	s, provider := openWithProvider(t)
	ruth := s.person("ruth@westmoor.test", access.Advisor)
	s.linked(ruth, provider)
	b := s.browser()
	in := b.get("/sign-in?then=%2Faccount%3Fx%3D1")
	button := in.Find(`main a.govuk-button`)
	if strings.TrimSpace(button.Text()) != "Sign in with Westmoor Council" {
		t.Fatalf("the button says %q", button.Text())
	}
	b.get("/sign-in")
	planted := b.token()
	back := b.visits(button.AttrOr("href", ""))
	here := b.get(back)
	if here.status != http.StatusSeeOther || here.location != "/account?x=1" {
		t.Fatalf("%d %s %s", here.status, here.location, here.says())
	}
	if b.token() == planted || b.token() == "" {
		t.Error("the session keeps the token it had before")
	}
	if !b.signedIn() {
		t.Error("not signed in")
	}
	if again := b.get("/sso/council?then=/account"); again.location != "/account" {
		t.Errorf("signed in already: %s", again.location)
	}
	// The same answer a second time, here and in another browser.
	for _, other := range []*browser{b, s.browser()} {
		if p := other.get(back); p.status != http.StatusForbidden || p.Find("h1").Text() != "You are not signed in" {
			t.Errorf("an answer works again: %d %s", p.status, p.says())
		}
	}
}

func TestAnAnswerBelongsToOneBrowser(t *testing.T) {
	t.Parallel()
	s, provider := openWithProvider(t)
	s.linked(s.person("ruth@westmoor.test", access.Advisor), provider)
	theirs, mine := s.browser(), s.browser()
	mine.visits("/sso/council")
	back := theirs.visits("/sso/council")
	if p := mine.get(back); p.status != http.StatusForbidden || mine.signedIn() {
		t.Errorf("another's answer signs me in: %d", p.status)
	}
	if p := theirs.get(strings.Replace(back, "state=", "state=x", 1)); p.status != http.StatusForbidden || theirs.signedIn() {
		t.Errorf("a state of one's own works: %d", p.status)
	}
	if p := theirs.get("/sso/other/back?code=1&state=2"); p.status != http.StatusNotFound {
		t.Errorf("a provider nobody listed: %d", p.status)
	}
	for _, then := range []string{"//evil.test", "https://evil.test", "/\\evil.test", "/sign-out"} {
		visitor := s.browser()
		here := visitor.get(visitor.visits("/sso/council?then=" + url.QueryEscape(then)))
		if here.location != "/" {
			t.Errorf("%q leads to %q", then, here.location)
		}
	}
}

func TestNobodyGetsAnAccountBySigningInElsewhere(t *testing.T) {
	t.Parallel()
	s, provider := openWithProvider(t)
	s.person("ruth.adeyemi@westmoor.test", access.Head) // the very address that the provider gives
	provider.Claims["email"] = "ruth.adeyemi@westmoor.test"
	b := s.browser()
	p := b.get(b.visits("/sso/council"))
	if p.status != http.StatusForbidden || !strings.Contains(p.says(), "ruth.adeyemi@westmoor.test") || b.signedIn() {
		t.Errorf("%d %s", p.status, p.says())
	}
	if !strings.Contains(p.says(), "ask the Virtual School to invite you") {
		t.Errorf("it does not say what to do: %s", p.says())
	}
}

func TestOpeningAnAccountElsewhere(t *testing.T) {
	t.Parallel()
	s, provider := openWithProvider(t)
	provider.Claims["amr"] = []string{"pwd", "mfa"}
	id, err := s.Invite(t.Context(), access.System, account.NewAccount{Email: "ama@school.test", Name: "Ama Owusu", Role: access.Advisor})
	if err != nil {
		t.Fatal(err)
	}
	path, err := s.NewLink(t.Context(), access.System, id, account.Invitation)
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	button := b.get(path).Find(`main a.govuk-button`)
	if button.AttrOr("href", "") != path+"/sso/council" {
		t.Fatalf("the button leads to %q", button.AttrOr("href", ""))
	}
	if p := b.get(path + "/sso"); p.location != path {
		t.Errorf("before signing in there: %d %s", p.status, p.location)
	}
	back := b.visits(path + "/sso/council")
	here := b.get(back)
	if here.location != path+"/sso" {
		t.Fatalf("%d %s %s", here.status, here.location, here.says())
	}
	asks := b.get(here.location)
	if asks.status != http.StatusOK || !strings.Contains(asks.says(), "ruth.adeyemi@westmoor.test") || !strings.Contains(asks.says(), "Ama Owusu") {
		t.Fatalf("%d %s", asks.status, asks.says())
	}
	if p := s.browser().post(here.location); p.location != path {
		t.Errorf("a browser that did not sign in there opens the account: %d %s", p.status, p.location)
	}
	if p := b.post(here.location); p.status != http.StatusSeeOther || p.location != "/" {
		t.Fatalf("%d %s %s", p.status, p.location, p.says())
	}
	if !b.signedIn() {
		t.Error("not signed in")
	}
	if p := s.browser().get(path); p.status != http.StatusNotFound {
		t.Errorf("the invitation works again: %d", p.status)
	}
	if p := s.browser().get(path + "/sso/council"); p.status != http.StatusNotFound {
		t.Errorf("a used invitation leads to the provider: %d", p.status)
	}
}

func TestLinkingOnesOwnAccount(t *testing.T) {
	t.Parallel()
	s, _ := openWithProvider(t)
	s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	b.post("/sign-in", "email", "ruth@westmoor.test", "password", good)
	if !strings.Contains(b.get("/account").says(), "Link with Westmoor Council") {
		t.Fatal("the page does not offer to link")
	}
	if p := b.post("/account/sso"); p.location != "/account" {
		t.Errorf("nothing to link: %d %s", p.status, p.location)
	}
	here := b.get(b.visits("/account/sso/council"))
	if here.location != "/account/sso" || strings.Contains(b.get("/account").says(), "ruth.adeyemi") {
		t.Fatalf("coming back alone must link nothing: %d %s", here.status, here.location)
	}
	if p := b.get("/account/sso"); !strings.Contains(p.says(), "ruth.adeyemi@westmoor.test") {
		t.Errorf("it does not say who: %s", p.says())
	}
	token := b.token()
	if p := b.post("/account/sso"); p.location != "/account" {
		t.Fatalf("%d %s %s", p.status, p.location, p.says())
	}
	if b.token() == token {
		t.Error("a changed way in must give the session a new token")
	}
	own := b.get("/account")
	if !strings.Contains(own.says(), "ruth.adeyemi@westmoor.test") {
		t.Errorf("%s", own.says())
	}
	other := s.browser()
	other.get(other.visits("/sso/council"))
	if !other.signedIn() {
		t.Error("the linked sign-in does not open the account")
	}
	linked := own.Find("input[name=linked]").AttrOr("value", "")
	for _, wrong := range []string{"", "0", "-1", "x", "9999999999999999999999", "a\x00b"} {
		if p := b.post("/account/sso/end", "linked", wrong); p.status != http.StatusNotFound {
			t.Errorf("taking %q away: %d", wrong, p.status)
		}
	}
	if p := b.post("/account/sso/end", "linked", linked); p.status != http.StatusSeeOther {
		t.Errorf("%d %s", p.status, p.says())
	}
	if other.signedIn() || !b.signedIn() {
		t.Error("taking it away must sign out everywhere else")
	}
}

// Somebody who thinks about it for too long, or signs out meanwhile, begins again.
func TestAnArrivalIsForgotten(t *testing.T) {
	t.Parallel()
	s, _ := openWithProvider(t)
	s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	b.post("/sign-in", "email", "ruth@westmoor.test", "password", good)
	b.get(b.visits("/account/sso/council"))
	s.late.Add(int64(11 * time.Minute))
	if p := b.post("/account/sso"); p.location != "/account" || strings.Contains(b.get("/account").says(), "ruth.adeyemi") {
		t.Errorf("linked after all: %d %s", p.status, p.location)
	}
}

func TestAProviderThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s, provider := openWithProvider(t)
	provider.Before = func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, "broken", http.StatusBadGateway)
		return true
	}
	p := s.browser().get("/sso/council")
	if p.status != http.StatusServiceUnavailable || !strings.Contains(p.says(), "Westmoor Council does not answer") || p.Find(`main a[href="/sign-in"]`).Length() != 1 {
		t.Errorf("%d %s", p.status, p.says())
	}
	asked := len(provider.Seen())
	if p := s.browser().get("/sso/council/back?state=x&code=y"); p.status != http.StatusForbidden || len(provider.Seen()) != asked {
		t.Errorf("who never set out: %d, and the provider is asked %d times more", p.status, len(provider.Seen())-asked)
	}
}
