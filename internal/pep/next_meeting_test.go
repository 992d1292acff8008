package pep_test

import (
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

func TestTheNextMeetingIsSuggestedByTheRule(t *testing.T) {
	t.Parallel()
	term := func(year int, name, starts, ends, cutOff string) pep.Term {
		one := pep.Term{Term: calendar.Term{AcademicYear: year, Name: name, Starts: day(starts), Ends: day(ends)}}
		if cutOff != "" {
			one.CutOff = day(cutOff)
		}
		return one
	}
	cal := pep.Calendar{Terms: []pep.Term{term(2026, calendar.Autumn, "2026-09-01", "2026-12-18", "2026-12-04"),
		term(2026, calendar.Spring, "2027-01-04", "2027-03-25", "2027-03-12"), term(2026, calendar.Summer, "2027-04-12", "2027-07-21", "")}}
	facts := pep.Facts{DateOfBirth: day("2018-05-14"), InCareSince: day("2026-01-05"),
		Plans: []pep.PlanDates{{ID: 1, Kind: pep.Termly, AcademicYear: 2026, Term: calendar.Autumn, State: pep.Draft}}}
	for name, c := range map[string]struct {
		held, want, due string
		change          func(*pep.Facts)
	}{
		"two weeks before the cut-off of the next term": {held: "2026-11-23", want: "2027-02-26", due: "2027-03-12"},
		"the longest gap comes first":                   {held: "2027-02-26", want: "2027-06-14", due: "2027-06-26"},
		"a meeting in the holidays":                     {held: "2026-12-28", want: "2027-02-26", due: "2027-03-12"},
		"the council has no more terms":                 {held: "2027-07-01"},
		"too young for a plan by then":                  {held: "2026-11-23", change: func(f *pep.Facts) { f.DateOfBirth = day("2025-01-01") }},
	} {
		with := facts
		if c.change != nil {
			c.change(&with)
		}
		on, due, suggested := with.NextMeeting(day(c.held), cal, pep.UsualDeadlines())
		if suggested != (c.want != "") || suggested && (on != day(c.want) || due.Due != day(c.due) || due.Rule != "R9") {
			t.Errorf("%s: %s, due %s", name, on, due.Due)
		}
	}
}

func TestHowOftenATargetWasCarried(t *testing.T) {
	t.Parallel()
	h := open(t)
	plans := map[string]int64{}
	for term, on := range map[string]string{"autumn": "2025-11-10", "spring": "2026-03-02", "summer": "2026-06-08"} {
		plans[term] = h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, meeting_on, meeting_held, started_by, started_at)
			values ($1, 'termly', 'primary', 1, 2025, $2, $3::date, true, 1, $3::date) returning id`, h.child, term, on)
	}
	target := func(term string, from int64, position int) int64 {
		return h.ID(`insert into pep_target (pep_id, child_id, position, area, what, carried_from) values ($1, $2, $3, 'literacy', 'Reads', nullif($4::bigint, 0)) returning id`,
			plans[term], h.child, position, from)
	}
	first := target("autumn", 0, 1)
	second := target("spring", first, 1)
	third := target("summer", second, 1)
	fresh := target("summer", 0, 2)
	var batch postgres.Batch
	carried := pep.QueueCarried(&batch, h.child)
	if err := h.db.View(t.Context(), h.worker, &batch); err != nil {
		t.Fatal(err)
	}
	got := carried()
	for id, want := range map[int64]pep.Carried{first: {0, day("2025-11-10")}, second: {1, day("2025-11-10")}, third: {2, day("2025-11-10")}, fresh: {0, day("2026-06-08")}} {
		if got[id] != want {
			t.Errorf("%+v; want %+v", got[id], want)
		}
	}
	if words := (pep.Carried{Times: 2, Since: day("2025-11-10")}).Words(); !strings.Contains(words, "twice") || !strings.Contains(words, "10 November 2025") {
		t.Error(words)
	}
}
