package suspension_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/suspension"
)

// report is a suspension of two days by the present school, and its number.
func (w *world) report(kind suspension.Kind) int64 {
	w.t.Helper()
	one := entry(w.birch, "2026-11-16")
	one.Kind = kind
	id, err := w.service.Record(w.t.Context(), w.teacher, w.child, suspension.Report{Entry: one})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// atOnce does things at the same time and gives how many came about; the others must be refused as one of the kinds.
func (w *world) atOnce(kinds []fault.Kind, acts ...func() error) int64 {
	w.t.Helper()
	var won atomic.Int64
	var wait sync.WaitGroup
	for _, act := range acts {
		wait.Go(func() {
			err := act()
			if err == nil {
				won.Add(1)
				return
			}
			for _, kind := range kinds {
				if errors.Is(err, kind) {
					return
				}
			}
			w.t.Error(err)
		})
	}
	wait.Wait()
	return won.Load()
}

func many(n int, act func(n int) error) (acts []func() error) {
	for i := range n {
		acts = append(acts, func() error { return act(i) })
	}
	return acts
}

func (w *world) one(id int64) suspension.Event {
	w.t.Helper()
	all, _ := w.events(w.head)
	for _, event := range all {
		if event.ID == id {
			return event
		}
	}
	w.t.Fatalf("no event %d", id)
	return suspension.Event{}
}

func TestTwoWhoRecordAMeetingAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.report(suspension.Exclusion)
	plan := func(version int) func(int) error {
		return func(n int) error {
			return w.service.Consider(t.Context(), []access.Actor{w.head, w.teacher}[n%2], w.child, id, suspension.GoverningBoard, version, suspension.Meeting{MeetsOn: on("2026-11-24").AddDays(n)})
		}
	}
	if won := w.atOnce([]fault.Kind{fault.KindConflict}, many(8, plan(0))...); won != 1 {
		t.Errorf("%d recorded the meeting for the first time", won)
	}
	if won := w.atOnce([]fault.Kind{fault.KindConflict}, many(8, plan(1))...); won != 1 {
		t.Errorf("%d changed it", won)
	}
	if version := w.ID(`select version from suspension_review where suspension_id = $1`, id); version != 2 {
		t.Errorf("the meeting is at version %d", version)
	}
}

func TestTwoWhoReinstateAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.report(suspension.Exclusion)
	won := w.atOnce([]fault.Kind{fault.KindConflict}, many(6, func(n int) error {
		return w.service.Consider(t.Context(), w.head, w.child, id, suspension.GoverningBoard, 0, suspension.Meeting{Outcome: suspension.Reinstate, DecidedOn: on("2026-11-20"), Served: n + 1})
	})...)
	event := w.one(id)
	if changes := w.ID(`select count(*) from audit_change where subject = 'suspension' and action = 'considered'`); won != 1 || changes != 1 || event.State != suspension.Reinstated || event.Version != 2 {
		t.Errorf("%d reinstated, %d in the audit: %+v", won, changes, event)
	}
}

func TestTwoWhoCancelAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.report(suspension.Suspension)
	won := w.atOnce([]fault.Kind{fault.KindConflict}, many(6, func(n int) error {
		return w.service.Cancel(t.Context(), w.teacher, w.child, id, 1, suspension.Ending{On: on("2026-11-20"), Served: n % 4, Because: "A witness"})
	})...)
	if event := w.one(id); won != 1 || event.State != suspension.Cancelled || event.Version != 2 {
		t.Errorf("%d cancelled: %+v", won, event)
	}
	if mails := w.ID(`select count(*) from river_job where kind = 'notice' and args->>'subject' like '%cancelled%'`); mails != 2 {
		t.Errorf("%d mails that it was cancelled; want one each to the social worker and the head", mails)
	}
}

// The head teacher cancels while the board decides: one of them comes first, and the other is refused.
func TestCancellingAndDecidingAtOnceOneComesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for round, outcome := range []suspension.Outcome{suspension.Upheld, suspension.Reinstate, suspension.Upheld} {
		one := entry(w.birch, "2026-11-09")
		one.Kind, one.StartsOn = suspension.Exclusion, one.StartsOn.AddDays(round)
		id, err := w.service.Record(t.Context(), w.teacher, w.child, suspension.Report{Entry: one})
		if err != nil {
			t.Fatal(err)
		}
		won := w.atOnce([]fault.Kind{fault.KindConflict, fault.KindInvalid, fault.KindNotFound},
			func() error {
				return w.service.Cancel(t.Context(), w.teacher, w.child, id, 1, suspension.Ending{On: on("2026-11-20"), Served: 8, Because: "A witness"})
			},
			func() error {
				return w.service.Consider(t.Context(), w.head, w.child, id, suspension.GoverningBoard, 0, suspension.Meeting{Outcome: outcome, DecidedOn: on("2026-11-20"), Served: 9})
			})
		event, decided := w.one(id), w.ID(`select count(*) from suspension_review where suspension_id = $1 and outcome <> ''`, id)
		if won != 1 || (event.State == suspension.Cancelled) != (decided == 0) {
			t.Errorf("%s: %d came about; %s with %d decisions", outcome, won, event.State, decided)
		}
	}
}

// Whoever reads first has read it; others in the same part find it read.
func TestTwoWhoReadAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, deputy := w.report(suspension.Suspension), w.Person(access.Deputy, "Dee Deputy")
	won := w.atOnce(nil, many(6, func(n int) error {
		return w.service.Read(t.Context(), []access.Actor{w.head, deputy}[n%2], w.child, id, suspension.Answer{PEPReviewOn: calendar.MustParse("2026-12-01")})
	})...)
	if readers := w.ID(`select count(*) from suspension_reader where part = 'head' and read_by is not null`); won != 6 || readers != 1 {
		t.Errorf("%d saved, %d lines", won, readers)
	}
}
