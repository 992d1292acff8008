package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
)

// TestTheNewIdentityLeadsNowhere: a child who was adopted comes back under another name and number, of the same day
// of birth, at the same school and with the same people. No page about the child they are now tells of the child
// they were, not even to the head, who is named on the closed file; nor does a search by either name find the other.
func TestTheNewIdentityLeadsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := w.ID(`select id from setting where name = 'Elsewhere Primary School'`)
	identity := func(forename, surname, upn, reference string) int64 {
		child := w.Child(forename, surname, "2015-03-02")
		w.Exec(`update child set upn = $2, upn_quality = 'valid', la_child_id = $3 where id = $1`, child, upn, reference)
		w.OnRoll(child, w.school, "[2026-01-01,)")
		for _, role := range []access.Role{access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer} {
			w.Allocate(child, string(role), w.people[role], "[2026-01-01,)")
		}
		return child
	}
	w.word = "Altwort"
	was := identity("Drosselalt", "Altname", "Z815205011001", "ALTNUMMER")
	w.records(was, elsewhere)
	w.Exec(`update care_period set period = '[2025-09-01,2026-11-01)', end_code = 'E12' where child_id = $1`, was)
	w.word = "Neuwort"
	is := identity("Amselneu", "Neuname", "B801200005001", "NEUNUMMER")
	w.records(is, elsewhere)
	w.params[is]["grantedID"], w.params[is]["evidenceID"] = w.params[is]["requestID"], "1"

	pages := 0
	for _, role := range access.Roles {
		visitor := w.As(w.people[role])
		for _, route := range w.Server.Routes {
			if !route.Child || route.Method != http.MethodGet {
				continue
			}
			page := visitor.Get(must(w.path(route.Pattern, is)))
			if page.Status == http.StatusOK {
				pages++
			}
			for _, word := range []string{"Altname", "Drosselalt", "Z815205011001", "ALTNUMMER", "Altwort", fmt.Sprintf("/children/%d/", was), fmt.Sprintf("/children/%d\"", was)} {
				if strings.Contains(page.Body, word) {
					t.Errorf("%s as %s tells of who the child was: %q", route.Pattern, role, word)
				}
			}
		}
		if !access.Can(w.people[role], access.SeeChildren) {
			continue
		}
		for _, words := range []string{"Altname", "Drosselalt", "Z815205011001", "ALTNUMMER", "Neuname", "B801200005001"} {
			found := visitor.Post("/children/search", url.Values{"q": {words}, "search": {words}})
			if found.Status != http.StatusSeeOther {
				continue
			}
			list := visitor.Get(found.Location)
			links := func(child int64) bool {
				return list.Find(fmt.Sprintf(`main a[href="/children/%d"]`, child)).Length() > 0
			}
			old := strings.HasPrefix(words, "Alt") || strings.HasPrefix(words, "ALT") || strings.HasPrefix(words, "Dro") || strings.HasPrefix(words, "Z8")
			if links(was) && (!old || role != access.Head) || links(is) && old {
				t.Errorf("%s searches %s: the old file %v, the new record %v", role, words, links(was), links(is))
			}
		}
	}
	if pages < 200 {
		t.Errorf("only %d pages were read", pages)
	}
	if n := w.ID(`select count(*) from child where id = $1 and sealed_on is not null`, was); n != 1 {
		t.Error("the old file is not closed")
	}
}
