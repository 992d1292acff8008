package seed

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
)

// request is money asked for after a plan, while it is being decided.
type request struct {
	paper   *paper
	wish    wish
	id      int64
	version int
	amount  money.Pence
}

// asking is a request for a target of the plan: about every other plan has one.
func (p *paper) asking() []act {
	y, r, d := p.y, p.y.random, p.c.days
	if p.when.finished.IsZero() || y.year < -2 || !y.careUntil.IsZero() {
		return nil
	}
	present := p.when.term == d.terms[d.now].Term
	if y.n < len(featured) {
		if y.n%2 != 0 && !present {
			return nil
		}
	} else if !chance(r, 52) {
		return nil
	}
	year := y.yearOn(p.when.meets)
	fitting := wishes[:0:0]
	for _, one := range wishes {
		if year >= one.low && year <= one.high {
			fitting = append(fitting, one)
		}
	}
	if len(fitting) == 0 {
		return nil
	}
	q := &request{paper: p, wish: pick(r, fitting), version: 1}
	q.amount = money.Pounds(int64(q.wish.pounds + 10*(r.IntN(13)-6)))
	if ledger.StreamFor(year) != ledger.LookedAfter { // these grants are a quarter of the other
		q.amount = money.Pounds(max(20, int64(q.amount)/400))
	}
	asked := d.working.Add(p.when.finished, 1+r.IntN(2))
	acts := []act{{asked, p.teacher(asked), "ask for money", q.ask}}
	deputy, head := p.c.staff.deputy.Actor, p.c.staff.head.Actor
	decided := d.working.Add(asked, 2+r.IntN(6))
	decide := func(on calendar.Date, by access.Actor, decision premium.Decision) {
		acts = append(acts, act{on, by, "decide on money", func(ctx context.Context, now *desk, by access.Actor) error { return q.decide(ctx, now, by, decision) }})
	}
	fill := func(bank []string) string { return y.fill(pick(r, bank), nil) }
	at := r.IntN(100)
	if y.n < len(featured) {
		at = []int{0, 66, 76, 84, 92, 98, 0}[y.n%7]
	}
	switch {
	case present && asked.After(d.back(12)) && chance(r, 75): // still waits
	case at < 66, at >= 96 && !present:
		by := deputy
		if chance(r, 15) {
			by = head
		}
		decide(decided, by, premium.Decision{Outcome: premium.Approved})
	case at < 76:
		decide(decided, deputy, premium.Decision{Outcome: premium.PartApproved, Amount: q.amount / 2, Reason: fill(partReasons)})
	case at < 84:
		decide(decided, deputy, premium.Decision{Outcome: premium.Refused, Reason: fill(refusals)})
	case at < 92:
		decide(decided, deputy, premium.Decision{Outcome: premium.Returned, Reason: fill(questions)})
		if !present || y.n >= len(featured) {
			again := d.working.Add(decided, 3)
			acts = append(acts, act{again, p.teacher(again), "ask again", q.again})
			decide(d.working.Add(again, 3), head, premium.Decision{Outcome: premium.Approved})
		}
	case at < 96:
		acts = append(acts, act{decided, p.teacher(decided), "withdraw", q.withdraw})
	}
	return acts
}

// about says what targets a kind of help is for.
var about = map[string][]string{
	"one_to_one_tuition": {"literacy", "numeracy", "other_subject"}, "small_group": {"literacy", "numeracy"}, "literacy": {"literacy"}, "numeracy": {"numeracy"},
	"speech_and_language": {"communication"}, "therapeutic": {"wellbeing"}, "mentoring": {"wellbeing", "attendance", "aspiration"}, "attendance": {"attendance"},
	"equipment": {"independence", "literacy", "other_subject"}, "enrichment": {"wellbeing", "aspiration"}, "exams": {"numeracy", "literacy", "other_subject"},
	"transition": {"aspiration", "wellbeing"}, "staff_training": {"wellbeing"}, "alternative_provision": {"attendance", "wellbeing"},
}

// target is the one the money would help with; 0: none of the plan's.
func (q *request) target() int64 {
	for _, area := range about[q.wish.category] {
		for _, target := range q.paper.targets {
			if target.Area == area {
				return target.ID
			}
		}
	}
	return 0
}

func (q *request) asks() premium.Wish {
	y := q.paper.y
	return premium.Wish{TargetID: q.target(), Category: premium.Category(q.wish.category), Purpose: y.fill(q.wish.purpose, nil),
		Difference: y.fill(q.wish.difference, nil), Amount: q.amount}
}

func (q *request) ask(ctx context.Context, now *desk, by access.Actor) (err error) {
	q.id, err = now.premium.Ask(ctx, by, q.paper.y.id, q.asks())
	return err
}

func (q *request) again(ctx context.Context, now *desk, by access.Actor) error {
	changed := q.asks()
	changed.Purpose += " Given by the school’s own tutor; quote attached to the plan."
	err := now.premium.Change(ctx, by, q.id, q.version, changed)
	q.version++
	return err
}

func (q *request) decide(ctx context.Context, now *desk, by access.Actor, decision premium.Decision) error {
	err := now.premium.Decide(ctx, by, q.id, q.version, decision)
	q.version++
	return err
}

func (q *request) withdraw(ctx context.Context, now *desk, by access.Actor) error {
	return now.premium.Withdraw(ctx, by, q.id, q.version)
}
