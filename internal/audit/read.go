package audit

import (
	"context"
	"strconv"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// childName is how a child is called on screen.
const childName = `coalesce(nullif(concat_ws(' ', coalesce(nullif(k.preferred_name, ''), nullif(k.forename, '')), nullif(k.surname, '')), ''), k.la_child_id, '')`

// SeenLook is one look at a child, for people who may ask (access.SeeLooks).
type SeenLook struct {
	At     time.Time
	Name   string
	Role   string
	Screen string
}

// QueueLooks queues the newest looks at a child.
func QueueLooks(batch *postgres.Batch, into *[]SeenLook, childID int64, limit int) {
	postgres.Many(batch, into, `select l.at, p.name, p.role, l.screen from audit_look l join account p on p.id = l.account_id
		where l.child_id = @child order by l.at desc, l.id desc limit @limit`, postgres.Args{"child": childID, "limit": limit})
}

// SeenChange is one change, of a child's record or of something else.
type SeenChange struct {
	ID        int64
	At        time.Time
	AccountID int64
	Name      string // who made it
	Role      string
	ChildID   int64 // 0: about no one child
	ChildName string
	Subject   string
	Action    string
	Before    *string // JSON
	After     *string
	names     Names
}

const changeColumns = `c.id, c.at, c.account_id, p.name, p.role, coalesce(c.child_id, 0) as child_id, case when c.child_id is null then '' else ` + childName + ` end as child_name,
	c.subject, c.action, c.before::text as before, c.after::text as after`

// QueueChanges queues the newest changes of a child's record.
func QueueChanges(batch *postgres.Batch, into *[]SeenChange, childID int64, limit int) {
	postgres.Many(batch, into, `select `+changeColumns+` from audit_change c join account p on p.id = c.account_id left join child k on k.id = c.child_id
		where c.child_id = @child order by c.at desc, c.id desc limit @limit`, postgres.Args{"child": childID, "limit": limit})
}

// Filter narrows a log. The zero value of a field does not. Without a child or a person a log is read over
// a stretch of days, so that no page reads the years before it.
type Filter struct {
	ChildID   int64
	AccountID int64
	Named     string // children and people with such a name
	From      calendar.Date
	Until     calendar.Date // the last day
	Subject   string        // of changes; with KindMark and an action, that kind alone
	Screen    string        // of looks
	Request   string        // what one request did
	Apart     bool          // looks one line for each child, not one for each act
	After     Cursor        // the line that the page before ended with
	Limit     int
	// Looked is the screen under which the names shown are written down as looks; empty when the page's gate
	// writes its own.
	Looked string
}

// KindMark stands between the subject of changes and their action, where a log tells the actions apart.
const KindMark = ": "

// Cursor is a line of a log. The zero Cursor is before all of them.
type Cursor struct {
	At  time.Time
	Key string // the line's number, or its request
}

// where gives the conditions on log l, as constant text with parameters.
func (f Filter) where(args postgres.Args) string {
	var all []string
	add := func(condition, name string, value any) {
		all, args[name] = append(all, condition), value
	}
	if f.ChildID != 0 {
		add(`l.child_id = @child`, "child", f.ChildID)
	}
	if f.AccountID != 0 {
		add(`l.account_id = @account`, "account", f.AccountID)
	}
	if f.Named != "" {
		add(`(l.child_id = any (array(select n.id from child n where n.search_name like '%' || plain_name(@named) || '%'))
			or l.account_id = any (array(select n.id from account n where plain_name(n.name) like '%' || plain_name(@named) || '%')))`, "named", f.Named)
	}
	if !f.From.IsZero() {
		add(`l.at >= @from`, "from", f.From.Start())
	}
	if !f.Until.IsZero() {
		add(`l.at < @until`, "until", f.Until.AddDays(1).Start())
	}
	if subject, action, of := strings.Cut(f.Subject, KindMark); f.Subject != "" {
		add(`l.subject = @subject`, "subject", subject)
		if of {
			add(`l.action = @action`, "action", action)
		}
	}
	if f.Screen != "" {
		add(`l.screen = @screen`, "screen", f.Screen)
	}
	if f.Request != "" {
		add(`l.request_id = @of_request`, "of_request", f.Request)
	}
	if len(all) == 0 {
		return `true`
	}
	return strings.Join(all, ` and `)
}

// QueueChangeLog queues a page of changes, the newest first, and the looks at the children it names.
func QueueChangeLog(ctx context.Context, batch *postgres.Batch, into *[]SeenChange, actor access.Actor, f Filter) {
	args := postgres.Args{"limit": f.Limit, "actor": actor.ID, "request": RequestID(ctx), "looked": f.Looked}
	where := f.where(args)
	if !f.After.At.IsZero() {
		id, err := strconv.ParseInt(f.After.Key, 10, 64)
		if err != nil {
			id = 0 // no line of ours: those of that moment are passed over
		}
		where += ` and l.at <= @after and (l.at < @after or l.id < @after_key::bigint)`
		args["after"], args["after_key"] = f.After.At, id
	}
	postgres.Many(batch, into, `with c as (select l.* from audit_change l where `+where+` order by l.at desc, l.id desc limit @limit),
		looked as (insert into audit_look (at, account_id, child_id, screen, request_id)
			select distinct @now::timestamptz, @actor::bigint, k.id, @looked::text, @request::text from c join child k on k.id = c.child_id where @looked::text <> '')
		select `+changeColumns+` from c join account p on p.id = c.account_id left join child k on k.id = c.child_id order by c.at desc, c.id desc`, args)
}

// Act is what one request showed: a record, or a list of children by name.
type Act struct {
	At        time.Time
	AccountID int64
	Name      string
	Role      string
	Screen    string
	RequestID string
	Children  int
	ChildID   int64 // the one, or one of them
	ChildName string
}

// QueueLookLog queues a page of looks, the newest first, and the looks at the children it names: an act
// with one child names it.
func QueueLookLog(ctx context.Context, batch *postgres.Batch, into *[]Act, actor access.Actor, f Filter) {
	args := postgres.Args{"limit": f.Limit, "actor": actor.ID, "request": RequestID(ctx), "looked": f.Looked}
	where, apart := f.where(args), ``
	if f.Apart {
		apart = `, l.child_id`
	}
	if !f.After.At.IsZero() {
		where += ` and l.at <= @after and (l.at < @after or l.request_id < @after_key::text)`
		args["after"], args["after_key"] = f.After.At, f.After.Key
	}
	postgres.Many(batch, into, `with act as (select l.at, l.request_id, l.account_id, string_agg(distinct l.screen, ', ') as screen, count(distinct l.child_id)::int as children, min(l.child_id) as child_id
			from audit_look l where `+where+` group by l.at, l.request_id, l.account_id`+apart+` order by l.at desc, l.request_id desc, l.account_id limit @limit),
		looked as (insert into audit_look (at, account_id, child_id, screen, request_id)
			select distinct @now::timestamptz, @actor::bigint, k.id, @looked::text, @request::text from act join child k on k.id = act.child_id where act.children = 1 and @looked::text <> '')
		select act.at, act.account_id, p.name, p.role, act.screen, act.request_id, act.children, act.child_id,
			case when act.children = 1 then `+childName+` else '' end as child_name
		from act join account p on p.id = act.account_id left join child k on k.id = act.child_id order by act.at desc, act.request_id desc, act.account_id`, args)
}

// Person is somebody whose acts are in the log, the program itself among them.
type Person struct {
	ID   int64
	Name string
	Role string
}

// QueuePerson queues a person; one who is not there fails the batch with NotFound.
func QueuePerson(batch *postgres.Batch, into *Person, accountID int64) {
	postgres.One(batch, into, `select id, name, role from account where id = @id`, postgres.Args{"id": accountID})
}

// Kinds are what a log tells apart, for its filter.
type Kinds struct{ Subjects, Screens []string }

// QueueKinds queues the subjects and screens of the last month; sign-ins by what happened too.
func QueueKinds(batch *postgres.Batch, into *Kinds) {
	postgres.Values(batch, &into.Subjects, `with changed as (select distinct subject, case when subject = 'sign_in' then action end as action
			from audit_change where at >= @now::timestamptz - interval '1 month')
		select subject from changed union select subject || '`+KindMark+`' || action from changed where action is not null order by 1`, nil)
	postgres.Values(batch, &into.Screens, `select distinct screen from audit_look where at >= @now::timestamptz - interval '1 month' order by 1`, nil)
}
