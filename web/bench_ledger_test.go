package web_test

import (
	"virtualschool/web/webtest"
)

// busyLedger fills the financial year 2026-27 with so many transfers, as they would stand after so much
// work: requests of the crowd's children, approved, and most of them paid. They are put in past the
// triggers that would move the money one by one, and the balances made to agree.
func busyLedger(site *webtest.Site, transfers int) {
	for _, sql := range []string{
		`set session_replication_role = replica`,
		`insert into premium_year (stream, financial_year) values ('looked_after', 2026)`,
		`insert into premium_income (stream, financial_year, stage, children, rate_pence, amount_pence, source, entered_by, entered_at, entered_on)
			values ('looked_after', 2026, 'provisional', 2000, 263000, 526000000, 'test', 1, '2026-04-01', '2026-04-01')`,
		`insert into premium_account (stream, financial_year, kind) select 'looked_after', 2026, unnest(array['grant', 'pool', 'retained', 'committed', 'paid', 'recovered', 'returned'])`,
	} {
		site.Exec(sql)
	}
	site.Exec(`insert into premium_request (child_id, setting_id, stream, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at,
			state, approved_pence, decided_by, decided_at, committed_pence, paid_pence)
		select c.id, r.setting_id, 'looked_after', 2026, (array['mentoring', 'literacy', 'equipment', 'exams'])[1 + n % 4], 'Ten hours', 'Reads more', 1000 + n % 700, 1,
			timestamptz '2026-04-02' + make_interval(mins => n * 10), 'approved', 1000 + n % 700, 2, timestamptz '2026-04-03' + make_interval(mins => n * 10), 1000 + n % 700, case when n % 10 > 0 then 1000 + n % 700 else 0 end
		from generate_series(1, $1::int) n
		join (select id, row_number() over (order by id) as place, count(*) over () as many from child) c on c.place = 1 + n % c.many
		join roll r on r.child_id = c.id`, transfers*10/19)
	site.Exec(`with account as (select (select id from premium_account where kind = 'grant') as grant_id, (select id from premium_account where kind = 'pool') as pool,
			(select id from premium_account where kind = 'committed') as committed, (select id from premium_account where kind = 'paid') as paid)
		insert into premium_transfer (stream, financial_year, from_account, to_account, kind, amount_pence, request_id, child_id, reason, idempotency_key, made_by, made_at, made_on)
		select 'looked_after', 2026, grant_id, pool, 'income', 526000000, null::bigint, null::bigint, 'The year''s income', gen_random_uuid(), 1, timestamptz '2026-04-01', date '2026-04-01' from account
		union all
		select 'looked_after', 2026, pool, committed, 'commit', r.approved_pence, r.id, r.child_id, 'Approved', gen_random_uuid(), 1, r.decided_at, r.decided_at::date from account, premium_request r
		union all
		select 'looked_after', 2026, committed, paid, 'pay', r.paid_pence, r.id, r.child_id, 'Paid by finance', gen_random_uuid(), 1, r.decided_at + interval '20 days', (r.decided_at + interval '20 days')::date from account, premium_request r where r.paid_pence > 0`)
	for _, sql := range []string{
		`update premium_account a set balance_pence = coalesce((select sum(amount_pence) from premium_transfer where to_account = a.id), 0) - coalesce((select sum(amount_pence) from premium_transfer where from_account = a.id), 0)`,
		`insert into premium_month select t.stream, t.financial_year, date_trunc('month', t.made_on)::date, f.kind, o.kind, t.journal, count(*), sum(t.amount_pence)
			from premium_transfer t join premium_account f on f.id = t.from_account join premium_account o on o.id = t.to_account group by 1, 2, 3, 4, 5, 6`,
		`set session_replication_role = default`,
		`analyze`,
	} {
		site.Exec(sql)
	}
}

// openRequests makes a request of each child with a school wait for a decision.
func openRequests(site *webtest.Site) {
	site.Exec(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		select child_id, setting_id, 2026, 'mentoring', 'A mentor', 'Settles in', 20000, 1, timestamptz '2026-11-01' + child_id * interval '1 minute' from roll`)
	site.Exec(`insert into premium_event (request_id, child_id, event, account_id, at) select id, child_id, 'asked', 1, asked_at from premium_request where state = 'asked'`)
	site.Exec(`analyze`)
}
