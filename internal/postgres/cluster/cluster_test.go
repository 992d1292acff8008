package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// with fills in what every test wants: the programs this run is about, and one
// cache of fetched ones for the whole checkout.
func with(t *testing.T, opt Options) Options {
	t.Helper()
	cache, err := filepath.Abs("../../../.data/pgbin")
	if err != nil {
		t.Fatal(err)
	}
	opt.Cache, opt.Fast, opt.Log = cache, true, t.Output()
	if opt.Bin == "" {
		opt.Bin = os.Getenv("VS_PG_BIN")
	}
	return opt
}

// start starts a cluster for a test and stops it at the end.
func start(t *testing.T, opt Options) *Server {
	t.Helper()
	opt = with(t, opt)
	s, err := Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func one[T any](t *testing.T, url, sql string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func pid(t *testing.T, s *Server) int {
	t.Helper()
	pm, ok := readPostmaster(s.data)
	if !ok {
		t.Fatal("no server is running")
	}
	return pm.pid
}

func TestTheServerLogsInAsARoleThatRowSecurityHolds(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: t.TempDir()})
	url := s.OwnerURL(Database)
	if got := one[string](t, url, "select current_user::text"); got != OwnerRole {
		t.Errorf("logged in as %s", got)
	}
	if one[bool](t, url, "select bool_or(rolsuper or rolbypassrls or rolcreaterole) from pg_roles where rolname like 'virtualschool%'") {
		t.Error("a role may walk past row-level security")
	}
	if got := one[string](t, url, "select set_config('role', 'virtualschool_app', true)"); got != AppRole {
		t.Errorf("working role %s", got)
	}
	// Owner of the database, so that migrations may create trusted extensions.
	if !one[bool](t, url, "select has_database_privilege(current_database(), 'create')") {
		t.Error("the owner may not create extensions")
	}
	// British English order: É beside E, not after Z.
	if got := one[string](t, url, "select string_agg(n, ' ' order by n) from unnest(array['Zoe','Éva','Eve','adam']) n"); got != "adam Éva Eve Zoe" {
		t.Errorf("names are ordered %s", got)
	}
}

func TestTheLastUserStopsTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, Options{Dir: dir})
	second := start(t, Options{Dir: dir})
	if pid(t, first) != pid(t, second) {
		t.Fatal("two servers on one data folder")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if got := one[int](t, second.OwnerURL(Database), "select 1"); got != 1 {
		t.Error("the second user lost the server")
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if _, running := readPostmaster(second.data); running {
		t.Error("the server still runs")
	}
	if _, err := os.Stat(second.sock); !errors.Is(err, os.ErrNotExist) {
		t.Error("the socket folder was left behind")
	}
}

func TestManyStartAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := Start(t.Context(), with(t, Options{Dir: dir}))
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestAStartAfterACrash(t *testing.T) {
	t.Parallel()
	t.Run("of our process: the server is adopted", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := start(t, Options{Dir: dir})
		was := pid(t, s)
		s.users.Close() // what the kernel does for a killed process
		if again := start(t, Options{Dir: dir}); pid(t, again) != was {
			t.Error("the running server was not adopted")
		}
	})
	t.Run("of the server: it starts again and has what was written", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := start(t, Options{Dir: dir, Settings: map[string]string{"fsync": "on"}})
		one[string](t, s.OwnerURL(Database), "select set_config('x.y', 'z', false)")
		conn, err := pgx.Connect(t.Context(), s.OwnerURL(Database))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "set synchronous_commit = on; create table kept as select 42 as n"); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid(t, s), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		again := start(t, Options{Dir: dir})
		if got := one[int](t, again.OwnerURL(Database), "select n from kept"); got != 42 {
			t.Errorf("kept %d", got)
		}
	})
	t.Run("of the machine: a stale lock with a number that is another program's", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := start(t, Options{Dir: dir})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		stale := strconv.Itoa(os.Getpid()) + "\n" + s.data + "\n1\n5432\n/nowhere\n"
		if err := os.WriteFile(filepath.Join(s.data, "postmaster.pid"), []byte(stale), 0o600); err != nil {
			t.Fatal(err)
		}
		start(t, Options{Dir: dir})
	})
	t.Run("while the data folder was made", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		half := filepath.Join(dir, "postgres", "pg"+strconv.Itoa(major(t)), "making-1")
		if err := os.MkdirAll(filepath.Join(half, "base"), 0o700); err != nil {
			t.Fatal(err)
		}
		start(t, Options{Dir: dir})
		if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
			t.Error("the half-made folder is still there")
		}
	})
	t.Run("with the socket swept away by a cleaner of temporary files", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := start(t, Options{Dir: dir})
		if err := os.RemoveAll(s.sock); err != nil {
			t.Fatal(err)
		}
		again := start(t, Options{Dir: dir})
		if got := one[int](t, again.OwnerURL(Database), "select 1"); got != 1 {
			t.Error("no answer")
		}
	})
}

func major(t *testing.T) int {
	t.Helper()
	in, err := choose(t.Context(), with(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	return in.major
}

func TestRootWithoutNamespacesRunsAsAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		// An ordinary user runs PostgreSQL as itself, with or without namespaces.
		id, err := whoRuns(true)
		if err != nil || id.other != nil || id.namespace {
			t.Errorf("identity %+v, %v", id, err)
		}
		return
	}
	// Not t.TempDir, which other users cannot enter.
	dir, err := os.MkdirTemp("", "cluster-setuid-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, barred := range []bool{true, false, true} { // and back, and forth
		s := start(t, Options{Dir: dir, noNamespaces: barred})
		info, err := os.Stat(s.data)
		if err != nil {
			t.Fatal(err)
		}
		if root := info.Sys().(*syscall.Stat_t).Uid == 0; root == barred {
			t.Errorf("namespaces barred %v, data of root %v", barred, root)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), with(t, Options{Dir: closed, noNamespaces: true}))
	if err == nil || !strings.Contains(err.Error(), "set VS_DATA_DIR to a folder open to everyone") {
		t.Errorf("in a closed folder: %v", err)
	}
}

func TestMistakesAreExplained(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	older := t.TempDir()
	if err := os.MkdirAll(filepath.Join(older, "postgres", "pg11", "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(older, "postgres", "pg11", "data", "PG_VERSION"), []byte("11\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := t.TempDir()
	if err := os.MkdirAll(filepath.Join(foreign, "postgres", "pg"+strconv.Itoa(major(t)), "data", "photos"), 0o700); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		opt  Options
		want string
	}{
		"wrong folder of programs":          {with(t, Options{Dir: t.TempDir(), Bin: "/nonexistent"}), `VS_PG_BIN is "/nonexistent"`},
		"data folder is a file":             {with(t, Options{Dir: file}), "set VS_DATA_DIR"},
		"data of a version that is gone":    {Options{Dir: older}, "made by PostgreSQL 11, which is not on this machine"},
		"something else in the data folder": {with(t, Options{Dir: foreign}), "holds something that is no PostgreSQL data folder"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := Start(t.Context(), tt.opt)
			if err == nil {
				s.Close()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %q in it", err, tt.want)
			}
		})
	}
}

func TestALockThatIsHeldIsExplained(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "setup.lock")
	held, err := lock(t.Context(), path, syscall.LOCK_EX, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = lock(ctx, path, syscall.LOCK_EX, t.Output())
	if err == nil || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("held lock: %v", err)
	}
	held.Close()
	again, err := lock(t.Context(), path, syscall.LOCK_EX, t.Output())
	if err != nil {
		t.Fatalf("after it was given back: %v", err)
	}
	again.Close()
}
