package child

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Stay is a stretch of days with what was so in it: a placement, a legal status, a period of care.
type Stay struct {
	Code   string
	Detail string
	Start  calendar.Date
	End    calendar.Date // zero: still
	Source string
}

// Roll is a stretch on a school's roll.
type Roll struct {
	ID        int64
	SettingID int64
	School    string
	Town      string
	Kind      string // main or dual
	Start     calendar.Date
	End       calendar.Date
	EndReason string
	Source    string
}

// Open says whether the child is still on this roll.
func (r Roll) Open() bool { return r.End.IsZero() }

// Worker is somebody who works, or worked, with the child.
type Worker struct {
	ID        int64
	AccountID int64
	Name      string
	Part      string
	Start     calendar.Date
	End       calendar.Date
	Reason    string
}

// PartName is a worker's part in words.
func PartName(part string) string {
	switch part {
	case "advisor":
		return "Education advisor"
	case "support_advisor":
		return "Support advisor"
	case "social_worker":
		return "Social worker"
	case "reviewing_officer":
		return "Reviewing officer"
	case "cover":
		return "Covering"
	}
	return part
}

// Teacher is a designated teacher or colleague at the child's school today.
type Teacher struct {
	Name, Email, Post, School string
}

// SEN is the child's special educational needs today.
type SEN struct {
	Status      string
	PrimaryNeed string
	Since       calendar.Date
	Source      string
}

// Record is the child's own facts, for the page about them.
type Record struct {
	Identity   Identity
	Care       []Stay // periods of care, newest first
	Legal      []Stay
	Placements []Stay
	Rolls      []Roll
	Workers    []Worker
	Teachers   []Teacher
	SEN        *SEN
}

// QueueIdentity queues who the child is.
func QueueIdentity(batch *postgres.Batch, into *Identity, childID int64) {
	postgres.One(batch, into, `select `+identityColumns+` from child c where c.id = @child`, postgres.Args{"child": childID})
}

const identityColumns = `c.id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
	coalesce(c.preferred_name, '') as preferred_name, c.former_names, c.date_of_birth, coalesce(c.sex, '') as sex,
	coalesce(c.ethnicity, '') as ethnicity, coalesce(c.upn, '') as upn, c.upn_quality, c.unaccompanied,
	c.unaccompanied_until as unaccompanied_up_to, c.year_offset, coalesce(c.year_offset_reason, '') as year_offset_reason, c.version`

// QueueRecord queues everything of the record that this package keeps. Care history is queued only
// when withCare: it is not for schools.
func QueueRecord(batch *postgres.Batch, into *Record, childID int64, withCare bool) {
	QueueIdentity(batch, &into.Identity, childID)
	of := postgres.Args{"child": childID}
	postgres.Many(batch, &into.Rolls, `select r.id, r.setting_id, s.name as school, coalesce(s.town, '') as town, r.kind,
			lower(r.period) as start, upper(r.period) as "end", coalesce(r.end_reason, '') as end_reason, r.source
		from roll r join setting s on s.id = r.setting_id where r.child_id = @child order by lower(r.period) desc, r.id desc`, of)
	postgres.Many(batch, &into.Workers, `select a.id, a.account_id, p.name, a.part, lower(a.period) as start, upper(a.period) as "end", coalesce(a.reason, '') as reason
		from allocation a join account p on p.id = a.account_id
		where a.child_id = @child and a.period @> @today::date
		order by array_position(array['advisor', 'cover', 'support_advisor', 'social_worker', 'reviewing_officer'], a.part)`, of)
	postgres.Many(batch, &into.Teachers, `select p.name, p.email, t.post, s.name as school
		from roll r join account_setting t on t.setting_id = r.setting_id and t.period @> @today::date
		join account p on p.id = t.account_id and p.state = 'active' join setting s on s.id = r.setting_id
		where r.child_id = @child and r.period @> @today::date order by t.post desc, p.name limit 5`, of)
	postgres.Maybe(batch, &into.SEN, `select status, coalesce(primary_need, '') as primary_need, lower(period) as since, source
		from sen_status where child_id = @child and period @> @today::date`, of)
	if !withCare {
		return
	}
	stays := func(into *[]Stay, table, code, detail string) {
		postgres.Many(batch, into, `select coalesce(`+code+`, '') as code, `+detail+` as detail, lower(period) as start, upper(period) as "end", source
			from `+table+` where child_id = @child order by lower(period) desc`, of)
	}
	stays(&into.Care, "care_period", "end_code", "''")
	stays(&into.Legal, "legal_status", "code", "''")
	stays(&into.Placements, "placement", "code", `case when in_authority then 'in the authority' when not in_authority then 'out of the authority' else '' end`)
}
