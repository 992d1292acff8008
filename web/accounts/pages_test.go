package accounts_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestTheAccessReview(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := s.As(s.Person(access.Head, "Hilda Head"))
	ruth := s.Person(access.Advisor, "Ruth Adeyemi")
	school := s.Setting("Hollybush Primary")
	ama := s.Teacher("Ama Owusu", school)
	list := head.Get("/admin/access-review")
	if list.Status != http.StatusOK || !strings.Contains(list.Says(), "Autumn 2026/27: 3 of 3 have no answer yet. Due 29 September 2026") {
		t.Fatalf("%d %s", list.Status, list.Says())
	}
	list.Find("main table a").Each(func(_ int, link *goquery.Selection) {
		if p := head.Get(link.AttrOr("href", "")); p.Status != http.StatusOK || p.Find("fieldset").Length() != 1 {
			t.Errorf("%s: %d, %d people to answer about", link.Text(), p.Status, p.Find("fieldset").Length())
		}
	})
	team := head.Get("/admin/access-review/team")
	form := team.Form("/access-review/team")
	if p := head.Post("/admin/access-review/team", form); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("no answer: %d", p.Status)
	}
	name := "answer-" + form.Get("person")
	wrong := head.Post("/admin/access-review/team", webtest.With(form, name, "end"))
	if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Says(), "Say why") || wrong.Find(`input[value="end"][checked]`).Length() != 1 {
		t.Errorf("%d %s", wrong.Status, wrong.Says())
	}
	if p := head.Post("/admin/access-review/team", webtest.With(form, name, "end", "reason-"+form.Get("person"), "Left in October")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.Status, p.Says())
	}
	if p := s.As(ruth).Get("/"); p.Status != http.StatusSeeOther {
		t.Errorf("whose access ended still comes in: %d", p.Status)
	}
	if p := head.Get("/admin/access-review/team"); !strings.Contains(p.Says(), "Left in October") {
		t.Errorf("%s", p.Says())
	}
	for _, place := range []string{"0", "-1", "x", "999999", "team2"} {
		if p := head.Get("/admin/access-review/" + place); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", place, p.Status)
		}
	}
	if p := head.Post("/admin/access-review/team", url.Values{"person": {"x", "1\x00", "99999999999999999999"}, "answer-x": {"keep"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("nonsense: %d", p.Status)
	}
	for _, path := range []string{"/admin/access-review", "/admin/accounts/quiet", "/admin/accounts/bulk", "/admin/accounts/domains"} {
		if p := s.As(ama).Get(path); p.Status != http.StatusForbidden {
			t.Errorf("a teacher at %s: %d", path, p.Status)
		}
	}
}

func TestEndingQuietAccounts(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := s.As(s.Person(access.Head, "Hilda Head"))
	if p := head.Get("/admin/accounts/quiet"); p.Status != http.StatusOK {
		t.Fatalf("%d", p.Status)
	}
	ruth := s.Person(access.Advisor, "Ruth Adeyemi")
	s.Exec(`update account set created_at = '2026-01-01', signed_in_at = '2026-02-01' where id = $1`, ruth.ID)
	page := head.Get("/admin/accounts/quiet")
	if !strings.Contains(page.Says(), "Ruth Adeyemi") {
		t.Fatalf("%s", page.Says())
	}
	form := page.Form("/quiet")
	if p := head.Post("/admin/accounts/quiet", webtest.With(form, "reason", "Left")); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("nobody chosen: %d", p.Status)
	}
	chosen := page.Find("input[name=account]").Last().AttrOr("value", "")
	if p := head.Post("/admin/accounts/quiet", webtest.With(form, "account", chosen, "reason", "Left")); p.Status != http.StatusSeeOther {
		t.Errorf("%d %s", p.Status, p.Says())
	}
	if s.Text(`select count(*)::text from account where state = 'ended'`) != "1" {
		t.Error("not ended")
	}
}

func TestInvitingFromAFile(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := s.As(s.Person(access.Head, "Hilda Head"))
	send := func(text string) *webtest.Page {
		t.Helper()
		return head.PostFile("/admin/accounts/bulk", head.Get("/admin/accounts/bulk").Form("/bulk"), "file", "people.csv", text)
	}
	if p := send("Name,Email,Role\n=cmd(),a@b.test,wizard\n<b>Bad</b>,c@d.test,advisor\n"); p.Status != http.StatusOK || p.Find(`form[action$="/apply"]`).Length() != 0 ||
		!strings.Contains(p.Says(), "is no role") || p.Find("table b").Length() != 0 {
		t.Errorf("%d %s", p.Status, p.Says())
	}
	good := send("Name,Email,Role\nRuth Adeyemi,ruth@westmoor.test,advisor\n")
	if s.Text(`select count(*)::text from account where state = 'invited'`) != "0" {
		t.Fatal("looking at a file invites")
	}
	if p := head.Post("/admin/accounts/bulk/apply", good.Form("/apply")); p.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.Status, p.Says())
	}
	if s.Text(`select count(*)::text from account where state = 'invited' and email = 'ruth@westmoor.test'`) != "1" {
		t.Error("not invited")
	}
	for _, text := range []string{"", "nonsense", "\x00", strings.Repeat("a,b\n", 50_000)} {
		if p := head.Post("/admin/accounts/bulk/apply", url.Values{"text": {text}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%.10q: %d", text, p.Status)
		}
	}
	school := s.Setting("Hollybush Primary")
	s.Teacher("Ama Owusu", school)
	page := head.Get("/admin/accounts/domains")
	href := page.Find("main table a").First().AttrOr("href", "")
	form := head.Get(href).Form(href)
	if p := head.Post(href, webtest.With(form, "domains", "not a domain")); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, "not a domain") {
		t.Errorf("%d", p.Status)
	}
	if p := head.Post(href, webtest.With(form, "domains", "school.test")); p.Status != http.StatusSeeOther {
		t.Errorf("%d %s", p.Status, p.Says())
	}
	if p := head.Get("/admin/accounts/domains"); !strings.Contains(p.Says(), "school.test") {
		t.Errorf("%s", p.Says())
	}
}

func TestCoverOnAnAccountsPage(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := s.As(s.Person(access.Head, "Hilda Head"))
	away, cover, deputy := s.Person(access.Advisor, "Ruth Adeyemi"), s.Person(access.Advisor, "Colin Cover"), s.Person(access.Deputy, "Dora Deputy")
	maya := s.Child("Maya", "Okafor", "2015-03-02")
	s.Allocate(maya, "advisor", away, "[2026-01-01,)")
	account := "/admin/accounts/" + webtest.Number(away.ID)
	if p := head.Get(account); !strings.Contains(p.Says(), "Nobody covers for this person") || p.Find(`a[href="`+account+`/cover"]`).Length() != 1 {
		t.Fatalf("%d %s", p.Status, p.Says())
	}
	form := head.Get(account + "/cover").Form(account + "/cover")
	if p := head.Post(account+"/cover", form); p.Status != http.StatusUnprocessableEntity || len(p.Errors()) != 3 {
		t.Errorf("%d %v", p.Status, p.Errors())
	}
	today := s.DB.Today()
	until := today.AddDays(9)
	filled := webtest.With(form, append(webtest.Date("until", fmt.Sprint(until.Day), fmt.Sprint(int(until.Month)), fmt.Sprint(until.Year)), "account", webtest.Number(cover.ID), "reason", "Annual leave")...)
	if p := head.Post(account+"/cover", webtest.With(filled, "reason", "x\x00")); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a NUL byte: %d", p.Status)
	}
	if p := head.Post(account+"/cover", filled); p.Status != http.StatusSeeOther {
		t.Fatalf("%d %v", p.Status, p.Errors())
	}
	path := "/children/" + webtest.Number(maya)
	if p := s.As(cover).Get(path); p.Status != http.StatusOK {
		t.Errorf("who covers: %d", p.Status)
	}
	shown := head.Get("/admin/accounts/" + webtest.Number(cover.ID))
	if !strings.Contains(shown.Says(), "Caseload, 1 child") || !strings.Contains(shown.Says(), "Annual leave") || strings.Contains(shown.Body, "Okafor") {
		t.Errorf("%s", shown.Says())
	}
	end := head.Get(account)
	if p := head.Post("/admin/accounts/"+webtest.Number(deputy.ID)+"/cover/end", end.Form("/cover/end")); p.Status != http.StatusNotFound {
		t.Errorf("from the page of somebody it does not concern: %d", p.Status)
	}
	if p := head.Post(account+"/cover/end", end.Form("/cover/end")); p.Status != http.StatusSeeOther {
		t.Errorf("%d %s", p.Status, p.Says())
	}
	if p := s.As(cover).Get(path); p.Status != http.StatusNotFound {
		t.Errorf("after the end: %d", p.Status)
	}
	decider := "/admin/accounts/" + webtest.Number(deputy.ID)
	if p := head.Get(decider + "/cover"); p.Status != http.StatusNotFound {
		t.Errorf("a deputy has no caseload: %d", p.Status)
	}
	link := head.Get(decider).Find(`a[href^="/premium/delegations"]`).AttrOr("href", "")
	if p := head.Get(link); p.Status != http.StatusOK || p.Find(`select[name=for] option[selected]`).AttrOr("value", "") != webtest.Number(deputy.ID) {
		t.Errorf("%s: %d", link, p.Status)
	}
	named := head.Post("/premium/delegations", webtest.With(head.Get(link).Form("/premium/delegations"), append(webtest.Date("until", fmt.Sprint(until.Day), fmt.Sprint(int(until.Month)), fmt.Sprint(until.Year)),
		"for", webtest.Number(deputy.ID), "by", webtest.Number(away.ID), "reason", "Training")...))
	if named.Status != http.StatusSeeOther {
		t.Fatalf("%d %v", named.Status, named.Errors())
	}
	if p := head.Get(account); !strings.Contains(p.Says(), "Decisions on Pupil Premium Plus") || !strings.Contains(p.Says(), "Dora Deputy") {
		t.Errorf("%s", p.Says())
	}
}

func TestASchoolAddedLaterAsksForItsDomain(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := s.As(s.Person(access.Head, "Hilda Head"))
	ama := s.Teacher("Ama Owusu", s.Setting("Hollybush Primary"))
	second := s.Setting("Oak Academy")
	s.Exec(`insert into setting_email_domain (setting_id, domain, set_by, set_at) values ($1, 'oak.test', $2, $3)`, second, ama.ID, s.DB.Now())
	path := "/admin/accounts/" + webtest.Number(ama.ID) + "/schools"
	form := webtest.With(head.Get(path).Form(path), "setting", webtest.Number(second), "post", "colleague")
	asked := head.Post(path, form)
	if asked.Status != http.StatusUnprocessableEntity || !strings.Contains(asked.Says(), "Oak Academy (oak.test)") || asked.Find("input[name=confirm]").Length() != 1 {
		t.Fatalf("%d %s", asked.Status, asked.Says())
	}
	if p := head.Post(path, webtest.With(form, "confirm", "Ama")); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("another name: %d", p.Status)
	}
	if p := head.Post(path, webtest.With(form, "confirm", "ama owusu")); p.Status != http.StatusSeeOther {
		t.Errorf("%d %v", p.Status, p.Errors())
	}
}

func TestADataOfficerAnswersNotAboutTheHead(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	data := s.As(s.Person(access.DataOfficer, "Dan Data"))
	s.Person(access.Head, "Hilda Head")
	s.Person(access.Advisor, "Ruth Adeyemi")
	page := data.Get("/admin/access-review/team")
	if page.Find("form fieldset").Length() != 1 || !strings.Contains(page.Says(), "2 people wait for somebody else") {
		t.Errorf("%d %s", page.Find("form fieldset").Length(), page.Says())
	}
}
