package setting

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

const settingColumns = `s.id, coalesce(s.urn, 0) as urn, s.name, coalesce(s.authority_code, '') as authority_code, coalesce(s.authority_name, '') as authority_name,
	coalesce(s.establishment_number, '') as establishment_number, coalesce(s.ukprn, '') as ukprn, coalesce(s.type_name, '') as type_name,
	coalesce(s.phase_name, '') as phase_name, s.status, s.opened_on, s.closed_on, s.low_age, s.high_age, coalesce(s.gender, '') as gender,
	s.sixth_form, s.nursery, coalesce(s.religious_character, '') as religious_character, coalesce(s.street, '') as street,
	coalesce(s.locality, '') as locality, coalesce(s.town, '') as town, coalesce(s.county, '') as county, coalesce(s.postcode, '') as postcode,
	coalesce(s.telephone, '') as telephone, coalesce(s.website, '') as website, coalesce(s.head_name, '') as head_name,
	coalesce(s.head_title, '') as head_title, coalesce(s.rating_scheme, '') as rating_scheme, coalesce(s.rating, '') as rating, s.rated_on,
	s.source, s.as_at, s.version`

// inCareToday are the rolls of children in care today. The wall narrows them to the actor's children.
const inCareToday = `(select r.* from roll r where r.period @> @today::date
	and exists (select from care_period c where c.child_id = r.child_id and c.period @> @today::date))`

// QueueOne queues one setting. One that is not there fails the batch with NotFound.
func QueueOne(batch *postgres.Batch, into *Setting, settingID int64) {
	postgres.One(batch, into, `select `+settingColumns+` from setting s where s.id = @setting`, postgres.Args{"setting": settingID})
}

// QueueSetting queues a setting with its predecessors and successors, the people who sign in for it
// and the children in care on its roll today whom the actor sees. Four statements. The page that
// shows the children by name writes the looks (audit.LookMany or QueuePupilLooks).
func QueueSetting(batch *postgres.Batch, into *Page, settingID int64) {
	of := postgres.Args{"setting": settingID}
	QueueOne(batch, &into.Setting, settingID)
	postgres.Many(batch, &into.Links, `select coalesce(o.id, 0) as setting_id, l.link_urn as urn, coalesce(o.name, l.link_name) as name, l.link_type as type,
			l.established_on, coalesce(o.status, '') as status,
			(select count(distinct r.child_id) from `+inCareToday+` r where r.setting_id = o.id)::int as children
		from setting s join setting_link l on l.urn = s.urn left join setting o on o.urn = l.link_urn
		where s.id = @setting order by l.established_on desc nulls last, l.link_type, l.link_urn`, of)
	QueueContacts(batch, &into.Contacts, settingID)
	postgres.Many(batch, &into.Pupils, `select c.id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, c.date_of_birth, c.year_offset, r.kind, lower(r.period) as since, coalesce(p.name, '') as advisor
		from `+inCareToday+` r join child c on c.id = r.child_id
		left join allocation a on a.child_id = c.id and a.part = 'advisor' and a.period @> @today::date left join account p on p.id = a.account_id
		where r.setting_id = @setting order by plain_name(c.surname) nulls last, plain_name(c.forename), c.la_child_id`, of)
}

// QueuePupilLooks queues the record that the actor saw, by name, the children on a setting's roll:
// the same children as QueueSetting's, in the same round trip.
func QueuePupilLooks(batch *postgres.Batch, actorID int64, settingID int64, requestID string) {
	batch.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select distinct @now::timestamptz, @actor::bigint, r.child_id, 'school', @request::text from `+inCareToday+` r where r.setting_id = @setting`,
		postgres.Args{"actor": actorID, "setting": settingID, "request": requestID})
}

// QueueContacts queues the people who sign in for a setting today, designated teachers first.
func QueueContacts(batch *postgres.Batch, into *[]Contact, settingID int64) {
	postgres.Many(batch, into, `select p.name, p.email, t.post, p.state, lower(t.period) as since
		from account_setting t join account p on p.id = t.account_id
		where t.setting_id = @setting and t.period @> @today::date and p.state <> 'ended'
		order by t.post desc, p.name`, postgres.Args{"setting": settingID})
}

// Filter narrows the list of settings that children attend.
type Filter struct {
	Words         string
	Phase         string // the register's name of it
	Area          string // in, out: of the authority
	Teacher       string // missing: without a designated teacher
	Closing       bool
	AuthorityCode string // the council's own, for Area
	Limit, Offset int
}

// QueueAttended queues the settings at which children in care are on roll today, most children first.
func QueueAttended(batch *postgres.Batch, into *[]Attended, filter Filter) {
	condition, args, _ := searchCondition(filter.Words)
	if condition == "" {
		condition, args = `true`, postgres.Args{}
	}
	args["authority"], args["limit"], args["offset"] = filter.AuthorityCode, filter.Limit, filter.Offset
	if filter.Limit == 0 {
		args["limit"] = 50
	}
	if filter.Phase != "" {
		condition += ` and s.phase_name = @phase`
		args["phase"] = filter.Phase
	}
	switch filter.Area {
	case "in":
		condition += ` and s.authority_code = @authority`
	case "out":
		condition += ` and s.authority_code is distinct from @authority`
	}
	if filter.Teacher == "missing" {
		condition += ` and t.name is null`
	}
	if filter.Closing {
		condition += ` and s.status in ('closing', 'closed')`
	}
	postgres.Many(batch, into, `with attended as (select setting_id, count(distinct child_id)::int as children from `+inCareToday+` r group by setting_id)
		select s.id, coalesce(s.urn, 0) as urn, s.name, coalesce(s.town, '') as town, coalesce(s.authority_code, '') as authority_code,
			coalesce(s.authority_name, '') as authority_name, coalesce(s.phase_name, '') as phase_name, coalesce(s.type_name, '') as type_name,
			s.status, s.source, coalesce(s.rating, '') as rating, s.rated_on, coalesce(t.name, '') as teacher, a.children, (count(*) over ())::int as total
		from attended a join setting s on s.id = a.setting_id
		left join lateral (select p.name from account_setting t join account p on p.id = t.account_id and p.state <> 'ended'
			where t.setting_id = s.id and t.post = 'designated_teacher' and t.period @> @today::date order by p.name limit 1) t on true
		where `+condition+`
		order by s.status in ('closing', 'closed') desc, a.children desc, s.name, s.id limit @limit offset @offset`, args)
}

// QueuePhases queues the phases of settings that children attend, for a filter.
func QueuePhases(batch *postgres.Batch, into *[]string) {
	postgres.Values(batch, into, `select distinct s.phase_name from `+inCareToday+` r join setting s on s.id = r.setting_id
		where s.phase_name <> '' order by 1`, nil)
}

// QueueOwn queues the settings an account belongs to today.
func QueueOwn(batch *postgres.Batch, into *[]Found, accountID int64) {
	postgres.Many(batch, into, `select distinct s.id, coalesce(s.urn, 0) as urn, s.name, coalesce(s.town, '') as town, coalesce(s.postcode, '') as postcode,
			coalesce(s.authority_code, '') as authority_code, coalesce(s.authority_name, '') as authority_name,
			coalesce(s.phase_name, '') as phase_name, coalesce(s.type_name, '') as type_name, s.status, s.source
		from account_setting t join setting s on s.id = t.setting_id
		where t.account_id = @account and t.period @> @today::date order by s.name`, postgres.Args{"account": accountID})
}

// Authority is a council, as the register or the team names it.
type Authority struct{ Code, Name string }

// QueueAuthorities queues the councils known, by name.
func QueueAuthorities(batch *postgres.Batch, into *[]Authority) {
	postgres.Many(batch, into, `select code, name from local_authority order by name`, nil)
}

// QueueMaybe queues one setting that may not be there: a number out of a form.
func QueueMaybe(batch *postgres.Batch, into **Setting, settingID int64) {
	postgres.Maybe(batch, into, `select `+settingColumns+` from setting s where s.id = @setting`, postgres.Args{"setting": settingID})
}

// QueueAsAt queues the day of the newest register file taken in; zero when there was none.
func QueueAsAt(batch *postgres.Batch, into *calendar.Date) {
	postgres.Value(batch, into, `select max(as_at) from setting where source = 'gias'`, nil)
}
