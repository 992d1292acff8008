package pgtest_test

import (
	"fmt"
	"os"
	"testing"

	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for i := range 6 {
		t.Run(fmt.Sprint("database ", i), func(t *testing.T) {
			t.Parallel()
			conn := pgtest.Owner(t, pgtest.Open(t))
			var migrated, mine bool
			if err := conn.QueryRow(t.Context(), "select count(*) = 1 from schema_migrations where not dirty").Scan(&migrated); err != nil || !migrated {
				t.Errorf("migrated %v, %v", migrated, err)
			}
			if _, err := conn.Exec(t.Context(), "create table only_here (n int)"); err != nil {
				t.Error(err) // another test's table is in the way
			}
			if err := conn.QueryRow(t.Context(), "select pg_get_userbyid(datdba) = 'virtualschool' and current_user = 'virtualschool' from pg_database where datname = current_database()").Scan(&mine); err != nil || !mine {
				t.Errorf("owned by the login role %v, %v", mine, err)
			}
		})
	}
}

func TestWhoseConnection(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	const ask = "select current_user::text || case when rolsuper then ' beyond' else ' behind' end || ' the wall' from pg_roles where rolname = current_user"
	var owner, arranger string
	if err := pgtest.Owner(t, db).QueryRow(t.Context(), ask).Scan(&owner); err != nil || owner != "virtualschool behind the wall" {
		t.Errorf("Owner is %s, %v", owner, err)
	}
	if err := pgtest.Arrange(t, db).QueryRow(t.Context(), ask).Scan(&arranger); err != nil || arranger != "vs beyond the wall" {
		t.Errorf("Arrange is %s, %v", arranger, err)
	}
}
