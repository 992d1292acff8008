package postgres_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMigrateTwiceAndAtOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	current, want, dirty, err := postgres.MigrationState(t.Context(), url)
	if err != nil || current != 0 || want == 0 || dirty {
		t.Fatalf("a new database: current %d, want %d, dirty %v, %v", current, want, dirty, err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := postgres.Migrate(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := postgres.Migrate(t.Context(), url); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if current, want, dirty, err = postgres.MigrationState(t.Context(), url); err != nil || current != want || dirty {
		t.Errorf("after: current %d, want %d, dirty %v, %v", current, want, dirty, err)
	}
}

func TestTheWorkingRoleMayUseTheJobQueue(t *testing.T) {
	t.Parallel()
	conn := pgtest.Owner(t, pgtest.Open(t))
	for _, sql := range []string{
		"set role virtualschool_app",
		"insert into river_job (kind, max_attempts, args) values ('x', 1, '{}')",
		"update river_job set priority = 2",
		"delete from river_job",
		"select * from river_queue",
		"select * from river_leader",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestAFailedMigrationSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	files := fstest.MapFS{
		"000001_good.up.sql": {Data: []byte("create table good (n int);")},
		"000002_bad.up.sql":  {Data: []byte("create table half (n int); select nonsense;")},
	}
	const way = "update schema_migrations set version = 1, dirty = false"
	for _, try := range []string{"first", "second"} {
		err := postgres.MigrateTo(t.Context(), url, files)
		if err == nil || !strings.Contains(err.Error(), "migration 2") || !strings.Contains(err.Error(), way) {
			t.Fatalf("%s try: %v", try, err)
		}
	}
	conn := pgtest.Connect(t, url)
	if _, err := conn.Exec(t.Context(), way); err != nil {
		t.Fatal(err)
	}
	files["000002_bad.up.sql"].Data = []byte("create table half (n int);")
	if err := postgres.MigrateTo(t.Context(), url, files); err != nil {
		t.Errorf("after following the advice: %v", err)
	}
}

func TestADatabaseNewerThanTheProgramIsRefused(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	err := postgres.MigrateTo(t.Context(), url, fstest.MapFS{"000001_only.up.sql": {Data: []byte("select 1")}})
	if err == nil || !strings.Contains(err.Error(), "run the newer program") {
		t.Errorf("got %v", err)
	}
}

func TestALoginWithoutTheWorkingRoleIsToldWhatToRun(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	admin := pgtest.Arrange(t, db)
	login := fmt.Sprintf("stranger_%d", os.Getpid())
	run := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	run("create role " + login + " login")
	t.Cleanup(func() { run("drop role " + login) })
	url, _, _ := strings.Cut(db.Pool().Config().ConnConfig.ConnString(), "&pool_max_conns")
	url = strings.Replace(url, "//virtualschool@", "//"+login+"@", 1)

	const advice = "Run this once as a role that may"
	grant := "grant virtualschool_app to " + login
	err := postgres.Migrate(t.Context(), url)
	if err == nil || !strings.Contains(err.Error(), advice) || !strings.Contains(err.Error(), grant) {
		t.Fatalf("got %v", err)
	}
	run(grant)
	// It still owns no tables, but that is another matter.
	if err := postgres.Migrate(t.Context(), url); err != nil && strings.Contains(err.Error(), advice) {
		t.Errorf("after following the advice: %v", err)
	}
}
