package suspension_test

import (
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/suspension"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is one child in care who moved from Ash to Birch in November, and people around the child.
type world struct {
	*pgtest.Facts
	t       *testing.T
	service *suspension.Service
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
	w.service = &suspension.Service{DB: db}
	w.ash, w.birch = w.Setting("Ash Primary"), w.Setting("Birch Primary")
	w.child = w.Child("Maya", "Okafor", "2016-03-04")
	w.OnRoll(w.child, w.ash, "[2024-09-01,2026-11-02)")
	w.OnRoll(w.child, w.birch, "[2026-11-02,)")
	w.head, w.worker = w.Person(access.Head, "Hal Head"), w.Person(access.SocialWorker, "Sam Worker")
	w.teacher, w.former = w.Teacher("Tia Teacher", w.birch), w.Teacher("Fay Former", w.ash)
	w.Allocate(w.child, "social_worker", w.worker, "[2024-01-10,)")
	return w
}

func (w *world) events(as access.Actor) (all, year []suspension.Event) {
	w.t.Helper()
	var batch postgres.Batch
	suspension.QueueEvents(&batch, &all, w.child)
	suspension.QueueYear(&batch, &year, w.child, 2026)
	if err := w.service.DB.View(w.t.Context(), as, &batch); err != nil {
		w.t.Fatal(err)
	}
	return all, year
}

func entry(setting int64, starts string) suspension.Entry {
	return suspension.Entry{SettingID: setting, Kind: suspension.Suspension, StartsOn: calendar.MustParse(starts), Sessions: 4, Reasons: []string{"DB", "VA"}, Note: "Work sent home"}
}

func TestRecordAndCorrect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, one := range []suspension.Entry{entry(w.ash, "2026-03-02"), entry(w.ash, "2026-09-14")} {
		if _, err := w.service.Record(t.Context(), w.head, w.child, suspension.Report{Entry: one}); err != nil {
			t.Fatal(err)
		}
	}
	id, err := w.service.Record(t.Context(), w.teacher, w.child, suspension.Report{Entry: entry(w.birch, "2026-11-16")})
	if err != nil {
		t.Fatal(err)
	}
	longer := entry(w.birch, "2026-11-16")
	longer.Sessions, longer.Reasons = 6, []string{"VA"}
	if err := w.service.Correct(t.Context(), w.teacher, w.child, id, 1, longer); err != nil {
		t.Fatal(err)
	}
	all, year := w.events(w.teacher)
	if len(all) != 3 || len(year) != 2 || all[0].ID != id || all[0].Sessions != 6 || all[0].Version != 2 || !slices.Equal(all[0].Reasons, []string{"VA"}) || all[0].School != "Birch Primary" {
		t.Errorf("events %+v", all)
	}
	if position := suspension.PositionOf(all, 2026, calendar.SchoolDays{}); position.Used != 10 || position.Events != 2 {
		t.Errorf("position %+v", position)
	}
	if changes := w.ID(`select count(*) from audit_change where child_id = $1 and subject = 'suspension'`, w.child); changes != 4 {
		t.Errorf("%d changes in the audit; want 4", changes)
	}
	var one suspension.Event
	var schools, own []suspension.School
	var batch postgres.Batch
	suspension.QueueEvent(&batch, &one, w.child, id)
	suspension.QueueSchools(&batch, &schools, w.child, 0)
	suspension.QueueSchools(&batch, &own, w.child, w.teacher.ID)
	if err := w.service.DB.View(t.Context(), w.teacher, &batch); err != nil {
		t.Fatal(err)
	}
	if one.Entry().Sessions != 6 || len(schools) != 2 || schools[0].ID != w.birch || len(own) != 1 || own[0].ID != w.birch {
		t.Errorf("one %+v, schools %v, own %v", one, schools, own)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	there, err := w.service.Record(t.Context(), w.head, w.child, suspension.Report{Entry: entry(w.birch, "2026-11-16")})
	if err != nil {
		t.Fatal(err)
	}
	atAsh, err := w.service.Record(t.Context(), w.head, w.child, suspension.Report{Entry: entry(w.ash, "2026-09-16")})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		actor access.Actor
		child int64
		entry suspension.Entry
		kind  fault.Kind
	}{
		"the former school": {w.former, w.child, entry(w.ash, "2026-09-14"), fault.KindNotFound},
		"by another school": {w.teacher, w.child, entry(w.ash, "2026-09-14"), fault.KindForbidden},
		"the social worker": {w.worker, w.child, entry(w.birch, "2026-11-09"), fault.KindForbidden},
		"no such child":     {w.head, 99999, entry(w.birch, "2026-11-09"), fault.KindNotFound},
		"before joining":    {w.head, w.child, entry(w.birch, "2026-11-01"), fault.KindInvalid},
		"after leaving":     {w.head, w.child, entry(w.ash, "2026-11-02"), fault.KindInvalid},
		"recorded already":  {w.head, w.child, entry(w.birch, "2026-11-16"), fault.KindInvalid},
		"nobody":            {access.Actor{}, w.child, entry(w.birch, "2026-11-09"), fault.KindNotFound},
	} {
		if _, err := w.service.Record(t.Context(), c.actor, c.child, suspension.Report{Entry: c.entry}); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
	}
	second, err := w.service.Record(t.Context(), w.head, w.child, suspension.Report{Entry: entry(w.birch, "2026-11-09")})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		actor   access.Actor
		id      int64
		version int
		entry   suspension.Entry
		kind    fault.Kind
	}{
		"from an old page":      {w.head, there, 9, entry(w.birch, "2026-11-17"), fault.KindConflict},
		"onto another's day":    {w.head, second, 1, entry(w.birch, "2026-11-16"), fault.KindInvalid},
		"another school's":      {w.teacher, atAsh, 1, entry(w.birch, "2026-11-17"), fault.KindForbidden},
		"one that is not there": {w.head, 99999, 1, entry(w.birch, "2026-11-17"), fault.KindNotFound},
		"with nothing said":     {w.head, there, 1, suspension.Entry{SettingID: w.birch}, fault.KindInvalid},
	} {
		if err := w.service.Correct(t.Context(), c.actor, w.child, c.id, c.version, c.entry); !errors.Is(err, c.kind) {
			t.Errorf("correcting %s: %v; want %v", name, err, c.kind)
		}
	}
	if all, _ := w.events(w.former); len(all) != 0 {
		t.Errorf("the former school sees %d events", len(all))
	}
}

func TestTwoCorrectionsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.service.Record(t.Context(), w.head, w.child, suspension.Report{Entry: entry(w.birch, "2026-11-16")})
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			changed := entry(w.birch, "2026-11-16")
			changed.Sessions = n + 5
			err := w.service.Correct(t.Context(), w.head, w.child, id, 1, changed)
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, fault.KindConflict) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if all, _ := w.events(w.head); won.Load() != 1 || all[0].Version != 2 {
		t.Errorf("%d won; %+v", won.Load(), all)
	}
}
