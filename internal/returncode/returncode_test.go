package returncode_test

import (
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/returncode"
)

func TestCodesMeanWhatTheyMeantOnTheDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set, code, on string
		want          bool
	}{
		{"PLACE", "H5", "2024-03-31", true}, {"PLACE", "H5", "2024-04-01", false}, // semi-independent living ended
		{"PLACE", "K3", "2024-03-31", false}, {"PLACE", "K3", "2024-04-01", true}, // supported accommodation began
		{"SEX", "1", "2023-06-01", true}, {"SEX", "F", "2024-06-01", true},
		{"REC", "E43", "2018-03-31", true}, {"REC", "E43", "2018-04-01", false}, {"REC", "E45", "2018-04-01", true},
		{"LS", "C2", "1990-01-01", true},
	} {
		code, known := returncode.LookUp(c.set, c.code)
		if !known || code.InUse(calendar.MustParse(c.on)) != c.want {
			t.Errorf("%s %s on %s: known %t, in use %t", c.set, c.code, c.on, known, !c.want)
		}
	}
	if label := returncode.Label("LS", "Q9"); label != "Q9" {
		t.Errorf("an unknown code keeps itself, not %q", label)
	}
}

func TestListsToChooseFromAreInUseAndInOrder(t *testing.T) {
	t.Parallel()
	today := calendar.MustParse("2026-11-23")
	for _, set := range []string{"LS", "PLACE", "REC", "ETHNIC"} {
		list := returncode.InUse(set, today)
		if len(list) < 10 {
			t.Errorf("%s offers %d", set, len(list))
		}
		for i, code := range list {
			if code.Set != set || !code.InUse(today) || i > 0 && list[i-1].Label > code.Label {
				t.Errorf("%s offers %+v", set, code)
			}
		}
	}
}

func TestShortBreaksAndTemporaryMoves(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{"V3": true, "V4": true, "V2": false, "C2": false, "": false} {
		if returncode.ShortBreaks(code) != want {
			t.Errorf("short breaks, %q", code)
		}
	}
	for code, want := range map[string]bool{"T0": true, "T4": true, "U6": false, "": false} {
		if returncode.Temporary(code) != want {
			t.Errorf("temporary, %q", code)
		}
	}
}
