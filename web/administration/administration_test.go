package administration_test

import (
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestEachSeesWhatTheyKeep(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	for role, links := range map[access.Role]int{access.Head: 13, access.DataOfficer: 6} {
		person := site.As(site.Person(role, "Person "+string(role)))
		found := person.Get("/admin").Find("main a")
		if found.Length() != links {
			t.Errorf("%s sees %d places, not %d", role, found.Length(), links)
		}
		found.Each(func(_ int, link *goquery.Selection) {
			href := link.AttrOr("href", "")
			page := person.Get(href)
			if page.Status != 200 {
				t.Errorf("%s is led to %s, which answers %d", role, link.Text(), page.Status)
			}
			if place := page.Find(".govuk-service-navigation__item--active").Text(); !strings.Contains(place, "Administration") && !strings.HasPrefix(href, "/peps") {
				t.Errorf("%s at %s is at %q of the menu", role, href, place)
			}
		})
	}
}

func TestWhatTheAccessReviewWaitsFor(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hilda Head"))
	ruth := site.Person(access.Advisor, "Ruth Adeyemi")
	if says := head.Get("/admin").Says(); !strings.Contains(says, "2 people have no answer yet. Due 29 September 2026") {
		t.Errorf("%s", says)
	}
	form := head.Get("/admin/access-review/team").Form("/access-review/team")
	if done := head.Post("/admin/access-review/team", webtest.With(form, "answer-"+webtest.Number(ruth.ID), "keep")); done.Status != 303 {
		t.Fatalf("%d %s", done.Status, done.Says())
	}
	if says := head.Get("/admin").Says(); !strings.Contains(says, "1 person has no answer yet") {
		t.Errorf("%s", says)
	}
}
