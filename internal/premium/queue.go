package premium

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// QueuePage is how many waiting requests one page of the queue lists.
const QueuePage = 25

// Filter narrows the queue of waiting requests. The zero Filter is the whole queue from its start.
type Filter struct {
	Category  Category
	SettingID int64
	AdvisorID int64 // of the child, today
	Stream    ledger.Stream
	After     Cursor
}

// Cursor is the last request of the page before; the zero Cursor is the start.
type Cursor struct {
	At time.Time
	ID int64
}

// Waiting is one line of the queue.
type Waiting struct {
	ID            int64
	ChildID       int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	DateOfBirth   calendar.Date
	YearOffset    int
	School        string
	Category      Category
	Purpose       string
	Target        string
	Amount        money.Pence
	AskedBy       int64
	AskedByName   string
	AskedAt       time.Time
	Starts        calendar.Date
	Again         bool  // returned once and asked again
	FirstBy       int64 // who has given the first of two approvals; 0: nobody
	Own           bool  // the person who looks asked for it or changed it
	Stream        ledger.Stream
	State         State
	Version       int
	Approved      money.Pence
	Documents     int // such as a quotation
}

// Cursor is where the next page begins.
func (w Waiting) Cursor() Cursor { return Cursor{At: w.AskedAt, ID: w.ID} }

// Queued is how many requests wait, and for how much.
type Queued struct {
	Count int
	Sum   money.Pence
}

// School is a setting that has requests waiting, for the filter.
type School struct {
	ID   int64
	Name string
}

// decidableSQL is what somebody can decide: it waits, or the panel it went to has been held.
const decidableSQL = ` r.state in ('asked', 'at_panel') and (r.state = 'asked' or exists (select from premium_panel_item i
	join premium_panel p on p.id = i.panel_id and p.held_at is not null where i.request_id = r.id and i.request_version = r.version))`

// where is the filter as SQL, with only what it asks for: a page's statement is planned once for its filters.
func (f Filter) where() (string, postgres.Args) {
	sql, args := decidableSQL, postgres.Args{}
	if f.Category != "" {
		sql, args["category"] = sql+` and r.category = @category`, f.Category
	}
	if f.SettingID != 0 {
		sql, args["setting"] = sql+` and r.setting_id = @setting`, f.SettingID
	}
	if f.Stream != "" {
		sql, args["stream"] = sql+` and r.stream = @stream`, f.Stream
	}
	if f.AdvisorID != 0 {
		sql, args["advisor"] = sql+` and r.child_id = any (array(select l.child_id from allocation l where l.account_id = @advisor and l.part = 'advisor' and l.period @> @today::date))`, f.AdvisorID
	}
	return sql, args
}

const ownSQL = `(r.asked_by = @actor or exists (select from premium_event e where e.request_id = r.id and e.account_id = @actor and e.event in ('drafted', 'asked', 'changed')))`

// QueueWaiting queues a page of the requests that somebody can decide, those waiting longest first,
// and writes that actor looked at the children it names. It gives up to QueuePage+1: one more than a
// page means there is another.
func QueueWaiting(batch *postgres.Batch, into *[]Waiting, filter Filter, actorID int64, requestID string) {
	where, args := filter.where()
	if filter.After.ID != 0 {
		where += ` and (r.asked_at, r.id) > (@after::timestamptz, @after_id)`
		args["after"], args["after_id"] = filter.After.At, filter.After.ID
	}
	where += ` order by r.asked_at, r.id limit @limit`
	args["limit"] = QueuePage + 1
	queueLines(batch, into, where, args, actorID, "premium queue", requestID)
}

// QueuePicked queues some requests as the queue shows them, and writes that actor looked at their
// children on a screen.
func QueuePicked(batch *postgres.Batch, into *[]Waiting, requestIDs []int64, actorID int64, screen, requestID string) {
	queueLines(batch, into, ` r.id = any(@requests) order by r.asked_at, r.id`, postgres.Args{"requests": requestIDs}, actorID, screen, requestID)
}

// QueueAtPanel is QueuePicked for the requests that were sent to a panel.
func QueueAtPanel(batch *postgres.Batch, into *[]Waiting, panelID, actorID int64, requestID string) {
	queueLines(batch, into, ` r.id in (select request_id from premium_panel_item where panel_id = @panel) order by r.asked_at, r.id`,
		postgres.Args{"panel": panelID}, actorID, "premium panel", requestID)
}

func queueLines(batch *postgres.Batch, into *[]Waiting, where string, args postgres.Args, actorID int64, screen, requestID string) {
	args["actor"], args["web_request"], args["screen"] = actorID, requestID, screen
	postgres.Many(batch, into, `with r as (select * from premium_request r where`+where+`),
		looked as (insert into audit_look (at, account_id, child_id, screen, request_id)
			select @now, @actor, id, @screen, @web_request from (select distinct child_id as id from r) children)
		select r.id, r.child_id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, c.date_of_birth, c.year_offset, coalesce(s.name, '') as school, r.category, r.purpose,
			coalesce(t.what, '') as target, r.amount_pence as amount, r.asked_by, a.name as asked_by_name, r.asked_at, r.starts_on as starts,
			exists (select from premium_event e where e.request_id = r.id and e.event = 'changed') as again,
			coalesce((select v.account_id from premium_approval v where v.request_id = r.id and v.request_version = r.version order by v.id limit 1), 0) as first_by,
			`+ownSQL+` as own, r.stream, r.state, r.version, coalesce(r.approved_pence, 0) as approved,
			(select count(*)::int from document d where d.child_id = r.child_id and d.subject = 'premium_request' and d.subject_id = r.id) as documents
		from r
		join child c on c.id = r.child_id
		join account a on a.id = r.asked_by
		left join setting s on s.id = r.setting_id
		left join pep_target t on t.id = r.target_id
		order by r.asked_at, r.id`, args)
}

// QueueQueued queues how many requests the filter leaves waiting, and for how much.
func QueueQueued(batch *postgres.Batch, into *Queued, filter Filter) {
	where, args := filter.where()
	postgres.One(batch, into, `select count(*)::int as count, coalesce(sum(amount_pence), 0)::bigint as sum from premium_request r where`+where, args)
}

// QueueSchools queues the schools that have requests waiting.
func QueueSchools(batch *postgres.Batch, into *[]School) {
	postgres.Many(batch, into, `select s.id, s.name from setting s
		where s.id in (select r.setting_id from premium_request r where`+decidableSQL+`) order by s.name`, nil)
}

// QueueAdvisors queues the advisors by whose children the queue can be narrowed.
func QueueAdvisors(batch *postgres.Batch, into *[]Advisor) {
	postgres.Many(batch, into, `select id, name from account where state = 'active' and role = 'advisor' order by name, id`, nil)
}

// Advisor is somebody who works with children, for the filter.
type Advisor struct {
	ID   int64
	Name string
}

// Next is what a decider goes on to after a request: the next one in the queue that is theirs to
// decide, from the start again after the last.
type Next struct {
	Waiting  int   // under the filter, without the request itself
	ID       int64 // 0: none is left
	ChildID  int64
	Amount   money.Pence
	Category Category
	State    State // of the request they come from, as it is now
}

// QueueNext queues what comes after a request, in a queue narrowed by a filter. Requests of the actor's
// own are passed over, and those that have the actor's first approval.
func QueueNext(batch *postgres.Batch, into *Next, filter Filter, actorID, requestID int64) {
	waiting, args := filter.where()
	args["actor"], args["request"] = actorID, requestID
	where := waiting + ` and r.id <> @request and not ` + ownSQL + ` and not exists (select from premium_approval v
		where v.request_id = r.id and v.request_version = r.version and v.account_id = @actor)`
	postgres.One(batch, into, `with here as (select asked_at, id, state from premium_request where id = @request)
		select (select count(*)::int from premium_request r where `+waiting+` and r.id <> @request) as waiting,
			coalesce(n.id, 0) as id, coalesce(n.child_id, 0) as child_id, coalesce(n.amount_pence, 0) as amount, coalesce(n.category, '') as category, here.state
		from here left join lateral (
			(select 1 as turn, r.id, r.child_id, r.amount_pence, r.category from premium_request r where`+where+` and (r.asked_at, r.id) > (here.asked_at, here.id)
				order by r.asked_at, r.id limit 1)
			union all
			(select 2 as turn, r.id, r.child_id, r.amount_pence, r.category from premium_request r where`+where+` order by r.asked_at, r.id limit 1)
			order by turn limit 1) n on true`, args)
}

// SpentThere is what one school has been given for one category, and what came of it.
type SpentThere struct {
	Requests int
	Children int
	Approved money.Pence
	Met      int // targets, as their latest review says
	Partly   int
	NotMet   int
	Open     int // not reviewed, or for no target
}

// QueueSpentThere queues what the school of a request was given before for the request's category.
func QueueSpentThere(batch *postgres.Batch, into *SpentThere, childID, requestID int64) {
	postgres.One(batch, into, `select count(o.id)::int as requests, count(distinct o.child_id)::int as children, coalesce(sum(o.approved_pence), 0)::bigint as approved,
			(count(*) filter (where v.outcome = 'met'))::int as met, (count(*) filter (where v.outcome = 'partly'))::int as partly,
			(count(*) filter (where v.outcome = 'not_met'))::int as not_met, (count(o.id) filter (where v.outcome is null or v.outcome not in ('met', 'partly', 'not_met')))::int as open
		from premium_request r
		left join premium_request o on o.setting_id = r.setting_id and o.category = r.category and o.id <> r.id and o.approved_pence is not null
		left join lateral (select w.outcome from pep_target_review w where w.target_id = o.target_id order by w.reviewed_at desc limit 1) v on true
		where r.id = @request and r.child_id = @child`, postgres.Args{"request": requestID, "child": childID})
}

// Pool is what the financial year of a grant has left to allocate.
type Pool struct {
	Stream ledger.Stream
	Left   money.Pence
}

// QueuePools queues what a financial year has left, by grant.
func QueuePools(batch *postgres.Batch, into *[]Pool, financialYear int) {
	postgres.Many(batch, into, `select stream, balance_pence as left from premium_account where financial_year = @year and kind = 'pool'`, postgres.Args{"year": financialYear})
}
