package change

import (
	"math"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
)

// weeks are attended sessions of ten, a week each; "-" is a week without school.
func weeks(attended string) (list []Week) {
	monday := calendar.MustParse("2026-09-07")
	for _, word := range strings.Fields(attended) {
		if word != "-" {
			n := 0
			for _, digit := range word {
				n = n*10 + int(digit-'0')
			}
			list = append(list, Week{monday, 10, n})
		}
		monday = monday.AddDays(7)
	}
	return list
}

func TestSignals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, attended string
		base           int
		mean, lower    float64
		signals        string
	}{
		{"too few weeks", "10 9 10 2 10", 0, 0, 0, ""},
		{"steady", "10 9 10 9 10 9 10 9", 8, 95, 68.4, ""},
		{"all of it, always", "10 10 10 10 10 10 10", 7, 100, 100, ""},
		{"all of it, then not one session", "10 10 10 10 10 10 10 10 10 10 10 10 9", 12, 100, 100, ""},
		{"all of it, then not two", "10 10 10 10 10 10 10 10 10 10 10 10 8", 12, 100, 100, "below 2026-11-30"},
		{"a week under the limit", "10 9 10 9 10 9 10 9 10 9 10 9 6", 12, 95, 68.4, "below 2026-11-30"},
		{"on the limit", "9 9 9 9 9 9 9 9 9 9 9 9 9", 12, 90, 90, ""},
		{"eight under the mean", "10 9 10 9 10 9 10 9 10 9 10 10 9 9 9 9 9 9 9 9", 12, 1150.0 / 12, 1150.0/12 - 2.66*100/11, "low 2027-01-18"},
		{"seven under the mean", "10 9 10 9 10 9 10 9 10 9 10 10 9 9 9 9 9 9 9 10", 12, 1150.0 / 12, 1150.0/12 - 2.66*100/11, ""},
		{"sixteen under the mean tell once", "10 9 10 9 10 9 10 9 10 9 10 10 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9", 12, 1150.0 / 12, 1150.0/12 - 2.66*100/11, "low 2027-01-18"},
		{"holidays are passed over", "10 9 10 - - 9 10 9 10 9 10 9 10 9 6", 12, 95, 68.4, "below 2026-12-14"},
		{"nothing is under nought", "10 0 10 0 10 0 10", 7, 400.0 / 7, 0, ""},
	} {
		chart := Draw(weeks(c.attended))
		var signals []string
		for _, s := range chart.Signals {
			signals = append(signals, string(s.Kind)+" "+s.Week.Monday.String())
			if words := chart.Explain(s); !strings.Contains(words, "hardly chance") {
				t.Errorf("%s: %q", c.name, words)
			}
		}
		if chart.Base != c.base || math.Abs(chart.Mean-c.mean) > 0.05 || math.Abs(chart.Lower-c.lower) > 0.05 || strings.Join(signals, ", ") != c.signals {
			t.Errorf("%s: base %d, mean %.2f, lower %.2f, signals %v; want %+v", c.name, chart.Base, chart.Mean, chart.Lower, signals, c)
		}
	}
}

func TestWeeksThatSayTooLittle(t *testing.T) {
	t.Parallel()
	list := weeks("10 10 10 10 10 10 10 10 10 10 10 10")
	list = append(list, Week{calendar.MustParse("2026-11-30"), 3, 0}, Week{calendar.MustParse("2026-12-07"), 0, 0})
	if chart := Draw(list); len(chart.Weeks) != 12 || len(chart.Signals) != 0 {
		t.Errorf("%d weeks, %v", len(chart.Weeks), chart.Signals)
	}
	list = append(list, Week{calendar.MustParse("2026-12-14"), 4, 2})
	if chart := Draw(list); len(chart.Weeks) != 13 || len(chart.Signals) != 1 {
		t.Errorf("%d weeks, %v", len(chart.Weeks), chart.Signals)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	chart := Draw(weeks("10 9 10 9 10 9 10 9 10 9 10 9 6 10"))
	if got, want := chart.Explain(chart.Signals[0]), "In the week of 30 November 2026, 6 of 10 sessions were attended (60%). In the first 12 weeks it was 95% on average, and a week under 68% is hardly chance for this child."; got != want {
		t.Errorf("said %q", got)
	}
	if got, want := chart.Basis(), "The average of 95% and the lower limit of 68% are made from this child's first 12 weeks."; got != want {
		t.Errorf("said %q", got)
	}
	if got, want := Draw(weeks("10 9")).Basis(), "2 weeks with enough sessions are recorded; a change can be told from 6 on."; got != want {
		t.Errorf("said %q", got)
	}
	if _, late := chart.Latest(1); late {
		t.Error("the signal is of the week before last")
	}
	if s, late := chart.Latest(2); !late || s.Week.Attended != 6 {
		t.Errorf("latest %+v, %v", s, late)
	}
	if _, any := Draw(nil).Latest(4); any {
		t.Error("a signal of nothing")
	}
	if got := chart.Explain(Signal{}); got != "" {
		t.Errorf("said %q", got)
	}
}
