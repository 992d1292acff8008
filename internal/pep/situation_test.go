package pep_test

import (
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

func TestAPlanAsksWhatAppliedWhenItBegan(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	asks := func(want bool, section string) {
		t.Helper()
		if _, there := h.whole(ref).Form.Section(section); there != want {
			t.Errorf("asks %s: %v", section, there)
		}
	}
	plan := h.whole(ref).Plan
	if plan.Form != "primary" || plan.Situation == nil || plan.Situation.Year != 4 || forms.PlaceIn(plan.Situation.Circumstances) != forms.AtSchool {
		t.Fatalf("%s in %+v", plan.Form, plan.Situation)
	}
	asks(true, "care")
	asks(false, "closing")
	asks(false, "next_school")
	h.Exec(`update child set date_of_birth = '2016-05-14' where id = $1`, h.child)
	asks(false, "next_school")
	h.Exec(`update pep set school_year = null where id = $1`, ref.PEPID)
	asks(true, "closing") // begun before that was kept: the whole form

	_, err := h.service.Start(t.Context(), h.teacher, pep.StartInput{ChildID: h.child, Kind: pep.Transition, AcademicYear: 2026, Term: calendar.Autumn, Form: "eotas"})
	if !fault.Of(err).Has("form") {
		t.Errorf("a form that does not fit: %v", err)
	}
	h.Exec(`insert into sen_status (child_id, status, period, source) values ($1, 'E', '[2026-01-01,)', 'test')`, h.child)
	id, err := h.service.Start(t.Context(), h.teacher, pep.StartInput{ChildID: h.child, Kind: pep.Transition, AcademicYear: 2026, Term: calendar.Autumn, Form: "eotas"})
	if err != nil {
		t.Fatal(err)
	}
	if ref.PEPID = id; h.whole(ref).Plan.Form != "eotas" {
		t.Error("the form that was chosen is not the plan's")
	}
}

func TestWhatTheRecordOffers(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Exec(`insert into sen_status (child_id, status, primary_need, period, source) values ($1, 'K', 'Moderate learning difficulty', '[2026-02-01,)', 'test')`, h.child)
	h.Exec(`insert into placement (child_id, code, period, source) values ($1, 'K2', '[2026-06-01,)', 'test')`, h.child)
	h.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2023-09-01,2025-07-20)', 'test')`, h.child, h.other)
	facts := func(childID int64) forms.KnownFacts {
		var batch postgres.Batch
		known := pep.QueueKnown(&batch, childID)
		if err := h.db.View(t.Context(), access.System, &batch); err != nil {
			t.Fatal(err)
		}
		return known()
	}
	of := facts(h.child)
	for known, want := range map[forms.Known]forms.KnownFact{
		forms.KnownSchool:        {Value: "Elm Primary", Source: "the school roll", AsAt: day("2025-09-01")},
		forms.KnownSchoolHistory: {Value: "Elm Primary, 1 September 2025 to now\nOak Primary, 1 September 2023 to 19 July 2025", Source: "the school roll", AsAt: day("2026-11-23")},
		forms.KnownYearGroup:     {Value: "Year 4", Source: "the date of birth", AsAt: day("2026-11-23")},
		forms.KnownSEN:           {Value: "k", Source: "the child's record", AsAt: day("2026-02-01")},
		forms.KnownSENNeed:       {Value: "Moderate learning difficulty", Source: "the child's record", AsAt: day("2026-02-01")},
		forms.KnownPlacement:     {Value: "Children’s home", Source: "the care record", AsAt: day("2026-06-01")},
		forms.KnownSocialWorker:  {Value: "Sam Worker", Source: "the child's record", AsAt: day("2026-01-01")},
		forms.KnownTeacher:       {Value: "Tia Teacher", Source: "the school's accounts", AsAt: day("2026-01-01")},
	} {
		if of[known] != want {
			t.Errorf("%s: %+v; want %+v", known, of[known], want)
		}
	}
	if _, offered := of[forms.KnownLastTargets]; offered {
		t.Error("targets are offered, and there was no plan")
	}
	bare := facts(h.newChild("C9", "2012-05-14", "[2026-06-01,)"))
	if len(bare) != 1 || bare[forms.KnownYearGroup].Value != "Year 10" {
		t.Errorf("of a child of whom nothing is known: %+v", bare)
	}
}
