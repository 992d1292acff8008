package children_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestARestrictedRecordThroughItsPages(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head, worker, lead := s.Person(access.Head, "Hal Head"), s.Person(access.SocialWorker, "Sam Worker"), s.Person(access.LeadAdvisor, "Lea Lead")
	child := s.Child("Ada", "Ash", "2015-03-02")
	s.OnRoll(child, s.Setting("Oak Primary School"), "[2026-01-01,)")
	s.Allocate(child, "social_worker", worker, "[2026-01-01,)")
	path := "/children/" + webtest.Number(child)
	boss := s.As(head)
	send := func(action string, values ...string) *webtest.Page {
		return boss.Post(path+"/restriction"+action, webtest.With(boss.Get(path+"/restriction").Form("/restriction"+action), values...))
	}
	done := func(page *webtest.Page) {
		t.Helper()
		if page.Status != 303 {
			t.Fatalf("%d %v", page.Status, page.Errors())
		}
	}
	done(send("", "reason", "protection", "words", "A parent is looking", "named", webtest.Number(worker.ID)))
	if page := s.As(lead).Get(path); page.Status != 404 {
		t.Errorf("the lead advisor: %d", page.Status)
	}
	if page := send("/named", "person", webtest.Number(worker.ID), "place", "no"); page.Status != 422 {
		t.Errorf("without a reason: %d", page.Status)
	}
	done(send("/named", "person", webtest.Number(worker.ID), "place", "no", "why", "Knows the family"))
	done(send("/places", "kind", "address", "where", "1 Secret Lane"))
	if says := boss.Get(path).Says(); !strings.Contains(says, "1 Secret Lane") || !strings.Contains(says, "Oak Primary School") {
		t.Errorf("the head reads %s", says)
	}
	visitor := s.As(worker)
	for _, page := range []string{path, "/children", "/", "/work", "/registers/places", path + "/timeline", path + "/attendance", path + "/peps"} {
		answer := visitor.Get(page)
		if answer.Status >= 500 || strings.Contains(answer.Body, "Secret Lane") || strings.Contains(answer.Body, "Oak Primary") {
			t.Errorf("%s: %d tells where the child is", page, answer.Status)
		}
	}
	if says := visitor.Get(path).Says(); !strings.Contains(says, "Hidden from you") || !strings.Contains(says, "not told where the child is") || strings.Contains(says, "No school place") {
		t.Errorf("who is not told reads %s", says)
	}
	if says := visitor.Get("/children").Says(); !strings.Contains(says, "Hidden from you") {
		t.Errorf("the list says %s", says)
	}
	done(send("/places/end", "written", webtest.Number(s.ID(`select max(id) from protected_place`))))
	done(send("/named/end", "person", webtest.Number(worker.ID)))
	if page := visitor.Get(path); page.Status != 404 {
		t.Errorf("taken off: %d", page.Status)
	}
	if page := send("/named/end", "person", webtest.Number(head.ID)); page.Status != 422 {
		t.Errorf("the last of those who answer for it goes: %d", page.Status)
	}
	s.Exec(`update restriction set period = '[2026-11-01,)'`)
	done(send("/end", "why_end", "The order was lifted"))
	if page := s.As(lead).Get(path); page.Status != 200 {
		t.Errorf("open again: %d", page.Status)
	}
}
