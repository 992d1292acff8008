package sso

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

var council = Provider{Key: "council", Name: "Westmoor Council", Issuer: "https://login.test", ClientID: "virtual-school", Secret: "s"}

// FuzzAnswer: whatever a browser brings back from a provider, a code is only taken from the answer to this
// browser's own question, and why another is not says nothing of what came.
func FuzzAnswer(f *testing.F) {
	now := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	for _, query := range []string{"state=S1&code=abc&iss=https%3A%2F%2Flogin.test", "state=S1&code=abc", "state=S1&state=S2&code=abc", "error=access_denied&state=S1",
		"state=S1&code=abc&error=%00", "code=abc", "state=s1&code=abc&iss=https://login.test/", "%zz=1&state=S1;code=a"} {
		f.Add(query, "council", "S1", true, 3)
	}
	f.Add("state=&code=abc", "", "", false, 11)
	f.Fuzz(func(t *testing.T, query, provider, state string, namesIssuer bool, minutes int) {
		answer, _ := url.ParseQuery(query) // what can be read of it, as the request's own Query does
		trip := Trip{Provider: provider, State: state, Began: now.Add(-time.Duration(minutes%1000) * time.Minute)}
		code, err := trip.check(&counter{Provider: council}, &discovered{namesIssuer: namesIssuer}, answer, now)
		if err != nil {
			if text := err.Error(); len(text) > 120 || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz '_:") != "" {
				t.Errorf("the log would say %q of %q", text, query)
			}
			return
		}
		if code == "" || code != answer.Get("code") || len(code) > 4096 || state == "" || answer.Get("state") != state || len(answer["state"]) != 1 || len(answer["code"]) != 1 ||
			provider != council.Key || minutes%1000 > 10 || answer.Get("error") != "" || namesIssuer && answer.Get("iss") != council.Issuer {
			t.Errorf("%q is taken for the answer to %+v", query, trip)
		}
	})
}

// anyKey believes every signature, so that what is behind it is reached.
type anyKey struct{}

func (anyKey) VerifySignature(_ context.Context, jwt string) ([]byte, error) {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return nil, errHost
	}
	return base64.RawURLEncoding.DecodeString(parts[1])
}

// FuzzToken: whatever an ID token says, even one with a right signature, only its own person is let in on this way.
func FuzzToken(f *testing.F) {
	now := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	claims := map[string]any{"iss": council.Issuer, "aud": council.ClientID, "sub": "subject-1", "nonce": "N1", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"email": "ruth@westmoor.test", "email_verified": "true", "amr": []string{"pwd", "otp"}, "acr": "urn:two", "groups": "staff", "auth_time": now.Unix(), "tid": "t", "hd": "westmoor.test"}
	whole, err := json.Marshal(claims)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"alg":"RS256","kid":"1"}`), whole, "access", false)
	f.Add([]byte(`{"alg":"none"}`), whole, "", true)
	f.Add([]byte(`{"alg":"RS256"}`), []byte(strings.Replace(string(whole), `"N1"`, `["N1"]`, 1)), "", true)
	f.Add([]byte(`{"alg":"RS256"}`), []byte(strings.Replace(string(whole), `"subject-1"`, `"\u0000"`, 1)), "", false)
	f.Add([]byte(`{"alg":"ES256"}`), []byte(strings.Replace(string(whole), `"virtual-school"`, `["virtual-school","x"]`, 1)), "", false)
	verifier := oidc.NewVerifier(council.Issuer, anyKey{}, &oidc.Config{ClientID: council.ClientID, SupportedSigningAlgs: signing, Now: func() time.Time { return now }})
	c := &counter{Provider: council}
	f.Fuzz(func(t *testing.T, header, payload []byte, accessToken string, fresh bool) {
		raw := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
		read, err := verifier.Verify(t.Context(), raw)
		if err != nil {
			return
		}
		who, err := c.identify(read, Trip{Provider: "council", State: "S1", Nonce: "N1", Began: now.Add(-time.Minute), Fresh: fresh}, accessToken, now)
		if err != nil {
			return
		}
		var said struct{ Iss, Sub, Nonce string }
		if err := json.Unmarshal(payload, &said); err != nil {
			t.Fatalf("a token that is no JSON was taken: %q", payload)
		}
		if who.Subject == "" || len(who.Subject) > mostSubject || who.Subject != said.Sub || said.Iss != council.Issuer || said.Nonce != "N1" || strings.ContainsRune(who.Email, 0) {
			t.Errorf("%q lets in %+v", payload, who)
		}
	})
}
