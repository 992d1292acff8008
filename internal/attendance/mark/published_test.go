package mark

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"virtualschool/internal/calendar"
)

// testdata/published.csv is some rows and columns of the department's year-to-date attendance figures
// for 2025/26 by authority and phase: one column for each code, beside the department's own totals.
// Source: dfe-analytical-services/attendance-data-dashboard, data/EES_ytd_data.csv, Open Government Licence.
func TestClassesAddUpToThePublishedTotals(t *testing.T) {
	t.Parallel()
	exact, least := golden(t, "testdata/published.csv")
	if exact != 13 || least != 3 {
		t.Errorf("%d rows agree and %d nearly; want the three authorities and England's special schools to agree, the rest of England nearly", exact, least)
	}
}

// The whole file, where it is at hand: 592 rows agree, 51 differ by an authorised reason without a column.
func TestTheWholePublishedFile(t *testing.T) {
	t.Parallel()
	const whole = "../../../../shared/data/attendance/dfe_attendance_2025-26_year_to_date_by_la.csv"
	if _, err := os.Stat(whole); err != nil {
		return
	}
	if exact, nearly := golden(t, whole); exact != 592 || nearly != 51 {
		t.Errorf("%d rows agree and %d nearly; want 592 and 51", exact, nearly)
	}
}

// golden counts the rows of a published file in which the codes of each class make exactly the
// department's total, and those in which only authorised absence is a little (up to 106 of millions) larger there.
func golden(t *testing.T, path string) (exact, nearly int) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		if row["present_sessions"] == "c" { // kept back by the department
			continue
		}
		sums := map[Class]int{}
		for _, m := range National.Meanings() {
			if m.Column == "" {
				continue
			}
			day := calendar.MustParse("2025-10-01")
			if !m.On(day) {
				day = m.To
			}
			class, known := National.Class(m.Code, day, orAM(m.Session))
			if !known {
				t.Fatalf("%s has no class on %s", m.Code, day)
			}
			sums[class] += number(t, row[m.Column])
		}
		difference := number(t, row["authorised_absence"]) - sums[Authorised]
		possible := sums[Present] + sums[Elsewhere] + sums[Authorised] + sums[Unauthorised] + difference
		attended := sums[Present] + sums[Elsewhere]
		switch {
		case sums[Present] != number(t, row["present_sessions"]), sums[Elsewhere] != number(t, row["approved_educational_activity"]),
			attended != number(t, row["overall_attendance"]), sums[Unauthorised] != number(t, row["unauthorised_absence"]), possible != number(t, row["possible_sessions"]):
			t.Errorf("%s %s: %v", row["la_name"], row["education_phase"], sums)
		case difference == 0:
			exact++
		case difference > 0 && difference <= 106:
			nearly++
		default:
			t.Errorf("%s %s: authorised absence differs by %d", row["la_name"], row["education_phase"], difference)
		}
		percent, err := strconv.ParseFloat(row["attendance_perc"], 64)
		if err != nil || math.Abs(percent-100*float64(attended)/float64(possible)) > 1e-6 {
			t.Errorf("%s %s: %s%% attended; want %d of %d", row["la_name"], row["education_phase"], row["attendance_perc"], attended, possible)
		}
	}
	return exact, nearly
}

func orAM(session Session) Session {
	if session == "" {
		return AM
	}
	return session
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}
