package attendance

import (
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// QueueNames queues what the children are called who have figures in an academic year or were on roll in it.
func QueueNames(batch *postgres.Batch, into *[]Named, academicYear int) {
	year := calendar.AcademicYearRange(academicYear)
	postgres.Many(batch, into, `select `+namedSQL+` from child c
		where exists (select from attendance_half_term h where h.child_id = c.id and h.academic_year = @year)
			or exists (select from roll r where r.child_id = c.id and r.period && daterange(@from, @to))`,
		postgres.Args{"year": academicYear, "from": year.Start, "to": year.End})
}

// Taken is a day as it leaves in a file.
type Taken struct {
	ChildID   int64
	LAChildID string
	URN       int // 0: a setting without one
	Day       calendar.Date
	AM, PM    mark.Code
}

// QueueTaken queues the marks from one day to another, both included, as a file takes them away: by child,
// day and school.
func QueueTaken(batch *postgres.Batch, into *[]Taken, from, to calendar.Date) {
	postgres.Many(batch, into, `select d.child_id, c.la_child_id, coalesce(s.urn, 0) as urn, d.day, coalesce(d.am, '') as am, coalesce(d.pm, '') as pm
		from attendance_day d join child c on c.id = d.child_id join setting s on s.id = d.setting_id
		where d.day between @from and @to order by c.la_child_id, d.child_id, d.day, d.setting_id`, postgres.Args{"from": from, "to": to})
}

// Half is one marked session of a day.
type Half struct {
	Session mark.Session
	Code    mark.Code
}

// Halves are the day's sessions that have a mark.
func (t Taken) Halves() []Half {
	var halves []Half
	for _, one := range []Half{{mark.AM, t.AM}, {mark.PM, t.PM}} {
		if one.Code != "" {
			halves = append(halves, one)
		}
	}
	return halves
}
