package timetable

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/hours"
	"virtualschool/internal/postgres"
)

// Timetable is a reduced timetable as it is kept.
type Timetable struct {
	Entry
	ID           int64
	ChildID      int64
	School       string
	EndedOn      calendar.Date // the first day it no longer held; zero: it goes on
	Outcome      Outcome
	LastReviewOn calendar.Date
	RecordedBy   string
	RecordedAt   time.Time
	Version      int
}

const columns = `t.id, t.child_id, t.setting_id, s.name as school, t.starts_on, t.planned_end, t.ended_on, coalesce(t.outcome, '') as outcome, t.hours, t.full_hours,
	t.reason, t.note, t.way_back, t.carer_agreed_on, t.worker_agreed_on, t.virtual_school_agreed_on, t.risk_assessed_on, t.council_told_on, t.next_review_on,
	(select max(r.held_on) from reduced_timetable_review r where r.timetable_id = t.id) as last_review_on, a.name as recorded_by, t.recorded_at, t.version`

const tables = ` from reduced_timetable t join setting s on s.id = t.setting_id join account a on a.id = t.recorded_by `

// QueueOf queues a child's reduced timetables, the latest first.
func QueueOf(batch *postgres.Batch, into *[]Timetable, childID int64) {
	postgres.Many(batch, into, `select `+columns+tables+`where t.child_id = @child order by t.starts_on desc, t.id desc`, postgres.Args{"child": childID})
}

// QueueOne queues one of a child's. One that is not there fails the batch with NotFound.
func QueueOne(batch *postgres.Batch, into *Timetable, childID, id int64) {
	postgres.One(batch, into, `select `+columns+tables+`where t.id = @id and t.child_id = @child`, postgres.Args{"id": id, "child": childID})
}

// Held is a review as it is kept.
type Held struct {
	TimetableID int64
	HeldOn      calendar.Date
	Outcome     Outcome
	WasHours    hours.Weekly
	Hours       hours.Weekly
	Words       string
	RecordedBy  string
}

// QueueReviews queues the reviews of all of a child's reduced timetables, the latest first.
func QueueReviews(batch *postgres.Batch, into *[]Held, childID int64) {
	postgres.Many(batch, into, `select r.timetable_id, r.held_on, coalesce(r.outcome, '') as outcome, r.was_hours, r.hours, r.words, a.name as recorded_by
		from reduced_timetable_review r join account a on a.id = r.recorded_by where r.child_id = @child order by r.held_on desc, r.id desc`, postgres.Args{"child": childID})
}

// Listed is a line of the register: a reduced timetable and whose it is.
type Listed struct {
	Timetable
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	Advisor       string
}

// Child is how the child is called on screen.
func (l Listed) Child() string {
	return child.DisplayName(l.PreferredName, l.Forename, l.Surname, l.LAChildID)
}

// Filter is what part of the register is asked for. The zero Filter: of all children, those not ended.
type Filter struct {
	ChildID    int64         // of one child; 0: of all
	EndedSince calendar.Date // those that ended since; zero: those that run or are to begin
}

// QueueRegister queues the register of children in care whom the actor may see. Whoever shows it writes the looks.
func QueueRegister(batch *postgres.Batch, into *[]Listed, filter Filter) {
	postgres.Many(batch, into, `select `+columns+`, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, coalesce(v.name, '') as advisor`+tables+`
		join child c on c.id = t.child_id
		join care_period p on p.child_id = t.child_id and p.period @> @today::date
		left join allocation l on l.child_id = t.child_id and l.part = 'advisor' and l.period @> @today::date
		left join account v on v.id = l.account_id
		where case when @since::date is null then t.ended_on is null else t.ended_on >= @since end and (@child::bigint = 0 or t.child_id = @child)
		order by t.starts_on, c.sort_name, t.id`, postgres.Args{"since": filter.EndedSince, "child": filter.ChildID})
}

// School is a setting where the child is or was on roll.
type School struct {
	ID   int64
	Name string
}

// QueueSchools queues the schools where the child was on roll in the last three years, the present
// ones first, for a form; for a school's own people, of those only theirs.
func QueueSchools(batch *postgres.Batch, into *[]School, childID, onlyOf int64) {
	postgres.Many(batch, into, `select s.id, s.name from setting s join (
			select setting_id, bool_or(period @> @today::date) as now, max(lower(period)) as since from roll
			where child_id = @child and period && daterange((@today::date - interval '3 years')::date, null) group by setting_id) r on r.setting_id = s.id
		where @account::bigint = 0 or exists (select from account_setting t where t.setting_id = s.id and t.account_id = @account and t.period @> @today::date)
		order by r.now desc, r.since desc, s.name`, postgres.Args{"child": childID, "account": onlyOf})
}
