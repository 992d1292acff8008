package seed

import (
	"context"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

func (p *paper) start(ctx context.Context, now *desk, by access.Actor) error {
	in := pep.StartInput{ChildID: p.y.id, Kind: p.when.kind, AcademicYear: p.when.term.AcademicYear, Term: p.when.term.Name}
	if p.y.is == otherwise && p.y.learns(now.db.Today()) == nil {
		in.Form = "eotas"
	}
	if p.left != nil {
		in.Replaces = p.left.ref.PEPID
	}
	id, err := now.plans.Start(ctx, by, in)
	p.ref, p.versions, p.version = pep.Ref{ChildID: p.y.id, PEPID: id}, map[pep.Part]int{}, 1
	return err
}

func (p *paper) planMeeting(ctx context.Context, now *desk, by access.Actor) error {
	return now.plans.SaveMeeting(ctx, by, p.ref, p.next(pep.PartMeeting), pep.Meeting{On: p.when.meets})
}

// writeSections writes what the plan asks, each section by whoever's it is.
func (p *paper) writeSections(ctx context.Context, now *desk, _ access.Actor) error {
	whole, err := p.read(ctx, now)
	if err != nil {
		return err
	}
	for _, section := range whole.Form.Sections {
		// A plan that is still being finished has one section to be written.
		complete := p.y.fate != finishing || section.Key != "transition" || !p.when.finished.IsZero()
		if err := p.writeSection(ctx, now, p.writer(section, now.db.Today()), section, complete); err != nil {
			return err
		}
	}
	return nil
}

func (p *paper) writeSection(ctx context.Context, now *desk, by access.Actor, section forms.Section, complete bool) error {
	said := forms.Answers{}
	for _, question := range section.Questions {
		if answer := p.answer(question, now.db.Today()); !answer.Empty() {
			said[question.Key] = answer
		}
	}
	// What is not asked of this child is not answered.
	asked := map[string]bool{}
	for _, question := range section.Shown(said) {
		asked[question.Key] = true
	}
	for _, question := range section.Questions {
		if !asked[question.Key] {
			delete(said, question.Key)
		}
	}
	return now.plans.SaveSection(ctx, by, p.ref, pep.SectionInput{Section: section.Key, Version: p.next(pep.Part(section.Key)), Answers: said, Complete: complete})
}

func (p *paper) writeVoice(ctx context.Context, now *desk, by access.Actor) error {
	y, r := p.y, p.y.random
	bank := voicesMiddle
	switch year := y.yearOn(p.when.meets); {
	case y.is == alone:
		bank = voicesAlone
	case year >= 12:
		bank = voicesYoungAdult
	case year >= 7:
		bank = voicesOlder
	case year <= 2:
		bank = voicesLittle
	}
	voice := pep.Voice{Words: pick(r, bank), How: pick(r, []string{"in_person", "in_person", "in_person", "writing", "drawing", "app", "through_adult"}), On: now.db.Today(), With: by.Name}
	if y.n >= len(featured) && chance(r, 4) {
		voice = pep.Voice{How: "declined", On: now.db.Today(), With: by.Name}
	}
	return now.plans.SaveVoice(ctx, by, p.ref, p.next(pep.PartVoice), voice)
}

func (p *paper) hold(ctx context.Context, now *desk, by access.Actor) error {
	y, r, on := p.y, p.y.random, now.db.Today()
	people := []pep.Attendee{{Name: by.Name, Part: "designated_teacher", Present: true}}
	if by.ID == y.advisor.ID {
		people = nil
	}
	child := strings.TrimSpace(y.called() + " " + y.surname)
	people = append(people,
		pep.Attendee{Name: y.works(on).Name, Part: "social_worker", Present: chance(r, 88)},
		pep.Attendee{Name: carers[y.n%len(carers)], Part: "carer", Present: chance(r, 92)},
		pep.Attendee{Name: child, Part: "young_person", Present: chance(r, 55)},
		pep.Attendee{Name: y.advisor.Name, Part: "advisor", Present: people == nil || chance(r, 60)})
	if chance(r, 15) {
		people = append(people, pep.Attendee{Name: y.officer.Name, Part: "reviewing_officer"})
	}
	meeting := pep.Meeting{On: p.when.meets, Held: true, Next: p.nextMeeting(), Attendees: people}
	return now.plans.SaveMeeting(ctx, by, p.ref, p.next(pep.PartMeeting), meeting)
}

// nextMeeting is in the first half of the next term.
func (p *paper) nextMeeting() calendar.Date {
	d := p.c.days
	for _, term := range d.terms {
		if term.Starts.After(p.when.meets) {
			return p.c.schoolDay(d.working.Add(term.Starts, 20+p.y.n%15))
		}
	}
	return d.working.Add(p.when.meets, 75)
}

func (p *paper) read(ctx context.Context, now *desk) (pep.Whole, error) {
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, now.plans.Forms, p.ref)
	if err := now.db.View(ctx, access.System, &batch); err != nil {
		return pep.Whole{}, err
	}
	return whole(), nil
}

// review says how the targets of the plan before went, and which of its actions were done.
func (p *paper) review(ctx context.Context, now *desk, by access.Actor) error {
	r := p.y.random
	var reviews []pep.Review
	for _, target := range p.before.targets {
		outcome := weighted(r, []string{"met", "partly", "carried_forward", "not_met", "withdrawn"}, func(o string) int {
			return map[string]int{"met": 44, "partly": 32, "carried_forward": 13, "not_met": 8, "withdrawn": 3}[o]
		})
		reviews = append(reviews, pep.Review{TargetID: target.ID, Outcome: outcome, Note: p.y.fill(pick(r, outcomeNotes[outcome]), nil)})
		if outcome == "carried_forward" {
			next := target
			next.ID, next.CarriedFrom = 0, target.ID
			p.targets = append(p.targets, next)
		}
	}
	if err := now.plans.ReviewTargets(ctx, by, p.ref, p.next(pep.PartReviews), reviews); err != nil || !chance(r, 60) {
		return err
	}
	whole, err := p.before.read(ctx, now)
	if err != nil || len(whole.Actions) == 0 {
		return err
	}
	done := whole.Actions[0]
	return now.plans.FinishAction(ctx, by, p.before.ref, done.ID, calendar.Earliest(done.DueOn, p.c.days.working.Add(now.db.Today(), -2)))
}

func (p *paper) setTargets(ctx context.Context, now *desk, by access.Actor) error {
	y, r := p.y, p.y.random
	year, due := y.yearOn(p.when.meets), p.nextMeeting()
	targets := p.targets
	for n := range targets {
		targets[n].DueOn = due
	}
	owners := []string{by.Name, by.Name, carers[y.n%len(carers)], "Class teacher", y.called()}
	used := map[string]bool{}
	for _, target := range targets {
		used[target.What] = true
	}
	for _, basics := range []bool{true, false} { // reading, writing or number first, then anything
		for _, at := range r.Perm(len(goals)) {
			goal := goals[at]
			what := y.fill(goal.what, nil)
			basic := goal.area == "literacy" || goal.area == "numeracy"
			if len(targets) >= 2+y.n%2 || year < goal.low || year > goal.high || used[what] || basics && (!basic || len(targets) > 0) {
				continue
			}
			used[what] = true
			targets = append(targets, pep.Target{Area: goal.area, What: what, Measure: goal.measure, Baseline: goal.baseline, Resource: goal.resource, Owner: pick(r, owners), DueOn: due})
		}
	}
	if err := now.plans.SaveTargets(ctx, by, p.ref, p.next(pep.PartTargets), targets); err != nil {
		return err
	}
	whole, err := p.read(ctx, now)
	p.targets = whole.Targets
	return err
}

func (p *paper) agree(ctx context.Context, now *desk, by access.Actor) error {
	r := p.y.random
	var actions []pep.Action
	first := r.IntN(len(agreements))
	for n := range 2 + r.IntN(2) {
		one := agreements[(first+n*5)%len(agreements)]
		actions = append(actions, pep.Action{What: p.y.fill(one.what, nil), Owner: p.y.fill(one.owner, nil), DueOn: p.c.days.working.Add(p.when.meets, 8+r.IntN(20))})
	}
	return now.plans.SaveActions(ctx, by, p.ref, p.next(pep.PartActions), actions)
}

func (p *paper) submit(ctx context.Context, now *desk, by access.Actor) error {
	err := now.plans.Submit(ctx, by, p.ref, p.version)
	p.version++
	return err
}

func (p *paper) giveBack(ctx context.Context, now *desk, by access.Actor) error {
	return p.grade(ctx, now, by, true)
}

// returnUngraded gives back a plan that was not picked for quality assurance.
func (p *paper) returnUngraded(ctx context.Context, now *desk, by access.Actor) error {
	err := now.plans.Return(ctx, by, p.ref, p.version, p.y.fill(pick(p.y.random, returnReasons), nil))
	p.version++
	return err
}

// correct changes what the advisor asked for.
func (p *paper) correct(ctx context.Context, now *desk, by access.Actor) error {
	for n := range p.targets {
		p.targets[n].Measure += ", checked in the second week"
	}
	return now.plans.SaveTargets(ctx, by, p.ref, p.next(pep.PartTargets), p.targets)
}

func (p *paper) signOff(ctx context.Context, now *desk, by access.Actor) error {
	return p.grade(ctx, now, by, false)
}

func (p *paper) signUngraded(ctx context.Context, now *desk, by access.Actor) error {
	err := now.plans.SignOff(ctx, by, p.ref, p.version)
	p.version++
	return err
}

func (p *paper) cancel(ctx context.Context, now *desk, by access.Actor) error {
	return now.plans.Cancel(ctx, by, p.ref, p.version, "Left care before the meeting.")
}
