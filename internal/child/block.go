package child

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Blocking keeps one person from a child's record, whatever relates them to the child: a relative who works at the
// school or here, or somebody about whom the child has complained.
type Blocking struct {
	AccountID int64
	Why       string // read by whoever sees who sees the record
	From      calendar.Date
	Until     calendar.Date // the last day; zero: until somebody ends it
}

// Block keeps a person from a record. It beats every other grant from its first day on: an allocation, a school's
// roll, an invitation, a name on a restricted record and breaking the glass. The head and the deputy may, and
// nobody for themselves.
func (s *Service) Block(ctx context.Context, actor access.Actor, childID int64, blocking Blocking) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		if err := checkBlocking(blocking, actor, tx.Today); err != nil {
			return err
		}
		of := postgres.Args{"child": childID, "person": blocking.AccountID, "why": blocking.Why, "from": blocking.From, "until": dayAfter(blocking.Until), "by": actor.ID}
		known, err := postgres.GetValue[bool](ctx, tx, `select exists (select from account where id = @person and state <> 'ended' and role <> 'service')`, of)
		if err != nil {
			return err
		}
		if !known {
			return fault.Invalid("person", "Choose a person from the list")
		}
		_, err = tx.Do(ctx, `insert into child_block (child_id, account_id, reason, period, set_by) values (@child, @person, @why, daterange(@from, @until), @by)`, of)
		if postgres.Constraint(err) == "child_block_child_id_account_id_period_excl" {
			return fault.Invalid("person", "This person is kept from the record already on some of those days. End that first.")
		}
		if err != nil {
			return err
		}
		if restricted, err := postgres.GetValue[bool](ctx, tx, isRestricted, of); err != nil {
			return err
		} else if restricted {
			if err := stillAnswered(ctx, tx, childID); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "child_block", SubjectID: blocking.AccountID, Action: "blocked a person", After: blocking})
	})
}

func checkBlocking(blocking Blocking, actor access.Actor, today calendar.Date) error {
	var problems fault.Problems
	switch {
	case blocking.AccountID == 0:
		problems.Add("person", "Choose a person from the list")
	case blocking.AccountID == actor.ID:
		problems.Add("person", "You cannot do this for yourself. Ask the head or another deputy.")
	}
	if blocking.Why == "" {
		problems.Add("why", "Enter why this person must not see the record")
	}
	switch {
	case blocking.From.IsZero():
		problems.Add("from", "Enter the first day")
	case blocking.From.Before(today):
		problems.Add("from", "The first day must be today or later")
	case blocking.From.After(today.AddMonths(12)):
		problems.Add("from", "The first day must be within 12 months from today")
	case !blocking.Until.IsZero() && blocking.Until.Before(blocking.From):
		problems.Add("until", "The last day must be on or after the first")
	}
	return problems.Err()
}

// EndBlock lets a person see a record again by whatever relates them to the child. A block that began today, or
// has not begun, holds until midnight. Nobody ends their own: for them the child is not there.
func (s *Service) EndBlock(ctx context.Context, actor access.Actor, childID, blockID int64, why string) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		if why == "" {
			return fault.Invalid("why_end", "Enter why this person may see the record again")
		}
		of := postgres.Args{"child": childID, "block": blockID}
		block, err := postgres.Get[struct {
			AccountID int64
			Over      bool
		}](ctx, tx, `select account_id, coalesce(upper(period) <= @today::date, false) as over from child_block where id = @block and child_id = @child for update`, of)
		if err != nil {
			return err
		}
		if block.Over {
			return fault.Conflict("This person is not kept from the record any more.")
		}
		_, err = tx.Do(ctx, `update child_block set period = case when lower(period) < @today::date then daterange(lower(period), @today::date) else daterange(@today::date, @today::date + 1) end
			where id = @block`, of)
		if postgres.Constraint(err) == "child_block_child_id_account_id_period_excl" {
			return fault.Conflict("This person is also kept from the record today. End that first.")
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "child_block", SubjectID: block.AccountID, Action: "ended a block", After: map[string]any{"why": why}})
	})
}

// Block is one person kept from a record.
type Block struct {
	ID     int64
	Name   string
	Role   access.Role
	Reason string
	Since  calendar.Date
	Until  calendar.Date // the last day; zero: no end
	SetBy  string
	Holds  bool // today; else it is to come
}

// QueueBlocks queues who is kept from a record today, and who will be.
func QueueBlocks(batch *postgres.Batch, into *[]Block, childID int64) {
	postgres.Many(batch, into, `select b.id, p.name, p.role, b.reason, lower(b.period) as since, upper(b.period) - 1 as until, coalesce(s.name, '') as set_by, b.period @> @today::date as holds
		from child_block b join account p on p.id = b.account_id left join account s on s.id = b.set_by
		where b.child_id = @child and (upper_inf(b.period) or upper(b.period) > @today::date) order by p.name, p.id, b.period`, postgres.Args{"child": childID})
}

// QueueBlockable queues who may be kept from a record: everybody with an account but the one who asks.
func QueueBlockable(batch *postgres.Batch, into *[]Choice, actor access.Actor) {
	postgres.Many(batch, into, `select id, name || ', ' || email as name from account where state <> 'ended' and role <> 'service' and id <> @actor order by name, id limit 2000`, postgres.Args{"actor": actor.ID})
}
