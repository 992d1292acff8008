package administration_test

import (
	"os"
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
	for role, links := range map[access.Role]int{access.Head: 6, access.DataOfficer: 3} {
		person := site.As(site.Person(role, "Person "+string(role)))
		found := person.Get("/admin").Find("main a")
		if found.Length() != links {
			t.Errorf("%s sees %d places, not %d", role, found.Length(), links)
		}
		found.Each(func(_ int, link *goquery.Selection) {
			if page := person.Get(link.AttrOr("href", "")); page.Status != 200 {
				t.Errorf("%s is led to %s, which answers %d", role, link.Text(), page.Status)
			}
		})
	}
}
