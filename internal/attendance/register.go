package attendance

import (
	"virtualschool/internal/access"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Pupil is a child in care on a setting's roll.
type Pupil struct {
	Named
	SettingID int64
	School    string
	Telephone string
	Starts    calendar.Date
	Ends      calendar.Date // the first day no longer there; zero: still on roll
}

// On says whether the child is on roll there on a day.
func (p Pupil) On(day calendar.Date) bool {
	return calendar.Range{Start: p.Starts, End: p.Ends}.Contains(day)
}

// QueuePupils queues the children in care whom the actor may see and who are on roll in some of the days from
// one to another, by school and name: at one setting, or at any when settingID is 0. A school's own people are
// given those of the settings that are theirs.
func QueuePupils(batch *postgres.Batch, into *[]Pupil, actor access.Actor, settingID int64, from, to calendar.Date) {
	own := int64(0)
	if actor.Role == access.School {
		own = actor.ID
	}
	postgres.Many(batch, into, `select `+namedSQL+`, r.setting_id, s.name as school, coalesce(s.telephone, '') as telephone, lower(r.period) as starts, upper(r.period) as ends
		from roll r join child c on c.id = r.child_id join setting s on s.id = r.setting_id
		where r.period && daterange(@from, @to, '[]') and (@setting::bigint = 0 or r.setting_id = @setting)
			and (@own::bigint = 0 or r.setting_id in (select a.setting_id from account_setting a where a.account_id = @own and a.period @> @today::date))
			and exists (select from care_period k where k.child_id = r.child_id and k.period && daterange(@from, @to, '[]'))
		order by s.name, s.id, c.sort_name, c.id`, postgres.Args{"setting": settingID, "own": own, "from": from, "to": to})
}

// QueueDaysBetween queues every day that the actor may see, from one day to another, both included.
func QueueDaysBetween(batch *postgres.Batch, into *[]Day, from, to calendar.Date) {
	postgres.Many(batch, into, daySQL+`where day between @from and @to`, postgres.Args{"from": from, "to": to})
}

// Gap is a session whose mark has not come, at a school that was open (R24).
type Gap struct {
	Pupil   Pupil
	Day     calendar.Date
	Session mark.Session
}

// Gaps are the sessions without a mark from one day to another, both included, in the order of the pupils.
func Gaps(pupils []Pupil, days []Day, expected Expectation, from, to calendar.Date) []Gap {
	type key struct {
		place
		day calendar.Date
	}
	marked := make(map[key]Day, len(days))
	for _, d := range days {
		marked[key{place{d.ChildID, d.SettingID}, d.Day}] = d
	}
	var gaps []Gap
	for _, p := range pupils {
		for day := from; !day.After(to); day = day.AddDays(1) {
			if !p.On(day) || !expected.Open(p.SettingID, day) {
				continue
			}
			for _, session := range mark.Sessions {
				if marked[key{place{p.ID, p.SettingID}, day}].Code(session) == "" {
					gaps = append(gaps, Gap{p, day, session})
				}
			}
		}
	}
	return gaps
}
