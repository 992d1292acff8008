package forecast

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
)

// Month is what was allocated to schools and paid to them in a month, less what was taken back.
type Month struct {
	Month     calendar.Date
	Allocated money.Pence
	Paid      money.Pence
}

// QueueMonths queues a grant's months from a day on, of whatever financial year the money is.
func QueueMonths(batch *postgres.Batch, into *[]Month, stream ledger.Stream, since calendar.Date) {
	postgres.Many(batch, into, `select month,
			coalesce(sum(case when from_kind = 'pool' and to_kind = 'committed' then sum_pence when from_kind = 'committed' and to_kind = 'pool' then -sum_pence end), 0)::bigint as allocated,
			coalesce(sum(case when from_kind = 'committed' and to_kind = 'paid' then sum_pence when from_kind = 'paid' and to_kind = 'committed' then -sum_pence end), 0)::bigint as paid
		from premium_month where stream = @stream and month >= @since group by month order by month`, postgres.Args{"stream": stream, "since": since})
}

// Requests are what waits and what came of those decided in the last twelve months.
type Requests struct {
	Open      int
	OpenSum   money.Pence
	Back      int // returned to who asked, with a question
	BackSum   money.Pence
	Asked     money.Pence
	Granted   money.Pence
	Unpaid    int
	UnpaidSum money.Pence
}

// QueueRequests queues a grant's requests as they stand.
func QueueRequests(batch *postgres.Batch, into *Requests, stream ledger.Stream, financialYear int) {
	postgres.One(batch, into, `select
			count(*) filter (where state in ('asked', 'at_panel'))::int as open, coalesce(sum(amount_pence) filter (where state in ('asked', 'at_panel')), 0)::bigint as open_sum,
			count(*) filter (where state = 'returned')::int as back, coalesce(sum(amount_pence) filter (where state = 'returned'), 0)::bigint as back_sum,
			coalesce(sum(amount_pence) filter (where decided), 0)::bigint as asked, coalesce(sum(approved_pence) filter (where decided), 0)::bigint as granted,
			count(*) filter (where unpaid > 0)::int as unpaid, coalesce(sum(unpaid), 0)::bigint as unpaid_sum
		from (select state, amount_pence, approved_pence, state in ('approved', 'part_approved', 'refused') and decided_at > @now::timestamptz - interval '1 year' as decided,
				case when financial_year = @year then committed_pence - released_pence - paid_pence end as unpaid
			from premium_request where stream = @stream) r`, postgres.Args{"stream": stream, "year": financialYear})
}

// QueueUnpaid queues a year's money that is approved and not paid, by the month of approval.
func QueueUnpaid(batch *postgres.Batch, into *[]Batch, stream ledger.Stream, financialYear int) {
	postgres.Many(batch, into, `select date_trunc('month', decided_at at time zone 'Europe/London')::date as month, sum(committed_pence - released_pence - paid_pence)::bigint as sum
		from premium_request where stream = @stream and financial_year = @year and committed_pence > released_pence + paid_pence
		group by 1 order by 1`, postgres.Args{"stream": stream, "year": financialYear})
}

// QueueDelay queues how long payment took, in the two years before today.
func QueueDelay(batch *postgres.Batch, into *Delay, stream ledger.Stream) {
	postgres.One(batch, into, `select count(*)::int as payments,
			coalesce(percentile_disc(0.25) within group (order by days), 0)::int as short,
			coalesce(percentile_disc(0.5) within group (order by days), 0)::int as median,
			coalesce(percentile_disc(0.75) within group (order by days), 0)::int as long
		from (select p.made_on - c.made_on as days from premium_transfer p join premium_transfer c on c.request_id = p.request_id and c.kind = 'commit'
			where p.stream = @stream and p.kind = 'pay' and p.made_on > @today::date - 730
				and not exists (select from premium_transfer back where back.reverses = p.id)) paid`, postgres.Args{"stream": stream})
}

// Cohort is how many children the grant is for, and how many came and went in the last twelve months.
type Cohort struct {
	Children, Joined, Left int
}

// born are the birthdays of the children that a grant is for on a day: Reception is the school year in
// which a child turns five.
func born(stream ledger.Stream, on calendar.Date) (first, last calendar.Date) {
	year := calendar.AcademicYear(on)
	switch stream {
	case ledger.EarlyYears:
		return calendar.New(year-4, 9, 1), on
	case ledger.Post16:
		return calendar.New(year-19, 9, 1), calendar.New(year-16, 8, 31)
	}
	return calendar.New(year-16, 9, 1), calendar.New(year-4, 8, 31)
}

// QueueCohort queues the children a grant is for.
func QueueCohort(batch *postgres.Batch, into *Cohort, stream ledger.Stream, today calendar.Date) {
	first, last := born(stream, today)
	postgres.One(batch, into, `select count(*) filter (where p.period @> @today::date)::int as children,
			count(*) filter (where lower(p.period) > @today::date - 365 and lower(p.period) <= @today::date)::int as joined,
			count(*) filter (where upper(p.period) > @today::date - 365 and upper(p.period) <= @today::date)::int as left
		from care_period p join child c on c.id = p.child_id where c.date_of_birth between @first and @last`, postgres.Args{"first": first, "last": last})
}

// Place is a school or a category, and its money that 31 March may take: approved and not paid, and
// asked for and not decided.
type Place struct {
	ID       int64 // of the school; 0 for no school, and for a category
	Name     string
	Category premium.Category
	Unpaid   money.Pence
	Asked    money.Pence
}

const atRiskSQL = `sum(case when r.financial_year = @year then r.committed_pence - r.released_pence - r.paid_pence else 0 end)::bigint as unpaid,
	coalesce(sum(r.amount_pence) filter (where r.state in ('asked', 'at_panel')), 0)::bigint as asked
	from premium_request r left join setting s on s.id = r.setting_id
	where r.stream = @stream and (r.state in ('asked', 'at_panel') or r.financial_year = @year and r.committed_pence > r.released_pence + r.paid_pence)`

// QueueAtRisk queues the money at risk by school and by category, most first.
func QueueAtRisk(batch *postgres.Batch, schools, categories *[]Place, stream ledger.Stream, financialYear int) {
	args := postgres.Args{"stream": stream, "year": financialYear}
	postgres.Many(batch, schools, `select coalesce(s.id, 0) as id, coalesce(s.name, 'No school place') as name, '' as category, `+atRiskSQL+` group by s.id, s.name order by 4 desc, 5 desc, 2 limit 100`, args)
	postgres.Many(batch, categories, `select 0::bigint as id, '' as name, r.category, `+atRiskSQL+` group by r.category order by 4 desc, 5 desc, 3`, args)
}

// Unasked is a child in care with targets still open for whom nothing was asked this financial year.
type Unasked struct {
	ChildID                                  int64
	LAChildID                                string
	Forename, Surname, PreferredName, School string
	Targets                                  int
	Count                                    int // of such children in all
}

// UnaskedShown is how many of them are listed.
const UnaskedShown = 25

// QueueUnasked queues children for whom something could still be asked, most open targets first, and
// writes that actor looked at those it names. It is for who decides, and says no sum.
func QueueUnasked(batch *postgres.Batch, into *[]Unasked, stream ledger.Stream, financialYear int, today calendar.Date, actorID int64, requestID string) {
	first, last := born(stream, today)
	postgres.Many(batch, into, `with latest as (
			select distinct on (p.child_id) p.child_id, p.id from pep p
			join care_period care on care.child_id = p.child_id and care.period @> @today::date
			where p.state <> 'cancelled' and exists (select from pep_target t where t.pep_id = p.id)
			order by p.child_id, p.academic_year desc, p.started_at desc, p.id desc),
		open as (
			select l.child_id, count(*)::int as targets from latest l join pep_target t on t.pep_id = l.id
			where not exists (select from pep_target_review v where v.target_id = t.id)
				and not exists (select from premium_request r where r.child_id = l.child_id and r.financial_year = @year and r.state not in ('draft', 'withdrawn', 'refused'))
			group by l.child_id),
		shown as (
			select o.*, c.la_child_id, c.forename, c.surname, c.preferred_name, count(*) over ()::int as count
			from open o join child c on c.id = o.child_id where c.date_of_birth between @first and @last
			order by o.targets desc, o.child_id limit @limit),
		looked as (insert into audit_look (at, account_id, child_id, screen, request_id)
			select @now, @actor, child_id, 'premium forecast', @web_request from shown)
		select s.child_id, s.la_child_id, coalesce(s.forename, '') as forename, coalesce(s.surname, '') as surname, coalesce(s.preferred_name, '') as preferred_name,
			coalesce((select t.name from roll l join setting t on t.id = l.setting_id where l.child_id = s.child_id and l.kind = 'main' and l.period @> @today::date limit 1), '') as school,
			s.targets, s.count
		from shown s order by s.targets desc, s.child_id`,
		postgres.Args{"year": financialYear, "first": first, "last": last, "limit": UnaskedShown, "actor": actorID, "web_request": requestID})
}
