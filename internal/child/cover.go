package child

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Cover is a colleague who works with somebody's children while they are away. It begins and ends by itself.
type Cover struct {
	ForID    int64
	ForName  string
	ByID     int64
	ByName   string
	Starts   calendar.Date
	Until    calendar.Date // the last day
	Reason   string
	Children int // of those the reader sees
}

// caseload are the children somebody works with as an advisor, of those the reader sees.
const caseload = `from allocation where account_id = @away and part in ('advisor', 'support_advisor')`

// QueueCovers queues the covers, now and to come, that one person gives or is given.
func QueueCovers(batch *postgres.Batch, into *[]Cover, accountID int64) {
	postgres.Many(batch, into, `select a.covers_for as for_id, f.name as for_name, a.account_id as by_id, b.name as by_name,
			lower(a.period) as starts, upper(a.period) - 1 as until, max(a.reason) as reason, count(*)::int as children
		from allocation a join account f on f.id = a.covers_for join account b on b.id = a.account_id
		where (a.covers_for = @account or (a.account_id = @account and a.covers_for is not null)) and upper(a.period) > @today::date
		group by a.covers_for, f.name, a.account_id, b.name, a.period order by lower(a.period), f.name, b.name, a.covers_for, a.account_id`,
		postgres.Args{"account": accountID})
}

// HasCaseload says whether somebody with the role works with children as an advisor, so that a colleague
// can cover for them.
func HasCaseload(role access.Role) bool {
	return role == access.LeadAdvisor || role == access.Advisor || role == access.SupportAdvisor
}

// CoverCaseload gives a colleague every child that somebody who is away works with on any of the days, as
// far as the actor sees them: cover as Allocate gives it, for all of them or none. The colleague is told.
// It says how many children they are. Children given to who is away later are not covered.
func (s *Service) CoverCaseload(ctx context.Context, actor access.Actor, away int64, by Allocation) (children int, err error) {
	by.Part, by.CoversFor = "cover", away
	err = s.DB.ChangeWithin(ctx, actor, reassignLimit, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.ChangeAllocation, access.Facts{}); err != nil {
			return err
		}
		args := postgres.Args{"away": away, "by": by.AccountID, "account": by.AccountID, "from": by.From, "until": by.Until}
		if err := checkCover(ctx, tx, by, args); err != nil {
			return err
		}
		list, err := postgres.ListValues[int64](ctx, tx, `select distinct child_id `+caseload+` and period && daterange(@from, @until::date + 1) order by child_id`, args)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.Invalid("from", "This person works with no child on these days")
		}
		children = len(list)
		for _, child := range list {
			if err := AllocateWithin(ctx, tx, child, by); err != nil {
				return err
			}
		}
		return job.Notify(ctx, tx, job.Notice{AccountID: by.AccountID, Subject: "You cover for a colleague",
			Words: "For some days you work with the children of a colleague who is away. Your list of plans shows them from the first of these days:", Path: "/peps"})
	})
	return children, err
}

// checkCover looks at what one child's allocation does not show. Problems are about account and from.
func checkCover(ctx context.Context, tx *postgres.Tx, by Allocation, args postgres.Args) error {
	if err := checkAllocation(ctx, tx, by, args); err != nil {
		return err
	}
	role, err := postgres.GetValue[access.Role](ctx, tx, `select role from account where id = @away and state <> 'ended' for no key update`, args)
	if err != nil {
		return err
	}
	switch {
	case by.AccountID == by.CoversFor:
		return fault.Invalid("account", "Choose somebody else to cover for this person")
	case !HasCaseload(role):
		return fault.Conflict("Only the caseload of an advisor is covered.")
	case by.From.Before(tx.Today):
		return fault.Invalid("from", "The first day must be today or later")
	}
	twice, err := postgres.GetValue[bool](ctx, tx, `select exists (select from allocation where covers_for = @away and period && daterange(@from, @until::date + 1))`, args)
	if err == nil && twice {
		err = fault.Invalid("from", "Somebody covers for this person already on some of these days. End that first.")
	}
	return err
}

// EndCover ends the cover somebody gives from a day on: today, or before it begins. NotFound: there is none.
func (s *Service) EndCover(ctx context.Context, actor access.Actor, of Cover) error {
	return s.DB.ChangeWithin(ctx, actor, reassignLimit, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.ChangeAllocation, access.Facts{}); err != nil {
			return err
		}
		args := postgres.Args{"away": of.ForID, "by": of.ByID, "starts": of.Starts}
		const these = ` where covers_for = @away and account_id = @by and lower(period) = @starts and upper(period) > @today::date`
		ended, err := postgres.ListValues[int64](ctx, tx, `update allocation set period = daterange(lower(period), @today)`+these+` and lower(period) < @today::date returning child_id`, args)
		if err != nil {
			return err
		}
		never, err := postgres.ListValues[int64](ctx, tx, `delete from allocation`+these+` and lower(period) >= @today::date returning child_id`, args)
		if err != nil {
			return err
		}
		children := append(ended, never...)
		if len(children) == 0 {
			return fault.NotFound()
		}
		entries := make([]audit.Entry, len(children))
		for i, child := range children {
			entries[i] = audit.Entry{ChildID: child, Subject: "allocation", SubjectID: "cover", Action: "ended cover", Before: of}
		}
		return audit.Change(ctx, tx, entries...)
	})
}
