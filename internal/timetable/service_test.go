package timetable_test

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
	"virtualschool/internal/timetable"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is a child who moved from Ash to Birch in November, and people around the child.
type world struct {
	*pgtest.Facts
	t                             *testing.T
	service                       *timetable.Service
	child, ash, birch             int64
	head, teacher, former, worker access.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return calendar.MustParse("2026-11-23").Start().Add(12 * time.Hour) })
	w := &world{t: t, Facts: pgtest.NewFacts(t, db), service: &timetable.Service{DB: db}}
	w.ash, w.birch = w.Setting("Ash Primary"), w.Setting("Birch Primary")
	w.child = w.Child("Maya", "Okafor", "2016-03-04")
	w.OnRoll(w.child, w.ash, "[2024-09-01,2026-11-02)")
	w.OnRoll(w.child, w.birch, "[2026-11-02,)")
	w.head, w.worker = w.Person(access.Head, "Hal Head"), w.Person(access.SocialWorker, "Sam Worker")
	w.teacher, w.former = w.Teacher("Tia Teacher", w.birch), w.Teacher("Fay Former", w.ash)
	w.Allocate(w.child, "social_worker", w.worker, "[2024-01-10,)")
	return w
}

func (w *world) read(as access.Actor) (all []timetable.Timetable, reviews []timetable.Held, register []timetable.Listed) {
	w.t.Helper()
	var batch postgres.Batch
	timetable.QueueOf(&batch, &all, w.child)
	timetable.QueueReviews(&batch, &reviews, w.child)
	timetable.QueueRegister(&batch, &register, timetable.Filter{})
	if err := w.service.DB.View(w.t.Context(), as, &batch); err != nil {
		w.t.Fatal(err)
	}
	return all, reviews, register
}

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

func entry(setting int64, starts string) timetable.Entry {
	return timetable.Entry{SettingID: setting, StartsOn: day(starts), PlannedEnd: day(starts).AddDays(28), Hours: 750, FullHours: 1500, Reason: "anxiety", Note: " Mornings only ",
		WayBack: "Add a lesson a week", CarerAgreedOn: day("2026-09-01")}
}

func TestFromTheFirstDayToFullTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.service.Record(t.Context(), w.teacher, w.child, entry(w.birch, "2026-11-02"))
	if err != nil {
		t.Fatal(err)
	}
	more := entry(w.birch, "2026-11-02")
	more.WorkerAgreedOn = day("2026-11-01")
	if err := w.service.Correct(t.Context(), w.teacher, w.child, id, 1, more); err != nil {
		t.Fatal(err)
	}
	on := timetable.Review{HeldOn: day("2026-11-16"), Hours: 1000, PlannedEnd: day("2026-12-18"), NextReviewOn: day("2026-12-07"), Words: "Sleeps better; two afternoons more"}
	if err := w.service.Review(t.Context(), w.head, w.child, id, 2, on); err != nil {
		t.Fatal(err)
	}
	all, reviews, register := w.read(w.teacher)
	if len(all) != 1 || all[0].Hours != 1000 || all[0].NextReviewOn != day("2026-12-07") || all[0].Note != "Mornings only" || all[0].LastReviewOn != day("2026-11-16") || all[0].Version != 3 {
		t.Errorf("after a review: %+v", all)
	}
	if len(reviews) != 1 || reviews[0].WasHours != 750 || reviews[0].Hours != 1000 || reviews[0].RecordedBy != "Hal Head" {
		t.Errorf("reviews: %+v", reviews)
	}
	if len(register) != 1 || register[0].Child() != "Maya Okafor" || register[0].School != "Birch Primary" || register[0].WorkerAgreedOn.IsZero() {
		t.Errorf("register: %+v", register)
	}
	over := timetable.Review{HeldOn: day("2026-11-23"), Outcome: "full_time", Words: "In all lessons"}
	if err := w.service.Review(t.Context(), w.teacher, w.child, id, 3, over); err != nil {
		t.Fatal(err)
	}
	all, reviews, register = w.read(w.head)
	if all[0].EndedOn != day("2026-11-23") || all[0].Outcome != "full_time" || len(reviews) != 2 || len(register) != 0 {
		t.Errorf("when it is over: %+v, %d reviews, %d on the register", all[0], len(reviews), len(register))
	}
	var ended []timetable.Listed
	var batch postgres.Batch
	timetable.QueueRegister(&batch, &ended, timetable.Filter{EndedSince: day("2026-09-01")})
	if err := w.service.DB.View(t.Context(), w.head, &batch); err != nil || len(ended) != 1 {
		t.Errorf("ended this year: %d, %v", len(ended), err)
	}
	if changes := w.ID(`select count(*) from audit_change where child_id = $1 and subject = 'reduced_timetable'`, w.child); changes != 4 {
		t.Errorf("%d changes in the audit; want 4", changes)
	}
	if _, err := w.service.Record(t.Context(), w.teacher, w.child, entry(w.birch, "2026-11-23")); err != nil {
		t.Errorf("another one after it: %v", err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, err := w.service.Record(t.Context(), w.head, w.child, entry(w.birch, "2026-11-09"))
	if err != nil {
		t.Fatal(err)
	}
	atAsh, err := w.service.Record(t.Context(), w.head, w.child, entry(w.ash, "2026-09-14"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		actor access.Actor
		child int64
		entry timetable.Entry
		kind  fault.Kind
	}{
		"the former school":   {w.former, w.child, entry(w.ash, "2026-10-05"), fault.KindNotFound},
		"by another school":   {w.teacher, w.child, entry(w.ash, "2026-10-05"), fault.KindForbidden},
		"the social worker":   {w.worker, w.child, entry(w.birch, "2026-11-09"), fault.KindForbidden},
		"no such child":       {w.head, 99999, entry(w.birch, "2026-11-09"), fault.KindNotFound},
		"before joining":      {w.head, w.child, entry(w.birch, "2026-11-01"), fault.KindInvalid},
		"two at once":         {w.head, w.child, entry(w.birch, "2026-11-16"), fault.KindInvalid},
		"as long as all week": {w.head, w.child, timetable.Entry{SettingID: w.birch, StartsOn: day("2026-11-09"), Hours: 1500, FullHours: 1500, Reason: "health"}, fault.KindInvalid},
		"nobody":              {access.Actor{}, w.child, entry(w.birch, "2026-11-09"), fault.KindNotFound},
	} {
		if _, err := w.service.Record(t.Context(), c.actor, c.child, c.entry); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
	}
	for name, c := range map[string]struct {
		actor   access.Actor
		id      int64
		version int
		kind    fault.Kind
	}{
		"from an old page":      {w.head, here, 9, fault.KindConflict},
		"another school's":      {w.teacher, atAsh, 1, fault.KindForbidden},
		"one that is not there": {w.head, 99999, 1, fault.KindNotFound},
		"the social worker's":   {w.worker, here, 1, fault.KindForbidden},
	} {
		if err := w.service.Correct(t.Context(), c.actor, w.child, c.id, c.version, entry(w.birch, "2026-11-10")); !errors.Is(err, c.kind) {
			t.Errorf("correcting %s: %v; want %v", name, err, c.kind)
		}
		if err := w.service.Review(t.Context(), c.actor, w.child, c.id, c.version, timetable.Review{HeldOn: day("2026-11-20"), Hours: 800, Words: "Better"}); !errors.Is(err, c.kind) {
			t.Errorf("reviewing %s: %v; want %v", name, err, c.kind)
		}
	}
	over := timetable.Review{HeldOn: day("2026-11-20"), Outcome: "stopped", Words: "Not agreed"}
	if err := w.service.Review(t.Context(), w.teacher, w.child, here, 1, over); err != nil {
		t.Fatal(err)
	}
	over.HeldOn = day("2026-11-21")
	if err := w.service.Review(t.Context(), w.teacher, w.child, here, 2, over); !errors.Is(err, fault.KindConflict) {
		t.Errorf("ending it twice: %v", err)
	}
	if err := w.service.Correct(t.Context(), w.teacher, w.child, here, 2, entry(w.birch, "2026-11-20")); !errors.Is(err, fault.KindInvalid) {
		t.Errorf("beginning on the day it ended: %v", err)
	}
}

func TestTwoReviewsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.service.Record(t.Context(), w.head, w.child, entry(w.birch, "2026-11-02"))
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var wait sync.WaitGroup
	for n := range 6 {
		wait.Go(func() {
			err := w.service.Review(t.Context(), w.head, w.child, id, 1, timetable.Review{HeldOn: day("2026-11-16").AddDays(n), Hours: 900, Words: "Well"})
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, fault.KindConflict) && !errors.Is(err, fault.KindInvalid) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if _, reviews, _ := w.read(w.head); won.Load() != 1 || len(reviews) != 1 {
		t.Errorf("%d won; %d reviews", won.Load(), len(reviews))
	}
}
