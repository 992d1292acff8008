package attendance_test

import (
	"slices"
	"testing"

	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/setting"
)

// R24: a session is missing where a school was open and no mark has come; closed days and days before or
// after the child was on roll are not.
func TestGapsAreOfOpenDaysOnRoll(t *testing.T) {
	t.Parallel()
	day := calendar.MustParse
	expected := attendance.NewExpectation(map[int64]*setting.Calendar{7: {}})
	pupil := attendance.Pupil{Named: attendance.Named{ID: 1}, SettingID: 7, Starts: day("2026-11-19"), Ends: day("2026-11-24")} // a Thursday to the Monday
	marks := []attendance.Day{{ChildID: 1, SettingID: 7, Day: day("2026-11-19"), AM: "/", PM: `\`}, {ChildID: 1, SettingID: 7, Day: day("2026-11-20"), AM: "N"}, {ChildID: 1, SettingID: 8, Day: day("2026-11-23"), AM: "/", PM: `\`}}
	var got []string
	for _, gap := range attendance.Gaps([]attendance.Pupil{pupil}, marks, expected, day("2026-11-16"), day("2026-11-27")) {
		got = append(got, gap.Day.String()+" "+string(gap.Session))
	}
	if want := []string{"2026-11-20 PM", "2026-11-23 AM", "2026-11-23 PM"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if gaps := attendance.Gaps([]attendance.Pupil{{SettingID: 9}}, nil, expected, day("2026-11-16"), day("2026-11-27")); len(gaps) > 0 {
		t.Errorf("a school without a calendar: %v", gaps)
	}
}
