package attendance

import (
	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// ChildStay is a time a child is on a school's roll, as the child's page names it.
type ChildStay struct {
	Stay
	School string
	Kind   string // main or dual
}

// ChildRows are what a child's page of an academic year is made from; rows are read once the batch has run.
type ChildRows struct {
	Days      []Day
	Stays     []ChildStay
	Records   []Record // of the year and the one before, latest half term first
	calendars setting.Calendars
	about     struct {
		InCareSince calendar.Date
		Years       []int
	}
}

// InCareSince is the first day of the care that goes on; zero: not in care.
func (r ChildRows) InCareSince() calendar.Date { return r.about.InCareSince }

// Years are the academic years with figures, the latest first.
func (r ChildRows) Years() []int { return r.about.Years }

// Child is the rows as figures are made from them.
func (r ChildRows) Child(today calendar.Date) Child {
	c := Child{Days: r.Days, Expectation: NewExpectation(r.calendars.BySetting()), Today: today}
	for _, s := range r.Stays {
		c.Stays = append(c.Stays, s.Stay)
	}
	return c
}

// School is the name of a setting where the child was on roll.
func (r ChildRows) School(settingID int64) string {
	for _, s := range r.Stays {
		if s.SettingID == settingID {
			return s.School
		}
	}
	return ""
}

// QueueChild queues what a child's page of an academic year needs: the marks of that year and the one before and,
// when the year is this one, of all the care that goes on. A school's own people are given their own settings'
// rolls only, because they see no other school's marks.
func QueueChild(batch *postgres.Batch, into *ChildRows, actor access.Actor, childID int64, academicYear int, today calendar.Date) {
	year := calendar.AcademicYearRange(academicYear)
	own := int64(0)
	if actor.Role == access.School {
		own = actor.ID
	}
	args := postgres.Args{"child": childID, "from": calendar.AcademicYearRange(academicYear - 1).Start, "to": year.LastDay(), "own": own, "all": year.Contains(today)}
	const since = `select lower(period) from care_period where child_id = @child and period @> @today::date`
	const ofStays = `from roll r where r.child_id = @child
		and (@own::bigint = 0 or r.setting_id in (select a.setting_id from account_setting a where a.account_id = @own and a.period @> @today::date))`
	postgres.One(batch, &into.about, `select (`+since+`) as in_care_since,
		array(select distinct academic_year from attendance_half_term where child_id = @child order by academic_year desc)::int[] as years`, args)
	postgres.Many(batch, &into.Days, daySQL+`where child_id = @child and day <= @to
			and day >= case when @all then least(@from, coalesce((`+since+`), @from)) else @from::date end order by day, setting_id`, args)
	postgres.Many(batch, &into.Stays, `select r.child_id, r.setting_id, lower(r.period) as starts, upper(r.period) as ends, r.kind,
			(select s.name from setting s where s.id = r.setting_id) as school `+ofStays+` order by lower(r.period), r.kind desc`, args)
	setting.QueueCalendarsOf(batch, &into.calendars, `select r.setting_id `+ofStays, postgres.Args{"child": childID, "own": own})
	QueueRecords(batch, &into.Records, childID, academicYear)
}
