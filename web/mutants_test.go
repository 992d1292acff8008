package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	_ "unsafe" // for the tables below

	"virtualschool/internal/access"
	"virtualschool/web"
	"virtualschool/web/kit"
	"virtualschool/web/webtest"
)

// The tables of actions themselves, which only a test's binary can reach to change.
//
//go:linkname actionTable virtualschool/internal/access.table
var actionTable map[access.Action]access.Rule

//go:linkname freshTable virtualschool/internal/access.fresh
var freshTable map[access.Action]access.When

// differences are where the router and the tables of actions disagree with testdata/matrix.txt: who may use a
// route, and whether it asks for a fresh proof.
func differences(routes []kit.Route, table map[string][]access.Role, fresh map[string]bool) (list []string) {
	for _, route := range routes {
		name := route.Method + " " + route.Pattern
		if route.Action == "" {
			continue
		}
		for _, role := range access.Roles {
			if access.Can(access.Actor{ID: 7, Role: role}, route.Action) != slices.Contains(table[name], role) {
				list = append(list, name+" as "+string(role))
			}
		}
		if asks := route.Fresh == access.Always || route.Fresh == access.OnChange && route.Method == http.MethodPost; asks != fresh[name] {
			list = append(list, name+" with an old proof")
		}
	}
	return list
}

// narrower are the routes at which a role that has the action is refused by what the page itself asks: an invited
// colleague writes a section and not the child's own page, and a file belongs to what it is about.
var narrower = []string{
	"POST /children/{childID}/peps/{pepID}/voice as colleague",
	"POST /children/{childID}/peps/{pepID}/mine as colleague",
	"POST /children/{childID}/peps/{pepID}/mine/draft as colleague",
	"POST /children/{childID}/peps/{pepID}/drafts/{part}/take as colleague",
	"GET /children/{childID}/documents/{documentID} as data_officer",
	"GET /children/{childID}/documents/{documentID} as social_worker",
	"GET /children/{childID}/documents/{documentID} as reviewing_officer",
}

type partOfPage struct {
	action access.Action
	roles  []access.Role
	words  string
}

// partsOfPages are the actions that no route asks for and that give parts of a child's timeline: who has them, and
// words that stand in the part.
var partsOfPages = []partOfPage{
	{access.SeeNotes, []access.Role{access.Head, access.Deputy, access.LeadAdvisor, access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer}, "Notenvogel"},
	{access.SeeCareHistory, []access.Role{access.Head, access.Deputy, access.LeadAdvisor, access.Advisor, access.DataOfficer, access.SocialWorker, access.ReviewingOfficer}, "Moved to: Fostered"},
}

// TestMutantsOfTheTablesOfActions turns over each cell of the table of actions in turn, and each line of those that
// ask for a fresh proof, and sees whether what the matrix expects notices. It runs before the tests that run side
// by side, since the tables are everybody's. A line about a fresh proof that changes no route is no mutant.
//
// ASVS 5.0: 8.2.1
func TestMutantsOfTheTablesOfActions(t *testing.T) {
	table, fresh := expectations(t)
	w := newWorld(t)
	before := differences(w.Server.Routes, table, fresh)
	if !slices.Equal(before, narrower) {
		t.Fatalf("the tables of actions and testdata/matrix.txt disagree about %q, want %q", before, narrower)
	}
	for _, role := range access.Roles {
		if len(w.wrongParts(role)) > 0 {
			t.Fatalf("the parts of a timeline as %s: %v", role, w.wrongParts(role))
		}
	}
	mutants, killed := 0, 0
	count := func(name string, noticed bool) {
		mutants++
		if noticed {
			killed++
		} else {
			t.Logf("alive: %s", name)
		}
	}
	for _, rule := range access.Rules {
		part := slices.ContainsFunc(partsOfPages, func(part partOfPage) bool { return part.action == rule.Action })
		for _, role := range access.Roles {
			turned := rule
			if turned.Roles = slices.DeleteFunc(slices.Clone(rule.Roles), func(r access.Role) bool { return r == role }); len(turned.Roles) == len(rule.Roles) {
				turned.Roles = append(turned.Roles, role)
			}
			actionTable[rule.Action] = turned
			count(string(rule.Action)+" of "+string(role), !slices.Equal(differences(w.Server.Routes, table, fresh), before) || part && len(w.wrongParts(role)) > 0)
		}
		actionTable[rule.Action] = rule
	}
	asked := func(routes []kit.Route) (asks []bool) {
		for _, route := range routes {
			asks = append(asks, route.Fresh == access.Always || route.Fresh == access.OnChange && route.Method == http.MethodPost)
		}
		return asks
	}
	for _, rule := range access.Rules {
		was := access.NeedsFresh(rule.Action)
		for _, when := range []access.When{access.Never, access.OnChange, access.Always} {
			freshTable[rule.Action] = when
			if routes := web.New(w.Options).Routes; when != was && !slices.Equal(asked(routes), asked(w.Server.Routes)) {
				count(fmt.Sprintf("a fresh proof for %s: %d instead of %d", rule.Action, when, was), !slices.Equal(differences(routes, table, fresh), before))
			}
		}
		freshTable[rule.Action] = was
	}
	fmt.Printf("policy mutants: %d, %d killed (%.1f %%)\n", mutants, killed, 100*float64(killed)/float64(mutants))
	if mutants < 200 || killed*100 < mutants*98 {
		t.Errorf("%d of %d mutants live", mutants-killed, mutants)
	}
}

// wrongParts are the parts of the timeline of a child of theirs that somebody of a role reads and should not, or
// does not and should.
func (w *world) wrongParts(role access.Role) (wrong []access.Action) {
	if role == access.Colleague { // for whom the page is not there at all: by the table they would read it
		for _, part := range partsOfPages {
			if access.Can(w.people[role], part.action) {
				wrong = append(wrong, part.action)
			}
		}
		return wrong
	}
	child := w.own[role][0].child
	if w.Text(`select count(*)::text from note where child_id = $1`, child) == "0" {
		w.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '2026-11-20', 'call', 'Notenvogel', $2, $3)`, child, w.people[access.Head].ID, webtest.Now)
	}
	page := w.As(w.people[role]).Get(fmt.Sprintf("/children/%d/timeline", child))
	for _, part := range partsOfPages {
		if strings.Contains(page.Body, part.words) != slices.Contains(part.roles, role) {
			wrong = append(wrong, part.action)
		}
	}
	return wrong
}
