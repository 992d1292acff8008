package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
)

// TestNobodyIsToldWhatIsWrongWithAFormThatIsNotTheirs sends every form empty and in every broken way: whoever may not
// send it reads that there is no such child, or that their role does not allow it, and never what the form wants.
//
// ASVS 5.0: 8.2.2, 8.3.1
func TestNobodyIsToldWhatIsWrongWithAFormThatIsNotTheirs(t *testing.T) {
	t.Parallel()
	table, _ := expectations(t)
	w := newWorld(t)
	bodies := []struct {
		body   string
		header []string
	}{
		{"", nil},
		{"", []string{"Content-Length", "0", "Content-Type", ""}},
		{"%zz=%%&&;=", nil},
		{"{}", []string{"Content-Type", "application/json"}},
		{"--x\r\nContent-Disposition: form-data; name=\"f", []string{"Content-Type", "multipart/form-data; boundary=x"}},
		{"words=" + strings.Repeat("x", 2_000_000), nil},
	}
	asked := 0
	for turn, route := range w.Server.Routes {
		if route.Method != http.MethodPost || route.Action == "" || ends(route) {
			continue
		}
		name := route.Method + " " + route.Pattern
		for _, role := range access.Roles {
			path, want := "", http.StatusForbidden
			if route.Child {
				unseen := slices.DeleteFunc(slices.Clone(w.own[role]), func(r record) bool { return r.sees(role) })
				path, want = must(w.path(route.Pattern, unseen[turn%len(unseen)].child)), http.StatusNotFound
			} else if path = must(w.path(route.Pattern, 0)); slices.Contains(table[name], role) {
				continue
			}
			cookie := cookieOf(t, w.Site, w.people[role])
			for n := range 2 { // the empty one always, and of the broken ones one a route in turn
				sent := bodies[n*(1+(turn+len(role))%(len(bodies)-1))]
				asked++
				if answer := ask(w.Server, route.Method, path, sent.body, append([]string{"Cookie", cookie}, sent.header...)...); answer.Code != want {
					t.Errorf("%s as %s with %.20q: %d, want %d", name, role, sent.body, answer.Code, want)
				}
			}
		}
	}
	fmt.Printf("forms that are not theirs: %d sent, none judged\n", asked)
	if asked < 2000 {
		t.Errorf("only %d forms were sent", asked)
	}
}
