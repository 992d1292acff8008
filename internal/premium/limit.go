package premium

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// OwnLimit is the most one decider may approve alone on each day of a range, in place of their role's.
type OwnLimit struct {
	ID        int64
	AccountID int64
	Name      string
	Role      access.Role
	Starts    calendar.Date
	Until     calendar.Date // the last day; zero: until it is changed
	Amount    money.Pence
	Reason    string
	SetByName string
	SetAt     time.Time
}

// Over says whether it holds no more.
func (l OwnLimit) Over(today calendar.Date) bool { return !l.Until.IsZero() && l.Until.Before(today) }

// QueueOwnLimits queues the limits of persons, the latest first.
func QueueOwnLimits(batch *postgres.Batch, into *[]OwnLimit) {
	postgres.Many(batch, into, `select l.id, l.account_id, a.name, a.role, lower(l.period) as starts, (upper(l.period) - 1) as until, l.pence as amount, l.reason,
			s.name as set_by_name, l.set_at
		from premium_limit l join account a on a.id = l.account_id join account s on s.id = l.set_by
		order by upper_inf(l.period) desc, upper(l.period) desc, a.name, l.id limit 100`, nil)
}

// LimitEntry is what is said to give a decider a limit of their own.
type LimitEntry struct {
	AccountID int64
	Amount    money.Pence // 0: approves nothing alone
	Starts    calendar.Date
	Until     calendar.Date // the last day; zero: until it is changed
	Reason    string
}

// Check finds what is wrong with it: problems are about account, amount, starts, until and reason.
func (e LimitEntry) Check(today calendar.Date) error {
	var p fault.Problems
	if e.AccountID == 0 {
		p.Add("account", "Choose whose limit it is")
	}
	if e.Amount < 0 || e.Amount > MostAsked {
		p.Addf("amount", "Limit must be from £0.00 to %s", MostAsked)
	}
	switch {
	case e.Starts.IsZero():
		p.Add("starts", "Enter the first day")
	case e.Starts.Before(today):
		p.Add("starts", "First day must be today or later: what was approved before stays as it was")
	}
	if !e.Until.IsZero() && e.Until.Before(e.Starts) {
		p.Add("until", "Last day must be the first day or later")
	}
	switch reason := strings.TrimSpace(e.Reason); {
	case reason == "":
		p.Add("reason", "Enter why")
	case utf8.RuneCountInString(reason) > 1000:
		p.Add("reason", "Use 1000 characters or fewer")
	}
	return p.Err()
}

// SetLimit gives a head or deputy a limit of their own. It needs LimitPremium, and nobody sets their
// own. One that holds on the first day ends the day before; one that begins later must be ended first.
func (s *Service) SetLimit(ctx context.Context, actor access.Actor, entry LimitEntry) error {
	entry.Reason = strings.TrimSpace(entry.Reason)
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.LimitPremium, access.Facts{}); err != nil {
			return err
		}
		if err := entry.Check(tx.Today); err != nil {
			return err
		}
		args := postgres.Args{"account": entry.AccountID, "pence": entry.Amount, "starts": entry.Starts, "until": entry.Until, "reason": entry.Reason, "by": actor.ID}
		decider, err := postgres.GetValue[bool](ctx, tx, `select exists (select from account where id = @account and state = 'active' and role in ('head', 'deputy'))`, args)
		if err != nil {
			return err
		}
		if !decider {
			return fault.Invalid("account", "Choose a head or deputy who can sign in")
		}
		if _, err := tx.Do(ctx, `update premium_limit set period = daterange(lower(period), @starts)
			where account_id = @account and period @> @starts::date and lower(period) < @starts`, args); err != nil {
			return err
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into premium_limit (account_id, period, pence, reason, set_by, set_at)
			values (@account, daterange(@starts, @until::date, '[]'), @pence, @reason, @by, @now) returning id`, args)
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium limit", SubjectID: id, Action: "set", After: entry})
	})
	switch postgres.Constraint(err) {
	case "premium_limit_one_at_a_time":
		return fault.Invalid("starts", "Another limit of this person begins on or after this day: end that one first")
	case "premium_limit_not_ones_own":
		return fault.Forbidden("Nobody sets their own limit.")
	}
	return err
}

// EndLimit ends a limit yesterday, so that the role's holds again; one that had not begun before today is
// taken away. It needs LimitPremium, and nobody ends their own.
func (s *Service) EndLimit(ctx context.Context, actor access.Actor, id int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whose, err := postgres.GetValue[int64](ctx, tx, `select account_id from premium_limit where id = @id for update`, postgres.Args{"id": id})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.LimitPremium, access.Facts{}); err != nil {
			return err
		}
		if whose == actor.ID {
			return fault.Forbidden("Nobody ends their own limit.")
		}
		gone, err := tx.Do(ctx, `delete from premium_limit where id = @id and lower(period) >= @today::date`, postgres.Args{"id": id})
		if err != nil {
			return err
		}
		if gone == 0 {
			err := tx.DoOne(ctx, `update premium_limit set period = daterange(lower(period), @today) where id = @id and (upper_inf(period) or upper(period) > @today::date)`, postgres.Args{"id": id})
			if err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium limit", SubjectID: id, Action: "ended"})
	})
}
