package attendance

import (
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

func TestRatesAndFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name               string
		figures            Figures
		rate, absent, flag string
	}{
		{"the example of R19 and R20", Figures{Possible: 130, Attended: 118, Authorised: 8, Unauthorised: 4}, "90.8%", "9.2%", ""},
		{"just not persistent (R21)", Figures{Possible: 134, Attended: 121, Authorised: 13}, "90.3%", "9.7%", ""},
		{"persistent (R21)", Figures{Possible: 134, Attended: 120, Authorised: 10, Unauthorised: 4}, "89.6%", "10.4%", "Persistent absence"},
		{"exactly a tenth", Figures{Possible: 130, Attended: 117, Unauthorised: 13}, "90.0%", "10.0%", "Persistent absence"},
		{"severe (R22)", Figures{Possible: 134, Attended: 64, Authorised: 70}, "47.8%", "52.2%", "Severe absence"},
		{"exactly half", Figures{Possible: 100, Attended: 50, Authorised: 50}, "50.0%", "50.0%", "Severe absence"},
		{"too few sessions to say", Figures{Possible: 19, Attended: 0, Authorised: 19}, "0.0%", "100.0%", ""},
		{"just enough to say", Figures{Possible: 20, Attended: 18, Authorised: 2}, "90.0%", "10.0%", "Persistent absence"},
		{"nothing possible", Figures{}, "no sessions", "no sessions", ""},
		{"all", Figures{Possible: 70, Attended: 70}, "100.0%", "0.0%", ""},
		{"rounding up", Figures{Possible: 800, Attended: 799, Authorised: 1}, "99.9%", "0.1%", ""},
	} {
		if got := c.figures.Rate(); got != c.rate {
			t.Errorf("%s: rate %s; want %s", c.name, got, c.rate)
		}
		if got := Share(c.figures.Absent(), c.figures.Possible); got != c.absent {
			t.Errorf("%s: absence %s; want %s", c.name, got, c.absent)
		}
		if got := c.figures.Flag(20); string(got) != c.flag {
			t.Errorf("%s: flag %q; want %q", c.name, got, c.flag)
		}
	}
	if got := Share(8, 130); got != "6.2%" {
		t.Errorf("R20: %s", got)
	}
	if got := Share(4, 130); got != "3.1%" {
		t.Errorf("R20: %s", got)
	}
	sum := Figures{10, 8, 1, 1, 2}.Plus(Figures{20, 15, 5, 0, 3})
	if sum != (Figures{30, 23, 6, 1, 5}) {
		t.Errorf("sum %+v", sum)
	}
}

func terms() []calendar.Term {
	day := calendar.MustParse
	return []calendar.Term{
		{AcademicYear: 2026, Name: "autumn", Starts: day("2026-09-02"), Ends: day("2026-12-18"), HalfTermFrom: day("2026-10-26"), HalfTermTo: day("2026-10-30")},
		{AcademicYear: 2026, Name: "spring", Starts: day("2027-01-04"), Ends: day("2027-03-25")}, // break not known
		{AcademicYear: 2025, Name: "summer", Starts: day("2026-04-13"), Ends: day("2026-07-20"), HalfTermFrom: day("2026-05-25"), HalfTermTo: day("2026-05-29")},
	}
}

func TestWhichHalfTermsHaveBegun(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-09-01": "", "2026-09-02": "A1", "2026-10-30": "A1", "2026-10-31": "A1 A2", "2027-01-03": "A1 A2",
		"2027-01-04": "A1 A2 Sp1", "2027-03-25": "A1 A2 Sp1", "2027-03-26": "A1 A2 Sp1 Sp2",
	} {
		var got []string
		for _, half := range Begun(terms(), 2026, calendar.MustParse(text)) {
			got = append(got, string(half))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("by %s: %v; want %s", text, got, want)
		}
	}
	for _, c := range []struct {
		recorded, begun []HalfTerm
		want            string
	}{
		{[]HalfTerm{"A1"}, []HalfTerm{"A1", "A2"}, "1 of 2 half terms so far"},
		{[]HalfTerm{"A2", "Su2"}, []HalfTerm{"A1", "A2"}, "1 of 2 half terms so far"},
		{nil, []HalfTerm{"A1"}, "0 of 1 half terms so far"},
		{[]HalfTerm{"A1", "A2"}, nil, "2 half terms recorded; term dates are not known"},
	} {
		if got := Coverage(c.recorded, c.begun); got != c.want {
			t.Errorf("%v of %v: %s; want %s", c.recorded, c.begun, got, c.want)
		}
	}
}

func TestWhatAnEntryMustSay(t *testing.T) {
	t.Parallel()
	today := calendar.MustParse("2026-11-23")
	good := Entry{SettingID: 1, AcademicYear: 2026, HalfTerm: "A1", Figures: Figures{70, 63, 5, 2, 4}, Source: "School register", AsAt: calendar.MustParse("2026-10-23")}
	if err := good.problems(today); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(*Entry)
		field string
	}{
		"does not add up":     {func(e *Entry) { e.Figures.Attended = 62 }, "possible"},
		"less than nothing":   {func(e *Entry) { e.Figures.Authorised = -1 }, "authorised"},
		"more than a term":    {func(e *Entry) { e.Figures.Possible = 101 }, "possible"},
		"late but not there":  {func(e *Entry) { e.Figures.Late = 64 }, "late"},
		"no source":           {func(e *Entry) { e.Source = " " }, "source"},
		"long source":         {func(e *Entry) { e.Source = strings.Repeat("é", 201) }, "source"},
		"no half term":        {func(e *Entry) { e.HalfTerm = "A3" }, "half_term"},
		"not yet begun":       {func(e *Entry) { e.HalfTerm = "Sp1" }, "half_term"},
		"a year to come":      {func(e *Entry) { e.AcademicYear = 2027 }, "half_term"},
		"long ago":            {func(e *Entry) { e.AcademicYear = 1999 }, "half_term"},
		"figures of tomorrow": {func(e *Entry) { e.AsAt = today.AddDays(1) }, "as_at"},
		"before it began":     {func(e *Entry) { e.AsAt = calendar.MustParse("2026-08-31") }, "as_at"},
		"no day":              {func(e *Entry) { e.AsAt = calendar.Date{} }, "as_at"},
	} {
		bad := good
		c.spoil(&bad)
		if problems := fault.Of(bad.problems(today)); len(problems) != 1 || !problems.Has(c.field) {
			t.Errorf("%s: %v; want one about %s", name, problems, c.field)
		}
	}
	var order []HalfTerm
	for _, half := range HalfTerms {
		order = append(order, half.HalfTerm)
		if half.HalfTerm.Name() == "" {
			t.Errorf("%s has no name", half.HalfTerm)
		}
	}
	if !slices.IsSortedFunc(order, func(a, b HalfTerm) int { return a.earliest(2026).Compare(b.earliest(2026)) }) {
		t.Error("the half terms are not in the order of the year")
	}
}
