package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"virtualschool/internal/access"
)

// TestEveryNameShownLeavesALook opens every page and asks the audit about every child it names, or whose
// number with the council it gives: a name on a list is a look as much as an open record.
//
// ASVS 5.0: 16.3.2
func TestEveryNameShownLeavesALook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pages := 0
	numbers := map[int64]*regexp.Regexp{}
	for _, records := range w.own {
		for _, r := range records {
			numbers[r.child] = regexp.MustCompile(`\b` + w.Text(`select la_child_id from child where id = $1`, r.child) + `\b`)
		}
	}
	for _, role := range []access.Role{access.Head, access.Advisor, access.SupportAdvisor, access.DataOfficer, access.SocialWorker, access.School} {
		visitor := w.As(w.people[role])
		for _, route := range w.Server.Routes {
			if route.Method != http.MethodGet || route.Action == "" {
				continue
			}
			before := w.ID(`select coalesce(max(id), 0) from audit_look`)
			page := visitor.Get(must(w.path(route.Pattern, w.own[role][0].child)))
			if page.Status != http.StatusOK {
				continue
			}
			pages++
			for _, owner := range access.Roles {
				for _, r := range w.own[owner] {
					if !strings.Contains(page.Body, r.class+string(owner)+" "+canary) && !numbers[r.child].MatchString(page.Body) {
						continue
					}
					if w.ID(`select count(*) from audit_look where id > $1 and account_id = $2 and child_id = $3`, before, w.people[role].ID, r.child) == 0 {
						t.Errorf("%s as %s names the child %s of %s and leaves no look", route.Pattern, role, r.class, owner)
					}
				}
			}
		}
	}
	if pages < 100 {
		t.Errorf("only %d pages opened", pages)
	}
}
