package seed

import (
	"context"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/document"
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

// asking is a request for a target of the plan: about two plans in three have one.
func (p *paper) asking() []act {
	y, r, d := p.y, p.y.random, p.c.days
	if p.when.finished.IsZero() || y.year < -2 || !y.careUntil.IsZero() {
		return nil
	}
	present := p.when.term == d.terms[d.now].Term
	extra := p.waiting(present)
	if y.n < len(featured) {
		if y.n%2 != 0 && !present {
			return extra
		}
	} else if !chance(r, 64) {
		return extra
	}
	year := y.yearOn(p.when.meets)
	fitting := wishes[:0:0]
	for _, one := range wishes {
		if year >= one.low && year <= one.high && one.category != y.asked {
			fitting = append(fitting, one)
		}
	}
	if len(fitting) == 0 {
		return extra
	}
	q := &request{paper: p, wish: pick(r, fitting), version: 1}
	y.asked = q.wish.category
	q.amount = money.Pounds(int64(q.wish.pounds + 10*(r.IntN(13)-6)))
	if ledger.StreamFor(year) != ledger.LookedAfter { // these grants are a quarter of the other
		q.amount = money.Pounds(max(20, int64(q.amount)/400))
	}
	asked := d.working.Add(p.when.finished, 1+r.IntN(2))
	teacher, decided := p.teacher(asked), d.working.Add(asked, 2+r.IntN(6))
	acts := append(extra, act{asked, teacher, "ask for money", q.ask})
	if y.n%3 == 0 {
		acts = append(acts, act{asked, teacher, "attach a quotation", q.quote})
	}
	deputy, head := p.c.decider(decided), p.c.staff.head.Actor
	fill := func(bank []string) string { return y.fill(pick(r, bank), nil) }
	at := r.IntN(100)
	if y.n < len(featured) {
		at = []int{0, 66, 76, 84, 92, 98, 0}[y.n%7]
	}
	switch {
	case present && asked.After(d.back(6)) && chance(r, 75): // still waits
	case at < 66, at >= 96, at >= 92 && p.teacher(decided).ID != teacher.ID: // nobody is there to withdraw it
		by := deputy
		if chance(r, 15) {
			by = head
		}
		acts = append(acts, q.approved(decided, by, premium.Decision{Outcome: premium.Approved}, q.amount)...)
	case at < 76:
		acts = append(acts, q.approved(decided, deputy, premium.Decision{Outcome: premium.PartApproved, Amount: q.amount / 2, Reason: fill(partReasons)}, q.amount/2)...)
	case at < 84:
		acts = append(acts, q.decided(decided, deputy, premium.Decision{Outcome: premium.Refused, Reason: fill(refusals)}))
	case at < 92:
		acts = append(acts, q.decided(decided, deputy, premium.Decision{Outcome: premium.Returned, Reason: fill(questions)}))
		if !present || y.n >= len(featured) {
			again := d.working.Add(decided, 3)
			acts = append(acts, act{again, p.teacher(again), "ask again", q.again})
			acts = append(acts, q.approved(d.working.Add(again, 3), head, premium.Decision{Outcome: premium.Approved}, q.amount)...)
		}
	default:
		acts = append(acts, act{decided, teacher, "withdraw", q.withdraw})
	}
	return acts
}

// decided is one person's decision on a day.
func (q *request) decided(on calendar.Date, by access.Actor, decision premium.Decision) act {
	return act{on, by, "decide on money", func(ctx context.Context, now *desk, by access.Actor) error { return q.decide(ctx, now, by, decision) }}
}

// approved is an approval as the council's rules want it: by one, by two on two days, or by two after a panel.
func (q *request) approved(on calendar.Date, by access.Actor, decision premium.Decision, amount money.Pence) (acts []act) {
	c := q.paper.c
	if amount > panelAbove {
		acts = append(acts, q.decided(on, c.decider(on), premium.Decision{Outcome: premium.AtPanel, Reason: "More than one person should look at a place outside school"}))
		on = c.days.working.Add(c.panelFor(on), 1)
	}
	if amount > twoAbove {
		acts = append(acts, act{on, c.decider(on), "approve first", func(ctx context.Context, now *desk, by access.Actor) error {
			return unlessOverspent(now.premium.Decide(ctx, by, q.id, q.version, decision))
		}})
		on, by = c.days.working.Add(on, 1), c.staff.head.Actor
	}
	return append(acts, q.decided(on, by, decision))
}

// waiting is what waits today whatever chance brings, each of one of the first children: for a panel,
// for a second approval, and for the teacher to finish the request.
func (p *paper) waiting(present bool) (acts []act) {
	d := p.c.days
	of := func(category string) *request {
		q := &request{paper: p, version: 1}
		for _, one := range wishes {
			if one.category == category {
				q.wish, q.amount = one, money.Pounds(int64(one.pounds)+60)
				break
			}
		}
		return q
	}
	asked := calendar.Latest(d.back(5), p.when.finished)
	switch {
	case !present:
	case p.y.n == 1:
		q := of("alternative_provision")
		acts = append(acts, act{asked, p.teacher(asked), "ask for money", q.ask}, act{asked, p.teacher(asked), "attach a quotation", q.quote})
		if p.c.panelFor(calendar.Latest(d.back(1), asked)).After(d.anchor) {
			acts = append(acts, q.decided(calendar.Latest(d.back(1), asked), p.c.decider(d.back(1)), premium.Decision{Outcome: premium.AtPanel, Reason: "For the panel: a place outside school for a term"}))
		}
	case p.y.n == 14:
		q := of("mentoring")
		acts = append(acts, act{asked, p.teacher(asked), "ask for money", q.ask},
			q.decided(calendar.Latest(d.back(1), asked), p.c.decider(d.back(1)), premium.Decision{Outcome: premium.Approved}))
	case p.y.n == 3, p.y.n >= len(featured) && p.y.n%23 == 5:
		q := of("equipment")
		acts = append(acts, act{asked, p.teacher(asked), "begin a request", func(ctx context.Context, now *desk, by access.Actor) error {
			_, err := now.premium.Draft(ctx, by, p.y.id, premium.Wish{Category: premium.Category(q.wish.category), Purpose: q.wish.purpose})
			return err
		}})
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
	asked := premium.Wish{TargetID: q.target(), Category: premium.Category(q.wish.category), Purpose: y.fill(q.wish.purpose, nil),
		Difference: y.fill(q.wish.difference, nil), Amount: q.amount}
	if many := money.Pence(q.wish.many); many > 0 && q.amount%many == 0 {
		asked.Items = []premium.Item{{What: q.wish.item, Quantity: q.wish.many, Unit: q.amount / many}}
	}
	if q.wish.category == "small_group" {
		asked.Group = 3
	}
	return asked
}

func (q *request) ask(ctx context.Context, now *desk, by access.Actor) (err error) {
	wish := q.asks()
	today := now.db.Today()
	wish.Starts, wish.Ends = today.AddDays(14), today.AddDays(14+84)
	q.id, err = now.premium.Ask(ctx, by, q.paper.y.id, wish)
	return err
}

// quote puts a quotation beside the request.
func (q *request) quote(ctx context.Context, now *desk, by access.Actor) error {
	lines := []string{"QUOTATION " + fmt.Sprint(100+q.paper.y.n), now.db.Today().Words(), "", premium.Category(q.wish.category).Name(), "Total " + q.amount.String(), "", "Valid for 60 days"}
	return now.premium.AddDocument(ctx, by, q.paper.y.id, q.id, document.Upload{Name: "Quotation.pdf", Content: onePage(lines)})
}

func (q *request) again(ctx context.Context, now *desk, by access.Actor) error {
	changed := q.asks()
	changed.Purpose += " Given by the school’s own tutor; quote attached to the plan."
	err := now.premium.Change(ctx, by, q.id, q.version, changed)
	q.version++
	return err
}

// decide decides. Where the year has too little left for an approval, the request goes on waiting.
func (q *request) decide(ctx context.Context, now *desk, by access.Actor, decision premium.Decision) error {
	err := now.premium.Decide(ctx, by, q.id, q.version, decision)
	if err == nil {
		q.version++
	}
	return unlessOverspent(err)
}

func (q *request) withdraw(ctx context.Context, now *desk, by access.Actor) error {
	return now.premium.Withdraw(ctx, by, q.id, q.version)
}
