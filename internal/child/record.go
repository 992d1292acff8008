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
	Identity
	Care       []Stay // periods of care, newest first
	Legal      []Stay
	Placements []Stay
	Rolls      []Roll
	Workers    []Worker
	Teachers   []Teacher
	SEN        *SEN
	// Kept of where the child is, in words: of a restricted record, for who is told.
	Places      []Place
	PlaceHidden bool // restricted, and who looks is not told where the child is
}

// PlaceHidden is said where the name of a school or an address would stand.
const PlaceHidden = "Hidden from you"

// QueueIdentity queues who the child is.
func QueueIdentity(batch *postgres.Batch, into *Identity, childID int64) {
	postgres.One(batch, into, `select `+identityColumns+` from child c where c.id = @child`, postgres.Args{"child": childID})
}

const identityColumns = `c.id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
	coalesce(c.preferred_name, '') as preferred_name, c.former_names, c.date_of_birth, coalesce(c.sex, '') as sex,
	coalesce(c.ethnicity, '') as ethnicity, coalesce(c.upn, '') as upn, c.upn_quality, c.unaccompanied,
	c.unaccompanied_until as unaccompanied_up_to, c.year_offset, coalesce(c.year_offset_reason, '') as year_offset_reason, c.version`

// list is a sub-select that gathers a child's rows into JSON, keyed as Go names the fields.
func list(fields, from, order string) string {
	return `(select coalesce(jsonb_agg(jsonb_build_object(` + fields + `) order by ` + order + `), '[]') from ` + from + `)`
}

func stays(code, detail, table string) string {
	return `case when @care then ` + list(`'Code', coalesce(`+code+`, ''), 'Detail', `+detail+`, 'Start', lower(t.period), 'End', coalesce(upper(t.period)::text, ''), 'Source', t.source`,
		table+` t where t.child_id = c.id`, `lower(t.period) desc`) + ` else '[]' end`
}

var recordSQL = `select ` + identityColumns + `, ` +
	list(`'ID', r.id, 'SettingID', r.setting_id, 'School', s.name, 'Town', coalesce(s.town, ''), 'Kind', r.kind, 'Start', lower(r.period),
		'End', coalesce(upper(r.period)::text, ''), 'EndReason', coalesce(r.end_reason, ''), 'Source', r.source`,
		`roll r join setting s on s.id = r.setting_id where r.child_id = c.id`, `lower(r.period) desc, r.id desc`) + ` as rolls, ` +
	list(`'ID', a.id, 'AccountID', a.account_id, 'Name', p.name, 'Part', a.part, 'Start', lower(a.period), 'End', coalesce(upper(a.period)::text, ''), 'Reason', coalesce(a.reason, '')`,
		`allocation a join account p on p.id = a.account_id where a.child_id = c.id and a.period @> @today::date`,
		`array_position(array['advisor', 'cover', 'support_advisor', 'social_worker', 'reviewing_officer'], a.part)`) + ` as workers, ` +
	list(`'Name', p.name, 'Email', p.email, 'Post', t.post, 'School', s.name`,
		`roll r join account_setting t on t.setting_id = r.setting_id and t.period @> @today::date
		join account p on p.id = t.account_id and p.state = 'active' join setting s on s.id = r.setting_id
		where r.child_id = c.id and r.period @> @today::date`, `t.post desc, p.name`) + ` as teachers,
	(select jsonb_build_object('Status', status, 'PrimaryNeed', coalesce(primary_need, ''), 'Since', lower(period), 'Source', source)
		from sen_status where child_id = c.id and period @> @today::date) as sen, ` +
	stays(`t.end_code`, `''`, `care_period`) + ` as care, ` +
	stays(`t.code`, `''`, `legal_status`) + ` as legal, ` +
	stays(`t.code`, `case when t.in_authority then 'in the authority' when not t.in_authority then 'out of the authority' else '' end`, `placement`) + ` as placements
, ` +
	list(`'ID', t.id, 'Kind', t.kind, 'Words', t.words, 'SetAt', t.set_at`, `protected_place t where t.child_id = c.id and t.ended_at is null`, `t.id`) + ` as places,
	c.id = any (` + postgres.Placeless + `) as place_hidden
	from child c where c.id = @child`

// QueueRecord queues everything of the record that this package keeps, as one statement. Care
// history comes only when withCare: it is not for schools.
func QueueRecord(batch *postgres.Batch, into *Record, childID int64, withCare bool) {
	postgres.One(batch, into, recordSQL, postgres.Args{"child": childID, "care": withCare})
}
