package pep_test

import (
	"errors"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

func TestSubmitListsWhatIsMissingAndReturnGoesRound(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, s := t.Context(), h.service
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	err := s.Submit(ctx, h.teacher, ref, 1)
	for _, part := range []string{"voice", "meeting", "targets", "actions", "care", "attainment"} {
		if !fault.Of(err).Has(part) {
			t.Errorf("submit does not say that %s is missing: %v", part, fault.Of(err))
		}
	}
	h.fill(ref, "2026-11-20", "2027-02-01")
	if err := s.Submit(ctx, h.teacher, ref, 7); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a plan at a version nobody has seen: %v", err)
	}
	if err := s.Submit(ctx, h.teacher, ref, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveVoice(ctx, h.teacher, ref, 2, pep.Voice{Words: "Late", How: "app", On: day("2026-11-20")}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("writing in a submitted plan: %v", err)
	}
	for _, reason := range []string{"", "  ", strings.Repeat("x", pep.ReasonsMax+1), "a\x00b"} {
		if err := s.Return(ctx, h.advisor, ref, 2, reason); !fault.Of(err).Has("reason") {
			t.Errorf("return because %.10q: %v", reason, err)
		}
	}
	if err := s.Return(ctx, h.advisor, ref, 2, "Give a baseline"); err != nil {
		t.Fatal(err)
	}
	if whole := h.whole(ref); whole.Plan.State != pep.Returned || whole.Plan.ReturnReason != "Give a baseline" {
		t.Errorf("%+v", whole.Plan)
	}
	if err := s.SignOff(ctx, h.advisor, ref, 3); !errors.Is(err, fault.KindConflict) {
		t.Errorf("signing off what was returned: %v", err)
	}
	if err := s.SaveVoice(ctx, h.teacher, ref, 2, pep.Voice{Words: "I like art", How: "app", On: day("2026-11-20")}); err != nil {
		t.Errorf("correcting a returned plan: %v", err)
	}
	if err := s.Submit(ctx, h.support, ref, 3); err != nil {
		t.Errorf("submitting again: %v", err)
	}
	if err := s.Cancel(ctx, h.advisor, ref, 4, "Duplicate"); err != nil {
		t.Fatal(err)
	}
	if err := s.Submit(ctx, h.teacher, ref, 5); !errors.Is(err, fault.KindConflict) {
		t.Errorf("submitting what was cancelled: %v", err)
	}
	h.start(h.teacher, pep.Termly, calendar.Autumn) // a cancelled plan is not in the way
}

func TestWhenAPlanCannotBeStarted(t *testing.T) {
	t.Parallel()
	h := open(t)
	begin := func(child int64, kind pep.Kind, year int, term string) error {
		_, err := h.service.Start(t.Context(), h.deputy, pep.StartInput{ChildID: child, Kind: kind, AcademicYear: year, Term: term})
		return err
	}
	left := h.newChild("L", "2015-01-01", "[2025-01-01,2026-10-01)")
	breaks := h.newChild("B", "2015-01-01", "[2026-01-01,)")
	h.Exec(`insert into legal_status (child_id, code, period, source) values ($1, 'V4', '[2026-01-01,)', 'test')`, breaks)
	h.start(h.teacher, pep.Initial, calendar.Autumn)
	for name, c := range map[string]struct {
		err   error
		kind  fault.Kind
		field string
	}{
		"left care":            {begin(left, pep.Termly, 2026, "autumn"), fault.KindConflict, ""},
		"short breaks":         {begin(breaks, pep.Termly, 2026, "autumn"), fault.KindConflict, ""},
		"no such child":        {begin(999999, pep.Termly, 2026, "autumn"), fault.KindNotFound, ""},
		"a second in the term": {begin(h.child, pep.Termly, 2026, "autumn"), fault.KindInvalid, "term"},
		"a second initial":     {begin(h.child, pep.Initial, 2026, "spring"), fault.KindInvalid, "kind"},
		"no such kind":         {begin(h.child, "", 2026, "spring"), fault.KindInvalid, "kind"},
		"no such term":         {begin(h.child, pep.Termly, 2026, "winter"), fault.KindInvalid, "term"},
		"a term long gone":     {begin(h.child, pep.Termly, 2020, "autumn"), fault.KindInvalid, "term"},
	} {
		if !errors.Is(c.err, c.kind) || c.field != "" && !fault.Of(c.err).Has(c.field) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if err := begin(h.child, pep.Emergency, 2026, "autumn"); err != nil {
		t.Errorf("an emergency plan beside the term's own: %v", err)
	}
}

func TestTargetsKeepTheirNumbersAndSourcesStay(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, s := t.Context(), h.service
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	save := func(version int, targets ...pep.Target) {
		t.Helper()
		if err := s.SaveTargets(ctx, h.teacher, ref, version, targets); err != nil {
			t.Fatal(err)
		}
	}
	read, count := pep.Target{Area: "literacy", What: "Read"}, pep.Target{Area: "numeracy", What: "Count"}
	save(1, read, count)
	saved := h.whole(ref).Targets
	save(2, saved[1], pep.Target{Area: "wellbeing", What: "Swim"}, saved[0])
	turned := h.whole(ref).Targets
	if len(turned) != 3 || turned[0].ID != saved[1].ID || turned[2].ID != saved[0].ID || turned[1].What != "Swim" {
		t.Errorf("%+v", turned)
	}
	save(3, turned[2])
	if left := h.whole(ref).Targets; len(left) != 1 || left[0].ID != saved[0].ID {
		t.Errorf("%+v", left)
	}
	if err := s.SaveTargets(ctx, h.teacher, ref, 4, []pep.Target{{ID: turned[0].ID, Area: "numeracy", What: "Gone"}}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a target that is no longer there: %v", err)
	}
	known := forms.KnownFacts{forms.KnownSchool: {Value: "Elm Primary", Source: "the school roll", AsAt: day("2025-09-01")}, forms.KnownAttendance: {Value: "95", Source: "school", AsAt: day("2026-11-20")}}
	if err := s.SaveSection(ctx, h.teacher, ref, pep.SectionInput{Section: "education", Version: 1, Known: known,
		Answers: forms.Answers{"school_name": {Text: "Elm Primary"}, "attendance": {Text: "94"}}}); err != nil {
		t.Fatal(err)
	}
	whole := h.whole(ref)
	school, _ := whole.Answer("school_name")
	attendance, _ := whole.Answer("attendance")
	if school.Source != "the school roll" || school.AsAt != day("2025-09-01") || attendance.Source != "typed" || attendance.AnsweredBy != "Tia Teacher" {
		t.Errorf("%+v %+v", school, attendance)
	}
}

func TestReadsForPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Exec(`insert into sen_status (child_id, status, period, source) values ($1, 'K', '[2026-01-01,)', 'test')`, h.child)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	h.fill(ref, "2026-11-20", "2027-02-01")
	h.signOff(ref)
	var batch postgres.Batch
	var list []pep.Summary
	var current pep.Current
	var rows []pep.FactsRow
	var one *pep.FactsRow
	var dates setting.Calendar
	pep.QueueOfChild(&batch, &list, h.child)
	pep.QueueCurrent(&batch, &current, h.child)
	pep.QueueFacts(&batch, &rows)
	pep.QueueFactsOf(&batch, &one, h.child)
	setting.QueueCalendar(&batch, &dates, "332", 0)
	known := pep.QueueKnown(&batch, h.child)
	if err := h.db.View(t.Context(), h.teacher, &batch); err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].State != pep.SignedOff || list[0].Targets != 2 || current.Latest.ID != ref.PEPID || len(current.From.Targets) != 2 {
		t.Errorf("%+v %+v", list, current)
	}
	if len(rows) != 1 || one == nil || one.School != "Elm Primary" || one.Advisor != "Ada Advisor" || len(one.Plans) != 1 || !one.Plans[0].Held {
		t.Errorf("%+v", one)
	}
	standing := pep.StandingOf(one.Facts(), pep.CalendarOf(dates), usual, h.db.Today())
	if standing.Stage != pep.StageNotDue || standing.Due.Due != day("2027-03-12") {
		t.Errorf("%+v", standing)
	}
	facts := known()
	if facts[forms.KnownSchool].Value != "Elm Primary" || facts[forms.KnownSEN].Value != "k" {
		t.Errorf("%+v", facts)
	}
	h.at("2026-11-23")
	var none postgres.Batch
	var hidden []pep.Summary
	pep.QueueOfChild(&none, &hidden, h.child)
	if err := h.db.View(t.Context(), h.otherTeacher, &none); err != nil || len(hidden) != 0 {
		t.Errorf("another school sees %v, %v", hidden, err)
	}
}
