package access_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
)

// chance makes actors, actions and facts of every kind, sound and unsound.
type chance struct{ *rand.Rand }

func one[T any](c chance, of ...T) T { return of[c.IntN(len(of))] }

func (c chance) id() int64 { return one[int64](c, 0, 1, 3, 7, 7, 7, -7, math.MaxInt64, math.MinInt64) }

func (c chance) role() access.Role {
	known := one(c, access.Roles...)
	return one(c, known, known, known, known, access.Service, "", "admin", "root", "\x00", access.Role(strings.ToUpper(string(known))), known+" ", " "+known, known+"\x00", access.Role(strings.Repeat(string(known), 100)))
}

func (c chance) actor() access.Actor {
	actor := access.Actor{ID: c.id(), Name: "Ada", Role: c.role()}
	if c.IntN(3) == 0 {
		actor.StandsInFor, actor.Standing = access.Away{StandIn: c.id(), ID: c.id(), Role: c.role()}, c.IntN(2) == 0
	}
	return actor
}

func (c chance) action() access.Action {
	known := access.Rules[c.IntN(len(access.Rules))].Action
	return one(c, known, known, known, known, known, known, "", "fly", known+" ", "*", access.Action(strings.ToUpper(string(known))))
}

func (c chance) sum() money.Pence {
	return one[money.Pence](c, 0, 1, -1, 150_000, money.Pence(c.Int64()), math.MaxInt64, math.MinInt64)
}

func (c chance) facts() access.Facts {
	facts := access.Facts{AskedBy: c.id(), Amount: c.sum(), Limited: c.IntN(2) == 0, Limit: c.sum(), Invited: c.IntN(4) == 0, SubmittedBy: c.id(), FirstMarker: c.id(), For: c.id(), SentBy: c.id(), PreparedBy: c.id()}
	for range c.IntN(3) {
		facts.SectionOwners = append(facts.SectionOwners, c.role())
	}
	return facts
}

// TestRandomAskings asks a hundred thousand times for anything as anybody: what is not listed for a role is
// refused, whoever it is and whatever else is so, and one more reason to refuse never opens anything.
//
// ASVS 5.0: 8.2.1
func TestRandomAskings(t *testing.T) {
	t.Parallel()
	const askings = 100_000
	given, denied := 0, 0
	for seed := range uint64(askings) {
		c := chance{rand.New(rand.NewPCG(seed, 20))}
		actor, action, facts := c.actor(), c.action(), c.facts()
		allowed := access.Check(actor, action, facts) == nil
		known := slices.ContainsFunc(access.Rules, func(r access.Rule) bool { return r.Action == action })
		own := actor.Role.Known() && actor.ID != 0 && known && rule(action).gives(actor.Role)
		lent := actor.ID != 0 && known && rule(action).Lent && (actor.Role == access.LeadAdvisor || actor.Role == access.Advisor) && actor.StandsInFor.ID != 0 &&
			(actor.StandsInFor.Role == access.Head || actor.StandsInFor.Role == access.Deputy) && rule(action).gives(actor.StandsInFor.Role)
		program := actor.ID == access.System.ID && actor.Role == access.Service && known
		if access.Can(actor, action) != (own || lent) {
			t.Fatalf("seed %d: %+v can %q: %t", seed, actor, action, !(own || lent))
		}
		if allowed && !own && !lent && !program {
			t.Fatalf("seed %d: %+v is let do %q", seed, actor, action)
		}
		if allowed {
			given++
			continue
		}
		denied++
		for name, more := range map[string]func(*access.Actor, *access.Facts){
			"they asked for it":            func(_ *access.Actor, f *access.Facts) { f.AskedBy = actor.ID },
			"they submitted it":            func(_ *access.Actor, f *access.Facts) { f.SubmittedBy = actor.ID },
			"they graded it first":         func(_ *access.Actor, f *access.Facts) { f.FirstMarker = actor.ID },
			"they prepared it":             func(_ *access.Actor, f *access.Facts) { f.PreparedBy = actor.ID },
			"a limit of nothing":           func(_ *access.Actor, f *access.Facts) { f.Limited, f.Limit = true, min(f.Limit, 0) },
			"nobody owns the section":      func(_ *access.Actor, f *access.Facts) { f.SectionOwners, f.Invited = nil, false },
			"they are nobody":              func(a *access.Actor, _ *access.Facts) { a.ID = 0 },
			"they have no role":            func(a *access.Actor, _ *access.Facts) { a.Role = "" },
			"they stand in for nobody":     func(a *access.Actor, _ *access.Facts) { a.StandsInFor, a.Standing = access.Away{}, false },
			"whom they stand in for ended": func(a *access.Actor, _ *access.Facts) { a.StandsInFor.Role = "" },
		} {
			who, what := actor, facts
			more(&who, &what)
			if who.Role == access.Service && who.ID == access.System.ID && actor.ID == access.System.ID {
				continue // the program itself
			}
			if access.Check(who, action, what) == nil && !(name == "they stand in for nobody" && own) {
				t.Fatalf("seed %d: %+v, %q, %+v: refused, and let when %s", seed, actor, action, facts, name)
			}
		}
	}
	if given < askings/20 || denied < askings/5 {
		t.Errorf("%d given and %d denied say little", given, denied)
	}
}

// listed is a line of the table as a test reads it.
type listed struct{ access.Rule }

func (l listed) gives(role access.Role) bool { return slices.Contains(l.Roles, role) }

func rule(action access.Action) listed {
	for _, rule := range access.Rules {
		if rule.Action == action {
			return listed{rule}
		}
	}
	return listed{}
}

// TestEachConditionRefusesSomething: for every line with words about a condition that the table itself asks,
// somebody who has the action is refused for what is so.
func TestEachConditionRefusesSomething(t *testing.T) {
	t.Parallel()
	refused := map[access.Action]struct {
		role  access.Role
		facts access.Facts
	}{
		access.ReviewBreakGlass:     {access.Head, access.Facts{AskedBy: 7}},
		access.WritePEP:             {access.School, access.Facts{SectionOwners: []access.Role{access.SocialWorker}}},
		access.InviteColleague:      {access.School, access.Facts{SectionOwners: []access.Role{access.SocialWorker}}},
		access.ReviewQuality:        {access.Advisor, access.Facts{SubmittedBy: 7}},
		access.SecondMark:           {access.Advisor, access.Facts{FirstMarker: 7}},
		access.DecidePremium:        {access.Deputy, access.Facts{AskedBy: 7}},
		access.NameStandIn:          {access.Deputy, access.Facts{For: 3}},
		access.TakeBackMarks:        {access.School, access.Facts{SentBy: 3}},
		access.ReviewLooking:        {access.Head, access.Facts{For: 7}},
		access.ReleaseSubjectAccess: {access.Head, access.Facts{PreparedBy: 7}},
		access.DecideRetention:      {access.Head, access.Facts{AskedBy: 7}},
	}
	for _, rule := range access.Rules {
		example, is := refused[rule.Action]
		if is != rule.Conditional() {
			t.Errorf("%s: an example of what its condition refuses: %t, want %t", rule.Action, is, rule.Conditional())
		}
		if is && (!access.Can(as(example.role), rule.Action) || access.Check(as(example.role), rule.Action, example.facts) == nil) {
			t.Errorf("%s as %s: its condition refuses nothing", rule.Action, example.role)
		}
	}
}
