package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/kit"
	"virtualschool/web/webtest"
)

// TestHiddenIsAnsweredLikeMissing compares, byte for byte, the answers about a child who is not theirs
// with those about a child who is not there, on every page and for every form.
//
// ASVS 5.0: 8.2.2
func TestHiddenIsAnsweredLikeMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pairs := 0
	compare := func(role access.Role, cookie, method, hiddenPath, missingPath string) {
		pairs++
		a, b := ask(w.Server, method, hiddenPath, "", "Cookie", cookie), ask(w.Server, method, missingPath, "", "Cookie", cookie)
		a.Header().Del("X-Request-Id")
		b.Header().Del("X-Request-Id")
		if a.Code != http.StatusNotFound || b.Code != a.Code || !bytes.Equal(a.Body.Bytes(), b.Body.Bytes()) || fmt.Sprint(a.Header()) != fmt.Sprint(b.Header()) {
			t.Errorf("%s %s as %s: %d with %d bytes; not there: %d with %d bytes", method, hiddenPath, role, a.Code, a.Body.Len(), b.Code, b.Body.Len())
		}
	}
	for role, class := range map[access.Role]string{access.Head: "restricted", access.Advisor: "blocked", access.SocialWorker: "colleagues", access.School: "past"} {
		cookie := cookieOf(t, w.Site, w.people[role])
		own := w.own[role][0].child
		for _, r := range w.own[role] {
			if r.class != class {
				continue
			}
			for _, route := range w.Server.Routes {
				if !route.Child {
					continue
				}
				missing := strings.Replace(must(w.path(route.Pattern, r.child)), fmt.Sprintf("/children/%d", r.child), "/children/999999999", 1)
				compare(role, cookie, route.Method, must(w.path(route.Pattern, r.child)), missing)
				// Below a child of theirs: another child's record, and none. Nothing of the form is judged before.
				mixed := parameter.ReplaceAllStringFunc(route.Pattern, func(p string) string {
					name := named(route.Pattern, p)
					if name == "childID" || !strings.HasSuffix(name, "ID") {
						return w.params[own][name]
					}
					return w.params[r.child][name]
				})
				if mixed == must(w.path(route.Pattern, own)) || !access.Can(w.people[role], route.Action) {
					continue
				}
				none := parameter.ReplaceAllStringFunc(route.Pattern, func(p string) string {
					name := named(route.Pattern, p)
					if name == "childID" || !strings.HasSuffix(name, "ID") {
						return w.params[own][name]
					}
					return "999999999"
				})
				compare(role, cookie, route.Method, mixed, none)
			}
		}
	}
	fmt.Printf("hidden and missing: %d pairs of answers compared\n", pairs)
	if pairs < 300 {
		t.Errorf("only %d pairs were compared", pairs)
	}
}

// TestAccessEndsWithTheNextRequest opens a form, takes away what gave access, and sends the form.
//
// ASVS 5.0: 7.4.2, 8.3.2
func TestAccessEndsWithTheNextRequest(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	oak, elm := s.Setting("Oak"), s.Setting("Elm")
	for name, c := range map[string]struct {
		role  access.Role
		end   func(child int64, person access.Actor)
		wants int
	}{
		"the allocation ended": {access.Advisor, func(child int64, _ access.Actor) {
			s.Exec(`update allocation set period = daterange(lower(period), '2026-11-23') where child_id = $1`, child)
		}, 404},
		"another has the part now": {access.SocialWorker, func(child int64, _ access.Actor) {
			s.Exec(`update allocation set account_id = $2 where child_id = $1`, child, s.Person(access.SocialWorker, "Sue Successor").ID)
		}, 404},
		"the child moved school": {access.School, func(child int64, _ access.Actor) {
			s.Exec(`update roll set period = daterange(lower(period), '2026-11-23') where child_id = $1`, child)
			s.OnRoll(child, elm, "[2026-11-23,)")
		}, 404},
		"the teacher left the school": {access.School, func(_ int64, person access.Actor) {
			s.Exec(`update account_setting set period = daterange(lower(period), '2026-11-23') where account_id = $1`, person.ID)
		}, 404},
		"the child left care": {access.School, func(child int64, _ access.Actor) {
			s.Exec(`update care_period set period = daterange(lower(period), '2026-11-23') where child_id = $1`, child)
		}, 404},
		"blocked": {access.Head, func(child int64, person access.Actor) {
			s.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'a relative', '[2026-11-23,)')`, child, person.ID)
		}, 404},
		"restricted": {access.Head, func(child int64, _ access.Actor) {
			s.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-11-23,)')`, child)
		}, 404},
		"another role": {access.Advisor, func(_ int64, person access.Actor) {
			s.Exec(`update account set role = 'reviewing_officer' where id = $1`, person.ID)
		}, 404},
		"a role without the action": {access.Head, func(_ int64, person access.Actor) {
			s.Exec(`update account set role = 'data_officer' where id = $1`, person.ID)
		}, 403},
		"the account ended": {access.Advisor, func(_ int64, person access.Actor) {
			s.Exec(`update account set state = 'ended', ended_at = $2 where id = $1`, person.ID, webtest.Now)
		}, 303},
		"signed out elsewhere": {access.Advisor, func(_ int64, person access.Actor) {
			s.Exec(`delete from session where account_id = $1`, person.ID)
		}, 303},
	} {
		child := s.Child("Ada", "Ash", "2014-01-05")
		var person access.Actor
		if c.role == access.School {
			person = s.Teacher("Teacher "+name, oak)
			s.OnRoll(child, oak, "[2026-01-01,)")
		} else {
			person = s.Person(c.role, "Person "+name)
			if c.role != access.Head {
				s.Allocate(child, string(c.role), person, "[2026-01-01,)")
			}
		}
		browser := s.As(person)
		path := fmt.Sprintf("/children/%d", child)
		form, target := path+"/notes/new", "/notes"
		if c.role == access.School {
			form, target = path+"/peps/new", "/peps/new"
		}
		filled := webtest.With(browser.Get(form).Form(target), append(webtest.Date("on", "20", "11", "2026"), "kind", "call", "words", "too late")...)
		if c.role == access.School {
			filled = webtest.With(filled, "kind", "termly", "term", "2026 autumn")
		}
		if len(filled) < 5 && c.role != access.School {
			t.Fatalf("%s: the form holds %v", name, filled)
		}
		c.end(child, person)
		sent := browser.Post(path+target, filled)
		if sent.Status != c.wants {
			t.Errorf("%s: sending the form answers %d, want %d", name, sent.Status, c.wants)
		}
		if empty := browser.Post(path+target, url.Values{}); empty.Status != c.wants {
			t.Errorf("%s: an empty form answers %d, want %d", name, empty.Status, c.wants)
		}
		if c.wants == 404 {
			if page := browser.Get(path); page.Status != 404 || strings.Contains(page.Body, "Ash") {
				t.Errorf("%s: the page answers %d", name, page.Status)
			}
		}
		if n := s.ID(`select (select count(*) from note where child_id = $1) + (select count(*) from pep where child_id = $1)`, child); n != 0 {
			t.Errorf("%s: the form did its work", name)
		}
	}
}

// timeLeft of a session runs by the second.
var timeLeft = regexp.MustCompile(`data-vs-left="\d+"`)

// TestFiguresTellNothingOfHiddenChildren compares every page and download with figures or lists, to the byte, before
// and after a restricted child comes with everything that can be recorded of one: what is left out of every part is
// left out of every total too, so that no figure shown and no difference of two tells of the child.
//
// ASVS 5.0: 8.2.2
func TestFiguresTellNothingOfHiddenChildren(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	table, _ := expectations(t)
	cookies := map[access.Role]string{}
	for _, role := range access.Roles {
		cookies[role] = cookieOf(t, w.Site, w.people[role])
	}
	pages := 0
	read := func() map[string]string {
		answers := map[string]string{}
		for _, route := range w.Server.Routes {
			// What people looked at, and where they are signed in, grows with this very reading.
			if route.Child || route.Action == "" || route.Method != http.MethodGet || strings.HasPrefix(route.Pattern, "/audit") || strings.HasPrefix(route.Pattern, "/account") || strings.HasSuffix(route.Pattern, ".pdf") {
				continue
			}
			paths := []string{must(w.path(route.Pattern, 0))}
			switch route.Pattern {
			case "/children":
				paths = append(paths, "/children?status=all", "/children?status=restricted", "/children?status=left")
			case "/attendance/cohort", "/peps/completion", "/premium/reports":
				paths = append(paths, paths[0]+"?by=school", paths[0]+"?by=phase", paths[0]+"?by=placement", paths[0]+"?group=school")
			}
			for _, role := range table[route.Method+" "+route.Pattern] {
				for _, path := range paths {
					answer := ask(w.Server, "GET", path, "", "Cookie", cookies[role])
					if answer.Code >= 500 {
						t.Errorf("%s as %s: %d", path, role, answer.Code)
					}
					answers[path+" as "+string(role)] = timeLeft.ReplaceAllString(formKeys.ReplaceAllString(answer.Body.String(), ""), "")
					pages++
				}
			}
		}
		return answers
	}
	before := read()
	setting := w.ID(`select id from setting where name = 'Elsewhere Primary School'`)
	child := w.child("Secret")
	w.OnRoll(child, w.school, "[2026-01-01,)")
	for _, role := range []access.Role{access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer} {
		w.Allocate(child, string(role), w.people[role], "[2026-01-01,)")
	}
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, child)
	w.records(child, setting)
	w.Exec(`insert into attendance_day (child_id, day, setting_id, am_from, half_term, am) values ($1, '2026-11-09', $2, $3::bigint, 'A2', '/')`, child, w.school, w.plain["deliveryID"])
	w.Exec(`update suspension set starts_on = '2026-11-20' where child_id = $1`, child)
	for page, after := range read() {
		if after != before[page] {
			at := 0
			for at < min(len(after), len(before[page])) && after[at] == before[page][at] {
				at++
			}
			t.Errorf("%s tells that there is one more child: …%.120q", page, after[max(0, at-40):])
		}
	}
	fmt.Printf("figures with and without a restricted child: %d answers compared\n", pages/2)
	if pages < 600 {
		t.Errorf("only %d pages were read", pages)
	}
}

// TestTheRouteTableHasNoBackDoor: the routes open to strangers are these and no more.
//
// ASVS 5.0: 4.1.4, 6.3.4, 13.4.4, 13.4.5
func TestTheRouteTableHasNoBackDoor(t *testing.T) {
	t.Parallel()
	open := []string{}
	for _, route := range webtest.New(t).Server.Routes {
		if route.Action == "" {
			open = append(open, route.Method+" "+route.Pattern)
		}
		if route.Method != http.MethodGet && route.Method != http.MethodPost {
			t.Errorf("%s %s", route.Method, route.Pattern)
		}
		if route.Child != strings.HasPrefix(route.Pattern, "/children/{childID}") {
			t.Errorf("%s is about a child, and behind the gate: one and not the other", route.Pattern)
		}
	}
	slices.Sort(open)
	want := []string{"GET /accessibility", "GET /components", "GET /forgot", "GET /invitation/{token}", "GET /invitation/{token}/sso", "GET /invitation/{token}/sso/{provider}", "GET /is-in/{token}",
		"GET /my-plan/{token}", "GET /privacy", "GET /privacy/young-people", "GET /reset/{token}", "GET /sign-in", "GET /sign-in/code", "GET /sign-in/email", "GET /sign-in/link/{token}", "GET /sign-in/second", "GET /sign-in/second/app", "GET /sign-in/second/passkey",
		"GET /sso/{provider}", "GET /sso/{provider}/back", "POST /forgot", "POST /invitation/{token}", "POST /invitation/{token}/sso", "POST /is-in/{token}", "POST /my-plan/{token}", "POST /passkeys/options",
		"POST /reset/{token}", "POST /sign-in", "POST /sign-in/code", "POST /sign-in/email", "POST /sign-in/link/{token}", "POST /sign-in/passkey", "POST /sign-in/second",
		"POST /sign-in/second/app", "POST /sign-in/second/passkey", "POST /sign-out"}
	if !slices.Equal(open, want) {
		t.Errorf("open to strangers: %v", open)
	}
	if kit.LocalPath("//x") != "/" {
		t.Error("a path of another site is taken for ours")
	}
}
