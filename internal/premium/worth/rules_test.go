package worth_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/worth"
)

// The first four are the score intervals of table I in R. G. Newcombe, "Two-sided confidence intervals for
// the single proportion: comparison of seven methods", Statistics in Medicine 17 (1998).
func TestWilson(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{20, 20, 1 - 0.1611, 1}, // the other way round
		{28, 29, 1 - 0.1718, 1 - 0.0061},
		{0, 0, 0, 1},
	} {
		low, high := worth.Wilson(tt.k, tt.n)
		if math.Abs(low-tt.low) > 0.00005 || math.Abs(high-tt.high) > 0.00005 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", tt.k, tt.n, low, high, tt.low, tt.high)
		}
	}
	for n := 1; n < 60; n++ {
		for k := 0; k <= n; k++ {
			low, high := worth.Wilson(k, n)
			if share := float64(k) / float64(n); low < 0 || high > 1 || low > share || high < share {
				t.Fatalf("%d of %d: %v to %v does not hold the share", k, n, low, high)
			}
		}
	}
}

func TestSuppress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		children []int
		hidden   []bool
		total    bool
	}{
		{nil, []bool{}, false},
		{[]int{5, 12, 40}, []bool{false, false, false}, false},
		{[]int{4, 12, 40}, []bool{true, true, false}, false}, // one alone is the total less the others
		{[]int{12, 4, 9, 40}, []bool{false, true, true, false}, false},
		{[]int{4, 1, 40}, []bool{true, true, false}, false},          // two that are five together
		{[]int{1, 1, 7, 40}, []bool{true, true, true, false}, false}, // two that are still fewer than five
		{[]int{0, 4, 8}, []bool{false, true, true}, false},           // nobody is nobody to tell, and hides nobody
		{[]int{0, 0}, []bool{false, false}, false},
		{[]int{3}, []bool{true}, true},
		{[]int{1, 2}, []bool{true, true}, true},
		{[]int{4, 0}, []bool{true, false}, true},
		{[]int{4, 5}, []bool{true, true}, false},
	} {
		hidden, total := worth.Suppress(tt.children)
		if diff := cmp.Diff(tt.hidden, hidden); diff != "" || total != tt.total {
			t.Errorf("%v: total left out %v, want %v; (-want +got):\n%s", tt.children, total, tt.total, diff)
		}
	}
}

// Whoever sees the total and the groups that are shown never learns of fewer than five children, or of
// one group alone.
func TestSuppressedGroupsAreNotTheRest(t *testing.T) {
	t.Parallel()
	for a := range 8 {
		for b := range 8 {
			for c := range 8 {
				for d := range 8 {
					children := []int{a, b, c, d}
					hidden, total := worth.Suppress(children)
					rest, groups := 0, 0
					for n, is := range hidden {
						if is {
							rest, groups = rest+children[n], groups+1
						} else if children[n] > 0 && children[n] < worth.Least {
							t.Fatalf("%v shows %d", children, children[n])
						}
					}
					if !total && groups > 0 && (groups == 1 || rest < worth.Least) {
						t.Fatalf("%v: the total gives away %d children in %d groups", children, rest, groups)
					}
				}
			}
		}
	}
}

func TestPhaseOf(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]worth.Phase{-2: worth.EarlyYears, 0: worth.EarlyYears, 1: worth.Primary, 6: worth.Primary, 7: worth.Secondary, 11: worth.Secondary, 12: worth.Post16, 14: worth.Post16} {
		if got := worth.PhaseOf(year); got != want || got.Name() == "" {
			t.Errorf("year %d is %q (%s)", year, got, got.Name())
		}
	}
	late := worth.Funded{DateOfBirth: calendar.MustParse("2015-03-04"), AskedOn: calendar.MustParse("2026-11-23"), YearOffset: -1}
	if late.Phase() != worth.Primary {
		t.Error("a child of Year 7 taught in Year 6 is", late.Phase())
	}
}

// several are targets of so many children with one outcome, in a category; each cost £100.
func several(category string, from, n int, outcome worth.Outcome) []worth.Funded {
	var list []worth.Funded
	for i := range n {
		id := int64(from + i)
		list = append(list, worth.Funded{TargetID: id, ChildID: id, Category: category, Area: "literacy", DateOfBirth: calendar.MustParse("2017-03-04"),
			AskedOn: calendar.MustParse("2026-01-10"), SEN: "N", Cost: money.Pounds(100), Outcome: outcome})
	}
	return list
}

func join(lists ...[]worth.Funded) (all []worth.Funded) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

func category(f worth.Funded) string { return f.Category }

func TestFigures(t *testing.T) {
	t.Parallel()
	targets := join(several("tuition", 1, 6, worth.Met), several("tuition", 11, 2, worth.NotMet), several("tuition", 21, 1, worth.Partly),
		several("tuition", 31, 1, worth.CarriedForward), several("tuition", 41, 3, worth.NotReviewed), several("tuition", 51, 1, worth.Withdrawn),
		several("mentoring", 1, 1, worth.Met)) // pays for a target of tuition, too
	figures := worth.Group(targets, category)
	if len(figures) != 2 || figures[0].Key != "tuition" {
		t.Fatalf("%+v", figures)
	}
	f := figures[0]
	got := fmt.Sprint(f.Targets, f.Children, f.Judged(), f.Met(), f.Reviewed(), f.Cost, f.JudgedCost, f.JudgedChildren)
	if want := "14 14 10 6 11 £1,400.00 £1,000.00 10"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	share, low, high, known := f.Share()
	if wantLow, wantHigh := worth.Wilson(6, 10); !known || share != 0.6 || low != wantLow || high != wantHigh {
		t.Errorf("share %v, %v to %v", share, low, high)
	}
	// £100 each: 6 of 10 met is £166.67 a target met; with the ends of 0.3127 to 0.8318, £120.22 to £319.82.
	price, known := f.Price()
	if want := (worth.Price{Each: 16667, Low: 12022, High: 31982}); !known || price != want {
		t.Errorf("price %+v, want %+v", price, want)
	}
	all := worth.All(targets)
	if all.Targets != 14 || all.Children != 14 || all.Cost != money.Pounds(1500) {
		t.Errorf("all: %+v", all)
	}
}

func TestFiguresOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	unknown := worth.All(join(several("tuition", 1, 7, worth.NotReviewed), several("tuition", 11, 2, worth.Withdrawn)))
	if _, _, _, known := unknown.Share(); known {
		t.Error("a share met of targets that nobody has reviewed")
	}
	if _, known := unknown.Price(); known {
		t.Error("a price of targets that nobody has reviewed")
	}
	none, known := worth.All(several("tuition", 1, 20, worth.NotMet)).Price()
	// None of 20: the share is at most 0.1611, so that one costs at least £100 / 0.1611.
	if !known || none.Each != 0 || none.High != 0 || none.Low < 61900 || none.Low > 62200 {
		t.Errorf("none met: %+v", none)
	}
	if empty := worth.All(nil); empty.Targets != 0 || empty.Judged() != 0 {
		t.Errorf("nothing: %+v", empty)
	}
}

func TestSmallFiguresAreHidden(t *testing.T) {
	t.Parallel()
	targets := join(several("tuition", 1, 30, worth.Met), several("mentoring", 101, 4, worth.Met), several("trips", 201, 6, worth.Met),
		several("equipment", 301, 20, worth.NotReviewed), several("equipment", 401, 1, worth.NotMet))
	figures, total := worth.Group(targets, category), worth.All(targets)
	worth.HideSmall(figures, &total)
	hidden, unsaid := map[string]bool{}, map[string]bool{}
	for _, f := range figures {
		hidden[f.Key], unsaid[f.Key] = f.Hidden, f.Unsaid
	}
	if diff := cmp.Diff(map[string]bool{"tuition": false, "mentoring": true, "trips": true, "equipment": false}, hidden); diff != "" {
		t.Errorf("hidden (-want +got):\n%s", diff)
	}
	// Of equipment one child's target has been reviewed: how it went is that child's.
	if diff := cmp.Diff(map[string]bool{"tuition": false, "mentoring": true, "trips": true, "equipment": true}, unsaid); diff != "" {
		t.Errorf("unsaid (-want +got):\n%s", diff)
	}
	if total.Hidden || total.Unsaid {
		t.Errorf("the total: %+v", total)
	}
	few := several("tuition", 1, 4, worth.Met)
	figures, total = worth.Group(few, category), worth.All(few)
	worth.HideSmall(figures, &total)
	if !figures[0].Hidden || !total.Hidden || !total.Unsaid {
		t.Errorf("four children: %+v, total %+v", figures, total)
	}
}

func TestWhatHelped(t *testing.T) {
	t.Parallel()
	today := calendar.MustParse("2026-11-23")
	like := worth.Like{ChildID: 1, DateOfBirth: calendar.MustParse("2017-03-04"), SEN: "K", Need: "SEMH", Areas: []string{"literacy"}}
	as := func(list []worth.Funded, change func(*worth.Funded)) []worth.Funded {
		for n := range list {
			change(&list[n])
		}
		return list
	}
	needs := func(sen, need string) func(*worth.Funded) {
		return func(f *worth.Funded) { f.SEN, f.Need = sen, need }
	}
	base := join(
		several("tuition", 100, 8, worth.Met), several("tuition", 110, 2, worth.NotMet), // 8 of 10
		several("mentoring", 200, 40, worth.Met), several("mentoring", 250, 10, worth.NotMet), // 40 of 50: as often, and surer
		several("trips", 300, 5, worth.NotMet),
		several("staff", 400, 4, worth.Met),         // too few
		several("exams", 500, 9, worth.NotReviewed), // nothing known
		as(several("equipment", 600, 9, worth.Met), func(f *worth.Funded) { f.Area = "attendance" }),
		as(several("equipment", 700, 9, worth.Met), func(f *worth.Funded) { f.DateOfBirth = calendar.MustParse("2012-03-04") }),
		as(several("equipment", 800, 9, worth.Met), func(f *worth.Funded) { f.ChildID = 1 }), // the child's own
	)
	for name, tt := range map[string]struct {
		targets   []worth.Funded
		like      worth.Like
		want      string
		closeness worth.Closeness
	}{
		"nobody with the same needs":  {base, like, "[mentoring tuition trips] 2", worth.SamePhase},
		"some with the same SEN":      {join(base, as(several("small group", 900, 5, worth.Met), needs("K", "SLCN"))), like, "[small group] 0", worth.SameSEN},
		"some with the same need":     {join(base, as(several("small group", 900, 5, worth.Met), needs("K", "SLCN")), as(several("therapy", 950, 6, worth.Partly), needs("K", "SEMH"))), like, "[therapy] 0", worth.SameNeed},
		"the need is not recorded":    {base, worth.Like{ChildID: 1, DateOfBirth: like.DateOfBirth, SEN: "N", Areas: like.Areas}, "[mentoring tuition trips] 2", worth.SameSEN},
		"no plan with targets":        {base, worth.Like{ChildID: 1, DateOfBirth: like.DateOfBirth, SEN: "N"}, "[] 0", worth.SamePhase},
		"nothing was ever paid for":   {nil, like, "[] 0", worth.SamePhase},
		"a restricted few, not shown": {several("tuition", 1, 4, worth.Met), worth.Like{ChildID: 99, DateOfBirth: like.DateOfBirth, SEN: "N", Areas: like.Areas}, "[] 1", worth.SamePhase},
	} {
		helped := worth.WhatHelped(tt.targets, tt.like, today)
		keys := []string{}
		for _, f := range helped.Figures {
			keys = append(keys, f.Key)
		}
		if got := fmt.Sprint(keys, helped.Small); got != tt.want || helped.Closeness != tt.closeness {
			t.Errorf("%s: %s by %d, want %s by %d", name, got, helped.Closeness, tt.want, tt.closeness)
		}
	}
}
