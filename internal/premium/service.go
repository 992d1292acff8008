package premium

import (
	"context"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/scheme"
)

// Service does what people do with Pupil Premium Plus. Each method is one transaction.
type Service struct {
	DB      *postgres.DB
	Schemes scheme.Set // the council's paying policies
}

// Ask asks for money for a child in care, for the school where the child is on roll today (for a
// school's own people: theirs). It needs AskPremium and gives the request's number.
func (s *Service) Ask(ctx context.Context, actor access.Actor, childID int64, wish Wish) (id int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		id, err = AskIn(ctx, tx, childID, wish)
		return err
	})
	return id, err
}

// AskIn is Ask in a transaction of the caller's: of a meeting, which decides on targets and money at once.
func AskIn(ctx context.Context, tx *postgres.Tx, childID int64, wish Wish) (int64, error) {
	wish = wish.tidy()
	around, err := postgres.Get[surroundings](ctx, tx, surroundingsSQL, postgres.Args{"child": childID, "actor": tx.Actor.ID, "target": wish.TargetID})
	if err != nil {
		return 0, err
	}
	if err := access.Check(tx.Actor, access.AskPremium, access.Facts{}); err != nil {
		return 0, err
	}
	if err := around.allow(wish, tx.Today); err != nil {
		return 0, err
	}
	year := calendar.FinancialYear(tx.Today)
	stream := ledger.StreamFor(calendar.CurriculumYear(around.DateOfBirth, tx.Today) + around.YearOffset)
	if err := ledger.OpenYear(ctx, tx, stream, year); err != nil {
		return 0, err
	}
	id, err := postgres.GetValue[int64](ctx, tx, `insert into premium_request (child_id, setting_id, target_id, stream, financial_year, category,
			purpose, expected_difference, amount_pence, starts_on, asked_by, asked_at)
		values (@child, nullif(@setting::bigint, 0), nullif(@target::bigint, 0), @stream, @year, @category, @purpose, @difference, @amount, @starts, @by, @now)
		returning id`, wish.args(postgres.Args{"child": childID, "setting": around.SettingID, "stream": stream, "year": year, "by": tx.Actor.ID}))
	if err != nil {
		return 0, err
	}
	if err := writeEvent(ctx, tx, childID, id, Asked, wish.Amount, ""); err != nil {
		return 0, err
	}
	return id, audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "premium request", SubjectID: id, Action: "asked", After: wish})
}

// surroundings are what a wish is checked against.
type surroundings struct {
	DateOfBirth calendar.Date
	YearOffset  int
	InCare      bool
	SettingID   int64 // 0: no school
	HasTarget   bool
}

const surroundingsSQL = `select c.date_of_birth, c.year_offset, exists (select from care_period p where p.child_id = c.id and p.period @> @today::date) as in_care,
		coalesce((select r.setting_id from roll r
			left join account_setting t on t.setting_id = r.setting_id and t.account_id = @actor and t.period @> @today::date
			where r.child_id = c.id and r.period @> @today::date
			order by t.id is null, r.kind <> 'main' limit 1), 0) as setting_id,
		exists (select from pep_target g join pep p on p.id = g.pep_id and p.state <> 'cancelled' where g.child_id = c.id and g.id = @target) as has_target
	from child c where c.id = @child`

func (a surroundings) allow(wish Wish, today calendar.Date) error {
	if !a.InCare {
		return fault.Invalid("", "This child is not in care today, so Pupil Premium Plus cannot be asked for.")
	}
	if wish.TargetID != 0 && !a.HasTarget {
		return fault.Invalid("target", "Choose a target from the list")
	}
	return wish.Check(today)
}

func (w Wish) args(more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"target": w.TargetID, "category": w.Category, "purpose": w.Purpose,
		"difference": w.Difference, "amount": w.Amount, "starts": w.Starts} {
		more[name] = value
	}
	return more
}

// Change changes a request that waits or was returned, and asks again; whoever changes it may not
// decide it. It needs AskPremium. A request that has moved on since version is a conflict.
func (s *Service) Change(ctx context.Context, actor access.Actor, requestID int64, version int, wish Wish) error {
	wish = wish.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.AskPremium, access.Facts{}); err != nil {
			return err
		}
		if err := was.unchanged(version); err != nil {
			return err
		}
		around, err := postgres.Get[surroundings](ctx, tx, surroundingsSQL, postgres.Args{"child": was.ChildID, "actor": actor.ID, "target": wish.TargetID})
		if err != nil {
			return err
		}
		if err := around.allow(wish, tx.Today); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update premium_request set target_id = nullif(@target::bigint, 0), category = @category, purpose = @purpose,
				expected_difference = @difference, amount_pence = @amount, starts_on = @starts, state = 'asked',
				decided_by = null, decided_at = null, decision_reason = null, version = version + 1
			where id = @request and state in ('asked', 'returned') and version = @version`,
			wish.args(postgres.Args{"request": requestID, "version": version}))
		if err != nil {
			return err
		}
		if err := writeEvent(ctx, tx, was.ChildID, requestID, "changed", wish.Amount, ""); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: requestID, Action: "changed",
			Before: was.wish(), After: wish})
	})
}

// Withdraw takes back a request that waits or was returned. It needs AskPremium.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, requestID int64, version int) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.AskPremium, access.Facts{}); err != nil {
			return err
		}
		if err := was.unchanged(version); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update premium_request set state = 'withdrawn', version = version + 1
			where id = @request and state in ('asked', 'returned') and version = @version`, postgres.Args{"request": requestID, "version": version})
		if err != nil {
			return err
		}
		if err := writeEvent(ctx, tx, was.ChildID, requestID, Withdrawn, 0, ""); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: requestID, Action: "withdrawn",
			Before: map[string]any{"state": was.State}, After: map[string]any{"state": Withdrawn}})
	})
}

// unchanged refuses to act on a request that is closed or not as it was shown.
func (l locked) unchanged(version int) error {
	if !l.State.Open() {
		by := ""
		if l.DecidedByName != "" && l.State != Withdrawn {
			by = " by " + l.DecidedByName
		}
		return fault.Conflict(fmt.Sprintf("This request is already closed: %s%s. Nothing has been changed.", stateNames[l.State], by))
	}
	if l.Version != version {
		return fault.Conflict("")
	}
	return nil
}

func (l locked) wish() Wish {
	return Wish{TargetID: l.TargetID, Category: l.Category, Purpose: l.Purpose, Difference: l.Difference, Amount: l.Amount, Starts: l.Starts}
}
