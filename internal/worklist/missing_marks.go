package worklist

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// unmarked is a day of last week on which marks of children in care have not come from a school.
type unmarked struct {
	SettingID int64
	School    string
	Day       calendar.Date
	Missing   int // sessions
}

// askWithin is how many days after the week's end the Virtual School asks.
const askWithin = 2

// Only schools whose marks have ever come are waited for. A school's own people answer for their school alone:
// they have a setting, others have none.
const unmarkedSQL = `select r.setting_id, s.name as school, d.day, (2 * count(*) - count(a.am) - count(a.pm))::int as missing
	from (select date_trunc('week', @today::date)::date - 7 + n as day from generate_series(0, 4) n) d
	join roll r on r.period @> d.day
	join care_period k on k.child_id = r.child_id and k.period @> d.day
	join setting s on s.id = r.setting_id
	left join attendance_day a on a.child_id = r.child_id and a.day = d.day and a.setting_id = r.setting_id
	where exists (select from attendance_half_term h where h.setting_id = r.setting_id and h.from_marks)
		and (r.setting_id = any (array(select o.setting_id from account_setting o where o.account_id = nullif(current_setting('app.actor', true), '')::bigint and o.period @> @today::date))
			or not exists (select from account_setting o where o.account_id = nullif(current_setting('app.actor', true), '')::bigint))
	group by r.setting_id, s.name, d.day
	having 2 * count(*) > count(a.am) + count(a.pm)
	order by s.name, r.setting_id, d.day`

// queueUnmarked queues what has not come of last week, with the calendars that say when schools were open.
func queueUnmarked(batch *postgres.Batch, into *Facts) {
	postgres.Many(batch, &into.unmarked, unmarkedSQL, nil)
	setting.QueueAllCalendars(batch, &into.calendars)
}

// missingMarks asks schools for the marks of last week that have not come, and the Virtual School to ring
// those that leave it at that. What is missing is chased and never counted as absence (R24).
func (j *judge) missingMarks(facts Facts) {
	expected := attendance.NewExpectation(facts.calendars.BySetting())
	monday := j.Today.Monday()
	week := monday.AddDays(-7)
	const because = "A session without a mark is not known: it is chased and never counted as absence (R24)."
	missing := map[int64]int{}
	var schools []unmarked
	sessions := 0
	for _, one := range facts.unmarked {
		if !expected.Open(one.SettingID, one.Day) {
			continue
		}
		if missing[one.SettingID] == 0 {
			schools = append(schools, one)
		}
		missing[one.SettingID] += one.Missing
		sessions += one.Missing
	}
	for _, one := range schools {
		j.add(Duty{Rule: "R24", Kind: MissingMarks, School: one.School, What: "Fill in last week’s attendance marks", Due: monday,
			Why: "Without a mark: " + count(missing[one.SettingID], "session"), Words: "due " + j.day(monday) + ": when the week is over",
			Href: fmt.Sprintf("/attendance/register?setting=%d&week=%s", one.SettingID, week), Because: because, Owner: access.School, owners: []access.Role{access.School}})
	}
	if len(schools) > 0 {
		due := monday.AddDays(askWithin)
		j.add(Duty{Rule: "R24", Kind: MissingMarks, What: "Ask schools for last week’s attendance marks", Due: due,
			Why:   fmt.Sprintf("Without a mark: %s at %s", count(sessions, "session"), count(len(schools), "school")),
			Words: "due " + j.day(due) + ": two days after the schools were to send them", Href: "/attendance/calls", Because: because,
			Owner: access.Advisor, owners: []access.Role{access.Advisor, access.SupportAdvisor}})
	}
}
