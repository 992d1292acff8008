package reports

import (
	"cmp"

	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// how is the SQL of one way to tell requests apart: what their line is about, which tables that needs, and
// once they are counted where its names are.
type how struct{ key, tables, names, named string }

const (
	unnamed = `'' as name, '' as la_child_id, '' as forename, '' as surname, '' as preferred`
	named   = `coalesce(k.name, '') as name, '' as la_child_id, '' as forename, '' as surname, '' as preferred`
)

var ways = map[By]how{
	BySchool:   {key: `r.setting_id`, names: named, named: `left join setting k on k.id = g.key`},
	ByCategory: {key: `r.category`},
	// Whose child it was on the day of asking: advisors come and go, and what was asked in their time stays theirs.
	ByAdvisor: {key: `a.account_id`, tables: `left join allocation a on a.child_id = r.child_id and a.part = 'advisor'
			and a.period @> (r.asked_at at time zone 'Europe/London')::date`, names: named, named: `left join account k on k.id = g.key`},
	ByChild: {key: `r.child_id`, names: `'' as name, k.la_child_id, coalesce(k.forename, '') as forename, coalesce(k.surname, '') as surname, coalesce(k.preferred_name, '') as preferred`,
		named: `left join child k on k.id = g.key`},
	ByYear:  {key: `r.financial_year`},
	ByGrant: {key: `r.stream`},
}

// Known says whether there is a report by it.
func (b By) Known() bool { _, known := ways[b]; return known }

// Queue queues a report's lines, in no order, and how many children they are about: of requests that the
// reader may see. Nothing asked gives none. By is one that is Known. What each child had is added up first:
// of many requests that is the cheapest way to count children.
func Queue(batch *postgres.Batch, into *[]Row, children *int, by By, filter Filter) {
	way := ways[by]
	postgres.Many(batch, into, `select coalesce(g.key::text, '') as key, `+cmp.Or(way.names, unnamed)+`,
			g.children, g.requests, g.asked, g.waiting, g.approved, g.released, g.paid, g.recovered
		from (select key, count(*)::int as children, sum(requests)::int as requests, sum(asked)::bigint as asked, coalesce(sum(waiting), 0)::bigint as waiting,
				sum(approved)::bigint as approved, sum(released)::bigint as released, sum(paid)::bigint as paid, sum(recovered)::bigint as recovered
			from (select `+way.key+` as key, r.child_id, count(*) as requests, sum(r.amount_pence) as asked, sum(r.amount_pence) filter (where r.state in ('asked', 'at_panel')) as waiting,
					sum(r.committed_pence) as approved, sum(r.released_pence) as released, sum(r.paid_pence) as paid, sum(r.recovered_pence) as recovered
				from premium_request r `+way.tables+` where`+countedSQL+` group by 1, r.child_id) c
			group by key) g `+way.named, filter.args())
	postgres.Value(batch, children, `select count(*)::int from (select distinct r.child_id from premium_request r where`+countedSQL+`) c`, filter.args())
}

const countedSQL = ` r.state not in ('draft', 'withdrawn') and (@stream = '' or r.stream = @stream) and (@year::int = 0 or r.financial_year = @year)`

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
