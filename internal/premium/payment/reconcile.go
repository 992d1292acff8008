package payment

import (
	"context"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Difference is one sum that is not the same in two places that should agree.
type Difference struct {
	What          string // what was compared: "the request's paid sum"
	With          string // and with what: "its entries in the ledger"
	Reference     string // the line, run or account; empty for a request
	RequestID     int64  // 0: about no request
	ChildID       int64
	Stream        ledger.Stream
	FinancialYear int
	One, Other    money.Pence
}

// Where names the request, line, run or account.
func (d Difference) Where() string {
	where := d.Reference
	if where == "" {
		where = fmt.Sprintf("Request %d", d.RequestID)
	}
	return where + ", " + d.Stream.Name() + " " + calendar.FinancialYearLabel(d.FinancialYear)
}

// Words is the difference as a sentence without its full stop.
func (d Difference) Words() string {
	return fmt.Sprintf("%s is %s; by %s it is %s", d.What, d.One, d.With, d.Other)
}

// What went with records that were deleted is added from what their certificates keep of it (migration 000057).

// Sums are one grant's year in the places where its money is written down.
type Sums struct {
	Stream        ledger.Stream
	FinancialYear int
	LedgerCommit  money.Pence
	RequestCommit money.Pence
	LedgerPaid    money.Pence // less what bounced
	RequestPaid   money.Pence
	LinePaid      money.Pence
	RunSum        money.Pence // of runs sent to finance
	ExportSum     money.Pence // of the latest file of each of them
	OnTheWay      money.Pence // in lines that finance has not answered
	Undone        money.Pence // of runs that were sent: not paid after all, or sent back by the bank
	Pool          money.Pence
}

// Reconciliation is what came of comparing the books: nothing differs, or every difference by name.
type Reconciliation struct {
	Sums        []Sums
	Differences []Difference
}

// Reconcile compares ledger, requests, payment lines, runs and the files for finance, to the penny. It
// needs Reconcile. It reads the books whole, restricted records too, and so names no child: a difference
// is told by its request or line.
func (s *Service) Reconcile(ctx context.Context, actor access.Actor) (Reconciliation, error) {
	if err := access.Check(actor, access.Reconcile, access.Facts{}); err != nil {
		return Reconciliation{}, err
	}
	var found Reconciliation
	var batch postgres.Batch
	QueueDifferences(&batch, &found.Differences)
	postgres.Many(&batch, &found.Sums, sumsSQL, nil)
	return found, s.DB.View(ctx, access.System, &batch)
}

// QueueDifferences queues every difference there is. Only the program itself, which sees every record,
// gets an answer that means anything.
func QueueDifferences(batch *postgres.Batch, into *[]Difference) {
	postgres.Many(batch, into, differencesSQL, nil)
}

const sumsSQL = `select y.stream, y.financial_year, t.commit as ledger_commit, r.commit + g.commit as request_commit, t.paid as ledger_paid, r.paid + g.paid as request_paid,
		l.paid + h.paid as line_paid, p.sum as run_sum, p.exported as export_sum, l.open as on_the_way, l.undone + h.undone as undone, a.balance_pence as pool
	from premium_year y
	join premium_account a on a.stream = y.stream and a.financial_year = y.financial_year and a.kind = 'pool'
	cross join lateral (select coalesce(sum(amount_pence) filter (where kind = 'commit'), 0)::bigint as commit,
			coalesce(sum(case kind when 'pay' then amount_pence when 'unpay' then -amount_pence end), 0)::bigint as paid
		from premium_transfer where stream = y.stream and financial_year = y.financial_year) t
	cross join lateral (select coalesce(sum(committed_pence), 0)::bigint as commit, coalesce(sum(paid_pence), 0)::bigint as paid
		from premium_request where stream = y.stream and financial_year = y.financial_year) r
	cross join lateral (select coalesce(sum(committed_pence), 0)::bigint as commit, coalesce(sum(paid_pence), 0)::bigint as paid
		from deletion_requests where stream = y.stream and financial_year = y.financial_year) g
	cross join lateral (select coalesce(sum(d.paid_pence), 0)::bigint as paid, coalesce(sum(d.undone_pence), 0)::bigint as undone
		from deletion_lines d join premium_remittance m on m.id = d.remittance_id join premium_payment_run q on q.id = m.run_id where q.stream = y.stream and q.financial_year = y.financial_year) h
	cross join lateral (select coalesce(sum(n.amount_pence) filter (where n.state = 'paid'), 0)::bigint as paid,
			coalesce(sum(n.amount_pence) filter (where n.state = 'open' and q.state <> 'set_aside'), 0)::bigint as open,
			coalesce(sum(n.amount_pence) filter (where n.state in ('not_paid', 'bounced')), 0)::bigint as undone
		from premium_payment_line n join premium_payment_run q on q.id = n.run_id where q.stream = y.stream and q.financial_year = y.financial_year) l
	cross join lateral (select coalesce(sum(q.sum_pence), 0)::bigint as sum, coalesce(sum((select e.sum_pence from premium_export e
			where e.run_id = q.id order by e.id desc limit 1)), 0)::bigint as exported
		from premium_payment_run q where q.stream = y.stream and q.financial_year = y.financial_year and q.state = 'sent') p
	order by y.financial_year desc, array_position(array['looked_after', 'early_years', 'post_16'], y.stream)`

// Each part compares two places; what agrees is left out at the end.
const differencesSQL = `with moved as (
		select request_id, sum(case kind when 'commit' then amount_pence else 0 end)::bigint as committed,
			sum(case kind when 'release' then amount_pence else 0 end)::bigint as released,
			sum(case kind when 'pay' then amount_pence when 'unpay' then -amount_pence else 0 end)::bigint as paid,
			sum(case kind when 'recover' then amount_pence when 'unrecover' then -amount_pence else 0 end)::bigint as recovered
		from premium_transfer where request_id is not null group by request_id),
	lined as (select request_id, sum(amount_pence)::bigint as paid from premium_payment_line where state = 'paid' group by request_id),
	held as (select stream, financial_year, sum(committed_pence - released_pence - paid_pence)::bigint as committed
		from (select stream, financial_year, committed_pence, released_pence, paid_pence from premium_request
			union all select stream, financial_year, committed_pence, released_pence, paid_pence from deletion_requests) r group by stream, financial_year),
	booked as (
		select a.id, coalesce(sum(case when t.to_account = a.id then t.amount_pence else -t.amount_pence end), 0)::bigint as sum
		from premium_account a left join premium_transfer t on a.id in (t.from_account, t.to_account) group by a.id)
	select * from (
		select v.what, 'the ledger' as "with", '' as reference, r.id as request_id, r.child_id, r.stream, r.financial_year, v.one, v.other
		from premium_request r left join moved m on m.request_id = r.id, lateral (values
			('The sum committed', r.committed_pence, coalesce(m.committed, 0)), ('The sum released', r.released_pence, coalesce(m.released, 0)),
			('The sum paid', r.paid_pence, coalesce(m.paid, 0)), ('The sum given back', r.recovered_pence, coalesce(m.recovered, 0))) v(what, one, other)
	union all
		select 'The sum approved', 'what is committed', '', r.id, r.child_id, r.stream, r.financial_year, coalesce(r.approved_pence, 0), r.committed_pence from premium_request r
	union all
		select 'The sum paid', 'the paid lines of payment runs', '', r.id, r.child_id, r.stream, r.financial_year, r.paid_pence, coalesce(l.paid, 0)
		from premium_request r left join lined l on l.request_id = r.id
	union all
		select 'The line', 'its entry in the ledger', l.reference, l.request_id, l.child_id, p.stream, p.financial_year, l.amount_pence,
			coalesce((select t.amount_pence from premium_transfer t where t.id = l.pay_transfer and t.kind = 'pay' and t.request_id = l.request_id), 0)
		from premium_payment_line l join premium_payment_run p on p.id = l.run_id where l.state in ('paid', 'bounced')
	union all
		select 'The line that came back', 'its reversal in the ledger', l.reference, l.request_id, l.child_id, p.stream, p.financial_year, l.amount_pence,
			coalesce((select t.amount_pence from premium_transfer t where t.id = l.unpay_transfer and t.reverses = l.pay_transfer), 0)
		from premium_payment_line l join premium_payment_run p on p.id = l.run_id where l.state = 'bounced'
	union all
		select 'The remittance', 'its lines', p.reference || ', ' || m.payee, 0, 0, p.stream, p.financial_year, m.sum_pence,
			(coalesce((select sum(l.amount_pence) from premium_payment_line l where l.remittance_id = m.id), 0)
				+ coalesce((select sum(d.sum_pence) from deletion_lines d where d.remittance_id = m.id), 0))::bigint
		from premium_remittance m join premium_payment_run p on p.id = m.run_id
	union all
		select 'The run', 'its remittances', p.reference, 0, 0, p.stream, p.financial_year, p.sum_pence,
			coalesce((select sum(m.sum_pence) from premium_remittance m where m.run_id = p.id), 0)::bigint from premium_payment_run p
	union all
		select 'The file for finance', 'the run', p.reference, 0, 0, p.stream, p.financial_year, e.sum_pence, p.sum_pence
		from premium_export e join premium_payment_run p on p.id = e.run_id
	union all
		select 'The balance', 'its transfers', 'Account ' || a.kind, 0, 0, a.stream, a.financial_year, a.balance_pence, b.sum
		from premium_account a join booked b on b.id = a.id
	union all
		select 'The balance', 'what requests have left to pay', 'Account committed', 0, 0, a.stream, a.financial_year, a.balance_pence, coalesce(h.committed, 0)
		from premium_account a left join held h on h.stream = a.stream and h.financial_year = a.financial_year where a.kind = 'committed'
	union all
		select 'The sum of all accounts', 'the rule that nothing is gained or lost', 'All accounts', 0, 0, a.stream, a.financial_year, sum(a.balance_pence)::bigint, 0
		from premium_account a group by a.stream, a.financial_year) compared
	where one <> other order by financial_year desc, stream, request_id, reference, what, "with"`
