package web_test

import (
	"bufio"
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/kit"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// canary is in the name of every child of the matrix: it must be in no answer to whoever may not see the child.
const canary = "Kanarienvogel"

// answer is what a request comes to: ok (shown, done or told what to correct), refused (403), hidden (404).
type answer string

const (
	ok      answer = "ok"
	refused answer = "refused"
	hidden  answer = "hidden"
	broken  answer = "broken"
)

func answerOf(status int) answer {
	switch {
	case status == http.StatusForbidden:
		return refused
	case status == http.StatusNotFound:
		return hidden
	case status >= 200 && status < 400, status == http.StatusConflict, status == http.StatusUnprocessableEntity, status == http.StatusTooManyRequests:
		return ok
	}
	return broken
}

// expectations reads the reviewed table: for each route the roles that may use it (on a child of
// theirs, where it is about a child), "everyone" but an invited colleague, or "open" for people who have not signed in.
//
// "fresh" at the end of a line: whoever showed who they are too long ago is first asked to do so again.
func expectations(t *testing.T) (table map[string][]access.Role, fresh map[string]bool) {
	t.Helper()
	file, err := os.Open("testdata/matrix.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table, fresh = map[string][]access.Role{}, map[string]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 3 || strings.HasPrefix(words[0], "#") {
			continue
		}
		route := words[0] + " " + words[1]
		if _, twice := table[route]; twice {
			t.Errorf("matrix.txt has %s twice", route)
		}
		table[route] = []access.Role{}
		for _, role := range words[2:] {
			switch role {
			case "open":
				table[route] = nil
			case "everyone":
				for _, role := range access.Roles {
					if role != access.Colleague {
						table[route] = append(table[route], role)
					}
				}
			case "nobody":
			case "fresh":
				fresh[route] = true
			default:
				if !access.Role(role).Known() {
					t.Errorf("matrix.txt: %s is no role", role)
				}
				table[route] = append(table[route], access.Role(role))
			}
		}
	}
	return table, fresh
}

// record is one child as it stands to the person who asks.
type record struct {
	class string
	child int64
	sees  func(access.Role) bool
}

// world is one person of each role, and for each the children that stand to them in every way.
type world struct {
	*webtest.Site
	people map[access.Role]access.Actor
	own    map[access.Role][]record
	params map[int64]map[string]string // of a child's own records
	plain  map[string]string           // of what is about no child
	school int64                       // whose teacher asks; 0: nobody's

	asker, decider access.Actor // of the money, beside the people
	word           string       // stands wherever a record has words
}

func newWorld(t *testing.T) *world {
	w := &world{Site: webtest.New(t), word: canary, people: map[access.Role]access.Actor{}, own: map[access.Role][]record{}, params: map[int64]map[string]string{}}
	school, other := w.Setting("Matrix Primary School"), w.Setting("Elsewhere Primary School")
	w.school = school
	for _, role := range access.Roles {
		if role == access.School {
			w.people[role] = w.Teacher("Person School", school)
		} else {
			w.people[role] = w.Person(role, "Person "+string(role))
		}
	}
	colleague := w.Person(access.Advisor, "Colleague Advisor")
	w.Exec(`insert into premium_year (financial_year) values (2026)`)
	w.plain = map[string]string{"provider": "council", "place": "team",
		"accountID": fmt.Sprint(colleague.ID), "settingID": fmt.Sprint(school), "financialYear": "2026", "stream": "looked-after", "token": "nothing",
		"importID": "1", "withheldID": "1", "sessionID": "1", "kind": "gias", "weekID": "1", "academicYear": "2026", "runID": "1", "file": "1", "form": "primary", "key": "pep.gap_months"}
	// An opening of a colleague's, of a record that is nobody's of the matrix.
	w.asks(colleague.ID)

	whole := func(role access.Role) bool { return access.Actor{ID: 1, Role: role}.WholeCohort() }
	nobody := func(access.Role) bool { return false }
	for _, role := range access.Roles {
		person := w.people[role]
		make := func(class string, sees func(access.Role) bool, relate func(child int64)) {
			child := w.child(class + string(role))
			w.records(child, other)
			relate(child)
			w.own[role] = append(w.own[role], record{class, child, sees})
		}
		relation := func(child int64, period string) {
			switch role {
			case access.School:
				w.OnRoll(child, school, period)
			case access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer:
				w.Allocate(child, string(role), person, period)
			case access.Colleague:
				if until, begun := map[string]string{"[2026-01-01,)": "2026-12-04", "[2026-01-01,2026-11-23)": "2026-11-22"}[period]; begun {
					w.Exec(`insert into pep_invitation (pep_id, child_id, section, account_id, invited_by, invited_at, until) values ($1, $2, 'education', $3, $4, '2026-11-09', $5::text::date)`,
						w.params[child]["pepID"], child, person.ID, w.people[access.Advisor].ID, until)
				}
			}
		}
		everyone := func(access.Role) bool { return true }
		make("own", everyone, func(c int64) { relation(c, "[2026-01-01,)") })
		make("colleagues", whole, func(c int64) {
			w.Allocate(c, "advisor", colleague, "[2026-01-01,)")
			w.OnRoll(c, other, "[2026-01-01,)")
		})
		make("past", whole, func(c int64) { relation(c, "[2026-01-01,2026-11-23)") })
		make("future", whole, func(c int64) { relation(c, "[2026-11-24,)") })
		make("restricted", nobody, func(c int64) {
			relation(c, "[2026-01-01,)")
			w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, c)
		})
		make("named", everyone, func(c int64) {
			relation(c, "[2026-01-01,)")
			w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, c)
			w.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, c, person.ID)
		})
		make("blocked", nobody, func(c int64) {
			relation(c, "[2026-01-01,)")
			w.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'test', '[2026-01-01,)')`, c, person.ID)
		})
		make("left", func(role access.Role) bool { return role != access.School && role != access.Colleague }, func(c int64) {
			relation(c, "[2026-01-01,)")
			w.Exec(`update care_period set period = '[2025-09-01,2026-11-01)', end_code = 'E4A' where child_id = $1`, c)
		})
		make("sealed", func(role access.Role) bool { return role == access.Head }, func(c int64) { // adopted: the head alone is named
			relation(c, "[2026-01-01,)")
			w.Exec(`update care_period set period = '[2025-09-01,2026-11-01)', end_code = 'E12' where child_id = $1`, c)
		})
	}
	w.spend(t, school)
	w.delivers(w.people[access.Head], other)
	return w
}

func (w *world) child(name string) int64 { return w.Child(name, canary, "2015-03-02") }

// records gives a child one of everything that an address can name, at a setting; a suspension by the school
// whose teacher asks, since another's is not theirs to change.
func (w *world) records(child, setting int64) {
	by := w.people[access.Advisor].ID
	pep := w.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, voice_words, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2026, 'autumn', 'draft', '2026-11-10', $2, $3, $4) returning id`, child, w.word, by, webtest.Now)
	w.Exec(`insert into pep_section (pep_id, child_id, section) values ($1, $2, 'education'), ($1, $2, 'attainment')`, pep, child)
	w.Exec(`insert into pep_answer (pep_id, child_id, section, question, value, answered_by, answered_at)
		values ($1, $2, 'education', 'lessons', '{"text": "x"}', $3, $4), ($1, $2, 'attainment', 'reading', '{"text": "x"}', $3, $4)`, pep, child, by, webtest.Now)
	request := w.ID(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		values ($1, $2, 2026, 'mentoring', $3, $3, 5000, $4, $5) returning id`, child, setting, w.word, by, webtest.Now)
	suspension := w.ID(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, note, recorded_by, recorded_at)
		values ($1, $2, 'suspension', '2026-10-05', 2, '{DB}', $3, $4, $5) returning id`, child, cmp.Or(w.school, setting), w.word, by, webtest.Now)
	timetable := w.ID(`insert into reduced_timetable (child_id, setting_id, starts_on, hours, full_hours, reason, note, way_back, recorded_by, recorded_at)
		values ($1, $2, '2026-11-09', 750, 1500, 'anxiety', $3, $3, $4, $5) returning id`, child, setting, w.word, by, webtest.Now)
	provision := w.ID(`insert into provision (child_id, place, registration, arranged_by, purpose, starts_on, hours, recorded_by, recorded_at)
		values ($1, $2, 'not_known', 'school', $2, '2026-11-09', 600, $3, $4) returning id`, child, w.word, by, webtest.Now)
	step := w.ID(`insert into place_step (child_id, kind, taken_on, school, words, recorded_by, recorded_at)
		values ($1, 'asked', '2026-11-09', $2, $2, $3, $4) returning id`, child, w.word, by, webtest.Now)
	attendance := w.ID(`insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, source, as_at, recorded_by, recorded_at)
		values ($1, $2, 2026, 'A1', 70, 68, 1, 1, 'school', '2026-10-23', $3, $4) returning id`, child, setting, by, webtest.Now)
	document := w.ID(`insert into document (child_id, subject, subject_id, name, media_type, bytes, sha256, content, added_by, added_at)
		values ($1, 'premium_request', $2, 'quote.txt', 'text/plain', 5, sha256('words'), 'words', $3, $4) returning id`, child, request, by, webtest.Now)
	pause := w.ID(`insert into pep_pause (child_id, period, reason, words, set_by, set_at) values ($1, '[2026-10-05,2026-10-20)', 'other', $2, $3, $4) returning id`, child, w.word, by, webtest.Now)
	wish := w.ID(`insert into wish (child_id, pep_id, words, said_on, recorded_by, recorded_at) values ($1, $2, $3, '2026-11-10', $4, $5) returning id`, child, pep, w.word, by, webtest.Now)
	access := w.ID(`insert into subject_access (child_id, asked_by, asked_name, came_how, received_on, logged_by, logged_at) values ($1, 'young_person', $2, 'letter', '2026-11-10', $3, $4) returning id`, child, w.word, by, webtest.Now)
	w.Exec(`insert into subject_access_file (request_id, child_id, number, name, media_type, content, sha256) values ($1, $2, 1, 'record.json', 'application/json', '{}', sha256('{}'))`, access, child)
	correction := w.ID(`insert into correction (child_id, kind, about, record_says, person_says, asked_by, asked_name, asked_on, recorded_by, recorded_at) values ($1, 'correction', 'notes', $2, $2, 'parent', $2, '2026-11-10', $3, $4) returning id`, child, w.word, by, webtest.Now)
	w.params[child] = map[string]string{"subjectAccessID": fmt.Sprint(access), "correctionID": fmt.Sprint(correction), "chapter": "notes", "passage": fmt.Sprintf("place_step-%d-3", step), "fileNumber": "1", "documentID": fmt.Sprint(document), "pauseID": fmt.Sprint(pause), "childID": fmt.Sprint(child), "pepID": fmt.Sprint(pep), "requestID": fmt.Sprint(request),
		"suspensionID": fmt.Sprint(suspension), "timetableID": fmt.Sprint(timetable), "provisionID": fmt.Sprint(provision), "stepID": fmt.Sprint(step), "attendanceID": fmt.Sprint(attendance), "wishID": fmt.Sprint(wish), "section": "education", "part": "education", "halfTerm": "A1", "body": "board", "sign": "lately"}
}

// asks makes a record opened behind glass some time ago, and somebody who asks to see one.
func (w *world) asks(opener int64) {
	w.plain["openingID"] = fmt.Sprint(w.ID(`insert into break_glass (account_id, asked_at, asked_with, reason, until) values ($1, $2, 'upn', 'Nobody named could be reached', $3) returning id`, opener, webtest.Now.Add(-3*time.Hour), webtest.Now.Add(-2*time.Hour)))
	w.plain["deletionID"] = fmt.Sprint(w.ID(`insert into deletion (proposal, kind, kept_until, reason, proposed_by, proposed_at, words, approved_by, approved_at, deleted_by, deleted_at)
		values (1, 'care', '2026-01-01', 'The archive does not want it', $1, $3, '', $2, $3, $2, $3) returning id`, w.people[access.Head].ID, w.people[access.Deputy].ID, webtest.Now))
	w.plain["accessRequestID"] = fmt.Sprint(w.ID(`insert into access_request (asked_by, asked_at, name, date_of_birth, why) values ($1, $2, 'Nobody Inparticular', '2014-01-05', 'Given to me') returning id`, w.people[access.SocialWorker].ID, webtest.Now))
}

// delivers makes a delivery of marks of every child there is so far, sent by somebody.
func (w *world) delivers(by access.Actor, setting int64) {
	delivery := w.ID(`insert into attendance_delivery (kind, rank, setting_id, label, delivered_by, delivered_at, marks, first_day, last_day)
		values ('register_file', 3, $1, 'week.csv', $2, $3, $4, '2026-11-09', '2026-11-09') returning id`, setting, by.ID, webtest.Now, len(w.params))
	for child := range w.params {
		w.Exec(`insert into attendance_day (child_id, day, setting_id, am_from, half_term, am) values ($1, '2026-11-09', $2, $3, 'A2', '/')`, child, setting, delivery)
	}
	w.plain["deliveryID"] = fmt.Sprint(delivery)
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// named is what a parameter of a pattern names: of a child's requests, the one that was granted where the
// page is about its money.
func named(pattern, p string) string {
	name := p[1 : len(p)-1]
	if name == "requestID" && aboutMoney.MatchString(pattern) {
		return "grantedID"
	}
	return name
}

var aboutMoney = regexp.MustCompile(`/\{requestID\}/(payments|release|recover|evidence)`)

// path fills a pattern's parameters; false when one is not known, which the test reports.
func (w *world) path(pattern string, child int64) (string, bool) {
	known := true
	path := parameter.ReplaceAllStringFunc(pattern, func(p string) string {
		name := named(pattern, p)
		if value, found := w.params[child][name]; found {
			return value
		}
		value, found := w.plain[name]
		known = known && found
		return value
	})
	return path, known
}

// TestRoleRouteRecordMatrix asks every route as every role about every kind of child.
//
// ASVS 5.0: 8.2.1, 8.2.2, 8.3.1
func TestRoleRouteRecordMatrix(t *testing.T) {
	t.Parallel()
	table, fresh := expectations(t)
	w := newWorld(t)
	checks, leaks := 0, 0
	ask := func(visitor *webtest.Visitor, method, path string) *webtest.Page {
		checks++
		if method == http.MethodGet {
			return visitor.Get(path)
		}
		return visitor.Post(path, url.Values{})
	}
	leak := func(format string, args ...any) {
		leaks++
		t.Errorf(format, args...)
	}
	cookies := map[access.Role]string{}
	for _, role := range access.Roles {
		cookies[role] = cookieOf(t, w.Site, w.people[role])
	}
	seen := map[string]bool{}
	for _, route := range w.Server.Routes {
		name := route.Method + " " + route.Pattern
		seen[name] = true
		allowed, listed := table[name]
		if !listed {
			t.Errorf("%s is not in testdata/matrix.txt: say who may use it (its action is %q)", name, route.Action)
			continue
		}
		if (allowed == nil) != (route.Action == "") {
			t.Errorf("%s: open in the table and in the router must agree", name)
			continue
		}
		if _, known := w.path(route.Pattern, w.own[access.Head][0].child); !known {
			t.Errorf("%s has a parameter the matrix cannot fill", name)
			continue
		}
		stranger := ask(w.Visitor(), route.Method, must(w.path(route.Pattern, w.own[access.Head][0].child)))
		if allowed != nil && (stranger.Status != http.StatusSeeOther || !strings.HasPrefix(stranger.Location, "/sign-in")) {
			leak("%s without signing in: %d", name, stranger.Status)
		}
		if allowed == nil || ends(route) {
			continue
		}
		if fresh[name] {
			w.checkStale(ask, route, allowed, leak)
		}
		for _, role := range access.Roles {
			visitor := w.As(w.people[role])
			if !route.Child {
				w.checkPlain(ask(visitor, route.Method, must(w.path(route.Pattern, 0))), name, role, allowed, leak)
				continue
			}
			for _, r := range w.own[role] {
				page := ask(visitor, route.Method, must(w.path(route.Pattern, r.child)))
				want := hidden
				if r.sees(role) {
					want = refused
					if role == access.Colleague {
						want = hidden // the child is not theirs; a section is
					}
					if slices.Contains(allowed, role) {
						want = ok
					}
				}
				if got := answerOf(page.Status); got != want && !(want == ok && got == refused && ownershipDecides(name)) {
					leak("%s as %s for a child who is %s: %d, want %s", name, role, r.class, page.Status, want)
				} else if want != ok && strings.Contains(page.Body, canary) {
					leak("%s as %s for a child who is %s: the answer names the child", name, role, r.class)
				}
			}
			w.checkMixed(t, ask, visitor, route, role, leak)
			if route.Method == http.MethodGet {
				checks += w.checkOtherWays(route, checks, role, cookies[role], leak)
			}
		}
	}
	for name := range table {
		if !seen[name] {
			t.Errorf("testdata/matrix.txt has %s, which is no route", name)
		}
	}
	fmt.Printf("matrix: %d checks, %d leaks\n", checks, leaks)
}

func (w *world) checkPlain(page *webtest.Page, name string, role access.Role, allowed []access.Role, leak func(string, ...any)) {
	got := answerOf(page.Status)
	if slices.Contains(allowed, role) {
		notTheirs := got == refused && strings.HasPrefix(name, "POST /attendance/sent/") // who sent it takes it back
		if got == broken || got == refused && !notTheirs {
			leak("%s as %s: %d, want ok", name, role, page.Status)
		}
	} else if got != refused {
		leak("%s as %s: %d, want refused", name, role, page.Status)
	}
	for _, r := range w.own[role] {
		if !r.sees(role) && strings.Contains(page.Body, r.class+string(role)+" "+canary) {
			leak("%s as %s names a child who is %s", name, role, r.class)
		}
	}
}

// TestTheTableSaysWhichRoutesAskForAFreshProof compares it with the router.
//
// ASVS 5.0: 7.5.1, 7.5.3
func TestTheTableSaysWhichRoutesAskForAFreshProof(t *testing.T) {
	t.Parallel()
	_, fresh := expectations(t)
	for _, route := range webtest.New(t).Server.Routes {
		name := route.Method + " " + route.Pattern
		if asks := route.Fresh == access.Always || route.Fresh == access.OnChange && route.Method == http.MethodPost; asks != fresh[name] {
			t.Errorf("%s: whether a fresh proof is asked must agree in testdata/matrix.txt (%v) and the router (%v)", name, fresh[name], asks)
		}
	}
}

// checkStale asks as those whose proof of who they are is too old: whoever may is led to show it again,
// and whoever may not learns no more than with a fresh one.
func (w *world) checkStale(ask func(*webtest.Visitor, string, string) *webtest.Page, route kit.Route, allowed []access.Role, leak func(string, ...any)) {
	for _, role := range access.Roles {
		visitor := w.Stale(w.people[role])
		for _, r := range w.own[role] {
			page := ask(visitor, route.Method, must(w.path(route.Pattern, r.child)))
			confirms := page.Status == http.StatusSeeOther && strings.HasPrefix(page.Location, kit.ConfirmPath+"?")
			theirs := slices.Contains(allowed, role) && (!route.Child || r.sees(role))
			if confirms != theirs {
				leak("%s %s as %s with an old proof, for a child who is %s: %d %s", route.Method, route.Pattern, role, r.class, page.Status, page.Location)
			}
			if strings.Contains(page.Body, canary) {
				leak("%s %s as %s with an old proof names a child", route.Method, route.Pattern, role)
			}
			if !route.Child {
				break // it is about no child: once is enough
			}
		}
	}
}

// checkMixed asks for another child's record below one's own child: it is not there.
func (w *world) checkMixed(t *testing.T, ask func(*webtest.Visitor, string, string) *webtest.Page, visitor *webtest.Visitor, route kit.Route, role access.Role, leak func(string, ...any)) {
	t.Helper()
	own, others := w.own[role][0].child, w.own[role][4].child
	mixed := parameter.ReplaceAllStringFunc(route.Pattern, func(p string) string {
		name := named(route.Pattern, p)
		if name == "childID" || !strings.HasSuffix(name, "ID") {
			return w.params[own][name]
		}
		return w.params[others][name]
	})
	if mixed == must(w.path(route.Pattern, own)) {
		return
	}
	page := ask(visitor, route.Method, mixed)
	if answerOf(page.Status) == ok && page.Status != http.StatusUnprocessableEntity || strings.Contains(page.Body, "restricted"+string(role)+" "+canary) {
		leak("%s as %s with another child's record in the address: %d", route.Pattern, role, page.Status)
	}
}

// ends says whether a route would end the visitor's own session and with it the rest of the test.
func ends(route kit.Route) bool {
	return route.Method == http.MethodPost && (strings.HasPrefix(route.Pattern, "/sign-out") || strings.HasPrefix(route.Pattern, "/account/"))
}

// ownershipDecides names the routes where, beside the role, the record says whose turn it is.
func ownershipDecides(name string) bool {
	return strings.Contains(name, "/sections/") || strings.Contains(name, "/decision") || strings.HasPrefix(name, "POST")
}

func must(path string, known bool) string {
	if !known {
		panic(path)
	}
	return path
}

// TestPoliciesHoldByThemselves asks every table about children directly, as each role, with no Go
// in between: only the rows of children they may see come back. A new table is found by itself.
func TestPoliciesHoldByThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tables := w.childTables()
	if len(tables) < 20 {
		t.Fatalf("only %d tables about children were found", len(tables))
	}
	checks := 0
	for _, role := range access.Roles {
		visible := map[int64]bool{}
		for _, others := range access.Roles {
			for _, r := range w.own[others] {
				related := others == role && r.sees(role)
				inCohort := (access.Actor{ID: 1, Role: role}).WholeCohort() && others != role && r.class != "restricted" && r.class != "named" && (r.class != "sealed" || role == access.Head)
				visible[r.child] = related || inCohort
			}
		}
		for table, column := range tables {
			for child, want := range visible {
				checks++
				rows := w.RowsAs(w.people[role], table, column, child)
				want := want && (role != access.Colleague || invitationOpens[table])
				if !want && rows > 0 {
					t.Errorf("%s sees %d rows of %s of a child hidden from them", role, rows, table)
				}
				if want && rows == 0 && (table == "child" || table == "pep" || table == "premium_request") {
					t.Errorf("%s sees no row of %s of their own child %d", role, table, child)
				}
			}
			if rows := w.RowsAs(access.Actor{}, table, column, 0); rows > 0 {
				t.Errorf("nobody sees %d rows of %s", rows, table)
			}
		}
	}
	fmt.Printf("policies: %d checks on %d tables\n", checks, len(tables))
}

// childTables finds every table with a child in it, and fails those without a forced policy.
func (w *world) childTables() map[string]string { return w.ChildTables() }
