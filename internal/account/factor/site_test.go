package factor_test

import (
	"context"
	"log/slog"
	netmail "net/mail"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// began is a moment at the start of a step of codes.
var began = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const here = "192.0.2.1"

type site struct {
	*testing.T
	*factor.Service
	passed atomic.Int64
	rp     virtualwebauthn.RelyingParty
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, rp: virtualwebauthn.RelyingParty{Name: "Westmoor Council", ID: "vs.test", Origin: "https://vs.test"}}
	db := pgtest.Open(t).At(s.now)
	accounts := &account.Service{DB: db, Salt: []byte("of the tests"), Idle: time.Hour,
		Hasher: account.NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}, 2),
		Post:   &job.Post{From: &netmail.Address{Address: "vs@council.test"}, Folder: t.TempDir(), Clock: s.now, Log: slog.New(slog.DiscardHandler)}}
	key, err := factor.LoadKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if s.Service, err = factor.New(accounts, key, "Westmoor Council", "https://vs.test"); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) now() time.Time         { return began.Add(time.Duration(s.passed.Load())) }
func (s *site) passes(d time.Duration) { s.passed.Add(int64(d)) }

func (s *site) person(email string, role access.Role) access.Actor {
	s.Helper()
	id, err := s.Accounts.Establish(s.Context(), access.System, account.NewAccount{Email: email, Name: "Ruth Adeyemi", Role: role}, "")
	if err != nil {
		s.Fatal(err)
	}
	return access.Actor{ID: id, Name: "Ruth Adeyemi", Email: email, Role: role}
}

// app sets up an app for a person and gives its secret and the recovery codes.
func (s *site) app(who access.Actor) (secret string, codes []string) {
	s.Helper()
	offer := s.BeginApp(who)
	secret = withoutSpaces(offer.Secret)
	codes, err := s.AddApp(s.Context(), who, offer.Sealed, s.code(secret, 0), here)
	if err != nil {
		s.Fatal(err)
	}
	return secret, codes
}

// code is what the app shows so many steps from now.
func (s *site) code(secret string, steps int) string {
	s.Helper()
	code, err := totp.GenerateCode(secret, s.now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		s.Fatal(err)
	}
	return code
}

// key is a person's device with one passkey for the site.
type key struct {
	virtualwebauthn.Authenticator
	credential virtualwebauthn.Credential
}

// passkey makes a passkey for a person on a new device.
func (s *site) passkey(who access.Actor, name string) (*key, []string) {
	s.Helper()
	asked, err := s.BeginAdd(s.Context(), who)
	if err != nil {
		s.Fatal(err)
	}
	options, err := virtualwebauthn.ParseAttestationOptions(string(asked.Options))
	if err != nil {
		s.Fatal(err)
	}
	made := &key{virtualwebauthn.NewAuthenticator(), virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	answer := virtualwebauthn.CreateAttestationResponse(s.rp, made.Authenticator, made.credential, *options)
	codes, err := s.AddPasskey(s.Context(), who, asked.Kept, []byte(answer), name)
	if err != nil {
		s.Fatal(err)
	}
	made.Options.UserHandle = []byte(options.UserID)
	made.AddCredential(made.credential)
	return made, codes
}

// answers is what the device answers to what it is asked, at a counter.
func (s *site) answers(k *key, asked factor.Asked, counter uint32) []byte {
	s.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(string(asked.Options))
	if err != nil {
		s.Fatal(err)
	}
	k.credential.Counter = counter
	return []byte(virtualwebauthn.CreateAssertionResponse(s.rp, k.Authenticator, k.credential, *options))
}

func (s *site) asks(who access.Actor) factor.Asked {
	s.Helper()
	asked, err := s.BeginPasskey(s.Context(), who)
	if err != nil {
		s.Fatal(err)
	}
	return asked
}

func (s *site) has(who access.Actor) factor.Has {
	s.Helper()
	var has factor.Has
	var batch postgres.Batch
	factor.QueueHas(&batch, &has, who.ID)
	if err := s.DB.View(s.Context(), who, &batch); err != nil {
		s.Fatal(err)
	}
	return has
}

func (s *site) count(sql string, args ...any) (n int) {
	s.Helper()
	if err := pgtest.Arrange(s.T, s.DB).QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

func kind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if got, known := fault.KindOf(err); !known || got != want {
		t.Errorf("%v, want %v", err, want)
	}
}

func withoutSpaces(text string) string {
	var out []rune
	for _, r := range text {
		if r != ' ' && r != '-' {
			out = append(out, r)
		}
	}
	return string(out)
}
