package account

import (
	"context"
	"time"

	"virtualschool/internal/access"
)

// Way is how somebody signs in: the first factor.
type Way string

const (
	ByPassword  Way = "password"
	BySSO       Way = "sso"
	ByEmailLink Way = "email_link"
	// ByPasskey needs no second factor: the device is one, and its PIN or fingerprint the other.
	ByPasskey Way = "passkey"
)

// Name is the way as screens say it: "Signed in with …".
func (w Way) Name() string {
	return map[Way]string{ByPassword: "Password", BySSO: "Single sign-on", ByEmailLink: "Email link", ByPasskey: "Passkey"}[w]
}

// Second is the second factor that somebody gave; empty for none.
type Second string

const (
	NoSecond        Second = ""
	WithPasskey     Second = "passkey"
	WithApp         Second = "authenticator" // a code of an authenticator app
	WithRecovery    Second = "recovery_code"
	WithTheProvider Second = "provider" // single sign-on asked for a second factor and says so (OIDC amr)
)

// Name is the second factor as screens say it; empty for none.
func (s Second) Name() string {
	return map[Second]string{WithPasskey: "passkey", WithApp: "authenticator app", WithRecovery: "recovery code", WithTheProvider: "second factor of single sign-on"}[s]
}

// FreshFor is how old a proof may be for what access.NeedsFresh names.
const FreshFor = 10 * time.Minute

// HalfwayFor is how long somebody may take from the first factor to the last.
const HalfwayFor = 15 * time.Minute

// Proof is how the person of a session showed who they are.
type Proof struct {
	By     Way
	Second Second
	Since  time.Time // when they signed in
	At     time.Time // when they last showed it, at sign-in or when asked again
	// Halfway: the first factor is passed, and not yet all that is asked of the account. Such a session
	// has nobody (Person.Actor is zero) and opens the pages of the second factor alone.
	Halfway bool
}

// Fresh says whether the proof is young enough for what access.NeedsFresh names.
func (p Proof) Fresh(now time.Time) bool { return now.Sub(p.At) <= FreshFor }

// Person is where a request's middleware finds who the session belongs to.
type Person struct {
	access.Actor              // who has signed in; zero for nobody, and half-way
	Halfway      access.Actor // who has passed the first factor and no more
	Proof        Proof
}

type personKey struct{}

// WithPerson makes a place in the context for the session look-up to leave the person in.
func WithPerson(ctx context.Context) (context.Context, *Person) {
	person := &Person{}
	return context.WithValue(ctx, personKey{}, person), person
}

// PersonOf is the person of the request's session, signed in or half-way; the zero Person for nobody.
func PersonOf(ctx context.Context) Person {
	if person, ok := ctx.Value(personKey{}).(*Person); ok {
		return *person
	}
	return Person{}
}

type belongsKey struct{}

// owner is whose a session becomes, and by what proof.
type owner struct {
	account int64
	proof   Proof
}

// WithOwner makes a place in the context where signing in says whose session this becomes.
func WithOwner(ctx context.Context) context.Context {
	return context.WithValue(ctx, belongsKey{}, &owner{})
}

// Belongs says whose the request's session is from now on, and how they showed it. Call it after the
// token was renewed; only web/signin does.
func Belongs(ctx context.Context, accountID int64, proof Proof) {
	if to, ok := ctx.Value(belongsKey{}).(*owner); ok {
		*to = owner{accountID, proof}
	}
	if person, ok := ctx.Value(personKey{}).(*Person); ok && person.ID == accountID {
		person.Proof = proof // what the request still does stands on it
	}
}
