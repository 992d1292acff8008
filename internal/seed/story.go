package seed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
)

// act is one thing that one person does on one day.
type act struct {
	on   calendar.Date
	by   access.Actor
	what string
	do   func(ctx context.Context, now *desk, by access.Actor) error
}

// story is everything that happens to a child after the record was made, in order of time.
func (c *council) story(y *young) []act {
	var acts []act
	acts = append(acts, c.arrival(y)...)
	acts = append(acts, c.changes(y)...)
	acts = append(acts, c.planning(y)...)
	acts = append(acts, c.pausing(y)...)
	acts = append(acts, c.schoolLife(y)...)
	acts = append(acts, c.notFullTime(y)...)
	acts = append(acts, c.remarks(y)...)
	acts = append(acts, c.ending(y)...)
	acts = slices.DeleteFunc(acts, func(one act) bool { return one.on.After(c.days.anchor) })
	slices.SortStableFunc(acts, func(a, b act) int { return a.on.Compare(b.on) })
	return acts
}

// arrive makes the record, on the day it became known to the virtual school.
func (c *council) arrive(ctx context.Context, y *young) error {
	by := c.staff.data.Actor
	if y.known.After(c.days.start) {
		by = c.staff.lead.Actor
	}
	inside := y.homes[0].inside
	first := y.legal[0].code
	if first == "V4" {
		first = "V2"
	}
	now := c.at(y.known, 0)
	id, err := now.children.Add(ctx, by, child.Arrival{LAChildID: y.laChildID, Forename: y.forename, Surname: y.surname, PreferredName: y.preferred,
		DateOfBirth: y.born, Sex: y.sex, UPN: y.upn, Unaccompanied: y.is == alone, CareFrom: y.careFrom, LegalStatus: first,
		Placement: y.homes[0].code, InAuthority: &inside, Source: "seed"})
	y.id = id
	return err
}

// arrival is what is written down when the record is made: the past until then.
func (c *council) arrival(y *young) []act {
	data := c.staff.data.Actor
	acts := []act{c.fromReturn(y)}
	add := func(what string, do func(ctx context.Context, now *desk, by access.Actor) error) {
		acts = append(acts, act{y.known, data, what, do})
	}
	if y.is == outOfYear {
		add("correct the year", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.Edit(ctx, by, y.id, child.Changes{Forename: y.forename, Surname: y.surname, PreferredName: y.preferred, DateOfBirth: y.born,
				UPN: y.upn, YearOffset: -1, YearOffsetReason: "Missed most of a year before coming into care; agreed with the school", Version: 1})
		})
	}
	for _, team := range []struct {
		part string
		who  *person
	}{{"advisor", y.advisor}, {"social_worker", y.works(y.known)}, {"reviewing_officer", y.officer}, {"support_advisor", y.support}} {
		if team.who == nil {
			continue
		}
		add("allocate "+team.part, func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.Allocate(ctx, by, y.id, child.Allocation{Part: team.part, AccountID: team.who.ID, From: calendar.Latest(y.careFrom, c.days.start.AddYears(-1))})
		})
	}
	add("special educational needs", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.children.SetSEN(ctx, by, y.id, y.sen, y.need, y.careFrom)
	})
	return acts
}

// changes are moves of home, school and social worker, each on its day or, before the record, with it.
func (c *council) changes(y *young) []act {
	var acts []act
	for _, home := range y.homes[1:] {
		acts = append(acts, act{calendar.Latest(y.known, c.days.working.Add(home.from, 1)), c.staff.data.Actor, "live elsewhere", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.Live(ctx, by, y.id, home.code, &home.inside, home.from)
		}})
	}
	for _, roll := range y.rolls {
		move := child.Move{Kind: roll.kind, From: roll.from, Reason: roll.reason}
		if roll.at != nil {
			move.SettingID = roll.at.id
		}
		acts = append(acts, act{calendar.Latest(y.known, c.days.working.Add(roll.from, -1)), c.staff.data.Actor, "change school", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.ChangeSchool(ctx, by, y.id, move)
		}})
	}
	if y.workerBefore != nil {
		acts = append(acts, act{c.days.working.Add(y.newWorker, -1), c.staff.data.Actor, "change social worker", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.Allocate(ctx, by, y.id, child.Allocation{Part: "social_worker", AccountID: y.worker.ID, From: y.newWorker, Reason: "Team change"})
		}})
	}
	return acts
}

// ending is what comes at the end of the story: leaving care, restrictions and blocks.
func (c *council) ending(y *young) []act {
	d := c.days
	head := c.staff.head.Actor
	switch y.is {
	case adoption, protection:
		return c.restricting(y)
	case blocked:
		return []act{{d.back(10), head, "block", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.Block(ctx, by, y.id, child.Blocking{AccountID: c.staff.lead.ID, Why: "Related to the family", From: d.back(10)})
		}}}
	case wrongUPN:
		return c.missed(y)
	case leftLastMonth, adopted:
		on := calendar.Latest(y.careUntil, y.known)
		if y.is == adopted { // closes the file, so what else there was to write has been written
			for _, change := range c.changes(y) {
				on = calendar.Latest(on, change.on)
			}
		}
		return []act{{on, c.staff.lead.Actor, "leave care", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.LeaveCare(ctx, by, y.id, child.Leaving{On: y.careUntil, Code: y.endCode})
		}}}
	}
	return nil
}

// fromReturn is what the yearly return brings.
func (c *council) fromReturn(y *young) act {
	r := y.random
	of := annual{ethnicity: y.ethnicity, from: y.careFrom, legal: y.legal[1:], need: weighted(r, []string{"N1", "N5", "N4", "N3", "N2", "N8"}, func(code string) int {
		return map[string]int{"N1": 62, "N5": 15, "N4": 9, "N3": 6, "N2": 4, "N8": 4}[code]
	})}
	if y.is == alone {
		of.need = "N8"
	}
	end := calendar.Earliest(c.days.anchor, y.careUntil)
	held := c.days.working.Add(y.careFrom, 16+r.IntN(4))
	for months := 3; held.Before(end) && len(of.reviews) < 20; months = 6 {
		code := pick(r, []string{"PN1", "PN1", "PN3", "PN4", "PN6", "PN7"})
		if calendar.Age(y.born, held) < 4 {
			code = "PN0"
		}
		of.reviews = append(of.reviews, review{held, code})
		held = c.days.working.Add(held.AddMonths(months), -1-r.IntN(8))
	}
	for year := y.careFrom.Year + 1; ; year++ {
		counted := calendar.New(year, 3, 31)
		if counted.After(end) {
			break
		}
		age := calendar.Age(y.born, counted)
		if counted.AddYears(-1).Before(y.careFrom) || age < 4 || age > 16 {
			continue
		}
		of.scores = append(of.scores, score{year, min(40, 4+r.IntN(13)+r.IntN(14))})
	}
	return act{y.known, access.System, "load the return", func(ctx context.Context, now *desk, _ access.Actor) error {
		if y.is == shortBreaks {
			if err := putShortBreaks(ctx, now.db, y.id); err != nil {
				return err
			}
		}
		return putReturn(ctx, now.db, y.id, of)
	}}
}

// remarks are notes on the timeline, some of them good news.
func (c *council) remarks(y *young) []act {
	r := y.random
	var acts []act
	if y.year < -2 || y.is == shortBreaks {
		return nil
	}
	end := calendar.Earliest(c.days.anchor, y.careUntil.AddDays(-3))
	write := func(one remark) {
		span := end.Sub(y.known) - 4
		if span < 5 {
			return
		}
		on := c.days.working.Add(y.known.AddDays(3+r.IntN(span)), -1)
		by := y.advisor
		switch {
		case y.support != nil && chance(r, 35):
			by = y.support
		case chance(r, 20):
			by = y.works(on)
		}
		words := y.fill(one.words, y.learns(on))
		acts = append(acts, act{calendar.Latest(on, y.known), by.Actor, "write a note", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.children.WriteNote(ctx, by, y.id, child.Note{On: on, Kind: one.kind, Words: words})
		}})
	}
	for range 1 + r.IntN(3) {
		write(pick(r, remarks))
	}
	if chance(r, 55) {
		write(pick(r, successes))
	}
	return acts
}

// fill puts names into words.
func (y *young) fill(words string, at *school) string {
	school, teacher := "No school place", "the virtual school"
	if at != nil {
		school = at.name
		if at.teacher != nil {
			teacher = at.teacher.Name
		}
	}
	return strings.NewReplacer("{name}", y.called(), "{school}", school, "{teacher}", teacher).Replace(words)
}

// allocate gives each child people, evenly: those with the fewest children first, brothers and sisters
// the same, and the first children those who have sign-ins.
func (c *council) allocate(cast []*young) {
	advisors, workers, officers := map[*person]int{}, map[*person]int{}, map[*person]int{}
	give := func(team []*person, has map[*person]int, n int) *person {
		chosen := team[0]
		for _, one := range team {
			if has[one] < has[chosen] {
				chosen = one
			}
		}
		if n < len(featured) {
			chosen = team[n%min(2, len(team))]
		}
		has[chosen]++
		return chosen
	}
	for _, y := range cast {
		y.advisor, y.officer = give(c.staff.advisors, advisors, y.n), give(c.staff.officers, officers, y.n)
		y.worker = give(c.staff.workers, workers, y.n)
		if y.is == siblingYounger {
			older := cast[y.n-1]
			advisors[y.advisor]--
			workers[y.worker]--
			y.advisor, y.worker, y.officer = older.advisor, older.worker, older.officer
			y.homes, y.careFrom, y.known = slices.Clone(older.homes), older.careFrom, older.known
			y.legal = slices.Clone(older.legal)
		}
		if y.n%10 == 3 && y.n < 10*supportLoad && y.year >= 0 {
			y.support = c.staff.support
		}
		// Some have a new social worker since the middle of the history.
		if y.n >= len(featured) && chance(y.random, 20) && len(c.staff.workers) > 1 {
			y.newWorker = c.days.history()[2].Starts.AddDays(7)
			y.workerBefore = c.staff.workers[(slices.Index(c.staff.workers, y.worker)+1)%len(c.staff.workers)]
			if !y.known.Before(y.newWorker.AddDays(-10)) {
				y.workerBefore = nil
			}
		}
	}
}

// explain adds what a form would show beside the fields.
func explain(err error) error {
	var told []string
	for _, problem := range fault.Of(err) {
		told = append(told, problem.Field+": "+problem.Text)
	}
	if len(told) == 0 {
		if words := fault.Words(err); errors.Is(err, fault.KindConflict) || errors.Is(err, fault.KindForbidden) {
			return fmt.Errorf("%w (%s)", err, words)
		}
		return err
	}
	return fmt.Errorf("%w (%s)", err, strings.Join(told, "; "))
}
