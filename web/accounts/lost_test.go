package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
)

// app gives a person an authenticator app.
func (s *site) app(name string) {
	s.Helper()
	who := s.people[name]
	offer := s.factors.BeginApp(who)
	code, err := totp.GenerateCode(strings.ReplaceAll(offer.Secret, " ", ""), s.db.Now())
	if err != nil {
		s.Fatal(err)
	}
	if _, err := s.factors.AddApp(s.Context(), who, offer.Sealed, code, "192.0.2.1"); err != nil {
		s.Fatal(err)
	}
}

// N10: whoever lost their phone has their second factors removed by somebody who made sure that it is they.
func TestALostPhone(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth", access.Advisor)
	s.person("data", access.DataOfficer)
	s.app("ruth")
	s.app("head")
	s.signsIn("ruth")
	b, path := s.as("data"), s.path("ruth")+"/factors"
	shown := b.get(s.path("ruth"))
	if shown.Find(`a[href="`+path+`"]`).Length() != 1 || !strings.Contains(shown.says(), "authenticator app, 10 recovery codes") || !strings.Contains(shown.says(), "Second step added Authenticator app") {
		t.Fatal(shown.says())
	}
	p := b.get(path)
	if p.status != http.StatusOK || p.Find("h1").Text() != "Remove the second step" || p.Find("input[name=made_sure]").Length() != 4 || strings.Contains(p.Find("title").Text(), "ruth") {
		t.Fatalf("%d %s", p.status, p.says())
	}
	empty := b.post(path, p.form(path))
	if empty.status != http.StatusUnprocessableEntity || empty.problems() != "Choose how you made sure who asks; Enter what happened" {
		t.Fatalf("%d %s", empty.status, empty.problems())
	}
	for _, nonsense := range []url.Values{
		{"reason": {"a\x00b"}, "made_sure": {"in_person"}},
		{"reason": {strings.Repeat("x", 100_000)}, "made_sure": {"in_person"}},
		{"reason": {"Lost", "twice"}, "made_sure": {"an email came"}},
		{"made_sure": {"in_person"}},
	} {
		if p := b.post(path, nonsense); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%.60v: %d", nonsense, p.status)
		}
	}
	if p := b.post(path, url.Values{"reason": {"<b>Lost</b>"}}); p.Find("textarea").Text() != "<b>Lost</b>" {
		t.Error("what was typed is gone")
	}
	if done := b.post(path, empty.form(path, "made_sure", "called_back", "reason", "Phone lost on the train")); done.location != s.path("ruth") {
		t.Fatalf("%d %s", done.status, done.problems())
	}
	shown = b.get(s.path("ruth"))
	if shown.Find(`a[href="`+path+`"]`).Length() != 0 || shown.Find("#sessions").Length() != 0 || !strings.Contains(shown.says(), "All second steps removed by Person data") {
		t.Error(shown.says())
	}
	var letters, events int
	if err := pgtest.Arrange(t, s.db).QueryRow(t.Context(), `select (select count(*) from river_job where kind = 'notice' and args->>'subject' like '%were removed'),
		(select count(*) from audit_change where action = 'all second factors removed' and after @> '{"reason": "Phone lost on the train", "made_sure": "called_back"}')`).Scan(&letters, &events); err != nil {
		t.Fatal(err)
	}
	if letters != 1 || events != 1 {
		t.Errorf("%d letters, %d lines in the audit", letters, events)
	}
	// Nothing is left to remove; one's own go another way; a head's are for heads and deputies; nobody is there.
	for _, one := range []struct {
		who, path string
		status    int
	}{{"data", path, http.StatusConflict}, {"head", s.path("head") + "/factors", http.StatusForbidden}, {"data", s.path("head") + "/factors", http.StatusForbidden},
		{"ruth", path, http.StatusForbidden}, {"head", "/admin/accounts/999999/factors", http.StatusNotFound}} {
		if p := s.as(one.who).get(one.path); p.status != one.status {
			t.Errorf("%s looks at %s: %d", one.who, one.path, p.status)
		}
		if p := s.as(one.who).post(one.path, url.Values{"reason": {"Lost"}, "made_sure": {"in_person"}}); p.status != one.status {
			t.Errorf("%s sends %s: %d", one.who, one.path, p.status)
		}
	}
	if s.as("head").get(s.path("head")).Find("a").FilterFunction(func(_ int, a *goquery.Selection) bool { return strings.HasSuffix(a.AttrOr("href", ""), "/factors") }).Length() != 0 {
		t.Error("one's own are offered")
	}
}
