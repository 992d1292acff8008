package policies_test

import (
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestAValueIsChangedFromADayOn(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	deputy := site.As(site.Person(access.Deputy, "Dee Deputy"))
	site.Child("Maya", "Okafor", "2017-03-02")
	site.Exec(`update care_period set period = '[2026-11-09,)'`)
	list := deputy.Get("/admin/rules")
	for _, definition := range policy.Definitions {
		if !strings.Contains(list.Says(), definition.Label) || list.Find(`a[href="/admin/rules/`+string(definition.Key)+`"]`).Length() != 1 {
			t.Errorf("the list lacks %s", definition.Key)
		}
		if page := deputy.Get("/admin/rules/" + string(definition.Key)); page.Status != 200 || page.Find("h1").Length() != 1 {
			t.Errorf("%s: %d", definition.Key, page.Status)
		}
	}
	const path = "/admin/rules/pep.complete_working_days"
	form := deputy.Get(path).Form("/pep.complete_working_days")
	preview := deputy.Post(path, webtest.With(form, "value", "30", "preview", "yes"))
	if preview.Status != 200 || !strings.Contains(preview.Says(), "1 due date would change, of 1 child in care") || preview.Form("/pep.complete_working_days").Get("value") != "30" {
		t.Errorf("the preview: %d %s", preview.Status, preview.Says())
	}
	if same := deputy.Post(path, webtest.With(form, "value", "20", "preview", "yes")); !strings.Contains(same.Says(), "0 due dates would change") {
		t.Errorf("nothing changes: %s", same.Says())
	}
	for field, pairs := range map[string][]string{
		"value": {"value", "soon", "source", "Board"}, "source": {"value", "30"}, "from": {"value", "30", "source", "Board", "from-day", "31", "from-month", "9"},
	} {
		wrong := deputy.Post(path, webtest.With(form, pairs...))
		if wrong.Status != 422 || wrong.Find(`.govuk-error-summary a[href^="#`+field+`"]`).Length() != 1 || wrong.Form("/pep.complete_working_days").Get("value") != pairs[1] {
			t.Errorf("%s: %d %v", field, wrong.Status, wrong.Errors())
		}
	}
	if over := deputy.Post(path, webtest.With(form, "value", "900", "preview", "yes")); over.Status != 422 || !strings.Contains(over.Says(), "must be from 1 to 60") {
		t.Errorf("out of bounds: %d %s", over.Status, over.Says())
	}
	if done := deputy.Post(path, webtest.With(form, "value", "30", "source", "Board of 23 November")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	late := deputy.Post(path, webtest.With(form, "key", "", "value", "25", "source", "Head"))
	if late.Status != 409 || late.Form("/pep.complete_working_days").Get("value") != "25" || !strings.Contains(late.Says(), "Board of 23 November") {
		t.Errorf("a stale page: %d %s", late.Status, late.Says())
	}
	if now := deputy.Get(path); !strings.Contains(now.Says(), "Today: 30.") || !strings.Contains(now.Says(), "Dee Deputy, 23 Nov 2026") {
		t.Errorf("afterwards: %s", now.Says())
	}
	money := deputy.Get("/admin/rules/premium.deputy_limit_pence").Form("/premium.deputy_limit_pence")
	if done := deputy.Post("/admin/rules/premium.deputy_limit_pence", webtest.With(money, "value", "2,000", "source", "Scheme")); done.Status != 303 {
		t.Errorf("pounds: %d %v", done.Status, done.Errors())
	}
	area := deputy.Get("/admin/rules/authority.postcode_districts").Form("/authority.postcode_districts")
	if done := deputy.Post("/admin/rules/authority.postcode_districts", webtest.With(area, "value", "dy1, B62", "source", "Map")); done.Status != 303 || !strings.Contains(deputy.Get("/admin/rules").Says(), "B62, DY1") {
		t.Errorf("districts: %d %v", done.Status, done.Errors())
	}
	for key, c := range map[string]struct{ other, today string }{"premium.scheme": {"termly_release", "termly_release"}, "pep.quality_rubric": {"rag", "rag"}} {
		page := deputy.Get("/admin/rules/" + key)
		named := page.Form("/" + key)
		unknown := deputy.Post("/admin/rules/"+key, webtest.With(named, "value", "made_up", "source", "Board"))
		if unknown.Status != 422 || !strings.Contains(strings.Join(unknown.Errors(), " "), "from the list") || unknown.Find(`input[type=radio][name=value]`).Length() < 1 {
			t.Errorf("%s: a name that nothing has: %d %v", key, unknown.Status, unknown.Errors())
		}
		if done := deputy.Post("/admin/rules/"+key, webtest.With(named, "value", c.other, "source", "Board")); done.Status != 303 || !strings.Contains(deputy.Get("/admin/rules/"+key).Says(), "Today: "+c.today) {
			t.Errorf("%s: %d %v", key, done.Status, done.Errors())
		}
	}
	if got := deputy.Get("/admin/rules/made.up").Status; got != 404 {
		t.Errorf("a value nobody knows: %d", got)
	}
	if got := site.As(site.Person(access.LeadAdvisor, "Lee Lead")).Get(path).Status; got != 403 {
		t.Errorf("a lead advisor: %d", got)
	}
}

func TestRolesOfAValueAreTicked(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	deputy := site.As(site.Person(access.Deputy, "Dee Deputy"))
	const path = "/admin/rules/account.second_factor"
	set := func(pairs []string, roles ...string) *webtest.Page {
		form := webtest.With(deputy.Get(path).Form("/account.second_factor"), pairs...)
		form["value"] = roles
		return deputy.Post(path, form)
	}
	if done := set([]string{"source", "The board"}, "school", "head", "head"); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	page := deputy.Get(path)
	ticked := page.Find("input[name=value][checked]").Map(func(_ int, box *goquery.Selection) string { return box.AttrOr("value", "") })
	if strings.Join(ticked, " ") != "head school" {
		t.Errorf("ticked are %v", ticked)
	}
	if wrong := set([]string{"source", "The board"}, "service", "nonsense"); wrong.Status != 422 || len(wrong.Errors()) != 1 {
		t.Errorf("%d %v", wrong.Status, wrong.Errors())
	}
	if none := set([]string{"source", "The board"}); none.Status != 303 || deputy.Get(path).Find("input[name=value][checked]").Length() != 0 {
		t.Errorf("nobody: %d %v", none.Status, none.Errors())
	}
}
