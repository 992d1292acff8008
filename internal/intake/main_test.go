package intake_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// samples is where public sample files are kept beside the repository.
const samples = "../../../shared/data"

func present(paths ...string) bool {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return false
		}
	}
	return true
}

func file(name, text string) intake.Upload {
	return intake.Upload{Name: name, Content: bytes.NewReader([]byte(text)), Size: int64(len(text))}
}

func files(t testing.TB, paths ...string) []intake.Upload {
	t.Helper()
	var uploads []intake.Upload
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		uploads = append(uploads, file(filepath.Base(path), string(content)))
	}
	return uploads
}

// preview fails the test when the files are wrong as a whole.
func preview(t testing.TB, s *intake.Service, kind intake.Kind, uploads ...intake.Upload) intake.Result {
	t.Helper()
	from := time.Now()
	result, err := s.Preview(t.Context(), access.System, kind, uploads)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("preview of %s: %s in %v", kind, result.Counts, time.Since(from).Round(time.Millisecond))
	return result
}

func apply(t testing.TB, s *intake.Service, kind intake.Kind, uploads ...intake.Upload) intake.Result {
	t.Helper()
	from := time.Now()
	result, err := s.Import(t.Context(), access.System, kind, uploads)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("import of %s: %s in %v", kind, result.Counts, time.Since(from).Round(time.Millisecond))
	return result
}

// now is a Monday in the autumn term.
var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// site is a service on a database of its own, and a way past every policy to arrange and look.
type site struct {
	*intake.Service
	t   testing.TB
	sql *pgx.Conn
}

func newSite(t testing.TB) *site {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return now })
	return &site{Service: &intake.Service{DB: db}, t: t, sql: pgtest.Arrange(t, db)}
}

func (s *site) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.sql.Exec(s.t.Context(), sql, args...); err != nil {
		s.t.Fatalf("arrange: %v", err)
	}
}

// wants looks up one value as text.
func (s *site) wants(want, sql string, args ...any) {
	s.t.Helper()
	var got string
	if err := s.sql.QueryRow(s.t.Context(), `select coalesce((`+sql+`)::text, '')`, args...).Scan(&got); err != nil || got != want {
		s.t.Errorf("%s: %q, %v; want %q", sql, got, err, want)
	}
}

func (s *site) person(role access.Role, email string) access.Actor {
	s.t.Helper()
	actor := access.Actor{Name: "Person " + email, Email: email, Role: role}
	if err := s.sql.QueryRow(s.t.Context(), `insert into account (email, name, role, state, created_at) values ($1, $2, $3, 'active', $4) returning id`,
		email, actor.Name, string(role), now).Scan(&actor.ID); err != nil {
		s.t.Fatal(err)
	}
	return actor
}

// child arranges a child whom a person entered, in care since September 2025.
func (s *site) child(laID, forename string) (id int64) {
	s.t.Helper()
	if err := s.sql.QueryRow(s.t.Context(), `insert into child (la_child_id, forename, surname, date_of_birth, sex, created_at, updated_at)
		values ($1, $2, 'Test', '2014-05-06', 'F', $3, $3) returning id`, laID, forename, now).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	s.exec(`insert into care_period (child_id, period, source) values ($1, '[2025-09-01,)', 'entered')`, id)
	return id
}

func (s *site) counts(result intake.Result, want intake.Counts) {
	s.t.Helper()
	if result.Counts != want {
		s.t.Errorf("%s; want %s", result.Counts, want)
	}
}
