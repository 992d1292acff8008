package pep_test

import (
	"errors"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
)

func TestQualityAssuranceIsBetweenSubmittedAndDecided(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	if err := h.service.TakeIn(t.Context(), h.advisor, ref, 1); !errors.Is(err, fault.KindConflict) {
		t.Errorf("not submitted: %v", err)
	}
	h.fill(ref, "2026-11-20", "2027-02-01")
	version := func() int { return h.whole(ref).Plan.Version }
	if err := h.service.Submit(t.Context(), h.teacher, ref, version()); err != nil {
		t.Fatal(err)
	}
	for _, who := range []access.Actor{h.teacher, h.worker, h.iro, h.support, h.dataOfficer} {
		if err := h.service.TakeIn(t.Context(), who, ref, version()); err == nil {
			t.Errorf("%s took it in", who.Name)
		}
	}
	if err := h.service.TakeIn(t.Context(), h.otherAdvisor, ref, version()); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("an advisor of other children: %v", err)
	}
	if err := h.service.TakeIn(t.Context(), h.advisor, ref, version()); err != nil {
		t.Fatal(err)
	}
	plan := h.whole(ref).Plan
	if plan.State != pep.InQA || plan.QABy != "Ada Advisor" || plan.QAAt == nil || plan.State.Editable() || !plan.State.Open() {
		t.Errorf("%+v", plan)
	}
	if err := h.service.TakeIn(t.Context(), h.deputy, ref, version()); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	if err := h.service.SaveVoice(t.Context(), h.teacher, ref, 2, pep.Voice{}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("written while it is read: %v", err)
	}
	if err := h.service.Return(t.Context(), h.deputy, ref, version(), "Targets need a measure"); err != nil {
		t.Fatal(err)
	}
	if err := h.service.Submit(t.Context(), h.teacher, ref, version()); err != nil {
		t.Fatal(err)
	}
	if plan := h.whole(ref).Plan; plan.QABy != "" || plan.QAAt != nil {
		t.Errorf("submitted again, nobody reads it yet: %+v", plan)
	}
	if err := h.service.TakeIn(t.Context(), h.advisor, ref, version()); err != nil {
		t.Fatal(err)
	}
	if err := h.service.SignOff(t.Context(), h.deputy, ref, version()); err != nil {
		t.Fatal(err)
	}
	whole := h.whole(ref)
	var events []string
	for _, event := range whole.Events {
		if event.Name() == "" {
			t.Errorf("%s has no name", event.Event)
		}
		events = append(events, event.Event)
	}
	if got := len(events); got != 8 || events[3] != "in_qa" || whole.Plan.QABy != "Ada Advisor" || whole.Plan.State != pep.SignedOff {
		t.Errorf("%v, %+v", events, whole.Plan)
	}
}
