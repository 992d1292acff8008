package attendance_test

import (
	"strings"
	"testing"

	"virtualschool/internal/attendance"
)

func TestMissingMarksAreChasedOnceAWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	mails := func() int64 { return w.ID(`select count(*) from river_job where kind = 'notice'`) }
	chase := func(what string, want int64) {
		t.Helper()
		if err := w.service.Chase(t.Context()); err != nil || mails() != want {
			t.Errorf("%s: %d mails, %v; want %d", what, mails(), err, want)
		}
	}
	chase("a school nobody has asked for registers yet", 0)
	w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, "2026-11-19", `/\`))
	chase("three days of four missing", 1)
	chase("the same week again", 1)
	mail := w.Text(`select args::text from river_job where kind = 'notice'`)
	if !strings.Contains(mail, "/attendance/register?week=2026-11-16") || strings.Contains(mail, "Maya") || w.ID(`select (args->>'account_id')::bigint from river_job where kind = 'notice'`) != w.teacher.ID {
		t.Errorf("the mail: %s", mail)
	}
	if n := w.ID(`select missing from attendance_chased`); n != 6 {
		t.Errorf("%d sessions missing; want 6: Friday was a training day", n)
	}
}

func TestNothingIsChasedWhereEveryMarkCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	for _, day := range []string{"2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"} {
		w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, day, `/\`))
	}
	if err := w.service.Chase(t.Context()); err != nil || w.ID(`select count(*) from attendance_chased`) != 0 {
		t.Errorf("%v", err)
	}
}
