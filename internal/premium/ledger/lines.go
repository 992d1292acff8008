package ledger

import (
	"strconv"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// Kind is what an entry of the ledger does, as the database names it by the accounts it goes between.
type Kind string

// Kinds in the order that money goes through them; each that takes back follows what it takes back.
var Kinds = []Kind{"income", "retain", "spend", "unspend", "commit", "release", "pay", "unpay", "recover", "unrecover", "return", "unreturn"}

var kindNames = map[Kind]string{
	"income": "Income from the department", "retain": "Change of the retained share", "spend": "Spending of the retained share", "unspend": "Spending taken back",
	"commit": "Allocated to a request", "release": "Not needed after all", "pay": "Paid", "unpay": "Payment that came back",
	"recover": "Given back by a school", "unrecover": "Giving back taken back", "return": "Returned to the department", "unreturn": "Return taken back",
}

// Name is the kind as a page says it; empty for none.
func (k Kind) Name() string { return kindNames[k] }

// Transfer is one line of a year's ledger.
type Transfer struct {
	ID        int64
	Kind      Kind
	From, To  string
	Amount    money.Pence
	Reason    string
	Journal   bool
	RequestID int64 // 0: about no request
	ChildID   int64 // 0: about no one child
	MadeBy    string
	MadeOn    calendar.Date
}

// Lines narrow a year's ledger: the zero value is all of it.
type Lines struct {
	Kind     Kind
	Journals bool          // only what was written after the year was closed
	Month    calendar.Date // its first day
}

// Holds says whether what moved in a month, by one kind of entry, is among the lines.
func (l Lines) Holds(kind Kind, month calendar.Date, journal bool) bool {
	return (l.Kind == "" || l.Kind == kind) && (journal || !l.Journals) && (l.Month.IsZero() || l.Month == month)
}

// where is the lines' part of a condition. What is not asked for is not in it: a plan made for a condition
// that may or may not hold reads the whole year to sort it.
func (l Lines) where() string {
	sql := ""
	if l.Kind != "" {
		sql += ` and kind = @kind`
	}
	if l.Journals {
		sql += ` and journal`
	}
	if !l.Month.IsZero() {
		sql += ` and made_on >= @month and made_on < @month::date + interval '1 month'`
	}
	return sql
}

// QueueLedger queues transfers of a year, newest first: at most limit of them after the first skip. Those
// about a child whose record the reader may not see are not among them.
func QueueLedger(batch *postgres.Batch, into *[]Transfer, stream Stream, financialYear int, lines Lines, skip, limit int) {
	args := postgres.Args{"stream": stream, "year": financialYear, "skip": skip}
	if lines.Kind != "" {
		args["kind"] = lines.Kind
	}
	if !lines.Month.IsZero() {
		args["month"] = lines.Month
	}
	postgres.Many(batch, into, `select t.id, t.kind, f.kind as "from", o.kind as "to", t.amount_pence as amount, t.reason, t.journal,
			coalesce(t.request_id, 0) as request_id, coalesce(t.child_id, 0) as child_id, p.name as made_by, t.made_on
		from (select * from premium_transfer where stream = @stream and financial_year = @year`+lines.where()+`
			order by id desc limit `+strconv.Itoa(limit)+` offset @skip) t
		join premium_account f on f.id = t.from_account join premium_account o on o.id = t.to_account
		join account p on p.id = t.made_by order by t.id desc`, args)
}
