package accessrequest

import (
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Request is somebody's asking, and what came of it.
type Request struct {
	ID        int64
	AskedBy   int64
	Asker     string
	Role      access.Role
	AskedAt   time.Time
	School    string // which asks; empty for others than schools
	Name      string
	Born      calendar.Date
	UPN       string
	Reference string
	Why       string
	State     string // asked, given or refused
	DecidedBy string
	DecidedAt *time.Time
	Note      string
}

const requestSQL = `select r.id, r.asked_by, a.name as asker, a.role, r.asked_at, coalesce(s.name, '') as school, r.name, r.date_of_birth as born, r.upn, r.reference, r.why,
		r.state, coalesce(d.name, '') as decided_by, r.decided_at, r.note
	from access_request r join account a on a.id = r.asked_by left join setting s on s.id = r.setting_id left join account d on d.id = r.decided_by`

// QueueAll queues the requests the actor decides about, those that wait first; of others their own.
func QueueAll(batch *postgres.Batch, into *[]Request, actor access.Actor) {
	postgres.Many(batch, into, requestSQL+` where r.asked_by = @actor or @decides order by r.state = 'asked' desc, case when r.state = 'asked' then r.asked_at end, r.asked_at desc limit 200`,
		postgres.Args{"actor": actor.ID, "decides": access.Can(actor, access.DecideAccess)})
}

// Queue queues one request.
func Queue(batch *postgres.Batch, into *Request, id int64) {
	postgres.One(batch, into, requestSQL+` where r.id = @id`, postgres.Args{"id": id})
}

// Match is a child who may be the one asked for, among those the reader sees.
type Match struct {
	ChildID    int64
	Forename   string
	Surname    string
	Preferred  string
	LAChildID  string
	Born       calendar.Date
	InCare     bool
	School     string
	Worker     string // the social worker
	Restricted bool
	By         string // what agrees, in words
}

// QueueMatches queues who it may be: by number, by reference, or by name with the date of birth. A file that was
// closed on adoption is nobody's match.
func QueueMatches(batch *postgres.Batch, into *[]Match, requestID int64) {
	postgres.Many(batch, into, `select c.id as child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred,
			c.la_child_id, c.date_of_birth as born, p.period is not null as in_care, coalesce(s.name, '') as school, coalesce(w.name, '') as worker,
			exists (select from restriction x where x.child_id = c.id and x.period @> @today::date) as restricted,
			concat_ws(', ', case when m.upn then 'UPN' end, case when m.reference then 'reference' end, case when m.named then 'name' end, case when m.born then 'date of birth' end) as by
		from access_request r join child c on c.sealed_on is null
		cross join lateral (select r.upn <> '' and c.upn = r.upn as upn, r.reference <> '' and c.la_child_id = r.reference as reference, c.date_of_birth = r.date_of_birth as born,
			coalesce(plain_name(r.name) = plain_name(coalesce(c.forename, '') || ' ' || coalesce(c.surname, ''))
				or plain_name(r.name) = plain_name(coalesce(c.preferred_name, '') || ' ' || coalesce(c.surname, '')) or plain_name(r.name) = any (select plain_name(f) from unnest(c.former_names) f), false) as named) m
		left join care_period p on p.child_id = c.id and p.period @> @today::date
		left join roll o on o.child_id = c.id and o.kind = 'main' and o.period @> @today::date
		left join setting s on s.id = o.setting_id
		left join allocation l on l.child_id = c.id and l.part = 'social_worker' and l.period @> @today::date
		left join account w on w.id = l.account_id
		where r.id = @id and (m.upn or m.reference or m.named or m.born and left(c.search_name, 3) = left(plain_name(r.name), 3))
		order by (m.upn::int * 4 + m.reference::int * 4 + m.named::int * 2 + m.born::int) desc, c.id limit 10`, postgres.Args{"id": requestID})
}

// Waiting is how many requests nobody has decided, and since when.
type Waiting struct {
	Count  int
	Oldest *time.Time
}

// QueueWaiting queues how many requests wait for a reader who decides.
func QueueWaiting(batch *postgres.Batch, into *Waiting, actor access.Actor) {
	postgres.One(batch, into, `select count(*)::int as count, min(asked_at) as oldest from access_request where state = 'asked' and asked_by <> @actor and @decides`,
		postgres.Args{"actor": actor.ID, "decides": access.Can(actor, access.DecideAccess)})
}

// School is one of the schools an asker belongs to.
type School struct {
	ID   int64
	Name string
}

// QueueSchools queues the schools that the actor may ask for.
func QueueSchools(batch *postgres.Batch, into *[]School, actor access.Actor) {
	postgres.Many(batch, into, `select s.id, s.name from account_setting t join setting s on s.id = t.setting_id where t.account_id = @actor and t.period @> @today::date order by s.name, s.id`,
		postgres.Args{"actor": actor.ID})
}
