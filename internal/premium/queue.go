package premium

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// QueuePage is how many waiting requests one page of the queue lists.
const QueuePage = 25

// Filter narrows the queue of waiting requests. The zero Filter is the whole queue from its start.
type Filter struct {
	Category  Category
	SettingID int64
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
	GrantedBefore money.Pence // for this child, this financial year
	Again         bool        // returned once and asked again
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

func (f Filter) args() postgres.Args {
	return postgres.Args{"category": f.Category, "setting": f.SettingID, "after": f.After.At, "after_id": f.After.ID, "limit": QueuePage + 1}
}

const filterSQL = ` r.state = 'asked' and (@category = '' or r.category = @category) and (@setting::bigint = 0 or r.setting_id = @setting)`

// QueueWaiting queues a page of the requests that wait for a decision, those waiting longest first,
// and writes that actor looked at the children it names. It gives up to QueuePage+1: one more than a
// page means there is another.
func QueueWaiting(batch *postgres.Batch, into *[]Waiting, filter Filter, actorID int64, requestID string) {
	args := filter.args()
	args["actor"], args["web_request"] = actorID, requestID
	postgres.Many(batch, into, `with r as (
			select * from premium_request r where`+filterSQL+`
				and (@after_id::bigint = 0 or (r.asked_at, r.id) > (@after::timestamptz, @after_id))
			order by r.asked_at, r.id limit @limit),
		looked as (insert into audit_look (at, account_id, child_id, screen, request_id)
			select @now, @actor, child_id, 'premium queue', @web_request from (select distinct child_id from r) children)
		select r.id, r.child_id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, c.date_of_birth, c.year_offset, coalesce(s.name, '') as school, r.category, r.purpose,
			coalesce(t.what, '') as target, r.amount_pence as amount, r.asked_by, a.name as asked_by_name, r.asked_at, r.starts_on as starts,
			coalesce((select sum(o.approved_pence) from premium_request o where o.child_id = r.child_id and o.financial_year = r.financial_year), 0)::bigint as granted_before,
			r.version > 1 as again
		from r
		join child c on c.id = r.child_id
		join account a on a.id = r.asked_by
		left join setting s on s.id = r.setting_id
		left join pep_target t on t.id = r.target_id
		order by r.asked_at, r.id`, args)
}

// QueueQueued queues how many requests the filter leaves waiting, and for how much.
func QueueQueued(batch *postgres.Batch, into *Queued, filter Filter) {
	postgres.One(batch, into, `select count(*)::int as count, coalesce(sum(amount_pence), 0)::bigint as sum from premium_request r where`+filterSQL,
		postgres.Args{"category": filter.Category, "setting": filter.SettingID})
}

// QueueSchools queues the schools that have requests waiting.
func QueueSchools(batch *postgres.Batch, into *[]School) {
	postgres.Many(batch, into, `select s.id, s.name from setting s
		where s.id in (select setting_id from premium_request where state = 'asked') order by s.name`, nil)
}
