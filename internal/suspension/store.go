package suspension

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Event is a suspension or permanent exclusion as it is kept.
type Event struct {
	ID              int64
	SettingID       int64
	School          string
	Kind            Kind
	StartsOn        calendar.Date
	Afternoon       bool
	Sessions        int
	Reasons         []string
	DecidedOn       calendar.Date // zero: not known
	Exam            Exam
	ExamOn          calendar.Date
	CameBy          CameBy
	Note            string
	State           State
	EndedOn         calendar.Date // when it was cancelled or the child reinstated
	Served          int           // half-days out of school before that
	EndedBecause    string
	Response        string        // what the Virtual School does
	PEPReviewOn     calendar.Date `db:"pep_review_on"`
	PlanReviewedOn  calendar.Date // zero: no meeting about the education plan was held since
	ReturnMeetingOn calendar.Date
	FullTimeFrom    calendar.Date // zero: no full-time education is arranged
	BoardToldOn     calendar.Date // zero: not known
	ToldUsOn        calendar.Date // the Virtual School; zero: not known
	RecordedBy      string
	RecordedAt      time.Time
	Version         int
}

// Entry is the event as it could be entered again.
func (e Event) Entry() Entry {
	return Entry{SettingID: e.SettingID, Kind: e.Kind, StartsOn: e.StartsOn, Afternoon: e.Afternoon, Sessions: e.Sessions, Reasons: e.Reasons,
		DecidedOn: e.DecidedOn, Exam: e.Exam, ExamOn: e.ExamOn, CameBy: e.CameBy, Note: e.Note}
}

const eventColumns = `e.id, e.setting_id, s.name as school, e.kind, e.starts_on, e.afternoon, e.sessions, e.reasons, e.decided_on, e.exam, e.exam_on, e.came_by, e.note,
		e.state, e.ended_on, coalesce(e.served, 0) as served, e.ended_because, e.response, e.pep_review_on as pep_review_on, e.return_meeting_on,
		(select min(t.starts_on) from suspension_education t where t.suspension_id = e.id and t.full_time) as full_time_from,
		(select n.told_on from suspension_notice n where n.suspension_id = e.id and n.about = 'suspension' and n.party = 'governors') as board_told_on,
		(select n.told_on from suspension_notice n where n.suspension_id = e.id and n.about = 'suspension' and n.party = 'virtual_school') as told_us_on,
		(select min(p.meeting_on) from pep p where p.child_id = e.child_id and p.meeting_held and p.state <> 'cancelled' and p.meeting_on >= e.starts_on) as plan_reviewed_on,
		a.name as recorded_by, e.recorded_at, e.version`

const eventTables = ` from suspension e join setting s on s.id = e.setting_id join account a on a.id = e.recorded_by`

const eventSQL = `select ` + eventColumns + eventTables + ` `

// QueueEvents queues a child's events, latest first.
func QueueEvents(batch *postgres.Batch, into *[]Event, childID int64) {
	postgres.Many(batch, into, eventSQL+`where e.child_id = @child order by e.starts_on desc, e.id desc`, postgres.Args{"child": childID})
}

// QueueYear queues a child's events of an academic year, and of the summer before it, latest first: what PositionOf adds up.
func QueueYear(batch *postgres.Batch, into *[]Event, childID int64, academicYear int) {
	year := calendar.AcademicYearRange(academicYear)
	postgres.Many(batch, into, eventSQL+`where e.child_id = @child and e.starts_on > @from::date - 120 and e.starts_on < @to order by e.starts_on desc, e.id desc`,
		postgres.Args{"child": childID, "from": year.Start, "to": year.End})
}

// QueueEvent queues one event of a child. One that is not there fails the batch with NotFound.
func QueueEvent(batch *postgres.Batch, into *Event, childID, eventID int64) {
	postgres.One(batch, into, eventSQL+`where e.id = @event and e.child_id = @child`, postgres.Args{"event": eventID, "child": childID})
}

// School is a setting where the child is or was on roll.
type School struct {
	ID   int64
	Name string
}

// QueueOwnSettings queues the settings an account belongs to today.
func QueueOwnSettings(batch *postgres.Batch, into *[]int64, account int64) {
	postgres.Values(batch, into, `select setting_id from account_setting where account_id = @account and period @> @today::date`, postgres.Args{"account": account})
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
