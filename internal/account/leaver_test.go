package account

import (
	"fmt"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
)

// TestWhatALeaverLeaves: invitations to sections end for good, so that none comes back with an invitation
// back, and those who say who works with a child are told that work waits, without a name.
func TestWhatALeaverLeaves(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	facts := pgtest.NewFacts(t, s.DB)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	lee := establish(t, s, "lee@westmoor.test", access.Advisor, good)
	ama := establish(t, s, "ama@school.test", access.School, good)
	kim := establish(t, s, "kim@school.test", access.Colleague, good)
	child := facts.Child("Maya", "Okafor", "2015-05-05")
	facts.Exec(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, 'advisor', '[2026-09-01,)', 'test')`, child, lee.ID)
	told := func() int {
		return ask[int](t, s, `select count(*) from river_job where kind = 'notice' and args->>'account_id' = $1 and args::text not like '%Okafor%'`, fmt.Sprint(head.ID))
	}
	for n, leaver := range []access.Actor{lee, ama, kim} {
		if err := s.afterLeaving(t.Context(), left{AccountID: leaver.ID}); err != nil || told() != min(n, 2) {
			t.Errorf("%s works here, and %d letters are sent: %v", leaver.Name, told(), err)
		}
		if err := s.End(t.Context(), head, leaver.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.afterLeaving(t.Context(), left{AccountID: leaver.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if told() != 2 {
		t.Errorf("%d letters: an advisor with a child and the one teacher of a school have left, and a colleague of whom nothing waits", told())
	}
}
