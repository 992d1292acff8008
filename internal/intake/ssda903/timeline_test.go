package ssda903

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/returncode"
)

// episodes writes episodes as "start end REC RNE LS PLACE", days counted from 1
// January 2024, an end of - meaning open, a REC of - and a PLACE of . meaning none.
func episodes(t *testing.T, lines ...string) []Episode {
	t.Helper()
	first := calendar.MustParse("2024-01-01")
	var all []Episode
	for i, line := range lines {
		var start int
		var end, rec, rne, ls, place string
		if n, err := fmt.Sscan(line, &start, &end, &rec, &rne, &ls, &place); err != nil || n != 6 {
			t.Fatalf("%q: %v", line, err)
		}
		e := Episode{Line: i + 2, Start: first.AddDays(start), NewReason: rne, LegalStatus: ls, Placement: place, Need: "N1"}
		if end != "-" {
			var n int
			if _, err := fmt.Sscan(end, &n); err != nil {
				t.Fatal(err)
			}
			e.End = first.AddDays(n)
		}
		if rec != "-" {
			e.EndReason = rec
		}
		if place == "." {
			e.Placement = ""
		}
		all = append(all, e)
	}
	return all
}

func days(r calendar.Range) string {
	first := calendar.MustParse("2024-01-01")
	if r.Open() {
		return fmt.Sprintf("%d-", r.Start.Sub(first))
	}
	return fmt.Sprintf("%d-%d", r.Start.Sub(first), r.End.Sub(first))
}

func (t Timeline) text() string {
	var care, legal, places, away []string
	for _, p := range t.Care {
		s := days(p.Range)
		if p.EndCode != "" {
			s += " " + p.EndCode
		}
		if p.ShortBreaks {
			s += " short"
		}
		care = append(care, s)
	}
	for _, l := range t.LegalStatuses {
		legal = append(legal, days(l.Range)+" "+l.Code)
	}
	for _, p := range t.Placements {
		places = append(places, days(p.Range)+" "+p.Code)
	}
	for _, p := range t.TemporaryMoves {
		away = append(away, days(p.Range)+" "+p.Code)
	}
	return strings.Join(care, ", ") + " | " + strings.Join(legal, ", ") + " | " + strings.Join(places, ", ") + " | " + strings.Join(away, ", ")
}

func TestTimelines(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		episodes []string
		want     string
		rules    string
	}{
		{"nothing", nil, " |  |  | ", ""},
		{"one open", []string{"0 - - S C2 U6"}, "0- | 0- C2 | 0- U6 | ", ""},
		{"X1 joins, in any order of rows", []string{"10 - - L C2 U6", "0 10 X1 S C1 U6"}, "0- | 0-10 C1, 10- C2 | 0- U6 | ", ""},
		{"ended", []string{"0 10 X1 S C1 U6", "10 20 E4A L C2 K2"}, "0-20 E4A | 0-10 C1, 10-20 C2 | 0-10 U6, 10-20 K2 | ", ""},
		{"ended and back on the same day", []string{"0 10 E4A S C2 U6", "10 - - S C2 U6"}, "0-10 E4A, 10- | 0-10 C2, 10- C2 | 0-10 U6, 10- U6 | ", ""},
		{"two times in care", []string{"0 10 E4A S C2 U6", "30 - - S V2 U6"}, "0-10 E4A, 30- | 0-10 C2, 30- V2 | 0-10 U6, 30- U6 | ", ""},
		{"gap after X1", []string{"0 10 X1 S C2 U6", "13 - - P C2 U6"}, "0- | 0-10 C2, 13- C2 | 0-10 U6, 13- U6 | ", "2 x1-gap"},
		{"gap after X1 and a new start", []string{"0 10 X1 S C2 U6", "13 - - S C2 U6"}, "0-10 X1, 13- | 0-10 C2, 13- C2 | 0-10 U6, 13- U6 | ", "2 x1-gap"},
		{"X1 and nothing after", []string{"0 10 X1 S C2 U6"}, "0-10 X1 | 0-10 C2 | 0-10 U6 | ", "2 x1-last"},
		{"no reason but goes on", []string{"0 10 - S C2 U6", "10 - - P C2 K2"}, "0- | 0- C2 | 0-10 U6, 10- K2 | ", ""},
		{"no reason and a new start", []string{"0 10 - S C2 U6", "10 - - S C2 K2"}, "0-10, 10- | 0-10 C2, 10- C2 | 0-10 U6, 10- K2 | ", ""},
		{"same day", []string{"5 5 E4A S C2 U6"}, "5-5 E4A |  |  | ", ""},
		{"same day within", []string{"0 5 X1 S C1 U6", "5 5 X1 L C2 U6", "5 9 E3 L E1 U6"}, "0-9 E3 | 0-5 C1, 5-9 E1 | 0-9 U6 | ", ""},
		{"same day at the end", []string{"0 5 X1 S C1 U6", "5 5 E4A L C2 U6"}, "0-5 E4A | 0-5 C1 | 0-5 U6 | ", ""},
		{"short breaks only", []string{"0 - - S V4 U6"}, "0- short | 0- V4 | 0- U6 | ", ""},
		{"short breaks, then care", []string{"0 10 X1 S V3 U6", "10 - - L V2 U6"}, "0-10 X1 short, 10- | 0-10 V3, 10- V2 | 0- U6 | ", ""},
		{"care goes before short breaks", []string{"0 - - S C2 U6", "10 20 E8 S V3 K2"}, "0- | 0- C2 | 0- U6 | ", "3 overlap"},
		{"short breaks around care", []string{"0 - - S V4 U6", "10 20 E4A S C2 K2"}, "0-10 X1 short, 10-20 X1, 20- short | 0-10 V4, 10-20 C2, 20- V4 | 0-10 U6, 10-20 K2, 20- U6 | ", "3 overlap"},
		{"two open", []string{"0 - - S C1 U6", "10 - - L C2 K2"}, "0- | 0-10 C1, 10- C2 | 0-10 U6, 10- K2 | ", "3 two-open"},
		{"overlap, the earlier goes on", []string{"0 - - S C1 U6", "10 20 E4A L C2 K2"}, "0- | 0-10 C1, 10-20 C2, 20- C1 | 0-10 U6, 10-20 K2, 20- U6 | ", "3 overlap"},
		{"temporary move", []string{"0 10 X1 S C2 U6", "10 14 X1 P C2 T1", "14 - - P C2 U6"}, "0- | 0- C2 | 0- U6 | 10-14 T1", ""},
		{"two temporary moves and on", []string{"0 10 X1 S C2 U6", "10 14 X1 P C2 T1", "14 15 X1 L E1 T1", "15 17 X1 L E1 T3", "17 - - P E1 K2"},
			"0- | 0-14 C2, 14- E1 | 0-17 U6, 17- K2 | 10-15 T1, 15-17 T3", ""},
		{"temporary move first", []string{"0 10 X1 S C2 T4", "10 - - P C2 U6"}, "0- | 0- C2 | 0-10 T4, 10- U6 | ", ""},
		{"no placement", []string{"0 10 X1 S C2 .", "10 - - P C2 U6"}, "0- | 0- C2 | 10- U6 | ", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			timeline, findings := Timelines(episodes(t, c.episodes...))
			if got := timeline.text(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			var rules []string
			for _, f := range findings {
				rules = append(rules, fmt.Sprint(f.Episode.Line, " ", f.Rule))
			}
			if got := strings.Join(rules, ", "); got != c.rules {
				t.Errorf("findings %q, want %q", got, c.rules)
			}
		})
	}
}

// TestTimelinesKeepEveryDay: for any episodes at all, runs of one kind share no
// day, and the child is in care on every day on which an episode outside short
// breaks runs.
func TestTimelinesKeepEveryDay(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(903, 1))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	first := calendar.MustParse("2024-01-01")
	for range 3000 {
		var lines []string
		for range 1 + random.IntN(6) {
			start := random.IntN(40)
			end := fmt.Sprint(start + random.IntN(12))
			if random.IntN(6) == 0 {
				end = "-"
			}
			lines = append(lines, fmt.Sprint(start, " ", end, " ", pick("X1", "X1", "E4A", "-"), " ", pick("S", "P", "L"), " ", pick("C1", "C2", "V3", "V4"), " ", pick("U6", "K2", "T1", "T4")))
		}
		given := episodes(t, lines...)
		timeline, _ := Timelines(given)
		for n := range 60 {
			day := first.AddDays(n)
			inCare := false
			for _, e := range given {
				inCare = inCare || !returncode.ShortBreaks(e.LegalStatus) && (calendar.Range{Start: e.Start, End: e.End}).Contains(day)
			}
			if inCare && !timeline.InCare(day) {
				t.Fatalf("day %d is lost: %q gives %s", n, lines, timeline.text())
			}
			care, legal, places, away := 0, 0, 0, 0
			for _, p := range timeline.Care {
				care += one(p.Contains(day))
			}
			for _, l := range timeline.LegalStatuses {
				legal += one(l.Contains(day))
			}
			for _, p := range timeline.Placements {
				places += one(p.Contains(day))
			}
			for _, p := range timeline.TemporaryMoves {
				away += one(p.Contains(day))
			}
			if care > 1 || legal > 1 || places > 1 || away > 1 || legal > care || places > care || away > places {
				t.Fatalf("day %d has %d care, %d statuses, %d placements, %d moves: %q gives %s", n, care, legal, places, away, lines, timeline.text())
			}
		}
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func TestPlacementsOfOneKindInTwoPlaces(t *testing.T) {
	t.Parallel()
	given := episodes(t, "0 10 X1 S C2 U6", "10 - - P C2 U6")
	given[0].postcode, given[1].postcode = "DY11AA", "DY12BB"
	given[0].ChangeReason = "CREQB"
	timeline, _ := Timelines(given)
	if got := timeline.text(); got != "0- | 0- C2 | 0-10 U6, 10- U6 | " || timeline.Placements[0].ChangeReason != "CREQB" || timeline.Placements[1].ChangeReason != "" {
		t.Errorf("got %s %+v", got, timeline.Placements)
	}
}

// TestCodes: the dates of the codes that changed, as the public validator has them.
func TestCodes(t *testing.T) {
	t.Parallel()
	on := calendar.MustParse
	for _, c := range []struct {
		set, code string
		day       calendar.Date
		inUse     bool
	}{
		{"PLACE", "H5", on("2024-03-31"), true}, {"PLACE", "H5", on("2024-04-01"), false}, {"PLACE", "K3", on("2024-03-31"), false}, {"PLACE", "K3", on("2024-04-01"), true},
		{"REC", "E45", on("2018-03-31"), false}, {"REC", "E43", on("2018-03-31"), true}, {"LS", "C2", on("1999-01-01"), true}, {"PLACE", "H5", calendar.Date{}, true},
	} {
		code, known := returncode.LookUp(c.set, c.code)
		if !known || code.InUse(c.day) != c.inUse || code.Label == "" {
			t.Errorf("%s %s on %s: %v %+v", c.set, c.code, c.day, known, code)
		}
	}
	if returncode.Label("LS", "V2") != "Accommodated under section 20" || returncode.Label("LS", "??") != "??" {
		t.Error("labels are wrong")
	}
}

func TestDistrict(t *testing.T) {
	t.Parallel()
	for postcode, want := range map[string]string{"DY11AA": "DY1", "B610AA": "B61", "EC1A1BB": "EC1A", "M11AE": "M1", "": "", "DY1": "", "NONSENSE": ""} {
		if got := (Placement{postcode: postcode}).District(); got != want {
			t.Errorf("%q: %q, want %q", postcode, got, want)
		}
	}
}
