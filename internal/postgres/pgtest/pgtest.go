// Package pgtest gives every test a migrated PostgreSQL database of its own, so
// that tests may run in parallel and say what they like.
//
// The databases are clones of a template that is migrated once per change of the
// migrations, in a cluster that all test packages of a checkout share and that
// keeps its data in memory where there is room. A package that uses it has one
// line in its tests:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// VS_PG_BIN chooses other PostgreSQL programs ("npm" for the fetched ones).
package pgtest

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/cluster"
)

var (
	shared = sync.OnceValues(startShared)
	began  atomic.Bool // the cluster was wanted
	number atomic.Int64
	kept   atomic.Int64
)

// Main runs the tests of a package and gives up the cluster afterwards, if a
// test asked for it. It returns the exit code.
func Main(m *testing.M) int {
	code := m.Run()
	if !began.Load() {
		return code
	}
	g, err := shared()
	if err != nil {
		return code // the tests said so
	}
	g.admin.Close()
	if kept.Load() > 0 {
		_ = g.server.Leave() // so that the kept databases can be looked at
		return code
	}
	if err := g.server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// URL makes a fresh, migrated database for the test and returns its URL, as the
// login role virtualschool, which owns it. The database is dropped when the test
// ends; that of a failed test is kept until the next run, and named.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, template)
}

// Empty makes a database without tables, for tests of migrations.
func Empty(t testing.TB) string {
	t.Helper()
	return create(t, func(context.Context, *ground) (string, error) { return "template1", nil })
}

// Open makes a fresh, migrated database for the test and opens it the way the
// server does. It is closed and dropped when the test ends.
func Open(t testing.TB, configure ...func(*pgxpool.Config)) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), URL(t)+"&pool_max_conns=4", configure...)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// Owner connects to db as the login role, which owns the tables but is held by
// row-level security like everyone else.
func Owner(t testing.TB, db *postgres.DB) *pgx.Conn {
	t.Helper()
	return Connect(t, db.Pool().Config().ConnConfig.ConnString())
}

// Arrange connects to db as the cluster's superuser, whom no policy holds, for
// facts that no service makes or shows. What is under test never goes this way.
func Arrange(t testing.TB, db *postgres.DB) *pgx.Conn {
	t.Helper()
	return Connect(t, AdminURL(t, db))
}

// AdminURL is the address of db for the cluster's superuser, for programs that measure.
func AdminURL(t testing.TB, db *postgres.DB) string {
	t.Helper()
	g, err := shared()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return g.server.AdminURL(db.Pool().Config().ConnConfig.Database)
}

// Connect opens one connection to the database at url, closed when the test ends.
func Connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	url, _, _ = strings.Cut(url, "&pool_max_conns") // a pool's setting, which the server would refuse
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

var unwanted = regexp.MustCompile(`[^a-z0-9]+`)

func create(t testing.TB, from func(context.Context, *ground) (string, error)) string {
	t.Helper()
	began.Store(true)
	g, err := shared()
	if err != nil {
		t.Fatalf("pgtest: no database for tests: %v", err)
	}
	ctx := t.Context()
	source, err := from(ctx, g)
	if err != nil {
		t.Fatalf("pgtest: make the template: %v", err)
	}
	words := strings.Trim(unwanted.ReplaceAllString(strings.ToLower(t.Name()), "_"), "_")
	name := fmt.Sprintf("t_%d_%d_%.40s", os.Getpid(), number.Add(1), words)
	// Copying files is twice as fast as the usual way through the log.
	if _, err := g.admin.Exec(ctx, "create database "+quote(name)+" template "+quote(source)+" owner virtualschool strategy file_copy"); err != nil {
		t.Fatalf("pgtest: make a database: %v", err)
	}
	url := g.server.OwnerURL(name)
	t.Cleanup(func() {
		if t.Failed() {
			kept.Add(1)
			t.Logf("pgtest: the database of this failed test is kept until the next run: psql '%s'", g.server.AdminURL(name))
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := g.admin.Exec(ctx, "drop database if exists "+quote(name)+" with (force)"); err != nil {
			t.Errorf("pgtest: drop the database: %v", err)
		}
	})
	return url
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func options(dir, cache string) cluster.Options {
	return cluster.Options{Dir: dir, Cache: cache, Bin: os.Getenv("VS_PG_BIN"), Fast: true, Log: os.Stderr}
}
