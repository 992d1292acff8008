package journeys

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
)

var pictures = flag.String("pictures", "", "put pictures of the main pages into this folder")

// TestPictures takes pictures of the main pages of the demonstration, as a wide window and a small
// telephone show them. It runs only with -pictures: see "make pictures".
func TestPictures(t *testing.T) {
	if *pictures == "" {
		return
	}
	if err := os.MkdirAll(*pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	council := newDemo(t, 150)
	child := func(sql string, args postgres.Args) int64 { return council.number(sql, args) }
	// A child to whom much has happened, of the advisor's.
	rich := child(`select c.id from child c join allocation a on a.child_id = c.id and a.account_id = @advisor and a.part = 'advisor' and upper_inf(a.period)
		order by least((select count(*) from pep p where p.child_id = c.id and p.state = 'signed_off'), 3) + 2 * least((select count(*) from premium_request p where p.child_id = c.id), 2)
			+ least((select count(*) from suspension s where s.child_id = c.id), 1) desc, c.id limit 1`, postgres.Args{"advisor": council.ids["advisor@demo.test"]})
	plan := child(`select id from pep where child_id = @child and state = 'signed_off' order by meeting_on desc limit 1`, postgres.Args{"child": rich})
	asked := child(`select id from premium_request where state = 'asked' order by asked_at limit 1`, nil)
	asker := child(`select child_id from premium_request where id = @id`, postgres.Args{"id": asked})
	sent := council.sendsReturn()
	for _, picture := range []struct{ name, email, path string }{
		{"sign-in", "", "/sign-in"},
		{"home-advisor", "advisor@demo.test", "/"},
		{"home-deputy", "deputy@demo.test", "/"},
		{"home-head", "head@demo.test", "/"},
		{"home-school", "school@demo.test", "/"},
		{"children", "advisor@demo.test", "/children"},
		{"children-head", "head@demo.test", "/children"},
		{"child", "advisor@demo.test", path(rich, "")},
		{"timeline", "advisor@demo.test", path(rich, "/timeline")},
		{"attendance", "advisor@demo.test", path(rich, "/attendance")},
		{"premium-child", "advisor@demo.test", path(rich, "/premium")},
		{"pep", "advisor@demo.test", path(rich, fmt.Sprintf("/peps/%d", plan))},
		{"pep-print", "advisor@demo.test", path(rich, fmt.Sprintf("/peps/%d/print", plan))},
		{"peps", "advisor@demo.test", "/peps"},
		{"targets", "advisor@demo.test", path(rich, fmt.Sprintf("/peps/%d/targets", plan))},
		{"premium-queue", "deputy@demo.test", "/premium/requests"},
		{"premium-decision", "deputy@demo.test", path(asker, fmt.Sprintf("/premium/%d/decision", asked))},
		{"imports", "data@demo.test", "/imports"},
		{"import-preview", "data@demo.test", fmt.Sprintf("/imports/%d", sent)},
		{"note", "advisor@demo.test", path(rich, "/notes/new")},
		{"school", "head@demo.test", "/schools"},
		{"calendars", "deputy@demo.test", "/admin/calendars"},
		{"access", "head@demo.test", path(rich, "/access")},
		{"accounts", "data@demo.test", "/admin/accounts"},
	} {
		v := newVisitor(t, council.home, true, 2*time.Minute)
		v.looksOver = false
		if picture.email != "" {
			v.HasSession(sessionOf(t, council.db, council.ids[picture.email]))
		}
		v.Opens(picture.path)
		v.IsAnswered(200)
		for _, width := range []int64{1280, 375} {
			v.do(chromedp.EmulateViewport(width, 900))
			image, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
			v.must(err)
			if err := os.WriteFile(filepath.Join(*pictures, fmt.Sprintf("%s-%d.png", picture.name, width)), image, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// sendsReturn has the data officer send a small return, and has it checked.
func (d *demo) sendsReturn() int64 {
	d.t.Helper()
	officer := access.Actor{ID: d.ids["data@demo.test"], Name: "Data officer", Role: access.DataOfficer}
	var uploads []intake.Upload
	for name, content := range smallReturn {
		uploads = append(uploads, intake.Upload{Name: name, Content: strings.NewReader(content), Size: int64(len(content))})
	}
	service := &intake.Service{DB: d.db}
	id, err := service.Receive(d.t.Context(), officer, intake.Return, uploads)
	if err == nil {
		err = service.Check(d.t.Context(), id)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}
