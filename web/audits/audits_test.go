package audits_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// arranged is a site with a change and looks at a child who is seen and one who is hidden from the head.
func arranged(t *testing.T) (site *webtest.Site, head, deputy *webtest.Visitor, ann access.Actor, maya, hidden int64) {
	site = webtest.New(t)
	ann = site.Person(access.Advisor, "Ann Advisor")
	hal := site.Person(access.Head, "Hal Head")
	maya, hidden = site.Child("Maya", "Okafor", "2015-03-02"), site.Child("Kanarien", "Vogel", "2015-03-02")
	for _, child := range []int64{maya, hidden} {
		site.Allocate(child, "advisor", ann, "[2026-01-01,)")
		path := fmt.Sprintf("/children/%d", child)
		advisor := site.As(ann)
		form := advisor.Get(path + "/edit").Form("/edit")
		form.Set("preferred_name", "Birdie")
		if page := advisor.Post(path+"/edit", form); page.Status != 303 {
			t.Fatalf("%d %v", page.Status, page.Errors())
		}
	}
	site.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, hidden)
	return site, site.As(hal), site.As(site.Person(access.Deputy, "Dana Deputy")), ann, maya, hidden
}

func TestTheLogTellsFieldByField(t *testing.T) {
	t.Parallel()
	_, head, _, ann, maya, _ := arranged(t)
	for _, path := range []string{"/audit", fmt.Sprintf("/audit/people/%d", ann.ID), fmt.Sprintf("/children/%d/history", maya)} {
		page := head.Get(path)
		if page.Status != 200 || !strings.Contains(page.Says(), "Record: edited") || !strings.Contains(page.Says(), "Preferred name") || !strings.Contains(page.Says(), "became Birdie") {
			t.Errorf("%s: %d %s", path, page.Status, page.Says())
		}
		looks := head.Get(page.Find(`.moj-sub-navigation a:contains("Looks")`).AttrOr("href", "none"))
		if looks.Status != 200 || !strings.Contains(looks.Says(), "Edit") {
			t.Errorf("%s, looks: %d %s", path, looks.Status, looks.Says())
		}
	}
}

func TestHiddenChildrenAreNotInTheLog(t *testing.T) {
	t.Parallel()
	site, head, _, ann, _, hidden := arranged(t)
	for _, path := range []string{"/audit", "/audit?log=looks", fmt.Sprintf("/audit/people/%d", ann.ID), fmt.Sprintf("/audit/people/%d?log=looks", ann.ID)} {
		if page := head.Get(path); strings.Contains(page.Body, "Vogel") || strings.Contains(page.Body, fmt.Sprintf("/children/%d/", hidden)) {
			t.Errorf("%s tells of a child who is hidden from the head", path)
		}
	}
	if page := head.Get(fmt.Sprintf("/children/%d/history", hidden)); page.Status != 404 {
		t.Errorf("the history of a hidden child answers %d", page.Status)
	}
	named := site.Person(access.Head, "Nora Named")
	site.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, hidden, named.ID)
	if page := site.As(named).Get("/audit"); !strings.Contains(page.Body, "Vogel") {
		t.Error("who is named on the record does not find it in the log")
	}
}

func TestReadingTheLogIsLooking(t *testing.T) {
	t.Parallel()
	site, head, _, _, maya, _ := arranged(t)
	head.Get("/audit")
	head.Get("/audit?log=looks")
	if n := site.ID(`select count(*) from audit_look where screen = 'audit' and child_id = $1`, maya); n != 2 {
		t.Errorf("%d looks, not 2", n)
	}
}

// TestNamesAreSearchedWithoutStandingInTheAddress shows these requirements.
//
// ASVS 5.0: 14.2.1
func TestNamesAreSearchedWithoutStandingInTheAddress(t *testing.T) {
	t.Parallel()
	_, head, deputy, _, _, _ := arranged(t)
	answer := head.Post("/audit/search", map[string][]string{"q": {"Okafor"}})
	if answer.Status != 303 || strings.Contains(answer.Location, "Okafor") {
		t.Fatalf("%d to %s", answer.Status, answer.Location)
	}
	if page := head.Get(answer.Location); !strings.Contains(page.Says(), "Birdie") || page.Find("tbody tr").Length() != 1 {
		t.Errorf("%s", page.Says())
	}
	answer = head.Post("/audit/search", map[string][]string{"q": {"nobody of that name"}})
	if page := head.Get(answer.Location); !strings.Contains(page.Says(), "Nothing found") {
		t.Errorf("%s", page.Says())
	}
	if page := deputy.Get(answer.Location); strings.Contains(page.Says(), "Nothing found") {
		t.Error("somebody else's search holds for the deputy")
	}
}

func TestManyChildrenOnOneListAreOneLine(t *testing.T) {
	t.Parallel()
	site, head, _, ann, _, _ := arranged(t)
	for n := range 60 {
		site.Allocate(site.Child(fmt.Sprint("Child", n), "Nowak", "2015-03-02"), "advisor", ann, "[2026-01-01,)")
	}
	site.As(ann).Get("/children")
	page := head.Get(fmt.Sprintf("/audit/people/%d?log=looks&screen=list", ann.ID))
	link := page.Find(`tbody a:contains("children seen")`)
	if link.Length() != 1 {
		t.Fatalf("%s", page.Says())
	}
	if one := head.Get(link.AttrOr("href", "")); one.Find("tbody tr").Length() < 25 {
		t.Errorf("one look shows %d children", one.Find("tbody tr").Length())
	}
}

func TestDaysThatCannotBeAreSaid(t *testing.T) {
	t.Parallel()
	_, head, _, ann, _, _ := arranged(t)
	for query, status := range map[string]int{
		"from-day=31&from-month=9&from-year=2026":                                              422,
		"from-day=23&from-month=11&from-year=2026&until-day=22&until-month=11&until-year=2026": 422,
		"from-day=23&from-month=11&from-year=2026&until-day=23&until-month=11&until-year=2026": 200,
		"from-day=1&from-month=1&from-year=2019":                                               200,
		"after=99999999999999999999-1":                                                         200,
		"after=1-%00":                                                                          200,
		"subject=%00&log=%00":                                                                  200,
		"log=looks&act=%ff&screen=%00":                                                         200,
		"search=x' or 1=1":                                                                     200,
		fmt.Sprintf("after=%d-%s", webtest.Now.UnixMicro(), strings.Repeat("f", 30)) + "&log=looks": 200,
		fmt.Sprintf("after=%d-zz", webtest.Now.UnixMicro()):                                         200,
		fmt.Sprintf("after=%d-%s", webtest.Now.UnixMicro(), "99999999999999999999999999999999"):     200,
		fmt.Sprintf("after=%d-abc", webtest.Now.Add(time.Hour).UnixMicro()):                         200,
	} {
		for _, path := range []string{"/audit?", fmt.Sprintf("/audit/people/%d?", ann.ID)} {
			if page := head.Get(path + strings.ReplaceAll(query, " ", "+")); page.Status != status {
				t.Errorf("%s%s: %d, not %d", path, query, page.Status, status)
			}
		}
	}
}

func TestADownloadSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	site, head, _, ann, maya, _ := arranged(t)
	href := head.Get("/audit").Find(`a:contains("Download")`).AttrOr("href", "none")
	form := head.Get(href).Form("/audit/export")
	if page := head.Post("/audit/export", webtest.With(form, "format", "csv")); page.Status != 422 || len(page.Errors()) != 1 {
		t.Errorf("without a purpose: %d %v", page.Status, page.Errors())
	}
	if n := site.ID(`select count(*) from audit_change where subject = 'audit'`); n != 0 {
		t.Error("a refused download is in the audit")
	}
	for _, format := range []string{"csv", "xlsx"} {
		for _, query := range []string{"", "?log=looks", fmt.Sprintf("?person=%d", ann.ID), fmt.Sprintf("?child=%d&log=looks", maya)} {
			form := head.Get("/audit/export" + query).Form("/audit/export")
			page := head.Post("/audit/export", webtest.With(form, "format", format, "purpose", "A complaint"))
			if page.Status != 200 || !strings.HasPrefix(page.Header.Get("Content-Disposition"), "attachment; filename=\"audit-") || strings.Contains(page.Body, "Vogel") {
				t.Errorf("%s %s: %d %q", format, query, page.Status, page.Header.Get("Content-Disposition"))
			}
			if format == "csv" && (!strings.Contains(page.Body, "Birdie Okafor") || !strings.Contains(page.Body, "Taken out by Hal Head") || !strings.Contains(page.Body, "For: A complaint")) {
				t.Errorf("%s %s: %s", format, query, page.Body)
			}
		}
	}
	if n := site.ID(`select count(*) from audit_change where subject = 'audit' and action = 'downloaded' and after->>'purpose' = 'A complaint'`); n != 8 {
		t.Errorf("%d downloads are in the audit, not 8", n)
	}
	if n := site.ID(`select count(*) from audit_look where screen = 'audit downloaded' and child_id = $1`, maya); n < 8 {
		t.Errorf("%d looks at the child in the files", n)
	}
}
