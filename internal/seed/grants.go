package seed

import (
	"context"
	"strconv"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

// income is every financial year of the story, grant by grant, each figure on its own day: the provisional
// income in April with what is retained of it, the final income in December, and what was spent of the
// retained share in between.
func (c *council) income() (acts []act) {
	head := c.staff.head.Actor
	for financialYear := calendar.FinancialYear(c.days.start); financialYear <= calendar.FinancialYear(c.days.anchor); financialYear++ {
		on := calendar.Latest(c.days.start, c.days.onOrAfter(calendar.New(financialYear, time.April, 1)))
		for _, stream := range ledger.Streams {
			acts = append(acts, act{on, head, "enter income", c.enter(stream, financialYear, year.Provisional)}, act{on, head, "retain", c.retain(stream, financialYear)})
			if december := calendar.New(financialYear, time.December, 10); december.After(on) {
				acts = append(acts, act{december, head, "enter final income", c.enter(stream, financialYear, year.Final)})
			}
			for n, day := range []calendar.Date{calendar.New(financialYear, time.June, 5), calendar.New(financialYear, time.November, 5), calendar.New(financialYear+1, time.February, 5)} {
				if day.After(on) {
					acts = append(acts, act{day, head, "spend of the retained share", c.spend(stream, financialYear, n)})
				}
			}
		}
	}
	return acts
}

func (c *council) enter(stream ledger.Stream, financialYear int, stage year.Stage) func(context.Context, *desk, access.Actor) error {
	return func(ctx context.Context, now *desk, by access.Actor) error {
		position, _, err := grantOf(ctx, now, by, stream, financialYear)
		if err != nil {
			return err
		}
		entry := c.told(stream, financialYear)
		if entry.Stage = stage; stage == year.Final {
			entry.Children++
			entry.Sum += money.Pounds(250)
		}
		return now.years.EnterIncome(ctx, by, stream, financialYear, position.Version, entry)
	}
}

// told is what the department told the council in April. Where no rate is known the demonstration's
// council has entered a working figure and says so.
func (c *council) told(stream ledger.Stream, financialYear int) year.Entry {
	rate, known := year.Published(stream, financialYear)
	entry := year.Entry{Stage: year.Provisional}
	switch stream {
	case ledger.LookedAfter:
		entry.Children = max(1, c.options.Children*70/100)
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

// purposes are what is retained for, of each grant; a bill is what was bought in June, November and February.
var purposes = map[ledger.Stream][]struct {
	name    string
	percent money.Pence // of the income
	bills   [3]string
}{
	ledger.LookedAfter: {
		{"Tuition for all in Year 11", 11, [3]string{"Summer revision groups, invoice 1041", "Autumn tuition in English and maths, invoice 1098", "Spring tuition before the exams, invoice 1163"}},
		{"Training of designated teachers in attachment and trauma", 5, [3]string{"Two training days, invoice 77", "Network day for new designated teachers, invoice 92", "Online course for governors, invoice 105"}},
		{"Books posted home each month", 4, [3]string{"April to June parcels, order 312", "Autumn parcels, order 355", "Winter parcels, order 401"}},
	},
	ledger.EarlyYears: {
		{"Speech and language advice for nurseries and childminders", 45, [3]string{"Visits in the summer term, invoice 18", "Visits in the autumn term, invoice 26", "Visits in the spring term, invoice 31"}},
		{"Story sacks and play boxes for every child", 25, [3]string{"36 story sacks, order 58", "Play boxes, order 61", "Spring story sacks, order 66"}},
	},
	ledger.Post16: {
		{"Study coaches in the three colleges", 50, [3]string{"Coaching April to July, invoice 204", "Coaching September to December, invoice 219", "Coaching in the spring term, invoice 233"}},
		{"Tools, kit and travel to interviews", 20, [3]string{"Catering whites and knives, order 9", "Travel to open days, claim 14", "Tools for three apprentices, order 17"}},
	},
}

// earlier is what was paid of a year before the council began to use the program, in percent of its income.
const earlier = 12

// retain keeps a share of the year for the cohort, purpose by purpose.
func (c *council) retain(stream ledger.Stream, financialYear int) func(context.Context, *desk, access.Actor) error {
	return func(ctx context.Context, now *desk, by access.Actor) error {
		position, _, err := grantOf(ctx, now, by, stream, financialYear)
		if err != nil {
			return err
		}
		var lines []year.Line
		for _, purpose := range purposes[stream] {
			lines = append(lines, year.Line{Name: purpose.name, Planned: position.Income * purpose.percent / 100})
		}
		before := "Paid to schools for the summer term of " + strconv.Itoa(financialYear) + ", from the former spreadsheet"
		if now.db.Today().Month >= time.July { // else the year is young
			lines = append(lines, year.Line{Name: before, Planned: position.Income * earlier / 100})
		}
		if err := now.years.PlanRetained(ctx, by, stream, financialYear, position.Version, lines); err != nil {
			return err
		}
		return spendOn(ctx, now, by, stream, financialYear, before, 100, "Carried over as one sum, with the list of schools kept on paper")
	}
}

// spend pays what was bought of each purpose; n counts the bills of the year.
func (c *council) spend(stream ledger.Stream, financialYear, n int) func(context.Context, *desk, access.Actor) error {
	return func(ctx context.Context, now *desk, by access.Actor) error {
		for _, purpose := range purposes[stream] {
			if err := spendOn(ctx, now, by, stream, financialYear, purpose.name, 31, purpose.bills[n]); err != nil {
				return err
			}
		}
		return nil
	}
}

// spendOn spends so many percent of what is planned for a purpose, if there is one of that name.
func spendOn(ctx context.Context, now *desk, by access.Actor, stream ledger.Stream, financialYear int, name string, percent money.Pence, what string) error {
	_, planned, err := grantOf(ctx, now, by, stream, financialYear)
	if err != nil {
		return err
	}
	for _, purpose := range planned {
		if amount := min(purpose.Planned*percent/100, purpose.Left()); purpose.Name == name && amount > 0 {
			return now.years.Spend(ctx, by, stream, financialYear, year.Spending{PurposeID: purpose.ID, Amount: amount, What: what})
		}
	}
	return nil
}

func grantOf(ctx context.Context, now *desk, by access.Actor, stream ledger.Stream, financialYear int) (position ledger.Position, purposes []year.Purpose, err error) {
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &position, stream, financialYear)
	year.QueuePurposes(&batch, &purposes, stream, financialYear)
	return position, purposes, now.db.View(ctx, by, &batch)
}
