package premium

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

// SetYear enters the rate, count and retained share of a grant's present financial year. The first entry
// gives the year its money; a later one (the December figures after the provisional ones) corrects
// it by further transfers, never by changing one. It needs SetPremium; version is the page's, 0 for
// a year nobody has opened. Taking back what is already committed is refused with the sum.
func (s *Service) SetYear(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear, version int, entered YearEntry) error {
	entered.Source = strings.TrimSpace(entered.Source)
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPremium, access.Facts{}); err != nil {
			return err
		}
		if err := open(financialYear, tx.Today); err != nil {
			return err
		}
		if err := entered.problems(); err != nil {
			return err
		}
		return setYear(ctx, tx, stream, financialYear, version, entered)
	})
	if postgres.Constraint(err) != "premium_never_overspent" {
		return err
	}
	var position ledger.Position
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &position, stream, financialYear)
	if err := s.DB.View(ctx, actor, &batch); err != nil {
		return err
	}
	return fault.Invalid("children", fmt.Sprintf("This would leave %s to allocate, but %s is already committed or paid. Check the rate, the count and the share retained.",
		entered.Income()-entered.Retained, position.Committed+position.Paid-position.Recovered))
}

type yearRow struct {
	Rate     money.Pence
	Source   string
	Children int
	Set      bool
	Version  int
	Grant    money.Pence
	Retained money.Pence
}

func setYear(ctx context.Context, tx *postgres.Tx, stream ledger.Stream, financialYear, version int, entered YearEntry) error {
	if err := ledger.OpenYear(ctx, tx, stream, financialYear); err != nil {
		return err
	}
	args := postgres.Args{"stream": stream, "year": financialYear}
	// Only this service moves money out of the grant and holds the year's row while it does, so the
	// two balances below stay what they are. The lock leaves room for the foreign keys of transfers.
	if _, err := tx.Do(ctx, `select from premium_year where stream = @stream and financial_year = @year for no key update`, args); err != nil {
		return err
	}
	was, err := postgres.Get[yearRow](ctx, tx, `select coalesce(y.rate_pence, 0) as rate, coalesce(y.rate_source, '') as source, coalesce(y.children_counted, 0) as children,
			y.set_by is not null as set, y.version,
			(select balance_pence from premium_account where stream = @stream and financial_year = @year and kind = 'grant') as grant,
			(select balance_pence from premium_account where stream = @stream and financial_year = @year and kind = 'retained') as retained
		from premium_year y where y.stream = @stream and y.financial_year = @year`, args)
	if err != nil {
		return err
	}
	if was.Version != version && (was.Set || version != 0) {
		return fault.Conflict("")
	}
	err = tx.DoOne(ctx, `update premium_year set rate_pence = @rate, rate_source = @source, children_counted = @children,
			set_by = @by, set_at = @now, version = version + 1 where stream = @stream and financial_year = @year and version = @version`,
		postgres.Args{"rate": entered.Rate, "source": entered.Source, "children": entered.Children, "by": tx.Actor.ID, "stream": stream, "year": financialYear, "version": was.Version})
	if err != nil {
		return err
	}
	for _, move := range entered.corrections(-was.Grant, was.Retained) {
		from, to, amount, what := "grant", move.kind, move.amount, "Income"
		if was.Set {
			what = "Corrected income"
		}
		if amount < 0 {
			from, to, amount = to, from, -amount
		}
		reason := fmt.Sprintf("%s %s: %d children at %s (%s)", what, calendar.FinancialYearLabel(financialYear), entered.Children, entered.Rate, entered.Source)
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: from, To: to, Amount: amount, Reason: reason,
			Key: ledger.Key("%s year %d version %d %s", stream, financialYear, was.Version, move.kind)}); err != nil {
			return err
		}
	}
	audited := audit.Entry{Subject: "premium year", SubjectID: financialYear, Action: "set", After: entered}
	if was.Set {
		audited.Before = YearEntry{Rate: was.Rate, Source: was.Source, Children: was.Children, Retained: was.Retained}
	}
	return audit.Change(ctx, tx, audited)
}
