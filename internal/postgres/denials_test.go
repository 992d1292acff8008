package postgres_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"virtualschool/internal/access"
)

// TestADenialBeatsEveryGrant gives people of every role children by every grant there is, at random, and then denies
// some: a block that holds today takes away that child from that person and nothing else, one that is over or to
// come takes away nothing, and a restriction never shows anybody a child whom they did not see before.
func TestADenialBeatsEveryGrant(t *testing.T) {
	t.Parallel()
	s := newStreet(t, 0)
	c := rand.New(rand.NewPCG(20, 6))
	chance := func(oneIn int) bool { return c.IntN(oneIn) == 0 }
	when := func() string {
		return []string{"[2026-01-01,2026-11-23)", "[2026-01-01,)", "[2026-01-01,)", "[2026-11-23,2026-11-24)", "[2026-11-24,)"}[c.IntN(5)]
	}
	school := s.id(`insert into setting (name, source) values ('Oak', 'local') returning id`)
	var people []access.Actor
	for _, role := range access.Roles {
		who := access.Actor{Role: role, Name: string(role)}
		who.ID = s.id(`insert into account (email, name, role, state, created_at) values ($1, $2, $2, 'active', $3) returning id`, string(role)+"@wall.test", string(role), monday)
		people = append(people, who)
		if role == access.School {
			s.exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'colleague', '[2026-01-01,)')`, who.ID, school)
		}
	}
	var children []int64
	for n := range 150 {
		child := s.child(n)
		children = append(children, child)
		if chance(2) {
			s.exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', $3::text::daterange, 'test')`, child, school, when())
		}
		restricted := chance(3)
		if restricted {
			s.exec(`insert into restriction (child_id, reason, period) values ($1, 'other', $2::text::daterange)`, child, when())
		}
		for _, who := range people {
			if part := string(who.Role); slices.Contains([]string{"advisor", "support_advisor", "social_worker", "reviewing_officer"}, part) && chance(2) {
				if part == "advisor" && chance(2) {
					part = "cover"
				}
				s.exec(`insert into allocation (child_id, account_id, part, period, reason, source) values ($1, $2, $3, $4::text::daterange * '[2026-01-01,2028-01-01)', 'test', 'test')`, child, who.ID, part, when())
			}
			if chance(3) {
				s.exec(`insert into restriction_named (child_id, account_id, period, sees_place) values ($1, $2, $3::text::daterange, $4)`, child, who.ID, when(), chance(2))
			}
			if restricted && who.Role == access.LeadAdvisor && chance(4) {
				opening := s.id(`insert into break_glass (account_id, asked_at, asked_with, reason, until) values ($1, $2, 'upn', 'test', $3) returning id`, who.ID, monday.Add(-10*time.Minute), monday.Add(50*time.Minute))
				s.exec(`insert into break_glass_child (break_glass_id, child_id) values ($1, $2)`, opening, child)
			}
		}
	}
	seen := func() map[access.Role][]int64 {
		all := map[access.Role][]int64{}
		for _, who := range people {
			list, err := s.sees(t.Context(), s.db, who)
			if err != nil {
				t.Fatal(err)
			}
			all[who.Role] = list
		}
		return all
	}
	before := seen()
	blocked := map[access.Role][]int64{}
	for _, child := range children {
		for _, who := range people {
			if !chance(3) {
				continue
			}
			period := when()
			s.exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'test', $3::text::daterange)`, child, who.ID, period)
			if period != "[2026-01-01,2026-11-23)" && period != "[2026-11-24,)" {
				blocked[who.Role] = append(blocked[who.Role], child)
			}
		}
	}
	after := seen()
	taken := 0
	for role, list := range before {
		want := slices.DeleteFunc(slices.Clone(list), func(child int64) bool { return slices.Contains(blocked[role], child) })
		taken += len(list) - len(want)
		if !slices.Equal(after[role], want) {
			t.Errorf("%s sees %d children of %d with %d blocks, want %d", role, len(after[role]), len(list), len(blocked[role]), len(want))
		}
	}
	if taken < 100 {
		t.Errorf("only %d sights were taken away", taken)
	}
	s.exec(`insert into restriction (child_id, reason, period) select id, 'other', '[2026-01-01,)' from child c where not exists (select from restriction r where r.child_id = c.id) and id % 2 = 0`)
	for role, list := range seen() {
		for _, child := range list {
			if !slices.Contains(after[role], child) {
				t.Errorf("a restriction shows %s a child whom they did not see", role)
			}
		}
	}
}
