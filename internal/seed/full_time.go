package seed

import (
	"context"
	"math/rand/v2"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/hours"
	"virtualschool/internal/provision"
	"virtualschool/internal/schoolplace"
	"virtualschool/internal/timetable"
)

// notFullTime is the times with less than full-time education at a school: a reduced timetable, provision
// elsewhere, and the search for a school place.
func (c *council) notFullTime(y *young) []act {
	if y.year < 1 || y.year > 13 || !y.careUntil.IsZero() || slices.Contains([]situation{shortBreaks, adoption, protection, blocked}, y.is) {
		return nil
	}
	// A die of their own, so that nothing else in the stories turns out differently.
	r := rand.New(rand.NewPCG(c.options.Random, uint64(y.n)+7_000_000)) // #nosec G404 -- the same every time, on purpose
	return append(append(c.reduced(y, r), c.provided(y, r)...), c.searching(y)...)
}

// reduced is a reduced timetable of this term, as a school records it: most as they should be, some not.
func (c *council) reduced(y *young, r *rand.Rand) []act {
	on := c.schoolDay(c.days.back(5 + r.IntN(30)))
	at := y.learns(on)
	if at == nil || y.learns(c.days.anchor) != at || on.Before(y.known) || !chance(r, 4) {
		return nil
	}
	by := y.advisor.Actor
	if at.teacher != nil {
		by = at.teacher.Actor
	}
	entry := timetable.Entry{SettingID: at.id, StartsOn: on, PlannedEnd: calendar.Weeks(on, 6), Hours: hours.Weekly(10+r.IntN(10)) * hours.Hour, FullHours: 25 * hours.Hour,
		Reason: pick(r, []timetable.Reason{"anxiety", "anxiety", "reintegration", "needs", "placement", "health"}), Note: "Mornings go well. Lunch and the afternoons are too loud.",
		WayBack: "One lesson more each fortnight, beginning with art.", CarerAgreedOn: on, WorkerAgreedOn: on, VirtualSchoolAgreedOn: on, RiskAssessedOn: on, NextReviewOn: calendar.Weeks(on, 4)}
	if chance(r, 30) { // a school that has not asked anybody
		entry.Reason, entry.PlannedEnd, entry.WayBack = timetable.Behaviour, calendar.Date{}, ""
		entry.WorkerAgreedOn, entry.VirtualSchoolAgreedOn, entry.RiskAssessedOn, entry.NextReviewOn = calendar.Date{}, calendar.Date{}, calendar.Date{}, calendar.Date{}
	}
	var id int64
	acts := []act{{on, by, "record a reduced timetable", func(ctx context.Context, now *desk, by access.Actor) (err error) {
		service := timetable.Service{DB: now.db}
		id, err = service.Record(ctx, by, y.id, entry)
		return err
	}}}
	if held := c.schoolDay(calendar.Weeks(on, 3)); !entry.NextReviewOn.IsZero() {
		acts = append(acts, act{held, by, "review a reduced timetable", func(ctx context.Context, now *desk, by access.Actor) error {
			service := timetable.Service{DB: now.db}
			return service.Review(ctx, by, y.id, id, 1, timetable.Review{HeldOn: held, Hours: entry.Hours + 2*hours.Hour, PlannedEnd: entry.PlannedEnd, NextReviewOn: calendar.Weeks(held, 3),
				Words: "Two more lessons go well. We go on as planned."})
		}})
	}
	return acts
}

// workshops are where provision takes place, each with what was found there.
var workshops = []struct {
	name         string
	registration provision.Registration
	finding      provision.Finding
	words        string
}{
	{"Hollow Farm Learning", provision.NotRegistered, "good", "Calm, small groups. Reading every morning."},
	{"The Boatyard Project", provision.NotKnown, provision.Weak, "No plan for English or mathematics, and nobody could say who was there last week."},
	{"Northgate Tuition Centre", provision.Registered, "improve", "Lessons are good. Attendance is not sent to the school each day."},
	{"Riverside Motor Workshop", provision.NotRegistered, "good", "Two days a week of real work, with a plan back to college."},
}

// provided is education elsewhere: of some older children beside their school, and of those who wait for one.
func (c *council) provided(y *young, r *rand.Rand) []act {
	on := c.schoolDay(c.days.back(10 + r.IntN(40)))
	waits := y.is == otherwise || y.is == noSchool && chance(r, 40)
	if on.Before(y.known) || (y.learns(on) == nil) != waits || !waits && (y.year < 8 || !chance(r, 6)) {
		return nil
	}
	at, by := pick(r, workshops), y.advisor.Actor
	entry := provision.Entry{Place: at.name, Registration: at.registration, ArrangedBy: "virtual_school", StartsOn: on, PlannedEnd: calendar.Weeks(on, 12),
		Hours: hours.Weekly(6+r.IntN(10)) * hours.Hour, Purpose: "To find back to learning in a small group, and from there to school."}
	var id int64
	acts := []act{{on, by, "record alternative provision", func(ctx context.Context, now *desk, by access.Actor) (err error) {
		service := provision.Service{DB: now.db}
		id, err = service.Record(ctx, by, y.id, entry)
		return err
	}}}
	if checked := c.schoolDay(calendar.Weeks(on, 2)); chance(r, 80) {
		acts = append(acts, act{checked, by, "check alternative provision", func(ctx context.Context, now *desk, by access.Actor) error {
			service := provision.Service{DB: now.db}
			return service.Check(ctx, by, y.id, id, provision.Check{CheckedOn: checked, CheckedBy: y.advisor.Name + ", education advisor", Safe: true, Finding: at.finding, Words: at.words})
		}})
	}
	return acts
}

// searching is what the advisor does from the day a child has no school place: some have heard nothing yet.
func (c *council) searching(y *young) []act {
	var since calendar.Date
	for _, roll := range y.rolls {
		if roll.at == nil {
			since = roll.from
		}
	}
	if y.is != noSchool || since.IsZero() || y.learns(c.days.anchor) != nil || y.n%4 == 3 { // one in four: nobody has recorded anything
		return nil
	}
	by := y.advisor.Actor
	day := func(n int) calendar.Date { return c.days.working.Add(calendar.Latest(since, y.known), n) }
	var acts []act
	plan := func(n, version int, search schoolplace.Search) {
		search.Reason, search.Emergency = "moved", y.n%2 == 0
		search.NextOn = day(n + 8)
		acts = append(acts, act{day(n), by, "plan the search for a school place", func(ctx context.Context, now *desk, by access.Actor) error {
			service := schoolplace.Service{DB: now.db}
			return service.Plan(ctx, by, y.id, version, search)
		}})
	}
	step := func(n int, kind schoolplace.StepKind, school, words string) {
		acts = append(acts, act{day(n), by, "record a step to a school place", func(ctx context.Context, now *desk, by access.Actor) error {
			service := schoolplace.Service{DB: now.db}
			_, err := service.Take(ctx, by, y.id, schoolplace.Step{Kind: kind, TakenOn: day(n), School: school, Words: words})
			return err
		}})
	}
	plan(2, 0, schoolplace.Search{NextTask: "Send the application to the nearest two schools", NextBy: "advisor"})
	step(3, schoolplace.Asked, "Tollgate High School", "By email to the admissions officer, with the last plan.")
	step(3, schoolplace.Asked, "Weir Lane Academy", "By email to the admissions officer, with the last plan.")
	step(5, schoolplace.Referred, "", "Sent to the council’s officer for children missing education.")
	step(12, "refused", "Tollgate High School", "They say that the year group is full.")
	plan(13, 1, schoolplace.Search{NextTask: "Take it to the fair access panel", NextBy: "admissions", Note: "The child would like a school with a music room."})
	return acts
}
