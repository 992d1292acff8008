package postgres_test

import (
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
		err := postgres.MigrateFrom(t.Context(), url, files)
		if err == nil || !strings.Contains(err.Error(), "migration 2") || !strings.Contains(err.Error(), way) {
			t.Fatalf("%s try: %v", try, err)
		}
	}
	conn := pgtest.Connect(t, url)
	if _, err := conn.Exec(t.Context(), way); err != nil {
		t.Fatal(err)
	}
	files["000002_bad.up.sql"].Data = []byte("create table half (n int);")
	if err := postgres.MigrateFrom(t.Context(), url, files); err != nil {
		t.Errorf("after following the advice: %v", err)
	}
}

func TestADatabaseNewerThanTheProgramIsRefused(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	err := postgres.MigrateFrom(t.Context(), url, fstest.MapFS{"000001_only.up.sql": {Data: []byte("select 1")}})
	if err == nil || !strings.Contains(err.Error(), "run the newer program") {
		t.Errorf("got %v", err)
	}
}
