package timetable

import (
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/hours"
)

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

// sound is a reduced timetable with which nothing is wrong on 12 October 2026.
func sound() Timetable {
	agreed := day("2026-09-03")
	return Timetable{Entry: Entry{SettingID: 1, StartsOn: day("2026-09-07"), PlannedEnd: day("2026-10-19"), Hours: 750, FullHours: 1500, Reason: "health", WayBack: "An hour more each week",
		CarerAgreedOn: agreed, WorkerAgreedOn: agreed, VirtualSchoolAgreedOn: agreed, RiskAssessedOn: agreed}}
}

func TestReviewIsAtTheLatestSixWeeksOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Timetable)
		want   string
	}{
		"R31: from 7 September":          {func(*Timetable) {}, "2026-10-19"},
		"agreed earlier":                 {func(t *Timetable) { t.NextReviewOn = day("2026-09-28") }, "2026-09-28"},
		"agreed later is no excuse":      {func(t *Timetable) { t.NextReviewOn = day("2026-11-30") }, "2026-10-19"},
		"looked at since":                {func(t *Timetable) { t.LastReviewOn = day("2026-10-05") }, "2026-11-16"},
		"looked at after the day set":    {func(t *Timetable) { t.LastReviewOn, t.NextReviewOn = day("2026-10-05"), day("2026-10-01") }, "2026-11-16"},
		"looked at, and the next is set": {func(t *Timetable) { t.LastReviewOn, t.NextReviewOn = day("2026-10-05"), day("2026-10-26") }, "2026-10-26"},
		"over":                           {func(t *Timetable) { t.EndedOn = day("2026-10-12") }, ""},
	} {
		of := sound()
		c.change(&of)
		if got := of.ReviewBy(6); got.String() != c.want && !(got.IsZero() && c.want == "") {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	today := day("2026-10-12")
	if faults := sound().Faults(6, today); len(faults) != 0 {
		t.Fatalf("nothing is wrong, and yet %v", faults)
	}
	if faults := (Timetable{Entry: Entry{StartsOn: day("2026-09-01"), Reason: Behaviour}}).Faults(6, day("2026-11-23")); len(faults) != 10 {
		t.Errorf("everything is wrong: %d, %v", len(faults), faults)
	}
	for says, change := range map[string]func(*Timetable){
		"manage behaviour":       func(t *Timetable) { t.Reason = Behaviour },
		"No hours":               func(t *Timetable) { t.Hours = 0 },
		"No end date":            func(t *Timetable) { t.PlannedEnd = calendar.Date{} },
		"Was to end on":          func(t *Timetable) { t.PlannedEnd = day("2026-10-11") },
		"Review was due on":      func(t *Timetable) { t.NextReviewOn = day("2026-10-09") },
		"more than 8 weeks":      func(t *Timetable) { t.StartsOn, t.LastReviewOn = day("2026-08-16"), day("2026-10-01") },
		"carer or parent":        func(t *Timetable) { t.CarerAgreedOn = calendar.Date{} },
		"social worker":          func(t *Timetable) { t.WorkerAgreedOn = calendar.Date{} },
		"Virtual School has not": func(t *Timetable) { t.VirtualSchoolAgreedOn = calendar.Date{} },
		"No plan back":           func(t *Timetable) { t.WayBack = "" },
		"No risk assessment":     func(t *Timetable) { t.RiskAssessedOn = calendar.Date{} },
	} {
		of := sound()
		change(&of)
		if faults := of.Faults(6, today); len(faults) != 1 || !strings.Contains(faults[0], says) {
			t.Errorf("%s: %v", says, faults)
		}
		of.EndedOn = today
		if faults := of.Faults(6, today); len(faults) != 0 {
			t.Errorf("%s, of one that is over: %v", says, faults)
		}
	}
}

func TestWhatAnEntryMustSay(t *testing.T) {
	t.Parallel()
	today := day("2026-11-23")
	good := sound().Entry
	if err := good.problems(today); err != nil {
		t.Fatal(err)
	}
	bare := Entry{SettingID: 1, StartsOn: today, FullHours: 1500, Reason: "needs"}
	if err := bare.problems(today); err != nil {
		t.Errorf("faults are recorded, not refused: %v", err)
	}
	for field, spoil := range map[string][]func(*Entry){
		"starts": {func(e *Entry) { e.StartsOn = calendar.Date{}; e.PlannedEnd = calendar.Date{} }, func(e *Entry) { e.StartsOn, e.PlannedEnd = today.AddDays(29), calendar.Date{} },
			func(e *Entry) { e.StartsOn, e.PlannedEnd = today.AddYears(-16), calendar.Date{} }},
		"ends":           {func(e *Entry) { e.PlannedEnd = e.StartsOn }, func(e *Entry) { e.PlannedEnd = e.StartsOn.AddYears(3) }},
		"review":         {func(e *Entry) { e.NextReviewOn = e.StartsOn }, func(e *Entry) { e.NextReviewOn = e.StartsOn.AddYears(3) }},
		"full":           {func(e *Entry) { e.FullHours = 0 }, func(e *Entry) { e.FullHours = hours.Most + 1 }},
		"hours":          {func(e *Entry) { e.Hours = e.FullHours }, func(e *Entry) { e.Hours = -1 }},
		"reason":         {func(e *Entry) { e.Reason = "naughty" }},
		"note":           {func(e *Entry) { e.Note = strings.Repeat("é", TextLimit+1) }},
		"way_back":       {func(e *Entry) { e.WayBack = strings.Repeat("é", TextLimit+1) }},
		"carer":          {func(e *Entry) { e.CarerAgreedOn = today.AddDays(1) }},
		"worker":         {func(e *Entry) { e.WorkerAgreedOn = today.AddDays(1) }},
		"virtual_school": {func(e *Entry) { e.VirtualSchoolAgreedOn = today.AddYears(-16) }},
		"risk":           {func(e *Entry) { e.RiskAssessedOn = today.AddDays(1) }},
		"council":        {func(e *Entry) { e.CouncilToldOn = today.AddDays(1) }},
	} {
		for n, one := range spoil {
			bad := good
			one(&bad)
			if problems := fault.Of(bad.problems(today)); len(problems) != 1 || !problems.Has(field) {
				t.Errorf("%s %d: %v", field, n, problems)
			}
		}
	}
	for n, one := range Reasons {
		if one.Reason.Name() != one.Name || slices.IndexFunc(Reasons, func(other struct {
			Reason Reason
			Name   string
		}) bool {
			return other.Reason == one.Reason
		}) != n {
			t.Errorf("%+v", one)
		}
	}
}

func TestWhatAReviewMustSay(t *testing.T) {
	t.Parallel()
	today, of := day("2026-11-23"), sound()
	of.LastReviewOn = day("2026-10-05")
	good := Review{HeldOn: today, Hours: 1000, NextReviewOn: today.AddDays(14), PlannedEnd: today.AddDays(28), Words: "Two more lessons"}
	for name, review := range map[string]Review{"it goes on": good, "it is over": {HeldOn: today, Outcome: "full_time", Words: "Back in all lessons"}} {
		if err := review.problems(of, today); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, spoil := range map[string][]func(*Review){
		"held":    {func(r *Review) { r.HeldOn = calendar.Date{} }, func(r *Review) { r.HeldOn = today.AddDays(1) }, func(r *Review) { r.HeldOn = of.LastReviewOn }},
		"words":   {func(r *Review) { r.Words = "" }, func(r *Review) { r.Words = strings.Repeat("é", TextLimit+1) }},
		"outcome": {func(r *Review) { r.Outcome = "vanished" }},
		"hours":   {func(r *Review) { r.Hours = of.FullHours }},
		"ends":    {func(r *Review) { r.PlannedEnd = r.HeldOn }},
		"review":  {func(r *Review) { r.NextReviewOn = r.HeldOn.AddYears(2) }},
	} {
		for n, one := range spoil {
			bad := good
			one(&bad)
			if problems := fault.Of(bad.problems(of, today)); len(problems) != 1 || !problems.Has(field) {
				t.Errorf("%s %d: %v", field, n, problems)
			}
		}
	}
}
