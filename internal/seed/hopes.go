package seed

import (
	"context"
	"math/rand/v2"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/voice"
)

// asked is a wish while it is being answered.
type asked struct {
	paper   *paper
	hope    hope
	on      calendar.Date
	ref     voice.Ref
	version int
}

func (a *asked) record(ctx context.Context, now *desk, by access.Actor) error {
	id, err := now.voice.Record(ctx, by, voice.NewWish{ChildID: a.paper.y.id, PEPID: a.paper.ref.PEPID, Words: a.hope.said, SaidOn: now.db.Today(), Audience: voice.Everyone})
	a.ref, a.version = voice.Ref{ChildID: a.paper.y.id, WishID: id}, 1
	return err
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

// hoping is what the child asks for when their words are taken down, and what comes of it. It has a
// chance of its own, so that nothing else of the story hangs on it.
func (p *paper) hoping() []act {
	y, w := p.y, p.when
	if w.written.IsZero() || !y.careUntil.IsZero() {
		return nil
	}
	r := rand.New(rand.NewPCG(p.c.options.Random, uint64(y.n)<<16+uint64(w.written.Month)<<8+uint64(w.written.Day))) // #nosec G404 -- the same every time, on purpose
	var acts []act
	year, first := y.yearOn(w.written), r.IntN(len(hopes))
	for n := range []int{0, 1, 1, 1, 2}[r.IntN(5)] {
		for at := range hopes {
			one := hopes[(first+n*7+at)%len(hopes)]
			if year >= one.low && year <= one.high {
				acts = append(acts, p.hope(&asked{paper: p, hope: one, on: w.written}, r)...)
				break
			}
		}
	}
	return acts
}

// hope is one wish: most are answered at the meeting or soon after, some are promised and kept, a few
// are forgotten, and hardly one is withdrawn.
func (p *paper) hope(a *asked, r *rand.Rand) []act {
	d := p.c.days
	acts := []act{{a.on, p.teacher(a.on), "write down a wish", a.record}}
	add := func(on calendar.Date, what string, do func(context.Context, *desk, access.Actor) error) {
		acts = append(acts, act{on, p.teacher(on), what, do})
	}
	on := d.working.Add(a.on, 3+r.IntN(12))
	told := d.working.Add(on, 1+r.IntN(5))
	switch at := r.IntN(100); {
	case at < 50:
		add(on, "answer a wish", a.answer(voice.Done, a.hope.done, calendar.Date{}))
	case at < 68:
		promised := d.working.Add(on, 15+r.IntN(20))
		add(on, "promise a wish", a.answer(voice.WillHappen, a.hope.will, promised))
		add(told, "tell the child of a promise", a.tell)
		if r.IntN(100) < 80 {
			on = d.working.Add(promised, r.IntN(4)-2)
			told = on
			add(on, "keep a promise", a.answer(voice.Done, a.hope.done, calendar.Date{}))
		} else {
			return acts
		}
	case at < 78:
		add(on, "answer a wish that cannot be", a.answer(voice.Cannot, a.hope.cannot, calendar.Date{}))
	case at < 86: // answered long after it should have been
		on = d.working.Add(a.on, 24+r.IntN(12))
		told = on
		add(on, "answer a wish late", a.answer(voice.Done, a.hope.done, calendar.Date{}))
	case at < 89:
		add(on, "withdraw a wish", a.withdraw)
		return acts
	default: // nobody has answered
		return acts
	}
	if r.IntN(100) < 85 {
		add(told, "tell the child", a.tell)
	}
	return acts
}

// sends says whether the young person writes their own words for this plan, on a page of their own.
func (p *paper) sends() bool {
	return p.y.yearOn(p.when.written) >= 6 && (p.y.n+p.when.written.Day)%7 == 0
}

// send opens a link and sends what the young person has to say; one in four keeps it to few.
func (p *paper) send(ctx context.Context, now *desk, by access.Actor) error {
	token, err := now.voice.GiveLink(ctx, by, p.ref, voice.Plain, voice.UsualDays)
	if err != nil {
		return err
	}
	words := sentWords[p.y.n%len(sentWords)]
	said := voice.Said{Audience: voice.Everyone, Words: map[string]string{"good": words.good, "hard": words.hard, "next": words.next},
		Feelings: map[string]voice.Feeling{"school": voice.Feeling(2 + p.y.n%4), "people": voice.Feeling(3 + p.y.n%3)}, Wishes: []string{"More time before somebody else starts talking."}}
	if p.y.n%4 == 1 {
		said.Audience = voice.SocialWork
	}
	if err := now.voice.Send(ctx, token, token, said); err != nil || said.Audience == voice.Everyone {
		return err
	}
	return p.writeVoice(ctx, now, by) // what an adult took down is for all
}

// giveLink makes a link that nobody has used yet.
func (p *paper) giveLink(ctx context.Context, now *desk, by access.Actor) error {
	_, err := now.voice.GiveLink(ctx, by, p.ref, voice.Pictures, voice.UsualDays)
	return err
}
