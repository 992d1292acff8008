package quality_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// markedOnce is a plan graded amber by the advisor and picked for a second marking.
func (h *house) markedOnce() pep.Ref {
	h.t.Helper()
	h.rule(policy.PEPQualitySecondPercent, 100)
	ref := h.submitted()
	_, err := h.service.Record(h.t.Context(), h.advisor, ref, h.all(ref, "amber", nil))
	h.must(err)
	return ref
}

// TestTheSecondMarkerIsBlind asks for the first grade in every way there is, as everybody.
func TestTheSecondMarkerIsBlind(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.markedOnce()
	h.at("2027-01-20")
	next := h.write(h.child, "spring", "2027-01-19", "2027-03-20")
	sees := func(who access.Actor) (gradings, marks, notes, latest, lists int) {
		t.Helper()
		h.must(h.db.Change(t.Context(), who, func(ctx context.Context, tx *postgres.Tx) (err error) {
			for sql, into := range map[string]*int{`select count(*)::int from pep_grading`: &gradings, `select count(*)::int from pep_grading_mark`: &marks, `select count(*)::int from pep_follow_up`: &notes} {
				if *into, err = postgres.GetValue[int](ctx, tx, sql, nil); err != nil {
					return err
				}
			}
			return nil
		}))
		var found quality.Latest
		var grades []quality.PlanGrade
		var courses []quality.Course
		var batch postgres.Batch
		quality.QueueLatest(&batch, &found, ref)
		quality.QueueGrades(&batch, &grades, []int64{ref.PEPID})
		quality.QueueCourses(&batch, &courses, 2026)
		h.must(h.db.View(t.Context(), who, &batch))
		if found.Grade != "" {
			latest = 1
		}
		if len(grades) != 1 || grades[0].Waiting != (grades[0].Grade == "") {
			t.Errorf("%s reads in lists %+v", who.Name, grades)
		} else if !grades[0].Waiting {
			lists = 1
		}
		for _, course := range courses {
			if course.Grade != "" {
				lists++
			}
		}
		return gradings, marks, notes, latest, lists
	}
	for _, who := range []access.Actor{h.head, h.deputy, h.lead, h.cover} {
		if gradings, marks, notes, latest, lists := sees(who); gradings+marks+notes+latest+lists != 0 || len(h.graded(who, ref)) != 0 || len(h.followUps(who, next)) != 0 {
			t.Errorf("%s sees %d gradings, %d marks, %d notes, %d on the plan, %d in lists", who.Name, gradings, marks, notes, latest, lists)
		}
	}
	for _, who := range []access.Actor{h.advisor, h.teacher, h.worker} {
		if gradings, marks, notes, _, _ := sees(who); gradings != 1 || marks == 0 || notes == 0 || len(h.followUps(who, next)) == 0 {
			t.Errorf("%s, who may know, sees %d gradings, %d marks, %d notes", who.Name, gradings, marks, notes)
		}
	}
	if len(h.graded(h.other, ref)) != 0 {
		t.Error("somebody who does not work with the child sees a grading")
	}
	for _, c := range []struct {
		who  access.Actor
		want fault.Kind
	}{{h.advisor, fault.KindForbidden}, {h.teacher, fault.KindForbidden}, {h.other, fault.KindNotFound}} {
		if _, err := h.service.RecordSecond(t.Context(), c.who, ref, h.all(ref, "green", nil)); !errors.Is(err, c.want) {
			t.Errorf("%s marks a second time: %v", c.who.Name, err)
		}
	}
	_, err := h.service.RecordSecond(t.Context(), h.cover, ref, h.all(ref, "green", nil))
	h.must(err)
	for _, who := range []access.Actor{h.head, h.lead, h.cover} {
		if graded := h.graded(who, ref); len(graded) != 2 {
			t.Errorf("%s sees %d gradings after both were given", who.Name, len(graded))
		}
	}
	if _, err := h.service.RecordSecond(t.Context(), h.lead, ref, h.all(ref, "green", nil)); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a third time: %v", err)
	}
}

func TestTwoWhoDifferAreSettledByALeader(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.markedOnce()
	if err := h.service.Settle(t.Context(), h.lead, ref, "green", "Talked it through"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("before there are two: %v", err)
	}
	_, err := h.service.RecordSecond(t.Context(), h.lead, ref, h.all(ref, "green", nil))
	h.must(err)
	for _, c := range []struct {
		who          access.Actor
		grade, words string
		kind         fault.Kind
		field        string
	}{
		{h.advisor, "green", "We agreed", fault.KindForbidden, ""}, {h.other, "green", "We agreed", fault.KindNotFound, ""},
		{h.deputy, "purple", "We agreed", fault.KindInvalid, "grade"}, {h.deputy, "green", " ", fault.KindInvalid, "words"},
	} {
		if err := h.service.Settle(t.Context(), c.who, ref, c.grade, c.words); !errors.Is(err, c.kind) || c.field != "" && !fault.Of(err).Has(c.field) {
			t.Errorf("%s, %q: %v", c.who.Name, c.grade, err)
		}
	}
	h.must(h.service.Settle(t.Context(), h.deputy, ref, "green", "The words of the child are answered after all."))
	if err := h.service.Settle(t.Context(), h.lead, ref, "amber", "Again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	var pairs []quality.Pair
	var grades []quality.PlanGrade
	var batch postgres.Batch
	quality.QueuePairs(&batch, &pairs)
	quality.QueueGrades(&batch, &grades, []int64{ref.PEPID})
	h.must(h.db.View(t.Context(), h.head, &batch))
	if len(pairs) != 1 || !pairs[0].Differ() || pairs[0].Settled != "green" || pairs[0].FirstMarker != "Ada Advisor" || pairs[0].SecondMarker != "Lea Lead" || pairs[0].SettledBy != "Dee Deputy" {
		t.Errorf("%+v", pairs)
	}
	if len(grades) != 1 || h.service.Rubrics.Name(grades[0]).Name != "Green" {
		t.Errorf("the grade that counts is the one agreed: %+v", grades)
	}
}

func TestASecondMarkingNobodyCanGiveIsSetAside(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.markedOnce()
	if err := h.service.SetAside(t.Context(), h.cover, ref, "No time"); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("by an advisor: %v", err)
	}
	h.must(h.service.SetAside(t.Context(), h.head, ref, "Nobody else works with this child."))
	if graded := h.graded(h.head, ref); len(graded) != 1 || graded[0].Grade != "amber" {
		t.Errorf("%+v", graded)
	}
	if _, err := h.service.RecordSecond(t.Context(), h.lead, ref, h.all(ref, "green", nil)); !errors.Is(err, fault.KindConflict) {
		t.Errorf("marked after that: %v", err)
	}
}

func TestTwoSecondMarkersAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.markedOnce()
	in := h.all(ref, "green", nil)
	errs := make([]error, 6)
	var wait sync.WaitGroup
	for n := range errs {
		wait.Go(func() {
			_, errs[n] = h.service.RecordSecond(t.Context(), []access.Actor{h.lead, h.cover, h.head}[n%3], ref, in)
		})
	}
	wait.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if !errors.Is(err, fault.KindConflict) {
			t.Errorf("late: %v", err)
		}
	}
	if graded := h.graded(h.head, ref); done != 1 || len(graded) != 2 {
		t.Errorf("%d recorded, %d gradings", done, len(graded))
	}
}

// TestEveryReaderComesToTheSamePick has a teacher hand in plans of two advisors: each advisor sees only
// their own, and the count of the teacher's plans is the same for both.
func TestEveryReaderComesToTheSamePick(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.rule(policy.PEPQualityNewAuthorPlans, 1)
	theirs := h.pupil("Bo")
	h.Exec(`update allocation set account_id = $1 where child_id = $2 and part = 'advisor'`, h.other.ID, theirs)
	first := h.submitted()
	h.at("2026-11-24")
	second := h.write(theirs, "autumn", "2026-11-20", "2027-01-20")
	h.submit(second)
	list := func(who access.Actor) map[int64]quality.Handed {
		var found []quality.ToGrade
		var batch postgres.Batch
		quality.QueueToGrade(&batch, &found)
		h.must(h.db.View(t.Context(), who, &batch))
		by := map[int64]quality.Handed{}
		for _, one := range found {
			by[one.PEPID] = one.Handed
		}
		return by
	}
	everything := list(h.head)
	if len(everything) != 2 || everything[first.PEPID].AuthorNth != 1 || everything[second.PEPID].AuthorNth != 2 || !everything[first.PEPID].SchoolFirst || everything[second.PEPID].SchoolFirst {
		t.Errorf("%+v", everything)
	}
	for _, who := range []access.Actor{h.other, h.lead} {
		if found := list(who); found[second.PEPID] != everything[second.PEPID] {
			t.Errorf("%s reads %+v", who.Name, found)
		}
	}
	if found := list(h.advisor); len(found) != 1 {
		t.Errorf("the advisor sees %d plans: the wall is open", len(found))
	}
	// The one that is not picked may be signed off without a grade; the other may not.
	h.must(h.peps.SignOff(t.Context(), h.other, second, h.version(second)))
	if err := h.peps.SignOff(t.Context(), h.advisor, first, h.version(first)); !errors.Is(err, fault.KindConflict) {
		t.Errorf("signed off without the grade it needs: %v", err)
	}
}
