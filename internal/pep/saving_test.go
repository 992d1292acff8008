package pep_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// saveAll saves several parts in one transaction, as a meeting does.
func (h *house) saveAll(who access.Actor, ref pep.Ref, parts ...pep.Saving) error {
	return h.db.Change(h.t.Context(), who, func(ctx context.Context, tx *postgres.Tx) error {
		return h.service.SaveAllIn(ctx, tx, ref, parts...)
	})
}

func TestSeveralPartsAreSavedTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	voice := pep.Voice{Words: "I like maths", How: "in_person", On: day("2026-11-20")}
	targets := []pep.Target{{Area: "literacy", What: "Reads a chapter book"}}
	actions := []pep.Action{{What: "Library card", Owner: "Sam Worker", DueOn: day("2026-12-01")}}

	err := h.saveAll(h.teacher, ref, pep.OfVoice(1, voice), pep.OfTargets(1, []pep.Target{{What: "Reads"}}), pep.OfActions(1, []pep.Action{{What: "Ring"}}))
	for _, field := range []string{"targets/area-0", "actions/owner-0", "actions/due-0"} {
		if !fault.Of(err).Has(field) {
			t.Errorf("%v does not speak of %s", err, field)
		}
	}
	if whole := h.whole(ref); whole.Plan.Voice.Words != "" || whole.Part(pep.PartVoice).Version != 1 {
		t.Error("one part was saved though another was refused")
	}

	if err := h.saveAll(h.teacher, ref, pep.OfVoice(1, voice), pep.OfTargets(1, targets), pep.OfActions(1, actions)); err != nil {
		t.Fatal(err)
	}
	whole := h.whole(ref)
	if whole.Plan.Voice != voice || len(whole.Targets) != 1 || len(whole.Actions) != 1 {
		t.Errorf("%+v", whole)
	}

	// Two parts have moved on; a third has not, and is not saved either.
	var collisions pep.Collisions
	err = h.saveAll(h.worker, ref, pep.OfVoice(1, pep.Voice{Words: "I like art", How: "app", On: day("2026-11-20")}),
		pep.OfTargets(1, append(whole.Targets, pep.Target{Area: "numeracy", What: "Knows her tables"})), pep.OfActions(2, nil))
	if !errors.As(err, &collisions) || len(collisions) != 2 || !errors.Is(err, fault.KindConflict) {
		t.Fatalf("%v", err)
	}
	if first := collisions[0]; first.Part != pep.PartVoice || first.By != "Tia Teacher" || first.Differences[0].Yours != "I like art" || first.Differences[0].Saved != "I like maths" {
		t.Errorf("%+v", first)
	}
	if left := h.whole(ref); len(left.Actions) != 1 || len(left.Targets) != 1 {
		t.Error("a part was saved though two others collided")
	}
	// What is already there collides with nothing, whatever the version.
	if err := h.saveAll(h.worker, ref, pep.OfVoice(1, voice), pep.OfActions(2, nil)); err != nil {
		t.Error(err)
	}

	for name, c := range map[string]struct {
		who  access.Actor
		kind fault.Kind
	}{"another school": {h.otherTeacher, fault.KindNotFound}, "a reviewing officer": {h.iro, fault.KindForbidden}, "another social worker": {h.otherWorker, fault.KindNotFound}} {
		if err := h.saveAll(c.who, ref, pep.OfTargets(2, nil)); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTwoWhoSaveEverythingAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	var won atomic.Int32
	var wait sync.WaitGroup
	for _, who := range []access.Actor{h.teacher, h.worker, h.advisor, h.support} {
		wait.Go(func() {
			err := h.saveAll(who, ref, pep.OfVoice(1, pep.Voice{Words: who.Name + " was told so", How: "app", On: day("2026-11-20")}),
				pep.OfActions(1, []pep.Action{{What: "Ring " + who.Name, Owner: who.Name, DueOn: day("2026-12-01")}}))
			var collisions pep.Collisions
			switch {
			case err == nil:
				won.Add(1)
			case !errors.As(err, &collisions) || len(collisions) != 2:
				t.Errorf("%s: %v", who.Name, err)
			}
		})
	}
	wait.Wait()
	whole := h.whole(ref)
	if won.Load() != 1 || len(whole.Actions) != 1 || whole.Plan.Voice.Words != whole.Actions[0].Owner+" was told so" {
		t.Errorf("%d saved; %q beside %+v", won.Load(), whole.Plan.Voice.Words, whole.Actions)
	}
}
