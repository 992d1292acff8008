package pep_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

func TestTwoSignOffAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	h.fill(ref, "2026-11-20", "2027-02-01")
	if err := h.service.Submit(t.Context(), h.teacher, ref, 1); err != nil {
		t.Fatal(err)
	}
	var done, conflicts atomic.Int32
	var wait sync.WaitGroup
	for _, act := range []func() error{
		func() error { return h.service.SignOff(t.Context(), h.advisor, ref, 2) },
		func() error { return h.service.SignOff(t.Context(), h.deputy, ref, 2) },
		func() error { return h.service.Return(t.Context(), h.deputy, ref, 2, "Baseline missing") },
	} {
		wait.Go(func() {
			switch err := act(); {
			case err == nil:
				done.Add(1)
			case errors.Is(err, fault.KindConflict):
				conflicts.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	events := 0
	for _, event := range h.whole(ref).Events {
		if event.Event == "signed_off" || event.Event == "returned" {
			events++
		}
	}
	if done.Load() != 1 || conflicts.Load() != 2 || events != 1 {
		t.Errorf("%d decided, %d told no, %d events", done.Load(), conflicts.Load(), events)
	}
}

func TestTwoStartTheSamePlanAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var begun, refused atomic.Int32
	var wait sync.WaitGroup
	for _, actor := range []access.Actor{h.teacher, h.worker, h.advisor, h.deputy} {
		wait.Go(func() {
			_, err := h.service.Start(t.Context(), actor, pep.StartInput{ChildID: h.child, Kind: pep.Termly, AcademicYear: 2026, Term: calendar.Autumn})
			switch {
			case err == nil:
				begun.Add(1)
			case fault.Of(err).Has("term"):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if begun.Load() != 1 || refused.Load() != 3 {
		t.Errorf("%d begun, %d refused", begun.Load(), refused.Load())
	}
}

func TestTheSameSectionCollidesAndOthersDoNot(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	save := func(actor access.Actor, section, question, words string, version int) error {
		return h.service.SaveSection(t.Context(), actor, ref, pep.SectionInput{Section: section, Version: version, Answers: forms.Answers{question: {Text: words}}})
	}
	if err := save(h.teacher, "education", "behaviour", "Kind to others", 1); err != nil {
		t.Fatal(err)
	}
	if err := save(h.worker, "care", "care_now", "Settled", 1); err != nil {
		t.Errorf("another section: %v", err)
	}
	if err := h.service.SaveVoice(t.Context(), h.worker, ref, 1, pep.Voice{Words: "I like it", How: "in_person", On: day("2026-11-20")}); err != nil {
		t.Errorf("the child's words: %v", err)
	}
	err := save(h.advisor, "education", "behaviour", "Quiet lately", 1)
	var collision *pep.Collision
	if !errors.As(err, &collision) || !errors.Is(err, fault.KindConflict) {
		t.Fatalf("the same section: %v", err)
	}
	want := pep.Difference{Label: "Behaviour, friendships and belonging", Yours: "Quiet lately", Saved: "Kind to others"}
	if len(collision.Differences) != 1 || collision.Differences[0] != want || collision.By != "Tia Teacher" || collision.Version != 2 || collision.At.IsZero() {
		t.Errorf("%+v", collision)
	}
	if strings.Contains(collision.Error(), "Quiet") {
		t.Error("the log would hear what was written")
	}
	if err := save(h.advisor, "education", "behaviour", "Kind to others. Quiet lately", collision.Version); err != nil {
		t.Errorf("after comparing: %v", err)
	}
	if err := save(h.teacher, "education", "behaviour", "Kind to others. Quiet lately", 1); err != nil {
		t.Errorf("saving what is already there is no collision: %v", err)
	}
	err = h.service.SaveTargets(t.Context(), h.advisor, ref, 9, []pep.Target{{Area: "literacy", What: "Read"}})
	if !errors.As(err, &collision) || collision.Part != pep.PartTargets || collision.Differences[0].Yours == "" {
		t.Errorf("targets at a version that never was: %v", err)
	}
}

func TestDifferentSectionsAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	form := h.whole(ref).Form
	var wait sync.WaitGroup
	for _, section := range form.Sections {
		wait.Go(func() {
			for n := range 5 {
				answers := forms.Answers{}
				for _, q := range section.Questions {
					if q.Type == forms.TypeText {
						answers[q.Key] = forms.Answer{Text: fmt.Sprint(section.Key, n)}
					}
				}
				if err := h.service.SaveSection(t.Context(), h.advisor, ref, pep.SectionInput{Section: section.Key, Version: n + 1, Answers: answers}); err != nil {
					t.Errorf("%s, save %d: %v", section.Key, n, err)
				}
			}
		})
	}
	wait.Wait()
	for _, row := range h.whole(ref).Answers {
		if !strings.HasSuffix(row.Value.Text, "4") {
			t.Errorf("%s was left at %q", row.Question, row.Value.Text)
		}
	}
}

func TestAClosedPlanDoesNotChange(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	h.fill(ref, "2026-11-20", "2027-02-01")
	h.signOff(ref)
	open := h.newChild("C9", "2018-01-01", "[2026-06-01,)")
	var otherPlan int64
	if err := h.db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		otherPlan, err = postgres.GetValue[int64](ctx, tx, `insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at)
			values (@child, 'termly', 'primary', 1, 2026, 'autumn', 1, @now) returning id`, postgres.Args{"child": open})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "other": otherPlan, "other_child": open}
	for _, sql := range []string{
		`update pep set meeting_on = '2026-11-01' where id = @pep`,
		`update pep set state = 'draft' where id = @pep`,
		`update pep set state = 'superseded', signed_off_by = 1 where id = @pep`,
		`update pep_section set state = 'open', completed_at = null where pep_id = @pep`,
		`update pep_answer set value = '{"text":"other"}' where pep_id = @pep`,
		`delete from pep_answer where pep_id = @pep`,
		`insert into pep_attendee (pep_id, child_id, position, name, part, present) values (@pep, @child, 99, 'Ghost', 'other', true)`,
		`update pep_target set what = 'Easier' where pep_id = @pep`,
		`update pep_target set pep_id = @other, child_id = @other_child where pep_id = @pep`,
		`delete from pep_target where pep_id = @pep`,
		`update pep_action set what = 'Less' where pep_id = @pep`,
		`delete from pep_action where pep_id = @pep`,
		`update pep_event set words = 'nothing happened' where pep_id = @pep`,
		`delete from pep where id = @pep`,
	} {
		err := h.db.Change(t.Context(), h.advisor, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, sql, args)
			return err
		})
		if err == nil {
			t.Errorf("the database let this through: %s", sql)
		}
	}
	if err := h.service.SaveVoice(t.Context(), h.teacher, ref, 2, pep.Voice{}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("the service: %v", err)
	}
	action := h.whole(ref).Actions[0].ID
	if err := h.service.FinishAction(t.Context(), h.teacher, ref, action, day("2026-11-24")); !fault.Of(err).Has("done") {
		t.Errorf("done tomorrow: %v", err)
	}
	if err := h.service.FinishAction(t.Context(), h.teacher, ref, action, day("2026-11-23")); err != nil {
		t.Errorf("that an action was done may still be said: %v", err)
	}
	if err := h.service.FinishAction(t.Context(), h.teacher, ref, action, day("2026-11-23")); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
}
