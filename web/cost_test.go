package web_test

import (
	"fmt"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// TestPagesAreOneRoundTrip counts what a page asks of the database, which is steady on any machine
// where a time is not: the session's look-up, and one trip for everything else.
func TestPagesAreOneRoundTrip(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	advisor, school := site.Person(access.Advisor, "Ann Advisor"), site.Setting("Oak Primary School")
	var child int64
	for n := range 30 {
		child = site.Child(fmt.Sprintf("Child%d", n), "Okafor", "2015-03-02")
		site.Allocate(child, "advisor", advisor, "[2026-01-01,)")
		site.OnRoll(child, school, "[2025-09-01,)")
	}
	visitor := site.As(advisor)
	plan := fullestPlan(t, site, child, advisor.ID)
	for path, statements := range map[string]int{
		"/children":                             5,
		fmt.Sprintf("/children/%d", child):      24, // with what stands beside the record
		fmt.Sprintf("/children/%d/peps", child): 10,

		fmt.Sprintf("/children/%d/peps/%d", child, plan): 12,
	} {
		cost := site.CostOf(visitor, path)
		if cost.Trips != 2 || len(cost.Queries) > statements {
			t.Errorf("%s: %d round trips and %d statements; want 2 and at most %d", path, cost.Trips, len(cost.Queries), statements)
		}
	}
	page := visitor.Get("/children")
	if len(page.Body) > 28_000 {
		t.Errorf("the list of 25 children is %d bytes", len(page.Body))
	}
}
