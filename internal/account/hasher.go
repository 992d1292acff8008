package account

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"virtualschool/internal/fault"
)

// Strength is what one look at a password costs: 19 MiB and two passes of Argon2id, the OWASP
// Password Storage Cheat Sheet's choice.
var Strength = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Hasher turns passwords into hashes, a few at once: so that a flood of sign-ins uses neither all
// memory nor all processors.
type Hasher struct {
	params argon2id.Params
	places chan struct{}
	decoy  string
	worked atomic.Int64
}

// NewHasher makes a hasher that works on atOnce passwords side by side.
func NewHasher(params argon2id.Params, atOnce int) *Hasher {
	decoy, err := argon2id.CreateHash(rand.Text(), &params)
	if err != nil {
		panic("account: " + err.Error()) // the system has no randomness: nothing here would be safe
	}
	return &Hasher{params: params, places: make(chan struct{}, atOnce), decoy: decoy}
}

// Hash is what to keep of a password.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	err = h.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(password, &h.params)
		return err
	})
	return hash, err
}

// Matches says whether a hash was made of this password. An empty hash takes the same work and
// never matches: an account that is not there must not answer sooner than one that is.
func (h *Hasher) Matches(ctx context.Context, password, hash string) (matches bool, err error) {
	possible := hash != "" && utf8.RuneCountInString(password) <= mostPassword
	if !possible {
		password, hash = "", h.decoy
	}
	err = h.inTurn(ctx, func() error {
		matches, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return matches && possible, err
}

// Worked is how many passwords were looked at.
func (h *Hasher) Worked() int64 { return h.worked.Load() }

func (h *Hasher) inTurn(ctx context.Context, work func() error) error {
	select {
	case h.places <- struct{}{}:
	case <-ctx.Done():
		return fault.Unavailable(ctx.Err())
	}
	defer func() { <-h.places }()
	h.worked.Add(1)
	return work()
}
