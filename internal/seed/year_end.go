package seed

import (
	"context"
	"errors"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

// sweep spends most of what nobody has asked for by the end of March, for all the children of a grant.
func (c *council) sweep(ctx context.Context, now *desk, by access.Actor) error {
	financialYear := calendar.FinancialYear(now.db.Today())
	for _, stream := range ledger.Streams {
		position, planned, err := grantOf(ctx, now, by, stream, financialYear)
		if err != nil {
			return err
		}
		var lines []year.Line
		for _, purpose := range planned {
			lines = append(lines, year.Line{Name: purpose.Name, Planned: purpose.Spent})
		}
		share := pencil((position.Pool + position.Retained) * 85 / 100)
		if share <= 0 || position.Version == 0 {
			continue
		}
		lines = append(lines, year.Line{Name: lastPurpose, Planned: share})
		if err := now.years.PlanRetained(ctx, by, stream, financialYear, position.Version, lines); err != nil {
			return err
		}
		if err := spendOn(ctx, now, by, stream, financialYear, lastPurpose, 100, "Laptops and books for the summer, framework order 77"); err != nil {
			return err
		}
	}
	return nil
}

const lastPurpose = "Laptops and books for the summer"

// closeYear closes last year's books, once all of it is paid.
func (c *council) closeYear(ctx context.Context, now *desk, by access.Actor) error {
	last := calendar.FinancialYear(now.db.Today()) - 1
	for _, stream := range ledger.Streams {
		position, _, err := grantOf(ctx, now, by, stream, last)
		if err != nil {
			return err
		}
		if position.Version == 0 || position.ClosedAt != nil {
			continue
		}
		if err := now.years.Close(ctx, by, stream, last, position.Version); err != nil {
			return err
		}
	}
	return nil
}

// journal writes in last year's closed books what a school gave back of it, and returns it to the department.
func (c *council) journal(ctx context.Context, now *desk, by access.Actor) error {
	last := calendar.FinancialYear(now.db.Today()) - 1
	position, _, err := grantOf(ctx, now, by, ledger.LookedAfter, last)
	if err != nil || position.ClosedAt == nil {
		return err
	}
	var requests []int64
	var batch postgres.Batch
	postgres.Values(&batch, &requests, `select id from premium_request where stream = 'looked_after' and financial_year = @year and paid_pence > recovered_pence + 12000
		order by decided_at, child_id limit 1`, postgres.Args{"year": last})
	if err := now.db.View(ctx, by, &batch); err != nil || len(requests) == 0 {
		return err
	}
	for n, one := range []year.Journal{
		{Kind: year.Recovered, Amount: 120_00, RequestID: requests[0], Reason: "Found by the audit: two sessions were charged twice, and the school gave it back"},
		{Kind: year.Returned, Amount: 120_00, Reason: "Given back after the year was closed, and so returned"},
	} {
		if err := now.years.Write(ctx, by, ledger.LookedAfter, last, n+1, one); err != nil {
			return err
		}
	}
	return nil
}

// giveReturn gives the department back a part of a grant for which there are fewer children than it counted.
func (c *council) giveReturn(ctx context.Context, now *desk, by access.Actor) error {
	financialYear := calendar.FinancialYear(now.db.Today())
	position, _, err := grantOf(ctx, now, by, ledger.EarlyYears, financialYear)
	if err != nil || position.Pool < 2*655_50 {
		return err
	}
	return now.payments.Return(ctx, by, ledger.EarlyYears, financialYear, 655_50, "One child fewer than was counted, from April on")
}

// unless forgives one kind of refusal.
func unless(err error, kind error) error {
	if errors.Is(err, kind) {
		return nil
	}
	return err
}
