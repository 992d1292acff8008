package signin_test

import (
	"net/http"
	"strings"
	"testing"

	"virtualschool/internal/access"
)

func TestSigningInByEmail(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"code", "link"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.person("kim@school.test", access.Colleague)
			b := s.browser()
			ask := b.get("/sign-in?then=%2Faccount").Find(`main a[href^="/sign-in/email"]`).AttrOr("href", "")
			if p := b.get(ask); p.Find("input[name=then]").AttrOr("value", "") != "/account" {
				t.Fatalf("%s: %s", ask, p.says())
			}
			asked := b.post("/sign-in/email", "email", "kim@school.test", "then", "/account")
			if asked.status != http.StatusSeeOther || asked.location != "/sign-in/code" {
				t.Fatalf("%d %s", asked.status, asked.says())
			}
			code, path := s.letter()
			if p := s.browser().get(path); p.status != http.StatusConflict || p.Find("form").Length() != 0 {
				t.Errorf("in another browser: %d %s", p.status, p.says())
			}
			if p := s.browser().post(path); p.status != http.StatusNotFound {
				t.Errorf("used in another browser: %d", p.status)
			}
			if p := s.browser().post("/sign-in/code", "code", code); p.status != http.StatusUnprocessableEntity {
				t.Errorf("its code in another browser: %d", p.status)
			}
			for range 3 { // a scanner of mail, with the browser's own cookies
				if p := b.get(path); p.status != http.StatusOK || p.Find("form button").Length() != 1 || b.signedIn() {
					t.Fatalf("%d %s", p.status, p.says())
				}
			}
			token := b.token()
			use, pairs := path, []string(nil)
			if by == "code" {
				use, pairs = "/sign-in/code", []string{"code", strings.ToLower(strings.ReplaceAll(code, "-", " "))}
			}
			if in := b.post(use, pairs...); in.status != http.StatusSeeOther || in.location != "/account" {
				t.Fatalf("%d %s %s", in.status, in.location, in.says())
			}
			if !b.signedIn() || b.token() == token {
				t.Error("not signed in, or with the token from before")
			}
			for use, pairs := range map[string][]string{path: nil, "/sign-in/code": {"code", code}} {
				again := s.browser()
				again.hold(token)
				if p := again.post(use, pairs...); p.status < 400 {
					t.Errorf("%s works again: %d", use, p.status)
				}
			}
		})
	}
}

func TestAskingByEmailTellsNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("kim@school.test", access.Colleague)
	s.person("ruth@westmoor.test", access.Advisor)
	seen := map[string]bool{}
	for _, email := range []string{"kim@school.test", "ruth@westmoor.test", "nobody@school.test"} {
		b := s.browser()
		if p := b.post("/sign-in/email", "email", email); p.location != "/sign-in/code" {
			t.Fatalf("%s: %d %s", email, p.status, p.says())
		}
		page, _ := b.get("/sign-in/code").Find("main").Html()
		seen[page] = true
		if p := b.post("/sign-in/code", "code", "BCDF-GHJK"); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.problems(), "not correct") {
			t.Errorf("%s: %d %s", email, p.status, p.problems())
		}
	}
	if len(seen) != 1 {
		t.Error("the page tells who has an account")
	}
}

func TestNonsenseByEmail(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.browser()
	if p := b.get("/sign-in/code"); p.location != "/sign-in/email" {
		t.Errorf("nobody asked: %d %s", p.status, p.location)
	}
	for _, wrong := range []string{"", "nobody", "a\x00b@c.test", strings.Repeat("a", 100_000) + "@b.test", "<b>@c.test"} {
		if p := b.post("/sign-in/email", "email", wrong); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: %d", wrong, p.status)
		}
	}
	for _, wrong := range []string{"", "BCDF-GHJK", "a\x00b", strings.Repeat("B", 100_000)} {
		if p := b.post("/sign-in/code", "code", wrong); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: %d", wrong, p.status)
		}
	}
	if p := b.get("/sign-in/link/nothing"); p.status != http.StatusNotFound {
		t.Errorf("%d", p.status)
	}
	if p := b.post("/sign-in/link/nothing"); p.status != http.StatusNotFound {
		t.Errorf("%d", p.status)
	}
}
