package hours_test

import (
	"testing"

	"virtualschool/internal/hours"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]hours.Weekly{"12.5": 750, "25": 1500, " 0 ": 0, "0.25": 15, "6.05": 363, "40": 2400, "1.50": 90} {
		if got, err := hours.Parse(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", ".", "12.", ".5", "-1", "+1", "1e1", "12,5", "twelve", "12.345", "0.33", "40.25", "41", "999999999", "99999999999999999999", "١٢", "1 2"} {
		if got, err := hours.Parse(text); err == nil || got != 0 {
			t.Errorf("%q was taken as %d", text, got)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for weekly, want := range map[hours.Weekly]string{0: "0 hours", 60: "1 hour", 750: "12.5 hours", 15: "0.25 hours", 363: "6.05 hours", 1500: "25 hours"} {
		if got := weekly.String(); got != want {
			t.Errorf("%d minutes: %s; want %s", int(weekly), got, want)
		}
		if again, err := hours.Parse(weekly.Plain()); err != nil || again != weekly {
			t.Errorf("%s is read back as %d", weekly.Plain(), again)
		}
	}
	for want, of := range map[string][2]hours.Weekly{"50%": {750, 1500}, "67%": {1000, 1500}, "0%": {0, 1500}, "": {750, 0}} {
		if got := of[0].Share(of[1]); got != want {
			t.Errorf("%d of %d: %q; want %q", int(of[0]), int(of[1]), got, want)
		}
	}
}
