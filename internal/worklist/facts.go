package worklist

import (
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/provision"
	"virtualschool/internal/schoolplace"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
	"virtualschool/internal/timetable"
)

// Facts are what duties are worked out from, for the children in care whom the actor may see.
type Facts struct {
	Children  []pep.FactsRow
	one       *pep.FactsRow
	places    []place
	parts     []openParts
	requests  []request
	marking   []quality.Waiting
	asked     []asked
	owed      []payment.Owed
	suspended []suspension.Waiting
	reduced   []timetable.Listed
	provided  []provision.Listed
	unmarked  []unmarked
	calendars setting.Calendars // of the schools, for what is unmarked
}

// place is what the record lacks of a child, and where the child stands with a school.
type place struct {
	ChildID       int64
	UPNQuality    string
	Named         bool
	LastRollEnded calendar.Date // the first day without a place; zero: never on a roll, or on one now
	SchoolStatus  string
	NextMeeting   calendar.Date // as agreed at the last meeting
	Wishes        []openWish    // the longest waiting first
	Task          *placeTask    // the next one on the way to a school place, of a child without one
}

// placeTask is the next task of the latest search for a school place. The query gives its fields in their order.
type placeTask struct {
	OpenedOn calendar.Date // in the time without a place that the search is about
	NextTask string
	NextOn   calendar.Date
	NextBy   schoolplace.Doer
}

// openWish is what a child asked for and nobody has answered, or was promised and not done. The query
// gives its fields in their order.
type openWish struct {
	SaidOn      calendar.Date
	PromisedFor calendar.Date // zero: not answered
	KeptToFew   bool          // the school does not see it
}

// openParts are the parts of a plan being written that are not complete.
type openParts struct {
	PEPID       int64
	ChildID     int64
	Form        string
	FormVersion int
	HasSchool   bool
	MeetingOn   calendar.Date
	Parts       []string
}

// request is a request for Pupil Premium Plus that waits for somebody.
type request struct {
	ID            int64
	ChildID       int64
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string
	School        string
	State         premium.State
	Category      premium.Category
	Amount        money.Pence
	AskedBy       int64
	AskedByName   string
	AskedByRole   access.Role
	AskerLeft     bool // no longer works with the child
	AskedAt       time.Time
	Reason        string
}

const placesSQL = `select c.id as child_id, c.upn_quality, coalesce(c.forename, c.surname, c.preferred_name) is not null as named,
		case when r.id is null then (select max(upper(o.period)) from roll o where o.child_id = c.id and o.kind = 'main' and upper(o.period) <= @today::date) end as last_roll_ended,
		coalesce(s.status, '') as school_status, n.next_meeting_on as next_meeting, v.wishes, case when r.id is null then f.task end as task
	from child c
	join care_period cp on cp.child_id = c.id and cp.period @> @today::date and ` + postgres.PlaceTold + `
	left join roll r on r.child_id = c.id and r.kind = 'main' and r.period @> @today::date
	left join setting s on s.id = r.setting_id
	left join (select distinct on (child_id) child_id, (opened_on, next_task, next_on, next_by) as task from place_search
		where next_on is not null order by child_id, opened_on desc) f on f.child_id = c.id
	left join (select distinct on (child_id) child_id, next_meeting_on from pep
		where meeting_held and state <> 'cancelled' order by child_id, meeting_on desc, id desc) n on n.child_id = c.id
	left join (select w.child_id, array_agg((w.said_on, a.happens_by, w.audience <> 'everyone') order by w.said_on, w.id) as wishes
		from wish w left join (select distinct on (wish_id) wish_id, happens_by from wish_answer order by wish_id, id desc) a on a.wish_id = w.id
		where w.state = 'open' or w.state = 'answered' and a.happens_by is not null group by w.child_id) v on v.child_id = c.id`

const partsSQL = `select p.id as pep_id, p.child_id, p.form, p.form_version, p.setting_id is not null as has_school, p.meeting_on, array_agg(x.section order by x.section) as parts
	from pep p join pep_section x on x.pep_id = p.id and x.state = 'open'
	where p.state in ('draft', 'returned')`

const requestsSQL = `select r.id, r.child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name,
		c.la_child_id, coalesce(s.name, '') as school, r.state, r.category, r.amount_pence as amount, r.asked_by, a.name as asked_by_name, r.asked_at,
		a.role as asked_by_role, not (a.state = 'active' and case a.role
			when 'school' then exists (select from account_setting m join roll l on l.setting_id = m.setting_id and l.child_id = r.child_id and l.period @> @today::date
				where m.account_id = a.id and m.period @> @today::date)
			when 'advisor' then exists (select from allocation l where l.account_id = a.id and l.child_id = r.child_id and l.period @> @today::date)
			else true end) as asker_left,
		coalesce(r.decision_reason, '') as reason
	from premium_request r join child c on c.id = r.child_id join account a on a.id = r.asked_by left join setting s on s.id = r.setting_id
	where r.state in ('asked', 'returned')`

// Behind the wall the planner expects one row of every table and joins row by row. For a whole cohort
// joining by hash takes half the time.
const nestedLoops = `select set_config('enable_nestloop', @on, true)`

// Queue queues the facts of every child in care whom the actor may see. Fifteen statements.
func Queue(batch *postgres.Batch, into *Facts) {
	postgres.Many(batch, &into.asked, askedSQL, nil)
	queueUnmarked(batch, into)
	batch.Exec(nestedLoops, postgres.Args{"on": "off"})
	defer batch.Exec(nestedLoops, postgres.Args{"on": "on"})
	pep.QueueFacts(batch, &into.Children)
	postgres.Many(batch, &into.places, placesSQL, nil)
	postgres.Many(batch, &into.parts, partsSQL+` group by p.id`, nil)
	postgres.Many(batch, &into.requests, requestsSQL+` order by r.asked_at`, nil)
	quality.QueueWaiting(batch, &into.marking, 0)
	payment.QueueOwed(batch, &into.owed, 0)
	suspension.QueueWaiting(batch, &into.suspended, 0)
	timetable.QueueRegister(batch, &into.reduced, timetable.Filter{})
	provision.QueueRegister(batch, &into.provided, provision.Filter{})
}

// QueueOf queues the facts of one child, for the child's own page. Nine statements.
func QueueOf(batch *postgres.Batch, into *Facts, childID int64) {
	of := postgres.Args{"child": childID}
	pep.QueueFactsOf(batch, &into.one, childID)
	postgres.Many(batch, &into.places, placesSQL+` where c.id = @child`, of)
	postgres.Many(batch, &into.parts, partsSQL+` and p.child_id = @child group by p.id`, of)
	postgres.Many(batch, &into.requests, requestsSQL+` and r.child_id = @child order by r.asked_at`, of)
	quality.QueueWaiting(batch, &into.marking, childID)
	payment.QueueOwed(batch, &into.owed, childID)
	suspension.QueueWaiting(batch, &into.suspended, childID)
	timetable.QueueRegister(batch, &into.reduced, timetable.Filter{ChildID: childID})
	provision.QueueRegister(batch, &into.provided, provision.Filter{ChildID: childID})
}

func (f Facts) children() []pep.FactsRow {
	if f.one != nil {
		return []pep.FactsRow{*f.one}
	}
	return f.Children
}
