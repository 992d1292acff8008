package rights_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/pdf"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// press keeps what it is given, so that a test reads all that goes on paper.
type press struct{ printed *strings.Builder }

func (press) Available() bool { return true }
func (p press) Print(_ context.Context, document pdf.Document) ([]byte, error) {
	p.printed.WriteString(document.Title)
	for _, part := range document.Parts {
		p.printed.WriteString(part.Head + part.Foot + string(part.Body))
	}
	return []byte("%PDF-test"), nil
}

type office struct {
	*webtest.Site
	t                  *testing.T
	child              int64
	path               string
	printed            *strings.Builder
	head, deputy, lead *webtest.Visitor
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Site: webtest.New(t), t: t, printed: &strings.Builder{}}
	o.PrintWith(press{o.printed})
	o.child = o.Child("Maya", "Okafor", "2010-03-04")
	o.head, o.deputy, o.lead = o.As(o.Person(access.Head, "Hal Head")), o.As(o.Person(access.Deputy, "Dana Deputy")), o.As(o.Person(access.LeadAdvisor, "Lee Lead"))
	o.path = "/children/" + webtest.Number(o.child) + "/subject-access"
	return o
}

func (o *office) asked(pairs ...string) url.Values {
	form := webtest.With(o.lead.Get(o.path+"/new").Form("/subject-access/new"), "asked_by", "parent", "asked_name", "Margaret-Anne Fitzwilliam-Okonkwo", "came_how", "letter")
	return webtest.With(webtest.With(form, webtest.Date("received", "20", "11", "2026")...), pairs...)
}

func (o *office) log() string {
	o.t.Helper()
	answer := o.lead.Post(o.path+"/new", o.asked())
	if answer.Status != 303 {
		o.t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	return answer.Location
}

func (o *office) sends(who *webtest.Visitor, request, below string, pairs ...string) *webtest.Page {
	o.t.Helper()
	return who.Post(request+below, webtest.With(who.Get(request).Form(request+below), pairs...))
}

const canary = "Zanzibar"

func TestARequestOnItsWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	author := o.Person(access.Advisor, "Ada Author")
	o.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '2026-11-02', 'call', $2, $3, '2026-11-03')`, o.child, "Rang. [["+canary+" is her brother.]] All well.", author.ID)
	if says := o.head.Get("/rights/subject-access").Says(); !strings.Contains(says, "Nobody waits for an answer") {
		t.Error(says)
	}
	request := o.log()
	if says := o.lead.Get(request).Says(); !strings.Contains(says, "Sunday 20 December 2026") || !strings.Contains(says, "First say how you checked who asks") {
		t.Error(says)
	}
	if bad := o.sends(o.lead, request, "/identity", append(webtest.Date("identity", "31", "9", "2026"), "identity_how", "Passport seen")...); bad.Status != 422 || bad.Form("/identity").Get("identity_how") != "Passport seen" || len(bad.Errors()) == 0 {
		t.Errorf("31 September: %d %v", bad.Status, bad.Errors())
	}
	if done := o.sends(o.lead, request, "/identity", append(webtest.Date("identity", "23", "11", "2026"), "identity_how", "Passport seen", "entitled", "Has parental responsibility")...); done.Status != 303 {
		t.Fatalf("identity: %d %v", done.Status, done.Errors())
	}
	part := o.lead.Get(request + "/parts/notes")
	if part.Find("del").Length() != 1 || !strings.Contains(part.Says(), "Left out: marked by who wrote it") {
		t.Error(part.Says())
	}
	text := part.Find(`a[href*="/texts/"]`).AttrOr("href", "")
	form := o.lead.Get(text).Form(text)
	if bad := o.lead.Post(text, webtest.With(form, "words", "Rang. [[Other words.]] All well.")); bad.Status != 422 || bad.Form(text).Get("words") != "Rang. [[Other words.]] All well." {
		t.Errorf("other words: %d %v", bad.Status, bad.Errors())
	}
	if done := o.lead.Post(text, webtest.With(form, "words", "[[Rang. "+canary+" is her brother.]] All well.", "reason", "third_party", "why", canary)); done.Status != 303 || done.Location != request+"/parts/notes" {
		t.Fatalf("deciding: %d %v", done.Status, done.Errors())
	}
	o.reads(request)
	if done := o.sends(o.deputy, request, "/copy"); done.Status != 303 {
		t.Fatalf("the copy: %d %v", done.Status, done.Errors())
	}
	o.copied(request)
	if done := o.sends(o.head, request, "/release"); done.Status != 422 || !strings.Contains(done.Says(), "Look at the copy before you release it") {
		t.Errorf("released unseen: %d", done.Status)
	}
	if page := o.deputy.Get(request); page.Find(`form[action$="/release"]`).Length() != 0 || !strings.Contains(page.Says(), "somebody else than who prepared it") {
		t.Error("who prepared is offered to release")
	}
	if done := o.sends(o.head, request, "/release", "looked", "yes"); done.Status != 303 {
		t.Fatalf("releasing: %d %v", done.Status, done.Errors())
	}
	if done := o.sends(o.lead, request, "/hand-over", append(webtest.Date("handed", "23", "11", "2026"), "handed_how", "Printed, at the office")...); done.Status != 303 {
		t.Fatalf("handing over: %d %v", done.Status, done.Errors())
	}
	if says := o.head.Get(o.path).Says(); !strings.Contains(says, "Handed over") {
		t.Error(says)
	}
	if says := o.head.Get("/rights/subject-access").Says(); !strings.Contains(says, "Maya Okafor") || !strings.Contains(says, "Nobody waits") {
		t.Error(says)
	}
}

// reads goes through every part that has texts in it.
func (o *office) reads(request string) {
	o.t.Helper()
	page := o.lead.Get(request)
	for range 20 {
		part := page.Find(`.govuk-task-list__item:has(.govuk-tag) a`).First().AttrOr("href", "")
		if part == "" {
			return
		}
		if done := o.lead.Post(part, o.lead.Get(part).Form(part)); done.Status != 303 {
			o.t.Fatalf("%s: %d %v", part, done.Status, done.Errors())
		}
		page = o.lead.Get(request)
	}
	o.t.Fatal("there is no end of parts to read")
}

// copied looks at all that the copy is made of.
func (o *office) copied(request string) {
	o.t.Helper()
	file := o.head.Get(request + "/files/1")
	if file.Status != 200 || file.Header.Get("Content-Type") != "application/pdf" || file.Header.Get("Content-Disposition") != `attachment; filename="record.pdf"` {
		o.t.Errorf("%d %v", file.Status, file.Header)
	}
	data := o.head.Get(request + "/files/2")
	for name, text := range map[string]string{"the paper": o.printed.String(), "the data": data.Body} {
		if strings.Contains(text, canary) || !strings.Contains(text, "[left out] All well.") || !strings.Contains(text, "Okafor") {
			o.t.Errorf("%s: what was left out is in it: %v", name, strings.Contains(text, canary))
		}
	}
	if missing := o.head.Get(request + "/files/9"); missing.Status != 404 {
		o.t.Errorf("a file that is not there: %d", missing.Status)
	}
	if asked := o.ID(`select count(*) from audit_change where subject = 'subject_access' and action = 'fetched a file'`); asked != 2 {
		o.t.Errorf("%d fetches are written down", asked)
	}
}

func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, pairs := range map[string][]string{
		"nobody asks":       {"asked_by", ""},
		"an odd asker":      {"asked_by", "cat"},
		"no name":           {"asked_name", " "},
		"a null byte":       {"asked_name", "a\x00b"},
		"10,000 characters": {"asked_name", strings.Repeat("é", 10_000)},
		"tomorrow":          webtest.Date("received", "24", "11", "2026"),
		"31 September":      webtest.Date("received", "31", "9", "2026"),
		"years ago":         webtest.Date("received", "1", "9", "2019"),
	} {
		typed := o.asked(pairs...)
		page := o.lead.Post(o.path+"/new", typed)
		if page.Status != 422 || len(page.Errors()) == 0 || page.Form("/new").Get("received-day") != typed.Get("received-day") {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
		}
	}
	request := o.log()
	for _, below := range []string{"/identity", "/extension", "/close"} {
		if page := o.sends(o.lead, request, below); page.Status != 422 || len(page.Errors()) == 0 {
			t.Errorf("%s with nothing typed: %d", below, page.Status)
		}
	}
	stale := o.lead.Get(request).Form(request + "/close")
	if done := o.sends(o.head, request, "/extension", "extension_reason", "There is much of it"); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if page := o.lead.Post(request+"/close", webtest.With(stale, "closed_words", "My own words")); page.Status != 409 || page.Form("/close").Get("closed_words") != "My own words" || !strings.Contains(page.Says(), "has moved on") {
		t.Errorf("stale: %d %s", page.Status, page.Says())
	}
	if page := o.lead.Post(request+"/copy", o.lead.Get(request).Form(request+"/close")); page.Status != 409 || !strings.Contains(page.Says(), "First say how you checked who asks") {
		t.Errorf("a copy too soon: %d", page.Status)
	}
	for _, odd := range []string{"/parts/nothing", "/texts/note-1-2", "/texts/x'y", "/files/0", "/files/99999999999999999999", "x"} {
		if page := o.lead.Get(request + odd); page.Status != 404 {
			t.Errorf("%s: %d", odd, page.Status)
		}
	}
	if page := o.lead.Post(request+"/parts/notes", webtest.With(o.lead.Get(request).Form(request+"/close"), "seen", "zz")); page.Status != 409 {
		t.Errorf("a part read unseen: %d", page.Status)
	}
}

func TestNotTheirsIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	request := o.log()
	o.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, o.child)
	for _, below := range []string{"", "/parts/notes", "/files/1"} {
		if page := o.head.Get(request + below); page.Status != 404 {
			t.Errorf("%s of a record restricted to others: %d", below, page.Status)
		}
	}
	if says := o.head.Get("/rights/subject-access").Says(); strings.Contains(says, "Okafor") {
		t.Error("the list names a child whose record is restricted to others")
	}
	other := o.Child("Ben", "Other", "2010-03-04")
	id := request[strings.LastIndex(request, "/")+1:]
	if page := o.head.Get(fmt.Sprintf("/children/%d/subject-access/%s", other, id)); page.Status != 404 {
		t.Errorf("under another child: %d", page.Status)
	}
}

func TestWhereNoPDFIsMade(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	request := o.log()
	o.PrintWith(pdf.None)
	if says := o.lead.Get(request).Says(); !strings.Contains(says, "cannot make PDF files") {
		t.Error(says)
	}
}

func TestTheRegisterOfProcessing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	page := o.head.Get("/rights/register")
	for _, want := range []string{"Personal Education Plans", "article 9(2)(g)", "75th anniversary", "Independent Reviewing Officer", "Test Council"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the register does not say %q", want)
		}
	}
	if file := o.head.Get("/rights/register.csv"); file.Status != 200 || strings.Count(file.Body, "\r\n") != page.Find("h2.vs-section__title").Length()+1 || !strings.Contains(file.Body, "Targets") {
		t.Errorf("the file: %d, %d lines", file.Status, strings.Count(file.Body, "\r\n"))
	}
	if hub := o.head.Get("/rights"); hub.Find(`main a[href="/rights/register"]`).Length() != 1 {
		t.Error("nothing leads to the register")
	}
}
