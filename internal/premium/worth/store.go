package worth

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// fundedSQL is every target that money was given for and not all given back, by category, with the latest
// review of it or of the targets that carried it on. A request for no target is not among them.
const fundedSQL = `with recursive asked as (
		select r.target_id, r.child_id, r.category, min(r.asked_at) as asked_at, sum(r.committed_pence - r.released_pence - r.recovered_pence)::bigint as cost
		from premium_request r
		where r.target_id is not null and r.committed_pence > 0 and r.stream = ` + streamSQL + ` and (@year::int = 0 or r.financial_year = @year)
			and (@alike::bigint = 0 or r.target_id in (select id from pep_target where area = any (` + areasSQL + `)))
		group by r.target_id, r.child_id, r.category
		having sum(r.committed_pence - r.released_pence - r.recovered_pence) > 0),
	chain (target_id, later) as (
		select target_id, target_id from asked
		union
		select c.target_id, t.id from chain c join pep_target t on t.carried_from = c.later),
	outcome as (
		select distinct on (c.target_id) c.target_id, v.outcome
		from chain c
		join pep_target_review v on v.target_id = c.later
		join pep p on p.id = v.pep_id and p.state <> 'cancelled'
		order by c.target_id, v.reviewed_at desc, c.later desc)
	select a.target_id, a.child_id, a.category, t.area, c.date_of_birth, c.year_offset, d.on_day as asked_on,
		coalesce(n.status, 'N') as sen, coalesce(n.primary_need, '') as need,
		case l.in_authority when true then 'in' when false then 'out' else '' end as lives, a.cost, coalesce(o.outcome, '') as outcome
	from asked a
	cross join lateral (select (a.asked_at at time zone 'Europe/London')::date as on_day) d
	join pep_target t on t.id = a.target_id
	join child c on c.id = a.child_id
	left join outcome o on o.target_id = a.target_id
	left join sen_status n on n.child_id = a.child_id and n.period @> d.on_day
	left join placement l on l.child_id = a.child_id and l.period @> d.on_day`

// streamSQL is the grant whose targets are compared: that of the request or, with none, the one given.
const streamSQL = `coalesce((select q.stream from premium_request q where q.id = @request::bigint and q.child_id = @alike), @stream)`

// areasSQL is what the targets to compare are about: the area of the request's own target or, where there
// is none, those of the child's latest plan.
const areasSQL = `array(select t.area from premium_request r join pep_target t on t.id = r.target_id where r.id = @request::bigint and r.child_id = @alike
		union select t.area from pep_target t where not exists (select from premium_request r where r.id = @request and r.child_id = @alike and r.target_id is not null)
			and t.pep_id = (select p.id from pep p where p.child_id = @alike and p.state <> 'cancelled' and exists (select from pep_target x where x.pep_id = p.id)
				order by p.academic_year desc, p.started_at desc, p.id desc limit 1))`

// Queue queues the funded targets that the reader may see, of one grant: streams are never mixed in a
// figure. Year is the financial year that was charged; 0 for all.
func Queue(batch *postgres.Batch, into *[]Funded, stream ledger.Stream, year int) {
	postgres.Many(batch, into, fundedSQL, postgres.Args{"stream": stream, "year": year, "alike": 0, "request": 0})
}

// Comparison is what the question "what helped children like this here" is answered from.
type Comparison struct {
	Like    Like
	Targets []Funded
}

// QueueForRequest queues it for a request of a child, whose target's area and grant are compared.
func QueueForRequest(batch *postgres.Batch, into *Comparison, childID, requestID int64) {
	queueComparison(batch, into, "", childID, requestID)
}

// QueueForChild queues it for a child as such, by the areas of the latest plan's targets and the grant given.
func QueueForChild(batch *postgres.Batch, into *Comparison, stream ledger.Stream, childID int64) {
	queueComparison(batch, into, stream, childID, 0)
}

func queueComparison(batch *postgres.Batch, into *Comparison, stream ledger.Stream, childID, requestID int64) {
	args := postgres.Args{"stream": stream, "year": 0, "alike": childID, "request": requestID}
	postgres.One(batch, &into.Like, likeSQL, args)
	postgres.Many(batch, &into.Targets, fundedSQL, args)
}

const likeSQL = `select c.id as child_id, c.date_of_birth, c.year_offset, coalesce(n.status, 'N') as sen, coalesce(n.primary_need, '') as need, ` + areasSQL + ` as areas
	from child c left join sen_status n on n.child_id = c.id and n.period @> @today::date
	where c.id = @alike`

// Helped is the answer on a day.
func (c Comparison) Helped(today calendar.Date) Helped { return WhatHelped(c.Targets, c.Like, today) }
