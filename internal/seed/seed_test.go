package seed_test

import (
	"os"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"virtualschool/internal/account"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/seed"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// weak makes passwords cheap to hash, so that tests wait for other things.
var weak = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func services(t testing.TB, db *postgres.DB, demo bool) seed.Services {
	t.Helper()
	forms, err := pep.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return seed.Services{
		DB:          db,
		Accounts:    &account.Service{DB: db, Hasher: account.NewHasher(weak, 2), Salt: make([]byte, 32), Demo: demo, Place: "Demo Council"},
		Settings:    &setting.Service{DB: db, AuthorityCode: "332"},
		Children:    &child.Service{DB: db},
		Plans:       &pep.Service{DB: db, Forms: forms, Authority: "332"},
		Premium:     &premium.Service{DB: db},
		Attendance:  &attendance.Service{DB: db},
		Suspensions: &suspension.Service{DB: db},
	}
}

func on(db *postgres.DB, day string) *postgres.DB {
	moment := calendar.MustParse(day).Start().Add(15 * time.Hour)
	return db.At(func() time.Time { return moment })
}

func TestQuick(t *testing.T) {
	db := on(pgtest.Open(t), "2026-11-21")
	began := time.Now()
	if err := seed.Run(t.Context(), services(t, db, true), seed.Options{Children: 30, Random: 1}); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(began))
}
