package audit_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

type log struct {
	t   *testing.T
	db  *postgres.DB
	sql *pgx.Conn // past every policy and, when told to, every trigger
}

func open(t *testing.T, at time.Time) *log {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return at })
	return &log{t, db, pgtest.Arrange(t, db)}
}

func (l *log) change(entries ...audit.Entry) {
	l.t.Helper()
	err := l.db.Change(l.t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) error { return audit.Change(ctx, tx, entries...) })
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *log) look(child int64) {
	l.t.Helper()
	var batch postgres.Batch
	audit.Look(l.t.Context(), &batch, access.System, child, "child")
	if err := l.db.View(l.t.Context(), access.System, &batch); err != nil {
		l.t.Fatal(err)
	}
}

// seal seals until all that was written is sealed: transactions of other tests, on the same server,
// hold the newest rows back while they run.
func (l *log) seal() {
	l.t.Helper()
	for range 200 {
		if err := audit.Seal(l.t.Context(), l.db); err != nil {
			l.t.Fatal(err)
		}
		if l.count(`select (select count(*) from audit_change) + (select count(*) from audit_look) - (select coalesce(sum(row_count), 0)::bigint from audit_seal)`) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	l.t.Fatal("what was written is not sealed after four seconds")
}

func (l *log) broken() int {
	l.t.Helper()
	seals, err := audit.Check(l.t.Context(), l.db)
	if err != nil {
		l.t.Fatal(err)
	}
	return len(seals)
}

func (l *log) count(sql string) (n int) {
	l.t.Helper()
	if err := l.sql.QueryRow(l.t.Context(), sql).Scan(&n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// child arranges one child to look at.
func (l *log) child() (id int64) {
	l.t.Helper()
	err := l.sql.QueryRow(l.t.Context(), `insert into child (la_child_id, date_of_birth, created_at, updated_at) values ('A1', '2014-01-05', $1, $1) returning id`, now).Scan(&id)
	if err != nil {
		l.t.Fatal(err)
	}
	return id
}

// TestNobodyTakesBackWhatIsWritten asks as the program and as the owner, of the logs and of each of
// the tables that they are kept in.
//
// ASVS 5.0: 16.4.2
func TestNobodyTakesBackWhatIsWritten(t *testing.T) {
	t.Parallel()
	l := open(t, now)
	child := l.child()
	l.change(audit.Entry{ChildID: child, Subject: "child", SubjectID: child, Action: "edited"})
	l.look(child)
	l.seal()
	rows, err := l.sql.Query(t.Context(), `select oid::regclass::text from pg_class where relname like 'audit\_%' and relkind in ('r', 'p')`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 10 {
		t.Fatalf("tables %v, %v", tables, err)
	}
	owner := pgtest.Owner(t, l.db)
	for _, table := range tables {
		// A superuser stands for the owner where rows must be found: the owner sees none without an actor.
		if _, err := l.sql.Exec(t.Context(), `truncate `+table); err == nil || !strings.Contains(err.Error(), "never changed or removed") {
			t.Errorf("a superuser empties %s: %v", table, err)
		}
		if _, err := owner.Exec(t.Context(), `truncate `+table); err == nil {
			t.Errorf("the owner empties %s", table)
		}
		for _, statement := range []string{`truncate ` + table, `delete from ` + table, `update ` + table + ` set id = default`} {
			err := l.db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) error {
				_, err := tx.Exec(ctx, statement)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("the program may %s: %v", statement, err)
			}
		}
	}
	for _, statement := range []string{`delete from audit_change`, `delete from audit_look`, `delete from audit_seal`, `update audit_change set action = 'x'`,
		`update audit_look set screen = 'x'`, `update audit_seal set row_count = 0`} {
		if _, err := l.sql.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "never changed or removed") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if n := l.count(`select (select count(*) from audit_change) + (select count(*) from audit_look) + (select count(*) from audit_seal)`); n < 4 {
		t.Errorf("%d rows are left", n)
	}
}

// TestTamperingIsFound changes the logs as somebody who can switch every trigger off.
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	l := open(t, now)
	child := l.child()
	l.change(audit.Entry{ChildID: child, Subject: "child", SubjectID: child, Action: "edited", After: map[string]string{"surname": "Ash"}},
		audit.Entry{Subject: "account", SubjectID: "12|13", Action: "ended"})
	l.look(child)
	l.seal()
	l.change(audit.Entry{ChildID: child, Subject: "roll", SubjectID: 4, Action: "changed school", Before: "a", After: "b"})
	l.seal()
	if n := l.broken(); n != 0 {
		t.Fatalf("%d seals are broken before anybody touched them", n)
	}
	for _, tampering := range []string{
		`update audit_change set action = 'opened' where subject = 'account'`,
		`update audit_change set before = after, after = null where subject = 'child'`,
		`update audit_change set subject = 'account|12', subject_id = '13' where subject = 'account'`,
		`update audit_change set child_id = null where subject = 'roll'`,
		`update audit_change set account_id = 2 where subject = 'roll'`,
		`update audit_change set at = at - interval '1 second' where subject = 'roll'`,
		`update audit_change set request_id = 'x' where subject = 'roll'`,
		`delete from audit_change where subject = 'child'`,
		`insert into audit_change (at, account_id, subject, subject_id, action, written_in) select at, 1, 'account', '9', 'made', written_in from audit_change where subject = 'child'`,
		`update audit_look set screen = 'list'`,
		`update audit_look set account_id = 2`,
		`delete from audit_look`,
		`update audit_seal set hash = sha256('x') where id = (select min(id) from audit_seal where subject = 'change')`,
		`delete from audit_seal where id = (select min(id) from audit_seal where subject = 'change')`,
	} {
		if _, err := l.sql.Exec(t.Context(), `begin; set local session_replication_role = replica; create temp table kept on commit drop as select 1; `+tampering); err != nil {
			t.Fatalf("%s: %v", tampering, err)
		}
		rows, err := l.sql.Query(t.Context(), `select audit_broken_seals()`)
		if err != nil {
			t.Fatal(err)
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(found) == 0 {
			t.Errorf("%s is not found: %v", tampering, err)
		}
		if _, err := l.sql.Exec(t.Context(), `rollback`); err != nil {
			t.Fatal(err)
		}
	}
	if n := l.broken(); n != 0 {
		t.Errorf("%d seals are broken after all was put back", n)
	}
}

// TestAMonthThatBeganWithoutItsTableIsSealedToo: a server that was off, or a council that begins years
// after this was written, writes first and makes the month's table later.
func TestAMonthThatBeganWithoutItsTableIsSealedToo(t *testing.T) {
	t.Parallel()
	l := open(t, time.Date(2031, 6, 5, 10, 0, 0, 0, time.UTC))
	child := l.child()
	l.change(audit.Entry{ChildID: child, Subject: "child", SubjectID: child, Action: "edited"})
	l.look(child)
	l.seal()
	l.look(child)
	l.seal()
	if sealed := l.count(`select sum(row_count) from audit_seal`); sealed != 3 || l.broken() != 0 {
		t.Errorf("%d rows are sealed; want 3", sealed)
	}
	for _, month := range []string{"2031_07", "2031_08"} {
		for _, kind := range []string{"audit_change", "audit_look"} {
			walled := fmt.Sprintf(`select count(*) from pg_class where relname = '%s_%s' and relrowsecurity and relforcerowsecurity`, kind, month)
			if l.count(walled) != 1 {
				t.Errorf("%s has no table for %s behind the wall", kind, month)
			}
		}
	}
}
