package attendance_test

import (
	"slices"
	"testing"

	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/setting"
)

func on(iso string) calendar.Date { return calendar.MustParse(iso) }

// ash is a calendar of 2026/27 with a training day and a bank holiday.
func ash() *setting.Calendar {
	term := func(name, starts, ends, from, to string) setting.Term {
		return setting.Term{Term: calendar.Term{AcademicYear: 2026, Name: name, Starts: on(starts), Ends: on(ends), HalfTermFrom: on(from), HalfTermTo: on(to)}}
	}
	c := setting.NewCalendar([]setting.Term{term("autumn", "2026-09-02", "2026-12-18", "2026-10-26", "2026-10-30"),
		term("spring", "2027-01-04", "2027-03-25", "2027-02-15", "2027-02-19"), term("summer", "2027-04-12", "2027-07-20", "2027-05-31", "2027-06-04")},
		[]calendar.Date{on("2026-11-20")}, []calendar.Holiday{{Date: on("2026-09-14"), Name: "A day of celebration"}})
	return &c
}

func days(codes map[string]string) (list []attendance.Day) {
	for iso, pair := range codes {
		d := attendance.Day{SettingID: 1, Day: on(iso)}
		if pair[:1] != "." {
			d.AM = mark.Code(pair[:1])
		}
		if pair[1:] != "." {
			d.PM = mark.Code(pair[1:])
		}
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b attendance.Day) int { return a.Day.Compare(b.Day) })
	return list
}

func TestCount(t *testing.T) {
	t.Parallel()
	got := attendance.Count(days(map[string]string{"2026-11-16": `/\`, "2026-11-17": "LN", "2026-11-18": "IU", "2026-11-19": "XB", "2026-11-23": "#.", "2024-07-01": "JH", "2024-08-19": "JH"}))
	want := attendance.Tally{Figures: attendance.Figures{Possible: 9, Attended: 5, Authorised: 2, Unauthorised: 2, Late: 1}, Received: 11, Unknown: 1}
	if got != want {
		t.Errorf("%+v; want %+v", got, want)
	}
	if got := attendance.Count(nil); got != (attendance.Tally{}) {
		t.Errorf("of nothing %+v", got)
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tally   attendance.Tally
		missing int
		words   string
	}{
		{attendance.Tally{Received: 7, Expected: 10}, 3, "7 of 10 sessions marked"}, // the example of R24
		{attendance.Tally{Received: 10, Expected: 10}, 0, "10 of 10 sessions marked"},
		{attendance.Tally{Received: 12, Expected: 10}, 0, "10 of 10 sessions marked"},
		{attendance.Tally{Received: 12}, 0, "12 sessions marked; term dates are not known"},
	} {
		if c.tally.Missing() != c.missing || c.tally.Coverage() != c.words {
			t.Errorf("%+v: %d missing, %q", c.tally, c.tally.Missing(), c.tally.Coverage())
		}
	}
	a := attendance.Tally{Figures: attendance.Figures{Possible: 1, Attended: 1}, Received: 2, Unknown: 0, Expected: 4}
	if sum := a.Plus(attendance.Tally{Figures: attendance.Figures{Possible: 2, Unauthorised: 2}, Received: 3, Unknown: 1, Expected: 5}); sum != (attendance.Tally{Figures: attendance.Figures{Possible: 3, Attended: 1, Unauthorised: 2}, Received: 5, Unknown: 1, Expected: 9}) {
		t.Errorf("sum %+v", sum)
	}
}

func TestWhatIsExpected(t *testing.T) {
	t.Parallel()
	e := attendance.NewExpectation(map[int64]*setting.Calendar{1: ash(), 2: {}})
	since := []attendance.Stay{{ChildID: 1, SettingID: 1, Starts: on("2026-09-01")}}
	for _, c := range []struct {
		name     string
		stays    []attendance.Stay
		from, to string
		sessions int
	}{
		{"a whole week", since, "2026-11-09", "2026-11-15", 10},
		{"with a training day", since, "2026-11-16", "2026-11-22", 8},
		{"with a bank holiday", since, "2026-09-14", "2026-09-18", 8},
		{"the break", since, "2026-10-24", "2026-11-01", 0},
		{"one day", since, "2026-11-16", "2026-11-16", 2},
		{"backwards", since, "2026-11-17", "2026-11-16", 0},
		{"over New Year's and the year", since, "2026-09-01", "2028-08-31", 2 * 191},
		{"only while on roll", []attendance.Stay{{SettingID: 1, Starts: on("2026-11-11"), Ends: on("2026-11-13")}}, "2026-11-09", "2026-11-15", 4},
		{"two stays", []attendance.Stay{{SettingID: 1, Ends: on("2026-11-10")}, {SettingID: 1, Starts: on("2026-11-13")}}, "2026-11-09", "2026-11-15", 4},
		{"two schools", append(since, attendance.Stay{SettingID: 1, Starts: on("2026-11-12")}), "2026-11-09", "2026-11-15", 14},
		{"dates unknown", []attendance.Stay{{SettingID: 2}}, "2026-11-09", "2026-11-15", 0},
		{"a school unknown", []attendance.Stay{{SettingID: 3}}, "2026-11-09", "2026-11-15", 0},
		{"not on roll", nil, "2026-11-09", "2026-11-15", 0},
	} {
		if got := e.Sessions(c.stays, on(c.from), on(c.to)); got != c.sessions {
			t.Errorf("%s: %d sessions; want %d", c.name, got, c.sessions)
		}
	}
	for iso, want := range map[string][3]bool{"2026-11-16": {true, true, false}, "2026-11-20": {false, true, false}, "2026-11-21": {false, false, false}, "2026-12-25": {false, false, false}} {
		if got := [3]bool{e.Open(1, on(iso)), e.Open(2, on(iso)), e.Open(3, on(iso))}; got != want {
			t.Errorf("open on %s: %v; want %v", iso, got, want)
		}
	}
}

func TestStale(t *testing.T) {
	t.Parallel()
	e := attendance.NewExpectation(map[int64]*setting.Calendar{1: ash(), 2: {}})
	for _, c := range []struct {
		setting            int64
		marked, today, due string
		stale              bool
	}{
		{1, "2026-11-02", "2026-11-09", "2026-11-09", false}, // the example of R23
		{1, "2026-11-02", "2026-11-10", "2026-11-09", true},
		{1, "2026-10-22", "2026-11-05", "2026-11-05", false}, // over the break
		{1, "2026-10-22", "2026-11-06", "2026-11-05", true},
		{1, "2027-07-20", "2027-09-01", "", false}, // next year's terms are not known
		{2, "2026-11-02", "2026-12-01", "", false},
		{3, "2026-11-02", "2026-12-01", "", false},
	} {
		due, stale := e.Stale(c.setting, on(c.marked), on(c.today))
		if due.String() != c.due || stale != c.stale {
			t.Errorf("N of %s on %s at %d: due %s, %v; want %s, %v", c.marked, c.today, c.setting, due, stale, c.due, c.stale)
		}
	}
}

func TestPeriodsOfAChild(t *testing.T) {
	t.Parallel()
	child := attendance.Child{
		Days:  days(map[string]string{"2026-09-02": `/\`, "2026-10-12": "II", "2026-10-13": `/\`, "2026-11-04": "OO", "2026-11-16": `/\`, "2026-11-23": "L."}),
		Stays: []attendance.Stay{{ChildID: 1, SettingID: 1, Starts: on("2026-09-01")}}, Expectation: attendance.NewExpectation(map[int64]*setting.Calendar{1: ash()}), Today: on("2026-11-23")}
	type short struct {
		label                                  string
		possible, attended, received, expected int
	}
	of := func(periods ...attendance.Period) (list []short) {
		for _, p := range periods {
			list = append(list, short{p.Label, p.Possible, p.Attended, p.Received, p.Expected})
		}
		return list
	}
	var terms []calendar.Term
	for _, term := range ash().Terms() {
		terms = append(terms, term.Term)
	}
	unknown := slices.Clone(terms)
	unknown[0].HalfTermFrom, unknown[0].HalfTermTo = calendar.Date{}, calendar.Date{}
	for name, c := range map[string]struct{ got, want []short }{
		"year":       {of(child.Year(2026)), []short{{"2026/27", 11, 7, 11, 2 * 52}}},
		"other year": {of(child.Year(2025)), []short{{"2025/26", 0, 0, 0, 0}}},
		"rolling":    {of(child.Rolling()), []short{{"Last six weeks", 7, 5, 7, 2 * 24}}}, // from Tuesday 13 October
		"since":      {of(child.Since("In care", on("2026-11-16"))), []short{{"In care", 3, 3, 3, 10}}},
		"half terms": {of(child.HalfTermsOf(terms, 2026)...), []short{{"Autumn, first half", 6, 4, 6, 2 * 37}, {"Autumn, second half", 5, 3, 5, 2 * 15}}},
		"no break":   {of(child.HalfTermsOf(unknown, 2026)...), []short{{"Autumn, first half", 11, 7, 11, 2 * 52}}},
		"terms":      {of(child.TermsOf(terms, 2026)...), []short{{"Autumn 2026/27", 11, 7, 11, 2 * 52}}},
		"weeks": {of(child.Weeks(on("2026-10-21"), on("2026-11-24"))...), []short{{"Week of 19 October 2026", 0, 0, 0, 10}, {"Week of 2 November 2026", 2, 0, 2, 10}, {"Week of 9 November 2026", 0, 0, 0, 10},
			{"Week of 16 November 2026", 2, 2, 2, 8}, {"Week of 23 November 2026", 1, 1, 1, 2}}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v; want %v", name, c.got, c.want)
		}
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	list := days(map[string]string{"2026-11-16": "//", "2026-11-17": "//", "2026-11-19": "//"})
	for _, c := range []struct {
		from, to string
		n        int
	}{{"2026-11-16", "2026-11-19", 3}, {"2026-11-17", "2026-11-18", 1}, {"2026-11-18", "2026-11-18", 0}, {"2026-11-20", "2026-11-30", 0}, {"2026-11-01", "2026-11-15", 0}, {"2026-11-19", "2026-11-16", 0}, {"2026-11-01", "2026-12-01", 3}} {
		if got := len(attendance.Between(list, on(c.from), on(c.to))); got != c.n {
			t.Errorf("from %s to %s: %d; want %d", c.from, c.to, got, c.n)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	member := func(child, at int64, school string, possible, attended, unauthorised, expected int) attendance.Member {
		return attendance.Member{ChildID: child, SettingID: at, School: school, Possible: possible, Attended: attended, Unauthorised: unauthorised, Authorised: possible - attended - unauthorised, Received: possible}
	}
	members := []attendance.Member{member(1, 1, "Ash", 100, 100, 0, 0), member(2, 1, "Ash", 100, 90, 10, 0), member(3, 1, "Ash", 20, 10, 0, 0), member(3, 2, "Birch", 80, 80, 0, 0), member(4, 2, "Birch", 19, 0, 19, 0), member(5, 3, "", 50, 50, 0, 0), member(6, 2, "Birch", 0, 0, 0, 0)}
	stays := []attendance.Stay{{ChildID: 1, SettingID: 1, Starts: on("2026-09-01")}, {ChildID: 3, SettingID: 1, Starts: on("2026-11-09"), Ends: on("2026-11-12")}, {ChildID: 3, SettingID: 1, Starts: on("2026-11-13")}}
	attendance.Expect(members, stays, attendance.NewExpectation(map[int64]*setting.Calendar{1: ash()}), on("2026-11-09"), on("2026-11-15"))
	groups := attendance.GroupBy(members, 20, func(m attendance.Member) string { return m.School })
	if len(groups) != 2 || groups[0].Name != "Ash" || groups[1].Name != "Birch" {
		t.Fatalf("%+v", groups)
	}
	if a := groups[0]; a.Children != 3 || a.Judged != 3 || a.Persistent != 2 || a.Severe != 1 || a.Expected != 18 || a.Rate() != "90.9%" || a.Unauthorised != 10 {
		t.Errorf("Ash %+v", a)
	}
	if b := groups[1]; b.Children != 3 || b.Judged != 1 || b.Persistent != 0 || b.Severe != 0 || b.Possible != 99 {
		t.Errorf("Birch %+v", b)
	}
	everyone := attendance.GroupBy(members, 20, func(attendance.Member) string { return "All" })
	// The child of two schools missed a tenth of both together, not half.
	if all := everyone[0]; all.Children != 6 || all.Judged != 4 || all.Persistent != 2 || all.Severe != 0 {
		t.Errorf("all %+v", all)
	}
}
