package calendars_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func values(form url.Values, pairs ...[]string) url.Values {
	for _, p := range pairs {
		form = webtest.With(form, p...)
	}
	return form
}

func TestATermIsSet(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	one, two := site.As(site.Person(access.Head, "Hal Head")), site.As(site.Person(access.Deputy, "Dee Deputy"))
	page := one.Get("/admin/calendars")
	if page.Status != 200 || !strings.Contains(page.Says(), "Enter the summer term") || strings.Contains(page.Says(), "Enter the spring term of 2026/27") {
		t.Fatalf("%d %s", page.Status, page.Says())
	}
	href, _ := page.Find(`a:contains("Enter the summer term")`).Last().Attr("href")
	form := webtest.With(one.Get(href).Form("/term"), "source", "Council website")
	if form.Get("year") != "2026/27" || form.Get("term") != "summer" {
		t.Fatalf("%v", form)
	}
	starts, ends := webtest.Date("starts", "12", "4", "2027"), webtest.Date("ends", "20", "7", "2027")
	for name, c := range map[string]struct {
		field string
		wrong []string
	}{
		"31 September":   {"starts", webtest.Date("starts", "31", "9", "2026")},
		"turned round":   {"ends", webtest.Date("ends", "1", "4", "2027")},
		"another year":   {"year", []string{"year", "soon"}},
		"half":           {"half_to", webtest.Date("half_from", "31", "5", "2027")},
		"cut-off before": {"cut_off", webtest.Date("cut_off", "1", "1", "2027")},
		"over spring":    {"starts", webtest.Date("starts", "1", "3", "2027")},
		"no source":      {"source", []string{"source", ""}},
		"long source":    {"source", []string{"source", strings.Repeat("é", 10000)}},
	} {
		answer := one.Post("/admin/calendars/term", values(form, starts, ends, c.wrong))
		if answer.Status != 422 || len(answer.Errors()) != 1 || answer.Find("#"+c.field+"-error").Length() != 1 {
			t.Errorf("%s: %d %v", name, answer.Status, answer.Errors())
		}
	}
	if answer := one.Post("/admin/calendars/term", values(form, starts, ends)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if page := one.Get("/admin/calendars"); !strings.Contains(page.Says(), "12 Apr 2027 to 20 Jul 2027") || !strings.Contains(page.Says(), "20 Jul 2027 (last day of term)") {
		t.Error(page.Says())
	}
	change := "/admin/calendars/term?year=2026&term=autumn"
	first, second := one.Get(change).Form("/term"), two.Get(change).Form("/term")
	if first.Get("ends-day") != "18" || first.Get("version") == "" {
		t.Fatalf("%v", first)
	}
	if answer := one.Post("/admin/calendars/term", values(first, webtest.Date("cut_off", "27", "11", "2026"))); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	conflict := two.Post("/admin/calendars/term", values(second, webtest.Date("cut_off", "11", "12", "2026")))
	if conflict.Status != 409 || !strings.Contains(conflict.Says(), "27 Nov 2026") || conflict.Form("/term").Get("cut_off-day") != "11" {
		t.Fatalf("%d %s", conflict.Status, conflict.Says())
	}
	if answer := two.Post("/admin/calendars/term", conflict.Form("/term")); answer.Status != 303 {
		t.Errorf("after comparing: %d %v", answer.Status, answer.Errors())
	}
}

func TestASettingsOwnTerm(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	site.Setting("Meadow School")
	form := values(head.Get("/admin/calendars/term?year=2026&own=yes").Form("/term"), []string{"term", "autumn", "source", "School website", "look", "medow"},
		webtest.Date("starts", "7", "9", "2026"), webtest.Date("ends", "11", "12", "2026"))
	if answer := head.Post("/admin/calendars/term", form); answer.Status != 422 || !strings.Contains(strings.Join(answer.Errors(), " "), "Choose the setting") {
		t.Fatalf("without a setting: %d %v", answer.Status, answer.Errors())
	}
	found := head.Post("/admin/calendars/term", webtest.With(form, "find", "yes"))
	school, offered := found.Find(`input[name="setting"]`).Attr("value")
	if !offered || found.Form("/term").Get("starts-day") != "7" {
		t.Fatalf("%d %s", found.Status, found.Says())
	}
	if answer := head.Post("/admin/calendars/term", webtest.With(found.Form("/term"), "setting", "999999")); answer.Status != 422 {
		t.Errorf("a setting that is not there: %d", answer.Status)
	}
	if answer := head.Post("/admin/calendars/term", webtest.With(found.Form("/term"), "setting", school)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	page := head.Get("/admin/calendars")
	if !strings.Contains(page.Says(), "Meadow School") || !strings.Contains(page.Says(), "7 Sept 2026") && !strings.Contains(page.Says(), "7 Sep 2026") {
		t.Fatal(page.Says())
	}
	if answer := head.Post("/admin/calendars/term/remove", page.Form("/term/remove")); answer.Status != 303 {
		t.Errorf("%d", answer.Status)
	}
	if page := head.Get("/admin/calendars"); strings.Contains(page.Find("main").Text(), "Meadow School") {
		t.Error("the setting's own term is still there")
	}
}

func TestClosedDays(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	site.Setting("Meadow School")
	form := head.Get("/admin/calendars/closed-days").Form("/closed-days")
	if answer := head.Post("/admin/calendars/closed-days", form); answer.Status != 422 || len(answer.Errors()) != 2 {
		t.Errorf("nothing typed: %d %v", answer.Status, answer.Errors())
	}
	form = values(form, []string{"reason", "Staff training", "look", "meadow"}, webtest.Date("day", "30", "11", "2026"))
	found := head.Post("/admin/calendars/closed-days", webtest.With(form, "find", "yes"))
	school, offered := found.Find(`input[name="setting"]`).Last().Attr("value")
	if !offered || school == "0" {
		t.Fatal(found.Says())
	}
	if answer := head.Post("/admin/calendars/closed-days", webtest.With(found.Form("/closed-days"), "setting", school)); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	page := head.Get("/admin/calendars")
	if !strings.Contains(page.Says(), "Monday 30 November 2026") || !strings.Contains(page.Says(), "Staff training") {
		t.Fatal(page.Says())
	}
	remove := page.Form("/closed-days/remove")
	for range 2 { // a second press does no harm
		if answer := head.Post("/admin/calendars/closed-days/remove", remove); answer.Status != 303 {
			t.Errorf("%d", answer.Status)
		}
	}
	if page := head.Get("/admin/calendars"); strings.Contains(page.Says(), "Staff training") {
		t.Error("the day is still there")
	}
}

func TestOnlyTheHeadAndTheDeputy(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	for _, role := range access.Roles {
		want := 403
		if role == access.Head || role == access.Deputy {
			want = 200
		}
		if got := site.As(site.Person(role, "Person "+string(role))).Get("/admin/calendars").Status; got != want {
			t.Errorf("%s: %d", role, got)
		}
	}
}

// send uploads a file the way a browser does.
func send(t *testing.T, site *webtest.Site, visitor *webtest.Visitor, path, field, content string, form url.Values) *webtest.Page {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, list := range form {
		for _, value := range list {
			if err := parts.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if content != "" {
		file, err := parts.CreateFormFile(field, "file.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, site.HTTP.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", parts.FormDataContentType())
	answer, err := visitor.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	document, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return &webtest.Page{Document: document, Status: answer.StatusCode, Location: answer.Header.Get("Location")}
}

const termFile = "academic_year,term,starts,half_term_from,half_term_to,ends\n2026/27,summer,2027-04-12,,,2027-07-20\n2026/27,winter,2027-04-12,,,2027-07-20\n2026/27,autumn,2026-09-01,,,2026-12-18\n"

func TestFiles(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	form := func() url.Values {
		return webtest.With(head.Get("/admin/calendars/files").Form("/term-dates"), "source", "Council website")
	}
	for name, content := range map[string]string{"nothing": "", "not text": "\xff\xfe\x00", "another file": "a,b\n1,2\n"} {
		if answer := send(t, site, head, "/admin/calendars/term-dates", "terms", content, form()); answer.Status != 422 || answer.Find("#terms-error").Length() != 1 {
			t.Errorf("%s: %d %v", name, answer.Status, answer.Errors())
		}
	}
	if answer := send(t, site, head, "/admin/calendars/term-dates", "terms", strings.Repeat("x", 1<<20), form()); answer.Status != 422 || len(answer.Errors()) != 1 || answer.Form("/term-dates").Get("source") != "Council website" {
		t.Errorf("a large file: %d %v", answer.Status, answer.Errors())
	}
	same := form()
	var preview *webtest.Page
	for range 2 { // looked at twice from one page
		preview = send(t, site, head, "/admin/calendars/term-dates", "terms", termFile, same)
		if preview.Status != 200 || !strings.Contains(preview.Says(), "1 new, 0 changed, 1 the same, 1 line left out") || !strings.Contains(preview.Says(), "must be autumn, spring or summer") {
			t.Fatalf("%d %s", preview.Status, preview.Says())
		}
	}
	if n := site.ID(`select count(*) from term where name = 'summer'`); n != 0 {
		t.Fatal("looking stored it")
	}
	if answer := head.Post("/admin/calendars/term-dates/apply", preview.Form("/apply")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if n := site.ID(`select count(*) from term where name = 'summer' and source = 'Council website'`); n != 1 {
		t.Error("it was not stored")
	}
	holidays := head.Get("/admin/calendars/files").Form("/bank-holidays")
	if answer := send(t, site, head, "/admin/calendars/bank-holidays", "holidays", "{}", holidays); answer.Status != 422 || answer.Find("#holidays-error").Length() != 1 {
		t.Errorf("no holidays: %d %v", answer.Status, answer.Errors())
	}
	if answer := send(t, site, head, "/admin/calendars/bank-holidays", "holidays", `{"england-and-wales":{"events":[{"title":"Jubilee","date":"2026-11-30"}]}}`, holidays); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if page := head.Get("/admin/calendars"); !strings.Contains(page.Says(), "Jubilee") || !strings.Contains(page.Says(), "GOV.UK list") {
		t.Error(page.Says())
	}
}
