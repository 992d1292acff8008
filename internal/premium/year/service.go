package year

import (
	"context"
	"fmt"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Service changes a grant's year. One method is one thing a person does.
type Service struct {
	DB *postgres.DB
}

// EnterIncome adds an entry to a present financial year's income and moves the difference to what the
// grant gave before. It needs SetPremium; version is the page's, 0 for a year nobody has opened. After
// the final count there is no provisional one. Taking back what is no longer free is refused with the sum.
func (s *Service) EnterIncome(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear, version int, entered Entry) error {
	entered.Source = strings.TrimSpace(entered.Source)
	return s.change(ctx, actor, access.SetPremium, stream, financialYear, version, func(ctx context.Context, tx *postgres.Tx, was locked) error {
		if err := open(financialYear, tx.Today); err != nil {
			return err
		}
		if err := entered.problems(stream); err != nil {
			return err
		}
		before, err := postgres.List[Income](ctx, tx, incomeSQL, postgres.Args{"stream": stream, "year": financialYear})
		if err != nil {
			return err
		}
		if _, final := Latest(before, Final); final && entered.Stage == Provisional {
			return fault.Invalid("stage", "The final figures are entered. Enter a correction as final.")
		}
		amount := entered.Income(stream)
		if short := was.Given - amount - was.Pool; short > 0 {
			return fault.Invalid(slip(stream), fmt.Sprintf("This is %s less than before, and only %s is not yet allocated. Check the figures, or retain less or release money first.", was.Given-amount, was.Pool))
		}
		err = tx.DoOne(ctx, `insert into premium_income (stream, financial_year, stage, children, hours, rate_pence, amount_pence, source, entered_by, entered_at, entered_on)
			values (@stream, @year, @stage, case when @stream = 'post_16' then null else @children::int end, case when @stream = 'early_years' then @hours::int end,
				case when @stream = 'post_16' then null else @rate::bigint end, @amount, @source, @by, @now, @today)`,
			postgres.Args{"stream": stream, "year": financialYear, "stage": entered.Stage, "children": entered.Children, "hours": entered.Hours,
				"rate": entered.Rate, "amount": amount, "source": entered.Source, "by": tx.Actor.ID})
		if err != nil {
			return err
		}
		reason := fmt.Sprintf("%s income %s: %s (%s)", entered.Stage.Name(), calendar.FinancialYearLabel(financialYear), entered.Basis(stream), entered.Source)
		if err := shift(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: "grant", To: "pool", Amount: amount - was.Given, Reason: reason,
			Key: ledger.Key("%s year %d version %d income", stream, financialYear, was.Version)}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium year", SubjectID: subject(stream, financialYear), Action: "income entered", After: entered})
	})
}

// slip is the field that a sum too small is most likely due to.
func slip(stream ledger.Stream) string {
	switch stream {
	case ledger.LookedAfter:
		return "children"
	case ledger.EarlyYears:
		return "hours"
	}
	return "sum"
}

// PlanRetained says what is retained for the whole cohort, purpose by purpose; the share is what the
// lines come to, and the difference moves between it and what is left to allocate. It needs SetPremium.
// A purpose keeps at least what was spent on it.
func (s *Service) PlanRetained(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear, version int, lines []Line) error {
	for i := range lines {
		lines[i].Name = strings.TrimSpace(lines[i].Name)
	}
	return s.change(ctx, actor, access.SetPremium, stream, financialYear, version, func(ctx context.Context, tx *postgres.Tx, was locked) error {
		if tx.Today.Before(calendar.FinancialYearRange(financialYear).Start) {
			return open(financialYear, tx.Today)
		}
		args := postgres.Args{"stream": stream, "year": financialYear, "all": true}
		were, err := postgres.List[Purpose](ctx, tx, purposeSQL+` for update`, args)
		if err != nil {
			return err
		}
		will, err := planned(were, lines)
		if err != nil {
			return err
		}
		var spent money.Pence
		for _, one := range were {
			spent += one.Spent
		}
		more := Retained(lines) - spent - was.Retained
		if more > was.Pool {
			return fault.Invalid("lines", fmt.Sprintf("These purposes come to %s more than is retained now, and only %s is not yet allocated.", more, was.Pool))
		}
		if err := writePurposes(ctx, tx, stream, financialYear, will); err != nil {
			return err
		}
		if err := shift(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: "pool", To: "retained", Amount: more,
			Reason: "Retained share " + calendar.FinancialYearLabel(financialYear) + ": " + Retained(lines).String(),
			Key:    ledger.Key("%s year %d version %d retained", stream, financialYear, was.Version)}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium year", SubjectID: subject(stream, financialYear), Action: "retained share planned", Before: were, After: lines})
	})
}

func writePurposes(ctx context.Context, tx *postgres.Tx, stream ledger.Stream, financialYear int, will []Purpose) error {
	var names []string
	var sums []int64
	for _, one := range will {
		names, sums = append(names, one.Name), append(sums, int64(one.Planned))
	}
	_, err := tx.Do(ctx, `insert into premium_purpose as p (stream, financial_year, name, planned_pence, set_by, set_at)
			select @stream, @year, name, planned, @by, @now from unnest(@names::text[], @sums::bigint[]) lines (name, planned)
		on conflict (stream, financial_year, name) do update set planned_pence = excluded.planned_pence, set_by = @by, set_at = @now
			where p.planned_pence <> excluded.planned_pence`,
		postgres.Args{"stream": stream, "year": financialYear, "names": names, "sums": sums, "by": tx.Actor.ID})
	return err
}

// change is what all changes of a year begin and end with: who may, the year held, its version and
// that it is not closed.
func (s *Service) change(ctx context.Context, actor access.Actor, action access.Action, stream ledger.Stream, financialYear, version int,
	do func(context.Context, *postgres.Tx, locked) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, action, access.Facts{}); err != nil {
			return err
		}
		if stream.Name() == "" {
			return fault.NotFound()
		}
		was, err := hold(ctx, tx, stream, financialYear)
		if err != nil {
			return err
		}
		if was.Closed {
			return closedWords(financialYear)
		}
		// A year that only a request has opened is still at its first version, which a page that knew of none may take.
		if was.Version != version && (was.Version != 1 || version != 0) {
			return fault.Conflict("")
		}
		if err := do(ctx, tx, was); err != nil {
			return err
		}
		return turn(ctx, tx, stream, financialYear, was.Version)
	})
}

func closedWords(financialYear int) error {
	return fault.Conflict(fmt.Sprintf("The year %s is closed. Only the Virtual School Head can add to it, as a journal with a reason.", calendar.FinancialYearLabel(financialYear)))
}

// shift moves a difference: a negative amount goes the other way, nought nowhere.
func shift(ctx context.Context, tx *postgres.Tx, e ledger.Entry) error {
	switch {
	case e.Amount == 0:
		return nil
	case e.Amount < 0:
		e.From, e.To, e.Amount = e.To, e.From, -e.Amount
	}
	return ledger.Move(ctx, tx, e)
}

func subject(stream ledger.Stream, financialYear int) string {
	return fmt.Sprintf("%s %d", stream, financialYear)
}
