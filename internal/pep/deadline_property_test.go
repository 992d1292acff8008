package pep_test

import (
	"math/rand/v2"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
)

// world is ten years of a council's calendar, 2020 to 2030, and a child's life in it, made by chance.
type world struct {
	*rand.Rand
	cal       pep.Calendar
	deadlines pep.Deadlines
}

func newWorld(seed uint64) world {
	w := world{Rand: rand.New(rand.NewPCG(seed, 7))}
	holidays := calendar.EnglandBankHolidays(2019, 2032)
	for range w.IntN(8) { // a jubilee, a funeral
		holidays = append(holidays, calendar.Holiday{Date: day("2020-01-01").AddDays(w.IntN(3650)), Name: "Extra"})
	}
	w.cal.Working = calendar.NewWorkingDays(holidays)
	for year := 2019; year <= 2030; year++ {
		for n, name := range []string{calendar.Autumn, calendar.Spring, calendar.Summer} {
			starts := []calendar.Date{calendar.New(year, 9, 1), calendar.New(year+1, 1, 2), calendar.New(year+1, 4, 8)}[n].AddDays(w.IntN(8))
			ends := []calendar.Date{calendar.New(year, 12, 15), calendar.New(year+1, 3, 22), calendar.New(year+1, 7, 16)}[n].AddDays(w.IntN(8))
			term := pep.Term{Term: calendar.Term{AcademicYear: year, Name: name, Starts: starts, Ends: ends}}
			if w.IntN(3) > 0 {
				term.CutOff = ends.AddDays(-w.IntN(30))
			}
			w.cal.Terms = append(w.cal.Terms, term)
		}
	}
	w.deadlines = pep.Deadlines{InitiateDays: 1 + w.IntN(20), CompleteDays: 1 + w.IntN(30), GapMonths: 3 + w.IntN(4), SignOffDays: 1 + w.IntN(20),
		SchoolChangeDays: 1 + w.IntN(20), MinTermDays: 1 + w.IntN(30), FirstYear: -2, LastYear: 13}
	return w
}

func (w world) someDay() calendar.Date { return day("2020-01-01").AddDays(w.IntN(3600)) }

// pauses are apart from each other and in order.
func (w world) pauses(from calendar.Date) (list []pep.Pause) {
	for at := from.AddDays(w.IntN(60) - 30); w.IntN(3) > 0 && len(list) < 4; at = at.AddDays(1 + w.IntN(60)) {
		last := at.AddDays(w.IntN(40))
		list = append(list, pep.Pause{From: at, LastDay: last, Reason: pep.PauseReasons[w.IntN(len(pep.PauseReasons))]})
		at = last
	}
	return list
}

const rounds = 400

func TestWorkingDayRulesInAnyCalendar(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		w := newWorld(seed)
		working, d := w.cal.Working, w.deadlines
		for _, rule := range []struct {
			name string
			by   func(calendar.Date, calendar.WorkingDays, pep.Deadlines) pep.Explanation
			days int
		}{{"R6", pep.InitiateBy, d.InitiateDays}, {"R7", pep.CompleteBy, d.CompleteDays}, {"R11", pep.SignOffBy, d.SignOffDays}, {"R11", pep.EditionBy, d.SignOffDays}, {"R14", pep.SchoolChangeBy, d.SchoolChangeDays}} {
			event := w.someDay()
			base, later := rule.by(event, working, d), rule.by(event.AddDays(1+w.IntN(30)), working, d)
			pauses := w.pauses(event)
			got := base.PutOff(pauses, working)
			more := base.PutOff(append(pauses, pep.Pause{From: event.AddDays(1), LastDay: event.AddDays(1), Reason: pep.Missing}), working)
			onPause, paused := pep.PauseOn(pauses, got.Due)
			switch {
			case base.Rule != rule.name || got.Rule != rule.name || got.Because == "" || got.Since != event:
				t.Fatalf("seed %d, %s: the explanation is %+v", seed, rule.name, got)
			case !base.Due.After(event) || got.Due.Before(base.Due):
				t.Fatalf("seed %d, %s from %s: %s, with pauses %s", seed, rule.name, event, base.Due, got.Due)
			case !working.IsWorkingDay(got.Due) || paused:
				t.Fatalf("seed %d, %s falls on %s, in %+v", seed, rule.name, got.Due, onPause)
			case later.Due.Before(base.Due):
				t.Fatalf("seed %d, %s: a later event is due before %s", seed, rule.name, base.Due)
			case working.Between(event, got.Due)-got.Added != rule.days || working.Between(base.Due, got.Due) != got.Added:
				t.Fatalf("seed %d, %s from %s to %s with %d added is not %d days", seed, rule.name, event, got.Due, got.Added, rule.days)
			case (got.Added > 0) != (got.Paused != ""):
				t.Fatalf("seed %d, %s: %d added, said as %q", seed, rule.name, got.Added, got.Paused)
			case !paused && len(pauses) == 0 && more.Due.Before(got.Due):
				t.Fatalf("seed %d, %s: one more pause makes it earlier", seed, rule.name)
			}
			if d.SignOffDays > 1 && rule.name == "R11" {
				shorter := d
				shorter.SignOffDays--
				if rule.by(event, working, shorter).Due.After(base.Due) {
					t.Fatalf("seed %d: fewer days are due later", seed)
				}
			}
		}
	}
}

// A child in care and in scope all the time, who meets once a term, has exactly one review due for each.
func TestOneReviewIsDueEveryTerm(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		w := newWorld(seed)
		f := pep.Facts{DateOfBirth: day("2014-01-01").AddDays(w.IntN(365)), InCareSince: day("2019-01-01")}
		last := day("2019-08-20")
		f.Plans = []pep.PlanDates{{ID: 1, Kind: pep.Termly, AcademicYear: 2018, Term: calendar.Summer, State: pep.SignedOff, StartedOn: last, MeetingOn: last, Held: true}}
		for n, term := range w.cal.Terms {
			if term.AcademicYear > 2029 {
				break
			}
			due, asked := pep.TermlyBy(term, f.InCareSince, last, f.Pauses, w.cal.Working, w.deadlines)
			if !asked || due.Rule != "R9" || due.Due.After(term.LastDay()) || due.Due.After(last.AddMonths(w.deadlines.GapMonths)) || due.Due.Before(last) {
				t.Fatalf("seed %d, %s: due %+v after %s", seed, term.Label(), due, last)
			}
			today := term.Starts.AddDays(w.IntN(20))
			duties := pep.Duties(f, w.cal, w.deadlines, today)
			if len(duties) != 1 || duties[0].Task != pep.TaskStart || duties[0].Due.Due != due.Due {
				t.Fatalf("seed %d, %s: duties %+v; want one, by %s", seed, term.Label(), duties, due.Due)
			}
			pauses := w.pauses(term.Starts)
			if put, _ := pep.TermlyBy(term, f.InCareSince, last, pauses, w.cal.Working, w.deadlines); put.Due.Before(due.Due) || put.Due != due.Due && put.Due.Sub(due.Due) > daysIn(pauses) {
				t.Fatalf("seed %d, %s: paused %v, from %s to %s", seed, term.Label(), pauses, due.Due, put.Due)
			}
			// The meeting is held on some day of the term, and nothing more is due for this term.
			last = term.Starts.AddDays(w.IntN(term.LastDay().Sub(term.Starts) + 1))
			f.Plans = append([]pep.PlanDates{{ID: int64(n + 2), Kind: pep.Termly, AcademicYear: term.AcademicYear, Term: term.Name, State: pep.SignedOff, StartedOn: today, MeetingOn: last, Held: true}}, f.Plans...)
			for _, duty := range pep.Duties(f, w.cal, w.deadlines, term.Ends) {
				if next := w.cal.Terms[n+1]; duty.Due.Because != "" && duty.Due.Due.Before(next.Starts) && duty.Due.Due != last.AddMonths(w.deadlines.GapMonths) {
					t.Fatalf("seed %d, %s: still due after its meeting: %+v", seed, term.Label(), duty)
				}
			}
		}
	}
}

func daysIn(pauses []pep.Pause) (days int) {
	for _, pause := range pauses {
		days += pause.LastDay.Sub(pause.From) + 1
	}
	return days
}

// No life, however odd, has a duty without its rule and reason, or one due before its clock started.
func TestEveryDutyIsExplained(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"R6": true, "R7": true, "R9": true, "R11": true, "R14": true}
	for seed := range uint64(rounds) {
		w := newWorld(seed)
		today := w.someDay()
		f := pep.Facts{DateOfBirth: today.AddDays(-400 - w.IntN(6500)), InCareSince: today.AddDays(-w.IntN(900)), SettingID: 1}
		f.SchoolSince = f.InCareSince.AddDays(w.IntN(200) - 100)
		f.ChangedSchool = f.SchoolSince.After(f.InCareSince)
		states := []pep.State{pep.Draft, pep.Submitted, pep.InQA, pep.Returned, pep.SignedOff, pep.Superseded}
		for at := today.AddDays(-w.IntN(60)); at.After(f.InCareSince) && w.IntN(4) > 0; at = at.AddDays(-30 - w.IntN(90)) {
			plan := pep.PlanDates{ID: int64(len(f.Plans) + 1), Kind: pep.Kinds[w.IntN(len(pep.Kinds))], AcademicYear: calendar.AcademicYear(at), Term: calendar.Autumn,
				State: states[w.IntN(len(states))], StartedOn: at, MeetingOn: at.AddDays(w.IntN(10)), Held: true, Edition: 1, SettingID: int64(1 + w.IntN(2))}
			if plan.State == pep.Draft {
				plan.Held = w.IntN(2) == 0
			}
			f.Plans = append(f.Plans, plan)
		}
		paused := f
		paused.Pauses = w.pauses(f.InCareSince)
		for _, duty := range pep.Duties(paused, w.cal, w.deadlines, today) {
			if duty.Due.IsZero() { // a meeting nobody asks for has no deadline
				continue
			}
			if !known[duty.Due.Rule] || duty.Due.Because == "" || duty.Due.Due.Before(duty.Due.Since) || duty.Overdue < 0 || (duty.Overdue > 0 && !today.After(duty.Due.Due)) {
				t.Fatalf("seed %d: %+v", seed, duty)
			}
		}
		before, after := pep.StandingOf(f, w.cal, w.deadlines, today), pep.StandingOf(paused, w.cal, w.deadlines, today)
		if before.Stage == after.Stage && after.Overdue > before.Overdue {
			t.Fatalf("seed %d: a pause made it %d days late instead of %d", seed, after.Overdue, before.Overdue)
		}
	}
}
