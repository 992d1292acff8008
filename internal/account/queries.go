package account

import (
	"cmp"
	"context"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Filter narrows the list of accounts. Zero fields do not.
type Filter struct {
	Words     string // of the name, email or school
	Role      access.Role
	State     State
	SettingID int64
	Page      int // from 1
}

// PageSize is how many accounts one page of the list shows.
const PageSize = 50

// Listed is one line of the list of accounts, with the schools the person belongs to today.
type Listed struct {
	ID         int64
	Email      string
	Name       string
	Role       access.Role
	State      State
	SignedInAt *time.Time
	Settings   string
	Posts      []Post // at those schools, each once
}

// As is what the person is: the post at their schools, and the role of everyone else.
func (l Listed) As() string {
	if len(l.Posts) == 0 {
		return l.Role.Name()
	}
	names := make([]string, len(l.Posts))
	for i, post := range l.Posts {
		names[i] = post.Name()
	}
	return strings.Join(names, ", ")
}

const filterCondition = ` a.role <> 'service'
	and (@role = '' or a.role = @role) and (@state = '' or a.state = @state)
	and (@setting::bigint = 0 or exists (select from account_setting m where m.account_id = a.id and m.setting_id = @setting and m.period @> @today::date))
	and (@words = '' or plain_name(a.name) like '%' || plain_name(@words) || '%' or a.email like '%' || @email || '%'
		or exists (select from account_setting m join setting s on s.id = m.setting_id
			where m.account_id = a.id and m.period @> @today::date and s.search_name like '%' || plain_name(@words) || '%'))`

func (f Filter) args() postgres.Args {
	return postgres.Args{"role": string(f.Role), "state": string(f.State), "setting": f.SettingID, "words": f.Words,
		"email": like.Replace(strings.ToLower(f.Words)), "limit": PageSize, "offset": (max(f.Page, 1) - 1) * PageSize}
}

// like takes the meaning of a pattern from what was typed.
var like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// QueueList queues one page of accounts and how many there are in all. For those who manage accounts.
func QueueList(batch *postgres.Batch, into *[]Listed, total *int, filter Filter) {
	postgres.Many(batch, into, `select a.id, a.email, a.name, a.role, a.state, a.signed_in_at,
			coalesce((select string_agg(s.name, ', ' order by s.name) from account_setting m join setting s on s.id = m.setting_id
				where m.account_id = a.id and m.period @> @today::date), '') as settings,
			coalesce((select array_agg(distinct m.post order by m.post desc) from account_setting m where m.account_id = a.id and m.period @> @today::date), '{}') as posts
		from account a where`+filterCondition+`
		order by a.state = 'ended', plain_name(a.name), a.id limit @limit offset @offset`, filter.args())
	args := filter.args()
	delete(args, "limit")
	delete(args, "offset")
	postgres.Value(batch, total, `select count(*)::int from account a where`+filterCondition, args)
}

// List gives one page of accounts and how many there are in all, for the command line.
func (s *Service) List(ctx context.Context, actor access.Actor, filter Filter) (list []Listed, total int, err error) {
	if err := access.Check(actor, access.ManageAccounts, access.Facts{}); err != nil {
		return nil, 0, err
	}
	var batch postgres.Batch
	QueueList(&batch, &list, &total, filter)
	err = s.DB.View(ctx, actor, &batch)
	return list, total, err
}

// ByEmail finds an account by its email address, for the command line. NotFound: there is none.
func (s *Service) ByEmail(ctx context.Context, actor access.Actor, email string) (Account, error) {
	if err := access.Check(actor, access.ManageAccounts, access.Facts{}); err != nil {
		return Account{}, err
	}
	found, err := s.findByEmail(ctx, tidyEmail(email))
	if err != nil {
		return Account{}, err
	}
	if found == nil || found.Role == access.Service {
		return Account{}, fault.NotFound()
	}
	var account Account
	var batch postgres.Batch
	QueueAccount(&batch, &account, found.ID)
	err = s.DB.View(ctx, actor, &batch)
	return account, err
}

// SettingWithPeople is a setting that somebody with an account belongs to today.
type SettingWithPeople struct {
	ID   int64
	Name string
}

// QueueSettingsWithPeople queues the choices of the list's filter.
func QueueSettingsWithPeople(batch *postgres.Batch, into *[]SettingWithPeople) {
	postgres.Many(batch, into, `select s.id, s.name from setting s
		where exists (select from account_setting m where m.setting_id = s.id and m.period @> @today::date) order by s.name, s.id`, nil)
}

// QueueAccount queues one account; the program's own is not found.
func QueueAccount(batch *postgres.Batch, into *Account, accountID int64) {
	postgres.One(batch, into, `select id, email, name, role, state, created_at, signed_in_at, ended_at, version
		from account where id = @id and role <> 'service'`, postgres.Args{"id": accountID})
}

// QueueMemberships queues the settings a person belongs to, belonged to and will belong to.
func QueueMemberships(batch *postgres.Batch, into *[]Membership, accountID int64) {
	postgres.Many(batch, into, `select `+membershipColumns+` from account_setting m join setting s on s.id = m.setting_id
		where m.account_id = @id order by upper(m.period) is null desc, upper(m.period) desc, s.name`, postgres.Args{"id": accountID})
}

// Work is how many children a person is allocated to today, in one part.
type Work struct {
	Part     string
	Children int
}

// QueueWork queues what would be left without anyone if the person went: children the actor may see.
func QueueWork(batch *postgres.Batch, into *[]Work, accountID int64) {
	postgres.Many(batch, into, `select part, count(distinct child_id)::int as children from allocation
		where account_id = @id and period @> @today::date group by part order by part`, postgres.Args{"id": accountID})
}

// Session is one of a person's sessions. Ref names it in forms and opens nothing.
type Session struct {
	Ref       string
	Device    string // in words; empty when it is not known
	By        Way
	Second    Second
	CreatedAt time.Time // when its person signed in
	TouchedAt time.Time
	Current   bool // the one that asks
}

// How is the way its person signed in, in words.
func (s Session) How() string {
	if second := s.Second.Name(); second != "" {
		return s.By.Name() + " and " + second
	}
	return s.By.Name()
}

// QueueSessions queues a person's live sessions, the last used first. Token is that of the request.
func (s *Service) QueueSessions(batch *postgres.Batch, into *[]Session, accountID int64, token string) {
	postgres.Many(batch, into, `select left(token_hash, @length) as ref, device, signed_in_by as by, coalesce(second, '') as second, signed_in_at as created_at, touched_at, token_hash = @current as current from session
		where account_id = @id and not halfway and expires_at > @now and touched_at > @now::timestamptz - @idle::interval order by touched_at desc, token_hash`,
		postgres.Args{"id": accountID, "current": tokenHash(token), "length": refLength, "idle": cmp.Or(s.Idle, 24*time.Hour)})
}

// DemoSignIn is one line of the sign-in page's list in demo mode.
type DemoSignIn struct {
	Email string
	Role  access.Role
}

// QueueDemoSignIns queues the accounts of a demonstration that a visitor may sign in to.
func QueueDemoSignIns(batch *postgres.Batch, into *[]DemoSignIn) {
	postgres.Many(batch, into, `select email, role from account
		where email like '%@demo.test' and state = 'active' and password_hash is not null
		order by array_position(@roles::text[], role), email limit 20`, postgres.Args{"roles": access.Roles})
}
