package account

import (
	"context"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const (
	good  = "harbour kettle moss"
	other = "lantern gravel otter"
)

// light is a hasher that costs nothing, so that tests are quick.
func light() *Hasher {
	return NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}, 4)
}

// moving is a clock that a test sets on.
type moving struct{ by atomic.Int64 }

func (m *moving) on(by time.Duration) { m.by.Add(int64(by)) }
func (m *moving) clock() time.Time {
	return time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(m.by.Load()))
}

func open(t *testing.T) (*Service, *moving) {
	t.Helper()
	m := &moving{}
	db := pgtest.Open(t).At(m.clock)
	return &Service{DB: db, Hasher: light(), Salt: []byte("a salt for tests"), Idle: 20 * time.Minute, Place: "Westmoor Council",
		Post: &job.Post{From: &netmail.Address{Name: "Virtual School", Address: "vs@council.test"}, Folder: t.TempDir(),
			BaseURL: "https://vs.council.test", Site: "Virtual School, Westmoor Council", Clock: m.clock, Log: slog.New(slog.DiscardHandler)}}, m
}

func establish(t *testing.T, s *Service, email string, role access.Role, password string) access.Actor {
	t.Helper()
	hash := ""
	if password != "" {
		var err error
		if hash, err = s.Hasher.Hash(t.Context(), password); err != nil {
			t.Fatal(err)
		}
	}
	person := NewAccount{Email: email, Name: "Person " + email, Role: role}
	if role == access.School {
		person.Settings = []NewMembership{{SettingID: setting(t, s, email+"'s school"), Post: DesignatedTeacher, From: s.DB.Today()}}
	}
	id, err := s.Establish(t.Context(), access.System, person, hash)
	if err != nil {
		t.Fatal(err)
	}
	return access.Actor{ID: id, Name: person.Name, Email: email, Role: role}
}

func setting(t *testing.T, s *Service, name string) (id int64) {
	t.Helper()
	err := s.DB.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		id, err = postgres.GetValue[int64](ctx, tx, `insert into setting (name, source) values (@name, 'local') returning id`, postgres.Args{"name": name})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ask reads one value past every policy.
func ask[T any](t *testing.T, s *Service, sql string, args ...any) (value T) {
	t.Helper()
	if err := pgtest.Arrange(t, s.DB).QueryRow(t.Context(), sql, args...).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func kind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if got, known := fault.KindOf(err); !known || got != want {
		t.Errorf("%v, want %v", err, want)
	}
}

// signIn makes a session for the person, as the browser's requests would, and returns its token.
func signIn(t *testing.T, s *Service, person access.Actor) string {
	t.Helper()
	sessions := &Sessions{DB: s.DB, Idle: s.Idle}
	token := fmt.Sprintf("token %d of %d", time.Now().UnixNano(), person.ID)
	ctx := WithOwner(t.Context())
	Belongs(ctx, person.ID, Proof{By: ByPassword, Since: s.DB.Now(), At: s.DB.Now()})
	if err := sessions.CommitCtx(ctx, token, []byte("data"), time.Now().Add(8*time.Hour)); err != nil {
		t.Fatal(err)
	}
	return token
}

// whose is whom the session belongs to: nobody when it is over.
func whose(t *testing.T, s *Service, token string) access.Actor {
	t.Helper()
	ctx, place := WithPerson(t.Context())
	_, found, err := (&Sessions{DB: s.DB, Idle: s.Idle}).FindCtx(ctx, token)
	if err != nil {
		t.Fatal(err)
	}
	if found != place.Somebody() {
		t.Errorf("found %v, but the person is %v", found, place.Actor)
	}
	return place.Actor
}

func letters(t *testing.T, s *Service) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.Post.Folder, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.ReplaceAll(strings.ReplaceAll(string(text), "=\r\n", ""), "=3D", "="))
	}
	return all
}

// list is what an account is linked with.
func list(t *testing.T, s *Service, accountID int64) (linked []Linked) {
	t.Helper()
	var batch postgres.Batch
	QueueLinked(&batch, &linked, accountID)
	if err := s.DB.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	return linked
}
