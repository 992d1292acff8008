package pep_test

import (
	"errors"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// words are fields with one box filled in.
func words(text string) map[string][]string { return map[string][]string{"behaviour": {text}} }

func (h *house) keep(who access.Actor, ref pep.Ref, page, from string, turn int, text string) error {
	_, err := h.service.KeepDraft(h.t.Context(), who, ref, pep.DraftInput{Part: "education", Page: page, From: from, Turn: turn, BaseVersion: 1, Fields: words(text)})
	return err
}

func (h *house) drafts(who access.Actor, ref pep.Ref) pep.Drafts {
	h.t.Helper()
	var drafts pep.Drafts
	var batch postgres.Batch
	pep.QueueDrafts(&batch, &drafts, ref, who.ID)
	if err := h.db.View(h.t.Context(), who, &batch); err != nil {
		h.t.Fatal(err)
	}
	return drafts
}

func (h *house) ownWords(who access.Actor, ref pep.Ref) string {
	h.t.Helper()
	if own := h.drafts(who, ref).Own(who, "education"); own != nil {
		return own.Fields["behaviour"][0]
	}
	return ""
}

func TestADraftIsItsWritersUntilTheySave(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	if err := h.keep(h.teacher, ref, "a", "", 1, "Kind to\x00 others\xff"); err != nil {
		t.Fatal(err)
	}
	if got := h.ownWords(h.teacher, ref); got != "Kind to others" {
		t.Errorf("kept %q", got)
	}
	seen := h.drafts(h.advisor, ref).Others(h.advisor, "education")
	if len(seen) != 1 || seen[0].By != "Tia Teacher" || seen[0].Left || seen[0].Fields != nil {
		t.Errorf("the advisor sees %+v", seen)
	}
	if err := h.keep(h.advisor, ref, "b", "", 1, "Quiet lately"); err != nil {
		t.Fatal(err)
	}
	if h.ownWords(h.teacher, ref) != "Kind to others" || h.ownWords(h.advisor, ref) != "Quiet lately" {
		t.Error("two people's drafts are mixed up")
	}
	in := pep.SectionInput{Section: "education", Version: 1, Answers: forms.Answers{"behaviour": {Text: "Kind"}}}
	if err := h.service.SaveSection(t.Context(), h.teacher, ref, in); err != nil {
		t.Fatal(err)
	}
	if h.ownWords(h.teacher, ref) != "" || h.ownWords(h.advisor, ref) != "Quiet lately" {
		t.Error("a save ends the writer's own draft, and no other")
	}
	in.Answers = forms.Answers{"behaviour": {Text: "Other"}}
	if err := h.service.SaveSection(t.Context(), h.advisor, ref, in); !errors.Is(err, fault.KindConflict) || h.ownWords(h.advisor, ref) != "Quiet lately" {
		t.Errorf("a save that collides keeps the draft: %v", err)
	}
	if err := h.service.DropDraft(t.Context(), h.advisor, ref, "education"); err != nil || len(h.drafts(h.advisor, ref)) != 0 {
		t.Errorf("thrown away: %v", err)
	}
}

func TestTwoWindowsDoNotWriteOverEachOther(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	for _, step := range []struct {
		what, page, from string
		turn             int
		text, kept       string
		conflict         bool
	}{
		{"the first words", "a", "", 1, "one", "one", false},
		{"more", "a", "", 3, "three", "three", false},
		{"sent before, come late", "a", "", 2, "two", "three", false},
		{"the same again", "a", "", 3, "three", "three", false},
		{"a window opened before there was a draft", "b", "", 9, "other", "three", true},
		{"a window that was shown the draft", "c", "a", 1, "four", "four", false},
		{"the first window, left behind", "a", "", 4, "five", "four", true},
	} {
		if err := h.keep(h.teacher, ref, step.page, step.from, step.turn, step.text); errors.Is(err, fault.KindConflict) != step.conflict || !step.conflict && err != nil {
			t.Errorf("%s: %v", step.what, err)
		}
		if kept := h.ownWords(h.teacher, ref); kept != step.kept {
			t.Errorf("%s: kept %q", step.what, kept)
		}
	}
}

func TestWhoMayKeepADraft(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	for _, c := range []struct {
		who  access.Actor
		want fault.Kind
	}{
		{h.worker, fault.KindForbidden}, {h.iro, fault.KindForbidden}, {h.dataOfficer, fault.KindForbidden},
		{h.otherTeacher, fault.KindNotFound}, {h.otherWorker, fault.KindNotFound}, {h.otherAdvisor, fault.KindNotFound},
	} {
		if err := h.keep(c.who, ref, "p", "", 1, "x"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.who.Name, err)
		}
	}
	other := h.newChild("C2", "2018-01-01", "[2026-06-01,)")
	h.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2025-09-01,)', 'test')`, other, h.school)
	if err := h.keep(h.teacher, pep.Ref{ChildID: other, PEPID: ref.PEPID}, "p", "", 1, "x"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("in another child's plan: %v", err)
	}
	big := make([]byte, 500_000)
	for n := range big {
		big[n] = 'x'
	}
	if err := h.keep(h.teacher, ref, "p", "", 1, string(big)); !errors.Is(err, fault.KindTooLarge) {
		t.Errorf("half a megabyte: %v", err)
	}
	if n := h.ID(`select count(*) from pep_draft`); n != 0 {
		t.Errorf("%d drafts", n)
	}
}

// A change of teacher or social worker loses nothing: who may read words that somebody left.
func TestWhoReadsWordsThatWereLeft(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(h *house, ref pep.Ref){
		"the teacher moves to another school": func(h *house, _ pep.Ref) {
			h.Exec(`update account_setting set period = '[2026-01-01,2026-11-23)' where account_id = $1`, h.teacher.ID)
		},
		"the teacher's account ends": func(h *house, _ pep.Ref) {
			h.Exec(`update account set state = 'ended', ended_at = '2026-11-23' where id = $1`, h.teacher.ID)
		},
		"the teacher is blocked": func(h *house, _ pep.Ref) {
			h.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'Family', '[2026-11-01,)')`, h.child, h.teacher.ID)
		},
		"the teacher hands over": func(h *house, ref pep.Ref) {
			if err := h.service.HandOverDraft(h.t.Context(), h.teacher, ref, "education"); err != nil {
				h.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
			if err := h.keep(h.teacher, ref, "a", "", 1, "Kind to others"); err != nil {
				t.Fatal(err)
			}
			if err := h.service.TakeDraft(t.Context(), h.advisor, ref, "education", h.teacher.ID); !errors.Is(err, fault.KindConflict) || h.ownWords(h.advisor, ref) != "" {
				t.Errorf("taken while the writer is at work: %v", err)
			}
			leave(h, ref)
			left := h.drafts(h.advisor, ref).Others(h.advisor, "education")
			if len(left) != 1 || !left[0].Left || left[0].Fields["behaviour"][0] != "Kind to others" {
				t.Fatalf("the advisor sees %+v", left)
			}
			for who, want := range map[*access.Actor]fault.Kind{&h.worker: fault.KindForbidden, &h.otherAdvisor: fault.KindNotFound, &h.otherTeacher: fault.KindNotFound} {
				if err := h.service.TakeDraft(t.Context(), *who, ref, "education", h.teacher.ID); !errors.Is(err, want) {
					t.Errorf("%s takes it: %v", who.Name, err)
				}
			}
			if err := h.service.TakeDraft(t.Context(), h.advisor, ref, "education", h.teacher.ID); err != nil {
				t.Fatal(err)
			}
			if h.ownWords(h.advisor, ref) != "Kind to others" || h.ID(`select count(*) from pep_draft`) != 1 {
				t.Error("the words have not moved")
			}
			if n := h.ID(`select count(*) from audit_change where action = 'took over unsaved words' and child_id = $1`, h.child); n != 1 {
				t.Errorf("%d lines of audit", n)
			}
		})
	}
}

func TestWordsAreNotReadForADayNobodySaid(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	if err := h.keep(h.teacher, ref, "a", "", 1, "Kind to others"); err != nil {
		t.Fatal(err)
	}
	h.Exec(`update account set state = 'ended', ended_at = '2026-11-23' where id = $1`, h.teacher.ID)
	var without, with int
	var batch postgres.Batch
	batch.Exec(`select set_config('app.today', '', true)`, nil)
	postgres.Value(&batch, &without, `select count(*) from pep_draft_words`, nil)
	batch.Exec(`select set_config('app.today', '2026-11-23', true)`, nil)
	postgres.Value(&batch, &with, `select count(*) from pep_draft_words`, nil)
	if err := h.db.View(t.Context(), h.advisor, &batch); err != nil || without != 0 || with != 1 {
		t.Errorf("%d and %d, %v", without, with, err)
	}
}

func TestDraftsExpire(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	if err := policy.Set(t.Context(), h.db, access.Actor{ID: h.deputy.ID, Name: h.deputy.Name, Role: h.deputy.Role}, policy.PEPDraftDays, 7, day("2026-11-23"), "the council's own"); err != nil {
		t.Fatal(err)
	}
	until, err := h.service.KeepDraft(t.Context(), h.teacher, ref, pep.DraftInput{Part: "education", Page: "a", Fields: words("one")})
	if err != nil || until.Sub(h.db.Now()) != 7*24*time.Hour {
		t.Fatalf("kept until %v, %v", until, err)
	}
	h.at("2026-11-29")
	if err := h.service.ForgetDrafts(t.Context()); err != nil || h.ownWords(h.teacher, ref) != "one" {
		t.Errorf("the sixth day: %v", err)
	}
	h.at("2026-11-30")
	if h.ownWords(h.teacher, ref) != "" {
		t.Error("an expired draft is shown")
	}
	if err := h.keep(h.teacher, ref, "b", "", 1, "two"); err != nil || h.ownWords(h.teacher, ref) != "two" {
		t.Errorf("an expired draft stands in the way: %v", err)
	}
	h.at("2026-12-31")
	if err := h.service.ForgetDrafts(t.Context()); err != nil || h.ID(`select count(*) from pep_draft_words`) != 0 {
		t.Errorf("not deleted: %v", err)
	}
}
