package seed

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/setting"
)

// schedule is the days on which one plan was worked on; a zero day: not done.
type schedule struct {
	kind                       pep.Kind
	term                       calendar.Term
	set                        calendar.Date // the meeting was planned, for the day meets
	meets                      calendar.Date
	begun                      calendar.Date
	written                    calendar.Date // sections by school and social worker
	held                       calendar.Date // the meeting was recorded
	finished                   calendar.Date // targets, actions and what was left
	submitted, returned, again calendar.Date
	taken                      calendar.Date // an advisor began to read it
	signed                     calendar.Date
	cancelled                  calendar.Date
	replaces                   bool          // a plan at the school before, the one just before this in the list
	reopened                   calendar.Date // the next edition was begun
	mended, signedAgain        calendar.Date // it was submitted, and signed off
}

// usual is the course of a plan whose meeting was on a day and that nobody needed to chase.
func (d almanac) usual(kind pep.Kind, term calendar.Term, meeting calendar.Date) schedule {
	return schedule{kind: kind, term: term, meets: meeting, begun: d.working.Add(meeting, -9), written: d.working.Add(meeting, -3), held: meeting,
		finished: d.working.Add(meeting, 1), submitted: d.working.Add(meeting, 2), signed: d.working.Add(meeting, 4)}
}

// planning is all the plans of a child: one a term, and an initial one on coming into care.
func (c *council) planning(y *young) []act {
	if y.is == shortBreaks || y.year < -2 || y.is == cameLastWeek {
		return nil
	}
	var acts []act
	var before, left *paper
	for _, one := range c.schedules(y) {
		paper := &paper{c: c, y: y, when: one, before: before}
		if one.replaces {
			paper.left = left
		}
		left = paper
		paper.turn(one.term == c.days.terms[c.days.now].Term)
		acts = append(acts, paper.acts()...)
		if !one.signed.IsZero() && !one.signed.After(c.days.anchor) {
			before = paper
		}
	}
	return acts
}

func (c *council) schedules(y *young) []schedule {
	d, r := c.days, y.random
	var list []schedule
	terms := d.history()
	initialTerm := -1
	if !y.careFrom.Before(d.start) {
		meeting := d.working.Add(y.careFrom, 11+r.IntN(8))
		for n, term := range terms {
			if !term.Starts.After(meeting) {
				initialTerm = n
			}
		}
		if initialTerm < 0 {
			return nil
		}
		first := d.usual(pep.Initial, terms[initialTerm].Term, meeting)
		first.begun = calendar.Latest(d.working.Add(y.known, 1), d.working.Add(meeting, -7))
		switch {
		case y.is == firstPlanOverdue:
			first = schedule{kind: pep.Initial, term: first.term, begun: d.working.Add(y.careFrom, 9)}
		case chance(r, 10): // late, as they sometimes are
			first = d.usual(pep.Initial, first.term, d.working.Add(meeting, 8))
			first.begun = d.working.Add(y.careFrom, 10)
		}
		if calendar.CurriculumYear(y.born, first.begun) >= -2 {
			list = append(list, first)
		}
	}
	for n, term := range terms {
		if n <= initialTerm || y.is == firstPlanOverdue {
			continue
		}
		present := n == len(terms)-1
		one, made := c.past(y, n, term)
		if present {
			one, made = c.present(y, term)
		}
		leaves := !y.careUntil.IsZero()
		switch {
		case !made || d.working.Add(one.begun, -1).Before(y.careFrom) || calendar.CurriculumYear(y.born, one.begun) < -2 || one.begun.Before(y.known):
			continue
		case leaves && !one.begun.Before(d.working.Add(y.careUntil, -8)):
			continue
		case leaves && !d.working.Add(one.begun, 25).Before(y.careUntil):
			one = schedule{kind: one.kind, term: one.term, begun: one.begun, cancelled: d.working.Add(y.careUntil, 2)}
		case !present && !leaves:
			if left, next, moved := c.moved(y, one, term.CutOff); moved {
				next.replaces = true
				list, one = append(list, left), next
			}
		}
		list = append(list, one)
	}
	return list
}

// past is the plan of a term that is over; false: it was missed.
func (c *council) past(y *young, n int, term setting.Term) (schedule, bool) {
	d, r := c.days, y.random
	first := d.working.Add(term.Starts, 16)
	days := d.working.Between(first, term.CutOff)
	at := days*30/100 + r.IntN(max(1, days*70/100))
	last := n == len(d.history())-2
	if last {
		switch y.fate {
		case late: // so early in the last term that the next is overdue; else nobody met in it
			at = r.IntN(max(1, days/5))
			if d.working.Add(first, at).AddMonths(gapMonths).After(d.back(4)) {
				return schedule{}, false
			}
		case planned, waiting, finishing:
			at = days - r.IntN(max(1, days/4))
		}
	}
	missed := y.n >= len(featured) && !last && chance(r, 4)
	one := d.usual(pep.Termly, term.Term, c.schoolDay(d.working.Add(first, at)))
	if y.n >= len(featured) && chance(r, 8) {
		one.returned, one.again = d.working.Add(one.submitted, 1), d.working.Add(one.submitted, 3)
		one.signed = d.working.Add(one.again, 2)
	}
	return one, !missed
}

// schoolDay is the day itself, or the next day on which schools are open.
func (c *council) schoolDay(day calendar.Date) calendar.Date {
	for n := 0; n < 20 && !c.days.school.IsSchoolDay(day); n++ {
		day = day.AddDays(1)
	}
	return day
}

// present is this term's plan, as far as its fate has brought it: counted back from the last working
// day, closer together while the term is young.
func (c *council) present(y *young, term setting.Term) (schedule, bool) {
	d, r := c.days, y.random
	last := d.working.Add(calendar.Earliest(d.today, term.Ends.AddDays(1)), -1)
	passed := d.working.Between(term.Starts, last)
	switch {
	case passed < 4:
		return schedule{}, false
	case y.is == leftLastMonth: // begun, and then the child went home
		begun := d.working.Add(y.careUntil, -10)
		return schedule{kind: pep.Termly, term: term.Term, begun: begun, cancelled: d.working.Add(y.careUntil, 2)}, begun.After(term.Starts)
	}
	back := func(days int) calendar.Date {
		return d.working.Add(last, -(days * min(passed-1, 40) / 40))
	}
	loose := 0
	if y.n >= len(featured) {
		loose = r.IntN(4)
	}
	one := schedule{kind: pep.Termly, term: term.Term}
	switch y.fate {
	case signed:
		shift := r.IntN(18)
		one.begun, one.written, one.meets, one.finished = back(22+shift), back(17+shift), back(14+shift), back(13+shift)
		one.held, one.submitted, one.signed = one.meets, back(12+shift), back(8+shift)
	case submitted:
		one.begun, one.written, one.meets, one.finished = back(16+loose), back(10+loose), back(7+loose), back(6+loose)
		one.held, one.submitted = one.meets, back(1+loose)
	case returned:
		one.begun, one.written, one.meets, one.finished = back(20+loose), back(15+loose), back(12+loose), back(11+loose)
		one.held, one.submitted, one.returned = one.meets, back(8+loose), back(3+loose)
	case corrected:
		one.begun, one.written, one.meets, one.finished = back(24+loose), back(19+loose), back(16+loose), back(15+loose)
		one.held, one.submitted, one.returned, one.again = one.meets, back(12+loose), back(9+loose), back(2+loose)
	case finishing:
		one.begun, one.written, one.meets = back(15+loose), back(8+loose), back(3+loose)
		one.held = one.meets
	case planned:
		one.begun, one.set = back(6+loose), back(5+loose)
		one.meets = c.schoolDay(d.working.Add(d.today, 2+r.IntN(8)))
	default:
		return schedule{}, false
	}
	return one, true
}

// paper is a plan while it is being made.
type paper struct {
	c      *council
	y      *young
	when   schedule
	before *paper // the last one signed off
	left   *paper // the one at the school before that this one replaces

	ref      pep.Ref
	versions map[pep.Part]int
	version  int
	targets  []pep.Target // as read back, with their numbers
}

// acts are what people do about the plan.
func (p *paper) acts() []act {
	var acts []act
	add := func(on calendar.Date, by access.Actor, what string, do func(ctx context.Context, now *desk, by access.Actor) error) {
		if !on.IsZero() {
			acts = append(acts, act{on, by, what, do})
		}
	}
	w, advisor := p.when, p.y.advisor.Actor
	worker := p.y.works(w.begun).Actor
	add(w.begun, worker, "start a plan", p.start)
	if !w.set.IsZero() {
		add(w.set, worker, "plan the meeting", p.planMeeting)
		if w.written.IsZero() && p.y.n%2 != 0 {
			add(w.set, worker, "give the child a link", p.giveLink)
		}
	}
	if !w.written.IsZero() {
		add(w.written, p.teacher(w.written), "write the sections", p.writeSections)
		acts = append(acts, p.voicing()...)
	}
	add(w.held, p.teacher(w.held), "hold the meeting", p.hold)
	if !w.held.IsZero() && p.before != nil {
		add(w.held, p.teacher(w.held), "look back at targets", p.review)
	}
	add(w.finished, p.teacher(w.finished), "set targets", p.setTargets)
	add(w.finished, p.teacher(w.finished), "agree actions", p.agree)
	if !w.finished.IsZero() && p.before != nil {
		add(w.finished, p.teacher(w.finished), "answer the last notes", p.answerNotes)
	}
	add(w.submitted, p.teacher(w.submitted), "submit", p.submit)
	if p.graded() {
		add(w.returned, p.marker(w.submitted), "return", p.giveBack)
	} else {
		add(w.returned, advisor, "return", p.returnUngraded)
	}
	add(w.taken, p.marker(w.submitted), "begin to read", p.takeIn)
	add(w.again, p.teacher(w.again), "correct", p.correct)
	add(w.again, p.teacher(w.again), "submit again", p.submit)
	if p.graded() {
		handed := w.submitted
		if !w.again.IsZero() {
			handed = w.again
		}
		add(w.signed, p.marker(handed), "grade and sign off", p.signOff)
		if again := p.c.days.working.Add(w.signed, 9); !w.signed.IsZero() && w.reopened.IsZero() && again.Before(p.c.days.anchor) {
			add(again, p.secondMarker(handed), "mark a second time", p.markAgain)
			if settled := p.c.days.working.Add(again, 8); settled.Before(p.c.days.anchor) {
				add(settled, p.c.staff.deputy.Actor, "agree on a grade", p.settle)
			}
		}
	} else {
		add(w.signed, advisor, "sign off", p.signUngraded)
	}
	add(w.reopened, advisor, "reopen", p.reopen)
	add(w.mended, p.teacher(w.mended), "correct", p.correct)
	add(w.mended, p.teacher(w.mended), "submit again", p.submit)
	if p.graded() {
		add(w.signedAgain, p.marker(w.mended), "grade and sign off again", p.signOff)
	} else {
		add(w.signedAgain, advisor, "sign off again", p.signUngraded)
	}
	add(w.cancelled, p.c.staff.lead.Actor, "cancel", p.cancel)
	acts = append(acts, p.asking()...)
	return acts
}

// teacher is who leads the plan at school on a day; where nobody does, the advisor.
func (p *paper) teacher(on calendar.Date) access.Actor {
	if at := p.y.learns(on); at != nil && at.teacher != nil {
		return at.teacher.Actor
	}
	return p.y.advisor.Actor
}

// writer is who writes a section.
func (p *paper) writer(section forms.Section, on calendar.Date) access.Actor {
	if section.Owners[0] == forms.OwnedBySocialWorker {
		return p.y.works(on).Actor
	}
	return p.teacher(on)
}

func (p *paper) next(part pep.Part) int {
	p.versions[part]++
	return p.versions[part]
}
