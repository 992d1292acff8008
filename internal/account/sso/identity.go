package sso

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"virtualschool/internal/access"
)

// Identity is who came back from a provider.
type Identity struct {
	Provider string // its key
	Issuer   string
	Subject  string
	// Email is what the provider calls the person's address: for the person to recognise themselves by
	// on the next page, and for nothing else.
	Email string
	// SecondFactor: the provider asked for two kinds of proof.
	SecondFactor bool
	// ProvedAt is when the person last proved themselves there; zero when the provider does not say.
	ProvedAt time.Time
	// Role is the one that comes with the person's groups; empty when groups give none.
	Role access.Role
}

// claims are those of an ID token that are read beside the ones that the library checks.
type claims struct {
	AuthorizedParty string   `json:"azp"`
	AuthTime        unix     `json:"auth_time"`
	IssuedAt        unix     `json:"iat"`
	NotBefore       unix     `json:"nbf"`
	AMR             textList `json:"amr"`
	ACR             text     `json:"acr"`
	Email           text     `json:"email"`
	EmailVerified   trueOr   `json:"email_verified"`
	Name            text     `json:"preferred_username"`
	Tenant          text     `json:"tid"`
	HostedDomain    text     `json:"hd"`
	Groups          textList `json:"groups"`
}

// skew is how far a provider's clock may be before or behind ours.
const skew = 2 * time.Minute

// mostSubject is the longest subject there can be (OpenID Connect Core, section 2).
const mostSubject = 255

// identify checks what the library leaves to its callers and says who the token is about.
func (c *counter) identify(token *oidc.IDToken, trip Trip, accessToken string, now time.Time) (Identity, error) {
	var said claims
	if err := token.Claims(&said); err != nil {
		return Identity{}, errors.New("a claim of the token has a wrong form")
	}
	who := Identity{Provider: c.Key, Issuer: c.Issuer, Subject: token.Subject, Email: shown(said), ProvedAt: said.AuthTime.time()}
	switch {
	case token.Subject == "" || len(token.Subject) > mostSubject || strings.ContainsRune(token.Subject, 0):
		return Identity{}, errors.New("the token has no usable subject")
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(trip.Nonce)) != 1:
		return Identity{}, errors.New("the nonce is another's")
	case len(token.Audience) > 1 && said.AuthorizedParty == "", said.AuthorizedParty != "" && said.AuthorizedParty != c.ClientID:
		return Identity{}, errors.New("the token was given to another program")
	case said.IssuedAt == 0 || said.IssuedAt.time().After(now.Add(skew)) || said.IssuedAt.time().Before(trip.Began.Add(-skew)):
		return Identity{}, errors.New("the token was not issued on this way")
	case said.NotBefore.time().After(now.Add(skew)):
		return Identity{}, errors.New("the token holds only later")
	case trip.Fresh && (who.ProvedAt.Before(trip.Began.Add(-skew)) || who.ProvedAt.After(now.Add(skew))):
		return Identity{}, errors.New("the person did not prove themselves anew")
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(accessToken); err != nil {
			return Identity{}, err
		}
	}
	if err := c.admits(said); err != nil {
		return Identity{}, err
	}
	role, stays := c.RoleOf(said.Groups)
	if role == "" && !stays {
		return Identity{}, errors.New("the person is in none of the groups that give a role")
	}
	who.Role = role
	who.SecondFactor = c.usedSecondFactor(said.AMR, string(said.ACR))
	return who, nil
}

// admits asks whether the person is of a tenant and domain that are let in.
func (c *counter) admits(said claims) error {
	if len(c.Tenants) > 0 && !slices.Contains(c.Tenants, string(said.Tenant)) {
		return errors.New("the person is of another tenant")
	}
	if len(c.Domains) == 0 {
		return nil
	}
	domain := string(said.HostedDomain)
	if domain == "" && bool(said.EmailVerified) {
		domain = string(said.Email[strings.LastIndex(string(said.Email), "@")+1:])
	}
	if !slices.Contains(c.Domains, strings.ToLower(domain)) {
		return errors.New("the person is of another domain")
	}
	return nil
}

// shown is what a person is called at the provider, short and plain enough for a page.
func shown(said claims) string {
	name := string(said.Email)
	if name == "" {
		name = string(said.Name)
	}
	if len(name) > 254 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return ""
	}
	return name
}

// unix is seconds since 1970, as a number of any form; 0 when it is not there.
type unix int64

func (u *unix) UnmarshalJSON(raw []byte) error {
	var number float64
	if err := json.Unmarshal(raw, &number); err != nil {
		return err
	}
	if number < 0 || number > 1e11 {
		return fmt.Errorf("%v is no time", number)
	}
	*u = unix(number)
	return nil
}

// time is the moment; the zero Time when the claim is not there.
func (u unix) time() time.Time {
	if u == 0 {
		return time.Time{}
	}
	return time.Unix(int64(u), 0).UTC()
}

// text is a claim that is words; what is of another kind counts as not there.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	var words string
	if json.Unmarshal(raw, &words) == nil {
		*t = text(words)
	}
	return nil
}

// textList is a claim that is a list of words; a single word is a list of one.
type textList []string

func (t *textList) UnmarshalJSON(raw []byte) error {
	var list []string
	var one string
	switch {
	case json.Unmarshal(raw, &list) == nil:
		*t = list
	case json.Unmarshal(raw, &one) == nil:
		*t = textList{one}
	}
	return nil
}

// trueOr is true or false; some providers send it as words.
type trueOr bool

func (t *trueOr) UnmarshalJSON(raw []byte) error {
	*t = trueOr(string(raw) == "true" || string(raw) == `"true"`)
	return nil
}
