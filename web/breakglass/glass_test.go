package breakglass_test

import (
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestBreakingTheGlass(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head, lead := s.Person(access.Head, "Hal Head"), s.Person(access.LeadAdvisor, "Lea Lead")
	child := s.Child("Ada", "Ash", "2015-03-02")
	s.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, child)
	s.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, child, s.Person(access.Deputy, "Dana Deputy").ID)
	path := "/children/" + webtest.Number(child)
	visitor := s.As(lead)
	if page := visitor.Get(path); page.Status != 404 {
		t.Fatalf("before: %d", page.Status)
	}
	ask := func(values ...string) *webtest.Page {
		return visitor.Post("/break-glass", webtest.With(visitor.Get("/break-glass").Form("/break-glass"), values...))
	}
	born := webtest.Date("born", "2", "3", "2015")
	if page := ask("upn", "12", "reason", "<b>now</b>"); page.Status != 422 || page.Find("textarea[name=reason]").Text() == "" || !strings.Contains(page.Body, "&lt;b&gt;now") {
		t.Errorf("a wrong asking: %d", page.Status)
	}
	if page := ask(append(born, "name", "Bea Birch", "reason", "Nobody who is named answers the phone")...); page.Status != 200 || !strings.Contains(page.Says(), "Nothing was opened") {
		t.Errorf("nobody of that name: %d", page.Status)
	}
	page := ask(append(born, "name", "Ada Ash", "reason", "Nobody who is named answers the phone")...)
	if page.Status != 303 || page.Location != path {
		t.Fatalf("%d %s %v", page.Status, page.Location, page.Errors())
	}
	if page := visitor.Get(path); page.Status != 200 || !strings.Contains(page.Says(), "Open to you for an hour") {
		t.Errorf("opened: %d", page.Status)
	}
	if says := visitor.Get(path + "/access").Says(); !strings.Contains(says, "Broke the glass") || !strings.Contains(says, "Nobody who is named answers the phone") || !strings.Contains(says, "To be looked into") {
		t.Errorf("the access page: %s", says)
	}
	boss := s.As(head)
	list := boss.Get("/break-glass")
	link := list.Find(`a[href^="/break-glass/"]`).AttrOr("href", "")
	if link == "" || strings.Contains(list.Body, "Ash") {
		t.Fatalf("the head's list: %s", list.Says())
	}
	look := boss.Get(link)
	if strings.Contains(look.Body, "Ash") || !strings.Contains(look.Says(), "you are not named on it") {
		t.Errorf("the head, who is not named, reads %s", look.Says())
	}
	if page := boss.Post(link, webtest.With(look.Form(link), "justified", "maybe", "words", "Asked Lea")); page.Status != 422 || page.Find("textarea[name=words]").Text() != "Asked Lea" {
		t.Errorf("a wrong answer: %d", page.Status)
	}
	if page := boss.Post(link, webtest.With(look.Form(link), "justified", "no", "words", "Dana was in the office")); page.Status != 303 {
		t.Errorf("%d %v", page.Status, page.Errors())
	}
	if says := visitor.Get("/break-glass").Says(); !strings.Contains(says, "not justified") || !strings.Contains(says, "Dana was in the office") {
		t.Errorf("who opened it reads %s", says)
	}
	if page := boss.Get("/break-glass/999999"); page.Status != 404 {
		t.Errorf("no such opening: %d", page.Status)
	}
}
