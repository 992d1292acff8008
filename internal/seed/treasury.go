package seed

import (
	"context"
	"slices"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/release"
)

// Above these sums this council asks for two approvers, and for a panel.
var twoAbove, panelAbove = money.Pounds(800), money.Pounds(1300)

// treasury is what the council does about its money as a whole, in order of time: each month a panel,
// the termly releases and the evidence on one day, the payments on another, what finance answers a week
// later; at the end of a financial year what is left is spent, and in May its books are closed.
func (c *council) treasury(cast []*young) []act {
	d, s := c.days, c.staff
	acts := append(c.income(), []act{{d.start, s.deputy.Actor, "plan a panel", c.planPanel}, {d.start, s.head.Actor, "limit the deputy", c.limit},
		{d.working.Add(c.away().Start, -6), s.deputy.Actor, "name a stand-in", c.standIn(c.away())},
		{d.anchor, s.deputy.Actor, "name a stand-in", c.standIn(calendar.Range{Start: d.today.AddDays(12), End: d.today.AddDays(23)})}}...)
	add := func(on calendar.Date, by access.Actor, what string, do func(context.Context, *desk, access.Actor) error) {
		acts = append(acts, act{on, by, what, do})
	}
	known := c.known(cast)
	for month := calendar.New(d.start.Year, d.start.Month, 1); !month.After(d.anchor); month = month.AddMonths(1) {
		first, pays := d.onOrAfter(month.AddDays(2)), d.onOrAfter(month.AddDays(11))
		answers := d.working.Add(pays, 5)
		add(first, s.deputy.Actor, "hold a panel", c.holdPanel)
		add(first, s.deputy.Actor, "release the term", c.release(first))
		add(first, s.data.Actor, "ask for what schools bought", c.evidence(known, first))
		if month.Month == time.March {
			swept := d.onOrAfter(month.AddDays(22))
			add(swept, s.deputy.Actor, "release the term", c.release(swept))
			add(swept, s.head.Actor, "spend what is left", c.sweep)
			add(swept, s.data.Actor, "pay schools", c.pay)
			add(d.working.Add(swept, 4), s.data.Actor, "confirm what was paid", c.confirm)
		}
		add(pays, s.data.Actor, "give back what is not needed", c.giveBack)
		add(pays, s.data.Actor, "pay schools", c.pay)
		add(answers, s.data.Actor, "confirm what was paid", c.confirm)
		switch month.Month {
		case time.February:
			add(answers, s.data.Actor, "record what came back", c.comesBack)
		case time.May:
			add(answers, s.head.Actor, "close the year", c.closeYear)
		case time.July:
			add(answers, s.head.Actor, "write a journal", c.journal)
		case time.October:
			add(answers, s.data.Actor, "record what a school gave back", c.recover)
			add(answers, s.deputy.Actor, "return money", c.giveReturn)
		}
	}
	acts = slices.DeleteFunc(acts, func(one act) bool { return one.on.Before(d.start) || one.on.After(d.anchor) })
	slices.SortStableFunc(acts, func(a, b act) int { return a.on.Compare(b.on) })
	return acts
}

// known finds a child of the story by the record's number.
func (c *council) known(cast []*young) func(childID int64) *young {
	byID := make(map[int64]*young, len(cast))
	for _, y := range cast {
		byID[y.id] = y
	}
	return func(childID int64) *young { return byID[childID] }
}

func (a almanac) onOrAfter(day calendar.Date) calendar.Date { return a.working.Add(day.AddDays(-1), 1) }

// panelFor is the day of the panel that a request sent on a day goes to: the next, for one of that day was
// in the morning.
func (c *council) panelFor(day calendar.Date) calendar.Date {
	for month := calendar.New(day.Year, day.Month, 1); ; month = month.AddMonths(1) {
		if first := c.days.onOrAfter(month.AddDays(2)); first.After(day) {
			return first
		}
	}
}

// away is when the deputy was away and the lead advisor decided, in the term before this one.
func (c *council) away() calendar.Range {
	from := c.days.working.Add(c.days.terms[c.days.now-1].Starts, 20)
	return calendar.Range{Start: from, End: from.AddDays(12)}
}

// decider is who decides in the deputy's stead on a day, or the deputy.
func (c *council) decider(on calendar.Date) access.Actor {
	if c.away().Contains(on) {
		return c.staff.lead.Actor
	}
	return c.staff.deputy.Actor
}

func (c *council) standIn(days calendar.Range) func(context.Context, *desk, access.Actor) error {
	return func(ctx context.Context, now *desk, by access.Actor) error {
		return now.accounts.NameStandIn(ctx, by, account.Absence{For: by.ID, By: c.staff.lead.ID, Starts: days.Start, Until: days.LastDay(), Reason: "Annual leave"})
	}
}

// limit gives the deputy a limit of their own for the first weeks in post.
func (c *council) limit(ctx context.Context, now *desk, by access.Actor) error {
	today := now.db.Today()
	return now.premium.SetLimit(ctx, by, premium.LimitEntry{AccountID: c.staff.deputy.ID, Amount: money.Pounds(1450), Starts: today, Until: today.AddDays(60), Reason: "New in post: reviewed after two months"})
}

func (c *council) planPanel(ctx context.Context, now *desk, by access.Actor) (err error) {
	c.panel, err = now.premium.PlanPanel(ctx, by, premium.Meeting{Day: c.panelFor(now.db.Today()), Members: panelMembers})
	return err
}

const panelMembers = "Rosalind Achebe, Virtual School Head\nMartin Oakley, Deputy Head\nPriya Venkataraman, Lead Education Advisor\nA headteacher of the Schools Forum"

// holdPanel writes down the panel of the day and plans the next.
func (c *council) holdPanel(ctx context.Context, now *desk, by access.Actor) error {
	err := now.premium.HoldPanel(ctx, by, c.panel, 1, premium.Meeting{Members: panelMembers,
		Minutes: "Each request was read beside the plan and what was spent before. Members asked for a report at half-term on each place outside school."})
	if err != nil {
		return err
	}
	return c.planPanel(ctx, now, by)
}

// release gives schools the sums of the term and of the one before it that have become due. Where the
// year has too little left, nothing is released.
func (c *council) release(on calendar.Date) func(context.Context, *desk, access.Actor) error {
	return func(ctx context.Context, now *desk, by access.Actor) error {
		begun := 0
		for n, term := range c.days.terms {
			if !term.Starts.After(on) {
				begun = n
			}
		}
		for _, term := range c.days.terms[max(0, begun-1) : begun+1] {
			if term.Ends.Before(c.days.start) {
				continue
			}
			if err := releaseTerm(ctx, now, by, release.Term{AcademicYear: term.AcademicYear, Name: term.Name}); err != nil {
				return err
			}
		}
		return nil
	}
}

func releaseTerm(ctx context.Context, now *desk, by access.Actor, term release.Term) error {
	found, err := due(ctx, now, by, term)
	if err != nil || len(found) == 0 {
		return err
	}
	_, err = now.releases.Confirm(ctx, by, term, release.Version(found))
	return unlessOverspent(err)
}

// unlessOverspent forgives that the year has too little left: what was asked goes on waiting.
func unlessOverspent(err error) error { return unless(err, fault.KindInvalid) }
