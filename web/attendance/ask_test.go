package attendance_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// link has the head ask about the child, and is the path of the link that was shown.
func (p *place) link(t *testing.T) string {
	t.Helper()
	form := p.head.Get(p.path + "/ask").Form("/attendance/ask")
	page := p.head.Post(p.path+"/ask", form)
	address, err := url.Parse(page.Find("main code").Text())
	if page.Status != 200 || err != nil || !strings.HasPrefix(address.Path, "/is-in/") {
		t.Fatalf("%d %s", page.Status, page.Says())
	}
	return address.Path
}

func TestOneQuestionIsAskedByLink(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	path := p.link(t)
	school := p.Visitor()
	page := school.Get(path)
	if page.Status != 200 || !strings.Contains(page.Says(), "Is M.O. in school this") || !strings.Contains(page.Says(), "Ash Primary") || strings.Contains(page.Body, "Maya") || strings.Contains(page.Body, "Okafor") {
		t.Fatalf("%d %s", page.Status, page.Says())
	}
	form := page.Form(path)
	if none := school.Post(path, form); none.Status != 422 || !strings.Contains(strings.Join(none.Errors(), " "), "Choose an answer") {
		t.Errorf("no answer: %d %q", none.Status, none.Errors())
	}
	answer := webtest.With(form, "answer", "ill")
	if thanks := school.Post(path, answer); thanks.Status != 200 || !strings.Contains(thanks.Says(), "Thank you") {
		t.Fatalf("%d %s", thanks.Status, thanks.Says())
	}
	if again := school.Post(path, answer); again.Status != 200 {
		t.Errorf("the same form again: %d", again.Status)
	}
	if other := school.Post(path, webtest.With(page.Form(path), "key", "6f1c1c9e-98a5-4f6a-9a34-0c8f4f0d3d11", "answer", "in")); other.Status != 404 {
		t.Errorf("another answer: %d", other.Status)
	}
	if used := school.Get(path); used.Status != 404 || !strings.Contains(used.Says(), "does not work") {
		t.Errorf("used: %d", used.Status)
	}
	if got := p.stands("2026-11-23"); !strings.Contains(got, "I") || !strings.HasSuffix(got, " link") {
		t.Errorf("stands %s", got)
	}
	if n := p.Text(`select count(*)::text from attendance_link where token_hash like '%' || $1 || '%'`, strings.TrimPrefix(path, "/is-in/")); n != "0" {
		t.Error("the token is kept")
	}
}

func TestLinksThatDoNotWork(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	first := p.link(t)
	second := p.link(t)
	if page := p.Visitor().Get(first); page.Status != 404 {
		t.Errorf("one that another took the place of: %d", page.Status)
	}
	if page := p.teacher.Get(p.path + "/ask"); page.Status != 403 {
		t.Errorf("a school asks itself: %d", page.Status)
	}
	if page := p.As(p.Teacher("Cy Cedar", p.Setting("Cedar"))).Get(p.path + "/ask"); page.Status != 404 {
		t.Errorf("another school: %d", page.Status)
	}
	form := p.As(p.Person(access.Head, "Hanna Head")).Get(p.path + "/ask").Form("/attendance/ask")
	if page := p.head.Post(p.path+"/ask", webtest.With(form, "setting", "999")); page.Status != 422 {
		t.Errorf("no school of theirs: %d", page.Status)
	}
	p.Passes(24 * time.Hour)
	for _, path := range []string{second, "/is-in/made-up"} {
		if page := p.Visitor().Get(path); page.Status != 404 {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}
