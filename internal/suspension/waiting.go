package suspension

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Waiting is an event of the last months, with what has come of it: what lists of work and registers ask.
type Waiting struct {
	Event
	ChildID       int64
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string `db:"la_child_id"`
	AdvisorID     int64
	Unread        []string // the parts in which nobody has read it yet
	About         About    // of what they were told last
	ToldAt        *time.Time
	AskedOn       calendar.Date // parents' representations
	BoardMeetsOn  calendar.Date
	BoardDecided  calendar.Date
}

const waitingColumns = eventColumns + `, e.child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
		coalesce(c.preferred_name, '') as preferred_name, c.la_child_id, coalesce(l.account_id, 0) as advisor_id,
		coalesce(r.unread, '{}') as unread, coalesce(r.about, '') as about, r.told_at, b.asked_on, b.meets_on as board_meets_on, b.decided_on as board_decided`

const waitingJoins = ` join child c on c.id = e.child_id
	left join allocation l on l.child_id = e.child_id and l.part = 'advisor' and l.period @> @today::date
	left join (select suspension_id, array_agg(part order by part) filter (where read_at is null) as unread, max(about) as about, max(told_at) as told_at
		from suspension_reader group by suspension_id) r on r.suspension_id = e.id
	left join suspension_review b on b.suspension_id = e.id and b.body = 'board'`

// waitingDays is how far back something may still wait: longer than the 50 school days a board may take.
const waitingDays = `150`

// QueueWaiting queues the events of the last months of children in care whom the actor may see, or of one
// child when childID is not 0, the latest first.
func QueueWaiting(batch *postgres.Batch, into *[]Waiting, childID int64) {
	of := ``
	if childID != 0 {
		of = ` and e.child_id = @child`
	}
	postgres.Many(batch, into, `select `+waitingColumns+eventTables+waitingJoins+`
		where e.starts_on > @today::date - `+waitingDays+of+` and exists (select from care_period p where p.child_id = e.child_id and p.period @> @today::date)
		order by e.starts_on desc, e.id desc`, postgres.Args{"child": childID})
}
