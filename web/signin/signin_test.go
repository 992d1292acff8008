package signin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/postgres/pgtest"
)

// TestSigningInLeadsBackAndOut shows these requirements.
//
// ASVS 5.0: 7.4.1, 14.3.1
func TestSigningInLeadsBackAndOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	if p := b.get("/account?x=1"); p.status != http.StatusSeeOther || p.location != "/sign-in?then=%2Faccount%3Fx%3D1" {
		t.Fatalf("%d %s", p.status, p.location)
	}
	p := b.get("/sign-in?then=%2Faccount%3Fx%3D1")
	if p.status != http.StatusOK || p.Find("h1").Text() != "Sign in" || p.Find("title").Length() != 1 || p.Find("nav").Length() != 0 {
		t.Errorf("%d %s", p.status, p.says())
	}
	if then := p.Find("input[name=then]").AttrOr("value", ""); then != "/account?x=1" {
		t.Errorf("then is %q", then)
	}
	if p.Find("input[name=password]").AttrOr("autocomplete", "") != "current-password" || p.Find("details").Length() != 0 {
		t.Error("outside demo mode the page must list nobody, and let a password be filled in")
	}
	in := b.post("/sign-in", "email", " Ruth@Westmoor.test", "password", good, "then", "/account?x=1")
	if in.status != http.StatusSeeOther || in.location != "/account?x=1" {
		t.Fatalf("%d %s %s", in.status, in.location, in.says())
	}
	cookie := in.header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || strings.Contains(cookie, "Expires") {
		t.Errorf("cookie: %s", cookie)
	}
	own := b.get("/account")
	if own.status != http.StatusOK || !strings.Contains(own.says(), "Education Advisor") || strings.Contains(own.Find("title").Text(), "Ruth") {
		t.Errorf("%d %s", own.status, own.says())
	}
	if p := b.get("/sign-in?then=/account"); p.status != http.StatusSeeOther || p.location != "/account" {
		t.Errorf("signed in already: %d %s", p.status, p.location)
	}
	token := b.token()
	out := b.post("/sign-out")
	if out.status != http.StatusSeeOther || out.location != "/sign-in" || !strings.Contains(out.header.Get("Clear-Site-Data"), `"cache"`) {
		t.Errorf("%d %s %v", out.status, out.location, out.header)
	}
	b.hold(token)
	if b.signedIn() {
		t.Error("the session lives after signing out")
	}
	if out := b.post("/sign-out"); out.status != http.StatusSeeOther {
		t.Errorf("signing out twice: %d", out.status)
	}
}

func TestAWrongPasswordIsToldTheSameWayForEveryone(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth@westmoor.test", access.Advisor)
	seen := map[string]bool{}
	for _, email := range []string{"ruth@westmoor.test", "nobody@westmoor.test", "nonsense \x00 <b>markup</b>"} {
		p := s.browser().post("/sign-in", "email", email, "password", other)
		if p.status != http.StatusUnprocessableEntity || p.problems() != "Email or password is not correct" {
			t.Errorf("%q: %d %s", email, p.status, p.problems())
		}
		if kept := p.Find("input[name=email]").AttrOr("value", ""); !strings.HasPrefix(kept, email[:4]) {
			t.Errorf("what was typed is gone: %q", kept)
		}
		if _, given := p.Find("input[name=password]").Attr("value"); given {
			t.Error("the password comes back in the page")
		}
		p.Find("input[name=email]").Remove()
		html, _ := p.Find("main").Html()
		seen[html] = true
	}
	if len(seen) != 1 {
		t.Errorf("%d different answers", len(seen))
	}
	if p := s.browser().post("/sign-in"); p.status != http.StatusUnprocessableEntity || p.problems() != "Enter your email addressEnter your password" {
		t.Errorf("an empty form: %d %s", p.status, p.problems())
	}
	if p := s.browser().post("/sign-in", "email", strings.Repeat("e", 100_000), "password", strings.Repeat("p", 100_000)); p.status != http.StatusUnprocessableEntity {
		t.Errorf("far too long: %d", p.status)
	}
}

func TestTooManyTriesSayWhenToTryAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	for range 5 {
		if p := b.post("/sign-in", "email", "ruth@westmoor.test", "password", other); p.status != http.StatusUnprocessableEntity {
			t.Fatalf("%d %s", p.status, p.problems())
		}
	}
	p := b.post("/sign-in", "email", "ruth@westmoor.test", "password", good)
	if p.status != http.StatusTooManyRequests || !strings.Contains(p.problems(), "Wait 5 seconds and try again") || p.header.Get("Retry-After") != "5" {
		t.Errorf("%d %s %v", p.status, p.problems(), p.header)
	}
	s.late.Add(int64(5 * time.Second))
	if p := b.post("/sign-in", "email", "ruth@westmoor.test", "password", good); p.status != http.StatusSeeOther {
		t.Errorf("after the wait: %d %s", p.status, p.problems())
	}
}

// TestAPlantedSessionIsNotTakenOver shows these requirements.
//
// ASVS 5.0: 7.2.4
func TestAPlantedSessionIsNotTakenOver(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth@westmoor.test", access.Advisor)
	attacker := s.browser()
	attacker.get("/account") // a visitor without an account
	token, err := s.NewLink(s.Context(), access.System, s.person("second@westmoor.test", access.Advisor).ID, account.ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	attacker.post(token, "password", other, "again", other) // leaves a message in a session of nobody's
	planted := attacker.token()
	if planted == "" {
		t.Fatal("no session to plant")
	}
	victim := s.browser()
	victim.hold(planted)
	if p := victim.post("/sign-in", "email", "ruth@westmoor.test", "password", good); p.status != http.StatusSeeOther {
		t.Fatal(p.status)
	}
	if victim.token() == planted {
		t.Error("the token is the same after signing in")
	}
	if !victim.signedIn() || attacker.signedIn() {
		t.Error("the planted session must not be signed in, and the new one must")
	}
	before := victim.token()
	victim.post("/sign-in", "email", "second@westmoor.test", "password", other)
	if victim.token() == before {
		t.Error("signing in as another person keeps the token")
	}
	old := s.browser()
	old.hold(before)
	if old.signedIn() {
		t.Error("the session before still works")
	}
	var usable int
	arrange := pgtest.Arrange(t, s.db)
	for _, live := range []string{planted, before, victim.token()} {
		var n int
		if err := arrange.QueryRow(t.Context(), `select count(*) from session where token_hash = $1 or encode(data, 'escape') like '%' || $1 || '%'`, live).Scan(&n); err != nil {
			t.Fatal(err)
		}
		usable += n
	}
	if usable != 0 {
		t.Error("the database holds a token that opens a session")
	}
}

func TestOnlyOwnPagesAreLedTo(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth@westmoor.test", access.Advisor)
	for _, then := range []string{"https://evil.test/", "//evil.test", `/\evil.test`, "/\r\nSet-Cookie: a=b", "javascript:alert(1)", "/sign-in?then=/sign-in", ""} {
		if p := s.browser().post("/sign-in", "email", "ruth@westmoor.test", "password", good, "then", then); p.location != "/" {
			t.Errorf("%q leads to %q", then, p.location)
		}
	}
}

func TestTheDemoListsItsSignIns(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Demo = true
	hash, err := s.HashPassword(t.Context(), account.NewAccount{}, account.DemoPassword)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		email string
		role  access.Role
	}{{"advisor@demo.test", access.Advisor}, {"head@demo.test", access.Head}} {
		if _, err := s.Establish(t.Context(), access.System, account.NewAccount{Email: one.email, Name: "Demo", Role: one.role}, hash); err != nil {
			t.Fatal(err)
		}
	}
	s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	p := b.get("/sign-in")
	if rows := p.Find("details tbody tr"); rows.Length() != 2 || !strings.Contains(rows.First().Text(), "head@demo.test") || !strings.Contains(p.says(), account.DemoPassword) {
		t.Errorf("%s", p.says())
	}
	if p := b.post("/sign-in", "email", "advisor@demo.test", "password", account.DemoPassword); p.status != http.StatusSeeOther {
		t.Errorf("%d %s", p.status, p.problems())
	}
}

func TestResetPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	ruth := s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	var answers []string
	for _, email := range []string{ruth.Email, "nobody@westmoor.test"} {
		p := b.post("/forgot", "email", email)
		answers = append(answers, fmt.Sprint(p.status, p.says()))
	}
	if answers[0] != answers[1] || !strings.Contains(answers[0], "200Check your email") && !strings.Contains(answers[0], "200 Check your email") {
		t.Errorf("answers: %q", answers)
	}
	if p := b.post("/forgot", "email", "no address"); p.status != http.StatusUnprocessableEntity || p.Find("input[name=email]").AttrOr("value", "") != "no address" {
		t.Errorf("%d", p.status)
	}
	for _, path := range []string{"/reset/nothing", "/invitation/nothing"} {
		if p := b.get(path); p.status != http.StatusNotFound || p.Find("h1").Text() != "This link no longer works" {
			t.Errorf("%s: %d", path, p.status)
		}
		if p := b.post(path, "password", other, "again", other); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	path, err := s.NewLink(t.Context(), access.System, ruth.ID, account.ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a program that scans mail opens it first
		if p := b.get(path); p.status != http.StatusOK || !strings.Contains(p.says(), ruth.Email) || p.Find("input[name=username]").AttrOr("autocomplete", "") != "username" {
			t.Fatalf("%d %s", p.status, p.says())
		}
	}
	for _, one := range []struct{ password, again, problem string }{
		{"", "", "Enter a new password"}, {other, "lantern", "Type the same password twice"}, {"short", "short", "Your password must be 12 characters or more. Three or four words together are easy to remember."},
	} {
		if p := b.post(path, "password", one.password, "again", one.again); p.status != http.StatusUnprocessableEntity || p.problems() != one.problem {
			t.Errorf("%q: %d %s", one.password, p.status, p.problems())
		}
	}
	if p := b.post(path, "password", other, "again", other); p.status != http.StatusSeeOther || p.location != "/sign-in" {
		t.Fatalf("%d %s", p.status, p.says())
	}
	if p := b.get("/sign-in"); !strings.Contains(p.says(), "Your password is set") {
		t.Errorf("%s", p.says())
	}
	if p := b.post(path, "password", other, "again", other); p.status != http.StatusNotFound {
		t.Errorf("the link worked twice: %d", p.status)
	}
	if p := b.post("/sign-in", "email", ruth.Email, "password", other); p.status != http.StatusSeeOther {
		t.Errorf("%d %s", p.status, p.problems())
	}
}

func TestAnInvitationOpensAnAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	id, err := s.Invite(t.Context(), access.System, account.NewAccount{Email: "new@westmoor.test", Name: "Ama Owusu", Role: access.SocialWorker})
	if err != nil {
		t.Fatal(err)
	}
	path, err := s.NewLink(t.Context(), access.System, id, account.Invitation)
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	if p := b.get(path); p.status != http.StatusOK || p.Find("h1").Text() != "Open your account" {
		t.Fatalf("%d %s", p.status, p.says())
	}
	if p := b.post(path, "password", good, "again", good); p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.problems())
	}
	b.post("/sign-in", "email", "new@westmoor.test", "password", good)
	if !b.signedIn() {
		t.Error("not signed in")
	}
}

func TestOwnAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	ruth := s.person("ruth@westmoor.test", access.Advisor)
	desk, phone, tablet := s.browser(), s.browser(), s.browser()
	for _, b := range []*browser{desk, phone, tablet} {
		if p := b.post("/sign-in", "email", ruth.Email, "password", good); p.status != http.StatusSeeOther {
			t.Fatal(p.status)
		}
	}
	p := desk.get("/account")
	if rows := p.Find("#sessions tbody tr"); rows.Length() != 3 {
		t.Fatalf("%d sessions", rows.Length())
	}
	refs := p.Find(`#sessions td input[name="session"]`)
	if refs.Length() != 2 {
		t.Fatalf("%d can be ended", refs.Length())
	}
	if p := desk.post("/account/sessions", "session", refs.First().AttrOr("value", "")); p.status != http.StatusSeeOther {
		t.Errorf("%d %s", p.status, p.says())
	}
	if !desk.signedIn() || phone.signedIn() == tablet.signedIn() {
		t.Error("one of the others must be signed out, and only that")
	}
	if p := desk.post("/account/sessions"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.status)
	}
	wrong := desk.post("/account/password", "current", other, "password", other, "again", other)
	if wrong.status != http.StatusUnprocessableEntity || wrong.problems() != "Your present password is not correct" {
		t.Errorf("%d %s", wrong.status, wrong.problems())
	}
	before := desk.token()
	key := desk.get("/account").Find(`form[action="/account/password"] input[name=key]`).AttrOr("value", "")
	if p := desk.post("/account/password", "key", key, "current", good, "password", other, "again", other); p.status != http.StatusSeeOther || p.location != "/account" {
		t.Fatalf("%d %s", p.status, p.problems())
	}
	if !desk.signedIn() || phone.signedIn() || tablet.signedIn() || desk.token() == before {
		t.Error("only this session must go on, under a new token")
	}
	if p := phone.post("/sign-in", "email", ruth.Email, "password", other); p.status != http.StatusSeeOther {
		t.Fatal(p.status)
	}
	if p := desk.post("/account/sessions", "session", "all"); p.location != "/sign-in" || p.header.Get("Clear-Site-Data") == "" {
		t.Errorf("%d %s", p.status, p.location)
	}
	if desk.signedIn() || phone.signedIn() {
		t.Error("signed in after signing out everywhere")
	}
}

func TestAnEndedPersonIsOutOnTheNextClick(t *testing.T) {
	t.Parallel()
	s := open(t)
	head, ruth := s.person("head@westmoor.test", access.Head), s.person("ruth@westmoor.test", access.Advisor)
	b := s.browser()
	b.post("/sign-in", "email", ruth.Email, "password", good)
	if !b.signedIn() {
		t.Fatal("not signed in")
	}
	if err := s.End(t.Context(), head, ruth.ID); err != nil {
		t.Fatal(err)
	}
	if p := b.get("/account"); p.status != http.StatusSeeOther || !strings.HasPrefix(p.location, "/sign-in") {
		t.Errorf("%d %s", p.status, p.location)
	}
}
