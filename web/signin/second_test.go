package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
)

// code is what an app shows now that was given the key on the page.
func (s *site) code(p page) string {
	s.Helper()
	key := strings.ReplaceAll(p.Find(".vs-handout__address code").Text(), " ", "")
	code, err := totp.GenerateCode(key, s.db.Now())
	if err != nil {
		s.Fatalf("%v: %s", err, p.says())
	}
	return code
}

// A person whose role needs a second factor and who has none sets one up at sign-in, before anything else,
// and is asked for it the next time.
//
// ASVS 5.0: 6.3.3
func TestSettingUpASecondFactorAtSignIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth@westmoor.test", access.Advisor)
	if err := policy.Set(t.Context(), s.db, access.System, policy.SecondFactorRoles, []access.Role{access.Advisor}, calendar.Of(s.db.Now()), "The board"); err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	if p := b.post("/sign-in", "email", "ruth@westmoor.test", "password", good, "then", "/account"); p.status != http.StatusSeeOther || p.location != "/sign-in/second" {
		t.Fatalf("%d %s %s", p.status, p.location, p.problems())
	}
	half := b.token()
	if b.signedIn() {
		t.Fatal("half-way opens the account page")
	}
	for _, path := range []string{"/account/factors/app", "/confirm", "/account"} {
		if p := b.get(path); p.status != http.StatusSeeOther || !strings.HasPrefix(p.location, "/sign-in") {
			t.Errorf("%s half-way: %d %s", path, p.status, p.location)
		}
	}
	if p := b.get("/sign-in/second"); p.status != http.StatusOK || !strings.Contains(p.says(), "Set up an app") {
		t.Fatalf("%d %s", p.status, p.says())
	}
	app := b.get("/sign-in/second/app")
	sealed := app.Find("input[name=sealed]").AttrOr("value", "")
	wrong := b.post("/sign-in/second/app", "sealed", sealed, "code", "000000")
	if wrong.status != http.StatusUnprocessableEntity || s.code(wrong) != s.code(app) {
		t.Fatalf("a wrong code: %d %s", wrong.status, wrong.problems())
	}
	done := b.post("/sign-in/second/app", "sealed", sealed, "code", s.code(app))
	if codes := done.Find(".vs-handout li code").Length(); done.status != http.StatusOK || codes != 10 {
		t.Fatalf("%d, %d codes: %s", done.status, codes, done.problems())
	}
	recovery := done.Find(".vs-handout li code").First().Text()
	if !b.signedIn() || b.token() == half {
		t.Error("not signed in, or under the token of half-way")
	}

	again := s.browser()
	again.post("/sign-in", "email", "ruth@westmoor.test", "password", good, "then", "/account")
	if p := again.get("/sign-in/second/app"); p.status != http.StatusSeeOther {
		t.Errorf("whoever knows the password alone may set up another app: %d", p.status)
	}
	if p := again.post("/sign-in/second", "code", s.code(app)); p.status != http.StatusUnprocessableEntity || again.signedIn() {
		t.Errorf("a code that was used: %d %s", p.status, p.problems())
	}
	if p := again.post("/sign-in/second", "recovery", recovery); p.status != http.StatusSeeOther || p.location != "/account" || !again.signedIn() {
		t.Errorf("%d %s %s", p.status, p.location, p.problems())
	}
	third := s.browser()
	third.post("/sign-in", "email", "ruth@westmoor.test", "password", good)
	if p := third.post("/sign-in/second", "recovery", recovery); p.status != http.StatusUnprocessableEntity || third.signedIn() {
		t.Errorf("a recovery code twice: %d", p.status)
	}
	s.late.Add(int64(time.Hour))
	if p := third.get("/sign-in/second"); p.status != http.StatusSeeOther || p.location != "/sign-in" {
		t.Errorf("half-way after an hour: %d %s", p.status, p.location)
	}
}

func TestAPasskeyIsAskedOfTheBrowserOnlyInTurn(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	for purpose, want := range map[string]int{"sign-in": http.StatusOK, "prove": http.StatusNotFound, "add": http.StatusNotFound, "": http.StatusNotFound, "\x00": http.StatusNotFound} {
		if p := b.post("/passkeys/options", "for", purpose); p.status != want {
			t.Errorf("%q of a stranger: %d", purpose, p.status)
		}
	}
	for _, nonsense := range []string{"", "{}", "\x00", strings.Repeat("x", 100_000), `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		if p := b.post("/sign-in/passkey", "credential", nonsense); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: %d", nonsense, p.status)
		}
	}
	b.post("/sign-in", "email", "ruth@westmoor.test", "password", good)
	if p := b.post("/passkeys/options", "for", "add"); p.status != http.StatusOK {
		t.Errorf("to add one, just signed in: %d", p.status)
	}
	if p := b.get("/account/factors/passkey"); p.status != http.StatusOK {
		t.Errorf("%d", p.status)
	}
}
