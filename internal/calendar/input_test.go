package calendar_test

import (
	"errors"
	"testing"

	"virtualschool/internal/calendar"
)

func TestParseInput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, month, year, want string }{
		{"7", "12", "2026", "2026-12-07"},
		{" 07 ", "\t12", "2026\u00a0", "2026-12-07"},
		{"7", "December", "2026", "2026-12-07"},
		{"7", "dec", "2026", "2026-12-07"},
		{"30", "Sept", "2026", "2026-09-30"},
		{"29", "2", "2028", "2028-02-29"},
		{"1", "1", "1900", "1900-01-01"},
		{"31", "12", "2100", "2100-12-31"},
	} {
		if got, err := calendar.ParseInput(c.day, c.month, c.year); err != nil || got != day(c.want) {
			t.Errorf("%q %q %q = %v, %v; want %s", c.day, c.month, c.year, got, err, c.want)
		}
	}
}

func TestParseInputExplains(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, month, year, want, marks string }{
		{"", "", "", "Enter date of birth", "dmy"},
		{" ", "", "\t", "Enter date of birth", "dmy"},
		{"7", "", "2015", "Date of birth must include a month", "m"},
		{"", "12", "2015", "Date of birth must include a day", "d"},
		{"7", "12", "", "Date of birth must include a year", "y"},
		{"7", "", "", "Date of birth must include a month and year", "my"},
		{"31", "9", "2015", "Date of birth must be a real date", "d"},
		{"31", "September", "2015", "Date of birth must be a real date", "d"},
		{"29", "2", "2027", "Date of birth must be a real date", "d"},
		{"0", "2", "2027", "Date of birth must be a real date", "d"},
		{"7", "13", "2015", "Date of birth must be a real date", "m"},
		{"7", "0", "2015", "Date of birth must be a real date", "m"},
		{"7", "Decembre", "2015", "Date of birth must be a real date", "m"},
		{"seven", "12", "2015", "Date of birth must be a real date", "d"},
		{"-7", "12", "2015", "Date of birth must be a real date", "d"},
		{"7.5", "12", "2015", "Date of birth must be a real date", "d"},
		{"7", "12", "next", "Date of birth must be a real date", "y"},
		{"x", "y", "z", "Date of birth must be a real date", "dmy"},
		{"7", "12", "15", "Date of birth must include a year with 4 numbers, like 2026", "y"},
		{"7", "12", "20155", "Date of birth must include a year with 4 numbers, like 2026", "y"},
		{"7", "12", "1899", "Date of birth must have a year between 1900 and 2100", "y"},
		{"7", "12", "2101", "Date of birth must have a year between 1900 and 2100", "y"},
		{"7", "12", "٢٠١٥", "Date of birth must be a real date", "y"},
	} {
		got, err := calendar.ParseInput(c.day, c.month, c.year)
		wrong, ok := errors.AsType[*calendar.InputError](err)
		if !ok || !got.IsZero() {
			t.Errorf("%q %q %q = %v, %v", c.day, c.month, c.year, got, err)
			continue
		}
		marks := ""
		for _, box := range []struct {
			wrong bool
			mark  string
		}{{wrong.Day, "d"}, {wrong.Month, "m"}, {wrong.Year, "y"}} {
			if box.wrong {
				marks += box.mark
			}
		}
		if words := calendar.InputProblem(err, "Date of birth"); words != c.want || marks != c.marks {
			t.Errorf("%q %q %q: %q marking %s; want %q marking %s", c.day, c.month, c.year, words, marks, c.want, c.marks)
		}
		if empty := errors.Is(err, calendar.ErrNothingEntered); empty != (c.marks == "dmy" && c.day != "x") {
			t.Errorf("%q %q %q: nothing entered %v", c.day, c.month, c.year, empty)
		}
	}
	_, err := calendar.ParseInput("", "", "")
	if got := calendar.InputProblem(err, "PEP meeting date"); got != "Enter PEP meeting date" {
		t.Errorf("%q", got)
	}
	if err.Error() != "Enter the date" {
		t.Errorf("%q", err)
	}
	if got := calendar.InputProblem(errors.New("disk on fire"), "Meeting date"); got != "Meeting date must be a real date" {
		t.Errorf("%q", got)
	}
}

func FuzzParseInput(f *testing.F) {
	f.Add("7", "12", "2026")
	f.Add("31", "Sept", "2026")
	f.Add("", "", "")
	f.Add("29", "2", "1900")
	f.Fuzz(func(t *testing.T, d, m, y string) {
		got, err := calendar.ParseInput(d, m, y)
		if (err == nil) == got.IsZero() {
			t.Fatalf("%q %q %q = %v, %v", d, m, y, got, err)
		}
		if err != nil {
			wrong, ok := errors.AsType[*calendar.InputError](err)
			if !ok || !(wrong.Day || wrong.Month || wrong.Year) {
				t.Fatalf("%q %q %q: %v marks no box", d, m, y, err)
			}
			return
		}
		if again, err := calendar.Parse(got.String()); err != nil || again != got {
			t.Fatalf("%q %q %q gave %v, which is not a real date", d, m, y, got)
		}
	})
}
