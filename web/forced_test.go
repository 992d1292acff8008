package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// forceOpen gives every action to everybody without any condition, until the test ends. The tables are the whole
// program's, so the test that does it runs before those that run side by side.
func forceOpen(t *testing.T) {
	t.Helper()
	before := maps.Clone(actionTable)
	for action := range actionTable {
		actionTable[action] = access.Rule{Action: action, Roles: access.Roles}
	}
	t.Cleanup(func() { maps.Copy(actionTable, before) })
}

// TestTheSecondWallHoldsAlone runs the matrix with the policy forced open, as a fault in it might leave it: whatever
// anybody may do now, of a child hidden from them no page shows a word and no form does its work.
//
// ASVS 5.0: 8.2.2, 8.3.1
func TestTheSecondWallHoldsAlone(t *testing.T) {
	w := newWorld(t)
	forceOpen(t)
	if !access.Can(w.people[access.Colleague], access.ClosePremium) {
		t.Fatal("the policy is not open")
	}
	checks, foreign := 0, 0
	shows := func(format string, args ...any) {
		foreign++
		t.Errorf(format, args...)
	}
	ask := func(visitor *webtest.Visitor, method, path string) *webtest.Page {
		checks++
		if method == http.MethodGet {
			return visitor.Get(path)
		}
		return visitor.Post(path, url.Values{})
	}
	for turn, route := range w.Server.Routes {
		if route.Action == "" || ends(route) {
			continue
		}
		for n, role := range access.Roles {
			visitor := w.As(w.people[role])
			if !route.Child {
				page := ask(visitor, route.Method, must(w.path(route.Pattern, 0)))
				for _, r := range w.own[role] {
					if !r.sees(role) && strings.Contains(page.Body, r.class+string(role)+" "+canary) {
						shows("%s %s as %s names a child who is %s", route.Method, route.Pattern, role, r.class)
					}
				}
				continue
			}
			unseen := slices.DeleteFunc(slices.Clone(w.own[role]), func(r record) bool { return r.sees(role) })
			r := unseen[(turn+n)%len(unseen)] // of the ways in which a child is hidden, one a route in turn
			page := ask(visitor, route.Method, must(w.path(route.Pattern, r.child)))
			if answerOf(page.Status) != hidden || strings.Contains(page.Body, canary) {
				shows("%s %s as %s, who may do everything, for a child who is %s: %d", route.Method, route.Pattern, role, r.class, page.Status)
			}
		}
	}
	fmt.Printf("matrix with the policy forced open: %d checks, %d foreign rows shown\n", checks, foreign)
	if checks < 2000 {
		t.Errorf("only %d checks", checks)
	}
}
