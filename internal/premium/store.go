package premium

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

const requestSQL = `select r.id, r.child_id, coalesce(r.setting_id, 0) as setting_id, coalesce(s.name, '') as school,
	coalesce(r.target_id, 0) as target_id, coalesce(t.what, '') as target, coalesce(t.measure, '') as target_measure, t.due_on as target_due,
	coalesce(o.outcome, '') as outcome, coalesce(o.note, '') as outcome_note,
	r.stream, r.financial_year, coalesce(r.category, '') as category, r.purpose, r.expected_difference as difference, r.amount_pence as amount, r.starts_on as starts, r.ends_on as ends, coalesce(r.group_size, 0) as "group", r.exception_reason as exception,
	coalesce(r.scheme, '') as scheme, coalesce(r.scheme_version, 0) as scheme_version, r.state,
	r.asked_by, asker.name as asked_by_name, asker.role as asked_by_role, r.asked_at, coalesce(r.approved_pence, 0) as approved,
	r.released_pence as released, r.paid_pence as paid, r.recovered_pence as recovered,
	coalesce(r.decided_by, 0) as decided_by, coalesce(decider.name, '') as decided_by_name, r.decided_at, coalesce(r.decision_reason, '') as reason,
	coalesce(away.name, '') as away_name, place.until as away_until, r.version
	from premium_request r
	join account asker on asker.id = r.asked_by
	left join account decider on decider.id = r.decided_by
	left join stand_in place on place.id = r.stand_in_id
	left join account away on away.id = place.for_account
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

// QueueItems queues what a request is made of, in order.
func QueueItems(batch *postgres.Batch, into *[]Item, childID, requestID int64) {
	postgres.Many(batch, into, `select what, quantity, unit_pence as unit from premium_item where request_id = @request and child_id = @child order by position`,
		postgres.Args{"request": requestID, "child": childID})
}

// QueueThisYear queues a child's other requests of the financial year of today that were not withdrawn,
// newest first: what a new one may be the same as.
func QueueThisYear(batch *postgres.Batch, into *[]Request, childID, butID int64, today calendar.Date) {
	postgres.Many(batch, into, requestSQL+`where r.child_id = @child and r.id <> @request and r.financial_year = @year and r.state not in ('draft', 'withdrawn')
		order by r.asked_at desc, r.id desc`, postgres.Args{"child": childID, "request": butID, "year": calendar.FinancialYear(today)})
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
	postgres.Many(batch, into, `select r.financial_year, count(*)::int as requests, count(*) filter (where r.state in ('asked', 'at_panel', 'returned'))::int as waiting,
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
	postgres.One(batch, into, circumstancesSQL+`where r.id = @request and r.child_id = @child`, postgres.Args{"request": requestID, "child": childID})
}

const circumstancesSQL = `select
			exists (select from care_period c where c.child_id = r.child_id and c.period @> @today::date) as in_care,
			exists (select from roll l where l.child_id = r.child_id and l.setting_id = r.setting_id and l.period @> @today::date) as on_roll,
			(select count(*)::int from premium_request o where o.child_id = r.child_id and o.id <> r.id and o.category = r.category
				and o.financial_year = r.financial_year and o.state in ('asked', 'at_panel', 'returned', 'approved', 'part_approved')) as same_this_year
		from premium_request r `

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
	Stream        ledger.Stream
	FinancialYear int
	TargetID      int64
	Category      Category
	Purpose       string
	Difference    string
	Amount        money.Pence
	Starts        calendar.Date
	Ends          calendar.Date
	Group         int
	Exception     string
	State         State
	AskedBy       int64
	DecidedByName string
	Version       int
}

func lock(ctx context.Context, tx *postgres.Tx, requestID int64) (locked, error) {
	return postgres.Get[locked](ctx, tx, `select id, child_id, stream, financial_year, coalesce(target_id, 0) as target_id, coalesce(category, '') as category, purpose,
			expected_difference as difference, amount_pence as amount, starts_on as starts, ends_on as ends, coalesce(group_size, 0) as "group",
			exception_reason as exception, state, asked_by,
			coalesce((select name from account where id = decided_by), '') as decided_by_name, version
		from premium_request where id = @request for update`, postgres.Args{"request": requestID})
}

// wish is the request as it would be asked again, without its items.
func (l locked) wish() Wish {
	return Wish{TargetID: l.TargetID, Category: l.Category, Purpose: l.Purpose, Difference: l.Difference, Amount: l.Amount, Starts: l.Starts, Ends: l.Ends,
		Group: l.Group, Exception: l.Exception}
}

func lockedItems(ctx context.Context, tx *postgres.Tx, requestID int64) ([]Item, error) {
	return postgres.List[Item](ctx, tx, `select what, quantity, unit_pence as unit from premium_item where request_id = @request order by position`,
		postgres.Args{"request": requestID})
}

// writeItems puts a wish's items in the place of those the request had.
func writeItems(ctx context.Context, tx *postgres.Tx, childID, requestID int64, items []Item) error {
	if _, err := tx.Do(ctx, `delete from premium_item where request_id = @request`, postgres.Args{"request": requestID}); err != nil || len(items) == 0 {
		return err
	}
	var whats []string
	var quantities []int
	var units []int64
	for _, item := range items {
		whats, quantities, units = append(whats, item.What), append(quantities, item.Quantity), append(units, int64(item.Unit))
	}
	_, err := tx.Do(ctx, `insert into premium_item (request_id, child_id, position, what, quantity, unit_pence)
		select @request, @child, n, what, quantity, unit from unnest(@whats::text[], @quantities::int[], @units::bigint[]) with ordinality as i (what, quantity, unit, n)`,
		postgres.Args{"request": requestID, "child": childID, "whats": whats, "quantities": quantities, "units": units})
	return err
}

func (w Wish) args(more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"target": w.TargetID, "category": w.Category, "purpose": w.Purpose, "difference": w.Difference,
		"amount": w.Amount, "starts": w.Starts, "ends": w.Ends, "group": w.Group, "exception": w.Exception} {
		more[name] = value
	}
	return more
}
