package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
)

// TestProvingItElsewhere: somebody without a password shows their provider anew who they are.
func TestProvingItElsewhere(t *testing.T) {
	t.Parallel()
	s, provider := openWithProvider(t)
	ruth := s.person("ruth@westmoor.test", access.Advisor)
	s.linked(ruth, provider)
	b := s.browser()
	b.get(b.visits("/sso/council"))
	s.late.Add(int64(11 * time.Minute))
	page := b.get("/confirm?then=%2Faccount")
	button := page.Find(`main a[href^="/confirm/sso/council"]`)
	if page.status != http.StatusOK || button.Length() != 1 {
		t.Fatalf("%d %s", page.status, page.says())
	}
	token := b.token()
	back := b.visits(button.AttrOr("href", ""))
	if p := b.get(back); p.location != "/account" || b.token() == token {
		t.Errorf("%d %s %s", p.status, p.location, p.says())
	}
	if p := b.get("/confirm?then=%2Faccount"); p.location != "/account" {
		t.Errorf("asked again at once: %d %s", p.status, p.says())
	}
	// Somebody else's sign-in at the provider, and one that the provider remembers from before.
	s.late.Add(int64(11 * time.Minute))
	provider.Claims["sub"] = "subject-2"
	if p := b.get(b.visits("/confirm/sso/council?then=%2Faccount")); p.status != http.StatusForbidden || !strings.Contains(p.says(), "somebody else's sign-in") {
		t.Errorf("another's: %d %s", p.status, p.says())
	}
	provider.Claims["sub"] = "subject-1"
	provider.Token = func(claims map[string]any) { claims["auth_time"] = s.db.Now().Add(-time.Hour).Unix() }
	if p := b.get(b.visits("/confirm/sso/council?then=%2Faccount")); p.status != http.StatusForbidden {
		t.Errorf("an hour old: %d %s", p.status, p.says())
	}
	provider.Token = nil
	if p := b.get("/confirm?then=%2Faccount"); p.status != http.StatusOK {
		t.Errorf("refused, and confirmed all the same: %d %s", p.status, p.location)
	}
}
