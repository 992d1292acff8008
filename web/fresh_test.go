package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/web/webtest"
)

const password = "harbour kettle moss"

func TestAnOldProofIsAskedForAgainBeforeAProtectedPage(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.Person(access.Head, "Hal Head")
	site.Password(head, password)
	path := "/children/" + webtest.Number(site.Child("Maya", "Okafor", "2015-03-02")) + "/restriction"
	visitor := site.As(head)
	if page := visitor.Get(path); page.Status != http.StatusOK {
		t.Fatalf("with a fresh proof: %d", page.Status)
	}
	site.Passes(account.FreshFor + time.Second)
	asked := visitor.Get(path)
	if asked.Status != http.StatusSeeOther || !strings.HasPrefix(asked.Location, "/confirm?") {
		t.Fatalf("%d %s", asked.Status, asked.Location)
	}
	page := visitor.Get(asked.Location)
	if wrong := visitor.Post("/confirm", webtest.With(page.Form("/confirm"), "password", "not mine")); wrong.Status != http.StatusUnprocessableEntity || len(wrong.Errors()) != 1 {
		t.Errorf("a wrong password: %d %v", wrong.Status, wrong.Errors())
	}
	if page := visitor.Get(path); page.Status != http.StatusSeeOther {
		t.Errorf("a wrong password confirms: %d", page.Status)
	}
	before := visitor.Token()
	done := visitor.Post("/confirm", webtest.With(page.Form("/confirm"), "password", password))
	if done.Status != http.StatusSeeOther || done.Location != path {
		t.Fatalf("%d %s", done.Status, done.Location)
	}
	if visitor.Token() == before {
		t.Error("the session keeps its token")
	}
	if page := visitor.Get(path); page.Status != http.StatusOK {
		t.Errorf("afterwards: %d", page.Status)
	}
}

// A form that comes too late loses no word: it waits, and is sent once.
func TestAFormWithAnOldProofWaits(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head, deputy := site.Person(access.Head, "Hal Head"), site.Person(access.Deputy, "Dee Deputy")
	site.Password(head, password)
	visitor := site.As(head)
	const path = "/admin/rules/pep.gap_months"
	form := webtest.With(visitor.Get(path).Form(path), "value", "3", "source", "Board, “Ɓoard” & friends <b>")
	site.Passes(account.FreshFor + time.Second)
	asked := visitor.PostFrom(path, path, form)
	if asked.Status != http.StatusSeeOther || !strings.HasPrefix(asked.Location, "/confirm?held=") {
		t.Fatalf("%d %s", asked.Status, asked.Location)
	}
	page := visitor.Get(asked.Location)
	if back := page.Find("a.govuk-link[href='" + path + "']").Length(); page.Status != http.StatusOK || back != 1 {
		t.Errorf("%d, %d ways back: %s", page.Status, back, page.Says())
	}
	if stolen := site.As(deputy).Post("/confirm", url.Values{"held": page.Form("/confirm")["held"]}); stolen.Status != http.StatusSeeOther || stolen.Location != "/" {
		t.Errorf("somebody else's form: %d %s", stolen.Status, stolen.Location)
	}
	set := func() int64 { return site.ID(`select count(*) from policy_value where key = 'pep.gap_months'`) }
	if set() != 0 {
		t.Fatal("it was sent before anybody confirmed")
	}
	confirm := webtest.With(page.Form("/confirm"), "password", password)
	if done := visitor.Post("/confirm", confirm); done.Status != http.StatusSeeOther || done.Location != "/admin/rules" {
		t.Fatalf("%d %s %s", done.Status, done.Location, done.Says())
	}
	if source := site.ID(`select count(*) from policy_value where source = 'Board, “Ɓoard” & friends <b>'`); source != 1 {
		t.Error("a word was lost")
	}
	if again := visitor.Post("/confirm", confirm); again.Status != http.StatusSeeOther || set() != 1 {
		t.Errorf("sent twice: %d, %d values", again.Status, set())
	}
	if visitor.Post(path, form); set() != 1 {
		t.Errorf("the form itself sent again makes %d values", set())
	}
}

// What is wrong with a form is said after confirming, with everything that was typed.
func TestAWaitingFormComesBackFilledIn(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.Person(access.Head, "Hal Head")
	site.Password(head, password)
	visitor := site.Stale(head)
	const path = "/admin/rules/pep.gap_months"
	asked := visitor.Post(path, webtest.With(visitor.Get(path).Form(path), "value", "300", "source", "The board"))
	page := visitor.Post("/confirm", webtest.With(visitor.Get(asked.Location).Form("/confirm"), "password", password))
	if page.Status != http.StatusUnprocessableEntity || page.Find("input[name=source]").AttrOr("value", "") != "The board" || page.Find("input[name=value]").AttrOr("value", "") != "300" {
		t.Fatalf("%d %v", page.Status, page.Errors())
	}
	if done := visitor.Post(path, webtest.With(page.Form(path), "value", "3")); done.Status != http.StatusSeeOther || done.Location != "/admin/rules" {
		t.Errorf("%d %s", done.Status, done.Location)
	}
}

func TestADownloadIsOfferedAfterConfirming(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.Person(access.Head, "Hal Head")
	site.Password(head, password)
	visitor := site.Stale(head)
	asked := visitor.Get("/children.csv")
	done := visitor.Post("/confirm", webtest.With(visitor.Get(asked.Location).Form("/confirm"), "password", password))
	page := visitor.Get(done.Location)
	if page.Status != http.StatusOK || page.Find("a.govuk-button[href='/children.csv']").Length() != 1 {
		t.Fatalf("%d %s", page.Status, page.Says())
	}
	if file := visitor.Get("/children.csv"); file.Status != http.StatusOK || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%d %s", file.Status, file.Header.Get("Content-Type"))
	}
}

// Whatever the address of the page says, it leads nowhere else.
func TestConfirmingLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.Person(access.Head, "Hal Head")
	site.Password(head, password)
	for _, foreign := range []string{"https://evil.test/", "//evil.test/", `/\evil.test`, "/confirm\r\nX: y", "javascript:alert(1)", "/sign-in?then=//evil.test"} {
		page := site.Stale(head).Get("/confirm?then=" + url.QueryEscape(foreign) + "&from=" + url.QueryEscape(foreign))
		if link := page.Find("main a.govuk-link").AttrOr("href", ""); page.Status != http.StatusOK || link != "/" {
			t.Errorf("%q: %d, the way back is %q", foreign, page.Status, link)
		}
		if page := site.As(head).Get("/confirm?then=" + url.QueryEscape(foreign)); page.Location != "/" {
			t.Errorf("%q leads to %q", foreign, page.Location)
		}
	}
	for _, held := range []string{"1", "-1", "0", "x", "99999999999999999999", "1 or 1=1", "%00"} {
		if page := site.As(head).Post("/confirm", url.Values{"held": {held}}); page.Status != http.StatusSeeOther {
			t.Errorf("held=%s: %d", held, page.Status)
		}
		if page := site.Stale(head).Get("/confirm?held=" + url.QueryEscape(held)); page.Status >= 400 {
			t.Errorf("held=%s: %d", held, page.Status)
		}
	}
}
