package seed

import (
	"context"
	"math/rand/v2"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// turning is chance about the turns that few plans take, apart from the child's story, so that the
// one does not change the other.
func (c *council) turning(y *young, about uint64) *rand.Rand {
	return rand.New(rand.NewPCG(c.options.Random, 1<<48|uint64(y.n)<<8|about)) //nolint:gosec // the same every time, on purpose
}

// turn lays out what happens to few plans: an advisor has begun to read it, or it was reopened after
// it was signed off. A reopened plan is signed off again, or still open today.
func (p *paper) turn(present bool) {
	d, w, n := p.c.days, &p.when, p.y.n
	random := p.c.turning(p.y, uint64(w.term.Name[0]))
	switch featured := n < len(featured); {
	case present && p.y.fate == submitted && n%5 == 3:
		w.taken = d.back(0)
	case w.signed.IsZero() || !w.returned.IsZero() || !p.y.careUntil.IsZero():
	case present && (p.y.is == outOfYear || !featured && chance(random, 3)):
		w.reopened = calendar.Latest(w.signed, d.back(3))
	case present && p.y.is == dual:
		w.reopened = calendar.Latest(w.signed, d.back(6))
		w.mended, w.signedAgain = calendar.Latest(w.signed, d.back(4)), calendar.Latest(w.signed, d.back(2))
	case !present && !featured && chance(random, 2):
		w.reopened, w.mended, w.signedAgain = d.working.Add(w.signed, 3), d.working.Add(w.signed, 5), d.working.Add(w.signed, 6)
	}
}

// moved is the plan that a change of school in the middle of a past term left open, and the one that
// was started in its place; false: the school stayed the same, or changed when no plan was open.
func (c *council) moved(y *young, usual schedule, cutOff calendar.Date) (left, next schedule, moved bool) {
	d := c.days
	if y.n < len(featured) && y.is != unit {
		return left, next, false
	}
	for _, roll := range y.rolls[min(1, len(y.rolls)):] {
		if roll.kind != "main" || roll.at == nil || roll.from.Before(d.working.Add(usual.term.Starts, 6)) || roll.from.After(d.working.Add(cutOff, -18)) {
			continue
		}
		left = schedule{kind: usual.kind, term: usual.term, begun: d.working.Add(roll.from, -4)}
		next = d.usual(usual.kind, usual.term, c.schoolDay(d.working.Add(roll.from, 11)))
		return left, next, !left.begun.Before(calendar.Latest(y.known, y.careFrom))
	}
	return left, next, false
}

func (p *paper) takeIn(ctx context.Context, now *desk, by access.Actor) error {
	err := now.plans.TakeIn(ctx, by, p.ref, p.version)
	p.version++
	return err
}

// reopen begins the next edition, which is this paper from then on.
func (p *paper) reopen(ctx context.Context, now *desk, by access.Actor) error {
	id, err := now.plans.Reopen(ctx, by, p.ref, p.version, pick(p.c.turning(p.y, 1), reopenReasons))
	if err != nil {
		return err
	}
	p.ref, p.versions, p.version = pep.Ref{ChildID: p.y.id, PEPID: id}, map[pep.Part]int{}, 1
	whole, err := p.read(ctx, now)
	p.targets = whole.Targets
	return err
}

var reopenReasons = []string{
	"The targets do not say when somebody looks at them again.", "The school noticed that no target says when it is checked.",
	"Asked for at the care review: when is each target checked?",
}

// standstill is days that do not count for a child, as they are set and, where it was over sooner, ended.
type standstill struct {
	set, from, last calendar.Date
	over            calendar.Date // the last day as it turned out; zero: as set
	reason          pep.PauseReason
	words           string
}

var standstills = []standstill{
	{reason: pep.InHospital, words: "Planned operation. The hospital school sends work; the ward says when."},
	{reason: pep.Missing, words: "Reported missing from the placement; police and social worker are looking."},
	{reason: pep.Abroad, words: "With grandparents for a family funeral, agreed by the team manager."},
	{reason: pep.Bereavement},
	{reason: pep.Court, words: "Final hearing; the plan for where to live and learn depends on it."},
}

// pausing is the deadlines of a few children standing still: some now, some in the last term.
func (c *council) pausing(y *young) []act {
	d, random := c.days, c.turning(y, 0)
	if !y.careUntil.IsZero() || y.is == shortBreaks {
		return nil
	}
	one := pick(random, standstills)
	before := d.terms[d.now-1].Starts
	switch at := random.IntN(100); {
	case y.is == singleName, y.n >= len(featured) && at < 2:
		one.set, one.from, one.last = d.back(4), d.back(5), d.back(4).AddDays(18+random.IntN(20))
	case y.is == otherwise, y.n >= len(featured) && at >= 97:
		one.set, one.from = d.working.Add(before, 8), d.working.Add(before, 7)
		one.last, one.over = one.from.AddDays(27), one.from.AddDays(13+random.IntN(7))
	default:
		return nil
	}
	if one.from.Before(calendar.Latest(y.known, y.careFrom)) {
		return nil
	}
	acts := []act{{one.set, y.advisor.Actor, "pause the deadlines", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.plans.Pause(ctx, by, y.id, pep.PauseInput{From: one.from, LastDay: one.last, Reason: one.reason, Words: one.words})
	}}}
	if !one.over.IsZero() {
		acts = append(acts, act{d.working.Add(one.over, 1), y.advisor.Actor, "end the pause", func(ctx context.Context, now *desk, by access.Actor) error {
			return endPause(ctx, now, by, y.id, one.over)
		}})
	}
	return acts
}

func endPause(ctx context.Context, now *desk, by access.Actor, childID int64, over calendar.Date) error {
	var pauses []pep.PauseRow
	var batch postgres.Batch
	pep.QueuePauses(&batch, &pauses, childID)
	if err := now.db.View(ctx, by, &batch); err != nil || len(pauses) == 0 {
		return err
	}
	return now.plans.EndPause(ctx, by, childID, pauses[0].ID, pauses[0].Version, over)
}
