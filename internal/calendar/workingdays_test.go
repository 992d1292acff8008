package calendar_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
)

func TestEnglandBankHolidays(t *testing.T) {
	t.Parallel()
	// As published on gov.uk for 2026 and 2027; 2028 by the same rules.
	want := []string{
		"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
		"2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28",
		"2028-01-03", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-29", "2028-08-28", "2028-12-25", "2028-12-26",
	}
	if got := isoDays(calendar.EnglandBankHolidays(2026, 2028)); !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	// Past years that moved a day or had one proclaimed.
	want = []string{"2022-01-03", "2022-04-15", "2022-04-18", "2022-05-02", "2022-06-02", "2022-06-03", "2022-08-29", "2022-12-26", "2022-12-27"}
	if got := isoDays(calendar.EnglandBankHolidays(2022, 2022)); !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	extra := calendar.Holiday{Date: day("2026-06-15"), Name: "A special day"}
	if got := calendar.EnglandBankHolidays(2026, 2026, extra, extra); len(got) != 9 || got[5] != extra {
		t.Errorf("with a special day: %v", got)
	}
}

func isoDays(holidays []calendar.Holiday) []string {
	var days []string
	for _, h := range holidays {
		days = append(days, h.Date.String())
	}
	return days
}

func TestWithPublished(t *testing.T) {
	t.Parallel()
	computed := calendar.EnglandBankHolidays(2026, 2027)
	var published []calendar.Holiday
	for _, h := range computed {
		if h.Date == day("2026-05-04") {
			h.Date = day("2026-05-08") // moved, as in 2020
		}
		if h.Date.Year == 2026 {
			published = append(published, h)
		}
	}
	special := calendar.Holiday{Date: day("2027-06-15"), Name: "A special day"}
	w := calendar.NewWorkingDays(calendar.WithPublished(computed, append(published, special)))
	for d, want := range map[string]bool{"2026-05-04": true, "2026-05-08": false, "2027-05-03": false, "2027-06-15": false} {
		if w.IsWorkingDay(day(d)) != want {
			t.Errorf("%s working: %v", d, !want)
		}
	}
	if w.BankHoliday(day("2027-06-15")) != "A special day" || w.BankHoliday(day("2027-06-16")) != "" {
		t.Error("the day's name is lost")
	}
}

const publishedSample = `{
 "england-and-wales": {"division": "england-and-wales", "events": [
  {"title": "Boxing Day", "date": "2026-12-28", "notes": "Substitute day", "bunting": true},
  {"title": "Christmas Day", "date": "2026-12-25", "notes": "", "bunting": true}]},
 "scotland": {"division": "scotland", "events": [
  {"title": "2nd January", "date": "2026-01-02", "notes": "", "bunting": true}]}}`

func TestParseBankHolidays(t *testing.T) {
	t.Parallel()
	got, err := calendar.ParseBankHolidays(strings.NewReader(publishedSample))
	want := []calendar.Holiday{{Date: day("2026-12-25"), Name: "Christmas Day"}, {Date: day("2026-12-28"), Name: "Boxing Day"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{
		"", "<html>", `{}`, `{"scotland":{"events":[{"title":"2nd January","date":"2026-01-02"}]}}`,
		`{"england-and-wales":{"events":[]}}`,
		`{"england-and-wales":{"events":[{"title":"Sometime"}]}}`,
		`{"england-and-wales":{"events":[{"title":"Sometime","date":"2026-02-30"}]}}`,
	} {
		if got, err := calendar.ParseBankHolidays(strings.NewReader(text)); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// The published file, when it is beside the checkout, says what is computed.
func TestComputedAgreesWithPublishedFile(t *testing.T) {
	t.Parallel()
	name := "../../../shared/data/calendar/bank-holidays.json"
	if _, err := os.Stat(name); err != nil {
		return
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	published, err := calendar.ParseBankHolidays(file)
	if err != nil {
		t.Fatal(err)
	}
	first, last := published[0].Date.Year, published[len(published)-1].Date.Year
	if got, want := isoDays(calendar.EnglandBankHolidays(first, last)), isoDays(published); !slices.Equal(got, want) {
		t.Errorf("computed  %v\npublished %v", got, want)
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	w := calendar.EnglandWorkingDays()
	for _, c := range []struct {
		rule, from string
		n          int
		want       string
	}{
		{"R6 initial PEP initiated", "2026-12-14", 10, "2026-12-30"},
		{"R7 initial PEP complete, first care review", "2026-12-14", 20, "2027-01-14"},
		{"R8 first care review", "2026-11-02", 20, "2026-11-30"},
		{"R11 sign-off", "2026-11-09", 5, "2026-11-16"},
		{"R14 change of school", "2027-01-04", 10, "2027-01-18"},
		{"from a Saturday", "2026-11-21", 1, "2026-11-23"},
		{"back to Friday", "2026-11-23", -1, "2026-11-20"},
		{"back over Christmas", "2027-01-04", -10, "2026-12-16"},
		{"none from a Sunday", "2026-11-22", 0, "2026-11-22"},
	} {
		if got := w.Add(day(c.from), c.n); got != day(c.want) {
			t.Errorf("%s: %d after %s is %v; want %s", c.rule, c.n, c.from, got, c.want)
		}
	}
	if got := w.Between(day("2026-11-30"), day("2026-12-07")); got != 5 { // R10
		t.Errorf("due 30 November, not held on 7 December: %d working days overdue", got)
	}
	if got := w.Between(day("2026-12-07"), day("2026-11-30")); got != -5 {
		t.Errorf("back again: %d", got)
	}
	if !w.Add(calendar.Date{}, 3).IsZero() || w.Between(calendar.Date{}, day("2026-12-07")) != 0 || w.IsWorkingDay(calendar.Date{}) {
		t.Error("no date is counted")
	}
	if (calendar.WorkingDays{}).IsWorkingDay(day("2026-12-25")) == false {
		t.Error("with no holidays given, a Friday is a working day")
	}
}

// Over ten years: a later start is never due earlier, one more day is always
// later, the day landed on is a working day, and Between undoes Add.
func TestWorkingDaysHoldTogether(t *testing.T) {
	t.Parallel()
	w := calendar.EnglandWorkingDays()
	for _, n := range []int{-20, -5, -1, 1, 2, 5, 10, 15, 20, 45} {
		previous := w.Add(day("2023-12-31"), n)
		for d := day("2024-01-01"); d.Year <= 2034; d = d.AddDays(1) {
			got := w.Add(d, n)
			further := w.Add(got, n/abs(n))
			switch {
			case got.Before(previous):
				t.Fatalf("%d from %v is %v, before %v from the day before", n, d, got, previous)
			case !w.IsWorkingDay(got):
				t.Fatalf("%d from %v is %v, not a working day", n, d, got)
			case w.Between(d, got) != n:
				t.Fatalf("%d from %v is %v, which counts back as %d", n, d, got, w.Between(d, got))
			case w.Add(d, n+n/abs(n)) != further:
				t.Fatalf("%d from %v and one more is %v and not %v", n, d, w.Add(d, n+n/abs(n)), further)
			}
			previous = got
		}
	}
}

func abs(n int) int { return max(n, -n) }

func TestMonthsAndWeeks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule      string
		got, want calendar.Date
	}{
		{"R8 second care review", day("2026-11-30").AddMonths(3), day("2027-02-28")},
		{"R8 next care review", day("2027-02-28").AddMonths(6), day("2027-08-28")},
		{"R9 termly PEP", day("2026-11-10").AddMonths(4), day("2027-03-10")},
		{"R9 cut-off first", calendar.Earliest(day("2027-02-12"), day("2026-11-10").AddMonths(4)), day("2027-02-12")},
		{"R31 reduced timetable", calendar.Weeks(day("2026-09-07"), 6), day("2026-10-19")},
		{"R38 EHC decision to assess", calendar.Weeks(day("2026-09-14"), 6), day("2026-10-26")},
		{"R38 EHC decision to issue", calendar.Weeks(day("2026-09-14"), 16), day("2027-01-04")},
		{"R38 EHC final plan", calendar.Weeks(day("2026-09-14"), 20), day("2027-02-01")},
		{"R39 annual review decision", calendar.Weeks(day("2026-11-10"), 4), day("2026-12-08")},
		{"R39 annual review final", calendar.Weeks(day("2026-11-10"), 12), day("2027-02-02")},
		{"R50 retention", day("2015-05-15").AddYears(75), day("2090-05-15")},
		{"R51 subject access", day("2027-01-31").AddMonths(1), day("2027-02-28")},
		{"R51 extended", day("2027-01-31").AddMonths(3), day("2027-04-30")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v; want %v", c.rule, c.got, c.want)
		}
	}
}
