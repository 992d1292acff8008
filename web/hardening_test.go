package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/clamav"
	"virtualschool/internal/clamav/clamtest"
	"virtualschool/web"
	"virtualschool/web/webtest"
)

// TestWhatAnotherSiteAsksForIsNotSent: a link that is followed leads to a page, and to nothing else; a file is
// sent to our own pages alone.
//
// ASVS 5.0: 3.2.1, 3.5.8
func TestWhatAnotherSiteAsksForIsNotSent(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := cookieOf(t, s, s.Person(access.Head, "Hana Head"))
	child := s.Child("Ada", "Ash", "2014-01-05")
	page := fmt.Sprintf("/children/%d", child)
	for _, c := range []struct {
		path, site, mode, dest string
		status                 int
	}{
		{page, "none", "navigate", "document", 200},
		{page, "same-origin", "navigate", "document", 200},
		{page, "cross-site", "navigate", "document", 200}, // a link in mail
		{page, "", "", "", 200},                           // an old browser
		{page, "cross-site", "no-cors", "image", 403},
		{page, "cross-site", "no-cors", "script", 403},
		{page, "cross-site", "navigate", "iframe", 403},
		{page, "cross-site", "navigate", "object", 403},
		{page, "cross-site", "cors", "empty", 403},
		{page, "same-site", "no-cors", "image", 403},
		{"/children.csv", "same-origin", "navigate", "document", 200},
		{"/children.csv", "none", "navigate", "document", 200},
		{"/children.csv", "cross-site", "navigate", "document", 403},
		{"/children.csv", "same-site", "navigate", "document", 403},
		{"/children.csv", "cross-site", "no-cors", "image", 403},
	} {
		answer := ask(s.Server, "GET", c.path, "", "Cookie", head, "Sec-Fetch-Site", c.site, "Sec-Fetch-Mode", c.mode, "Sec-Fetch-Dest", c.dest)
		if answer.Code != c.status || c.status == 403 && strings.Contains(answer.Body.String(), "Ash") {
			t.Errorf("%s from %s by %s to %s: %d, want %d", c.path, c.site, c.mode, c.dest, answer.Code, c.status)
		}
	}
}

// TestThePolicySaysWhereToReport, and the place is open to strangers and keeps nothing.
//
// ASVS 5.0: 3.4.7
func TestThePolicySaysWhereToReport(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	answer := ask(s.Server, "GET", "/sign-in", "")
	if policy := answer.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "report-uri /csp-report") || !strings.Contains(policy, "report-to csp") {
		t.Errorf("the policy is %q", policy)
	}
	if at := answer.Header().Get("Reporting-Endpoints"); at != `csp="/csp-report"` {
		t.Errorf("reports go to %q", at)
	}
	sent := ask(s.Server, "POST", "/csp-report", `{"csp-report":{"document-uri":"http://localhost:8080/children/771","effective-directive":"img-src","blocked-uri":"https://evil.example/771"}}`)
	if sent.Code != http.StatusNoContent || sent.Body.Len() > 0 || len(sent.Result().Cookies()) > 0 {
		t.Errorf("%d %s", sent.Code, sent.Body)
	}
	if log := s.Log.String(); !strings.Contains(log, "https://evil.example") || strings.Contains(log, "771") {
		t.Errorf("the log says %s", log)
	}
	if got := ask(s.Server, "GET", "/csp-report", ""); got.Code != http.StatusMethodNotAllowed && got.Code != http.StatusNotFound {
		t.Errorf("looking at it answers %d", got.Code)
	}
}

// sendsPapers is a request for money that files can be sent to, and who may send them.
func sendsPapers(t *testing.T, s *webtest.Site) (ann *webtest.Visitor, path string, papers func() int64) {
	t.Helper()
	advisor := s.Person(access.Advisor, "Ann Advisor")
	child, school := s.Child("Ada", "Ash", "2014-01-05"), s.Setting("Oak")
	s.Allocate(child, "advisor", advisor, "[2026-01-01,)")
	s.Exec(`insert into premium_year (financial_year) values (2026)`)
	request := s.ID(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		values ($1, $2, 2026, 'mentoring', 'x', 'y', 5000, $3, $4) returning id`, child, school, advisor.ID, webtest.Now)
	return s.As(advisor), fmt.Sprintf("/children/%d/premium/%d/documents", child, request), func() int64 { return s.ID(`select count(*) from document`) }
}

// TestAFileWithAVirusIsNotTaken, nor is one that nobody could look at.
//
// ASVS 5.0: 5.4.3
func TestAFileWithAVirusIsNotTaken(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	ann, path, papers := sendsPapers(t, s)
	with := func(socket string) {
		options := s.Options
		options.Scanner = clamav.Client{Socket: socket}
		s.HTTP.Config.Handler = web.New(options)
	}
	with(clamtest.Start(t))
	if page := ann.PostFile(path, url.Values{}, "file", "quote.txt", clamtest.EICAR); page.Status != 422 || !strings.Contains(page.Says(), "carries a virus") {
		t.Errorf("the test virus: %d %s", page.Status, page.Errors())
	}
	if page := ann.PostFile(path, url.Values{}, "file", "quote.txt", "Ten hours"); page.Status != 303 || papers() != 1 {
		t.Errorf("a clean file: %d %v, %d kept", page.Status, page.Errors(), papers())
	}
	with("127.0.0.1:1")
	if page := ann.PostFile(path, url.Values{}, "file", "quote.txt", "Ten hours"); page.Status != 422 || !strings.Contains(page.Says(), "could not be checked") || papers() != 1 {
		t.Errorf("without the scanner: %d %v, %d kept", page.Status, page.Errors(), papers())
	}
}

// TestAPictureIsKeptWithoutWhatIsHiddenInIt.
//
// ASVS 5.0: 14.2.8
func TestAPictureIsKeptWithoutWhatIsHiddenInIt(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	ann, path, papers := sendsPapers(t, s)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	if page := ann.PostFile(path, url.Values{}, "file", "quote.png", picture.String()+"Kanarienvogel"); page.Status != 303 || papers() != 1 {
		t.Fatalf("%d %v", page.Status, page.Errors())
	}
	if n := s.ID(`select count(*) from document where position('Kanarienvogel'::bytea in content) = 0 and bytes = length(content) and sha256 = sha256(content)`); n != 1 {
		t.Error("what was behind the picture is kept, or its size and sum are those of another file")
	}
}

// TestAFormSetsWhatItListsAndNothingElse sends fields that no form has, fields twice, and fields in the address.
//
// ASVS 5.0: 15.3.3, 15.3.7
func TestAFormSetsWhatItListsAndNothingElse(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head, advisor := s.Person(access.Head, "Hana Head"), s.Person(access.Advisor, "Ada Advisor")
	child, other := s.Child("Ada", "Ash", "2014-01-05"), s.Child("Ben", "Birch", "2014-01-05")
	browser := s.As(head)
	note := fmt.Sprintf("/children/%d/notes", child)
	form := webtest.With(browser.Get(note).Form(note), append(webtest.Date("on", "20", "11", "2026"), "kind", "call", "words", "First", "third_party", "child")...)
	for name, value := range map[string]string{"id": "7", "child_id": fmt.Sprint(other), "childID": fmt.Sprint(other), "child": fmt.Sprint(other), "written_by": fmt.Sprint(advisor.ID), "account": fmt.Sprint(advisor.ID), "source": "903", "written_at": "2001-01-01"} {
		form.Set(name, value)
	}
	form.Add("words", "Second")
	if done := browser.Post(note+"?words=Third&kind=visit", form); done.Status != http.StatusSeeOther {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if got := s.Text(`select child_id || ' ' || written_by || ' ' || kind || ' ' || words || ' ' || (written_at > '2026-01-01')::text from note`); got != fmt.Sprintf("%d %d call First true", child, head.ID) {
		t.Errorf("kept: %s", got)
	}
	edit := fmt.Sprintf("/admin/accounts/%d/edit", advisor.ID)
	form = webtest.With(browser.Get(edit).Form(edit), "name", "Ada Adviser", "role", "advisor", "state", "ended", "email", "evil@x.test", "password_hash", "x", "id", fmt.Sprint(head.ID))
	form.Add("role", "head")
	if done := browser.Post(edit+"?role=head", form); done.Status != http.StatusSeeOther {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if got := s.Text(`select name || ' ' || role || ' ' || state || ' ' || (email = $2)::text from account where id = $1`, advisor.ID, advisor.Email); got != "Ada Adviser advisor active true" {
		t.Errorf("kept: %s", got)
	}
}
