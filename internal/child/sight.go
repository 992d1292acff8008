package child

import (
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Restricted is how a record is restricted today.
type Restricted struct {
	Reason string
	Words  string
	Since  calendar.Date
	SetBy  string // empty: the program, on adoption
}

// Named is a person named on a restricted record.
type Named struct {
	AccountID int64
	Name      string
	Role      access.Role
	Since     calendar.Date
	Until     calendar.Date // the last day; zero: no end
	SeesPlace bool
	Why       string
	NamedBy   string
}

// Place is what is kept of where a child is, in words.
type Place struct {
	ID    int64
	Kind  string
	Words string
	SetBy string
	SetAt time.Time
}

// QueueRestricted queues how a record is restricted today; nil when it is not.
func QueueRestricted(batch *postgres.Batch, into **Restricted, childID int64) {
	postgres.Maybe(batch, into, `select r.reason, r.words, lower(r.period) as since, coalesce(p.name, '') as set_by
		from restriction r left join account p on p.id = r.set_by where r.child_id = @child and r.period @> @today::date`, postgres.Args{"child": childID})
}

// QueueNamed queues who is named on a child's restriction today.
func QueueNamed(batch *postgres.Batch, into *[]Named, childID int64) {
	postgres.Many(batch, into, `select n.account_id, p.name, p.role, lower(n.period) as since, upper(n.period) - 1 as until, n.sees_place, n.why, coalesce(b.name, '') as named_by
		from restriction_named n join account p on p.id = n.account_id left join account b on b.id = n.named_by
		where n.child_id = @child and n.period @> @today::date
			and exists (select from restriction r where r.child_id = n.child_id and r.period @> @today::date) order by p.name, p.id`, postgres.Args{"child": childID})
}

// QueuePlaces queues what is kept of where the child is: nothing, for who is not told.
func QueuePlaces(batch *postgres.Batch, into *[]Place, childID int64) {
	postgres.Many(batch, into, `select t.id, t.kind, t.words, p.name as set_by, t.set_at from protected_place t join account p on p.id = t.set_by
		where t.child_id = @child and t.ended_at is null order by t.id`, postgres.Args{"child": childID})
}

// QueueNameable queues who may be named on a child's record.
func QueueNameable(batch *postgres.Batch, into *[]Choice, childID int64) {
	postgres.Many(batch, into, `select a.id, a.name from (select id as person, id, name, state from account) a where a.state = 'active' and `+mayBeNamed+` order by a.name, a.id limit 500`,
		postgres.Args{"child": childID})
}

// Sight is one person who can see a record now, and by what.
type Sight struct {
	AccountID int64
	Name      string
	Role      access.Role
	By        string        // whole_cohort, a part of an allocation, school, invitation, break_glass
	Until     calendar.Date // the last day, where the relation has one
	Placeless bool          // named, but not told where the child is
}

// SightName says in words what lets somebody see a record.
func SightName(by string) string {
	switch by {
	case "whole_cohort":
		return "Sees every child by their post"
	case "school":
		return "The child is on roll at their school"
	case "invitation":
		return "Invited to one section of the plan"
	case "break_glass":
		return "Broke the glass"
	}
	return PartName(by)
}

// QueueSight queues who can see a record now: what enter() (migration 000051) lets through, told from the
// child's side. Somebody related in two ways is there twice.
func QueueSight(batch *postgres.Batch, into *[]Sight, childID int64) {
	postgres.Many(batch, into, `with relation as (
			select id as account_id, 'whole_cohort' as by, null::date as until, 1 as rank from account where role in ('head', 'deputy', 'lead_advisor', 'data_officer')
			union all select a.account_id, a.part, upper(a.period) - 1, 2 from allocation a join account p on p.id = a.account_id
				where a.child_id = @child and a.period @> @today::date and a.part = any (case p.role
					when 'advisor' then array['advisor', 'cover'] when 'support_advisor' then array['support_advisor', 'cover'] else array[p.role] end)
			union all select t.account_id, 'school', least(upper(t.period), upper(r.period)) - 1, 3
				from roll r join account_setting t on t.setting_id = r.setting_id and t.period @> @today::date join account p on p.id = t.account_id and p.role = 'school'
				where r.child_id = @child and r.period @> @today::date and exists (select from care_period c where c.child_id = @child and c.period @> @today::date)
			union all select i.account_id, 'invitation', i.until, 4 from pep_invitation i join pep p on p.id = i.pep_id and p.state in ('draft', 'returned')
				where i.child_id = @child and i.ended_at is null and i.until >= @today
					and (i.setting_id is null or exists (select from roll r where r.child_id = @child and r.setting_id = i.setting_id and r.period @> @today::date))
			union all select g.account_id, 'break_glass', null, 0 from break_glass g join break_glass_child c on c.break_glass_id = g.id
				where c.child_id = @child and g.asked_at <= @now and g.until > @now
		), restricted as (select exists (select from restriction where child_id = @child and period @> @today::date) as now)
		select x.account_id, p.name, p.role, x.by, x.until, restricted.now and n.id is not null and not n.sees_place and x.by <> 'break_glass' as placeless
		from relation x join account p on p.id = x.account_id and p.state = 'active' cross join restricted
		left join restriction_named n on n.child_id = @child and n.account_id = x.account_id and n.period @> @today::date
		where (not restricted.now or n.id is not null or x.by = 'break_glass')
			and not exists (select from child_block b where b.child_id = @child and b.account_id = x.account_id and b.period @> @today::date)
		group by x.rank, p.name, p.role, x.account_id, x.by, x.until, restricted.now, n.id, n.sees_place
		order by x.rank, p.name, x.account_id`, postgres.Args{"child": childID})
}
