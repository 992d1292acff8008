package premium

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

const requestSQL = `select r.id, r.child_id, coalesce(r.setting_id, 0) as setting_id, coalesce(s.name, '') as school,
	coalesce(r.target_id, 0) as target_id, coalesce(t.what, '') as target, coalesce(t.measure, '') as target_measure, t.due_on as target_due,
	coalesce(o.outcome, '') as outcome, coalesce(o.note, '') as outcome_note,
	r.stream, r.financial_year, r.category, r.purpose, r.expected_difference as difference, r.amount_pence as amount, r.starts_on as starts, r.state,
	r.asked_by, asker.name as asked_by_name, asker.role as asked_by_role, r.asked_at, coalesce(r.approved_pence, 0) as approved,
	r.released_pence as released, r.paid_pence as paid, r.recovered_pence as recovered,
	coalesce(r.decided_by, 0) as decided_by, coalesce(decider.name, '') as decided_by_name, r.decided_at, coalesce(r.decision_reason, '') as reason, r.version
	from premium_request r
	join account asker on asker.id = r.asked_by
	left join account decider on decider.id = r.decided_by
	left join setting s on s.id = r.setting_id
	left join pep_target t on t.id = r.target_id
	left join lateral (select v.outcome, v.note from pep_target_review v where v.target_id = r.target_id order by v.reviewed_at desc limit 1) o on true `

// QueueRequest queues one request of a child. A request that is not there fails the batch with NotFound.
func QueueRequest(batch *postgres.Batch, into *Request, childID, requestID int64) {
	postgres.One(batch, into, requestSQL+`where r.id = @request and r.child_id = @child`, postgres.Args{"request": requestID, "child": childID})
}

// QueueRequests queues all requests of a child, newest first.
func QueueRequests(batch *postgres.Batch, into *[]Request, childID int64) {
	postgres.Many(batch, into, requestSQL+`where r.child_id = @child order by r.asked_at desc, r.id desc`, postgres.Args{"child": childID})
}

// QueueEvents queues what happened to a request, in order.
func QueueEvents(batch *postgres.Batch, into *[]Event, childID, requestID int64) {
	postgres.Many(batch, into, `select e.event, coalesce(e.amount_pence, 0) as amount, e.words, e.account_id, a.name as account_name, e.at
		from premium_event e join account a on a.id = e.account_id
		where e.request_id = @request and e.child_id = @child order by e.id`, postgres.Args{"request": requestID, "child": childID})
}

// ChildYear is Pupil Premium Plus for one child in one financial year: what was asked, approved and
// paid (R34). It has no balance: it is not a personal budget.
type ChildYear struct {
	FinancialYear int
	Requests      int
	Waiting       int
	Asked         money.Pence
	Approved      money.Pence
	Paid          money.Pence
}

// QueueChildYears queues a child's sums by financial year, newest first. Requests withdrawn do not count.
func QueueChildYears(batch *postgres.Batch, into *[]ChildYear, childID int64) {
	postgres.Many(batch, into, `select r.financial_year, count(*)::int as requests, count(*) filter (where r.state in ('asked', 'returned'))::int as waiting,
			sum(r.amount_pence)::bigint as asked, coalesce(sum(r.approved_pence), 0)::bigint as approved, sum(r.paid_pence - r.recovered_pence)::bigint as paid
		from premium_request r
		where r.child_id = @child and r.state not in ('draft', 'withdrawn')
		group by r.financial_year order by r.financial_year desc`, postgres.Args{"child": childID})
}

// TargetChoice is a target of the child's latest plan, to ask money for.
type TargetChoice struct {
	ID   int64
	Area string
	What string
}

// QueueTargets queues the targets of the child's latest plan.
func QueueTargets(batch *postgres.Batch, into *[]TargetChoice, childID int64) {
	postgres.Many(batch, into, `select id, area, what from pep_target where pep_id = (
			select p.id from pep p where p.child_id = @child and p.state <> 'cancelled' and exists (select from pep_target x where x.pep_id = p.id)
			order by p.academic_year desc, p.started_at desc, p.id desc limit 1)
		order by position`, postgres.Args{"child": childID})
}

// QueueCircumstances queues what the checks of a request look at beside it.
func QueueCircumstances(batch *postgres.Batch, into *Circumstances, childID, requestID int64) {
	postgres.One(batch, into, `select
			exists (select from care_period c where c.child_id = r.child_id and c.period @> @today::date) as in_care,
			exists (select from roll l where l.child_id = r.child_id and l.setting_id = r.setting_id and l.period @> @today::date) as on_roll,
			(select count(*)::int from premium_request o where o.child_id = r.child_id and o.id <> r.id and o.category = r.category
				and o.financial_year = r.financial_year and o.state in ('asked', 'returned', 'approved', 'part_approved')) as same_this_year,
			`+deputyGrantedSQL+` as deputy_granted
		from premium_request r where r.id = @request and r.child_id = @child`,
		postgres.Args{"request": requestID, "child": childID, "days": SplitDays})
}

// What deputies granted lately for the same child, school and category as request r.
const deputyGrantedSQL = `(select coalesce(sum(o.approved_pence), 0)::bigint from premium_request o join account d on d.id = o.decided_by and d.role = 'deputy'
	where o.child_id = r.child_id and o.id <> r.id and o.category = r.category and o.setting_id is not distinct from r.setting_id
		and o.approved_pence is not null and o.decided_at > @now::timestamptz - make_interval(days => @days))`

// QueuePosition queues how a grant's financial year stands.
func QueuePosition(batch *postgres.Batch, into *Position, stream Stream, financialYear int) {
	postgres.One(batch, into, positionSQL, postgres.Args{"stream": stream, "year": financialYear})
}

const positionSQL = `select @stream::text as stream, @year::int as financial_year, coalesce(y.rate_pence, 0) as rate, coalesce(y.rate_source, '') as rate_source,
		coalesce(y.children_counted, 0) as children, coalesce(p.name, '') as set_by_name, y.set_at, coalesce(y.version, 0) as version,
		y.closed_at, coalesce(q.name, '') as closed_by_name,
		coalesce(-b.grant - b.returned, 0) as income, coalesce(b.retained, 0) as retained, coalesce(b.pool, 0) as pool,
		coalesce(b.committed, 0) as committed, coalesce(b.paid, 0) as paid, coalesce(-b.recovered, 0) as recovered, coalesce(b.returned, 0) as returned,
		w.asked_count, w.asked_sum
	from (select 1) one
	left join premium_year y on y.stream = @stream and y.financial_year = @year
	left join account p on p.id = y.set_by
	left join account q on q.id = y.closed_by
	left join (select
			(max(balance_pence) filter (where kind = 'grant'))::bigint as grant, (max(balance_pence) filter (where kind = 'retained'))::bigint as retained,
			(max(balance_pence) filter (where kind = 'pool'))::bigint as pool, (max(balance_pence) filter (where kind = 'committed'))::bigint as committed,
			(max(balance_pence) filter (where kind = 'paid'))::bigint as paid, (max(balance_pence) filter (where kind = 'recovered'))::bigint as recovered,
			(max(balance_pence) filter (where kind = 'returned'))::bigint as returned
		from premium_account where stream = @stream and financial_year = @year) b on true
	cross join (select count(*)::int as asked_count, coalesce(sum(amount_pence), 0)::bigint as asked_sum from premium_request where state in ('asked', 'at_panel') and stream = @stream) w`

// Transfer is one line of a year's ledger.
type Transfer struct {
	ID        int64
	Kind      string
	From, To  string
	Amount    money.Pence
	Reason    string
	RequestID int64 // 0: about no request
	ChildID   int64 // 0: about no one child
	MadeBy    string
	MadeOn    calendar.Date
}

// QueueLedger queues a year's transfers, newest first, those before a transfer's number where given.
func QueueLedger(batch *postgres.Batch, into *[]Transfer, stream Stream, financialYear int, before int64, limit int) {
	postgres.Many(batch, into, `select t.id, t.kind, f.kind as "from", o.kind as "to", t.amount_pence as amount, t.reason,
			coalesce(t.request_id, 0) as request_id, coalesce(t.child_id, 0) as child_id, p.name as made_by, t.made_on
		from premium_transfer t join premium_account f on f.id = t.from_account join premium_account o on o.id = t.to_account
		join account p on p.id = t.made_by
		where t.stream = @stream and t.financial_year = @year and (@before = 0 or t.id < @before) order by t.id desc limit @limit`,
		postgres.Args{"stream": stream, "year": financialYear, "before": before, "limit": limit})
}

// openYear makes sure the year and its accounts are there, with no rate until the council enters one.
func openYear(ctx context.Context, tx *postgres.Tx, stream Stream, financialYear int) error {
	_, err := tx.Do(ctx, `insert into premium_year (stream, financial_year) values (@stream, @year) on conflict do nothing`, postgres.Args{"stream": stream, "year": financialYear})
	return err
}

// entry is one transfer to be written: from an account of a grant's year to another.
type entry struct {
	Stream   Stream
	Year     int
	From, To string
	Amount   money.Pence
	Request  int64 // 0: about no request
	Child    int64 // 0: about no one child
	Reason   string
	Reverses int64  // the transfer taken back; 0: none
	Journal  bool   // in a closed year
	Key      string // the same key moves money once
}

// transfer moves money. Whoever moves the money of several requests locks them first, by number.
func transfer(ctx context.Context, tx *postgres.Tx, e entry) error {
	return tx.DoOne(ctx, `insert into premium_transfer (stream, financial_year, from_account, to_account, amount_pence, request_id, child_id, reason,
			reverses, journal, idempotency_key, made_by, made_at, made_on)
		select @stream, @year, f.id, t.id, @amount, nullif(@request::bigint, 0), nullif(@child::bigint, 0), @reason,
			nullif(@reverses::bigint, 0), @journal, @key::uuid, @by, @now, @today
		from premium_account f, premium_account t
		where f.stream = @stream and f.financial_year = @year and f.kind = @from and t.stream = @stream and t.financial_year = @year and t.kind = @to`,
		postgres.Args{"stream": e.Stream, "year": e.Year, "from": e.From, "to": e.To, "amount": e.Amount, "request": e.Request, "child": e.Child,
			"reason": e.Reason, "reverses": e.Reverses, "journal": e.Journal, "key": e.Key, "by": tx.Actor.ID})
}

// transferKey derives a transfer's idempotency key from what it is for, in the shape of a UUID.
func transferKey(format string, args ...any) string {
	sum := sha256.Sum256(fmt.Appendf([]byte("premium "), format, args...))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// writeEvent keeps what happened to a request.
func writeEvent(ctx context.Context, tx *postgres.Tx, childID, requestID int64, event State, amount money.Pence, words string) error {
	return tx.DoOne(ctx, `insert into premium_event (request_id, child_id, event, amount_pence, words, account_id, at)
		values (@request, @child, @event, nullif(@amount::bigint, 0), @words, @by, @now)`,
		postgres.Args{"request": requestID, "child": childID, "event": event, "amount": amount, "words": words, "by": tx.Actor.ID})
}

// locked is a request as a service finds it, locked until its transaction ends.
type locked struct {
	ID            int64
	ChildID       int64
	Stream        Stream
	FinancialYear int
	TargetID      int64
	Category      Category
	Purpose       string
	Difference    string
	Amount        money.Pence
	Starts        calendar.Date
	State         State
	AskedBy       int64
	DecidedByName string
	Version       int
}

func lock(ctx context.Context, tx *postgres.Tx, requestID int64) (locked, error) {
	return postgres.Get[locked](ctx, tx, `select id, child_id, stream, financial_year, coalesce(target_id, 0) as target_id, category, purpose,
			expected_difference as difference, amount_pence as amount, starts_on as starts, state, asked_by,
			coalesce((select name from account where id = decided_by), '') as decided_by_name, version
		from premium_request where id = @request for update`, postgres.Args{"request": requestID})
}
