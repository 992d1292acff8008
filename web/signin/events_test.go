package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
)

// written is what the audit says of sign-ins, in order.
func (s *site) written() (said string) {
	s.Helper()
	if err := pgtest.Arrange(s.T, s.db).QueryRow(s.Context(), `select coalesce(string_agg(action, ', ' order by id), '') from audit_change where subject = 'sign_in'`).Scan(&said); err != nil {
		s.Fatal(err)
	}
	return said
}

// TestAVictimOfGuessingStillGetsIn: 35 guesses slow down the password of an account, and neither single sign-on
// nor who is signed in already.
func TestAVictimOfGuessingStillGetsIn(t *testing.T) {
	t.Parallel()
	s, provider := openWithProvider(t)
	ruth := s.person("ruth@westmoor.test", access.Advisor)
	s.linked(ruth, provider)
	at := s.browser()
	at.get(at.visits("/sso/council"))
	slowed := 0
	for range 35 {
		if p := s.browser().post("/sign-in", "email", ruth.Email, "password", other); p.status == http.StatusTooManyRequests {
			slowed++
		}
	}
	if slowed != 30 {
		t.Errorf("%d of 35 were slowed down", slowed)
	}
	victim := s.browser()
	if p := victim.post("/sign-in", "email", ruth.Email, "password", good); p.status != http.StatusTooManyRequests {
		t.Errorf("the password: %d", p.status)
	}
	if p := victim.get(victim.visits("/sso/council")); p.status != http.StatusSeeOther || !victim.signedIn() {
		t.Errorf("single sign-on must wait too: %d %s", p.status, p.says())
	}
	if !at.signedIn() {
		t.Error("guessing signs somebody out")
	}
	s.late.Add(int64(6 * time.Second))
	if p := s.browser().post("/sign-in", "email", ruth.Email, "password", good); p.status != http.StatusSeeOther {
		t.Errorf("after the wait: %d %s", p.status, p.problems())
	}
	page := at.get("/account")
	if rows := page.Find("#sign-ins tbody tr"); rows.Length() != 10 || !strings.Contains(page.Find("#sign-ins").Text(), "Slowed down after wrong tries") || !strings.Contains(page.Find("#sign-ins").Text(), "Single sign-on") {
		t.Errorf("%d lines: %s", rows.Length(), page.Find("#sign-ins").Text())
	}
	if got := s.written(); got != "single sign-on linked, signed in, "+strings.Repeat("wrong password, ", 5)+"slowed down after wrong tries, signed in, signed in" {
		t.Errorf("the audit says %s", got)
	}
}

// TestSigningOutIsAsked: following an address signs nobody out.
//
// ASVS 5.0: 7.4.1
func TestSigningOutIsAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	ruth := s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	b.post("/sign-in", "email", ruth.Email, "password", good)
	if p := b.get("/sign-out"); p.status < 400 || p.header.Get("Clear-Site-Data") != "" || !b.signedIn() {
		t.Errorf("an address that is followed: %d", p.status)
	}
	if p := b.post("/sign-out"); p.header.Get("Clear-Site-Data") != `"cache", "cookies", "storage"` {
		t.Errorf("%v", p.header)
	}
	b.post("/sign-out") // nobody is left to sign out
	if got := s.written(); got != "signed in, signed out" {
		t.Errorf("the audit says %s", got)
	}
}

// TestAFactorChangesTheSession: setting one up, renewing its codes and removing it each give the session another
// token, and what held the one before is out.
//
// ASVS 5.0: 7.2.4
func TestAFactorChangesTheSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	ruth := s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	b.post("/sign-in", "email", ruth.Email, "password", good)
	app := b.get("/account/factors/app")
	for _, change := range []struct {
		name string
		do   func() page
	}{
		{"set up", func() page {
			return b.post("/account/factors/app", "sealed", app.Find("input[name=sealed]").AttrOr("value", ""), "code", s.code(app))
		}},
		{"codes renewed", func() page { return b.post("/account/factors", "do", "codes") }},
		{"removed", func() page { return b.post("/account/factors", "do", "remove-app") }},
	} {
		thief := s.browser()
		thief.hold(b.token())
		if !thief.signedIn() {
			t.Fatal("the token does not hold before")
		}
		if p := change.do(); p.status >= 400 {
			t.Fatalf("%s: %d %s", change.name, p.status, p.problems())
		}
		if !b.signedIn() || thief.signedIn() {
			t.Errorf("%s: the session goes on %v, under its old token too %v", change.name, b.signedIn(), thief.signedIn())
		}
	}
	if got := s.written(); got != "signed in, second factor added, recovery codes renewed, second factor removed" {
		t.Errorf("the audit says %s", got)
	}
}
