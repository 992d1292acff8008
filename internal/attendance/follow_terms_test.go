package attendance_test

import (
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

func TestHalfTermsFollowTheTermDates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	w.mustKeep(w.head, attendance.RegisterFile, w.at(w.ash, "2026-10-09", `/\`), w.at(w.ash, "2026-10-22", `I\`), w.at(w.ash, "2026-10-23", `LN`), w.at(w.birch, "2026-11-18", `/\`))
	if err := w.service.FollowTerms(t.Context(), 2026); err != nil {
		t.Fatal(err)
	}
	if n := w.ID(`select count(*) from audit_change where action = 'followed the term dates'`); n != 0 {
		t.Error("nothing changed, and it is told of")
	}
	// The break was a week earlier than everybody thought; somebody reported the second half before.
	w.Exec(`insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, source, as_at, recorded_by, recorded_at)
		values ($1, $2, 2026, 'A2', 30, 30, 0, 0, 'school', '2026-10-30', $3, '2026-11-01')`, w.child, w.ash, w.head.ID)
	settings := &setting.Service{DB: w.service.DB, AuthorityCode: "332"}
	term := setting.Term{Term: calendar.Term{AcademicYear: 2026, Name: calendar.Autumn, Starts: calendar.MustParse("2026-09-02"), Ends: calendar.MustParse("2026-12-18"),
		HalfTermFrom: calendar.MustParse("2026-10-12"), HalfTermTo: calendar.MustParse("2026-10-16")}, Source: "The council"}
	if err := settings.SetTerm(t.Context(), w.head, setting.Owner{AuthorityCode: "332"}, term, w.version()); err != nil {
		t.Fatal(err)
	}
	if n := w.ID(`select count(*) from river_job where kind = 'terms_changed' and args->>'academic_year' = '2026'`); n != 1 {
		t.Errorf("%d jobs", n)
	}
	if err := w.service.FollowTerms(t.Context(), 2026); err != nil {
		t.Fatal(err)
	}
	w.agrees()
	list, _ := w.records()
	got := map[attendance.HalfTerm]attendance.Figures{}
	for _, r := range list {
		if r.SettingID == w.ash {
			got[r.HalfTerm] = r.Figures()
		}
	}
	if got["A1"] != (attendance.Figures{Possible: 2, Attended: 2}) || got["A2"] != (attendance.Figures{Possible: 4, Attended: 2, Authorised: 1, Unauthorised: 1, Late: 1}) {
		t.Errorf("%+v", got)
	}
	if n := w.ID(`select count(*) from audit_change where action = 'replaced by marks' and before->>'source' = 'school'`); n != 1 {
		t.Errorf("what was reported is %d times in the audit", n)
	}
}

// version is that of the council's autumn term.
func (w *world) version() int {
	w.t.Helper()
	var kept []setting.KeptTerm
	var batch postgres.Batch
	setting.QueueKeptTerms(&batch, &kept, "332")
	if err := w.service.DB.View(w.t.Context(), access.System, &batch); err != nil {
		w.t.Fatal(err)
	}
	for _, k := range kept {
		if k.AcademicYear == 2026 && k.Name == calendar.Autumn {
			return k.Term().Version()
		}
	}
	w.t.Fatal("no autumn term")
	return 0
}
