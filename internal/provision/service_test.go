package provision_test

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
	"virtualschool/internal/hours"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/provision"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is a child at Birch, and people around the child.
type world struct {
	*pgtest.Facts
	t                             *testing.T
	service                       *provision.Service
	child                         int64
	head, teacher, former, worker access.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return calendar.MustParse("2026-11-23").Start().Add(12 * time.Hour) })
	w := &world{t: t, Facts: pgtest.NewFacts(t, db), service: &provision.Service{DB: db}}
	ash, birch := w.Setting("Ash Primary"), w.Setting("Birch Primary")
	w.child = w.Child("Maya", "Okafor", "2016-03-04")
	w.OnRoll(w.child, ash, "[2024-09-01,2026-11-02)")
	w.OnRoll(w.child, birch, "[2026-11-02,)")
	w.head, w.worker = w.Person(access.Head, "Hal Head"), w.Person(access.SocialWorker, "Sam Worker")
	w.teacher, w.former = w.Teacher("Tia Teacher", birch), w.Teacher("Fay Former", ash)
	w.Allocate(w.child, "social_worker", w.worker, "[2024-01-10,)")
	return w
}

func (w *world) read(as access.Actor, filter provision.Filter) (all []provision.Provision, checks []provision.Checked, register []provision.Listed) {
	w.t.Helper()
	var batch postgres.Batch
	provision.QueueOf(&batch, &all, w.child)
	provision.QueueChecks(&batch, &checks, w.child)
	provision.QueueRegister(&batch, &register, filter)
	if err := w.service.DB.View(w.t.Context(), as, &batch); err != nil {
		w.t.Fatal(err)
	}
	return all, checks, register
}

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

func entry(by provision.Arranger) provision.Entry {
	return provision.Entry{Place: " Farm  school ", Registration: provision.NotKnown, ArrangedBy: by, Purpose: "Animals", StartsOn: day("2026-11-09"), PlannedEnd: day("2027-02-12"), Hours: 10 * hours.Hour}
}

func check(on string) provision.Check {
	return provision.Check{CheckedOn: day(on), CheckedBy: "Ann Advisor", Safe: true, Finding: "improve", Words: "No reading yet"}
}

func TestRecordCheckAndEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.service.Record(t.Context(), w.teacher, w.child, entry(provision.BySchool))
	if err != nil {
		t.Fatal(err)
	}
	for _, on := range []string{"2026-11-05", "2026-11-20"} {
		if err := w.service.Check(t.Context(), w.head, w.child, id, check(on)); err != nil {
			t.Fatal(err)
		}
	}
	all, checks, register := w.read(w.teacher, provision.Filter{})
	if len(all) != 1 || all[0].Place != "Farm school" || all[0].CheckedOn != day("2026-11-20") || !all[0].Safe || all[0].Finding != "improve" || all[0].Hours != 600 {
		t.Errorf("provision: %+v", all)
	}
	if len(checks) != 2 || checks[0].CheckedOn != day("2026-11-20") || checks[0].RecordedBy != "Hal Head" {
		t.Errorf("checks: %+v", checks)
	}
	if len(register) != 1 || register[0].Child() != "Maya Okafor" || register[0].School != "Birch Primary" {
		t.Errorf("register: %+v", register)
	}
	over := entry(provision.BySchool)
	over.EndedOn = day("2026-11-21")
	if err := w.service.Change(t.Context(), w.teacher, w.child, id, 1, over); err != nil {
		t.Fatal(err)
	}
	if _, _, register = w.read(w.head, provision.Filter{ChildID: w.child}); len(register) != 0 {
		t.Errorf("when it is over: %+v", register)
	}
	if _, _, register = w.read(w.head, provision.Filter{EndedSince: day("2026-09-01")}); len(register) != 1 {
		t.Errorf("ended this year: %+v", register)
	}
	if changes := w.ID(`select count(*) from audit_change where child_id = $1 and subject = 'provision'`, w.child); changes != 4 {
		t.Errorf("%d changes in the audit; want 4", changes)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.service.Record(t.Context(), w.head, w.child, entry("council"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.service.Check(t.Context(), w.head, w.child, id, check("2026-11-20")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		actor   access.Actor
		child   int64
		id      int64
		version int
		entry   provision.Entry
		change  fault.Kind
		record  bool // recording a new one is refused as well
	}{
		"the former school":             {w.former, w.child, id, 1, entry(provision.BySchool), fault.KindNotFound, true},
		"the school, of the council's":  {w.teacher, w.child, id, 1, entry("council"), fault.KindForbidden, true},
		"the social worker":             {w.worker, w.child, id, 1, entry("council"), fault.KindForbidden, true},
		"no such child":                 {w.head, 99999, id, 1, entry("council"), fault.KindNotFound, true},
		"nothing said":                  {w.head, w.child, id, 1, provision.Entry{}, fault.KindInvalid, true},
		"nobody":                        {access.Actor{}, w.child, id, 1, entry("council"), fault.KindNotFound, true},
		"the school takes it for their": {w.teacher, w.child, id, 1, entry(provision.BySchool), fault.KindForbidden, false},
		"from an old page":              {w.head, w.child, id, 9, entry("council"), fault.KindConflict, false},
	} {
		if c.record {
			if _, err := w.service.Record(t.Context(), c.actor, c.child, c.entry); !errors.Is(err, c.change) {
				t.Errorf("recording, %s: %v; want %v", name, err, c.change)
			}
		}
		if err := w.service.Change(t.Context(), c.actor, c.child, c.id, c.version, c.entry); !errors.Is(err, c.change) {
			t.Errorf("changing, %s: %v; want %v", name, err, c.change)
		}
	}
	for name, c := range map[string]struct {
		actor access.Actor
		check provision.Check
		kind  fault.Kind
	}{
		"twice on a day":     {w.head, check("2026-11-20"), fault.KindInvalid},
		"of nothing":         {w.head, provision.Check{}, fault.KindInvalid},
		"by the school":      {w.teacher, check("2026-11-19"), fault.KindForbidden},
		"by a social worker": {w.worker, check("2026-11-19"), fault.KindForbidden},
		"by the former":      {w.former, check("2026-11-19"), fault.KindNotFound},
	} {
		if err := w.service.Check(t.Context(), c.actor, w.child, id, c.check); !errors.Is(err, c.kind) {
			t.Errorf("checking %s: %v; want %v", name, err, c.kind)
		}
	}
}

func TestTwoChangesAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.service.Record(t.Context(), w.head, w.child, entry("council"))
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var wait sync.WaitGroup
	for n := range 6 {
		wait.Go(func() {
			changed := entry("council")
			changed.Hours = hours.Weekly(n+1) * hours.Hour
			err := w.service.Change(t.Context(), w.head, w.child, id, 1, changed)
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, fault.KindConflict) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
}
