package census_test

import (
	"strconv"
	"strings"
	"testing"

	"virtualschool/internal/attendance/census"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
)

func totals(possible int, codes map[mark.Code]int) census.Totals {
	return census.Totals{Possible: possible, Codes: codes}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	type counts = map[mark.Code]int
	for name, c := range map[string]struct {
		census, held census.Totals
		words        string
		advice       string
	}{
		"the same":              {totals(130, counts{"I": 4}), totals(130, counts{"I": 4, "/": 100, "L": 3}), "", ""},
		"codes nobody compares": {totals(130, counts{"#": 10, "X": 2}), totals(130, counts{"D": 4}), "", ""},
		"no marks":              {totals(130, counts{"I": 4}), totals(0, nil), "Possible sessions: 130 by the census, 0 marked; I: 4 by the census, 0 marked", "its register of the term"},
		"weeks that never came": {totals(130, counts{"I": 4}), totals(120, counts{"I": 4}), "Possible sessions: 130 by the census, 120 marked", "10 sessions are not marked"},
		"too many":              {totals(130, nil), totals(140, nil), "Possible sessions: 130 by the census, 140 marked", "dates on roll"},
		"reasons found since":   {totals(130, counts{"I": 4}), totals(130, counts{"I": 2, "N": 2}), "I: 4 by the census, 2 marked; N: 0 by the census, 2 marked", "found reasons"},
		"other codes":           {totals(130, counts{"O": 4}), totals(130, counts{"U": 4}), "O: 4 by the census, 0 marked; U: 0 by the census, 4 marked", "which are right"},
	} {
		var words []string
		for _, d := range census.Compare(c.census, c.held, calendar.MustParse("2026-12-01")) {
			words = append(words, d.Words())
		}
		advice := census.Advice(c.census, c.held, calendar.MustParse("2026-12-01"))
		if strings.Join(words, "; ") != c.words || !strings.Contains(advice, c.advice) || (advice == "") != (c.advice == "") {
			t.Errorf("%s: %q, %q", name, words, advice)
		}
	}
	// H was an authorised absence until August 2024 and is no code since.
	if d := census.Compare(totals(10, counts{"H": 2}), totals(10, nil), calendar.MustParse("2024-03-01")); len(d) != 1 {
		t.Errorf("a code of its time: %+v", d)
	}
}

func TestTermOfACensus(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"2025_spring_termlysessiondetailsonroll.csv": "2024 autumn", "Summer 2026.csv": "2025 spring", "autumn_2026_pupils.csv": "2025 summer", "census-SPR-2025.csv": "2024 autumn",
		"register.csv": "0 ", "spring.csv": "0 ", "12025 spring.csv": "0 ",
	} {
		year, term, known := census.TermOf(name)
		if got := strings.TrimSpace(strings.Join([]string{strconv.Itoa(year), term}, " ")); got != strings.TrimSpace(want) || known != (year != 0) {
			t.Errorf("%s: %s %v", name, got, known)
		}
	}
}
