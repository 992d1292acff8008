package schoolplace_test

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/schoolplace"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is a child who left Ash for nowhere, and people around the child.
type world struct {
	*pgtest.Facts
	t                            *testing.T
	service                      *schoolplace.Service
	ash, child                   int64
	head, worker, other, teacher access.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return calendar.MustParse("2026-11-23").Start().Add(12 * time.Hour) })
	w := &world{t: t, Facts: pgtest.NewFacts(t, db), service: &schoolplace.Service{DB: db}}
	w.ash = w.Setting("Ash Primary")
	w.child = w.Child("Maya", "Okafor", "2016-03-04")
	w.OnRoll(w.child, w.ash, "[2024-09-01,2026-11-05)")
	w.head, w.worker, w.other = w.Person(access.Head, "Hal Head"), w.Person(access.SocialWorker, "Sam Worker"), w.Person(access.SocialWorker, "Olu Other")
	w.teacher = w.Teacher("Tia Teacher", w.ash)
	w.Allocate(w.child, "social_worker", w.worker, "[2024-01-10,)")
	return w
}

func (w *world) rows(as access.Actor, childID int64) (rows []schoolplace.Row, steps []schoolplace.Taken) {
	w.t.Helper()
	var batch postgres.Batch
	schoolplace.QueueRows(&batch, &rows, childID)
	schoolplace.QueueSteps(&batch, &steps, childID)
	if err := w.service.DB.View(w.t.Context(), as, &batch); err != nil {
		w.t.Fatal(err)
	}
	return rows, steps
}

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

func search(task string) schoolplace.Search {
	return schoolplace.Search{Reason: "moved", Emergency: true, Note: "New carer", NextTask: task, NextOn: day("2026-11-27"), NextBy: "social_worker"}
}

func asked(school string) schoolplace.Step {
	return schoolplace.Step{Kind: schoolplace.Asked, TakenOn: day("2026-11-10"), School: school, Words: "By email"}
}

func TestASearchFromTheDayAPlaceIsLostToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows, _ := w.rows(w.worker, 0)
	if len(rows) != 1 || rows[0].LastSchool != "Ash Primary" || rows[0].LastEnded != day("2026-11-05") || rows[0].Kept.ID != 0 {
		t.Fatalf("nobody recorded anything, and the child is listed: %+v", rows)
	}
	if err := w.service.Plan(t.Context(), w.worker, w.child, 0, search("Ring  admissions")); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Plan(t.Context(), w.head, w.child, 1, search("Write to the school")); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Plan(t.Context(), w.head, w.child, 1, search("Late")); !errors.Is(err, fault.KindConflict) {
		t.Errorf("over a newer version: %v", err)
	}
	id, err := w.service.Take(t.Context(), w.worker, w.child, asked("Birch  Primary"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := asked("Birch Primary")
	wrong.Mistaken = true
	if err := w.service.Correct(t.Context(), w.head, w.child, id, 1, wrong); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Correct(t.Context(), w.head, w.child, id, 1, wrong); !errors.Is(err, fault.KindConflict) {
		t.Errorf("correcting a stale step: %v", err)
	}
	rows, steps := w.rows(w.head, w.child)
	if len(rows) != 1 || rows[0].NextTask != "Write to the school" || rows[0].RecordedBy != "Hal Head" || rows[0].Version != 2 || rows[0].OpenedOn != day("2026-11-23") || !rows[0].Emergency {
		t.Errorf("%+v", rows)
	}
	if len(steps) != 1 || steps[0].School != "Birch Primary" || !steps[0].Mistaken || steps[0].Version != 2 {
		t.Errorf("%+v", steps)
	}
	w.OnRoll(w.child, w.Setting("Birch Primary"), "[2026-12-07,)")
	if rows, _ := w.rows(w.head, 0); len(rows) != 1 || rows[0].StartsAt != "Birch Primary" || rows[0].StartsOn != day("2026-12-07") {
		t.Errorf("with a roll to come: %+v", rows)
	}
	w.Exec(`update roll set period = '[2026-11-20,)' where upper(period) is null`)
	if rows, steps := w.rows(w.head, 0); len(rows)+len(steps) != 0 {
		t.Errorf("with a place: %+v, %+v", rows, steps)
	}
	if err := w.service.Plan(t.Context(), w.head, w.child, 2, search("Nothing to find")); !fault.Of(err).Has("reason") {
		t.Errorf("planning for a child with a place: %v", err)
	}
	if audits := w.ID(`select count(*) from audit_change where child_id = $1 and subject like 'place_%'`, w.child); audits != 4 {
		t.Errorf("%d changes in the audit; want 4", audits)
	}
	var stays []schoolplace.Stays
	var batch postgres.Batch
	schoolplace.QueueStays(&batch, &stays, 0, day("2026-09-01"), day("2026-11-23"))
	if err := w.service.DB.View(t.Context(), w.head, &batch); err != nil {
		t.Fatal(err)
	}
	if len(stays) != 1 {
		t.Fatalf("%+v", stays)
	}
	if gaps := schoolplace.Gaps(stays[0].Person()); len(gaps) != 1 || gaps[0] != (calendar.Range{Start: day("2026-11-05"), End: day("2026-11-20")}) {
		t.Errorf("%+v", gaps)
	}
}

func TestASecondTimeWithoutAPlaceIsANewSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Exec(`insert into place_search (child_id, opened_on, reason, emergency, recorded_by, recorded_at) values ($1, '2025-02-03', 'closed', false, $2, '2025-02-03')`, w.child, w.head.ID)
	if err := w.service.Plan(t.Context(), w.head, w.child, 0, search("Ring")); err != nil {
		t.Fatal(err)
	}
	if n := w.ID(`select count(*) from place_search where child_id = $1`, w.child); n != 2 {
		t.Errorf("%d searches; want 2", n)
	}
}

func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'dual', '[2026-11-05,)', 'test')`, w.child, w.Setting("Dual School"))
	dual := w.Teacher("Dee Dual", w.ID(`select id from setting where name = 'Dual School'`))
	for name, c := range map[string]struct {
		who  access.Actor
		want fault.Kind
	}{
		"another social worker":     {w.other, fault.KindNotFound},
		"the school the child left": {w.teacher, fault.KindNotFound},
		"a second school":           {dual, fault.KindForbidden},
		"nobody":                    {access.Actor{}, fault.KindNotFound},
		"who looks after the data":  {w.Person(access.DataOfficer, "Dan Data"), fault.KindForbidden},
	} {
		if err := w.service.Plan(t.Context(), c.who, w.child, 0, search("Ring")); !errors.Is(err, c.want) {
			t.Errorf("%s plans: %v; want %v", name, err, c.want)
		}
		if _, err := w.service.Take(t.Context(), c.who, w.child, asked("Oak")); !errors.Is(err, c.want) {
			t.Errorf("%s takes a step: %v; want %v", name, err, c.want)
		}
	}
	if err := w.service.Correct(t.Context(), w.head, w.child, 99, 1, asked("Oak")); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a step that is not there: %v", err)
	}
}

func TestTwoBeginASearchAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var done, refused atomic.Int32
	var all sync.WaitGroup
	for _, who := range []access.Actor{w.head, w.worker} {
		all.Go(func() {
			switch err := w.service.Plan(t.Context(), who, w.child, 0, search("Ring")); {
			case err == nil:
				done.Add(1)
			case errors.Is(err, fault.KindConflict):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if done.Load() != 1 || refused.Load() != 1 {
		t.Errorf("%d began it and %d were told; want one each", done.Load(), refused.Load())
	}
}
