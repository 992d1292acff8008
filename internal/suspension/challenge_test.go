package suspension_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/suspension"
)

// reasons are the child's as somebody reads them.
func (w *world) reasons(as access.Actor) []suspension.Reason {
	w.t.Helper()
	var signs, all []suspension.Signs
	var challenges []suspension.Challenge
	var batch postgres.Batch
	suspension.QueueSignsOf(&batch, &signs, on("2026-11-23"), w.child)
	suspension.QueueSigns(&batch, &all, on("2026-11-23"))
	suspension.QueueChallenges(&batch, &challenges, w.child)
	if err := w.service.DB.View(w.t.Context(), as, &batch); err != nil {
		w.t.Fatal(err)
	}
	if len(signs) == 0 {
		return nil
	}
	if !slices.Contains(all, signs[0]) {
		w.t.Errorf("the child's own signs %+v are not those of the list: %+v", signs[0], all)
	}
	return suspension.Challenged(suspension.ReasonsOf(signs[0], on("2026-11-23")), challenges)
}

func (w *world) reason(sign suspension.Sign) suspension.Reason {
	w.t.Helper()
	for _, one := range w.reasons(w.head) {
		if one.Sign == sign {
			return one
		}
	}
	return suspension.Reason{}
}

func TestAChallengeHoldsUntilOtherFactsCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.report(suspension.Suspension)
	lately := w.reason("lately")
	before := suspension.PointsOf(w.reasons(w.head))
	if lately.Points != 3 || lately.Challenge != nil {
		t.Fatalf("%+v", w.reasons(w.head))
	}
	if err := w.service.Challenge(t.Context(), w.head, w.child, "lately", lately.Fact, " It was another pupil. "); err != nil {
		t.Fatal(err)
	}
	held := w.reason("lately")
	if held.Challenge == nil || held.Challenge.Because != "It was another pupil." || held.Challenge.ChallengedBy != "Hal Head" || held.Challenge.Words != lately.Words || suspension.PointsOf(w.reasons(w.head)) != before-3 {
		t.Errorf("challenged: %+v", held)
	}
	if err := w.service.Challenge(t.Context(), w.head, w.child, "lately", lately.Fact, "Again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	if _, err := w.service.Record(t.Context(), w.teacher, w.child, suspension.Report{Entry: entry(w.birch, "2026-11-20")}); err != nil {
		t.Fatal(err)
	}
	fresh := w.reason("lately")
	if fresh.Challenge != nil || fresh.Points != 6 || fresh.Fact == lately.Fact {
		t.Errorf("with another suspension: %+v", fresh)
	}
	if err := w.service.Challenge(t.Context(), w.head, w.child, "lately", lately.Fact, "From an old page"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("from an old page: %v", err)
	}
	if err := w.service.Challenge(t.Context(), w.head, w.child, "lately", fresh.Fact, "Both of one fight"); err != nil {
		t.Fatal(err)
	}
	id := w.reason("lately").Challenge.ID
	if err := w.service.CountAgain(t.Context(), w.worker, w.child, id); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("the social worker takes back: %v", err)
	}
	if won := w.atOnce([]fault.Kind{fault.KindConflict}, many(4, func(int) error { return w.service.CountAgain(t.Context(), w.head, w.child, id) })...); won != 1 {
		t.Errorf("%d took it back at once", won)
	}
	if again := w.reason("lately"); again.Challenge != nil || again.Points != 6 {
		t.Errorf("taken back: %+v", again)
	}
	if n := w.ID(`select count(*) from audit_change where subject = 'risk_challenge'`); n != 3 {
		t.Errorf("%d in the audit", n)
	}
}

func TestWhoMayNotChallenge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.report(suspension.Suspension)
	fact := w.reason("lately").Fact
	for name, c := range map[string]struct {
		who     access.Actor
		child   int64
		sign    suspension.Sign
		because string
		want    fault.Kind
	}{
		"the school":          {w.teacher, w.child, "lately", "x", fault.KindForbidden},
		"the social worker":   {w.worker, w.child, "lately", "x", fault.KindForbidden},
		"an earlier school":   {w.former, w.child, "lately", "x", fault.KindNotFound},
		"somebody elsewhere":  {w.Person(access.Advisor, "Ann Elsewhere"), w.child, "lately", "x", fault.KindNotFound},
		"no such child":       {w.head, 99999, "lately", "x", fault.KindNotFound},
		"a sign not there":    {w.head, w.child, "excluded", "x", fault.KindConflict},
		"for no reason":       {w.head, w.child, "lately", " \n", fault.KindInvalid},
		"for a long reason":   {w.head, w.child, "lately", strings.Repeat("é", suspension.ChallengeLimit+1), fault.KindInvalid},
		"a made-up sign name": {w.head, w.child, "'; drop", "x", fault.KindConflict},
	} {
		if err := w.service.Challenge(t.Context(), c.who, c.child, c.sign, fact, c.because); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
	won := w.atOnce([]fault.Kind{fault.KindConflict}, many(6, func(int) error { return w.service.Challenge(t.Context(), w.head, w.child, "lately", fact, "x") })...)
	if won != 1 {
		t.Errorf("%d challenged at once", won)
	}
	if n := w.ID(`select count(*) from risk_challenge`); n != 1 {
		t.Errorf("%d challenges", n)
	}
}
