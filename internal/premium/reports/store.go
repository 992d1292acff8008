package reports

import (
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// how is the SQL of one way to tell requests apart: what their line's key and name are, and which tables say so.
type how struct{ key, name, tables string }

var ways = map[By]how{
	BySchool:   {`coalesce(r.setting_id::text, '')`, `coalesce(s.name, '')`, `left join setting s on s.id = r.setting_id`},
	ByCategory: {`r.category`, `''`, ``},
	// Whose child it was on the day of asking: advisors come and go, and what was asked in their time stays theirs.
	ByAdvisor: {`coalesce(a.account_id::text, '')`, `coalesce(p.name, '')`, `left join allocation a on a.child_id = r.child_id and a.part = 'advisor'
			and a.period @> (r.asked_at at time zone 'Europe/London')::date left join account p on p.id = a.account_id`},
	ByChild: {`r.child_id::text`, `''`, ``},
	ByYear:  {`r.financial_year::text`, `''`, ``},
	ByGrant: {`r.stream`, `''`, ``},
}

// Known says whether there is a report by it.
func (b By) Known() bool { _, known := ways[b]; return known }

const countedSQL = ` r.state not in ('draft', 'withdrawn') and (@stream = '' or r.stream = @stream) and (@year::int = 0 or r.financial_year = @year)`

// Queue queues a report's lines, in no order, the last of them the total of all: of requests that the reader
// may see. Nothing asked gives the total alone. By is one that is Known.
func Queue(batch *postgres.Batch, into *[]Row, by By, filter Filter) {
	way := ways[by]
	postgres.Many(batch, into, `select coalesce(g.key, '') as key, coalesce(g.name, '') as name, coalesce(c.la_child_id, '') as la_child_id, coalesce(c.forename, '') as forename,
			coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred,
			g.children, g.requests, g.asked, g.waiting, g.approved, g.released, g.paid, g.recovered, g.total
		from (select key, name, grouping(key) = 1 as total, count(distinct child_id)::int as children, count(*)::int as requests,
				coalesce(sum(amount_pence), 0)::bigint as asked,
				coalesce(sum(amount_pence) filter (where state in ('asked', 'at_panel')), 0)::bigint as waiting,
				coalesce(sum(committed_pence), 0)::bigint as approved, coalesce(sum(released_pence), 0)::bigint as released,
				coalesce(sum(paid_pence), 0)::bigint as paid, coalesce(sum(recovered_pence), 0)::bigint as recovered
			from (select `+way.key+` as key, `+way.name+` as name, r.child_id, r.state, r.amount_pence, r.committed_pence, r.released_pence, r.paid_pence, r.recovered_pence
				from premium_request r `+way.tables+` where`+countedSQL+`) r
			group by grouping sets ((key, name), ())) g
		left join child c on `+childJoin(by)+`
		order by g.total`, filter.args())
}

// childJoin names the children of a report by child, and of no other.
func childJoin(by By) string {
	if by == ByChild {
		return `not g.total and c.id = g.key::bigint`
	}
	return `false`
}

func (f Filter) args() postgres.Args { return postgres.Args{"stream": f.Stream, "year": f.Year} }

// QueueLedger queues what the ledger says of the same: balances of all children, seen or not.
func QueueLedger(batch *postgres.Batch, into *Ledger, filter Filter) {
	postgres.One(batch, into, `select b.to_pay, b.paid, b.recovered, s.retained
		from (select coalesce(sum(balance_pence) filter (where kind = 'committed'), 0)::bigint as to_pay,
				coalesce(sum(balance_pence) filter (where kind = 'paid'), 0)::bigint as paid,
				coalesce(-sum(balance_pence) filter (where kind = 'recovered'), 0)::bigint as recovered
			from premium_account where (@stream = '' or stream = @stream) and (@year::int = 0 or financial_year = @year)) b
		cross join (select coalesce(sum(case kind when 'spend' then amount_pence else -amount_pence end), 0)::bigint as retained
			from premium_transfer where kind in ('spend', 'unspend') and (@stream = '' or stream = @stream) and (@year::int = 0 or financial_year = @year)) s`, filter.args())
}

// Year is a grant's financial year for which something was asked.
type Year struct {
	Stream        ledger.Stream
	FinancialYear int
}

// QueueYears queues the grants and years that have been opened, newest first, for the filters.
func QueueYears(batch *postgres.Batch, into *[]Year) {
	postgres.Many(batch, into, `select stream, financial_year from premium_year order by financial_year desc, stream`, nil)
}
