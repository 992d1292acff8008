package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// TestRowsThatWereLeftOut: who is named on the record reads which file named the child and says what came of it; the
// other head reads nothing, and everybody else has no such page.
func TestRowsThatWereLeftOut(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head, deputy, officer := s.Person(access.Head, "Hal Head"), s.Person(access.Deputy, "Dana Deputy"), s.Person(access.DataOfficer, "Dan Data")
	child := s.Child("Ada", "Ash", "2015-03-02")
	s.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, child)
	s.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, child, head.ID)
	file := s.ID(`insert into import (kind, state, uploaded_by, uploaded_at) values ('roll', 'uploaded', $1, $2) returning id`, officer.ID, webtest.Now)
	row := s.ID(`insert into withheld_row (child_id, import_id, found_at) values ($1, $2, $3) returning id`, child, file, webtest.Now)
	boss, second := s.As(head), s.As(deputy)
	if says := boss.Get("/").Says(); !strings.Contains(says, "1 row of a file was left out") {
		t.Errorf("home: %s", says)
	}
	page := boss.Get("/imports/withheld")
	if says := page.Says(); !strings.Contains(says, "Ada Ash") || !strings.Contains(says, "Dan Data") {
		t.Errorf("who is named reads %s", says)
	}
	if page := second.Get("/imports/withheld"); page.Status != 200 || strings.Contains(page.Body, "Ash") || !strings.Contains(page.Says(), "Nothing was left out") || strings.Contains(second.Get("/").Says(), "left out") {
		t.Errorf("who is not named reads %s", page.Says())
	}
	if page := s.As(officer).Get("/imports/withheld"); page.Status != 403 {
		t.Errorf("who brought the file: %d", page.Status)
	}
	path := fmt.Sprintf("/imports/withheld/%d", row)
	words := fmt.Sprintf("words_%d", row)
	for _, c := range []struct {
		who  *webtest.Visitor
		text string
		want int
	}{{second, "x", 404}, {boss, "", 422}, {boss, "<b>It was right</b>", 303}, {boss, "Again", 409}} {
		if page := c.who.Post(path, webtest.With(page.Form(path), words, c.text)); page.Status != c.want {
			t.Errorf("%q: %d, want %d: %v", c.text, page.Status, c.want, page.Errors())
		}
	}
	if body := boss.Get("/imports/withheld").Body; !strings.Contains(body, "&lt;b&gt;It was right") {
		t.Error("what came of it is not there as it was typed")
	}
}
