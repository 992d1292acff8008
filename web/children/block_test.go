package children_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestKeepingAPersonFromARecord(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head, deputy, lead, worker := s.Person(access.Head, "Hal Head"), s.Person(access.Deputy, "Dana Deputy"), s.Person(access.LeadAdvisor, "Lea Lead"), s.Person(access.SocialWorker, "Sam Worker")
	child := s.Child("Ada", "Ash", "2015-03-02")
	s.Allocate(child, "social_worker", worker, "[2026-01-01,)")
	s.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, child)
	for _, who := range []access.Actor{head, deputy, lead, worker} {
		s.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, child, who.ID)
	}
	path := "/children/" + webtest.Number(child)
	boss, second := s.As(head), s.As(deputy)
	empty := boss.Get(path + "/blocks")
	if !strings.Contains(empty.Says(), "Nobody is kept from this record") {
		t.Errorf("with nobody: %s", empty.Says())
	}
	send := func(values ...string) *webtest.Page {
		return boss.Post(path+"/blocks", webtest.With(boss.Get(path+"/blocks").Form("/blocks"), values...))
	}
	for name, c := range map[string]struct {
		values []string
		says   string
	}{
		"nobody":      {nil, "Choose a person from the list Enter why this person"},
		"no reason":   {[]string{"person", webtest.Number(worker.ID)}, "Enter why"},
		"themselves":  {[]string{"person", webtest.Number(head.ID), "why", "I know them"}, "for yourself"},
		"no person":   {[]string{"person", "999999", "why", "x"}, "Choose a person"},
		"gone by":     {append(webtest.Date("from", "1", "11", "2026"), "person", webtest.Number(worker.ID), "why", "x"), "today or later"},
		"no such day": {append(webtest.Date("from", "31", "11", "2026"), "person", webtest.Number(worker.ID), "why", "x"), "First day"},
		"ends before": {append(webtest.Date("until", "22", "11", "2026"), "person", webtest.Number(worker.ID), "why", "x"), "on or after the first"},
		"far away":    {append(webtest.Date("from", "1", "1", "2030"), "person", webtest.Number(worker.ID), "why", "x"), "within 12 months"},
	} {
		if page := send(c.values...); page.Status != 422 || !strings.Contains(strings.Join(page.Errors(), " "), c.says) {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
		}
	}
	typed := send("person", webtest.Number(worker.ID), "why", "<b>Aunt\x00</b>")
	if typed.Status >= 500 || strings.Contains(typed.Body, "<b>Aunt") {
		t.Errorf("markup: %d", typed.Status)
	}

	visitor := s.As(worker)
	if page := visitor.Get(path); page.Status != 200 {
		t.Fatalf("before: %d", page.Status)
	}
	if page := send("person", webtest.Number(worker.ID), "why", "The child's aunt"); page.Status != 303 {
		t.Fatalf("%d %v", page.Status, page.Errors())
	}
	if page := visitor.Get(path); page.Status != 404 {
		t.Errorf("allocated, named and blocked: %d", page.Status)
	}
	if page := send("person", webtest.Number(worker.ID), "why", "Again"); page.Status != 422 || page.Find("textarea[name=why]").Text() != "Again" {
		t.Errorf("twice: %d %v", page.Status, page.Errors())
	}
	if says := s.As(lead).Get(path + "/access").Says(); !strings.Contains(says, "The child's aunt") || strings.Contains(says, "Keep a person from it") {
		t.Errorf("the lead advisor reads %s", says)
	}
	if page := s.As(lead).Get(path + "/blocks"); page.Status != 403 {
		t.Errorf("the lead advisor: %d", page.Status)
	}
	// The head is kept from it too, and neither finds it nor ends that.
	if page := second.Post(path+"/blocks", webtest.With(second.Get(path+"/blocks").Form("/blocks"), "person", webtest.Number(head.ID), "why", "A neighbour")); page.Status != 303 {
		t.Fatalf("%d %v", page.Status, page.Errors())
	}
	own := webtest.Number(s.ID(`select id from child_block where account_id = $1`, head.ID))
	if page := boss.Post(path+"/blocks/end", webtest.With(empty.Form("/blocks"), "block", own, "why_end_"+own, "It is nothing")); page.Status != 404 {
		t.Errorf("one's own: %d", page.Status)
	}
	page := second.Get(path + "/blocks")
	id := webtest.Number(s.ID(`select id from child_block where account_id = $1`, worker.ID))
	if page := second.Post(path+"/blocks/end", webtest.With(page.Form("/blocks/end"), "block", id)); page.Status != 422 {
		t.Errorf("ended without a reason: %d", page.Status)
	}
	s.Exec(`update child_block set period = '[2026-11-01,)' where id = $1`, id)
	for status, want := range []int{303, 409} {
		if page := second.Post(path+"/blocks/end", webtest.With(second.Get(path+"/blocks").Form("/blocks/end"), "block", id, "why_end_"+id, "She is not an aunt")); page.Status != want {
			t.Errorf("ended %d: %d %v", status, page.Status, page.Errors())
		}
	}
	if page := visitor.Get(path); page.Status != 200 {
		t.Errorf("after: %d", page.Status)
	}
	if n := s.ID(`select count(*) from audit_change where subject = 'child_block' and child_id = $1`, child); n != 3 {
		t.Errorf("%d changes are in the log", n)
	}
}
