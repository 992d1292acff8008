package premium

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Power is how far somebody decides today: by their own post, or in the place of a decider who is away.
type Power struct {
	PersonID   int64
	PersonRole access.Role
	StandIn    int64 // the number under which they were named; 0: they stand in for nobody
	PowerOf    int64 // whose power it is: their own number, or of whom they stand in for
	AwayName   string
	AwayRole   access.Role
	AwayUntil  calendar.Date
	OwnLimit   *money.Pence // a limit of the person's own whose power it is; nil: their role's holds
}

// who is the person as they are in the database now, whatever their session remembers.
func (p Power) who() access.Actor {
	actor := access.Actor{ID: p.PersonID, Role: p.PersonRole}
	if p.StandIn != 0 {
		actor.StandsInFor = access.Away{StandIn: p.StandIn, ID: p.PowerOf, Name: p.AwayName, Role: p.AwayRole, Until: p.AwayUntil}
	}
	return actor.InPlace(access.DecidePremium)
}

// Limit is the most that may be approved alone with this power; false: any sum.
func (p Power) Limit(values policy.Values) (money.Pence, bool) {
	if p.OwnLimit != nil {
		return *p.OwnLimit, true
	}
	role := p.PersonRole
	if p.StandIn != 0 {
		role = p.AwayRole
	}
	if limit := values.PremiumDeputyLimit(); role == access.Deputy && limit > 0 {
		return limit, true
	}
	return 0, false
}

// whoSQL is the actor's power today. A stand-in of somebody who has left stands in for nobody.
const whoSQL = `select a.id as person_id, a.role as person_role, case when p.id is null then 0 else s.id end as stand_in, coalesce(p.id, a.id) as power_of,
		coalesce(p.name, '') as away_name, coalesce(p.role, '') as away_role, s.until as away_until, l.pence as own_limit
	from account a
	left join stand_in s on s.account_id = a.id and a.role in ('lead_advisor', 'advisor') and s.ended_at is null and @today::date between s.starts and s.until
	left join account p on p.id = s.for_account and p.state = 'active' and p.role in ('head', 'deputy')
	left join premium_limit l on l.account_id = coalesce(p.id, a.id) and l.period @> @today::date
	where a.id = @actor and a.state = 'active'`

// QueuePower queues how far the actor decides today.
func QueuePower(batch *postgres.Batch, into *Power, actorID int64) {
	postgres.One(batch, into, whoSQL, postgres.Args{"actor": actorID})
}

// LoadPower is how far whoever makes a change decides today; not found for an account that has ended.
func LoadPower(ctx context.Context, tx *postgres.Tx) (Power, error) {
	return postgres.Get[Power](ctx, tx, whoSQL, postgres.Args{"actor": tx.Actor.ID})
}

// MayDecide says why this power decides nothing at all; nil when it does.
func (p Power) MayDecide() error {
	return access.Check(p.who(), access.DecidePremium, access.Facts{})
}

// Weighing is one request with all that says who may approve it, as one person sees it.
type Weighing struct {
	Power
	RequestID     int64
	ChildID       int64
	SettingID     int64
	Category      Category
	Stream        ledger.Stream
	State         State
	Version       int
	Amount        money.Pence // asked for
	AskedBy       int64
	Own           bool // the person asked for it or changed it
	OfPower       bool // so did whom they stand in for
	FirstBy       int64
	FirstPower    int64
	FirstName     string
	FirstAmount   money.Pence // approved by one of two; 0: by nobody yet
	FirstWithin   bool        // it was within the first one's own limit
	PanelID       int64
	PanelDay      calendar.Date
	PanelHeld     bool
	GrantedBefore money.Pence // lately, for the same need, by anybody
	LimitedBefore money.Pence // of that, by deputies or with the same power
}

// QueueWeighing queues requests as they stand for the actor, in the order they were asked.
func QueueWeighing(batch *postgres.Batch, into *[]Weighing, actorID int64, requestIDs ...int64) {
	postgres.Many(batch, into, weighSQL, weighArgs(actorID, requestIDs...))
}

func weighArgs(actorID int64, requestIDs ...int64) postgres.Args {
	return postgres.Args{"actor": actorID, "requests": requestIDs, "days": SplitDays}
}

const weighSQL = `with who as (` + whoSQL + `)
	select who.*, r.id as request_id, r.child_id, coalesce(r.setting_id, 0) as setting_id, coalesce(r.category, '') as category, r.stream, r.state, r.version, r.amount_pence as amount, r.asked_by,
		exists (select from premium_event e where e.request_id = r.id and e.account_id = who.person_id and e.event in ('drafted', 'asked', 'changed')) as own,
		exists (select from premium_event e where e.request_id = r.id and e.account_id = who.power_of and e.event in ('drafted', 'asked', 'changed')) as of_power,
		coalesce(f.account_id, 0) as first_by, coalesce(f.power_of, 0) as first_power, coalesce(f.name, '') as first_name,
		coalesce(f.amount_pence, 0) as first_amount, coalesce(f.within_limit, false) as first_within,
		coalesce(n.id, 0) as panel_id, n.day as panel_day, n.held_at is not null as panel_held, g.granted_before, g.limited_before
	from premium_request r cross join who
	left join lateral (select a.account_id, a.power_of, p.name, a.amount_pence, a.within_limit from premium_approval a
		join account p on p.id = a.account_id and p.state = 'active'
		where a.request_id = r.id and a.request_version = r.version order by a.id limit 1) f on true
	left join premium_panel_item i on i.request_id = r.id and i.request_version = r.version
	left join premium_panel n on n.id = i.panel_id
	cross join lateral (select coalesce(sum(o.approved_pence), 0)::bigint as granted_before,
			coalesce(sum(o.approved_pence) filter (where d.role = 'deputy' or d.id = who.power_of), 0)::bigint as limited_before
		from premium_request o left join stand_in s on s.id = o.stand_in_id join account d on d.id = coalesce(s.for_account, o.decided_by)
		where o.child_id = r.child_id and o.id <> r.id and o.category = r.category and o.setting_id is not distinct from r.setting_id
			and o.approved_pence is not null and o.decided_at > @now::timestamptz - make_interval(days => @days)) g
	where r.id = any(@requests) order by r.asked_at, r.id`

// Step is what an approval comes to.
type Step int

// Steps of an approval.
const (
	NoStep    Step = iota // it is refused
	FirstStep             // it is kept as the first of two
	LastStep              // the money is committed
)

// MayDecide says why this person may not decide the request at all; nil when they may.
func (w Weighing) MayDecide() error {
	facts := access.Facts{AskedBy: w.AskedBy}
	switch {
	case w.Own:
		facts.AskedBy = w.PersonID
	case w.OfPower:
		facts.AskedBy = w.PowerOf
	}
	return access.Check(w.who(), access.DecidePremium, facts)
}

// Approve says what an approval of a sum by this person comes to, or why it may not be. One need cut
// into several requests counts as one (SplitDays). Above one dated sum two people approve, of whom one
// has the limit for it; above another a panel has looked at the request as it stands.
func (w Weighing) Approve(amount money.Pence, values policy.Values) (Step, error) {
	if err := w.MayDecide(); err != nil {
		return NoStep, err
	}
	need := w.GrantedBefore + amount
	if panel := values.PremiumPanel(); panel > 0 && need > panel && !w.PanelHeld {
		return NoStep, fault.Forbidden(w.panelFirst(amount, panel))
	}
	if w.State == AtPanel && !w.PanelHeld {
		return NoStep, fault.Forbidden(w.panelWords())
	}
	limit, limited := w.Limit(values)
	within := !limited || w.LimitedBefore+amount <= limit
	two := values.PremiumTwoApprovers()
	if two == 0 || need <= two {
		if err := w.withinLimit(amount, limit, limited); err != nil {
			return NoStep, err
		}
		return LastStep, nil
	}
	switch {
	case w.FirstAmount == 0:
		return FirstStep, nil
	case w.FirstBy == w.PersonID || w.FirstPower == w.PowerOf:
		return NoStep, fault.Forbidden("The first approval is yours already. Somebody else must give the second.")
	case amount > w.FirstAmount:
		return NoStep, fault.Forbidden(w.FirstName + " approved " + w.FirstAmount.String() + " first. Approve that or less, or return the request with a question.")
	case !within && !w.FirstWithin:
		return NoStep, fault.Forbidden("One of the two must be allowed to approve this sum alone, and neither " + w.FirstName + " nor you are.")
	}
	return LastStep, nil
}

func (w Weighing) withinLimit(amount, limit money.Pence, limited bool) error {
	if limited && amount <= limit && w.LimitedBefore+amount > limit {
		return fault.Forbidden(splitWords(w.LimitedBefore, amount, limit))
	}
	return access.Check(w.who(), access.DecidePremium, access.Facts{Amount: amount, Limited: limited, Limit: limit})
}

func (w Weighing) countedTogether(amount money.Pence) string {
	if w.GrantedBefore == 0 {
		return ""
	}
	return "With the " + w.GrantedBefore.String() + " approved for the same purpose in the last 30 days, this makes " + (w.GrantedBefore + amount).String() + ". "
}

// panelFirst says that a panel comes before an approval, in the same words wherever it is said.
func (w Weighing) panelFirst(amount, panel money.Pence) string {
	return w.countedTogether(amount) + "Above " + panel.String() + " a panel looks at a request before it is approved. " + w.panelWords()
}

func (w Weighing) panelWords() string {
	if w.PanelID == 0 {
		return "Send it to the next panel."
	}
	return "It waits for the panel of " + w.PanelDay.Words() + "."
}
