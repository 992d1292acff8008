package accessrequests_test

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// desk is a social worker who misses a child, the people who decide, and children in every standing to them.
type desk struct {
	*webtest.Site
	head, lead, worker, teacher access.Actor
	ada, hidden                 int64
}

func newDesk(t *testing.T) *desk {
	s := webtest.New(t)
	oak := s.Setting("Oak Primary School")
	d := &desk{Site: s, head: s.Person(access.Head, "Hal Head"), lead: s.Person(access.LeadAdvisor, "Lea Lead"), worker: s.Person(access.SocialWorker, "Sam Worker"), teacher: s.Teacher("Tea Teacher", oak)}
	d.ada, d.hidden = s.Child("Ada", "Ash", "2015-03-02"), s.Child("Hidden", "Holly", "2015-03-02")
	s.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, d.hidden)
	s.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, d.hidden, d.head.ID)
	return d
}

// asking is the form as somebody fills it in.
func asking(v *webtest.Visitor, name string, more ...string) url.Values {
	values := append(webtest.Date("born", "2", "3", "2015"), "name", name, "why", "The case was given to me on Friday")
	return webtest.With(v.Get("/access-requests/new").Form("/access-requests/new"), append(values, more...)...)
}

func (d *desk) asked(t *testing.T, v *webtest.Visitor, name string) string {
	t.Helper()
	if page := v.Post("/access-requests/new", asking(v, name)); page.Status != 303 || page.Location != "/access-requests" {
		t.Fatalf("%s: %d %v", name, page.Status, page.Errors())
	}
	return fmt.Sprintf("/access-requests/%d", d.ID(`select max(id) from access_request`))
}

func TestAskingForAChildAndDeciding(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	worker, lead := d.As(d.worker), d.As(d.lead)
	if says := worker.Get("/access-requests").Says(); !strings.Contains(says, "No requests") {
		t.Errorf("before: %s", says)
	}
	if form := d.As(d.teacher).Get("/access-requests/new").Form("/access-requests/new"); form.Get("setting") == "" {
		t.Error("the one school somebody can ask for is left to be chosen")
	}
	path := d.asked(t, worker, "Ada Ash")
	if says := worker.Get("/access-requests").Says(); !strings.Contains(says, "Ada Ash") || !strings.Contains(says, "With the Virtual School") || strings.Contains(says, "Decide") {
		t.Errorf("who asked reads %s", says)
	}
	for who, want := range map[*webtest.Visitor]int{worker: 403, d.As(d.teacher): 403, d.As(d.Person(access.Advisor, "Ann Advisor")): 403, lead: 200} {
		if page := who.Get(path); page.Status != want {
			t.Errorf("the request: %d, want %d", page.Status, want)
		}
		if want == 403 {
			if page := who.Post(path, url.Values{}); page.Status != 403 {
				t.Errorf("deciding: %d", page.Status)
			}
		}
	}
	if says := d.As(d.Person(access.SocialWorker, "Sue Other")).Get("/access-requests").Says(); strings.Contains(says, "Ada Ash") {
		t.Error("another social worker reads the request")
	}
	page := lead.Get(path)
	if page.Find(fmt.Sprintf(`input[name=child][value="%d"]`, d.ada)).Length() != 1 {
		t.Fatalf("the lead advisor does not read who it may be: %s", page.Says())
	}
	decide := func(v *webtest.Visitor, page *webtest.Page, values ...string) *webtest.Page {
		return v.Post(path, webtest.With(page.Form(path), values...))
	}
	for name, values := range map[string][]string{
		"no outcome":        {"note", "typed"},
		"no child":          {"outcome", "give", "child", "", "note", "typed"},
		"a child not there": {"outcome", "there", "child", "999999", "note", "typed"},
		"a hidden child":    {"outcome", "there", "child", fmt.Sprint(d.hidden), "note", "typed"},
		"no such day":       append(webtest.Date("from", "31", "11", "2026"), "outcome", "give", "child", fmt.Sprint(d.ada), "note", "typed"),
	} {
		if back := decide(lead, page, values...); back.Status != 422 || back.Find("textarea[name=note]").Text() != "typed" {
			t.Errorf("%s: %d, %q", name, back.Status, back.Find("textarea[name=note]").Text())
		}
	}
	if back := decide(lead, page, append(webtest.Date("from", "23", "11", "2026"), "outcome", "give", "child", fmt.Sprint(d.ada), "note", "Given on Friday")...); back.Status != 303 {
		t.Fatalf("given: %d %v", back.Status, back.Errors())
	}
	if page := worker.Get(fmt.Sprintf("/children/%d", d.ada)); page.Status != 200 {
		t.Errorf("the child is not theirs: %d", page.Status)
	}
	if says := worker.Get("/access-requests").Says(); strings.Contains(says, "Given on Friday") || !strings.Contains(says, "Decided") {
		t.Errorf("who asked reads what the team wrote: %s", says)
	}
	if back := decide(d.As(d.head), page, "outcome", "refuse", "note", "Meanwhile"); back.Status != 409 {
		t.Errorf("decided meanwhile: %d", back.Status)
	}
	if state := d.Text(`select state || ' ' || note from access_request`); state != "given Given on Friday" {
		t.Error(state)
	}
}

var moves = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// TestTheAnswerIsTheSameWhoeverIsAskedFor asks for a child there is, one restricted, one of their own, one who left
// and one there is not, and refuses each: nothing but the name typed differs in any byte that the asker reads.
func TestTheAnswerIsTheSameWhoeverIsAskedFor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	own, left := d.Child("Otto", "Owned", "2015-03-02"), d.Child("Lena", "Leaver", "2015-03-02")
	d.Allocate(own, "social_worker", d.worker, "[2026-01-01,)")
	d.Exec(`update care_period set period = '[2025-09-01,2026-11-01)', end_code = 'E12' where child_id = $1`, left)
	worker := d.As(d.worker)
	var first string
	for n, name := range []string{"Nobody Noname", "Ada Ash", "Hidden Holly", "Otto Owned", "Lena Leaver"} {
		path := d.asked(t, worker, name)
		read := func() string {
			body := worker.Get("/access-requests").Body
			return strings.ReplaceAll(moves.ReplaceAllString(body, ""), name, "NAME")
		}
		waits := read()
		boss := d.As(d.head)
		if back := boss.Post(path, webtest.With(boss.Get(path).Form(path), "outcome", "refuse", "note", "Seen")); back.Status != 303 {
			t.Fatalf("%s refused: %d %v", name, back.Status, back.Errors())
		}
		both := waits + read()
		d.Exec(`alter table access_request disable trigger all`)
		d.Exec(`delete from access_request`)
		if n == 0 {
			first = both
		} else if both != first {
			t.Errorf("the answers about %s differ from those about nobody", name)
		}
	}
}

func TestOddAskings(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	worker := d.As(d.worker)
	for name, values := range map[string][]string{
		"no name":      {"name", ""},
		"not born yet": webtest.Date("born", "2", "3", "2030"),
		"no such day":  webtest.Date("born", "31", "2", "2015"),
		"a wrong UPN":  {"upn", "12345"},
		"no reason":    {"why", ""},
		"a novel":      {"why", strings.Repeat("x", 100_000)},
		"a NUL":        {"name", "Ada\x00Ash"},
	} {
		page := worker.Post("/access-requests/new", asking(worker, "Ada Ash", values...))
		if page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
		}
	}
	odd := `<script>alert("é‮")</script> =1+1`
	page := worker.Post("/access-requests/new", asking(worker, odd, "why", ""))
	if page.Find("input[name=name]").AttrOr("value", "") != odd || strings.Contains(page.Body, "<script>alert") {
		t.Errorf("markup comes back as %q", page.Find("input[name=name]").AttrOr("value", ""))
	}
	path := d.asked(t, worker, odd)
	if page := d.As(d.head).Get(path); page.Status != 200 || strings.Contains(page.Body, "<script>alert") || !strings.Contains(page.Says(), "alert") {
		t.Errorf("the head reads the markup: %d", page.Status)
	}
	// The same form sent twice is one request; the same request made again is another.
	again := asking(worker, "Ada Ash")
	before := d.ID(`select count(*) from access_request`)
	for range 2 {
		if page := worker.Post("/access-requests/new", again); page.Status != 303 {
			t.Errorf("sent twice: %d", page.Status)
		}
	}
	if n := d.ID(`select count(*) from access_request`); n != before+1 {
		t.Errorf("%d requests of one form sent twice", n-before)
	}
	for range 8 {
		d.asked(t, worker, "Ada Ash")
	}
	if page := worker.Post("/access-requests/new", asking(worker, "Eleventh Asking")); page.Status != 429 || page.Find("input[name=name]").AttrOr("value", "") != "Eleventh Asking" {
		t.Errorf("the eleventh: %d", page.Status)
	}
	if page := d.As(d.teacher).Post("/access-requests/new", asking(d.As(d.teacher), "Ada Ash", "setting", "999999")); page.Status != 422 {
		t.Errorf("a school that is not theirs: %d", page.Status)
	}
	if page := d.As(d.head).Get("/access-requests/new"); page.Status != 403 {
		t.Errorf("the head asks: %d", page.Status)
	}
	for _, path := range []string{"/access-requests/0", "/access-requests/x", "/access-requests/99999999999999999999", "/access-requests/999999"} {
		if page := d.As(d.head).Get(path); page.Status != 404 {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}
