package seed

import (
	"context"
	"fmt"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

// setMoney enters every financial year of the story, grant by grant, each figure on its own day: the
// provisional income in April with what is retained of it, the final income in December, and what was
// spent of the retained share in between.
func (c *council) setMoney(ctx context.Context) error {
	for financialYear := calendar.FinancialYear(c.days.start); financialYear <= calendar.FinancialYear(c.days.today); financialYear++ {
		for _, stream := range ledger.Streams {
			if err := c.setGrant(ctx, stream, financialYear); err != nil {
				return fmt.Errorf("%s of %d: %w", stream.Name(), financialYear, explain(err))
			}
		}
	}
	return nil
}

func (c *council) setGrant(ctx context.Context, stream ledger.Stream, financialYear int) error {
	head := c.staff.head.Actor
	on := calendar.Latest(c.days.start, calendar.New(financialYear, time.April, 20))
	if on.After(c.days.anchor) {
		on = calendar.New(financialYear, time.April, 1)
	}
	entry := c.told(stream, financialYear)
	if err := c.at(on, 2).years.EnterIncome(ctx, head, stream, financialYear, 0, entry); err != nil {
		return err
	}
	if december := calendar.New(financialYear, time.December, 10); december.After(on) && !december.After(c.days.anchor) {
		entry.Stage = year.Final
		entry.Children++
		entry.Sum += money.Pounds(250)
		if err := c.at(december, 4).years.EnterIncome(ctx, head, stream, financialYear, 2, entry); err != nil {
			return err
		}
	}
	if stream != ledger.LookedAfter {
		return nil
	}
	return c.retain(ctx, financialYear, on, entry.Income(stream))
}

// told is what the department told the council in April. Where no rate is known the demonstration's
// council has entered a working figure and says so.
func (c *council) told(stream ledger.Stream, financialYear int) year.Entry {
	rate, known := year.Published(stream, financialYear)
	entry := year.Entry{Stage: year.Provisional}
	switch stream {
	case ledger.LookedAfter:
		entry.Children = max(1, c.options.Children*78/100)
		if !known {
			rate = year.Rate{Amount: money.Pounds(2630), Source: "Council’s working figure, last known rate, until the year’s published rate is entered by the Virtual School"}
		}
	case ledger.EarlyYears:
		entry.Children = max(8, c.options.Children*12/100)
		entry.Hours = entry.Children * year.MostHours
		if !known {
			rate = year.Rate{Amount: money.Pounds(1), Source: "Council’s working figure: £1.00 an hour, until the published rate is entered"}
		}
	case ledger.Post16:
		entry.Sum = money.Pounds(500) * money.Pence(max(5, c.options.Children*14/100))
		rate.Source = "Department for Education, grant letter for the post-16 pupil premium plus"
	}
	entry.Rate, entry.Source = rate.Amount, rate.Source
	return entry
}

// retain keeps 15% of the year for the cohort, in three purposes, and spends of each in the year.
func (c *council) retain(ctx context.Context, financialYear int, on calendar.Date, income money.Pence) error {
	head := c.staff.head.Actor
	purposes := []money.Share{{Name: "Tuition for all in Year 11", Weight: 8}, {Name: "Training of designated teachers in attachment and trauma", Weight: 4}, {Name: "Books posted home each month", Weight: 3}}
	if err := money.SplitNamed(income*15/100, purposes); err != nil {
		return err
	}
	var lines []year.Line
	for _, purpose := range purposes {
		lines = append(lines, year.Line{Name: purpose.Name, Planned: purpose.Amount})
	}
	now := c.at(on, 6)
	position, _, err := c.retainedOf(ctx, now.db, financialYear)
	if err != nil {
		return err
	}
	if err := now.years.PlanRetained(ctx, head, ledger.LookedAfter, financialYear, position.Version, lines); err != nil {
		return err
	}
	_, planned, err := c.retainedOf(ctx, now.db, financialYear)
	if err != nil {
		return err
	}
	for n, bill := range []struct {
		month   time.Month
		after   int // years into the financial year
		percent money.Pence
		what    []string
	}{
		{time.June, 0, 30, []string{"Summer revision groups, invoice 1041", "Two training days, invoice 77", "April to June parcels, order 312"}},
		{time.November, 0, 30, []string{"Autumn tuition in English and maths, invoice 1098", "Network day for new designated teachers, invoice 92", "Autumn parcels, order 355"}},
		{time.February, 1, 25, []string{"Spring tuition before the exams, invoice 1163", "Online course for governors, invoice 105", "Winter parcels, order 401"}},
	} {
		day := calendar.New(financialYear+bill.after, bill.month, 5)
		if !day.After(on) || day.After(c.days.anchor) {
			continue
		}
		for i, purpose := range planned {
			spending := year.Spending{PurposeID: purpose.ID, Amount: purpose.Planned * bill.percent / 100, What: bill.what[i]}
			if err := c.at(day, 10+n).years.Spend(ctx, head, ledger.LookedAfter, financialYear, spending); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *council) retainedOf(ctx context.Context, db *postgres.DB, financialYear int) (position ledger.Position, purposes []year.Purpose, err error) {
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &position, ledger.LookedAfter, financialYear)
	year.QueuePurposes(&batch, &purposes, ledger.LookedAfter, financialYear)
	return position, purposes, db.View(ctx, c.staff.head.Actor, &batch)
}
