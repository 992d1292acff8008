package pep_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
)

var (
	working = calendar.EnglandWorkingDays()
	usual   = pep.UsualDeadlines()
	autumn  = pep.Term{Term: calendar.Term{AcademicYear: 2026, Name: calendar.Autumn, Starts: day("2026-09-01"), Ends: day("2026-12-18")}, CutOff: day("2026-11-30")}
	spring  = pep.Term{Term: calendar.Term{AcademicYear: 2026, Name: calendar.Spring, Starts: day("2027-01-04"), Ends: day("2027-03-25")}}
	cal     = pep.Calendar{Working: working, Terms: []pep.Term{autumn, spring}}
)

func TestDeadlinesAsTheRulesGiveThem(t *testing.T) {
	t.Parallel()
	termly := func(care, last string) pep.Explanation {
		var meeting calendar.Date
		if last != "" {
			meeting = day(last)
		}
		due, _ := pep.TermlyBy(autumn, day(care), meeting, nil, working, usual)
		return due
	}
	for _, c := range []struct {
		got       pep.Explanation
		rule, due string
		words     string
	}{
		{pep.InitiateBy(day("2026-12-14"), working, usual), "R6", "2026-12-30", "due Wednesday 30 December: in care since 14 December, 10 working days"},
		{pep.InitiateBy(day("2026-09-30"), working, usual), "R6", "2026-10-14", "due Wednesday 14 October: in care since 30 September, 10 working days"},
		{pep.CompleteBy(day("2026-12-14"), working, usual), "R7", "2027-01-14", "due Thursday 14 January 2027: in care since 14 December 2026, 20 working days, in time for the first care review"},
		{pep.CareReviewBy(day("2026-11-02"), nil, working), "R8", "2026-11-30", "due Monday 30 November: in care since 2 November, 20 working days"},
		{pep.CareReviewBy(day("2026-11-02"), []calendar.Date{day("2026-11-30")}, working), "R8", "2027-02-28", "due Sunday 28 February 2027: last care review 30 November 2026, 3 months"},
		{pep.CareReviewBy(day("2026-01-02"), []calendar.Date{day("2026-05-30"), day("2026-02-01")}, working), "R8", "2026-11-30", "due Monday 30 November: last care review 30 May, 6 months"},
		{termly("2026-01-01", "2026-07-10"), "R9", "2026-11-10", "due Tuesday 10 November: last meeting 10 July, no more than 4 months apart"},
		{termly("2026-01-01", "2026-08-10"), "R9", "2026-11-30", "due Monday 30 November: a review every term, the last day for Autumn 2026/27 is 30 November"},
		{pep.SignOffBy(day("2026-11-09"), working, usual), "R11", "2026-11-16", "due Monday 16 November: meeting held 9 November, 5 working days"},
		{pep.SchoolChangeBy(day("2027-01-04"), working, usual), "R14", "2027-01-18", "due Monday 18 January 2027: at a new school since 4 January, 10 working days"},
	} {
		if c.got.Rule != c.rule || c.got.Due.String() != c.due || c.got.Words(day("2026-11-23")) != c.words {
			t.Errorf("%s %s %q\nwant %s %s %q", c.got.Rule, c.got.Due, c.got.Words(day("2026-11-23")), c.rule, c.due, c.words)
		}
	}
	if got := pep.DaysOverdue(day("2026-11-30"), false, day("2026-12-07"), working); got != 5 {
		t.Errorf("overdue %d working days; want 5 (R10)", got)
	}
	if pep.DaysOverdue(day("2026-11-30"), true, day("2026-12-07"), working) != 0 || pep.DaysOverdue(day("2026-11-30"), false, day("2026-11-30"), working) != 0 {
		t.Error("a meeting held, or due today, is not overdue")
	}
	if _, due := pep.TermlyBy(autumn, day("2026-11-23"), calendar.Date{}, nil, working, usual); !due {
		t.Error("20 working days of the term in care make its review due")
	}
	if _, due := pep.TermlyBy(autumn, day("2026-11-24"), calendar.Date{}, nil, working, usual); due {
		t.Error("19 working days of the term do not")
	}
}

// Over ten years of days: every deadline is a working day after the event, with exactly as many
// working days between as the rule says, and a later event never has an earlier deadline.
func TestDeadlinesOverTenYears(t *testing.T) {
	t.Parallel()
	for _, rule := range []struct {
		by   func(calendar.Date, calendar.WorkingDays, pep.Deadlines) pep.Explanation
		days int
	}{{pep.InitiateBy, 10}, {pep.CompleteBy, 20}, {pep.SignOffBy, 5}, {pep.SchoolChangeBy, 10}} {
		last := calendar.Date{}
		for event := day("2020-01-01"); event.Before(day("2030-01-01")); event = event.AddDays(1) {
			got := rule.by(event, working, usual)
			if !working.IsWorkingDay(got.Due) || working.Between(event, got.Due) != rule.days || got.Since != event || got.Due.Before(last) {
				t.Fatalf("%s from %s is %s after %s", got.Rule, event, got.Due, last)
			}
			if pep.DaysOverdue(got.Due, false, got.Due.AddDays(1), working) > 1 || pep.DaysOverdue(got.Due, false, event, working) != 0 {
				t.Fatalf("%s from %s: overdue before it is due", got.Rule, event)
			}
			last = got.Due
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		care := day("2020-01-01").AddDays(random.IntN(3000))
		meeting := care.AddDays(random.IntN(400))
		term := pep.Term{Term: calendar.Term{AcademicYear: meeting.Year, Name: calendar.Spring, Starts: meeting.AddDays(random.IntN(60)), Ends: meeting.AddDays(60 + random.IntN(60))}}
		due, asked := pep.TermlyBy(term, care, meeting, nil, working, usual)
		if asked && (due.Due.After(term.Ends) || due.Due.After(meeting.AddMonths(4))) {
			t.Fatalf("in care %s, met %s, term to %s: due %s", care, meeting, term.Ends, due.Due)
		}
	}
}

func plan(id int64, state pep.State, term, met string, held bool) pep.PlanDates {
	p := pep.PlanDates{ID: id, Kind: pep.Termly, AcademicYear: 2026, Term: term, State: state, StartedOn: day("2026-09-10"), Held: held}
	if met != "" {
		p.MeetingOn = day(met)
	}
	return p
}

func TestWhereAChildStands(t *testing.T) {
	t.Parallel()
	settled := pep.Facts{DateOfBirth: day("2015-03-02"), InCareSince: day("2025-01-06"), SchoolSince: day("2020-09-01")}
	lastTerm := pep.PlanDates{ID: 1, Kind: pep.Termly, AcademicYear: 2025, Term: calendar.Summer, State: pep.SignedOff, MeetingOn: day("2026-07-20"), Held: true}
	with := func(f pep.Facts, plans ...pep.PlanDates) pep.Facts { f.Plans = plans; return f }
	fresh := pep.Facts{DateOfBirth: day("2015-03-02"), InCareSince: day("2026-11-02")}
	moved := settled
	moved.SchoolSince, moved.ChangedSchool = day("2026-11-16"), true
	for name, c := range map[string]struct {
		facts   pep.Facts
		today   string
		stage   pep.Stage
		rule    string
		overdue int
		task    pep.Task
	}{
		"in care for a week":       {fresh, "2026-11-09", pep.StageDue, "R7", 0, pep.TaskStart},
		"in care, never met":       {fresh, "2026-12-07", pep.StageDue, "R7", 5, pep.TaskStart},
		"first one begun":          {with(fresh, plan(1, pep.Draft, "autumn", "", false)), "2026-11-09", pep.StageInProgress, "R7", 0, pep.TaskMeet},
		"meeting planned":          {with(fresh, plan(1, pep.Draft, "autumn", "2026-11-20", false)), "2026-11-09", pep.StageScheduled, "R7", 0, pep.TaskMeet},
		"planned day gone by":      {with(fresh, plan(1, pep.Draft, "autumn", "2026-11-20", false)), "2026-12-01", pep.StageInProgress, "R7", 1, pep.TaskMeet},
		"met, not written up":      {with(fresh, plan(1, pep.Draft, "autumn", "2026-11-20", true)), "2026-11-30", pep.StageInProgress, "R11", 1, pep.TaskFinish},
		"submitted":                {with(fresh, plan(1, pep.Submitted, "autumn", "2026-11-20", true)), "2026-11-23", pep.StageSubmitted, "R11", 0, pep.TaskSignOff},
		"returned":                 {with(fresh, plan(1, pep.Returned, "autumn", "2026-11-20", true)), "2026-11-23", pep.StageReturned, "R11", 0, pep.TaskCorrect},
		"signed off this term":     {with(settled, plan(1, pep.SignedOff, "autumn", "2026-11-09", true), lastTerm), "2026-11-23", pep.StageNotDue, "R9", 0, pep.TaskStart},
		"this term's review":       {with(settled, lastTerm), "2026-11-09", pep.StageDue, "R9", 0, pep.TaskStart},
		"four months gone by":      {with(settled, lastTerm), "2026-11-23", pep.StageDue, "R9", 1, pep.TaskStart},
		"new school since meeting": {with(moved, plan(1, pep.SignedOff, "autumn", "2026-11-09", true)), "2026-11-23", pep.StageDue, "R14", 0, pep.TaskStart},
	} {
		today := day(c.today)
		got := pep.StandingOf(c.facts, cal, usual, today)
		if got.Stage != c.stage || got.Due.Rule != c.rule || got.Overdue != c.overdue {
			t.Errorf("%s: %s by %s (%s), %d overdue; want %s by %s, %d", name, got.Stage, got.Due.Rule, got.Due.Due, got.Overdue, c.stage, c.rule, c.overdue)
		}
		duties := pep.Duties(c.facts, cal, usual, today)
		if !slices.ContainsFunc(duties, func(d pep.Duty) bool { return d.Task == c.task }) {
			t.Errorf("%s: duties %+v; want %s", name, duties, c.task)
		}
	}
	for name, facts := range map[string]pep.Facts{
		"left care":    {DateOfBirth: day("2015-03-02")},
		"short breaks": {DateOfBirth: day("2015-03-02"), InCareSince: day("2025-01-06"), ShortBreaks: true},
		"a baby":       {DateOfBirth: day("2026-03-02"), InCareSince: day("2026-04-06")},
		"past Year 13": {DateOfBirth: day("2008-03-02"), InCareSince: day("2025-01-06")},
	} {
		if got := pep.StandingOf(facts, cal, usual, day("2026-11-23")); got.Stage != pep.StageNone || len(pep.Duties(facts, cal, usual, day("2026-11-23"))) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if duties := pep.Duties(fresh, cal, usual, day("2026-11-09")); duties[0].Due.Rule != "R6" || duties[0].Due.Due != day("2026-11-16") {
		t.Errorf("the first plan is to be started by %+v", duties)
	}
	if got := (pep.Facts{}).LastMeeting(); !got.IsZero() {
		t.Errorf("no meeting is %s", got)
	}
}

func TestAChildTooYoungAtFirstHasTheClockStartWithTheSchoolYear(t *testing.T) {
	t.Parallel()
	d := pep.DeadlinesOf(policy.Values{})
	cal := pep.Calendar{Working: working}
	for name, c := range map[string]struct {
		born, care, today string
		want              string // when the first plan's meeting is due; empty: no plan is asked for
	}{
		"a baby":                         {"2025-05-01", "2025-06-01", "2026-11-23", ""},
		"in care as a baby, now nursery": {"2024-05-01", "2025-03-14", "2026-11-23", "2026-09-29"},
		"in care at nursery age":         {"2023-05-01", "2026-11-02", "2026-11-23", "2026-11-30"},
		"eighteen and past Year 13":      {"2007-09-01", "2026-11-02", "2026-11-23", ""},
	} {
		due, kind, asked := pep.Facts{DateOfBirth: day(c.born), InCareSince: day(c.care)}.Meeting(cal, d, day(c.today))
		if asked != (c.want != "") || asked && (kind != pep.Initial || due.Due.String() != c.want) {
			t.Errorf("%s: %v %s %s, %s", name, asked, kind, due.Due, due.Because)
		}
	}
}
