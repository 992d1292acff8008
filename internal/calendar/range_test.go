package calendar_test

import (
	"testing"

	"virtualschool/internal/calendar"
)

func TestRange(t *testing.T) {
	t.Parallel()
	autumn := calendar.Range{Start: day("2026-09-01"), End: day("2026-12-19")}
	open := calendar.Range{Start: day("2026-12-19")}
	always := calendar.Range{}
	empty := calendar.Range{Start: day("2026-10-01"), End: day("2026-10-01")}

	for _, c := range []struct {
		r    calendar.Range
		d    calendar.Date
		want bool
	}{
		{autumn, day("2026-08-31"), false},
		{autumn, day("2026-09-01"), true},
		{autumn, day("2026-12-18"), true}, // R47: still on roll on the last day
		{autumn, day("2026-12-19"), false},
		{open, day("2026-12-19"), true},
		{open, day("2099-01-01"), true},
		{open, day("2026-12-18"), false},
		{always, day("1999-01-01"), true},
		{always, calendar.Date{}, false},
		{empty, day("2026-10-01"), false},
	} {
		if got := c.r.Contains(c.d); got != c.want {
			t.Errorf("%v contains %v: %v", c.r, c.d, got)
		}
	}
	for _, c := range []struct {
		a, b calendar.Range
		want int // days shared by 1 January 2027
	}{
		{autumn, open, 0},
		{autumn, autumn, 109},
		{autumn, always, 109},
		{open, open, 13},
		{autumn, calendar.Range{Start: day("2026-12-18")}, 1},
		{autumn, empty, 0},
		{empty, always, 0},
	} {
		for _, pair := range [][2]calendar.Range{{c.a, c.b}, {c.b, c.a}} {
			if got := pair[0].Overlaps(pair[1]); got != (c.want > 0) {
				t.Errorf("%v overlaps %v: %v", pair[0], pair[1], got)
			}
			if got := pair[0].Overlap(pair[1]).Days(day("2027-01-01")); got != c.want {
				t.Errorf("%v and %v share %d days; want %d", pair[0], pair[1], got, c.want)
			}
		}
	}
	if autumn.Open() || !open.Open() || autumn.LastDay() != day("2026-12-18") || !open.LastDay().IsZero() {
		t.Error("ends are wrong")
	}
	if n := autumn.Days(day("2026-09-11")); n != 10 {
		t.Errorf("%d days by 11 September", n)
	}
	if autumn.Days(day("2026-08-01")) != 0 || always.Days(day("2026-08-01")) != 0 {
		t.Error("days before the start, or with no start, are counted")
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ d, academic, financial string }{
		{"2026-11-21", "2026/27", "2026-27"}, // R3
		{"2026-08-31", "2025/26", "2026-27"},
		{"2026-09-01", "2026/27", "2026-27"},
		{"2027-03-31", "2026/27", "2026-27"},
		{"2027-04-01", "2026/27", "2027-28"},
		{"2099-12-31", "2099/00", "2099-00"},
	} {
		d := day(c.d)
		if got := calendar.AcademicYearLabel(calendar.AcademicYear(d)); got != c.academic {
			t.Errorf("%s is in %s; want %s", c.d, got, c.academic)
		}
		if got := calendar.FinancialYearLabel(calendar.FinancialYear(d)); got != c.financial {
			t.Errorf("%s is in %s; want %s", c.d, got, c.financial)
		}
		if calendar.ReturnYear(d) != calendar.FinancialYear(d) {
			t.Errorf("%s: the return year is not the financial year", c.d)
		}
		if !calendar.AcademicYearRange(calendar.AcademicYear(d)).Contains(d) ||
			!calendar.FinancialYearRange(calendar.FinancialYear(d)).Contains(d) {
			t.Errorf("%s is outside its own years", c.d)
		}
	}
	for _, text := range []string{"2026/27", "2026-27", "2026/2027", " 2026 "} {
		if year, err := calendar.ParseAcademicYear(text); err != nil || year != 2026 {
			t.Errorf("%q is %d, %v", text, year, err)
		}
	}
	for _, text := range []string{"", "26/27", "2026/28", "2026/27/28", "2026/", "1066/67", "year"} {
		if year, err := calendar.ParseAcademicYear(text); err == nil {
			t.Errorf("%q is %d", text, year)
		}
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		born, on string
		want     int
	}{
		{"2015-05-15", "2026-05-14", 10},
		{"2015-05-15", "2026-05-15", 11},
		{"2012-02-29", "2027-02-28", 14},
		{"2012-02-29", "2027-03-01", 15},
		{"2012-02-29", "2028-02-28", 15},
		{"2012-02-29", "2028-02-29", 16},
		{"2026-05-15", "2026-05-15", 0},
		{"2026-05-15", "2026-05-14", -1},
	} {
		if got := calendar.Age(day(c.born), day(c.on)); got != c.want {
			t.Errorf("born %s is %d on %s; want %d", c.born, got, c.on, c.want)
		}
	}
}

func TestCurriculumYear(t *testing.T) { // R1, R2
	t.Parallel()
	for _, c := range []struct {
		born, on    string
		year        int
		name, stage string
	}{
		{"2015-08-31", "2026-11-21", 7, "Year 7", "KS3"},
		{"2015-09-01", "2026-11-21", 6, "Year 6", "KS2"},
		{"2022-01-05", "2026-11-21", 0, "Reception", "EYFS"},
		{"2010-02-14", "2026-11-21", 12, "Year 12", "Post-16"},
		{"2022-09-01", "2026-11-21", -1, "Nursery 2", "EYFS"},
		{"2023-09-01", "2026-11-21", -2, "Nursery 1", "EYFS"},
		{"2024-09-01", "2026-11-21", -3, "Under nursery age", "EYFS"},
		{"2021-08-31", "2026-11-21", 1, "Year 1", "KS1"},
		{"2021-08-31", "2026-08-31", 0, "Reception", "EYFS"},
		{"2021-08-31", "2026-09-01", 1, "Year 1", "KS1"},
		{"2019-09-01", "2026-11-21", 2, "Year 2", "KS1"},
		{"2018-09-01", "2026-11-21", 3, "Year 3", "KS2"},
		{"2012-09-01", "2026-11-21", 9, "Year 9", "KS3"},
		{"2011-09-01", "2026-11-21", 10, "Year 10", "KS4"},
		{"2010-09-01", "2026-11-21", 11, "Year 11", "KS4"},
		{"2006-09-01", "2026-11-21", 15, "Past Year 14", "Post-16"},
	} {
		year := calendar.CurriculumYear(day(c.born), day(c.on))
		if year != c.year || calendar.YearGroup(year) != c.name || calendar.KeyStage(year) != c.stage {
			t.Errorf("born %s, on %s: %d, %s, %s; want %d, %s, %s", c.born, c.on,
				year, calendar.YearGroup(year), calendar.KeyStage(year), c.year, c.name, c.stage)
		}
	}
}

func TestCompulsorySchoolAge(t *testing.T) { // R4
	t.Parallel()
	for _, c := range []struct{ born, starts, leaves string }{
		{"2022-01-05", "2027-03-31", "2038-06-25"},
		{"2022-03-31", "2027-03-31", "2038-06-25"},
		{"2022-04-01", "2027-08-31", "2038-06-25"},
		{"2021-08-31", "2026-08-31", "2037-06-26"},
		{"2021-09-01", "2026-12-31", "2038-06-25"},
		{"2021-12-31", "2026-12-31", "2038-06-25"},
		{"2010-09-01", "2015-12-31", "2027-06-25"}, // turns 16 in 2026/27
		{"2011-08-31", "2016-08-31", "2027-06-25"}, // and so does this child
		{"2011-09-01", "2016-12-31", "2028-06-30"}, // the last Friday is the last day
	} {
		got := calendar.CompulsorySchoolAge(day(c.born))
		if got.Start != day(c.starts) || got.LastDay() != day(c.leaves) || calendar.LeavingDate(day(c.born)) != day(c.leaves) {
			t.Errorf("born %s: %v to %v; want %s to %s", c.born, got.Start, got.LastDay(), c.starts, c.leaves)
		}
	}
}
