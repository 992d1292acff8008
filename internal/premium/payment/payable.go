package payment

import (
	"slices"

	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
)

// Payable is an approved request with money left to pay.
type Payable struct {
	RequestID int64
	ChildID   int64
	LAChildID string
	SettingID int64  // 0: no school; the Virtual School buys it itself
	Payee     string // the school
	URN       int
	Category  premium.Category
	Approvers []int64 // who may not pay it
	Standing
}

// OwnSupply is who is paid where the child had no school: the Virtual School buys it itself.
const OwnSupply = "Bought by the Virtual School"

// ApprovedBy says whether an account approved the request, first or second.
func (p Payable) ApprovedBy(accountID int64) bool { return slices.Contains(p.Approvers, accountID) }

// How the money of request r stands, as the fields of Standing.
const standingSQL = `r.committed_pence as committed, r.released_pence as released, r.paid_pence as paid, r.recovered_pence as recovered,
	coalesce(r.scheme, '') as scheme, coalesce(r.scheme_version, 0) as scheme_version,
	premium_in_payment(r.id) as in_payment, e.evidenced, (r.decided_at at time zone 'Europe/London')::date as decided_on,
	(select d.due_on from premium_evidence_day d where d.request_id = r.id order by d.id desc limit 1) as asked_for,
	(select min(l.evidence_due_on) from (select evidence_due_on, sum(amount_pence) over (order by id) as upto from premium_payment_line
		where request_id = r.id and state = 'paid') l where l.upto > e.evidenced + r.recovered_pence) as line_due`

const evidencedSQL = ` cross join lateral (select coalesce(sum(case when takes_back is null then amount_pence else -amount_pence end), 0)::bigint as evidenced
	from premium_evidence where request_id = r.id) e`

const payableSQL = `select r.id as request_id, r.child_id, c.la_child_id, coalesce(r.setting_id, 0) as setting_id, coalesce(s.name, '` + OwnSupply + `') as payee,
		coalesce(s.urn, 0) as urn, r.category, array(select v.account_id from premium_event v where v.request_id = r.id
			and v.event in ('first_approval', 'approved', 'part_approved')) as approvers, ` + standingSQL + `
	from premium_request r join child c on c.id = r.child_id left join setting s on s.id = r.setting_id` + evidencedSQL + `
	where r.stream = @stream and r.financial_year = @year and r.committed_pence > r.released_pence + r.paid_pence`

// QueuePayable queues the requests of a grant's year that have money left to pay, by school, those
// approved first before the others. The caller says which of them may be paid now.
func QueuePayable(batch *postgres.Batch, into *[]Payable, stream ledger.Stream, financialYear int) {
	postgres.Many(batch, into, payableSQL+` order by payee, setting_id, r.decided_at, r.id`, postgres.Args{"stream": stream, "year": financialYear})
}

// Book is a grant's financial year that has money to pay.
type Book struct {
	Stream        ledger.Stream
	FinancialYear int
	Requests      int
	Left          money.Pence // some of it may be on its way
}

// QueueBooks queues the grants and years with something to pay, the present first.
func QueueBooks(batch *postgres.Batch, into *[]Book) {
	postgres.Many(batch, into, `select stream, financial_year, count(*)::int as requests, sum(committed_pence - released_pence - paid_pence)::bigint as left
		from premium_request where committed_pence > released_pence + paid_pence
		group by stream, financial_year order by financial_year desc, array_position(array['looked_after', 'early_years', 'post_16'], stream)`, nil)
}
