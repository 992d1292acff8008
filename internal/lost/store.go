package lost

import (
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/hours"
	"virtualschool/internal/postgres"
	"virtualschool/internal/schoolplace"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
)

// Row is what a child's lost sessions are counted from, as the query gives it, with whose it is. The parts
// give their fields in the query's order.
type Row struct {
	ChildID       int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	DateOfBirth   calendar.Date
	YearOffset    int
	School        string // the main roll today; empty: no school place
	SchoolID      int64
	Advisor       string
	Care          []stay
	Rolls         []roll
	Events        []event
	Reduced       []reduced
	Reviews       []review
	Provided      []provided
	Checks        []check
	Days          []day
}

type (
	stay struct{ Start, End calendar.Date }
	roll struct {
		SettingID  int64
		Main       bool
		Start, End calendar.Date
	}
	event struct {
		Kind      suspension.Kind
		SettingID int64
		StartsOn  calendar.Date
		Afternoon bool
		Sessions  int
		State     suspension.State
		EndedOn   calendar.Date
		Served    int
		Taught    calendar.Date
	}
	reduced struct {
		ID              int64
		StartsOn, EndOn calendar.Date
		Hours, Full     int
	}
	review struct {
		TimetableID int64
		HeldOn      calendar.Date
		Was, Hours  int
	}
	provided struct {
		ID              int64
		StartsOn, EndOn calendar.Date
		Hours           int
	}
	check struct {
		ProvisionID int64
		On          calendar.Date
		Weak        bool
	}
	day struct {
		Day    calendar.Date
		AM, PM string
	}
)

// Child is how the child is called on screen.
func (r Row) Child() string {
	return child.DisplayName(r.PreferredName, r.Forename, r.Surname, r.LAChildID)
}

const rowSQL = `select c.id as child_id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name,
		c.date_of_birth, c.year_offset, coalesce(s.name, '') as school, coalesce(s.id, 0) as school_id, coalesce(v.name, '') as advisor,
		(select array_agg((lower(p.period), upper(p.period)) order by p.period) from care_period p where p.child_id = c.id) as care,
		(select array_agg((r.setting_id, r.kind = 'main', lower(r.period), upper(r.period)) order by r.period) from roll r where r.child_id = c.id) as rolls,
		(select array_agg((e.kind, e.setting_id, e.starts_on, e.afternoon, e.sessions, e.state, e.ended_on, coalesce(e.served, 0),
				(select min(t.starts_on) from suspension_education t where t.suspension_id = e.id and t.full_time)) order by e.starts_on)
			from suspension e where e.child_id = c.id and e.starts_on between @from::date - 90 and @to and e.kind <> 'lunchtime') as events,
		(select array_agg((t.id, t.starts_on, t.ended_on, t.hours, t.full_hours) order by t.starts_on)
			from reduced_timetable t where t.child_id = c.id and t.starts_on <= @to and (t.ended_on is null or t.ended_on > @from)) as reduced,
		(select array_agg((t.timetable_id, t.held_on, t.was_hours, t.hours) order by t.held_on) from reduced_timetable_review t where t.child_id = c.id) as reviews,
		(select array_agg((o.id, o.starts_on, o.ended_on, o.hours) order by o.starts_on)
			from provision o where o.child_id = c.id and o.starts_on <= @to and (o.ended_on is null or o.ended_on > @from)) as provided,
		(select array_agg((k.provision_id, k.checked_on, k.finding = 'weak' or not k.safe) order by k.checked_on) from provision_check k where k.child_id = c.id) as checks,
		(select array_agg((d.day, coalesce(d.am, ''), coalesce(d.pm, '')) order by d.day) from attendance_day d where d.child_id = c.id and d.day between @from and @to) as days
	from child c
	left join roll m on m.child_id = c.id and m.kind = 'main' and m.period @> @today::date
	left join setting s on s.id = m.setting_id
	left join allocation l on l.child_id = c.id and l.part = 'advisor' and l.period @> @today::date
	left join account v on v.id = l.account_id
	where (@child::bigint = 0 or c.id = @child) and ` + postgres.PlaceTold + `
		and (@child::bigint <> 0 or exists (select from care_period p where p.child_id = c.id and p.period @> @today::date))
	order by c.sort_name, c.id`

// Facts are what lost sessions are counted from once their batch has run.
type Facts struct {
	Rows      []Row
	calendars setting.Calendars
}

// Queue queues the facts of a child, or when childID is 0 of every child in care whom the actor may see,
// from one day to another, both included. Two statements. Whoever shows them writes the looks.
func Queue(batch *postgres.Batch, into *Facts, childID int64, from, to calendar.Date) {
	postgres.Many(batch, &into.Rows, rowSQL, postgres.Args{"child": childID, "from": from, "to": to})
	setting.QueueCalendarsOf(batch, &into.calendars, `select setting_id from roll where @child::bigint = 0 or child_id = @child`, postgres.Args{"child": childID})
}

// Counter counts for many children with calendars read once.
type Counter struct {
	council calendar.SchoolDays
	schools map[int64]calendar.SchoolDays
}

// Counter reads the calendars; the council's own holds for a child without a school.
func (f Facts) Counter(council setting.Calendar) Counter {
	c := Counter{council: council.SchoolDays(), schools: map[int64]calendar.SchoolDays{}}
	for id, days := range f.calendars.BySetting() {
		c.schools[id] = days.SchoolDays()
	}
	return c
}

// Count is the sessions a child lost from one day to another, both included, while in care.
func (c Counter) Count(row Row, from, to calendar.Date) []Session {
	person := schoolplace.Person{DateOfBirth: row.DateOfBirth, YearOffset: row.YearOffset}
	for _, one := range row.Care {
		person.Care = append(person.Care, calendar.Range(one))
	}
	for _, one := range row.Rolls {
		if one.Main {
			person.Rolls = append(person.Rolls, calendar.Range{Start: one.Start, End: one.End})
		}
	}
	record := Record{Marks: row.marks(), Gaps: owed(person), Out: row.out(), Timetables: row.timetables(), Provisions: row.provisions()}
	record.Open = func(day calendar.Date) bool {
		if !inAny(person.Care, day) {
			return false
		}
		for _, one := range row.Rolls {
			if one.Main && (calendar.Range{Start: one.Start, End: one.End}).Contains(day) {
				if school, known := c.schools[one.SettingID]; known && school.Covers(day) {
					return school.IsSchoolDay(day)
				}
			}
		}
		return c.council.IsSchoolDay(day)
	}
	return Count(record, from, to)
}

// owed are the times without a place in which education was owed: of compulsory school age.
func owed(p schoolplace.Person) []calendar.Range {
	compulsory := calendar.CompulsorySchoolAge(p.DateOfBirth)
	var gaps []calendar.Range
	for _, gap := range schoolplace.Gaps(p) {
		if gap.Overlaps(compulsory) {
			gaps = append(gaps, gap.Overlap(compulsory))
		}
	}
	return gaps
}

func inAny(ranges []calendar.Range, day calendar.Date) bool {
	for _, one := range ranges {
		if one.Contains(day) {
			return true
		}
	}
	return false
}

// marks are the register's, of two schools' that of the one which has the child, or which says most.
func (r Row) marks() map[Slot]mark.Code {
	marks := make(map[Slot]mark.Code, 2*len(r.Days))
	for _, day := range r.Days {
		for session, code := range map[mark.Session]string{mark.AM: day.AM, mark.PM: day.PM} {
			at := Slot{day.Day, session}
			if rank(mark.Code(code), at) > rank(marks[at], at) {
				marks[at] = mark.Code(code)
			}
		}
	}
	return marks
}

// rank is how much a mark says of where the child was: a school that has the child says most, one that
// expects the child at the other school says least.
func rank(code mark.Code, at Slot) int {
	class, known := mark.National.Class(code, at.Day, at.Session)
	switch {
	case code == "":
		return 0
	case !known || class == mark.Administrative || class == mark.NotPossible:
		return 1
	case class == mark.Present:
		return 4
	case class == mark.Elsewhere:
		return 3
	}
	return 2
}

// out is the times out of school. An exclusion lasts until it is set aside or the child leaves the roll.
func (r Row) out() []Out {
	var all []Out
	for _, e := range r.Events {
		one := Out{From: e.StartsOn, Afternoon: e.Afternoon, Sessions: e.Sessions, Taught: e.Taught}
		ended := e.State != suspension.Stands
		switch {
		case ended && e.Served == 0:
			continue
		case ended:
			one.Sessions = e.Served
		case e.Kind == suspension.Exclusion:
			one.Sessions = 0
			for _, roll := range r.Rolls {
				if roll.SettingID == e.SettingID && (calendar.Range{Start: roll.Start, End: roll.End}).Contains(e.StartsOn) {
					one.Until = roll.End
				}
			}
		}
		all = append(all, one)
	}
	return all
}

// timetables are the reduced ones, cut where a review changed their hours.
func (r Row) timetables() []Timetable {
	var all []Timetable
	for _, t := range r.Reduced {
		part := Timetable{Range: calendar.Range{Start: t.StartsOn, End: t.EndOn}, Hours: hours.Weekly(t.Hours), Full: hours.Weekly(t.Full)}
		for _, held := range r.Reviews {
			if held.TimetableID != t.ID {
				continue
			}
			before := part
			before.End, before.Hours = held.HeldOn, hours.Weekly(held.Was)
			all = append(all, before)
			part.Start, part.Hours = held.HeldOn, hours.Weekly(held.Hours)
		}
		if !part.IsEmpty() {
			all = append(all, part)
		}
	}
	return all
}

// provisions are cut where a check found something else than the one before.
func (r Row) provisions() []Provision {
	var all []Provision
	for _, p := range r.Provided {
		part := Provision{Range: calendar.Range{Start: p.StartsOn, End: p.EndOn}, Hours: hours.Weekly(p.Hours)}
		for _, k := range r.Checks {
			if k.ProvisionID != p.ID {
				continue
			}
			if k.On.After(part.Start) && (part.Open() || k.On.Before(part.End)) {
				before := part
				before.End = k.On
				all = append(all, before)
				part.Start = k.On
			}
			part.Weak = k.Weak
		}
		all = append(all, part)
	}
	return all
}
