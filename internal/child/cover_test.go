package child_test

import (
	"context"
	"errors"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

func TestCoverOfACaseload(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	head, away, cover, other := f.person(access.Head, "Head"), f.person(access.Advisor, "Away"), f.person(access.Advisor, "Cover"), f.person(access.SupportAdvisor, "Other")
	worker := f.person(access.SocialWorker, "Worker")
	maya, err := f.child.Add(ctx, head, arrival("LA1"))
	f.must(err)
	noah, err := f.child.Add(ctx, head, arrival("LA2"))
	f.must(err)
	hidden, err := f.child.Add(ctx, head, arrival("LA3"))
	f.must(err)
	for _, id := range []int64{maya, noah, hidden} {
		f.must(f.child.Allocate(ctx, head, id, child.Allocation{Part: "advisor", AccountID: away.ID, From: today.AddDays(-30)}))
	}
	f.must(f.child.Restrict(ctx, f.person(access.Deputy, "Deputy"), hidden, child.Restriction{Reason: "protection", Named: []int64{away.ID}, From: today}))
	by := child.Allocation{AccountID: cover.ID, From: today, Until: today.AddDays(9), Reason: "Annual leave"}
	wrong := func(name, field string, change func(*child.Allocation)) {
		t.Helper()
		one := by
		change(&one)
		if _, err := f.child.CoverCaseload(ctx, head, away.ID, one); !fault.Of(err).Has(field) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wrong("oneself", "account", func(a *child.Allocation) { a.AccountID = away.ID })
	wrong("a social worker", "account", func(a *child.Allocation) { a.AccountID = worker.ID })
	wrong("nobody", "account", func(a *child.Allocation) { a.AccountID = 0 })
	wrong("yesterday", "from", func(a *child.Allocation) { a.From = today.AddDays(-1) })
	wrong("backwards", "until", func(a *child.Allocation) { a.Until = today.AddDays(-1) })
	wrong("a year", "until", func(a *child.Allocation) { a.Until = today.AddYears(1) })
	wrong("no reason", "reason", func(a *child.Allocation) { a.Reason = "" })
	if _, err := f.child.CoverCaseload(ctx, away, away.ID, by); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("who is away gives their own caseload: %v", err)
	}
	if _, err := f.child.CoverCaseload(ctx, head, worker.ID, by); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a social worker's: %v", err)
	}
	if _, err := f.child.CoverCaseload(ctx, head, other.ID, by); !fault.Of(err).Has("from") {
		t.Errorf("of nobody's children: %v", err)
	}
	covered, err := f.child.CoverCaseload(ctx, head, away.ID, by)
	f.must(err)
	if covered != 2 || !f.sees(cover, maya) || !f.sees(cover, noah) || f.sees(cover, hidden) || !f.sees(away, maya) {
		t.Errorf("%d children; the restricted one stays hidden, and who is away keeps theirs", covered)
	}
	wrong("twice", "from", func(a *child.Allocation) { a.AccountID, a.From = other.ID, today.AddDays(5) })
	covers := func(who access.Actor) (list []child.Cover) {
		t.Helper()
		var batch postgres.Batch
		child.QueueCovers(&batch, &list, who.ID)
		f.must(f.db.View(ctx, head, &batch))
		return list
	}
	for _, who := range []access.Actor{away, cover} {
		if list := covers(who); len(list) != 1 || list[0].Children != 2 || list[0].Until != by.Until || list[0].ByName != "Cover" || list[0].ForName != "Away" {
			t.Errorf("%s: %+v", who.Name, list)
		}
	}
	if len(covers(other)) != 0 {
		t.Error("somebody else covers")
	}
	this := child.Cover{ForID: away.ID, ByID: cover.ID, Starts: today}
	if err := f.child.EndCover(ctx, cover, this); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("who covers ends it: %v", err)
	}
	f.must(f.child.EndCover(ctx, head, this))
	if f.sees(cover, maya) || !f.sees(away, maya) || len(covers(away)) != 0 {
		t.Error("cover that has ended")
	}
	if err := f.child.EndCover(ctx, head, this); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("again: %v", err)
	}
	// What is not cover is never taken away, whoever asks the database.
	var left int
	f.must(f.db.Change(ctx, head, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if _, err = tx.Do(ctx, `delete from allocation`, nil); err != nil {
			return err
		}
		left, err = postgres.GetValue[int](ctx, tx, `select count(*)::int from allocation`, nil)
		return err
	}))
	if left != 2 {
		t.Errorf("%d allocations are left", left)
	}
}
