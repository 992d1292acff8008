package attendance_test

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is one child in care who moved from Ash to Birch in November, and people around the child.
type world struct {
	*pgtest.Facts
	t       *testing.T
	service *attendance.Service
	child   int64
	ash     int64
	birch   int64
	head    access.Actor
	teacher access.Actor // at Birch
	former  access.Actor // at Ash
	worker  access.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return calendar.MustParse("2026-11-23").Start().Add(12 * time.Hour) })
	w := &world{t: t, Facts: pgtest.NewFacts(t, db)}
	w.service = &attendance.Service{DB: db}
	w.ash, w.birch = w.Setting("Ash Primary"), w.Setting("Birch Primary")
	w.child = w.Child("Maya", "Okafor", "2016-03-04")
	w.OnRoll(w.child, w.ash, "[2024-09-01,2026-11-02)")
	w.OnRoll(w.child, w.birch, "[2026-11-02,)")
	w.head, w.worker = w.Person(access.Head, "Hal Head"), w.Person(access.SocialWorker, "Sam Worker")
	w.teacher, w.former = w.Teacher("Tia Teacher", w.birch), w.Teacher("Fay Former", w.ash)
	w.Allocate(w.child, "social_worker", w.worker, "[2024-01-10,)")
	return w
}

func (w *world) records() (list []attendance.Record, summary attendance.Summary) {
	w.t.Helper()
	var batch postgres.Batch
	attendance.QueueRecords(&batch, &list, w.child, 2026)
	attendance.QueueSummary(&batch, &summary, w.child, 2026)
	if err := w.service.DB.View(w.t.Context(), access.System, &batch); err != nil {
		w.t.Fatal(err)
	}
	return list, summary
}

func entry(setting int64, half attendance.HalfTerm, possible, attended int) attendance.Entry {
	return attendance.Entry{SettingID: setting, AcademicYear: 2026, HalfTerm: half, Figures: attendance.Figures{Possible: possible, Attended: attended, Authorised: possible - attended},
		Source: "School register", AsAt: calendar.MustParse("2026-11-20")}
}

func TestRecordAndCorrect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if list, summary := w.records(); len(list) != 0 || summary.Recorded() || summary.AcademicYear != 2026 {
		t.Fatalf("before anything: %v, %+v", list, summary)
	}
	for _, step := range []struct {
		actor   access.Actor
		version int
		entry   attendance.Entry
	}{
		{w.head, 0, entry(w.ash, "A1", 70, 63)},
		{w.teacher, 0, entry(w.birch, "A2", 30, 20)},
		{w.teacher, 1, entry(w.birch, "A2", 30, 24)},
	} {
		if err := w.service.Record(t.Context(), step.actor, w.child, step.version, step.entry); err != nil {
			t.Fatal(err)
		}
	}
	list, summary := w.records()
	if len(list) != 2 || list[0].HalfTerm != "A2" || list[0].Attended != 24 || list[0].Version != 2 || list[0].School != "Birch Primary" {
		t.Errorf("records %+v", list)
	}
	if summary.Figures() != (attendance.Figures{Possible: 100, Attended: 87, Authorised: 13}) || len(summary.Halves) != 2 || len(summary.Sources) != 1 || summary.AsAt.String() != "2026-11-20" {
		t.Errorf("summary %+v", summary)
	}
	if changes := w.ID(`select count(*) from audit_change where child_id = $1 and subject = 'attendance'`, w.child); changes != 3 {
		t.Errorf("%d changes in the audit; want 3", changes)
	}
	var schools, own []attendance.School
	var one *attendance.Record
	var batch postgres.Batch
	attendance.QueueSchools(&batch, &schools, w.child, 2026, 0)
	attendance.QueueSchools(&batch, &own, w.child, 2026, w.teacher.ID)
	attendance.QueueRecord(&batch, &one, w.child, w.birch, 2026, "A2")
	if err := w.service.DB.View(t.Context(), w.teacher, &batch); err != nil {
		t.Fatal(err)
	}
	if len(schools) != 2 || len(own) != 1 || own[0].ID != w.birch || one == nil || one.Entry() != entry(w.birch, "A2", 30, 24) {
		t.Errorf("schools %v, own %v, one %+v", schools, own, one)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.service.Record(t.Context(), w.head, w.child, 0, entry(w.birch, "A2", 30, 20)); err != nil {
		t.Fatal(err)
	}
	elsewhere := w.ID(`insert into setting (urn, name, source) values (100003, 'Cedar', 'gias') returning id`)
	for name, c := range map[string]struct {
		actor   access.Actor
		child   int64
		version int
		entry   attendance.Entry
		kind    fault.Kind
	}{
		"the former school":           {w.former, w.child, 0, entry(w.ash, "A1", 70, 63), fault.KindNotFound},
		"another school's figures":    {w.teacher, w.child, 0, entry(w.ash, "A1", 70, 63), fault.KindForbidden},
		"the social worker":           {w.worker, w.child, 0, entry(w.birch, "A1", 70, 63), fault.KindForbidden},
		"no such child":               {w.head, 99999, 0, entry(w.birch, "A1", 70, 63), fault.KindNotFound},
		"a school never attended":     {w.head, w.child, 0, entry(elsewhere, "A1", 70, 63), fault.KindInvalid},
		"figures that are there":      {w.head, w.child, 0, entry(w.birch, "A2", 30, 30), fault.KindInvalid},
		"an old page":                 {w.head, w.child, 7, entry(w.birch, "A2", 30, 30), fault.KindConflict},
		"a correction of what is not": {w.head, w.child, 1, entry(w.birch, "A1", 30, 30), fault.KindNotFound},
		"figures that do not add up":  {w.head, w.child, 1, attendance.Entry{SettingID: w.birch, AcademicYear: 2026, HalfTerm: "A2", Figures: attendance.Figures{Possible: 5}, Source: "s", AsAt: calendar.MustParse("2026-11-20")}, fault.KindInvalid},
		"nobody":                      {access.Actor{}, w.child, 0, entry(w.birch, "A1", 70, 63), fault.KindNotFound},
	} {
		if err := w.service.Record(t.Context(), c.actor, c.child, c.version, c.entry); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
	}
	if list, _ := w.records(); len(list) != 1 || list[0].Attended != 20 || list[0].Version != 1 {
		t.Errorf("something was changed: %+v", list)
	}
}

func TestTwoCorrectionsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.service.Record(t.Context(), w.head, w.child, 0, entry(w.birch, "A2", 30, 20)); err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			err := w.service.Record(t.Context(), w.head, w.child, 1, entry(w.birch, "A2", 30, 21+n))
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, fault.KindConflict) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if list, _ := w.records(); won.Load() != 1 || list[0].Version != 2 {
		t.Errorf("%d won; %+v", won.Load(), list)
	}
}
