package attendance

import (
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
)

// Day is a child's day at a setting as its register has it. A school's own people are shown the days of
// their settings only.
type Day struct {
	ChildID   int64
	SettingID int64
	Day       calendar.Date
	HalfTerm  HalfTerm
	AM, PM    mark.Code // empty: no mark
	AMFrom    int       // the delivery; 0: none
	PMFrom    int
}

// Code is the day's mark in a session.
func (d Day) Code(session mark.Session) mark.Code {
	if session == mark.AM {
		return d.AM
	}
	return d.PM
}

const daySQL = `select child_id, setting_id, day, half_term, coalesce(am, '') as am, coalesce(pm, '') as pm, coalesce(am_from, 0) as am_from, coalesce(pm_from, 0) as pm_from from attendance_day `

// QueueDays queues a child's days from one day to another, both included, in order.
func QueueDays(batch *postgres.Batch, into *[]Day, childID int64, from, to calendar.Date) {
	postgres.Many(batch, into, daySQL+`where child_id = @child and day between @from and @to order by day, setting_id`,
		postgres.Args{"child": childID, "from": from, "to": to})
}

// QueueSettingDays queues the days, at one setting, of the children who are or were on roll there in
// those days: for a school's page of a week.
func QueueSettingDays(batch *postgres.Batch, into *[]Day, settingID int64, from, to calendar.Date) {
	postgres.Many(batch, into, daySQL+`where setting_id = @setting and day between @from and @to
			and child_id = any(array(select r.child_id from roll r where r.setting_id = @setting and r.period && daterange(@from, @to, '[]')))
		order by child_id, day`, postgres.Args{"setting": settingID, "from": from, "to": to})
}

// Delivered is a delivery as it is told of: whose and when.
type Delivered struct {
	ID     int
	Source Source
	Label  string
	By     string
	At     time.Time
	Marks  int

	TakenBackAt  *time.Time // nil: it stands
	TakenBackBy  string
	TakenBackWhy string
}

const deliveredSQL = `select f.id, f.kind as source, f.label, a.name as by, f.delivered_at as at, f.marks, f.taken_back_at, coalesce(b.name, '') as taken_back_by, f.taken_back_why
	from attendance_delivery f join account a on a.id = f.delivered_by left join account b on b.id = f.taken_back_by `

// QueueDeliveries queues the deliveries that a child's days from one day to another stand on or once stood
// on, latest first.
func QueueDeliveries(batch *postgres.Batch, into *[]Delivered, childID int64, from, to calendar.Date) {
	postgres.Many(batch, into, deliveredSQL+`where f.id in (
			select unnest(array[am_from, pm_from]) from attendance_day where child_id = @child and day between @from and @to
			union select unnest(array[was_from, became_from]) from attendance_correction where child_id = @child and day between @from and @to)
		order by f.delivered_at desc, f.id desc`, postgres.Args{"child": childID, "from": from, "to": to})
}

// Correction is what a mark was before another delivery put it right, or before its own was taken back.
type Correction struct {
	SettingID  int64
	Day        calendar.Date
	Session    mark.Session
	Was        mark.Code
	WasFrom    int
	Became     mark.Code // empty: nothing stood any more
	BecameFrom int       // the delivery; 0: none
	TakenBack  bool      // the delivery it was from was taken back
}

// QueueCorrections queues the corrections of a child's days from one day to another, latest day first and
// within it the latest correction first.
func QueueCorrections(batch *postgres.Batch, into *[]Correction, childID int64, from, to calendar.Date) {
	postgres.Many(batch, into, `select setting_id, day, session, was, was_from, coalesce(became, '') as became, coalesce(became_from, 0) as became_from, taken_back
		from attendance_correction where child_id = @child and day between @from and @to and became is distinct from was order by day desc, id desc`, postgres.Args{"child": childID, "from": from, "to": to})
}

// Named is a child in a list, by what they are called.
type Named struct {
	ID            int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
}

// DisplayName is how the child is called on screen.
func (n Named) DisplayName() string {
	return child.DisplayName(n.PreferredName, n.Forename, n.Surname, n.LAChildID)
}

const namedSQL = `c.id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name`

// Today is a child in care at a setting where they are on roll, with the day's marks so far.
type Today struct {
	Named
	SettingID   int64
	School      string
	Kind        string // of the roll: main or dual
	InAuthority *bool  // where the child lives
	AdvisorID   int64  // 0: none
	AM, PM      mark.Code
	AMSource    Source
	PMSource    Source
	HeardAt     *time.Time // the last word of the day; nil: none yet
}

// QueueToday queues the children in care whom the actor may see and the settings where they are on roll
// on a day, by school and name; a school's own people are given their own settings only. Whether the school
// is open is for the calendars to say.
func QueueToday(batch *postgres.Batch, into *[]Today, actor access.Actor, day calendar.Date) {
	own := int64(0)
	if actor.Role == access.School {
		own = actor.ID
	}
	postgres.Many(batch, into, `select `+namedSQL+`,
			r.setting_id, s.name as school, r.kind, p.in_authority,
			coalesce((select min(a.account_id) from allocation a where a.child_id = r.child_id and a.part = 'advisor' and a.period @> @day::date), 0) as advisor_id, coalesce(d.am, '') as am, coalesce(d.pm, '') as pm, coalesce(f.kind, '') as am_source, coalesce(g.kind, '') as pm_source,
			greatest(f.delivered_at, g.delivered_at) as heard_at
		from roll r
		join child c on c.id = r.child_id
		join setting s on s.id = r.setting_id
		join care_period k on k.child_id = r.child_id and k.period @> @day::date
		left join placement p on p.child_id = r.child_id and p.period @> @day::date
		left join attendance_day d on d.child_id = r.child_id and d.day = @day and d.setting_id = r.setting_id
		left join attendance_delivery f on f.id = d.am_from
		left join attendance_delivery g on g.id = d.pm_from
		where r.period @> @day::date
			and (@own::bigint = 0 or r.setting_id in (select a.setting_id from account_setting a where a.account_id = @own and a.period @> @today::date))
		order by s.name, s.id, c.sort_name, c.id`, postgres.Args{"day": day, "own": own})
}

// Unexplained is a session whose reason has not been established: code N.
type Unexplained struct {
	Named
	SettingID int64
	School    string
	Day       calendar.Date
	Session   mark.Session
}

// QueueUnexplained queues the sessions marked N since a day, oldest first. Stale says which are due.
func QueueUnexplained(batch *postgres.Batch, into *[]Unexplained, since calendar.Date) {
	postgres.Many(batch, into, `select `+namedSQL+`,
			d.setting_id, s.name as school, d.day, h.session
		from attendance_day d join child c on c.id = d.child_id join setting s on s.id = d.setting_id
		cross join lateral (values ('AM', d.am), ('PM', d.pm)) h(session, code)
		where (d.am = 'N' or d.pm = 'N') and h.code = 'N' and d.day >= @since
		order by d.day, h.session, s.name, c.sort_name, c.id`, postgres.Args{"since": since})
}

// Clash is a session for which two settings have the child present: one of them is wrong.
type Clash struct {
	Named
	Day       calendar.Date
	Session   mark.Session
	One       string // a school
	OneCode   mark.Code
	Other     string // the other school
	OtherCode mark.Code
}

// QueueClashes queues the clashes since a day, latest first. Staff's imports are refused over them; two
// schools, who do not see each other's marks, can make them.
func QueueClashes(batch *postgres.Batch, into *[]Clash, since calendar.Date) {
	args := tableArgs()
	args["since"] = since
	postgres.Many(batch, into, `with codes as materialized (`+codesSQL+`),
		several as (select distinct a.child_id from roll a join roll b on b.child_id = a.child_id and b.setting_id <> a.setting_id and b.period && a.period),
		present as (select d.child_id, d.day, d.setting_id, h.session, h.code
			from attendance_day d
			cross join lateral (values ('AM', d.am), ('PM', d.pm)) h(session, code)
			join codes k on k.code = h.code and d.day between k.starts and k.ends and k.attended
			where d.child_id in (select child_id from several) and d.day >= @since)
		select `+namedSQL+`, a.day, a.session, s.name as one, a.code as one_code, t.name as other, b.code as other_code
		from present a join present b on b.child_id = a.child_id and b.day = a.day and b.session = a.session and b.setting_id > a.setting_id
		join child c on c.id = a.child_id join setting s on s.id = a.setting_id join setting t on t.id = b.setting_id
		order by a.day desc, a.session, c.sort_name, c.id`, args)
}
