package provision

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
)

// Provision is alternative provision as it is kept, with its last check.
type Provision struct {
	Entry
	ID         int64
	ChildID    int64
	CheckedOn  calendar.Date // zero: never
	CheckedBy  string
	Safe       bool
	Finding    Finding
	RecordedBy string
	RecordedAt time.Time
	Version    int
}

const columns = `p.id, p.child_id, p.place, p.registration, p.arranged_by, p.purpose, p.starts_on, p.planned_end, p.ended_on, p.hours,
	k.checked_on, coalesce(k.checked_by, '') as checked_by, coalesce(k.safe, false) as safe, coalesce(k.finding, '') as finding,
	a.name as recorded_by, p.recorded_at, p.version`

const tables = ` from provision p join account a on a.id = p.recorded_by
	left join lateral (select * from provision_check k where k.provision_id = p.id order by k.checked_on desc limit 1) k on true `

// QueueOf queues a child's provision, the latest first.
func QueueOf(batch *postgres.Batch, into *[]Provision, childID int64) {
	postgres.Many(batch, into, `select `+columns+tables+`where p.child_id = @child order by p.starts_on desc, p.id desc`, postgres.Args{"child": childID})
}

// QueueOne queues one of a child's. One that is not there fails the batch with NotFound.
func QueueOne(batch *postgres.Batch, into *Provision, childID, id int64) {
	postgres.One(batch, into, `select `+columns+tables+`where p.id = @id and p.child_id = @child`, postgres.Args{"id": id, "child": childID})
}

// Checked is a check as it is kept.
type Checked struct {
	Check
	ProvisionID int64
	RecordedBy  string
}

// QueueChecks queues the checks of all of a child's provision, the latest first.
func QueueChecks(batch *postgres.Batch, into *[]Checked, childID int64) {
	postgres.Many(batch, into, `select k.provision_id, k.checked_on, k.checked_by, k.safe, k.finding, k.words, a.name as recorded_by
		from provision_check k join account a on a.id = k.recorded_by where k.child_id = @child order by k.checked_on desc, k.id desc`, postgres.Args{"child": childID})
}

// Listed is a line of the register: provision and whose it is.
type Listed struct {
	Provision
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	School        string // the main roll today; empty: no school place
	Advisor       string
}

// Child is how the child is called on screen.
func (l Listed) Child() string {
	return child.DisplayName(l.PreferredName, l.Forename, l.Surname, l.LAChildID)
}

// Filter is what part of the register is asked for. The zero Filter: of all children, what has not ended.
type Filter struct {
	ChildID    int64         // of one child; 0: of all
	EndedSince calendar.Date // what ended since; zero: what takes place or is to begin
}

// QueueRegister queues the register of children in care whom the actor may see. Whoever shows it writes the looks.
func QueueRegister(batch *postgres.Batch, into *[]Listed, filter Filter) {
	postgres.Many(batch, into, `select `+columns+`, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, coalesce(s.name, '') as school, coalesce(v.name, '') as advisor`+tables+`
		join child c on c.id = p.child_id
		join care_period cp on cp.child_id = p.child_id and cp.period @> @today::date
		left join roll r on r.child_id = p.child_id and r.kind = 'main' and r.period @> @today::date
		left join setting s on s.id = r.setting_id
		left join allocation l on l.child_id = p.child_id and l.part = 'advisor' and l.period @> @today::date
		left join account v on v.id = l.account_id
		where case when @since::date is null then p.ended_on is null or p.ended_on > @today::date else p.ended_on >= @since end and (@child::bigint = 0 or p.child_id = @child)
		order by p.starts_on, c.sort_name, p.id`, postgres.Args{"since": filter.EndedSince, "child": filter.ChildID})
}
