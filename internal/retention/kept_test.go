package retention

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/payment"
)

// move enters money in the year 2026.
func (o *office) move(who access.Actor, from, to string, amount money.Pence, child, request int64) {
	o.t.Helper()
	o.must(o.db.Change(o.t.Context(), who, func(ctx context.Context, tx *postgres.Tx) error {
		return ledger.Move(ctx, tx, ledger.Entry{Stream: ledger.LookedAfter, Year: 2026, From: from, To: to, Amount: amount, Child: child, Request: request,
			Reason: "For Maya", Key: ledger.Key("%s %s %d %d", from, to, amount, request)})
	}))
}

// paid puts a paid line of a request into the year's one run, whose sums are of all its lines.
func (o *office) paid(child, request int64, amount money.Pence, line int64) {
	o.t.Helper()
	o.Exec(`set session_replication_role = replica`)
	defer o.Exec(`set session_replication_role = origin`)
	o.Exec(`insert into premium_payment_run (id, stream, financial_year, number, reference, state, line_count, sum_pence, made_by, made_at, sent_by, sent_at) overriding system value
		values (1, 'looked_after', 2026, 1, 'PP-1', 'sent', 0, 0, $1, '2026-11-22', $1, '2026-11-22') on conflict do nothing`, o.deputy.ID)
	o.Exec(`insert into premium_remittance (id, run_id, payee, line_count, sum_pence) overriding system value values (1, 1, 'Ash School', 0, 0) on conflict do nothing`)
	o.Exec(`update premium_payment_run set line_count = line_count + 1, sum_pence = sum_pence + $1`, int64(amount))
	o.Exec(`update premium_remittance set line_count = line_count + 1, sum_pence = sum_pence + $1`, int64(amount))
	o.Exec(`insert into premium_payment_line (run_id, remittance_id, request_id, child_id, reference, amount_pence, state, paid_on, payment_reference, pay_transfer, paid_by, paid_at)
		values (1, 1, $1, $2, 'PP-1-' || $3::bigint, $4, 'paid', '2026-11-23', 'BACS', (select id from premium_transfer where request_id = $1 and kind = 'pay'), $5, '2026-11-23')`, request, child, line, int64(amount), o.deputy.ID)
}

// books compares all places where money is written down.
func (o *office) books() payment.Reconciliation {
	o.t.Helper()
	found, err := (&payment.Service{DB: o.db}).Reconcile(o.t.Context(), o.head)
	o.must(err)
	return found
}

// TestTheLedgerStaysToThePenny pays for two children, closes the year, and deletes one of them 80 years later.
func TestTheLedgerStaysToThePenny(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	child, other := o.Child("Maya", "Paid", "2016-01-01"), o.Child("Ben", "Paid", "2017-01-01")
	o.Exec(`insert into premium_year (financial_year) values (2026)`)
	o.move(o.head, "grant", "pool", 100_000, 0, 0)
	for n, one := range []int64{child, other} {
		amount := money.Pence(33_333 + n)
		request := o.ID(`insert into premium_request (child_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
			values ($1, 2026, 'literacy', 'p', 'd', $2, $3, '2026-11-20') returning id`, one, int64(amount), o.deputy.ID)
		o.must(o.db.Change(t.Context(), o.head, func(ctx context.Context, tx *postgres.Tx) error {
			if err := tx.DoOne(ctx, `update premium_request set state = 'approved', approved_pence = amount_pence, decided_by = @by, decided_at = @now where id = @request`,
				postgres.Args{"by": o.head.ID, "request": request}); err != nil {
				return err
			}
			return ledger.Move(ctx, tx, ledger.Entry{Stream: ledger.LookedAfter, Year: 2026, From: "pool", To: "committed", Amount: amount, Child: one, Request: request, Reason: "For Maya", Key: ledger.Key("commit %d", request)})
		}))
		o.move(o.deputy, "committed", "paid", 30_000, one, request) // the rest stays committed
		o.paid(one, request, 30_000, int64(n+1))
	}
	o.move(o.head, "pool", "returned", 100_000-33_333-33_334, 0, 0)
	o.db = o.db.At(func() time.Time { return time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC) })
	o.must(o.does(o.head, `update premium_year set closed_at = @now, closed_by = @actor where financial_year = 2026`, postgres.Args{"actor": o.head.ID}))
	o.Exec(`update care_period set period = '[2020-01-01,2030-01-01)', end_code = 'E8' where child_id = $1`, child)
	o.db = o.db.At(func() time.Time { return time.Date(2106, 11, 23, 10, 0, 0, 0, time.UTC) })
	o.service = Service{DB: o.db}
	const totals = `select (select string_agg(to_jsonb(a)::text, ' ' order by id) from premium_account a) || (select string_agg(to_jsonb(m)::text, ' ' order by month, from_kind, to_kind) from premium_month m)
		|| (select string_agg(s::text, ' ' order by s::text) from (select stream, financial_year, kind, from_account, to_account, made_on, count(*), sum(amount_pence) from premium_transfer group by 1, 2, 3, 4, 5, 6) s)`
	before, books := o.Text(totals), o.books()
	if len(books.Differences) > 0 || len(books.Sums) != 1 || books.Sums[0].LinePaid != 60_000 {
		t.Fatalf("%+v", books)
	}
	of := o.everything(other)
	o.approved(child)
	id, err := o.deletes(o.head, child)
	o.must(err)
	if after := o.Text(totals); after != before {
		t.Errorf("%s\n\nis now\n\n%s", before, after)
	}
	if after := o.books(); len(after.Differences) > 0 || after.Sums[0] != books.Sums[0] {
		t.Errorf("%+v\nis now\n%+v", books, after)
	}
	if n := o.ID(`select count(*) from premium_transfer where child_id is null and request_id is null and deletion_id = $1 and amount_pence in (33333, 30000) and reason = 'Of a record that was deleted'`, id); n != 2 || o.certificate(id).Removed[Ledger] != 2 {
		t.Errorf("%d entries without their child", n)
	}
	for table, text := range o.everything(other) {
		if of[table] != text {
			t.Errorf("%s of the other child is not what it was", table)
		}
	}
	for _, sql := range []string{`update premium_transfer set reason = 'x'`, `update premium_transfer set deletion_id = null`, `delete from premium_transfer`} {
		if _, err := o.SQL.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s went", sql)
		}
	}
}

// TestTheAuditVerifiesWithoutWhatWent seals, keeps a head outside, deletes a record and checks all three;
// then it tampers with what stands in the place of the lines.
func TestTheAuditVerifiesWithoutWhatWent(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	other := o.left("Ben", "1951-01-01")
	look := func(children ...int64) {
		var batch postgres.Batch
		audit.LookMany(ctx, &batch, o.head, children, "child")
		o.must(o.db.View(ctx, o.head, &batch))
	}
	look(o.child, other)
	o.must(o.service.Hold(ctx, o.head, o.child, "person", "Maya asked for it", day("2026-11-30")))
	o.must(o.service.EndHold(ctx, o.head, o.child, o.record(o.child).Holds[0].ID, "She has it"))
	o.must(audit.Seal(ctx, o.db))
	_, key, err := ed25519.GenerateKey(nil)
	o.must(err)
	heads := t.TempDir()
	o.must(audit.WriteHead(ctx, o.db, key, heads))
	look(other, o.child)
	o.approved(o.child) // the newest lines are not sealed when they go
	id, err := o.deletes(o.deputy, o.child)
	o.must(err)
	look(other)
	o.must(audit.Seal(ctx, o.db))
	verify := func() error {
		broken, err := audit.Check(ctx, o.db)
		if err != nil || len(broken) > 0 {
			return errors.Join(err, errors.New("seals"))
		}
		if _, wrong, err := audit.CheckHeads(ctx, o.db, key.Public().(ed25519.PublicKey), heads); err != nil || len(wrong) > 0 {
			return errors.Join(err, errors.New("heads"))
		}
		if unproven, err := audit.CheckDeletions(ctx, o.db); err != nil || len(unproven) > 0 {
			return errors.Join(err, errors.New("certificates"))
		}
		return nil
	}
	o.must(verify())
	removed := o.certificate(id).Removed
	if stones := o.ID(`select count(*) from audit_tombstone where deletion_id = $1`, id); removed["audit_look"] != 2 || removed["audit_change"] != 4 || stones != 6 {
		t.Errorf("%d tombstones for %v", stones, removed)
	}
	if n := o.ID(`select (select count(*) from audit_change where child_id = $1 or before::text || after::text ~ 'Maya') + (select count(*) from audit_look where child_id = $1)`, o.child); n != 0 {
		t.Errorf("%d lines tell of the child", n)
	}
	if n := o.ID(`select count(*) from audit_look where child_id = $1`, other); n != 3 {
		t.Errorf("%d looks at the other child", n)
	}
	// Somebody mighty, past every trigger.
	const lost = `with gone as (delete from audit_look where id = (select min(id) from audit_look) returning *)
		insert into audit_tombstone select 'look', id, at, written_in, sha256(convert_to(jsonb_build_array(id, extract(epoch from at), account_id, child_id, screen, request_id)::text, 'UTF8')), 1 from gone`
	for _, tampering := range []string{
		`delete from audit_tombstone where id = (select min(id) from audit_tombstone where log = 'change')`, `update audit_tombstone set row_hash = '\x00' where log = 'look'`,
		`update audit_tombstone set written_in = '1' where log = 'look'`, lost, `update deletion set removed = removed || '{"audit_look": 3}'`, lost + `; update deletion set removed = removed || '{"audit_look": 3}'`,
		`delete from audit_change where subject = 'deletion'`,
	} {
		o.Exec(`create schema kept; create table kept.l as table audit_look; create table kept.c as table audit_change; create table kept.t as table audit_tombstone; create table kept.d as table deletion`)
		o.Exec(`set session_replication_role = replica`)
		if _, err := o.SQL.Exec(ctx, tampering); err != nil {
			t.Fatalf("%s: %v", tampering, err)
		}
		if err := verify(); err == nil {
			t.Errorf("not found: %s", tampering)
		}
		o.Exec(`delete from audit_look; delete from audit_change; delete from audit_tombstone; delete from deletion;
			insert into deletion overriding system value table kept.d; insert into audit_tombstone table kept.t; insert into audit_look overriding system value table kept.l; insert into audit_change overriding system value table kept.c; drop schema kept cascade`)
		o.Exec(`set session_replication_role = origin`)
		o.must(verify())
	}
}

// TestNoLookIsLeftBehind has people look at the record all the while it is deleted.
func TestNoLookIsLeftBehind(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.approved(o.child)
	reference := o.reference(o.child)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for ctx.Err() == nil {
				var batch postgres.Batch
				audit.Look(ctx, &batch, o.deputy, o.child, "child")
				if err := o.db.View(ctx, o.deputy, &batch); err != nil && ctx.Err() == nil {
					t.Errorf("a look: %v", err)
				}
			}
		})
	}
	for o.ID(`select count(*) from audit_look`) < 20 {
		time.Sleep(time.Millisecond)
	}
	_, err := o.service.Delete(t.Context(), o.head, o.child, 2, reference)
	o.must(err)
	time.Sleep(50 * time.Millisecond)
	stop()
	all.Wait()
	if n := o.ID(`select count(*) from audit_look where child_id = $1`, o.child); n != 0 {
		t.Errorf("%d looks are left behind", n)
	}
}
