package retention

import (
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func day(iso string) calendar.Date {
	if iso == "" {
		return calendar.Date{}
	}
	return calendar.MustParse(iso)
}

var rules = []struct {
	name                      string
	born, died, adopted, last string
	inCare                    bool
	years                     int
	until                     string
}{
	{name: "75 years from birth", born: "2015-05-15", inCare: true, until: "2090-05-15"},
	{name: "born on 29 February, no leap year then", born: "1952-02-29", inCare: true, until: "2027-03-01"},
	{name: "born on 29 February 1928, 2003", born: "1928-02-29", inCare: true, until: "2003-03-01"},
	{name: "died a child", born: "2015-05-15", died: "2026-01-31", inCare: true, until: "2041-01-31"},
	{name: "died on 29 February", born: "2015-05-15", died: "2028-02-29", inCare: true, until: "2043-03-01"},
	{name: "died the day before 18", born: "2008-05-15", died: "2026-05-14", inCare: true, until: "2041-05-14"},
	{name: "died on the 18th birthday", born: "2008-05-15", died: "2026-05-15", inCare: true, until: "2083-05-15"},
	{name: "born on 29 February, died on 28 February 18 years on", born: "2008-02-29", died: "2026-02-28", inCare: true, until: "2041-02-28"},
	{name: "born on 29 February, died on 1 March 18 years on", born: "2008-02-29", died: "2026-03-01", inCare: true, until: "2083-03-01"},
	{name: "adopted", born: "2020-05-15", adopted: "2024-07-01", inCare: true, until: "2124-07-01"},
	{name: "adopted on 29 February", born: "2020-05-15", adopted: "2024-02-29", inCare: true, until: "2124-02-29"},
	{name: "adopted on 29 February 2000, no leap year in 2100", born: "1999-05-15", adopted: "2000-02-29", inCare: true, until: "2100-03-01"},
	{name: "adopted, and died a child", born: "2010-05-15", died: "2020-01-01", adopted: "2012-01-01", inCare: true, until: "2112-01-01"},
	{name: "never in care", born: "2015-05-15", last: "2020-06-30", years: 6, until: "2026-06-30"},
	{name: "never in care, last seen on 29 February, by another rule", born: "2015-05-15", last: "2020-02-29", years: 3, until: "2023-03-01"},
}

func TestRule(t *testing.T) {
	t.Parallel()
	for _, c := range rules {
		facts := Facts{DateOfBirth: day(c.born), DiedOn: day(c.died), AdoptedOn: day(c.adopted), WasInCare: c.inCare, LastContact: day(c.last), YearsWithoutCare: c.years}
		kept := Rule(facts)
		if kept.Until != day(c.until) || kept.Why == "" || kept.Source == "" {
			t.Errorf("%s: %+v, not %s", c.name, kept, c.until)
		}
		if kept.Over(kept.Until) || !kept.Over(kept.Until.AddDays(1)) {
			t.Errorf("%s: the last day is not the last", c.name)
		}
	}
}

// TestTheDatabaseHasTheSameRule asks the database what Rule says.
func TestTheDatabaseHasTheSameRule(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	for _, c := range rules {
		var until string
		var batch postgres.Batch
		postgres.Value(&batch, &until, `select kept_until(nullif(@born, '')::date, nullif(@died, '')::date, nullif(@adopted, '')::date, @care, nullif(@last, '')::date, @years)::text`,
			postgres.Args{"born": c.born, "died": c.died, "adopted": c.adopted, "care": c.inCare, "last": c.last, "years": c.years})
		if err := db.View(t.Context(), access.System, &batch); err != nil {
			t.Fatal(err)
		}
		if until != c.until {
			t.Errorf("%s: %s, not %s", c.name, until, c.until)
		}
	}
}
