package ledger

import (
	"strings"
	"time"

	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// Position is how a financial year stands. A year nobody has opened is all zero but its number.
type Position struct {
	Stream        Stream
	FinancialYear int
	Rate          money.Pence // of the last entry of income; 0: none was made, or the grant has no rate
	RateSource    string
	Children      int
	SetByName     string
	SetAt         *time.Time
	Version       int        // 0: not opened
	ClosedAt      *time.Time // nil: takes entries
	ClosedByName  string
	Income        money.Pence // what the grant has given, less what went back to the department
	Retained      money.Pence
	Pool          money.Pence // what is left to allocate
	Committed     money.Pence
	Paid          money.Pence
	Recovered     money.Pence // of what was paid, given back by schools
	Returned      money.Pence // to the department
}

// Pressed is how a financial year stands beside what is asked of it.
type Pressed struct {
	Position
	AskedCount int // waiting for a decision, of any year: they will be charged to the year of release
	AskedSum   money.Pence
}

// Balanced says whether the year adds up: income = retained + pool + committed + paid − recovered.
func (p Position) Balanced() bool {
	return p.Income == p.Retained+p.Pool+p.Committed+p.Paid-p.Recovered
}

// QueuePosition queues how a grant's financial year stands.
func QueuePosition(batch *postgres.Batch, into *Position, stream Stream, financialYear int) {
	postgres.One(batch, into, `select `+positionSQL, postgres.Args{"stream": stream, "year": financialYear})
}

// QueuePressed queues how a financial year stands in the grant that a request asks from, with all that
// waits beside it.
func QueuePressed(batch *postgres.Batch, into *Pressed, requestID int64, financialYear int) {
	sql := strings.ReplaceAll(`select w.asked_count, w.asked_sum, `+positionSQL+`
		cross join (select count(*)::int as asked_count, coalesce(sum(amount_pence), 0)::bigint as asked_sum
			from premium_request where state in ('asked', 'at_panel') and stream = @stream) w`,
		"@stream", "(select stream from premium_request where id = @request)")
	postgres.One(batch, into, sql, postgres.Args{"request": requestID, "year": financialYear})
}

const positionSQL = `@stream::text as stream, @year::int as financial_year, coalesce(i.rate_pence, 0) as rate, coalesce(i.source, '') as rate_source,
		coalesce(i.children, 0) as children, coalesce(p.name, '') as set_by_name, i.entered_at as set_at, coalesce(y.version, 0) as version,
		y.closed_at, coalesce(q.name, '') as closed_by_name,
		coalesce(-b.grant - b.returned, 0) as income, coalesce(b.retained, 0) as retained, coalesce(b.pool, 0) as pool,
		coalesce(b.committed, 0) as committed, coalesce(b.paid, 0) as paid, coalesce(-b.recovered, 0) as recovered, coalesce(b.returned, 0) as returned
	from (select 1) one
	left join premium_year y on y.stream = @stream and y.financial_year = @year
	left join lateral (select rate_pence, source, children, entered_by, entered_at from premium_income
		where stream = @stream and financial_year = @year order by id desc limit 1) i on true
	left join account p on p.id = i.entered_by
	left join account q on q.id = y.closed_by
	left join (select
			(max(balance_pence) filter (where kind = 'grant'))::bigint as grant, (max(balance_pence) filter (where kind = 'retained'))::bigint as retained,
			(max(balance_pence) filter (where kind = 'pool'))::bigint as pool, (max(balance_pence) filter (where kind = 'committed'))::bigint as committed,
			(max(balance_pence) filter (where kind = 'paid'))::bigint as paid, (max(balance_pence) filter (where kind = 'recovered'))::bigint as recovered,
			(max(balance_pence) filter (where kind = 'returned'))::bigint as returned
		from premium_account where stream = @stream and financial_year = @year) b on true`
