package year

import (
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/ledger"
)

func TestIncomeOfEachGrant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stream ledger.Stream
		entry  Entry
		want   money.Pence
		basis  string
	}{
		{ledger.LookedAfter, Entry{Children: 300, Rate: money.Pounds(2630)}, money.Pounds(789000), "300 children at £2,630.00"}, // R32
		{ledger.LookedAfter, Entry{Children: 1, Rate: 1, Hours: 9, Sum: 9}, 1, "1 child at £0.01"},
		{ledger.EarlyYears, Entry{Children: 1, Hours: 380, Rate: 115}, money.Pounds(437), "380 funded hours of 1 child at £1.15"}, // R37
		{ledger.Post16, Entry{Sum: money.Pounds(21000), Children: 9, Rate: 9}, money.Pounds(21000), "One sum"},
	} {
		if got := c.entry.Income(c.stream); got != c.want || c.entry.Basis(c.stream) != c.basis {
			t.Errorf("%s %+v: %s, %q", c.stream, c.entry, got, c.entry.Basis(c.stream))
		}
	}
}

func TestProblemsOfAnEntry(t *testing.T) {
	t.Parallel()
	looked := Entry{Stage: Provisional, Rate: money.Pounds(2630), Source: "DfE", Children: 3}
	early := Entry{Stage: Final, Rate: 115, Source: "DfE", Children: 2, Hours: 2 * MostHours}
	post := Entry{Stage: Final, Sum: money.Pounds(1), Source: "DfE"}
	for name, c := range map[string]struct {
		stream ledger.Stream
		from   Entry
		change func(*Entry)
		field  string
	}{
		"looked after":              {ledger.LookedAfter, looked, func(*Entry) {}, ""},
		"early years":               {ledger.EarlyYears, early, func(*Entry) {}, ""},
		"post-16":                   {ledger.Post16, post, func(*Entry) {}, ""},
		"no stage":                  {ledger.LookedAfter, looked, func(e *Entry) { e.Stage = "" }, "stage"},
		"no rate":                   {ledger.LookedAfter, looked, func(e *Entry) { e.Rate = 0 }, "rate"},
		"pounds for an hour":        {ledger.EarlyYears, early, func(e *Entry) { e.Rate = money.Pounds(115) }, "rate"},
		"no source":                 {ledger.LookedAfter, looked, func(e *Entry) { e.Source = " " }, "source"},
		"a long source":             {ledger.Post16, post, func(e *Entry) { e.Source = strings.Repeat("é", 501) }, "source"},
		"fewer than none":           {ledger.LookedAfter, looked, func(e *Entry) { e.Children = -1 }, "children"},
		"an hour more than funded":  {ledger.EarlyYears, early, func(e *Entry) { e.Hours++ }, "hours"},
		"no sum":                    {ledger.Post16, post, func(e *Entry) { e.Sum = 0 }, "sum"},
		"ten times too large a sum": {ledger.Post16, post, func(e *Entry) { e.Sum = money.Most + 1 }, "sum"},
	} {
		entry := c.from
		c.change(&entry)
		problems := fault.Of(entry.problems(c.stream))
		if (c.field == "") != (len(problems) == 0) || c.field != "" && (len(problems) != 1 || !problems.Has(c.field)) {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestARateIsKnownOrAskedFor(t *testing.T) {
	t.Parallel()
	if rate, known := Published(ledger.LookedAfter, 2025); !known || rate.Amount != money.Pounds(2630) || rate.Source == "" {
		t.Errorf("2025-26: %+v", rate)
	}
	for _, c := range []struct {
		stream ledger.Stream
		year   int
	}{{ledger.LookedAfter, 2026}, {ledger.EarlyYears, 2025}, {ledger.Post16, 2025}} {
		if rate, known := Published(c.stream, c.year); known {
			t.Errorf("%s %d is guessed: %+v", c.stream, c.year, rate)
		}
	}
	for stream, years := range published {
		for year, rate := range years {
			if rate.Amount <= 0 || rate.Source == "" {
				t.Errorf("%s %d: %+v", stream, year, rate)
			}
		}
	}
}

func TestAYearTakesIncomeOnlyWhileItRuns(t *testing.T) {
	t.Parallel()
	for text, fine := range map[string]bool{"2026-03-31": false, "2026-04-01": true, "2027-03-31": true, "2027-04-01": false} {
		if err := open(2026, calendar.MustParse(text)); (err == nil) != fine {
			t.Errorf("on %s: %v", text, err)
		}
		if err := MayClose(2026, calendar.MustParse(text)); (err == nil) != (text == "2027-04-01") {
			t.Errorf("closing on %s: %v", text, err)
		}
	}
}

func TestPlanningTheRetainedShare(t *testing.T) {
	t.Parallel()
	were := []Purpose{{ID: 1, Name: "Tuition", Planned: 1000, Spent: 400}, {ID: 2, Name: "Books", Planned: 500}}
	for name, c := range map[string]struct {
		lines []Line
		field string
		left  map[string]money.Pence // planned, where fine
	}{
		"as it was":             {[]Line{{"Tuition", 1000}, {"Books", 500}}, "", map[string]money.Pence{"Tuition": 1000, "Books": 500}},
		"in another case":       {[]Line{{"tuition", 600}}, "", map[string]money.Pence{"Tuition": 600, "Books": 0}},
		"down to what is spent": {[]Line{{"Tuition", 400}, {"Training", 9}}, "", map[string]money.Pence{"Tuition": 400, "Books": 0, "Training": 9}},
		"a penny under":         {[]Line{{"Tuition", 399}}, "amount-0", nil},
		"without what is spent": {[]Line{{"Books", 500}}, "lines", nil},
		"no name":               {[]Line{{"Tuition", 1000}, {"", 5}}, "name-1", nil},
		"twice":                 {[]Line{{"Tuition", 1000}, {"Books", 5}, {"books", 5}}, "name-2", nil},
		"too much":              {[]Line{{"Tuition", money.Most + 1}}, "amount-0", nil},
		"too long":              {[]Line{{"Tuition", 1000}, {strings.Repeat("x", 201), 5}}, "name-1", nil},
	} {
		will, err := planned(were, c.lines)
		problems := fault.Of(err)
		if (c.field == "") != (err == nil) || c.field != "" && !problems.Has(c.field) {
			t.Errorf("%s: %v", name, problems)
		}
		if err != nil {
			continue
		}
		if len(will) != len(c.left) {
			t.Errorf("%s: %+v", name, will)
		}
		for _, one := range will {
			if want, there := c.left[one.Name]; !there || one.Planned != want {
				t.Errorf("%s: %+v", name, one)
			}
		}
	}
}

func TestTheStatementNamesEveryPenny(t *testing.T) {
	t.Parallel()
	month := func(text, from, to string, sum money.Pence, journal bool) Month {
		return Month{Month: calendar.MustParse(text), From: from, To: to, Sum: sum, Entries: 1, Journal: journal}
	}
	months := []Month{
		month("2026-04-01", "grant", "pool", 10000, false),
		month("2026-04-01", "pool", "retained", 2000, false),
		month("2026-06-01", "retained", "paid", 1500, false),
		month("2026-06-01", "paid", "retained", 100, false),
		month("2026-09-01", "pool", "committed", 7000, false),
		month("2026-10-01", "committed", "paid", 6000, false),
		month("2026-12-01", "pool", "grant", 500, false),
		month("2027-04-01", "committed", "paid", 1000, false),
		month("2027-04-01", "retained", "pool", 600, false),
		month("2027-04-01", "pool", "returned", 1100, false),
		month("2027-06-01", "recovered", "pool", 33, true),
	}
	position := ledger.Position{FinancialYear: 2026, Income: 10000 - 500 - 1100, Returned: 1100, Pool: 33, Paid: 8400, Recovered: 33}
	s := State(position, months)
	want := map[string][3]money.Pence{ // on 31 March, moved since, now
		"grant": {-9500, 0, -9500}, "pool": {500, -467, 33}, "retained": {600, -600, 0}, "committed": {1000, -1000, 0},
		"paid": {7400, 1000, 8400}, "recovered": {0, -33, -33}, "returned": {0, 1100, 1100},
	}
	for _, account := range s.Accounts {
		if got := [3]money.Pence{account.AtEnd(), account.After, account.Now}; got != want[account.Kind] {
			t.Errorf("%s: %v; want %v", account.Kind, got, want[account.Kind])
		}
	}
	if s.Total() != 0 || s.Off != 0 || !s.Proven(position) || s.PaidOnRequests != 7000 || s.SpentOfRetained != 1400 {
		t.Errorf("%+v", s)
	}
	position.Pool++
	if broken := State(position, months); broken.Off != 1 || broken.Proven(position) {
		t.Errorf("a penny from nowhere: %+v", broken)
	}
	if n := Journals(months); n != 1 {
		t.Errorf("%d journals", n)
	}
}
