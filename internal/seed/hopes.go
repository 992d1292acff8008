package seed

import (
	"context"
	"math/rand/v2"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
)

// asked is a wish while it is being answered.
type asked struct {
	paper    *paper
	hope     hope
	audience voice.Audience
	on       calendar.Date
	ref      voice.Ref
	version  int
}

func (a *asked) record(ctx context.Context, now *desk, by access.Actor) error {
	id, err := now.voice.Record(ctx, by, voice.NewWish{ChildID: a.paper.y.id, PEPID: a.paper.ref.PEPID, Words: a.hope.said, SaidOn: now.db.Today(), Audience: a.audience})
	a.ref, a.version = voice.Ref{ChildID: a.paper.y.id, WishID: id}, 1
	return err
}

// find reads the wish that the young person sent.
func (a *asked) find(ctx context.Context, now *desk, by access.Actor) error {
	var open []voice.Wish
	var batch postgres.Batch
	voice.QueueOpen(&batch, &open, a.paper.y.id)
	err := now.db.View(ctx, by, &batch)
	for _, wish := range open {
		if wish.FromLink && wish.PEPID == a.paper.ref.PEPID {
			a.ref, a.version = voice.Ref{ChildID: a.paper.y.id, WishID: wish.ID}, wish.Version
		}
	}
	return err
}

// answers is who answers on a day: the school, unless the words were kept from it.
func (a *asked) answers(on calendar.Date) access.Actor {
	if a.audience == voice.Everyone {
		return a.paper.teacher(on)
	}
	return a.paper.y.works(on).Actor
}

func (a *asked) answer(kind voice.Kind, words string, by calendar.Date) func(context.Context, *desk, access.Actor) error {
	return func(ctx context.Context, now *desk, who access.Actor) error {
		err := now.voice.Answer(ctx, who, a.ref, a.version, voice.NewAnswer{Kind: kind, Words: words, HappensBy: by})
		a.version++
		return err
	}
}

func (a *asked) tell(ctx context.Context, now *desk, by access.Actor) error {
	return now.voice.Tell(ctx, by, a.ref, now.db.Today())
}

func (a *asked) withdraw(ctx context.Context, now *desk, by access.Actor) error {
	return now.voice.Withdraw(ctx, by, a.ref, a.version, howKnown[a.paper.y.n%len(howKnown)])
}

// voicing is how the child's words come into the plan, what the child asks for, and what comes of it.
// It has a chance of its own, so that nothing else of the story hangs on it.
func (p *paper) voicing() []act {
	y, on := p.y, p.when.written
	if on.IsZero() {
		return nil
	}
	r := rand.New(rand.NewPCG(p.c.options.Random, uint64(y.n)<<16+uint64(on.Month)<<8+uint64(on.Day))) // #nosec G404 -- the same every time, on purpose
	first := r.IntN(len(hopes))
	hoped := func(n int) (hope, bool) {
		for at := range hopes {
			one := hopes[(first+n*7+at)%len(hopes)]
			if year := y.yearOn(on); year >= one.low && year <= one.high {
				return one, true
			}
		}
		return hope{}, false
	}
	if one, found := hoped(2); found && y.yearOn(on) >= 6 && y.careUntil.IsZero() && r.IntN(7) == 0 {
		a := &asked{paper: p, hope: one, audience: voice.Everyone, on: on}
		if r.IntN(4) == 0 {
			a.audience = voice.SocialWork
		}
		acts := []act{{on, p.teacher(on), "let the child write", func(ctx context.Context, now *desk, by access.Actor) error { return p.send(ctx, now, by, a) }}}
		return append(acts, a.outcome(a.find, r)...)
	}
	acts := []act{{on, p.teacher(on), "take down words", p.writeVoice}}
	if !y.careUntil.IsZero() { // whoever would answer may no longer work with the child
		return acts
	}
	for n := range []int{0, 1, 1, 1, 2}[r.IntN(5)] {
		if one, found := hoped(n); found {
			a := &asked{paper: p, hope: one, audience: voice.Everyone, on: on}
			acts = append(acts, a.outcome(a.record, r)...)
		}
	}
	return acts
}

// outcome is what comes of a wish: most are answered at the meeting or soon after, some are promised
// and kept, hardly one is withdrawn, and of the last two terms a few wait too long.
func (a *asked) outcome(begin func(context.Context, *desk, access.Actor) error, r *rand.Rand) []act {
	d := a.paper.c.days
	acts := []act{{a.on, a.answers(a.on), "write down a wish", begin}}
	add := func(on calendar.Date, what string, do func(context.Context, *desk, access.Actor) error) {
		acts = append(acts, act{on, a.answers(on), what, do})
	}
	on := d.working.Add(a.on, 3+r.IntN(12))
	told := d.working.Add(on, 1+r.IntN(5))
	forgotten := a.on.After(d.back(150))
	switch at := r.IntN(100); {
	case forgotten && (at >= 95 || a.paper.y.n%10 == 3 && a.paper.y.n < len(featured)):
		return acts
	case at < 48:
		add(on, "answer a wish", a.answer(voice.Done, a.hope.done, calendar.Date{}))
	case at < 66:
		promised := d.working.Add(on, 15+r.IntN(20))
		add(on, "promise a wish", a.answer(voice.WillHappen, a.hope.will, promised))
		add(told, "tell the child of a promise", a.tell)
		if forgotten && r.IntN(100) < 20 {
			return acts
		}
		on = d.working.Add(promised, r.IntN(4)-2)
		told = on
		add(on, "keep a promise", a.answer(voice.Done, a.hope.done, calendar.Date{}))
	case at < 78:
		add(on, "answer a wish that cannot be", a.answer(voice.Cannot, a.hope.cannot, calendar.Date{}))
	case at < 81:
		add(on, "withdraw a wish", a.withdraw)
		return acts
	default:
		on = d.working.Add(a.on, 24+r.IntN(12))
		told = on
		add(on, "answer a wish late", a.answer(voice.Done, a.hope.done, calendar.Date{}))
	}
	if r.IntN(100) < 85 {
		add(told, "tell the child", a.tell)
	}
	return acts
}

// send opens a link and sends what the young person has to say. Where it is kept to few, an adult takes
// down what is for all.
func (p *paper) send(ctx context.Context, now *desk, by access.Actor, a *asked) error {
	token, err := now.voice.GiveLink(ctx, by, p.ref, voice.Plain, voice.UsualDays)
	if err != nil {
		return err
	}
	words := sentWords[p.y.n%len(sentWords)]
	said := voice.Said{Audience: a.audience, Words: map[string]string{"good": words.good, "hard": words.hard, "next": words.next},
		Feelings: map[string]voice.Feeling{"school": voice.Feeling(2 + p.y.n%4), "people": voice.Feeling(3 + p.y.n%3)}, Wishes: []string{a.hope.said}}
	if err := now.voice.Send(ctx, token, token, said); err != nil || a.audience == voice.Everyone {
		return err
	}
	return p.writeVoice(ctx, now, by)
}

// giveLink makes a link that nobody has used yet.
func (p *paper) giveLink(ctx context.Context, now *desk, by access.Actor) error {
	_, err := now.voice.GiveLink(ctx, by, p.ref, voice.Pictures, voice.UsualDays)
	return err
}
