package audits_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/web/webtest"
)

// pried is a site where a lead advisor opened the record of a child with their surname, twice in the evening.
func pried(t *testing.T) (site *webtest.Site, head, lead *webtest.Visitor, maya int64) {
	site = webtest.New(t)
	hal, lena := site.Person(access.Head, "Hal Head"), site.Person(access.LeadAdvisor, "Lena Okafor")
	maya = site.Child("Maya", "Okafor", "2015-03-02")
	for n, at := range []string{"2026-11-18 21:30Z", "2026-11-19 21:30Z"} {
		site.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id) values ($1::text::timestamptz, $2, $3, 'child', $4)`, at, lena.ID, maya, fmt.Sprintf("%016x", n))
	}
	if _, err := site.Options.Services.Looking.Week(t.Context(), calendar.MustParse("2026-11-16")); err != nil {
		t.Fatal(err)
	}
	return site, site.As(hal), site.As(lena), maya
}

func TestWhatIsOutOfTheUsualIsReviewed(t *testing.T) {
	t.Parallel()
	site, head, lead, maya := pried(t)
	if home := head.Get("/"); !strings.Contains(home.Says(), "out of the usual waits for you: 1 person") {
		t.Errorf("the head's home says nothing: %s", home.Says())
	}
	page := head.Get("/audit/unusual")
	for _, words := range []string{"Lena Okafor, week of 16 November 2026", "The same surname as the reader", "Maya Okafor (2 looks on 2 days)", "A child whom nobody else looks at", "How this is found"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("%q is not on the page: %s", words, page.Says())
		}
	}
	if week := page.Find(`a:contains("All looks of that week")`).AttrOr("href", ""); !strings.Contains(head.Get(week).Says(), "18 November 2026") {
		t.Errorf("%s does not show the looks", week)
	}
	if n := site.ID(`select count(*) from audit_look where screen = 'unusual looking' and child_id = $1`, maya); n != 1 {
		t.Errorf("%d looks at the child on the page", n)
	}
	action := page.Find(`form[action^="/audit/unusual/"]`).AttrOr("action", "")
	id := strings.TrimPrefix(action, "/audit/unusual/")
	form := page.Form(action)
	for name, c := range map[string]struct{ verdict, words string }{"no verdict": {"", "x"}, "another": {"guilty", "x"}, "no words": {"ask", ""}, "too many": {"ask", strings.Repeat("x", 2001)}, "NUL": {"ask", "a\x00b"}} {
		sent := head.Post(action, webtest.With(form, "verdict_"+id, c.verdict, "words_"+id, c.words))
		if sent.Status != 422 || len(sent.Errors()) == 0 || sent.Find("textarea[name=words_"+id+"]").Text() == "" && c.words != "" {
			t.Errorf("%s: %d %v", name, sent.Status, sent.Errors())
		}
	}
	if sent := lead.Post(action, form); sent.Status != 403 {
		t.Errorf("who was found answers for themselves: %d", sent.Status)
	}
	if sent := head.Post(action, webtest.With(form, "verdict_"+id, "not_fine", "words_"+id, "They are cousins.")); sent.Status != 303 {
		t.Fatalf("%d %v", sent.Status, sent.Errors())
	}
	if left := head.Get("/audit/unusual"); !strings.Contains(left.Says(), "Nothing to review") {
		t.Errorf("%s", left.Says())
	}
	if kept := head.Get("/audit/unusual?show=reviewed"); !strings.Contains(kept.Says(), "They are cousins.") || !strings.Contains(kept.Says(), "Not fine: this goes further (Hal Head)") {
		t.Errorf("%s", kept.Says())
	}
	if again := head.Post(action, webtest.With(form, "key", "", "verdict_"+id, "fine")); again.Status != 409 {
		t.Errorf("a page from before answers %d", again.Status)
	}
}

func TestNobodySeesWhatWasFoundAboutThemselves(t *testing.T) {
	t.Parallel()
	site, _, _, maya := pried(t)
	hana := site.Person(access.Head, "Hana Okafor")
	site.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id) values ('2026-11-18 10:00Z', $1, $2, 'child', 'x')`, hana.ID, maya)
	if _, err := site.Options.Services.Looking.Week(t.Context(), calendar.MustParse("2026-11-16")); err != nil {
		t.Fatal(err)
	}
	deputy := site.As(site.Person(access.Deputy, "Dana Deputy")).Get("/audit/unusual")
	own := site.As(hana).Get("/audit/unusual")
	if !strings.Contains(deputy.Says(), "Hana Okafor, week") || strings.Contains(own.Says(), "Hana Okafor, week") || !strings.Contains(own.Says(), "Lena Okafor, week") {
		t.Errorf("the deputy: %s; herself: %s", deputy.Says(), own.Says())
	}
	id := site.ID(`select id from unusual_week where account_id = $1`, hana.ID)
	if sent := site.As(hana).Post(fmt.Sprintf("/audit/unusual/%d", id), url.Values{fmt.Sprintf("verdict_%d", id): {"fine"}, "version": {"1"}}); sent.Status != 404 {
		t.Errorf("she reviews herself: %d", sent.Status)
	}
}
