package pep_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

func pause(from, last string) pep.Pause {
	return pep.Pause{From: day(from), LastDay: day(last), Reason: pep.InHospital}
}

func TestDaysOfAPauseDoNotCount(t *testing.T) {
	t.Parallel()
	care := func(from string) pep.Explanation { return pep.InitiateBy(day(from), working, usual) }
	for name, c := range map[string]struct {
		base   pep.Explanation
		pauses []pep.Pause
		due    string
		paused string
	}{
		"none":                        {care("2026-11-02"), nil, "2026-11-16", ""},
		"before the clock":            {care("2026-11-02"), []pep.Pause{pause("2026-10-01", "2026-11-02")}, "2026-11-16", ""},
		"after the deadline":          {care("2026-11-02"), []pep.Pause{pause("2026-11-17", "2026-12-01")}, "2026-11-16", ""},
		"a weekend":                   {care("2026-11-02"), []pep.Pause{pause("2026-11-07", "2026-11-08")}, "2026-11-16", ""},
		"a fortnight":                 {care("2026-11-02"), []pep.Pause{pause("2026-11-03", "2026-11-16")}, "2026-11-30", "paused 3 to 16 November, in hospital: 10 working days added"},
		"one day":                     {care("2026-11-02"), []pep.Pause{pause("2026-11-04", "2026-11-04")}, "2026-11-17", "paused 4 November, in hospital: 1 working day added"},
		"begun before the clock":      {care("2026-11-02"), []pep.Pause{pause("2026-10-28", "2026-11-03")}, "2026-11-17", "paused 28 October to 3 November, in hospital: 1 working day added"},
		"two, the second only then":   {care("2026-11-02"), []pep.Pause{pause("2026-11-18", "2026-11-18"), pause("2026-11-03", "2026-11-04")}, "2026-11-19", "paused 3 to 4 November, in hospital: 2 working days added; paused 18 November, in hospital: 1 working day added"},
		"over Christmas":              {care("2026-12-18"), []pep.Pause{pause("2026-12-24", "2027-01-04")}, "2027-01-13", "paused 24 December 2026 to 4 January, in hospital: 5 working days added"},
		"calendar days of the review": {termly("2026-01-01", "2026-08-10"), []pep.Pause{pause("2026-11-07", "2026-11-08")}, "2026-12-02", "paused 7 to 8 November, in hospital: 2 days added"},
	} {
		got := c.base.PutOff(c.pauses, working)
		if got.Due.String() != c.due || got.Paused != c.paused || got.Rule != c.base.Rule || got.Since != c.base.Since {
			t.Errorf("%s: %s %q; want %s %q", name, got.Due, got.Paused, c.due, c.paused)
		}
	}
	if words := care("2026-11-02").PutOff([]pep.Pause{pause("2026-11-03", "2026-11-03")}, working).Words(day("2026-11-23")); words != "due Tuesday 17 November: in care since 2 November, 10 working days; paused 3 November, in hospital: 1 working day added" {
		t.Error(words)
	}
}

func termly(care, last string) pep.Explanation {
	due, _ := pep.TermlyBy(autumn, day(care), day(last), nil, working, usual)
	return due
}

func (h *house) facts() pep.Facts {
	h.t.Helper()
	var row *pep.FactsRow
	var batch postgres.Batch
	pep.QueueFactsOf(&batch, &row, h.child)
	if err := h.db.View(h.t.Context(), access.System, &batch); err != nil || row == nil {
		h.t.Fatalf("facts: %v", err)
	}
	return row.Facts()
}

func (h *house) pauses() []pep.PauseRow {
	h.t.Helper()
	var rows []pep.PauseRow
	var batch postgres.Batch
	pep.QueuePauses(&batch, &rows, h.child)
	if err := h.db.View(h.t.Context(), access.System, &batch); err != nil {
		h.t.Fatal(err)
	}
	return rows
}

func TestAPauseIsSetAndEndedEarly(t *testing.T) {
	t.Parallel()
	h := open(t)
	hospital := pep.PauseInput{From: day("2026-11-03"), LastDay: day("2026-11-30"), Reason: pep.InHospital}
	set := func(who access.Actor, in pep.PauseInput) error { return h.service.Pause(t.Context(), who, h.child, in) }
	for who, want := range map[access.Actor]fault.Kind{h.teacher: fault.KindForbidden, h.worker: fault.KindForbidden, h.support: fault.KindForbidden, h.iro: fault.KindForbidden, h.otherAdvisor: fault.KindNotFound} {
		if err := set(who, hospital); !errors.Is(err, want) {
			t.Errorf("%s: %v", who.Name, err)
		}
	}
	for field, in := range map[string]pep.PauseInput{
		"from":     {LastDay: hospital.LastDay, Reason: pep.InHospital},
		"last_day": {From: hospital.From, Reason: pep.InHospital},
		"reason":   {From: hospital.From, LastDay: hospital.LastDay, Reason: "holiday"},
		"words":    {From: hospital.From, LastDay: hospital.LastDay, Reason: pep.OtherReason, Words: " "},
	} {
		if err := set(h.advisor, in); !fault.Of(err).Has(field) || len(fault.Of(err)) != 1 {
			t.Errorf("%s: %v %v", field, err, fault.Of(err))
		}
	}
	for field, in := range map[string]pep.PauseInput{
		"from":     {From: day("2026-05-01"), LastDay: day("2026-06-10"), Reason: pep.Missing},
		"last_day": {From: day("2026-11-03"), LastDay: day("2027-05-04"), Reason: pep.Missing},
	} {
		if err := set(h.advisor, in); !fault.Of(err).Has(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := set(h.advisor, hospital); err != nil {
		t.Fatal(err)
	}
	if err := set(h.deputy, pep.PauseInput{From: day("2026-11-30"), LastDay: day("2026-12-02"), Reason: pep.Court}); !fault.Of(err).Has("from") {
		t.Errorf("two at once: %v", err)
	}
	facts := h.facts()
	if len(facts.Pauses) != 1 || facts.Pauses[0] != pause("2026-11-03", "2026-11-30") {
		t.Fatalf("%+v", facts.Pauses)
	}
	standing := pep.StandingOf(facts, cal, usual, day("2026-11-23"))
	if standing.Paused.IsZero() || standing.Paused.LastDay != day("2026-11-30") {
		t.Errorf("not shown as paused: %+v", standing)
	}
	row := h.pauses()[0]
	if row.SetBy != "Ada Advisor" || row.Pause() != facts.Pauses[0] {
		t.Errorf("%+v", row)
	}
	end := func(who access.Actor, version int, last string) error {
		return h.service.EndPause(t.Context(), who, h.child, row.ID, version, day(last))
	}
	if err := end(h.teacher, 1, "2026-11-20"); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a school: %v", err)
	}
	if err := end(h.advisor, 1, "2026-11-02"); !fault.Of(err).Has("last_day") {
		t.Errorf("before it began: %v", err)
	}
	if err := end(h.advisor, 1, "2026-11-20"); err != nil {
		t.Fatal(err)
	}
	if err := end(h.deputy, 1, "2026-11-21"); !errors.Is(err, fault.KindConflict) || !strings.Contains(err.Error(), "20 November") {
		t.Errorf("a stale page: %v", err)
	}
	if row := h.pauses()[0]; row.LastDay != day("2026-11-20") || row.EndedBy != "Ada Advisor" || row.Version != 2 {
		t.Errorf("%+v", row)
	}
	left := h.newChild("C2", "2018-05-14", "[2026-01-01,2026-06-01)")
	if err := h.service.Pause(t.Context(), h.deputy, left, hospital); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a child who left: %v", err)
	}
}

func TestTwoPauseAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var set, refused atomic.Int32
	var wait sync.WaitGroup
	for n, who := range []access.Actor{h.advisor, h.deputy, h.advisor} {
		wait.Go(func() {
			err := h.service.Pause(t.Context(), who, h.child, pep.PauseInput{From: day("2026-11-03").AddDays(n), LastDay: day("2026-11-20"), Reason: pep.Missing})
			switch {
			case err == nil:
				set.Add(1)
			case fault.Of(err).Has("from"):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if set.Load() != 1 || refused.Load() != 2 {
		t.Errorf("%d set, %d refused", set.Load(), refused.Load())
	}
}
