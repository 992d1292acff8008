package premium

import (
	"context"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
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
// school's own people: theirs), under the paying policy of today. What the policy approves by rule is
// approved and committed in the same act. It needs AskPremium and gives the request's number.
func (s *Service) Ask(ctx context.Context, actor access.Actor, childID int64, wish Wish) (id int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		id, err = AskIn(ctx, tx, s.Schemes, childID, wish)
		return err
	})
	return id, err
}

// AskIn is Ask in a transaction of the caller's: of a meeting, which decides on targets and money at once.
func AskIn(ctx context.Context, tx *postgres.Tx, schemes scheme.Set, childID int64, wish Wish) (int64, error) {
	return create(ctx, tx, schemes, childID, wish.tidy(), Asked)
}

// Draft keeps a request that is not sent yet. Nobody but who writes it sees it. It needs AskPremium.
func (s *Service) Draft(ctx context.Context, actor access.Actor, childID int64, wish Wish) (id int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		id, err = create(ctx, tx, s.Schemes, childID, wish.tidy(), Draft)
		return err
	})
	return id, err
}

func create(ctx context.Context, tx *postgres.Tx, schemes scheme.Set, childID int64, wish Wish, state State) (int64, error) {
	around, err := look(ctx, tx, schemes, childID, wish.TargetID)
	if err != nil {
		return 0, err
	}
	if err := access.Check(tx.Actor, access.AskPremium, access.Facts{}); err != nil {
		return 0, err
	}
	if err := around.allow(wish, state, "", tx.Today); err != nil {
		return 0, err
	}
	if err := ledger.OpenYear(ctx, tx, around.stream(tx.Today), calendar.FinancialYear(tx.Today)); err != nil {
		return 0, err
	}
	id, err := postgres.GetValue[int64](ctx, tx, `insert into premium_request (child_id, setting_id, target_id, stream, financial_year, category,
			purpose, expected_difference, amount_pence, starts_on, ends_on, group_size, exception_reason, scheme, scheme_version, state, asked_by, asked_at)
		values (@child, nullif(@setting::bigint, 0), nullif(@target::bigint, 0), @stream, @year, nullif(@category, ''), @purpose, @difference, @amount,
			@starts, @ends, nullif(@group::int, 0), @exception, @scheme, @scheme_version, @state, @by, @now)
		returning id`, wish.args(around.args(tx.Today, postgres.Args{"child": childID, "state": state, "by": tx.Actor.ID})))
	if err != nil {
		return 0, err
	}
	if err := writeItems(ctx, tx, childID, id, wish.Items); err != nil {
		return 0, err
	}
	event := Asked
	if state == Draft {
		event = "drafted"
	}
	if err := writeEvent(ctx, tx, childID, id, event, wish.Amount, ""); err != nil {
		return 0, err
	}
	if err := audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "premium request", SubjectID: id, Action: string(event), After: wish}); err != nil {
		return 0, err
	}
	if state == Draft {
		return id, nil
	}
	return id, approveByRule(ctx, tx, around.Scheme, id)
}

// surroundings are what a wish is checked against.
type surroundings struct {
	facts
	Scheme scheme.Scheme // the paying policy of today
}

type facts struct {
	DateOfBirth calendar.Date
	YearOffset  int
	InCare      bool
	SettingID   int64 // 0: no school
	HasTarget   bool
}

func look(ctx context.Context, tx *postgres.Tx, schemes scheme.Set, childID, targetID int64) (around surroundings, err error) {
	around.facts, err = postgres.Get[facts](ctx, tx, surroundingsSQL, postgres.Args{"child": childID, "actor": tx.Actor.ID, "target": targetID})
	if err != nil {
		return around, err
	}
	values, err := policy.Load(ctx, tx)
	around.Scheme, _ = schemes.Scheme(values.PremiumScheme())
	return around, err
}

func (a surroundings) stream(today calendar.Date) ledger.Stream {
	return ledger.StreamFor(calendar.CurriculumYear(a.DateOfBirth, today) + a.YearOffset)
}

func (a surroundings) args(today calendar.Date, more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"setting": a.SettingID, "stream": a.stream(today), "year": calendar.FinancialYear(today),
		"scheme": a.Scheme.Key, "scheme_version": a.Scheme.Version} {
		more[name] = value
	}
	return more
}

const surroundingsSQL = `select c.date_of_birth, c.year_offset, exists (select from care_period p where p.child_id = c.id and p.period @> @today::date) as in_care,
		coalesce((select r.setting_id from roll r
			left join account_setting t on t.setting_id = r.setting_id and t.account_id = @actor and t.period @> @today::date
			where r.child_id = c.id and r.period @> @today::date
			order by t.id is null, r.kind <> 'main' limit 1), 0) as setting_id,
		exists (select from pep_target g join pep p on p.id = g.pep_id and p.state <> 'cancelled' where g.child_id = c.id and g.id = @target) as has_target
	from child c where c.id = @child`

// allow refuses what cannot be asked, or not even drafted. was is the category the request had.
func (a surroundings) allow(wish Wish, state State, was Category, today calendar.Date) error {
	if !a.InCare {
		return fault.Invalid("", "This child is not in care today, so Pupil Premium Plus cannot be asked for.")
	}
	if wish.TargetID != 0 && !a.HasTarget {
		return fault.Invalid("target", "Choose a target from the list")
	}
	if state == Draft {
		return wish.CheckDraft(today)
	}
	var problems fault.Problems
	for _, err := range []error{wish.Check(today), wish.CheckUnder(a.Scheme, was)} {
		for _, problem := range fault.Of(err) {
			problems.Add(problem.Field, problem.Text)
		}
	}
	return problems.Err()
}

// Change changes a request that waits or was returned, and asks again; whoever changes it may not
// decide it. A draft is sent. It needs AskPremium. A request that has moved on since version is a conflict.
func (s *Service) Change(ctx context.Context, actor access.Actor, requestID int64, version int, wish Wish) error {
	return s.change(ctx, actor, requestID, version, wish.tidy(), Asked)
}

// SaveDraft keeps a draft as it is now, without sending it. It needs AskPremium.
func (s *Service) SaveDraft(ctx context.Context, actor access.Actor, requestID int64, version int, wish Wish) error {
	return s.change(ctx, actor, requestID, version, wish.tidy(), Draft)
}

func (s *Service) change(ctx context.Context, actor access.Actor, requestID int64, version int, wish Wish, state State) error {
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
		if state == Draft && was.State != Draft {
			return fault.Conflict("This request is sent already, so it is no draft any more.")
		}
		around, err := look(ctx, tx, s.Schemes, was.ChildID, wish.TargetID)
		if err != nil {
			return err
		}
		if err := around.allow(wish, state, was.Category, tx.Today); err != nil {
			return err
		}
		before := was.wish()
		if before.Items, err = lockedItems(ctx, tx, requestID); err != nil {
			return err
		}
		if was.State == Draft {
			if err := ledger.OpenYear(ctx, tx, around.stream(tx.Today), calendar.FinancialYear(tx.Today)); err != nil {
				return err
			}
		}
		// A draft is of the school, the grant, the year and the policy of the day on which it is sent.
		err = tx.DoOne(ctx, `update premium_request set target_id = nullif(@target::bigint, 0), category = nullif(@category, ''), purpose = @purpose,
				expected_difference = @difference, amount_pence = @amount, starts_on = @starts, ends_on = @ends, group_size = nullif(@group::int, 0),
				exception_reason = @exception, scheme = @scheme, scheme_version = @scheme_version, state = @state,
				setting_id = case when state = 'draft' then nullif(@setting::bigint, 0) else setting_id end,
				stream = case when state = 'draft' then @stream else stream end,
				financial_year = case when state = 'draft' then @year else financial_year end,
				asked_at = case when state = 'draft' then @now else asked_at end,
				decided_by = null, decided_at = null, decision_reason = null, version = version + 1
			where id = @request and state in ('draft', 'asked', 'at_panel', 'returned') and version = @version`,
			wish.args(around.args(tx.Today, postgres.Args{"state": state, "request": requestID, "version": version})))
		if err != nil {
			return err
		}
		if err := writeItems(ctx, tx, was.ChildID, requestID, wish.Items); err != nil {
			return err
		}
		sent := was.State == Draft && state == Asked
		event := State("changed")
		if sent {
			event = Asked
		}
		if state == Asked {
			if err := writeEvent(ctx, tx, was.ChildID, requestID, event, wish.Amount, ""); err != nil {
				return err
			}
		}
		err = audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: requestID, Action: string(event), Before: before, After: wish})
		if err != nil || !sent {
			return err
		}
		return approveByRule(ctx, tx, around.Scheme, requestID)
	})
}

// Withdraw takes back a draft, or a request that waits or was returned. It needs AskPremium.
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
			where id = @request and state in ('draft', 'asked', 'at_panel', 'returned') and version = @version`, postgres.Args{"request": requestID, "version": version})
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
