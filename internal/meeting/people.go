package meeting

import (
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// Person is somebody around a child today, with an account.
type Person struct {
	AccountID int64
	Name      string
	Role      access.Role
	Lead      bool // the designated teacher of the child's main school
	SentOn    calendar.Date
}

// Part is the person's part in a meeting.
func (p Person) Part() string {
	switch p.Role {
	case access.SocialWorker:
		return "social_worker"
	case access.ReviewingOfficer:
		return "reviewing_officer"
	case access.School:
		if p.Lead {
			return "designated_teacher"
		}
		return "other"
	}
	return "advisor"
}

// peopleSQL are those who work with a child today, by the rules of enter() in migration 000003, with
// the day on which what was agreed as it now stands was sent to them.
const peopleSQL = `with related as (
		select a.account_id, false as lead from allocation a join account w on w.id = a.account_id
		where a.child_id = @child and a.period @> @today::date and (a.part = w.role or a.part = 'cover' and w.role in ('advisor', 'support_advisor'))
		union
		select s.account_id, s.post = 'designated_teacher' and r.kind = 'main' from roll r
		join account_setting s on s.setting_id = r.setting_id and s.period @> @today::date
		join account w on w.id = s.account_id and w.role = 'school'
		where r.child_id = @child and r.period @> @today::date
			and exists (select from care_period c where c.child_id = r.child_id and c.period @> @today::date))
	select w.id as account_id, w.name, w.role, bool_or(r.lead) as lead,
		(select (max(l.sent_at) at time zone 'Europe/London')::date from meeting_letter l
			where l.pep_id = @pep and l.account_id = w.id and l.agreed = ` + agreedSQL + `) as sent_on
	from related r join account w on w.id = r.account_id and w.state = 'active'
	where not exists (select from child_block b where b.child_id = @child and b.account_id = w.id and b.period @> @today::date)
		and (not exists (select from restriction x where x.child_id = @child and x.period @> @today::date)
			or exists (select from restriction_named n where n.child_id = @child and n.account_id = w.id and n.period @> @today::date))
	group by w.id order by w.name, w.id`

// agreedSQL counts every save of the parts that were agreed: what was sent before the last is not
// what is agreed now.
const agreedSQL = `(select coalesce(sum(x.version), 0)::int from pep_section x
	where x.pep_id = @pep and x.section in ('voice', 'meeting', 'reviews', 'targets', 'actions'))`

// QueuePeople queues who works with a child today and has an account.
func QueuePeople(batch *postgres.Batch, into *[]Person, ref pep.Ref) {
	postgres.Many(batch, into, peopleSQL, postgres.Args{"child": ref.ChildID, "pep": ref.PEPID})
}

// QueueLastAttendees queues who was at, or was excused from, the meeting of the plan before.
func QueueLastAttendees(batch *postgres.Batch, into *[]pep.Attendee, ref pep.Ref) {
	postgres.Many(batch, into, `select x.name, x.part, x.present from pep p
		cross join lateral (select q.id from pep q where q.child_id = p.child_id and q.id <> p.id and q.started_at <= p.started_at
			and q.state in ('signed_off', 'superseded') order by q.meeting_on desc, q.id desc limit 1) l
		join pep_attendee x on x.pep_id = l.id
		where p.id = @pep and p.child_id = @child order by x.position`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}

// order is that in which people are suggested: the child first.
var order = []string{"young_person", "carer", "parent", "social_worker", "designated_teacher", "advisor", "reviewing_officer", "other"}

// Suggest is who is likely to be at the meeting: the child, those who work with the child, and those
// who were there last time. Somebody of last time whose part has another person today is left out.
func Suggest(child string, people []Person, last []pep.Attendee) []pep.Attendee {
	list := []pep.Attendee{{Name: child, Part: "young_person"}}
	taken := map[string]bool{}
	for _, person := range people {
		if person.Role == access.School && !person.Lead || person.Role == access.SupportAdvisor {
			continue
		}
		list = append(list, pep.Attendee{Name: person.Name, Part: person.Part()})
		taken[person.Part()] = true
	}
	for _, attendee := range last {
		known := slices.ContainsFunc(list, func(a pep.Attendee) bool { return strings.EqualFold(a.Name, attendee.Name) })
		if !known && !taken[attendee.Part] && attendee.Part != "young_person" {
			list = append(list, pep.Attendee{Name: attendee.Name, Part: attendee.Part})
		}
	}
	slices.SortStableFunc(list, func(a, b pep.Attendee) int { return slices.Index(order, a.Part) - slices.Index(order, b.Part) })
	return list[:min(len(list), pep.MostAttended)]
}

// WasNamed says whether a person is among those of the meeting.
func WasNamed(person Person, attendees []pep.Attendee) bool {
	return slices.ContainsFunc(attendees, func(a pep.Attendee) bool { return strings.EqualFold(strings.TrimSpace(a.Name), person.Name) })
}
