package pep

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// PlannedMeeting is a meeting that is still to come, for calendars. It names nobody.
type PlannedMeeting struct {
	PEPID, ChildID int64
	On             calendar.Date
	Next           bool // agreed at the plan's own meeting, for the plan after it
	Version        int  // of the part in which the day is written: higher each time it changed
}

// QueuePlannedMeetings queues the meetings from today on, of the children in care with whom the actor
// works: those of plans being written, and the next one agreed where no plan has been started for it.
func QueuePlannedMeetings(batch *postgres.Batch, into *[]PlannedMeeting) {
	postgres.Many(batch, into, `select p.id as pep_id, p.child_id, p.meeting_on as "on", false as next, coalesce(x.version, 1) as version
		from pep p join child c on c.id = p.child_id
		join care_period cp on cp.child_id = p.child_id and cp.period @> @today::date
		left join pep_section x on x.pep_id = p.id and x.section = 'meeting'
		where p.state in ('draft', 'returned') and not p.meeting_held and p.meeting_on >= @today::date
		union all
		select p.id, p.child_id, p.next_meeting_on, true, coalesce(x.version, 1)
		from (select distinct on (q.child_id) q.id, q.child_id, q.next_meeting_on from pep q
			where q.meeting_held and q.state <> 'cancelled' order by q.child_id, q.meeting_on desc, q.id desc) p
		join child c on c.id = p.child_id
		join care_period cp on cp.child_id = p.child_id and cp.period @> @today::date
		left join pep_section x on x.pep_id = p.id and x.section = 'meeting'
		where p.next_meeting_on >= @today::date
			and not exists (select from pep o where o.child_id = p.child_id and o.id <> p.id and o.state in ('draft', 'returned') and not o.meeting_held)
		order by 3, 1`, nil)
}
