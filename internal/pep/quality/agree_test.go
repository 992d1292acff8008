package quality_test

import (
	"math"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/quality"
)

// pairs repeats a pair of grades.
func pairs(times int, first, second string) []quality.Pair {
	var list []quality.Pair
	for range times {
		list = append(list, quality.Pair{First: first, Second: second, FirstID: 1, SecondID: 2, FirstMarker: "Ada", SecondMarker: "Bea", Rubric: "rag", RubricVersion: 1,
			AcademicYear: 2026, Term: calendar.Autumn})
	}
	return list
}

func join(lists ...[]quality.Pair) []quality.Pair {
	var all []quality.Pair
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// The figures are worked out by hand. In the first, of 50 plans 35 agree (0.7); the first marker gives
// green to 25 and the second to 30, so chance agrees on 0.5×0.6 + 0.5×0.4 = 0.5: (0.7−0.5)/(1−0.5) = 0.4.
func TestKappaByHand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pairs   []quality.Pair
		percent float64
		kappa   float64
		known   bool
	}{
		"two grades, 50 plans": {join(pairs(20, "green", "green"), pairs(5, "green", "amber"), pairs(10, "amber", "green"), pairs(15, "amber", "amber")), 70, 0.4, true},
		// Agree on 7 of 10. First: 4 green, 4 amber, 2 red; second: 5, 3, 2. Chance 0.20+0.12+0.04 = 0.36: 0.34/0.64.
		"three grades, 10 plans": {join(pairs(4, "green", "green"), pairs(2, "amber", "amber"), pairs(1, "red", "red"),
			pairs(1, "amber", "green"), pairs(1, "amber", "red"), pairs(1, "red", "amber")), 70, 0.34 / 0.64, true},
		"always the same grade":   {pairs(9, "green", "green"), 100, 0, false},
		"perfect with two grades": {join(pairs(3, "green", "green"), pairs(3, "red", "red")), 100, 1, true},
		"worse than chance":       {join(pairs(2, "green", "red"), pairs(2, "red", "green")), 0, -1, true},
		"one pair tells nothing":  {pairs(1, "green", "amber"), 0, 0, false},
		"none":                    {nil, 0, 0, false},
		"one marker never moves":  {join(pairs(3, "green", "green"), pairs(3, "green", "amber")), 50, 0, true},
	} {
		got := quality.Agree(c.pairs)
		if math.Abs(got.Percent()-c.percent) > 1e-9 || got.Known != c.known || math.Abs(got.Kappa-c.kappa) > 1e-9 {
			t.Errorf("%s: %.1f%%, kappa %.4f known %v; want %.1f%%, %.4f %v", name, got.Percent(), got.Kappa, got.Known, c.percent, c.kappa, c.known)
		}
	}
}

func TestDriftPerMarker(t *testing.T) {
	t.Parallel()
	markers := quality.PerMarker(join(pairs(2, "amber", "green"), pairs(1, "red", "green"), pairs(1, "green", "amber"), pairs(4, "green", "green")), builtin(t))
	if len(markers) != 2 {
		t.Fatalf("%+v", markers)
	}
	ada, bea := markers[0], markers[1]
	// Ada is a step worse twice, two steps once, a step better once: (1+1+2−1)/8.
	if ada.Name != "Ada" || ada.Harsher != 3 || ada.Kinder != 1 || ada.Drift != 0.375 || ada.Same != 4 {
		t.Errorf("%+v", ada)
	}
	if bea.Harsher != 1 || bea.Kinder != 3 || bea.Drift != -0.375 {
		t.Errorf("%+v", bea)
	}
	spring := pairs(1, "green", "green")
	spring[0].Term, spring[0].AcademicYear = calendar.Spring, 2025
	periods := quality.PerTerm(join(pairs(2, "green", "amber"), spring))
	if len(periods) != 2 || periods[0].Label() != "Spring 2025/26" || periods[0].Same != 1 || periods[1].Pairs != 2 || periods[1].Same != 0 {
		t.Errorf("%+v", periods)
	}
}

func TestTurnaround(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		days   []int
		median float64
		ninety int
	}{{nil, 0, 0}, {[]int{4}, 4, 4}, {[]int{9, 1}, 5, 9}, {[]int{3, 1, 2}, 2, 3}, {[]int{10, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 5.5, 9}, {[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99}, 6, 10}} {
		if got := quality.SpreadOf(c.days); got.Median != c.median || got.Ninety != c.ninety || got.Count != len(c.days) {
			t.Errorf("%v: %+v", c.days, got)
		}
	}
	working := calendar.EnglandWorkingDays()
	courses := []quality.Course{
		{SettingID: 2, School: "Oak", AcademicYear: 2026, Term: calendar.Autumn, Submitted: day("2026-10-02"), FirstRead: day("2026-10-05"), SignedOff: day("2026-10-09"), Returns: 2, Rubric: "rag", RubricVersion: 1, Grade: "green"},
		{SettingID: 1, School: "Elm", AcademicYear: 2025, Term: calendar.Summer, Submitted: day("2026-07-01"), FirstRead: day("2026-07-02"), SignedOff: day("2026-07-03"), Rubric: "rag", RubricVersion: 1, Grade: "amber"},
		{SettingID: 1, School: "Elm", AcademicYear: 2026, Term: calendar.Autumn, Submitted: day("2026-10-02")},
		{SettingID: 1, School: "Elm", AcademicYear: 2026, Term: calendar.Autumn, Submitted: day("2026-10-02"), SignedOff: day("2026-10-06")},
	}
	schools := quality.Turnarounds(courses, quality.BySchool, working)
	if len(schools) != 2 || schools[0].Name != "Elm" || schools[0].Plans != 3 || schools[0].Read.Count != 1 || schools[0].Done.Median != 2 || schools[1].Rework != 2 || schools[1].Read.Median != 1 {
		t.Errorf("%+v", schools)
	}
	terms := quality.Turnarounds(courses, quality.ByTerm, working)
	if len(terms) != 2 || terms[0].Name != "Summer 2025/26" || terms[1].Plans != 3 {
		t.Errorf("%+v", terms)
	}
	if all := quality.All(courses, working); all.Plans != 4 || all.Done.Count != 3 || all.Rework != 0.5 {
		t.Errorf("%+v", all)
	}
	shares := quality.Shares(courses, quality.BySchool, "rag")
	if len(shares) != 2 || shares[0].Total != 2 || shares[0].None != 1 || shares[0].Counts["amber"] != 1 || shares[1].Counts["green"] != 1 {
		t.Errorf("%+v", shares)
	}
	if other := quality.Shares(courses, quality.BySchool, "gold"); len(other) != 1 || other[0].None != 1 {
		t.Errorf("by a rubric nobody was graded with: %+v", other)
	}
}

func TestSampling(t *testing.T) {
	t.Parallel()
	rule := quality.Sampling{Percent: 25, NewAuthor: 3, SecondPercent: 10}
	var low, high int64 // plans whose numbers are drawn and not drawn
	for id := int64(1); low == 0 || high == 0; id++ {
		if quality.Sample(quality.Handed{ChildID: id, AuthorNth: 9}, rule).Picked {
			low = id
		} else {
			high = id
		}
	}
	for name, c := range map[string]struct {
		handed quality.Handed
		want   bool
		why    string
	}{
		"came back":           {quality.Handed{ChildID: high, AuthorNth: 9, CameBack: true}, true, "returned last time: this plan or the child’s last was graded to be corrected"},
		"second of an author": {quality.Handed{ChildID: high, AuthorNth: 2}, true, "new author: the 2nd plan they submitted, and the first 3 are graded"},
		"fourth of an author": {quality.Handed{ChildID: high, AuthorNth: 4}, false, ""},
		"first of a school":   {quality.Handed{ChildID: high, AuthorNth: 4, SchoolFirst: true}, true, "first of its school this term: one of every school is graded each term"},
		"drawn":               {quality.Handed{ChildID: low, AuthorNth: 4}, true, "drawn: 25 in 100 plans are, by a number made from the child and the term"},
	} {
		pick := quality.Sample(c.handed, rule)
		if pick.Picked != c.want || c.why != "" && pick.Because != c.why || pick.Because == "" {
			t.Errorf("%s: %+v", name, pick)
		}
		if again := quality.Sample(c.handed, rule); again != pick {
			t.Errorf("%s: another time it is %+v", name, again)
		}
	}
	picked, second := 0, 0
	for id := range int64(4000) {
		if quality.Sample(quality.Handed{ChildID: id, AuthorNth: 9}, rule).Picked {
			picked++
		}
		if quality.SampleSecond(quality.Handed{ChildID: id}, rule).Picked {
			second++
		}
	}
	if picked < 900 || picked > 1100 || second < 340 || second > 460 {
		t.Errorf("of 4000 plans %d are graded and %d marked twice", picked, second)
	}
	if quality.Sample(quality.Handed{ChildID: low, AuthorNth: 9}, quality.Sampling{}).Picked || quality.SampleSecond(quality.Handed{ChildID: low}, quality.Sampling{}).Picked {
		t.Error("none in 100 is none")
	}
}
