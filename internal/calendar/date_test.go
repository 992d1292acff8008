package calendar_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"virtualschool/internal/calendar"
)

// day is short for the tables.
func day(iso string) calendar.Date { return calendar.MustParse(iso) }

func TestParse(t *testing.T) {
	t.Parallel()
	if d, err := calendar.Parse("2026-12-07"); err != nil || d != (calendar.Date{Year: 2026, Month: time.December, Day: 7}) {
		t.Errorf("%v, %v", d, err)
	}
	for _, text := range []string{"", "2026-9-31", "2026-09-31", "2027-02-29", "07/12/2026", "2026-12-07 ", "2026-12-07T00:00:00Z", "26-12-07", "today"} {
		if d, err := calendar.Parse(text); err == nil {
			t.Errorf("Parse(%q) = %v", text, d)
		}
	}
}

func TestArithmetic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		got, want calendar.Date
	}{
		{"over a month end", day("2026-11-30").AddDays(1), day("2026-12-01")},
		{"back over a leap day", day("2028-03-01").AddDays(-1), day("2028-02-29")},
		{"over the spring clock change", day("2026-03-28").AddDays(2), day("2026-03-30")},
		{"over the autumn clock change", day("2026-10-24").AddDays(2), day("2026-10-26")},
		{"31 January and a month", day("2027-01-31").AddMonths(1), day("2027-02-28")},
		{"31 January and a month, leap", day("2028-01-31").AddMonths(1), day("2028-02-29")},
		{"31 March less a month", day("2026-03-31").AddMonths(-1), day("2026-02-28")},
		{"over a year end", day("2026-11-30").AddMonths(3), day("2027-02-28")},
		{"back over a year end", day("2027-01-15").AddMonths(-13), day("2025-12-15")},
		{"leap day and a year", day("2028-02-29").AddYears(1), day("2029-02-28")},
		{"leap day and four", day("2028-02-29").AddYears(4), day("2032-02-29")},
		{"no date stays none", calendar.Date{}.AddDays(3), calendar.Date{}},
		{"no date and months", calendar.Date{}.AddMonths(3), calendar.Date{}},
		{"overflowing New", calendar.New(2026, time.September, 31), day("2026-10-01")},
		{"Monday of a Monday", day("2026-12-07").Monday(), day("2026-12-07")},
		{"Monday of a Sunday", day("2026-12-13").Monday(), day("2026-12-07")},
		{"earliest", calendar.Earliest(calendar.Date{}, day("2026-12-07"), day("2026-12-01")), day("2026-12-01")},
		{"earliest of none", calendar.Earliest(calendar.Date{}), calendar.Date{}},
		{"latest", calendar.Latest(day("2026-12-07"), calendar.Date{}, day("2026-12-01")), day("2026-12-07")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v; want %v", c.name, c.got, c.want)
		}
	}
	if n := day("2027-01-01").Sub(day("2026-01-01")); n != 365 {
		t.Errorf("2026 has %d days", n)
	}
	if n := day("2026-03-01").Sub(day("2026-03-31")); n != -30 {
		t.Errorf("back through March: %d", n)
	}
	if day("2026-11-21").Weekday() != time.Saturday {
		t.Error("21 November 2026 is a Saturday")
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	days := []calendar.Date{{}, day("2025-12-31"), day("2026-01-01"), day("2026-01-02"), day("2026-02-01")}
	for i, a := range days {
		for j, b := range days {
			if a.Before(b) != (i < j) || a.After(b) != (i > j) || (a.Compare(b) == 0) != (i == j) {
				t.Errorf("%v and %v are out of order", a, b)
			}
		}
	}
	shuffled := []calendar.Date{days[3], days[0], days[4], days[2], days[1]}
	slices.SortFunc(shuffled, calendar.Date.Compare)
	if !slices.Equal(shuffled, days) {
		t.Errorf("sorted: %v", shuffled)
	}
}

// Every day of ten years is one after the last, and survives being written.
func TestEveryDay(t *testing.T) {
	t.Parallel()
	d := day("2024-01-01")
	for n := range 3653 {
		if d.Sub(day("2024-01-01")) != n || day(d.String()) != d || calendar.Of(d.Start()) != d ||
			calendar.Of(d.AddDays(1).Start().Add(-time.Second)) != d {
			t.Fatalf("day %d is %v", n, d)
		}
		d = d.AddDays(1)
	}
	if d != day("2034-01-01") {
		t.Errorf("3,653 days after 1 January 2024 is %v", d)
	}
}

func TestOfIsTheDayInLondon(t *testing.T) {
	t.Parallel()
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	for utc, want := range map[string]string{
		"2026-03-28T23:30:00Z": "2026-03-28",
		"2026-03-29T00:30:00Z": "2026-03-29",
		"2026-03-29T22:30:00Z": "2026-03-29",
		"2026-03-29T23:30:00Z": "2026-03-30", // half past midnight, summer time
		"2026-03-31T22:30:00Z": "2026-03-31",
		"2026-03-31T23:30:00Z": "2026-04-01", // a new financial year
		"2026-08-31T22:30:00Z": "2026-08-31",
		"2026-08-31T23:30:00Z": "2026-09-01", // a new academic year
		"2026-10-24T22:30:00Z": "2026-10-24",
		"2026-10-24T23:30:00Z": "2026-10-25",
		"2026-10-25T00:30:00Z": "2026-10-25", // 1:30 for the first time
		"2026-10-25T01:30:00Z": "2026-10-25", // 1:30 for the second
		"2026-10-25T23:30:00Z": "2026-10-25",
		"2026-10-26T00:30:00Z": "2026-10-26",
		"2028-02-28T23:30:00Z": "2028-02-28",
		"2028-02-29T00:30:00Z": "2028-02-29",
		"2028-02-29T23:30:00Z": "2028-02-29",
		"2028-03-01T00:30:00Z": "2028-03-01",
	} {
		moment, err := time.Parse(time.RFC3339, utc)
		if err != nil {
			t.Fatal(err)
		}
		for _, same := range []time.Time{moment, moment.In(calendar.London), moment.In(auckland)} {
			if got := calendar.Of(same); got != day(want) {
				t.Errorf("Of(%v) = %v; want %v", same, got, want)
			}
			if got := calendar.Today(func() time.Time { return same }); got != day(want) {
				t.Errorf("Today at %v = %v; want %v", same, got, want)
			}
		}
	}
	if !calendar.Of(time.Time{}).IsZero() || !(calendar.Date{}).Start().IsZero() {
		t.Error("no moment is some day")
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	for d, want := range map[string]string{
		"2026-03-29": "2026-03-29T00:00:00Z",
		"2026-03-30": "2026-03-29T23:00:00Z",
		"2026-10-25": "2026-10-24T23:00:00Z",
		"2026-10-26": "2026-10-26T00:00:00Z",
		"2026-12-19": "2026-12-19T00:00:00Z", // R47: gone at midnight after the 18th
	} {
		if got := day(d).Start().Format(time.RFC3339); got != want {
			t.Errorf("%s starts at %s; want %s", d, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	d := day("2026-12-07")
	if d.Words() != "7 December 2026" || d.WordsWithDay() != "Monday 7 December 2026" || d.Short() != "7 Dec 2026" || d.String() != "2026-12-07" {
		t.Errorf("%q %q %q %q", d.Words(), d.WordsWithDay(), d.Short(), d)
	}
	var none calendar.Date
	if none.Words()+none.WordsWithDay()+none.Short()+none.String()+none.Relative(d) != "" {
		t.Error("no date has words")
	}
	for n, want := range map[int]string{0: "today", 1: "tomorrow", -1: "yesterday", 3: "in 3 days", -2: "2 days ago", 365: "in 365 days"} {
		if got := d.AddDays(n).Relative(d); got != want {
			t.Errorf("%d days: %q; want %q", n, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	for utc, want := range map[string]string{
		"2026-12-07T14:30:00Z": "7 December 2026 at 2:30pm",
		"2026-12-07T09:00:59Z": "7 December 2026 at 9am",
		"2026-07-07T11:00:00Z": "7 July 2026 at midday",
		"2026-07-07T23:00:00Z": "8 July 2026 at midnight",
		"2026-07-07T23:05:00Z": "8 July 2026 at 12:05am",
	} {
		moment, err := time.Parse(time.RFC3339, utc)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.Moment(moment); got != want {
			t.Errorf("%s: %q; want %q", utc, got, want)
		}
	}
	if calendar.Moment(time.Time{}) != "" {
		t.Error("no moment has words")
	}
}

func TestStorage(t *testing.T) {
	t.Parallel()
	d := day("2026-03-29")
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range []any{
		"2026-03-29", []byte("2026-03-29"),
		time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 0, 0, 0, 0, auckland),
		time.Date(2026, 3, 29, 23, 59, 0, 0, calendar.London),
	} {
		got := day("2000-01-01")
		if err := got.Scan(source); err != nil || got != d {
			t.Errorf("Scan(%v) = %v, %v", source, got, err)
		}
	}
	got := d
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Errorf("NULL reads as %v, %v", got, err)
	}
	for _, source := range []any{42, "infinity", "2026-02-30"} {
		if err := got.Scan(source); err == nil {
			t.Errorf("Scan(%v) = %v", source, got)
		}
	}
	if value, err := d.Value(); err != nil || value != "2026-03-29" {
		t.Errorf("Value %v, %v", value, err)
	}
	if value, err := (calendar.Date{}).Value(); err != nil || value != nil {
		t.Errorf("Value of no date %v, %v", value, err)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	type meeting struct{ Held, Next calendar.Date }
	text, err := json.Marshal(meeting{Held: day("2026-11-09")})
	if err != nil || string(text) != `{"Held":"2026-11-09","Next":""}` {
		t.Fatalf("%s, %v", text, err)
	}
	var back meeting
	if err := json.Unmarshal(text, &back); err != nil || back != (meeting{Held: day("2026-11-09")}) {
		t.Errorf("%v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"Held":"2026-02-30"}`), &back); err == nil {
		t.Error("30 February was read")
	}
	byDay, err := json.Marshal(map[calendar.Date]int{day("2026-11-09"): 1})
	if err != nil || string(byDay) != `{"2026-11-09":1}` {
		t.Errorf("%s, %v", byDay, err)
	}
}

func TestAgeInWords(t *testing.T) {
	t.Parallel()
	today := calendar.MustParse("2026-11-23")
	for day, want := range map[string]string{"2026-11-23": "today", "2026-12-01": "today", "2026-11-22": "1 day old", "2026-11-10": "13 days old", "2026-11-09": "2 weeks old",
		"2026-09-01": "11 weeks old", "2026-05-25": "5 months old", "2025-09-01": "14 months old", "2024-11-23": "2 years old"} {
		if got := calendar.MustParse(day).Age(today); got != want {
			t.Errorf("%s is %q, want %q", day, got, want)
		}
	}
	if got := (calendar.Date{}).Age(today); got != "" {
		t.Errorf("no day is %q", got)
	}
}

// TestDaysAreCountedAsTimeCountsThem goes through every day of two hundred years, and no date at all.
func TestDaysAreCountedAsTimeCountsThem(t *testing.T) {
	t.Parallel()
	origin := calendar.New(2000, time.February, 29)
	for n := -36_600; n <= 36_600; n++ {
		want := time.Date(2000, time.February, 29+n, 0, 0, 0, 0, time.UTC)
		d := origin.AddDays(n)
		if d != calendar.New(want.Year(), want.Month(), want.Day()) || d.Weekday() != want.Weekday() || d.Sub(origin) != n || d.AddDays(-9) != origin.AddDays(n-9) {
			t.Fatalf("%d days from %s is %s, a %s, %d days off; want %s", n, origin, d, d.Weekday(), d.Sub(origin), want)
		}
	}
	none := time.Date(0, 0, 0, 0, 0, 0, 0, time.UTC)
	if d := (calendar.Date{}); d.Weekday() != none.Weekday() || int64(origin.Sub(d)) != (time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC).Unix()-none.Unix())/86_400 {
		t.Errorf("no date: %s, %d", d.Weekday(), origin.Sub(d))
	}
}
