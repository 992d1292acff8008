package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// TestCanariesOfARestrictedRecord puts words that stand nowhere else into everything a restricted record can hold,
// and walks every page, form and download as everybody who is not named on it: the words are in no byte, and so
// is no address of the child. The log and the mail that the work of those named leaves behind hold none either.
//
// ASVS 5.0: 8.2.3, 14.2.4, 14.2.6
func TestCanariesOfARestrictedRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.word = "Goldammer"
	named := w.Person(access.Deputy, "Named Deputy")
	child := w.Child("Zeisigfore", "Stieglitzsur", "2015-03-02")
	w.Exec(`update child set upn = 'Z815205011001', upn_quality = 'valid', preferred_name = 'Pirolpref', former_names = '{Drosselformer}', la_child_id = 'WIEDEHOPF9' where id = $1`, child)
	w.records(child, w.ID(`select id from setting where name = 'Elsewhere Primary School'`))
	w.params[child]["grantedID"], w.params[child]["evidenceID"] = w.params[child]["requestID"], "1"
	w.OnRoll(child, w.school, "[2026-01-01,)")
	for _, role := range []access.Role{access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer} {
		w.Allocate(child, string(role), w.people[role], "[2026-01-01,)")
	}
	w.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '2026-11-20', 'call', 'Goldammer', $2, $3)`, child, named.ID, webtest.Now)
	w.Exec(`insert into restriction (child_id, reason, words, period, set_by) values ($1, 'protection', 'Rohrdommelwhy', '[2026-01-01,)', $2)`, child, named.ID)
	w.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, child, named.ID)
	w.Exec(`insert into protected_place (child_id, kind, words, set_by, set_at) values ($1, 'address', '1 Kiebitzlane', $2, $3)`, child, named.ID, webtest.Now)
	canaries := []string{"Zeisigfore", "Stieglitzsur", "Pirolpref", "Drosselformer", "Goldammer", "Rohrdommelwhy", "Kiebitzlane", "Z815205011001", "WIEDEHOPF9"}

	// Those named find them: the test would see them.
	mine := w.As(named)
	if page := mine.Get(fmt.Sprintf("/children/%d", child)); !strings.Contains(page.Body, "Stieglitzsur") || !strings.Contains(page.Body, "Kiebitzlane") {
		t.Fatalf("who is named reads %s", page.Says())
	}
	for _, route := range w.Server.Routes { // and work with the record, so that log and mail have something to keep
		if route.Child && access.Can(named, route.Action) {
			path := must(w.path(route.Pattern, child))
			if route.Method == http.MethodGet {
				mine.Get(path)
			} else if !strings.Contains(path, "/restriction") && !strings.Contains(path, "/care") {
				mine.Post(path, url.Values{"words": {"Goldammer"}, "name": {"Zeisigfore"}})
			}
		}
	}
	address := fmt.Sprintf("/children/%d", child)
	bytes, answers := 0, 0
	look := func(who, what string, answer *webtest.Page) {
		answers++
		bytes += len(answer.Body)
		all := answer.Body + fmt.Sprint(answer.Header)
		for _, word := range canaries {
			if strings.Contains(all, word) {
				t.Errorf("%s as %s: %q", what, who, word)
			}
		}
		for rest := all; ; {
			at := strings.Index(rest, address)
			if at < 0 {
				break
			}
			rest = rest[at+len(address):]
			if rest == "" || rest[0] < '0' || rest[0] > '9' {
				t.Errorf("%s as %s leads to the child", what, who)
				break
			}
		}
	}
	for _, role := range access.Roles {
		visitor := w.As(w.people[role])
		for _, route := range w.Server.Routes {
			switch {
			case ends(route) || route.Action == "":
			case route.Child && route.Method == http.MethodGet:
				look(string(role), "GET "+route.Pattern, tested(visitor.Get(must(w.path(route.Pattern, child))), address))
			case route.Child:
				look(string(role), "POST "+route.Pattern, tested(visitor.Post(must(w.path(route.Pattern, child)), url.Values{}), address))
			case route.Method == http.MethodGet:
				look(string(role), "GET "+route.Pattern, visitor.Get(must(w.path(route.Pattern, 0))))
			}
		}
		if !access.Can(w.people[role], access.SeeChildren) {
			continue
		}
		for _, words := range []string{"Stieglitz", "zeisigfore", "Pirol", "Drossel", "Z815205011001", "WIEDEHOPF"} {
			found := visitor.Post("/children/search", url.Values{"q": {words}, "search": {words}})
			if found.Status == http.StatusSeeOther {
				page := visitor.Get(found.Location)
				if n := page.Find(`a[href^="/children/` + fmt.Sprint(child) + `"]`).Length(); n > 0 {
					t.Errorf("%s finds the child by %s", role, words)
				}
			}
		}
	}
	if answers < 2000 || bytes < 1_000_000 {
		t.Errorf("only %d answers of %d bytes were read", answers, bytes)
	}
	log := w.Log.String() + w.Text(`select coalesce(string_agg(args::text, ' '), '') from river_job`)
	for _, word := range canaries {
		if strings.Contains(log, word) {
			t.Errorf("log or mail: %q", word)
		}
	}
}

// tested leaves out of an answer the address it was asked under, which whoever asks has typed.
func tested(page *webtest.Page, address string) *webtest.Page {
	page.Header.Del("Location")
	page.Body = strings.ReplaceAll(page.Body, "next="+url.QueryEscape(address), "")
	return page
}
