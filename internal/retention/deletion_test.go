package retention

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

// approved proposes and approves that a record is deleted.
func (o *office) approved(child int64) {
	o.t.Helper()
	o.must(o.service.Propose(o.t.Context(), o.deputy, child, "The archive does not want it"))
	o.must(o.service.Decide(o.t.Context(), o.head, child, 1, "approved", "The insurers agree"))
}

func (o *office) reference(child int64) string {
	o.t.Helper()
	return o.Text(`select la_child_id from child where id = $1`, child)
}

func (o *office) deletes(who access.Actor, child int64) (int64, error) {
	o.t.Helper()
	return o.service.Delete(o.t.Context(), who, child, 2, o.reference(child))
}

func (o *office) certificate(id int64) Certificate {
	o.t.Helper()
	var found Certificate
	var batch postgres.Batch
	QueueCertificate(&batch, &found, id)
	o.must(o.db.View(o.t.Context(), o.head, &batch))
	return found
}

// direct calls the database's function as an injected statement would.
func (o *office) direct(who access.Actor, child int64) error {
	return o.does(who, `select delete_record(@child, @now)`, postgres.Args{"child": child})
}

// about are the tables with a child in them.
func about(t *testing.T, sql *pgx.Conn) []string {
	t.Helper()
	rows, err := sql.Query(t.Context(), `select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'child_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 75 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	return tables
}

// held is everything that is kept of a child, past every policy: table by table, as one text.
func (o *office) everything(child int64) map[string]string {
	o.t.Helper()
	all := map[string]string{"child": o.Text(`select coalesce(string_agg(to_jsonb(c)::text, ''), '') from child c where id = $1`, child)}
	for _, table := range about(o.t, o.SQL) {
		all[table] = o.Text(`select coalesce(string_agg(to_jsonb(t)::text, '' order by to_jsonb(t)::text), '') from `+table+` t where child_id = $1`, child)
	}
	return all
}

// TestTheListHoldsAgainstTheCatalogue: a new table with a child in it must be put into deletion_order(), before
// those that it refers to, after looking at what else of the child it leads to.
func TestTheListHoldsAgainstTheCatalogue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rows, err := o.SQL.Query(t.Context(), `select unnest(deletion_order())`)
	o.must(err)
	order, err := pgx.CollectRows(rows, pgx.RowTo[string])
	o.must(err)
	tables := about(t, o.SQL)
	for _, table := range tables {
		if !slices.Contains(order, table) {
			t.Errorf("%s has a child in it, and deleting a record would leave its rows", table)
		}
	}
	for _, table := range order {
		if !slices.Contains(tables, table) {
			t.Errorf("%s is to be emptied and has no child in it", table)
		}
	}
	rows, err = o.SQL.Query(t.Context(), `select c.conrelid::regclass::text as from, c.confrelid::regclass::text as to, array_agg(a.attname::text) as columns
		from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
		where c.contype = 'f' and c.conrelid <> c.confrelid group by c.oid, c.conrelid, c.confrelid`)
	o.must(err)
	links, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct {
		From, To string
		Columns  []string
	}])
	o.must(err)
	for _, link := range links {
		from, to := slices.Index(order, link.From), slices.Index(order, link.To)
		switch {
		case link.To == "child" && !slices.Contains(link.Columns, "child_id"):
			t.Errorf("%s refers to a child in %v, which deleting does not look for", link.From, link.Columns)
		case to >= 0 && from < 0:
			t.Errorf("%s belongs to %s and has no child in it: its rows would stay, or stop the deletion", link.From, link.To)
		case to >= 0 && from > to:
			t.Errorf("%s refers to %s, which is emptied before it", link.From, link.To)
		}
	}
}

// fill puts a row for a child into every table, without asking whether it makes sense: numbers are n, so
// that the rows belong together.
func (o *office) fill(child, n int64) {
	o.t.Helper()
	o.Exec(`set session_replication_role = replica`)
	defer o.Exec(`set session_replication_role = origin`)
	o.Exec(`create or replace function pg_temp.fill(child bigint, n bigint) returns void language plpgsql as $$
	declare
		target regclass;
		names text;
		given text;
		rule text;
	begin
		for target in select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'child_id' and not a.attisdropped
			where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname not in ('retention_proposal') loop
			for rule in select conname from pg_constraint where conrelid = target and contype = 'c' loop
				execute format('alter table %s drop constraint %I', target, rule);
			end loop;
			select string_agg(quote_ident(a.attname), ', '), string_agg(case
				when a.attname = 'child_id' then child::text
				when target = 'premium_request'::regclass and a.attname = 'stream' then '''looked_after'''
				when target = 'premium_request'::regclass and a.attname = 'financial_year' then '2026'
				when target = 'premium_request'::regclass and a.attname = 'state' then '''draft'''
				when a.atttypid in ('int8'::regtype, 'int4'::regtype, 'int2'::regtype) then n::text
				when a.atttypid = 'text'::regtype then quote_literal('x' || n)
				when a.atttypid = 'bool'::regtype then 'false'
				when a.atttypid = 'uuid'::regtype then 'gen_random_uuid()'
				when a.atttypid = 'bytea'::regtype then '''\x01'''
				when target = 'attendance_day'::regclass and a.attname = 'day' then '''2026-11-02'''
				when a.atttypid = 'date'::regtype then '''1960-01-01'''
				when a.atttypid = 'timestamptz'::regtype then '''2026-11-20 12:00Z'''
				when a.atttypid = 'daterange'::regtype then '''[1960-01-01,1969-01-01)'''
				when a.atttypid = 'jsonb'::regtype then '''{}'''
				when a.atttypid = 'text[]'::regtype then '''{}'''
				else 'null' end, ', ')
			into names, given
			from pg_attribute a where a.attrelid = target and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attname <> 'written_in';
			execute format('insert into %s (%s) overriding system value values (%s)', target, names, given);
		end loop;
	end $$`)
	o.Exec(`select pg_temp.fill($1, $2)`, child, n)
	o.Exec(`insert into access_request (id, asked_by, asked_at, name, date_of_birth, why) overriding system value values ($1, $2, '2026-11-20', 'Maya', '1951-01-01', 'w')`, n, o.head.ID)
	o.Exec(`insert into break_glass (id, account_id, asked_at, asked_with, reason) overriding system value values ($1, $2, '2026-11-20', 'name', 'r')`, n, o.head.ID)
	o.Exec(`insert into import (id, kind, state, uploaded_by, uploaded_at) overriding system value values ($1, '903', 'discarded', $2, '2026-11-20')`, n, o.head.ID)
	o.Exec(`insert into unusual_week (id, account_id, week, usual, found_at) overriding system value values ($1, $2, date '2026-11-02' + 7 * ($1::bigint - 7001)::int, 1, '2026-11-20')`, n, o.deputy.ID)
	o.Exec(`insert into premium_year (financial_year) values (2026) on conflict do nothing`)
	o.Exec(`insert into premium_payment_run (id, stream, financial_year, number, reference, state, line_count, sum_pence, made_by, made_at) overriding system value values ($1, 'looked_after', 2026, $2, 'PP-' || $1::bigint, 'made', 1, 1, $3, '2026-11-22')`, n, n, o.deputy.ID)
	o.Exec(`insert into premium_remittance (id, run_id, payee, line_count, sum_pence) overriding system value values ($1, $2, 'Ash School', 1, 1)`, n, n)
	o.Exec(`insert into print_run (id, account_id, role, choice, state, total, asked_at, finished_at, expires_at) overriding system value values ($1, $2, 'head', 'c', 'done', 1, '2026-11-20', '2026-11-20', '2026-11-21')`, n, o.head.ID)
	o.Exec(`insert into print_file (run_id, number, plans, content, made_at) values ($1, $2, 1, '\x01', '2026-11-20')`, n, n)
	o.Exec(`insert into import_item (import_id, action, key, name) values ($1, 'new', (select la_child_id from child where id = $2), 'Maya')`, n, child)
}

// TestEveryRowGoes puts two children into every table there is, whatever its rows look like, deletes one and
// finds nothing of them, and the other as they were.
func TestEveryRowGoes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	bare := func(name string) int64 {
		return o.ID(`insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at) values ('R' || $1, $1, 'Sibling', '1950-01-01', '2026-01-01', '2026-01-01') returning id`, name)
	}
	gone, stays := bare("Ann"), bare("Bea")
	o.fill(gone, 7001)
	o.fill(stays, 7002)
	for _, table := range about(t, o.SQL) {
		if table != "retention_proposal" && o.ID(`select count(*) from `+table+` where child_id = $1`, gone) == 0 {
			t.Fatalf("%s was not filled", table)
		}
	}
	before := o.everything(stays)
	o.approved(gone)
	id, err := o.deletes(o.head, gone)
	o.must(err)
	for table, text := range o.everything(gone) {
		if text != "" {
			t.Errorf("left in %s: %s", table, text)
		}
	}
	if after := o.everything(stays); !maps.Equal(after, before) {
		for table := range after {
			if after[table] != before[table] {
				t.Errorf("%s of the sibling is not what it was", table)
			}
		}
	}
	if n := o.ID(`select count(*) from premium_transfer where deletion_id = $1 and child_id is null and request_id is null and amount_pence = 7001`, id); n != 1 {
		t.Errorf("%d entries stay", n)
	}
	for _, table := range []string{"access_request", "break_glass"} {
		if o.ID(`select count(*) from `+table+` where id = 7001`) != 0 || o.ID(`select count(*) from `+table+` where id = 7002`) != 1 {
			t.Errorf("%s: what was typed to get at the record stays, or another's went", table)
		}
	}
	if o.ID(`select count(*) from print_file where run_id = 7001`) != 0 || o.ID(`select count(*) from print_file where run_id = 7002`) != 1 {
		t.Error("plans on paper stay, or another's went")
	}
	if o.ID(`select count(*) from import_item where key = 'RAnn'`) != 0 || o.ID(`select count(*) from import_item where key = 'RBea'`) != 1 {
		t.Error("lines of files that made the record")
	}
	found := o.certificate(id)
	for _, table := range about(t, o.SQL) {
		if found.Removed[table] == 0 {
			t.Errorf("the certificate does not say %s", table)
		}
	}
	if found.Kind != "care" || found.KeptUntil != day("2025-01-01") || found.ProposedByName != "Dana Deputy" || found.ApprovedByName != "Hal Head" || found.DeletedByName != "Hal Head" || found.Rows() < 80 {
		t.Errorf("%+v", found)
	}
	if n := o.ID(`select count(*) from deletion where deleting is not null or to_jsonb(deletion)::text ~* 'ann|sibling'`); n != 0 {
		t.Error("the certificate names the child")
	}
}

// TestEightyYearsOn: only what is over, undisputed and agreed by two people goes.
func TestEightyYearsOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	then := o.db.At(func() time.Time { return time.Date(2106, 11, 23, 10, 0, 0, 0, time.UTC) })
	o.db, o.service = then, Service{DB: then}
	ctx := t.Context()
	o.left("Zoe", "1990-01-01")
	due, undecided, refused, withdrawn, held := o.left("Due", "2016-01-01"), o.left("Undecided", "2016-01-02"), o.left("Refused", "2016-01-03"), o.left("Withdrawn", "2016-01-04"), o.left("Held", "2016-01-05")
	young, adopted := o.left("Young", "2035-01-01"), o.left("Adopted", "2020-01-01")
	o.Exec(`update care_period set period = '[2024-01-01,2026-01-01)', end_code = 'E11' where child_id = $1`, adopted)
	o.Exec(`insert into restriction_named (child_id, account_id, period, named_by, why) select $1, $2, '[2026-01-01,)', $2, 'w' where not exists (select from restriction_named where child_id = $1 and account_id = $2)`, adopted, o.head.ID)
	all := []int64{due, undecided, refused, withdrawn, held, young, adopted, o.child}
	for _, child := range []int64{due, held, withdrawn} {
		o.approved(child)
	}
	o.must(o.service.Propose(ctx, o.deputy, undecided, "r"))
	o.must(o.service.Propose(ctx, o.deputy, refused, "r"))
	o.must(o.service.Decide(ctx, o.head, refused, 1, "refused", "no"))
	o.must(o.service.Withdraw(ctx, o.head, withdrawn, 2, "no"))
	o.must(o.service.Hold(ctx, o.head, held, "inquiry", "r", day("2107-01-01")))
	for name, child := range map[string]int64{"undecided": undecided, "refused": refused, "withdrawn": withdrawn, "held": held, "young": young, "adopted": adopted, "never proposed": o.child} {
		if _, err := o.deletes(o.head, child); !errors.Is(err, fault.KindConflict) {
			t.Errorf("%s: %v", name, err)
		}
		if err := o.direct(o.head, child); postgres.Constraint(err) != "deletion_not_approved" {
			t.Errorf("%s, in SQL: %v", name, err)
		}
	}
	if _, err := o.service.Delete(ctx, o.head, due, 1, o.reference(due)); !errors.Is(err, fault.KindConflict) {
		t.Errorf("from an old page: %v", err)
	}
	if _, err := o.service.Delete(ctx, o.head, due, 2, "LA"); problemField(err) != "reference" {
		t.Errorf("another reference: %v", err)
	}
	if _, err := o.deletes(o.deputy, due); err != nil {
		t.Errorf("due: %v", err)
	}
	for _, child := range all {
		if there := o.ID(`select count(*) from child where id = $1`, child) == 1; there == (child == due) {
			t.Errorf("%d: there: %v", child, there)
		}
	}
	var list []Certificate
	var batch postgres.Batch
	QueueCertificates(&batch, &list)
	o.must(o.db.View(ctx, o.head, &batch))
	if len(list) != 1 || list[0].DeletedByName != "Dana Deputy" || list[0].Reason != "The archive does not want it" {
		t.Errorf("%+v", list)
	}
}

// TestAnApprovalIsNotEnoughLater: what came up after the approval stops the deletion, in the database too.
func TestAnApprovalIsNotEnoughLater(t *testing.T) {
	t.Parallel()
	for constraint, sql := range map[string]string{
		"retention_not_due":        `update child set date_of_birth = '1960-01-01' where id = $1`,
		"retention_stands_against": `insert into correction (child_id, kind, about, record_says, person_says, asked_by, asked_name, asked_on, recorded_by, recorded_at) values ($1, 'objection', 'notes', '', 'x', 'parent', 'M', '2026-11-10', (select min(id) from account where role = 'head'), '2026-11-10')`,
		namesNobody:                `update child set former_names = '{Archive}' where id = $1`,
		"deletion_not_there":       `insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`,
	} {
		t.Run(constraint, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.approved(o.child)
			o.Exec(sql, o.child)
			if err := o.direct(o.head, o.child); postgres.Constraint(err) != constraint {
				t.Errorf("in SQL: %v", err)
			}
			if _, err := o.deletes(o.head, o.child); !errors.Is(err, fault.KindConflict) && !errors.Is(err, fault.KindNotFound) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestNobodyElseDeletes has those who see the record ask the database, and the program write what would
// prove a deletion.
func TestNobodyElseDeletes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approved(o.child)
	o.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '1965-01-01', 'call', 'Rang', $2, '1965-01-01')`, o.child, o.head.ID)
	worker := o.Person(access.SocialWorker, "Sam Worker")
	o.Allocate(o.child, "social_worker", worker, "[2024-01-10,)")
	for _, who := range []access.Actor{o.Person(access.LeadAdvisor, "Lee Lead"), o.Person(access.DataOfficer, "Dot Data"), worker, access.System} {
		if err := o.direct(who, o.child); postgres.Constraint(err) != "deletion_not_allowed" {
			t.Errorf("%s: %v", who.Role, err)
		}
		if _, err := o.deletes(who, o.child); !errors.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	if err := o.direct(o.Person(access.Advisor, "Ada Advisor"), o.child); postgres.Constraint(err) != "deletion_not_there" {
		t.Errorf("an advisor who does not work with them: %v", err)
	}
	const proof = `(deleting, proposal, kind, kept_until, reason, proposed_by, proposed_at, words, approved_by, approved_at, deleted_by, deleted_at)
		values (` + `(select min(child_id) from note), 99, 'care', '2026-01-01', 'r', (select min(id) from account where role = 'head'), '2026-11-01', 'w', (select min(id) from account where role = 'deputy'), '2026-11-01', 1, '2026-11-01')`
	for _, sql := range []string{
		`insert into deletion ` + proof, `update deletion set deleting = 1`, `delete from deletion`, `truncate deletion`, `insert into audit_tombstone select 'look', 1, @now, pg_current_xact_id(), '\x', 1`,
		`delete from note`, `delete from child`, `delete from audit_look`, `update premium_transfer set child_id = null`,
		`create or replace function being_deleted(child bigint) returns boolean language sql as 'select true'`, `alter table note disable trigger append_only`,
	} {
		if err := o.does(o.head, sql, nil); !isDenied(err) {
			t.Errorf("%s: %v", sql, err)
		}
	}
	// The owner may write the row, and nothing lets go of a note in a transaction after it.
	owner := pgtest.Owner(t, o.db)
	for _, sql := range []string{`select set_config('app.scope', 'all', false), set_config('app.hidden', '', false), set_config('app.children', '', false)`, `insert into deletion ` + proof} {
		if _, err := owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, sql := range []string{`delete from note`, `update deletion set deleting = null`, `update deletion set reason = 'x'`, `delete from deletion`} {
		if _, err := owner.Exec(t.Context(), sql); err == nil {
			t.Errorf("the owner: %s went", sql)
		}
	}
	o.must(audit.Seal(t.Context(), o.db))
	if unproven, err := audit.CheckDeletions(t.Context(), o.db); err != nil || len(unproven) != 1 {
		t.Errorf("a certificate that nothing bears out: %v, %v", unproven, err)
	}
}

// TestBrokenOffItLeavesAll ends the transaction in two ways after everything is deleted and before it is kept.
func TestBrokenOffItLeavesAll(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '1965-01-01', 'call', 'Rang', $2, '1965-01-01')`, o.child, o.head.ID)
	o.approved(o.child)
	before := o.everything(o.child)
	stop := errors.New("stop")
	err := o.db.Change(t.Context(), o.head, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Do(ctx, `select delete_record(@child, @now)`, postgres.Args{"child": o.child}); err != nil {
			return err
		}
		if n, err := postgres.GetValue[int](ctx, tx, `select count(*) from note where child_id = @child`, postgres.Args{"child": o.child}); n != 0 || err != nil {
			t.Errorf("%d notes, %v", n, err)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	killed := o.db.Change(t.Context(), o.head, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Do(ctx, `select delete_record(@child, @now)`, postgres.Args{"child": o.child}); err != nil {
			return err
		}
		o.Exec(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'`)
		return nil
	})
	if killed == nil {
		t.Fatal("the connection was not cut")
	}
	if after := o.everything(o.child); !maps.Equal(after, before) {
		t.Errorf("%v\n\n%v", before, after)
	}
	if n := o.ID(`select (select count(*) from deletion) + (select count(*) from audit_tombstone)`); n != 0 {
		t.Errorf("%d traces of what did not happen", n)
	}
	if _, err := o.deletes(o.head, o.child); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestPressedTwice has several people delete one record at once.
func TestPressedTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approved(o.child)
	reference := o.reference(o.child)
	var done, gone int
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 6 {
		all.Go(func() {
			_, err := o.service.Delete(t.Context(), []access.Actor{o.head, o.deputy}[n%2], o.child, 2, reference)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				done++
			case errors.Is(err, fault.KindNotFound):
				gone++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if done != 1 || gone != 5 || o.ID(`select count(*) from deletion`) != 1 {
		t.Errorf("%d done, %d not there", done, gone)
	}
}

func TestTheCertificateNamesNobody(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Exec(`update child set former_names = '{"Maya Smith"}', upn = 'A123', preferred_name = 'M' where id = $1`, o.child)
	for _, words := range []string{"Maya’s file", "of OKAFOR", "once Maya  Smith", "see " + o.reference(o.child), "pupil A123"} {
		if err := o.service.Propose(t.Context(), o.head, o.child, words); problemField(err) != "reason" {
			t.Errorf("%q: %v", words, err)
		}
	}
	o.must(o.service.Propose(t.Context(), o.head, o.child, "Mayall and a letter M"))
	if err := o.service.Decide(t.Context(), o.deputy, o.child, 1, "approved", "Goodbye Maya"); problemField(err) != "words" {
		t.Errorf("%v", err)
	}
	o.must(o.service.Decide(t.Context(), o.deputy, o.child, 1, "refused", "Maya is to be asked")) // goes with the record
}

func isDenied(err error) bool {
	var refused interface{ SQLState() string }
	return errors.As(err, &refused) && refused.SQLState() == "42501"
}
