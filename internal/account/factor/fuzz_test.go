package factor

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"virtualschool/internal/account"
)

func sealed(f *testing.F) *Service {
	f.Helper()
	s, err := New(&account.Service{}, []byte(strings.Repeat("k", 32)), "Westmoor Council", "https://vs.test")
	if err != nil {
		f.Fatal(err)
	}
	return s
}

// FuzzPasskeyAnswer: whatever comes for a browser's answer about a passkey, nothing breaks down, and what lets
// somebody in answers the question that was asked.
func FuzzPasskeyAnswer(f *testing.F) {
	s := sealed(f)
	site := virtualwebauthn.RelyingParty{Name: "Westmoor Council", ID: "vs.test", Origin: "https://vs.test"}
	device, key := virtualwebauthn.NewAuthenticator(), virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	who := owner{handle: s.keys.userHandle(7)}
	who.ID, who.Name, who.Email = 7, "Ruth", "ruth@westmoor.test"
	offered, toMake, err := s.web.BeginRegistration(who)
	if err != nil {
		f.Fatal(err)
	}
	asks, err := json.Marshal(offered)
	if err != nil {
		f.Fatal(err)
	}
	creation, err := virtualwebauthn.ParseAttestationOptions(string(asks))
	if err != nil {
		f.Fatal(err)
	}
	made := virtualwebauthn.CreateAttestationResponse(site, device, key, *creation)
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(made))
	if err != nil {
		f.Fatal(err)
	}
	credential, err := s.web.CreateCredential(who, *toMake, parsed)
	if err != nil {
		f.Fatal(err)
	}
	who.credentials = []webauthn.Credential{*credential}
	device.Options.UserHandle = who.handle
	device.AddCredential(key)
	login, asked, err := s.web.BeginLogin(who)
	if err != nil {
		f.Fatal(err)
	}
	if asks, err = json.Marshal(login); err != nil {
		f.Fatal(err)
	}
	assertion, err := virtualwebauthn.ParseAssertionOptions(string(asks))
	if err != nil {
		f.Fatal(err)
	}
	right := virtualwebauthn.CreateAssertionResponse(site, device, key, *assertion)
	f.Add([]byte(right))
	f.Add([]byte(made))
	f.Add([]byte(strings.Replace(right, `"public-key"`, `"password"`, 1)))
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{"authenticatorData":"","clientDataJSON":"e30","signature":"","userHandle":""}}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		asked.Expires = time.Now().Add(time.Hour)
		if parsed, err := protocol.ParseCredentialCreationResponseBytes(answer); err == nil {
			toMake.Expires = asked.Expires
			if made, err := s.web.CreateCredential(who, *toMake, parsed); err == nil && len(made.ID) == 0 {
				t.Error("a passkey without a name of its own")
			}
		}
		parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
		if err != nil {
			return
		}
		found, err := s.web.ValidateLogin(who, *asked, parsed)
		if err != nil {
			return
		}
		if string(found.ID) != string(credential.ID) || parsed.Response.CollectedClientData.Challenge != asked.Challenge || parsed.Response.CollectedClientData.Origin != site.Origin {
			t.Errorf("%s lets in", answer)
		}
	})
}

// FuzzTyped: what is typed for a code, and what a form brings back as sealed, opens only what we made.
func FuzzTyped(f *testing.F) {
	s := sealed(f)
	now := time.Date(2026, time.November, 23, 9, 0, 10, 0, time.UTC)
	secret := "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	present := now.Unix() / int64(step/time.Second)
	right := map[string]bool{}
	for at := present - aside; at <= present+aside; at++ {
		code, err := codeAt(secret, at)
		if err != nil {
			f.Fatal(err)
		}
		right[code] = true
		f.Add(code[:3]+" "+code[3:], "")
	}
	ours := s.keys.seal([]byte(secret), "new app", 7)
	for _, text := range []string{"", "000000", "１２３４５６", "\x00", "12-34-56", strings.Repeat("1", 5000)} {
		f.Add(text, encode(ours))
	}
	f.Fuzz(func(t *testing.T, typed, form string) {
		if _, ok := stepOf(secret, typed, now, 0); ok && !right[withoutSpaces(typed)] {
			t.Errorf("%q is taken for a code", typed)
		}
		if len(s.keys.codeHash(7, typed)) != 32 {
			t.Error("no hash of a recovery code")
		}
		raw, err := decode(form)
		if err != nil {
			return
		}
		if opened, err := s.keys.open(raw, "new app", 7); err == nil && string(opened) != secret {
			t.Errorf("%q opens", form)
		}
		if _, err := s.keys.open(raw, "app", 7); err == nil {
			t.Errorf("%q opens for another use", form)
		}
	})
}
