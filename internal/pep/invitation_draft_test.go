package pep_test

import (
	"errors"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// TestUnsavedWordsOfAnInvitedColleague are theirs while the invitation holds; then whoever works on the
// plan can read them and take them over.
func TestUnsavedWordsOfAnInvitedColleague(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	near := h.Person(access.School, "Near Neighbour")
	h.Exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'colleague', '[2026-01-01,)')`, near.ID, h.school)
	id, err := h.service.Invite(ctx, h.teacher, ref, ask("bo@elm.test"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.service.Invite(ctx, h.teacher, ref, ask(near.Email)); err != nil {
		t.Fatal(err)
	}
	bo := h.accepts("bo@elm.test")
	keep := func(part pep.Part) error {
		_, err := h.service.KeepDraft(ctx, bo, ref, pep.DraftInput{Part: part, Page: "bo's page", Turn: 1, BaseVersion: 1, Fields: map[string][]string{"behaviour": {"Kind to the small ones"}}})
		return err
	}
	if err := keep("education"); err != nil {
		t.Fatal(err)
	}
	for _, part := range []pep.Part{"attainment", pep.PartVoice} {
		if err := keep(part); !errors.Is(err, fault.KindNotFound) {
			t.Errorf("a draft of %s: %v", part, err)
		}
	}
	// The plan is read after the drafts, in one transaction: asking after somebody else's invitation must
	// leave the reader's own as it was.
	drafts := func(who access.Actor) (pep.Drafts, pep.Whole) {
		var found pep.Drafts
		var batch postgres.Batch
		pep.QueueDrafts(&batch, &found, ref, who.ID)
		whole := pep.QueueWhole(&batch, h.service.Forms, ref)
		if err := h.db.View(ctx, who, &batch); err != nil {
			t.Fatal(err)
		}
		return found, whole()
	}
	if found, whole := drafts(bo); len(found) != 1 || found[0].Fields == nil || whole.Related || !whole.InvitedTo("education") {
		t.Errorf("bo reads %+v", found)
	}
	if found, whole := drafts(near); len(found) != 1 || found[0].Left || found[0].Fields != nil || !whole.InvitedTo("education") || !whole.Related {
		t.Errorf("a colleague reads %+v; invited: %v", found, whole.Invited)
	}
	if err := h.service.TakeDraft(ctx, h.teacher, ref, "education", bo.ID); !errors.Is(err, fault.KindConflict) {
		t.Errorf("taken from somebody at work: %v", err)
	}
	if err := h.service.Withdraw(ctx, h.teacher, ref, "education", id); err != nil {
		t.Fatal(err)
	}
	if err := h.service.TakeDraft(ctx, h.teacher, ref, "education", bo.ID); err != nil {
		t.Errorf("taken over: %v", err)
	}
	if found, _ := drafts(h.teacher); found.Own(h.teacher, "education") == nil || found.Own(h.teacher, "education").Fields["behaviour"][0] != "Kind to the small ones" {
		t.Errorf("the teacher has %+v", found)
	}
}
