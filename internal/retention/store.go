package retention

import (
	"context"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Listed is a record whose time is over or soon will be.
type Listed struct {
	ChildID       int64
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string
	Facts
	Against []string
	Held    calendar.Date // the longest hold in force; zero: none
	State   string        // of a proposal under way: proposed or approved; empty: none
}

// Most is how many records a list shows.
const Most = 300

const factColumns = `r.date_of_birth, r.died_on, r.adopted_on, r.was_in_care, r.last_contact, r.years_without_care`

// QueueList queues the records the reader sees that may be over within a year, the longest over first.
func QueueList(batch *postgres.Batch, into *[]Listed) {
	postgres.Many(batch, into, `select r.child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name, c.la_child_id, `+factColumns+`,
			stands_against_deletion(r.child_id) as against,
			(select max(h.until) from retention_hold h where h.child_id = r.child_id and h.ended_on is null and h.until >= @today) as held,
			coalesce((select p.state from retention_proposal p where p.child_id = r.child_id and p.state in ('proposed', 'approved')), '') as state
		from retained() r join child c on c.id = r.child_id
		where r.until <= years_on(@today, 1) order by r.until, r.child_id limit @most`, postgres.Args{"most": Most})
}

// Record is how long one record is kept, and what was decided of it.
type Record struct {
	Facts
	Against   []string
	Holds     []Hold
	Proposals []Proposal
}

// Hold keeps a record longer than its rule.
type Hold struct {
	ID           int64
	Kind         string
	Reason       string
	Until        calendar.Date
	PlacedByName string
	PlacedAt     time.Time
	EndedOn      calendar.Date
	EndedWhy     string
	EndedByName  string
}

// InForce says whether it holds on a day.
func (h Hold) InForce(on calendar.Date) bool { return h.EndedOn.IsZero() && !h.Until.Before(on) }

// Proposal is that somebody wants a record deleted, and what was decided.
type Proposal struct {
	ID             int64
	KeptUntil      calendar.Date
	Reason         string
	ProposedBy     int64
	ProposedByName string
	ProposedAt     time.Time
	State          string
	Words          string
	DecidedByName  string
	DecidedAt      *time.Time
	Version        int
}

// UnderWay says whether it was not refused, withdrawn or stopped by a hold.
func (p Proposal) UnderWay() bool { return p.State == "proposed" || p.State == "approved" }

// UnderWay is the proposal that is under way; nil: none.
func (r Record) UnderWay() *Proposal {
	for n := range r.Proposals {
		if r.Proposals[n].UnderWay() {
			return &r.Proposals[n]
		}
	}
	return nil
}

const (
	factsSQL = `select ` + factColumns + `, stands_against_deletion(r.child_id) as against from retained() r where r.child_id = @child`
	holdSQL  = `select h.id, h.kind, h.reason, h.until, placed.name as placed_by_name, h.placed_at, h.ended_on, h.ended_why, coalesce(ended.name, '') as ended_by_name
		from retention_hold h join account placed on placed.id = h.placed_by left join account ended on ended.id = h.ended_by where h.child_id = @child`
	proposalSQL = `select p.id, p.kept_until, p.reason, p.proposed_by, proposed.name as proposed_by_name, p.proposed_at, p.state, p.words, coalesce(decided.name, '') as decided_by_name, p.decided_at, p.version
		from retention_proposal p join account proposed on proposed.id = p.proposed_by left join account decided on decided.id = p.decided_by where p.child_id = @child`
)

type held struct {
	Facts
	Against []string
}

// Queue queues how long a record is kept. The function it returns gives it once the batch has run.
func Queue(batch *postgres.Batch, childID int64) func() Record {
	facts, record := new(held), new(Record)
	args := postgres.Args{"child": childID}
	postgres.One(batch, facts, factsSQL, args)
	postgres.Many(batch, &record.Holds, holdSQL+` order by h.placed_at desc, h.id desc`, args)
	postgres.Many(batch, &record.Proposals, proposalSQL+` order by p.proposed_at desc, p.id desc`, args)
	return func() Record {
		record.Facts, record.Against = facts.Facts, facts.Against
		return *record
	}
}

// lock holds the child, so that a hold and an approval never pass each other.
func lock(ctx context.Context, tx *postgres.Tx, childID int64) (held, error) {
	if _, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child for update`, postgres.Args{"child": childID}); err != nil {
		return held{}, err
	}
	return postgres.Get[held](ctx, tx, factsSQL, postgres.Args{"child": childID})
}
