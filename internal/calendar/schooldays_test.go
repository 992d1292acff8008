package calendar_test

import (
	"slices"
	"testing"

	"virtualschool/internal/calendar"
)

// year2026 is a made-up school's 2026/27.
var year2026 = []calendar.Term{
	{AcademicYear: 2026, Name: calendar.Summer, Starts: day("2027-04-12"), Ends: day("2027-07-21"), HalfTermFrom: day("2027-05-31"), HalfTermTo: day("2027-06-04")},
	{AcademicYear: 2026, Name: calendar.Autumn, Starts: day("2026-09-01"), Ends: day("2026-12-18"), HalfTermFrom: day("2026-10-26"), HalfTermTo: day("2026-10-30")},
	{AcademicYear: 2026, Name: calendar.Spring, Starts: day("2027-01-04"), Ends: day("2027-03-25"), HalfTermFrom: day("2027-02-15"), HalfTermTo: day("2027-02-19")},
}

func school() calendar.SchoolDays {
	return calendar.NewSchoolDays(year2026, []calendar.Date{day("2026-09-01"), day("2026-11-27")}, calendar.EnglandBankHolidays(2026, 2027))
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for d, want := range map[string]string{
		"2026-11-21": "Autumn 2026/27 A2", // R3, a Saturday
		"2026-09-01": "Autumn 2026/27 A1",
		"2026-10-25": "Autumn 2026/27 A1",
		"2026-10-26": "Autumn 2026/27 ",
		"2026-10-30": "Autumn 2026/27 ",
		"2026-12-18": "Autumn 2026/27 A2",
		"2027-01-04": "Spring 2026/27 Sp1",
		"2027-02-20": "Spring 2026/27 Sp2",
		"2027-05-28": "Summer 2026/27 Su1",
		"2027-07-21": "Summer 2026/27 Su2",
	} {
		term, ok := calendar.TermContaining(year2026, day(d))
		if got := term.Label() + " " + term.HalfTerm(day(d)); !ok || got != want {
			t.Errorf("%s: %q, %v; want %q", d, got, ok, want)
		}
	}
	for _, d := range []string{"2026-08-31", "2026-12-19", "2027-01-03", "2027-07-22"} {
		if term, ok := calendar.TermContaining(year2026, day(d)); ok {
			t.Errorf("%s is in %s", d, term.Label())
		}
	}
	noBreak := calendar.Term{AcademicYear: 2026, Name: calendar.Autumn, Starts: day("2026-09-01"), Ends: day("2026-12-18")}
	if got := noBreak.HalfTerm(day("2026-09-02")); got != "" {
		t.Errorf("half-term of a term without a known break: %q", got)
	}
}

func TestIsSchoolDay(t *testing.T) {
	t.Parallel()
	s := school()
	for d, want := range map[string]bool{
		"2026-09-01": false, // INSET
		"2026-09-02": true,
		"2026-09-05": false, // Saturday
		"2026-10-23": true,
		"2026-10-26": false, // half-term
		"2026-11-02": true,
		"2026-11-27": false, // closed
		"2026-12-18": true,
		"2026-12-21": false, // holiday
		"2027-05-03": false, // bank holiday in term
		"2027-05-04": true,
		"2027-09-06": false, // not known
	} {
		if s.IsSchoolDay(day(d)) != want {
			t.Errorf("%s is a school day: %v", d, !want)
		}
	}
	week := s.Days(day("2026-11-23"), day("2026-11-30"))
	want := []calendar.Date{day("2026-11-23"), day("2026-11-24"), day("2026-11-25"), day("2026-11-26"), day("2026-11-30")}
	if !slices.Equal(week, want) {
		t.Errorf("the week with a closed Friday: %v", week)
	}
	if total := len(s.Days(day("2026-09-01"), day("2027-08-31"))); total != 193 { // 72 + 54 + 67
		t.Errorf("%d school days in the year; want 193", total)
	}
}

func TestSchoolDaysAdd(t *testing.T) {
	t.Parallel()
	s := school()
	for _, c := range []struct {
		rule, from string
		n          int
		want       string
	}{
		{"R23 N code", "2026-11-02", 5, "2026-11-09"},
		{"R28 board within 15 school days", "2026-11-09", 15, "2026-12-01"},
		{"R28 board within 50 school days", "2026-11-09", 50, "2027-02-02"},
		{"R29 sixth day of a suspension from Monday", "2026-11-09", 5, "2026-11-16"},
		{"over half-term", "2026-10-23", 1, "2026-11-02"},
		{"over Christmas", "2026-12-18", 1, "2027-01-04"},
		{"over a closed day", "2026-11-26", 1, "2026-11-30"},
		{"from a holiday", "2026-12-28", 1, "2027-01-04"},
		{"none", "2026-11-22", 0, "2026-11-22"},
	} {
		if got, ok := s.Add(day(c.from), c.n); !ok || got != day(c.want) {
			t.Errorf("%s: %d after %s is %v, %v; want %s", c.rule, c.n, c.from, got, ok, c.want)
		}
	}
	for _, c := range []struct {
		d calendar.Date
		n int
	}{
		{day("2027-07-21"), 1}, // next year's dates are not known
		{day("2027-09-06"), 0},
		{day("2026-11-09"), 1000},
		{day("2026-11-09"), -1},
		{calendar.Date{}, 1},
	} {
		if got, ok := s.Add(c.d, c.n); ok {
			t.Errorf("%d after %v is guessed as %v", c.n, c.d, got)
		}
	}
}

func TestSchoolDaysBetween(t *testing.T) {
	t.Parallel()
	s := school()
	for _, c := range []struct {
		rule, from, to string
		want           int
		known          bool
	}{
		{"R16 out of school", "2026-11-02", "2026-11-18", 12, true},
		{"R30 decided Monday, told Thursday", "2026-11-09", "2026-11-12", 3, true},
		{"R30 told the same day", "2026-11-09", "2026-11-09", 0, true},
		{"over half-term", "2026-10-23", "2026-11-02", 1, true},
		{"backwards", "2026-11-12", "2026-11-09", -3, true},
		{"in the summer holiday", "2027-07-21", "2027-08-31", 0, true},
		{"into an unknown year", "2027-07-20", "2027-09-10", 1, false},
		{"from an unknown year", "2026-08-20", "2026-09-04", 3, false},
	} {
		if got, known := s.Between(day(c.from), day(c.to)); got != c.want || known != c.known {
			t.Errorf("%s: %d, %v; want %d, %v", c.rule, got, known, c.want, c.known)
		}
	}
	if got, known := s.Between(calendar.Date{}, day("2026-11-09")); got != 0 || known {
		t.Errorf("from no date: %d, %v", got, known)
	}
}

func TestSchoolDaysHoldTogether(t *testing.T) {
	t.Parallel()
	s := school()
	for _, n := range []int{1, 5, 6, 15, 50} {
		previous := calendar.Date{}
		for d := day("2026-09-01"); d.Before(day("2027-08-31")); d = d.AddDays(1) {
			got, ok := s.Add(d, n)
			if !ok {
				break
			}
			if back, known := s.Between(d, got); got.Before(previous) || !s.IsSchoolDay(got) || back != n || !known {
				t.Fatalf("%d after %v is %v (after %v), which counts back as %d, %v", n, d, got, previous, back, known)
			}
			previous = got
		}
		if previous.IsZero() {
			t.Errorf("nothing is %d school days after anything", n)
		}
	}
}

// With one term missing the gap must not be taken for a holiday.
func TestSchoolDaysWithAMissingTerm(t *testing.T) {
	t.Parallel()
	s := calendar.NewSchoolDays(year2026[:2], nil, nil) // summer and autumn
	if got, ok := s.Add(day("2026-12-18"), 1); ok {
		t.Errorf("the day after autumn is guessed as %v", got)
	}
	if n, known := s.Between(day("2026-12-17"), day("2027-04-13")); known {
		t.Errorf("over the missing spring: %d", n)
	}
	if got, ok := s.Add(day("2026-11-02"), 5); !ok || got != day("2026-11-09") {
		t.Errorf("inside a known term: %v, %v", got, ok)
	}
}
