package quality_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
)

func TestAGreenPlanIsSignedOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.submitted()
	h.must(h.peps.TakeIn(t.Context(), h.advisor, ref, h.version(ref)))
	result, err := h.service.Record(t.Context(), h.advisor, ref, h.all(ref, "green", nil))
	h.must(err)
	if plan := h.whole(ref).Plan; result.Grade != "green" || plan.State != pep.SignedOff || plan.SignedOffBy != "Ada Advisor" {
		t.Errorf("%s, %s by %s", result.Grade, plan.State, plan.SignedOffBy)
	}
	graded := h.graded(h.lead, ref)
	if len(graded) != 1 || graded[0].Grade != "green" || graded[0].MarkedBy != "Ada Advisor" || len(graded[0].Marks) != len(h.sheet(ref).Applying) || !strings.Contains(graded[0].Because, "of the criteria marked; 20% of the weight at amber or worse would make it amber.") {
		t.Errorf("%+v", graded)
	}
	for _, mark := range graded[0].Marks {
		if mark.Criterion == "voice" && (mark.Fact != "green" || mark.Because == "") {
			t.Errorf("the fact is not kept: %+v", mark)
		}
	}
	if notes := h.followUps(h.teacher, ref); len(notes) != 0 {
		t.Errorf("a green plan leaves %v", notes)
	}
	if words := h.Text(`select after::text from audit_change where action = 'graded'`); !strings.Contains(words, "grading") || strings.Contains(words, "green") {
		t.Errorf("the audit says %s: which grading, not which grade", words)
	}
}

func TestARedPlanGoesBackWithItsReasonsAndIsGradedAnew(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.submitted()
	in := h.all(ref, "green", map[string]string{"heard": "red"})
	if _, err := h.service.Record(t.Context(), h.advisor, ref, in); !fault.Of(err).Has("reason") {
		t.Errorf("a plan returned without a reason: %v", err)
	}
	in.Reason = "The plan answers the child: nothing follows from what Ari said."
	result, err := h.service.Record(t.Context(), h.advisor, ref, in)
	h.must(err)
	if plan := h.whole(ref).Plan; result.Grade != "red" || plan.State != pep.Returned || plan.ReturnReason != in.Reason {
		t.Errorf("%s: %s, %q", result.Grade, plan.State, plan.ReturnReason)
	}
	h.submit(ref)
	// What came back is always graded again.
	err = h.peps.SignOff(t.Context(), h.advisor, ref, h.version(ref))
	if !errors.Is(err, fault.KindConflict) || !strings.Contains(fault.Words(err), "returned last time") {
		t.Errorf("signed off without a grade: %v", err)
	}
	if _, err = h.service.Record(t.Context(), h.lead, ref, h.all(ref, "green", nil)); err != nil {
		t.Fatal(err)
	}
	if graded := h.graded(h.head, ref); len(graded) != 2 || graded[0].Submission != 2 || graded[0].Grade != "green" || graded[1].Grade != "red" {
		t.Errorf("%+v", graded)
	}
}

// TestRedBlocksInTheDatabaseToo signs off by statement what was graded to be returned.
func TestRedBlocksInTheDatabaseToo(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.submitted()
	h.Exec(`insert into pep_grading (pep_id, child_id, submission, round, rubric, rubric_version, grade, effect, because, marked_by, marked_at)
		values ($1, $2, 1, 'first', 'rag', 1, 'red', 'return', 'Red: test.', $3, '2026-11-23')`, ref.PEPID, ref.ChildID, h.advisor.ID)
	_, err := h.SQL.Exec(t.Context(), `update pep set state = 'signed_off', signed_off_by = $2, signed_off_at = '2026-11-23' where id = $1`, ref.PEPID, h.lead.ID)
	if err == nil || !strings.Contains(err.Error(), "pep_grade_blocks") && !strings.Contains(err.Error(), "graded to be returned") {
		t.Errorf("signed off: %v", err)
	}
}

func TestAmberFollowsIntoTheNextPlanUntilItIsDealtWith(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.at("2026-10-05")
	first := h.write(h.child, calendar.Autumn, "2026-10-02", "2027-01-20")
	h.submit(first)
	in := h.all(first, "amber", nil)
	in.Given["heard"] = quality.Given{Grade: "amber", Note: "Say what came of the wish for a quiet place."}
	result, err := h.service.Record(t.Context(), h.advisor, first, in)
	h.must(err)
	if plan := h.whole(first).Plan; result.Grade != "amber" || plan.State != pep.SignedOff {
		t.Errorf("%s: %s", result.Grade, plan.State)
	}
	if standing := h.followUps(h.teacher, first); len(standing) != 0 {
		t.Errorf("the plan itself is closed: %v", standing)
	}
	h.at("2027-01-20")
	next := h.write(h.child, calendar.Spring, "2027-01-19", "2027-03-20")
	standing := h.followUps(h.teacher, next)
	if len(standing) != len(in.Given) {
		t.Fatalf("%d follow-ups", len(standing))
	}
	var heard quality.FollowUp
	for _, one := range standing {
		if one.Note == in.Given["heard"].Note {
			heard = one
		}
	}
	if heard.Part != pep.PartVoice || heard.TermLabel() != "Autumn 2026/27" || heard.From != "Ada Advisor" || !heard.Open() {
		t.Errorf("%+v", heard)
	}
	if err := h.service.DealWith(t.Context(), h.teacher, next, map[int64]string{heard.ID: " "}); !fault.Of(err).Has(fmt.Sprintf("words-%d", heard.ID)) {
		t.Errorf("dealt with in no words: %v", err)
	}
	if err := h.service.DealWith(t.Context(), h.other, next, map[int64]string{heard.ID: "Done"}); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("by somebody who does not know the child: %v", err)
	}
	h.must(h.service.DealWith(t.Context(), h.teacher, next, map[int64]string{heard.ID: "A corner in the library."}))
	if err := h.service.DealWith(t.Context(), h.worker, next, map[int64]string{heard.ID: "Again"}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	open := 0
	for _, one := range h.followUps(h.teacher, next) {
		if one.Open() {
			open++
		} else if one.DealtWords != "A corner in the library." || one.DealtBy != "Tia Teacher" {
			t.Errorf("%+v", one)
		}
	}
	if open != len(standing)-1 {
		t.Errorf("%d still open", open)
	}
	h.submit(next)
	if err := h.service.DealWith(t.Context(), h.teacher, next, map[int64]string{standing[0].ID: "Late"}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("in a plan that is handed in: %v", err)
	}
}

func TestWhoMayNotGrade(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.write(h.child, calendar.Autumn, "2026-11-20", "2027-01-20")
	if _, err := h.service.Record(t.Context(), h.advisor, ref, h.all(ref, "green", nil)); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a plan that is being written: %v", err)
	}
	h.submit(ref, h.advisor)
	for _, c := range []struct {
		who  access.Actor
		want fault.Kind
	}{{h.advisor, fault.KindForbidden}, {h.teacher, fault.KindForbidden}, {h.worker, fault.KindForbidden}, {h.other, fault.KindNotFound}} {
		if _, err := h.service.Record(t.Context(), c.who, ref, h.all(ref, "green", nil)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.who.Name, err)
		}
	}
	if _, err := h.SQL.Exec(t.Context(), `insert into pep_grading (pep_id, child_id, submission, round, rubric, rubric_version, grade, effect, because, marked_by, marked_at)
		values ($1, $2, 1, 'first', 'rag', 1, 'green', 'accept', 'x', $3, '2026-11-23')`, ref.PEPID, ref.ChildID, h.advisor.ID); err == nil {
		t.Error("the database took a grade by the plan's own author")
	}
	h.must(policySet(h, "gold"))
	stale := h.all(ref, "green", nil)
	stale.Rubric = "rag"
	if _, err := h.service.Record(t.Context(), h.lead, ref, stale); !errors.Is(err, fault.KindConflict) {
		t.Errorf("by a rubric that no longer holds: %v", err)
	}
	if _, err := h.service.Record(t.Context(), h.lead, ref, h.all(ref, "gold", nil)); err != nil {
		t.Errorf("somebody else: %v %v", err, fault.Of(err))
	}
}

func policySet(h *house, rubric string) error {
	return policy.Set(h.t.Context(), h.db, access.System, policy.PEPQualityRubric, rubric, day("2026-01-01"), "test")
}

func TestWhatASheetMustSay(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.submitted()
	in := h.all(ref, "green", nil)
	delete(in.Given, "heard")
	in.Given["voice"] = quality.Given{Grade: "amber"}
	in.Given["ambition"] = quality.Given{Grade: "amber"}
	in.Given["needs"] = quality.Given{Grade: "purple", Note: "x"}
	in.Given["carer"] = quality.Given{Grade: "green", Note: strings.Repeat("é", quality.NoteMax+1)}
	_, err := h.service.Record(t.Context(), h.advisor, ref, in)
	for _, field := range []string{"grade-heard", "note-voice", "note-ambition", "grade-needs", "note-carer"} {
		if !fault.Of(err).Has(field) {
			t.Errorf("nothing about %s: %v", field, fault.Of(err))
		}
	}
	if len(fault.Of(err)) != 5 {
		t.Errorf("%v", fault.Of(err))
	}
	if plan := h.whole(ref).Plan; plan.State != pep.Submitted || len(h.graded(h.lead, ref)) != 0 {
		t.Errorf("something was recorded: %s", plan.State)
	}
}

func TestTwoMarkersAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.submitted()
	red, green := h.all(ref, "green", map[string]string{"heard": "red"}), h.all(ref, "green", nil)
	red.Reason = "Correct it"
	var wait sync.WaitGroup
	errs := make([]error, 6)
	for n := range errs {
		wait.Go(func() {
			who, in := h.advisor, green
			if n%2 == 1 {
				who, in = h.lead, red
			}
			_, errs[n] = h.service.Record(t.Context(), who, ref, in)
		})
	}
	wait.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, fault.KindConflict):
			t.Errorf("late: %v", err)
		}
	}
	graded := h.graded(h.head, ref)
	want := map[string]pep.State{"green": pep.SignedOff, "red": pep.Returned}
	if done != 1 || len(graded) != 1 || h.whole(ref).Plan.State != want[graded[0].Grade] {
		t.Errorf("%d recorded, %d gradings, the plan is %s", done, len(graded), h.whole(ref).Plan.State)
	}
}
