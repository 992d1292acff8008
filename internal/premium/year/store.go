package year

import (
	"context"
	"fmt"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

func row(field string, i int) string { return fmt.Sprintf("%s-%d", field, i) }

const incomeSQL = `select i.id, i.stage, coalesce(i.children, 0) as children, coalesce(i.hours, 0) as hours, coalesce(i.rate_pence, 0) as rate,
		case when i.stream = 'post_16' then i.amount_pence else 0 end as sum, i.source, i.amount_pence as amount, p.name as entered_by, i.entered_at
	from premium_income i join account p on p.id = i.entered_by where i.stream = @stream and i.financial_year = @year order by i.id`

// QueueIncome queues the entries of a year's income, oldest first.
func QueueIncome(batch *postgres.Batch, into *[]Income, stream ledger.Stream, financialYear int) {
	postgres.Many(batch, into, incomeSQL, postgres.Args{"stream": stream, "year": financialYear})
}

const purposeSQL = `select id, name, planned_pence as planned, spent_pence as spent from premium_purpose
	where stream = @stream and financial_year = @year and (planned_pence > 0 or @all) order by id`

// QueuePurposes queues the purposes of a year's retained share.
func QueuePurposes(batch *postgres.Batch, into *[]Purpose, stream ledger.Stream, financialYear int) {
	postgres.Many(batch, into, purposeSQL, postgres.Args{"stream": stream, "year": financialYear, "all": false})
}

// Month is what moved between two accounts in a month.
type Month struct {
	Month    calendar.Date // its first day
	Kind     ledger.Kind
	From, To string
	Journal  bool
	Entries  int
	Sum      money.Pence
}

// QueueMonths queues a year's sums by month. They hold every transfer, also those about a child whose
// record the reader may not see: no child stands in them.
func QueueMonths(batch *postgres.Batch, into *[]Month, stream ledger.Stream, financialYear int) {
	postgres.Many(batch, into, `select month, premium_entry(from_kind, to_kind) as kind, from_kind as "from", to_kind as "to", journal, entries, sum_pence as sum
		from premium_month where stream = @stream and financial_year = @year order by month, from_kind, to_kind, journal`,
		postgres.Args{"stream": stream, "year": financialYear})
}

// Overview is a grant's year in one line of a list.
type Overview struct {
	Stream        ledger.Stream
	FinancialYear int
	Stage         Stage // of the last entry; empty when none was made
	Income        money.Pence
	Retained      money.Pence
	Pool          money.Pence
	Committed     money.Pence
	Paid          money.Pence // less what schools gave back
	Closed        bool
}

// QueueOverviews queues every year of every grant that has been opened, newest first.
func QueueOverviews(batch *postgres.Batch, into *[]Overview) {
	postgres.Many(batch, into, `select y.stream, y.financial_year, y.closed_at is not null as closed,
			coalesce((select i.stage from premium_income i where i.stream = y.stream and i.financial_year = y.financial_year order by i.id desc limit 1), '') as stage,
			b.income, b.retained, b.pool, b.committed, b.paid
		from premium_year y join (select stream, financial_year,
				coalesce(-sum(balance_pence) filter (where kind in ('grant', 'returned')), 0)::bigint as income,
				coalesce(sum(balance_pence) filter (where kind = 'retained'), 0)::bigint as retained,
				coalesce(sum(balance_pence) filter (where kind = 'pool'), 0)::bigint as pool,
				coalesce(sum(balance_pence) filter (where kind = 'committed'), 0)::bigint as committed,
				coalesce(sum(balance_pence) filter (where kind in ('paid', 'recovered')), 0)::bigint as paid
			from premium_account group by stream, financial_year) b on b.stream = y.stream and b.financial_year = y.financial_year
		order by y.financial_year desc, y.stream`, nil)
}

// locked is a year as a service finds it, held until its transaction ends.
type locked struct {
	Version  int
	Closed   bool
	Given    money.Pence // by the grant, returns not taken off
	Pool     money.Pence
	Retained money.Pence
}

// hold opens the year if nobody has, and locks it. The lock leaves room for the foreign keys of transfers.
func hold(ctx context.Context, tx *postgres.Tx, stream ledger.Stream, financialYear int) (locked, error) {
	if err := ledger.OpenYear(ctx, tx, stream, financialYear); err != nil {
		return locked{}, err
	}
	args := postgres.Args{"stream": stream, "year": financialYear}
	if _, err := tx.Do(ctx, `select from premium_year where stream = @stream and financial_year = @year for no key update`, args); err != nil {
		return locked{}, err
	}
	return postgres.Get[locked](ctx, tx, `select y.version, y.closed_at is not null as closed, b.given, b.pool, b.retained
		from premium_year y cross join (select coalesce(-sum(balance_pence) filter (where kind = 'grant'), 0)::bigint as given,
				coalesce(sum(balance_pence) filter (where kind = 'pool'), 0)::bigint as pool,
				coalesce(sum(balance_pence) filter (where kind = 'retained'), 0)::bigint as retained
			from premium_account where stream = @stream and financial_year = @year) b
		where y.stream = @stream and y.financial_year = @year`, args)
}

// turn makes the year's next version, so that a page shown before it is an old one.
func turn(ctx context.Context, tx *postgres.Tx, stream ledger.Stream, financialYear, version int) error {
	return tx.DoOne(ctx, `update premium_year set version = version + 1 where stream = @stream and financial_year = @year and version = @version`,
		postgres.Args{"stream": stream, "year": financialYear, "version": version})
}
