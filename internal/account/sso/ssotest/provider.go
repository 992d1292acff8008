package ssotest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// The client that the provider knows.
const (
	ClientID = "virtual-school"
	Secret   = "kept between the two"
)

// keys are made once: making one takes longer than most tests.
var keys = sync.OnceValue(func() [2]*rsa.PrivateKey {
	var pair [2]*rsa.PrivateKey
	for i := range pair {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		pair[i] = key
	}
	return pair
})

// Provider is the server, the person who signs in there, and what it does wrongly. Set the fields before
// a request, not during one.
type Provider struct {
	Issuer string
	Back   string // the one address it sends people back to
	Clock  func() time.Time
	Claims map[string]any // of the person who signs in next: sub, email, amr and what a test adds

	Discovery func(map[string]any)                                 // changes what it says of itself
	Answer    func(url.Values)                                     // changes what it sends the browser back with
	Token     func(claims map[string]any)                          // changes the claims before they are signed
	Signed    func(header, claims map[string]any) string           // signs in place of Sign
	Before    func(http.ResponseWriter, *http.Request) (done bool) // answers in place of the server
	Asks      bool                                                 // shows a page with a button before it sends people back

	mu    sync.Mutex
	codes map[string]given
	seen  []string // what was asked of it: method and path
}

// given is what a code stands for.
type given struct {
	nonce, challenge, redirect string
	claims                     map[string]any
}

// New starts a provider that sends people back to one address.
func New(t testing.TB, back string) *Provider {
	p := &Provider{Back: back, Clock: time.Now, codes: map[string]given{},
		Claims: map[string]any{"sub": "subject-1", "email": "ruth.adeyemi@westmoor.test", "email_verified": true}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.Issuer = server.URL
	return p
}

// Seen is every request the provider had, as method and path.
func (p *Provider) Seen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.seen...)
}

func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r.Method+" "+r.URL.Path)
	p.mu.Unlock()
	if p.Before != nil && p.Before(w, r) {
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		p.describe(w)
	case "/authorize":
		p.authorize(w, r)
	case "/token":
		p.exchange(w, r)
	case "/keys":
		public := keys()[0].PublicKey
		send(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256",
			"n": encode(public.N.Bytes()), "e": encode(big.NewInt(int64(public.E)).Bytes())}}})
	default:
		http.NotFound(w, r)
	}
}

func (p *Provider) describe(w http.ResponseWriter) {
	says := map[string]any{"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token",
		"jwks_uri": p.Issuer + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		"authorization_response_iss_parameter_supported": true, "code_challenge_methods_supported": []string{"S256"}}
	if p.Discovery != nil {
		p.Discovery(says)
	}
	send(w, says)
}

var asks = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>Westmoor sign-in</title><h1>Westmoor sign-in</h1>
<p><a id="go" href="{{.}}">Sign in as the person this computer knows</a></p></html>`))

// authorize signs the person in and sends the browser back with a code.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != ClientID || q.Get("redirect_uri") != p.Back || q.Get("response_type") != "code" ||
		q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" || q.Get("state") == "" {
		http.Error(w, "the provider does not know this client, or the request lacks something", http.StatusBadRequest)
		return
	}
	claims := maps.Clone(p.Claims)
	if q.Get("prompt") == "login" {
		claims["auth_time"] = p.Clock().Unix()
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = given{q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri"), claims}
	p.mu.Unlock()
	answer := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.Issuer}}
	if p.Answer != nil {
		p.Answer(answer)
	}
	back := p.Back + "?" + answer.Encode()
	if p.Asks {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		asks.Execute(w, template.URL(back)) //nolint:gosec // an address of the test's own
		return
	}
	http.Redirect(w, r, back, http.StatusFound)
}

// exchange gives the token for a code, once.
func (p *Provider) exchange(w http.ResponseWriter, r *http.Request) {
	id, secret, ok := r.BasicAuth()
	if !ok || id != ClientID || secret != url.QueryEscape(Secret) {
		refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	p.mu.Lock()
	held, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || encode(sum[:]) != held.challenge || r.PostFormValue("redirect_uri") != held.redirect || r.PostFormValue("grant_type") != "authorization_code" {
		refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	access := rand.Text()
	half := sha256.Sum256([]byte(access))
	claims := map[string]any{"iss": p.Issuer, "aud": ClientID, "nonce": held.nonce, "iat": p.Clock().Unix(), "exp": p.Clock().Add(5 * time.Minute).Unix(),
		"at_hash": encode(half[:16])}
	maps.Copy(claims, held.claims)
	if p.Token != nil {
		p.Token(claims)
	}
	sign := Sign
	if p.Signed != nil {
		sign = p.Signed
	}
	send(w, map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300,
		"id_token": sign(map[string]any{"alg": "RS256", "kid": "1", "typ": "JWT"}, claims)})
}

// Sign makes a token with the provider's own key.
func Sign(header, claims map[string]any) string { return signWith(0, header, claims) }

// SignWithAnother makes a token with a key that is not the provider's, under the same name.
func SignWithAnother(header, claims map[string]any) string { return signWith(1, header, claims) }

func signWith(key int, header, claims map[string]any) string {
	text := unsigned(header, claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, keys()[key], crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + encode(signature)
}

// Unsigned makes a token of the algorithm "none".
func Unsigned(header, claims map[string]any) string {
	header["alg"] = "none"
	return unsigned(header, claims) + "."
}

// SignWithSecret makes a token with a key that is no secret at all: the provider's public one as text, or
// the client's own, taken for an HMAC key.
func SignWithSecret(key []byte) func(header, claims map[string]any) string {
	return func(header, claims map[string]any) string {
		header["alg"] = "HS256"
		text := unsigned(header, claims)
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		return text + "." + encode(mac.Sum(nil))
	}
}

// PublicKey is the modulus of the provider's key, which everybody knows.
func PublicKey() []byte { return keys()[0].PublicKey.N.Bytes() }

func unsigned(header, claims map[string]any) string {
	return encode(inJSON(header)) + "." + encode(inJSON(claims))
}

func inJSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func send(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(inJSON(value))
}

func refuse(w http.ResponseWriter, status int, name string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(inJSON(map[string]string{"error": name}))
}
