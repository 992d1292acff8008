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

func (h *house) reopen(ref pep.Ref, reason string) (pep.Ref, error) {
	id, err := h.service.Reopen(h.t.Context(), h.advisor, ref, h.whole(ref).Plan.Version, reason)
	return pep.Ref{ChildID: ref.ChildID, PEPID: id}, err
}

func TestAReopenedPlanIsANewEditionBesideTheOld(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.at("2026-10-05")
	before := h.start(h.worker, pep.Initial, calendar.Autumn)
	h.fill(before, "2026-10-02", "2026-11-20")
	h.signOff(before)
	h.at("2026-11-23")
	first := h.start(h.teacher, pep.Emergency, calendar.Autumn)
	h.fill(first, "2026-11-20", "2027-02-01")
	if _, err := h.reopen(first, "Wrong school in it"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("not signed off: %v", err)
	}
	h.signOff(first)
	signed := h.whole(first)
	if _, err := h.reopen(before, "Late"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a plan that a newer one replaced: %v", err)
	}
	if _, err := h.reopen(first, " "); !fault.Of(err).Has("reason") {
		t.Errorf("without a reason: %v", err)
	}
	for who, want := range map[access.Actor]fault.Kind{h.teacher: fault.KindForbidden, h.worker: fault.KindForbidden, h.support: fault.KindForbidden, h.otherAdvisor: fault.KindNotFound, h.otherTeacher: fault.KindNotFound} {
		if _, err := h.service.Reopen(t.Context(), who, first, signed.Plan.Version, "x"); !errors.Is(err, want) {
			t.Errorf("%s: %v", who.Name, err)
		}
	}
	h.at("2026-11-25")
	second, err := h.reopen(first, "The attendance figure was last year's")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.reopen(first, "Again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	old, next := h.whole(first), h.whole(second)
	if old.Plan.State != pep.SignedOff || old.Plan.ReopenedAs != second.PEPID || len(old.Targets) != 2 {
		t.Errorf("the edition before: %+v", old.Plan)
	}
	if p := next.Plan; p.State != pep.Draft || p.Edition != 2 || p.ReopenedFrom != first.PEPID || p.ReopenReason != "The attendance figure was last year's" || !p.MeetingHeld || p.Voice != signed.Plan.Voice {
		t.Errorf("the new edition: %+v", p)
	}
	if len(next.Missing()) != 0 || len(next.Answers) != len(signed.Answers) || len(next.Attendees) != 3 || len(next.Reviews) != 2 || len(next.Actions) != 1 {
		t.Errorf("not all was copied: %v", next.Missing())
	}
	if next.Last == nil || next.Last.ID != before.PEPID || next.Targets[0].ID == signed.Targets[0].ID {
		t.Errorf("it looks back at %+v", next.Last)
	}
	due := pep.Duties(h.facts(), pep.Calendar{Working: working}, usual, day("2026-11-25"))
	if len(due) == 0 || due[0].Task != pep.TaskFinish || due[0].Due.Words(day("2026-11-25")) != "due Wednesday 2 December: reopened 25 November, 5 working days" {
		t.Errorf("its clock: %+v", due)
	}
	if err := h.service.SaveVoice(t.Context(), h.teacher, second, 1, pep.Voice{Words: "Maths is fun", How: "in_person", On: day("2026-11-24")}); err != nil {
		t.Fatal(err)
	}
	h.signOff(second)
	if h.whole(first).Plan.State != pep.Superseded || h.whole(second).Plan.State != pep.SignedOff || h.whole(first).Plan.Voice.Words != "I like maths now" {
		t.Error("the new edition takes the old one's place, which stays as it was")
	}
	third, err := h.reopen(second, "A name was misspelt")
	if err != nil || h.whole(third).Plan.Edition != 3 || h.whole(third).Last.ID != before.PEPID {
		t.Fatalf("a third edition: %v", err)
	}
	if err := h.service.Cancel(t.Context(), h.advisor, third, 1, "Not needed"); err != nil {
		t.Fatal(err)
	}
	if again, err := h.reopen(second, "Needed after all"); err != nil || h.whole(again).Plan.Edition != 3 {
		t.Errorf("after the third was cancelled: %v", err)
	}
}

// An earlier meeting in a later edition does not let the edition before come back.
func TestALaterEditionCountsEvenWithAnEarlierMeeting(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.start(h.teacher, pep.Termly, calendar.Autumn)
	h.fill(first, "2026-11-20", "2027-02-01")
	h.signOff(first)
	second, err := h.reopen(first, "The meeting was a week before")
	if err != nil {
		t.Fatal(err)
	}
	meeting := h.whole(second).Meeting()
	meeting.On = day("2026-11-13")
	if err := h.service.SaveMeeting(t.Context(), h.worker, second, 1, meeting); err != nil {
		t.Fatal(err)
	}
	h.signOff(second)
	if h.whole(first).Plan.State != pep.Superseded || h.whole(second).Plan.State != pep.SignedOff {
		t.Error("the edition before is still the child's plan")
	}
}

// A table with rows of a plan is either copied into the next edition or stays with its own.
func TestEveryTableOfAPlanIsCopiedOrStays(t *testing.T) {
	t.Parallel()
	h := open(t)
	stays := map[string]bool{"pep_event": true, "pep_reminder": true, "premium_request": true, "voice_link": true, "voice_reply": true, "wish": true,
		"pep_draft": true, "pep_draft_words": true, "print_run_plan": true, "pep_invitation": true, "pep_grading": true, "pep_second_marking": true, "meeting_letter": true}
	rows, err := h.SQL.Query(t.Context(), `select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
		where c.table_schema = 'public' and c.column_name = 'pep_id' and t.table_type = 'BASE TABLE'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := 0
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		found++
		if pep.Copied(table) == stays[table] {
			t.Errorf("%s: say in copied (reopen.go) how the next edition takes its rows, or here that they stay", table)
		}
	}
	if found < 8 {
		t.Errorf("%d tables of a plan", found)
	}
}

func TestAPlanLeftAtTheOldSchoolIsReplaced(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.at("2026-11-02")
	old := h.start(h.teacher, pep.Termly, calendar.Autumn)
	if err := h.service.SaveVoice(t.Context(), h.teacher, old, 1, pep.Voice{Words: "I like maths now", How: "in_person", On: day("2026-11-02")}); err != nil {
		t.Fatal(err)
	}
	again := pep.StartInput{ChildID: h.child, Kind: pep.Termly, AcademicYear: 2026, Term: calendar.Autumn, Replaces: old.PEPID}
	if _, err := h.service.Start(t.Context(), h.advisor, again); !errors.Is(err, fault.KindConflict) {
		t.Errorf("no change of school: %v", err)
	}
	h.Exec(`update roll set period = '[2025-09-01,2026-11-16)' where child_id = $1`, h.child)
	h.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2026-11-16,)', 'test')`, h.child, h.other)
	h.at("2026-11-23")
	if left, found := h.facts().LeftBehind(); !found || left.ID != old.PEPID {
		t.Fatalf("left behind: %+v", left)
	}
	if _, err := h.service.Start(t.Context(), h.teacher, again); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("the old school: %v", err)
	}
	plain := again
	plain.Replaces = 0
	if _, err := h.service.Start(t.Context(), h.otherTeacher, plain); !fault.Of(err).Has("term") {
		t.Errorf("a second plan for the term beside the old: %v", err)
	}
	id, err := h.service.Start(t.Context(), h.otherTeacher, again)
	if err != nil {
		t.Fatalf("%v %v", err, fault.Of(err))
	}
	before, after := h.whole(old), h.whole(pep.Ref{ChildID: h.child, PEPID: id})
	if before.Plan.State != pep.Cancelled || before.Plan.ReplacedBy != id || before.Plan.Voice.Words != "I like maths now" || after.Plan.Replaces != old.PEPID || after.Plan.Setting != "Oak Primary" {
		t.Errorf("%+v\n%+v", before.Plan, after.Plan)
	}
	if _, err := h.service.Start(t.Context(), h.otherTeacher, again); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
}

// A new column of a plan is either copied into the next edition or says something of its own.
func TestEveryColumnOfAPlanIsCopiedOrItsOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.start(h.teacher, pep.Termly, calendar.Autumn)
	h.fill(first, "2026-11-20", "2027-02-01")
	h.signOff(first)
	h.at("2026-11-24")
	second, err := h.reopen(first, "Corrected")
	if err != nil {
		t.Fatal(err)
	}
	differing := h.Text(`select string_agg(a.key, ' ' order by a.key) from pep o, pep n, jsonb_each(to_jsonb(o)) a, jsonb_each(to_jsonb(n)) b
		where o.id = $1 and n.id = $2 and a.key = b.key and a.value is distinct from b.value`, first.PEPID, second.PEPID)
	const own = "edition edition_of id reopen_reason reopened_from signed_off_at signed_off_by started_at started_by state submitted_at submitted_by version"
	if differing != own {
		t.Errorf("differing: %s\nwant:      %s", differing, own)
	}
}
