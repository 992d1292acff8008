package pep

import (
	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

// Writer is somebody whose part in a plan is known by name.
type Writer struct {
	Role access.Role
	Name string
}

// QueueWriters queues who writes a plan's parts today: the designated teacher of the school where the
// child was on roll when it began, the social worker and the advisors.
func QueueWriters(batch *postgres.Batch, into *[]Writer, ref Ref) {
	postgres.Many(batch, into, `select 'school' as role, a.name from pep p
			join account_setting m on m.setting_id = p.setting_id and m.post = 'designated_teacher' and m.period @> @today::date
			join account a on a.id = m.account_id and a.state = 'active'
			where p.id = @pep and p.child_id = @child
		union all select l.part, a.name from allocation l join account a on a.id = l.account_id
			where l.child_id = @child and l.period @> @today::date and l.part in ('social_worker', 'advisor', 'support_advisor')
		order by role, name`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}
