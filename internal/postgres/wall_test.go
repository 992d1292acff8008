package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

// street is a few people, each with a child of their own, and one child of everybody's.
type street struct {
	t      *testing.T
	db     *postgres.DB
	sql    *pgx.Conn
	people []access.Actor
	own    map[int64]int64 // by account
}

var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func newStreet(t *testing.T, people int, configure ...func(*pgxpool.Config)) *street {
	t.Helper()
	db := pgtest.Open(t, configure...).At(func() time.Time { return monday })
	s := &street{t: t, db: db, sql: pgtest.Arrange(t, db), own: map[int64]int64{}}
	for n := range people {
		who := access.Actor{Name: fmt.Sprintf("Person %d", n), Role: access.Advisor}
		who.ID = s.id(`insert into account (email, name, role, state, created_at) values ($1, $2, 'advisor', 'active', $3) returning id`, fmt.Sprintf("p%d@wall.test", n), who.Name, monday)
		child := s.child(n)
		s.exec(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, 'advisor', '[2026-01-01,)', 'test')`, child, who.ID)
		s.people, s.own[who.ID] = append(s.people, who), child
	}
	return s
}

func (s *street) child(n int) int64 {
	id := s.id(`insert into child (la_child_id, forename, date_of_birth, created_at, updated_at) values ($1, 'Ada', '2014-01-05', $2, $2) returning id`, fmt.Sprintf("W%d", n), monday)
	s.exec(`insert into care_period (child_id, period, source) values ($1, '[2025-09-01,)', 'test')`, id)
	return id
}

func (s *street) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.sql.Exec(context.Background(), sql, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *street) id(sql string, args ...any) (id int64) {
	s.t.Helper()
	if err := s.sql.QueryRow(context.Background(), sql, args...).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// sees lists the children there are for somebody.
func (s *street) sees(ctx context.Context, db *postgres.DB, who access.Actor) ([]int64, error) {
	var children []int64
	var batch postgres.Batch
	postgres.Values(&batch, &children, `select id from child order by id`, nil)
	err := db.View(ctx, who, &batch)
	return children, err
}

// TestTheProgramMayNotTouchTheWall runs what an injected statement would, as the role that every
// transaction takes on.
//
// ASVS 5.0: 13.2.2
func TestTheProgramMayNotTouchTheWall(t *testing.T) {
	t.Parallel()
	s := newStreet(t, 1)
	for _, statement := range []string{
		`truncate child`, `truncate child cascade`, `truncate note`, `truncate premium_transfer`, `truncate session`,
		`alter table child disable row level security`, `alter table child no force row level security`, `drop policy related on child`,
		`create policy open on child using (true)`, `alter table audit_look disable trigger all`, `alter table child owner to virtualschool_app`,
		`drop table note`, `create table stolen (id int)`, `create function public.enter2() returns int language sql as 'select 1'`,
		`create or replace function enter(actor bigint, today date) returns void language sql as ''`, `create extension dblink`, `create schema mine`,
		`alter role virtualschool_app bypassrls`, `alter role virtualschool_app superuser`, `create role thief`,
		`set session_replication_role = replica`, `copy child to program 'cat'`, `copy child to '/tmp/children'`, `select pg_read_file('/etc/passwd')`,
		`select lo_export(1, '/tmp/x')`, `delete from child`, `delete from roll`, `delete from restriction`, `delete from child_block`,
		`delete from account`, `update note set words = 'x'`, `update premium_account set balance_pence = 1`, `insert into premium_account (financial_year, kind) values (2026, 'pool')`,
		`select * from schema_migrations`,
	} {
		err := s.db.Change(t.Context(), s.people[0], func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, statement)
			return err
		})
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "42501" { // insufficient_privilege
			t.Errorf("%s: %v", statement, err)
		}
	}
	// Of those who work with a child only cover that has not begun is taken back: the statement finds no other.
	if err := s.db.Change(t.Context(), s.people[0], func(ctx context.Context, tx *postgres.Tx) error {
		n, err := tx.Do(ctx, `delete from allocation`, nil)
		if n != 0 {
			t.Errorf("%d allocations went", n)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	// With row-level security off, the database refuses to answer rather than showing what it hides.
	err := s.db.Change(t.Context(), s.people[0], func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `set local row_security = off; select * from child`)
		return err
	})
	if err == nil {
		t.Error("policies can be left out by asking")
	}
}

// TestHowTheDatabaseStands reads the catalogue, so that a new table or function is found by itself.
func TestHowTheDatabaseStands(t *testing.T) {
	t.Parallel()
	s := newStreet(t, 0)
	for name, sql := range map[string]string{
		"a table about children, or a part of one, without forced policies": `select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
			where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and (a.attname = 'child_id' or c.relname = 'child') and not (c.relrowsecurity and c.relforcerowsecurity)`,
		"a policy that is not the wall's and does not only narrow it": `select polname || ' on ' || polrelid::regclass from pg_policy
			where polpermissive and polname not in ('related') and (polname, polrelid::regclass::text) not in (('own_act', 'audit_change'), ('own_sign_in', 'audit_change'), ('own_look', 'audit_look'),
				('invited', 'pep'), ('invited_holds', 'pep'), ('invited', 'pep_section'), ('invited', 'pep_answer'), ('invited', 'pep_draft'), ('invited', 'pep_draft_words'), ('invited', 'pep_invitation'), ('program_reads', 'import_part'), ('importer_writes', 'import_part'),
				('own', 'print_run'), ('answerable', 'break_glass'), ('asked', 'access_request'), ('not_oneself', 'unusual_week'), ('own', 'held_form'), ('own', 'passkey'), ('managed', 'passkey'), ('own', 'authenticator'), ('managed', 'authenticator'), ('own', 'recovery_code'), ('managed', 'recovery_code'), ('all_seen', 'print_file'), ('everybody', 'import'), ('of_import', 'import_code'), ('everybody', 'attendance_local_code'), ('cohort', 'deletion'), ('cohort', 'audit_tombstone'), ('cohort', 'deletion_requests'), ('cohort', 'deletion_lines'),
				('own_file', 'import_part'), ('own_file', 'import_item'), ('own_file', 'import_problem'))`,
		"a view, which would run as its owner": `select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')`,
		"a function that runs as its owner without a fixed search path": `select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
			and not coalesce(proconfig @> array['search_path=public, pg_temp'], false)`,
		"a function that runs as its owner for everyone": `select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
			and has_function_privilege('public', oid, 'execute')`,
		"something the program owns": `select relname from pg_class where relowner = 'virtualschool_app'::regrole union all select proname from pg_proc where proowner = 'virtualschool_app'::regrole`,
		"a table the program may empty, refer to or hang triggers on": `select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
			and has_table_privilege('virtualschool_app', oid, 'truncate, references, trigger')`,
		"a part of a log that the program reaches past the log": `select c.oid::regclass::text from pg_class c where relispartition
			and has_table_privilege('virtualschool_app', c.oid, 'select, insert, update, delete')`,
		"a log that only grows, without its triggers": `select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p') and (c.relname like 'audit\_%' or c.relname in ('note', 'pep_event', 'premium_event', 'premium_transfer', 'voice_reply', 'deletion', 'deletion_requests', 'deletion_lines'))
			and (select count(*) from pg_trigger where tgrelid = c.oid and tgname in ('append_only', 'append_only_truncate') and tgenabled <> 'D') <> 2`,
		"a table that everyone may read": `select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S')
			and exists (select from aclexplode(relacl) where grantee = 0)`,
		"a mighty role": `select rolname from pg_roles where rolname = 'virtualschool_app' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin or rolreplication)`,
	} {
		rows, err := s.sql.Query(t.Context(), sql)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// TestPeopleAreNeverMixedUp sends a thousand views of many people through four connections, among them
// people unknown, ended and nobody, and each sees what is theirs.
func TestPeopleAreNeverMixedUp(t *testing.T) {
	t.Parallel()
	s := newStreet(t, 12, func(settings *pgxpool.Config) { settings.MaxConns = 4 })
	ended := access.Actor{ID: s.id(`insert into account (email, name, role, state, created_at, ended_at) values ('gone@wall.test', 'Gone', 'head', 'ended', $1, $1) returning id`, monday), Role: access.Head}
	whole := access.Actor{ID: s.id(`insert into account (email, name, role, state, created_at) values ('head@wall.test', 'Head', 'head', 'active', $1) returning id`, monday), Role: access.Head}
	askers := append([]access.Actor{ended, whole, {}, {ID: 987654, Role: access.Head}}, s.people...)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for n := range 125 {
				who := askers[(n*7+worker*3)%len(askers)]
				children, err := s.sees(t.Context(), s.db, who)
				want := 0
				if who == whole {
					want = len(s.people)
				} else if s.own[who.ID] != 0 {
					want = 1
				}
				if err != nil || len(children) != want || want == 1 && children[0] != s.own[who.ID] {
					t.Errorf("%q (%d) sees %v, %v", who.Name, who.ID, children, err)
				}
			}
		})
	}
	group.Wait()
}

// TestTheNextPersonStartsClean breaks off the head's transactions in every way on the only connection.
func TestTheNextPersonStartsClean(t *testing.T) {
	t.Parallel()
	s := newStreet(t, 2, func(settings *pgxpool.Config) { settings.MaxConns = 1 })
	head := access.Actor{ID: s.id(`insert into account (email, name, role, state, created_at) values ('head@wall.test', 'Head', 'head', 'active', $1) returning id`, monday), Role: access.Head}
	refused := errors.New("refused")
	for name, breakOff := range map[string]func(){
		"committed": func() {
			s.db.Change(t.Context(), head, func(context.Context, *postgres.Tx) error { return nil })
		},
		"refused": func() {
			s.db.Change(t.Context(), head, func(context.Context, *postgres.Tx) error { return refused })
		},
		"panicked": func() {
			defer func() { recover() }()
			s.db.Change(t.Context(), head, func(context.Context, *postgres.Tx) error { panic("broken down") })
		},
		"failed in SQL": func() {
			s.db.Change(t.Context(), head, func(ctx context.Context, tx *postgres.Tx) error { _, err := tx.Exec(ctx, `select 1/0`); return err })
		},
		"left": func() {
			ctx, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer leave()
			s.db.Change(ctx, head, func(ctx context.Context, tx *postgres.Tx) error {
				_, err := tx.Exec(ctx, `select pg_sleep(5)`)
				return err
			})
		},
		"left a view": func() {
			ctx, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer leave()
			var batch postgres.Batch
			batch.Exec(`select pg_sleep(5)`, nil)
			s.db.View(ctx, head, &batch)
		},
	} {
		breakOff()
		if children, err := s.sees(t.Context(), s.db, access.Actor{}); err != nil || len(children) != 0 {
			t.Errorf("%s: nobody sees %v, %v", name, children, err)
		}
		if children, err := s.sees(t.Context(), s.db, s.people[0]); err != nil || len(children) != 1 {
			t.Errorf("%s: the next person sees %v, %v", name, children, err)
		}
		// A statement outside any transaction of ours, on the same connection.
		var left string
		if err := s.db.Pool().QueryRow(t.Context(), `select coalesce(current_setting('app.actor', true), '') || coalesce(current_setting('app.scope', true), '') || coalesce(current_setting('app.children', true), '')`).Scan(&left); err != nil || left != "" {
			t.Errorf("%s: %q is left on the connection, %v", name, left, err)
		}
	}
}

// TestSightEndsAtMidnightInEngland: the day in the database is the day there, in winter and in summer.
func TestSightEndsAtMidnightInEngland(t *testing.T) {
	t.Parallel()
	s := newStreet(t, 0)
	school := s.id(`insert into setting (name, source) values ('Oak', 'local') returning id`)
	teacher := access.Actor{Role: access.School, ID: s.id(`insert into account (email, name, role, state, created_at) values ('t@wall.test', 'T', 'school', 'active', $1) returning id`, monday)}
	s.exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'colleague', '[2026-01-01,)')`, teacher.ID, school)
	worker := access.Actor{Role: access.SocialWorker, ID: s.id(`insert into account (email, name, role, state, created_at) values ('w@wall.test', 'W', 'social_worker', 'active', $1) returning id`, monday)}
	child := s.child(1)
	for _, c := range []struct {
		ends          string // the first day without
		before, after string // moments on either side of that midnight
	}{
		{"2026-07-01", "2026-06-30T22:30:00Z", "2026-06-30T23:30:00Z"}, // summer: an hour ahead of UTC
		{"2026-12-01", "2026-11-30T23:30:00Z", "2026-12-01T00:30:00Z"},
		{"2026-03-29", "2026-03-28T23:30:00Z", "2026-03-29T00:30:00Z"}, // the clocks go forward that night
		{"2026-03-30", "2026-03-29T22:30:00Z", "2026-03-29T23:30:00Z"},
		{"2026-10-25", "2026-10-24T22:30:00Z", "2026-10-24T23:30:00Z"}, // and back
		{"2026-10-26", "2026-10-25T23:30:00Z", "2026-10-26T00:30:00Z"},
		{"2028-03-01", "2028-02-29T23:30:00Z", "2028-03-01T00:30:00Z"},
	} {
		s.exec(`delete from roll`)
		s.exec(`delete from allocation`)
		s.exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', daterange('2026-01-01', $3::text::date), 'test')`, child, school, c.ends)
		s.exec(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, 'social_worker', daterange('2026-01-01', $3::text::date), 'test')`, child, worker.ID, c.ends)
		for moment, want := range map[string]int{c.before: 1, c.after: 0} {
			at, err := time.Parse(time.RFC3339, moment)
			if err != nil {
				t.Fatal(err)
			}
			for _, who := range []access.Actor{teacher, worker} {
				children, err := s.sees(t.Context(), s.db.At(func() time.Time { return at }), who)
				if err != nil || len(children) != want {
					t.Errorf("until %s: at %s the %s sees %d children, %v", c.ends, moment, who.Role, len(children), err)
				}
			}
		}
	}
}

// TestACaseloadOfThousands: the list of children that enter() leaves has no length at which it breaks.
func TestACaseloadOfThousands(t *testing.T) {
	t.Parallel()
	s := newStreet(t, 1)
	s.exec(`insert into child (la_child_id, date_of_birth, created_at, updated_at) select 'M' || n, '2014-01-05', $1, $1 from generate_series(1, 3000) n`, monday)
	s.exec(`insert into allocation (child_id, account_id, part, period, source) select id, $1, 'advisor', '[2026-01-01,)', 'test' from child where la_child_id like 'M%'`, s.people[0].ID)
	s.exec(`insert into child_block (child_id, account_id, reason, period) select id, $1, 'test', '[2026-01-01,)' from child where la_child_id like 'M%' and id % 2 = 0`, s.people[0].ID)
	want := int(s.id(`select count(*) from allocation a where account_id = $1 and not exists (select from child_block b where b.child_id = a.child_id)`, s.people[0].ID))
	if children, err := s.sees(t.Context(), s.db, s.people[0]); err != nil || len(children) != want {
		t.Errorf("%d children, want %d, %v", len(children), want, err)
	}
}
