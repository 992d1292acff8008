package releases_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/release"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const path = "/premium/releases"

// council is a site under the termly release: three children at one school, of whom one has no plan.
type council struct {
	*webtest.Site
	head, deputy     access.Actor
	teacher          access.Actor
	first, own, none int64
	school           int64
}

func newCouncil(t *testing.T) *council {
	t.Helper()
	c := &council{Site: webtest.New(t)}
	c.school = c.Setting("Ash Primary")
	c.head, c.deputy = c.Person(access.Head, "Hal Head"), c.Person(access.Deputy, "Dee Deputy")
	c.teacher = c.Teacher("Tia Teacher", c.school)
	c.first, c.own, c.none = c.Child("Maya", "Okafor", "2016-03-04"), c.Child("Ben", "Ash", "2015-03-04"), c.Child("Zoe", "Elm", "2017-03-04")
	for _, child := range []int64{c.first, c.own, c.none} {
		c.OnRoll(child, c.school, "[2025-09-01,)")
	}
	c.plan(c.first, c.teacher)
	c.plan(c.own, c.deputy)
	c.Exec(`insert into policy_value (key, value, valid, source, set_at) values ('premium.scheme', '"termly_release"', '[2026-09-01,)', 'Schools forum', '2026-09-01')`)
	return c
}

func (c *council) plan(child int64, by access.Actor) {
	c.Exec(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, started_by, started_at, submitted_by, submitted_at, signed_off_by, signed_off_at)
		values ($1, 'termly', 'primary', 1, 2026, 'autumn', 'signed_off', '2026-10-10', true, $2, '2026-10-01', $2, '2026-10-12', $3, '2026-10-14')`, child, by.ID, c.head.ID)
}

func (c *council) enterYear(t *testing.T, count string) {
	t.Helper()
	head := c.As(c.head)
	const income = "/premium/years/looked-after/2026/income"
	form := head.Get(income).Form("/income")
	if answer := head.Post(income, webtest.With(form, "stage", "provisional", "rate", "500.00", "source", "test", "children", count)); answer.Status != 303 {
		t.Fatalf("entering the year: %d %v", answer.Status, answer.Errors())
	}
}

func TestATermIsReleasedWhollyAndOnce(t *testing.T) {
	t.Parallel()
	c := newCouncil(t)
	deputy := c.As(c.deputy)
	page := deputy.Get(path)
	for _, words := range []string{"3 children in care in the term: 0 sums released before, 1 sum due now, 1 left for somebody else, 1 withheld.", "£550.00 in 1 sum",
		"You submitted this plan, so somebody else must release it", "There is no submitted plan for the term", "79 of 79"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("the page does not say %q: %s", words, page.Says())
		}
	}
	if n := c.ID(`select count(*) from audit_look where screen = 'premium releases' and account_id = $1`, c.deputy.ID); n != 3 {
		t.Errorf("%d looks are kept", n)
	}
	poor := deputy.Post(path, page.Form(path))
	if poor.Status != 422 || !strings.Contains(poor.Says(), "£550.00") || len(poor.Errors()) != 1 {
		t.Errorf("without money: %d %v", poor.Status, poor.Errors())
	}
	if n := c.ID(`select count(*) from premium_request`); n != 0 {
		t.Errorf("%d requests are left of a release that was refused", n)
	}
	c.enterYear(t, "10")
	page = deputy.Get(path)
	if done := deputy.Post(path, page.Form(path)); done.Status != 303 {
		t.Fatalf("released: %d %v", done.Status, done.Errors())
	}
	if n := c.ID(`select count(*) from premium_request where child_id = $1 and setting_id = $2 and state = 'approved' and category = 'termly_release' and approved_pence = 55000
		and committed_pence = 55000 and asked_by = $3 and decided_by = $4 and scheme = 'termly_release' and release_year = 2026 and release_term = 'autumn'`, c.first, c.school, c.teacher.ID, c.deputy.ID); n != 1 {
		t.Error("the line is not an approved and committed request of whoever submitted the plan")
	}
	stale := deputy.Post(path, webtest.With(page.Form(path), "key", ""))
	if stale.Status != 409 || !strings.Contains(stale.Says(), "Nothing has been released") {
		t.Errorf("from a stale page: %d %s", stale.Status, stale.Says())
	}
	after := deputy.Get(path).Says()
	if !strings.Contains(after, "1 sum released before, 0 sums due now, 1 left for somebody else") || strings.Contains(after, "To release now") {
		t.Errorf("afterwards: %s", after)
	}
	head := c.As(c.head)
	if done := head.Post(path, head.Get(path).Form(path)); done.Status != 303 {
		t.Errorf("the head releases the deputy's: %d %v", done.Status, done.Errors())
	}
	c.plan(c.none, c.teacher)
	if says := head.Get(path + "?term=2026-autumn").Says(); !strings.Contains(says, "2 sums released before, 1 sum due now") {
		t.Errorf("only what is new: %s", says)
	}
	if request := head.Get("/children/" + webtest.Number(c.first) + "/premium"); !strings.Contains(request.Says(), "Termly release") {
		t.Errorf("the child's page: %s", request.Says())
	}
	for _, odd := range []string{"?term=2026-winter", "?term=99999999999999-autumn", "?term=%00", "?term=2026-spring"} {
		if got := head.Get(path + odd).Status; got != 200 {
			t.Errorf("%s: %d", odd, got)
		}
	}
	if got := c.As(c.teacher).Get(path).Status; got != 403 {
		t.Errorf("a teacher: %d", got)
	}
}

func TestTwoWhoReleaseAtOnceReleaseOnce(t *testing.T) {
	t.Parallel()
	c := newCouncil(t)
	c.enterYear(t, "10")
	service := release.Service{DB: c.DB, Authority: "332"}
	term := release.Term{AcademicYear: 2026, Name: "autumn"}
	page := c.As(c.head).Get(path).Form(path)
	version := 0
	for _, digit := range page.Get("version") {
		version = version*10 + int(digit-'0')
	}
	for _, actor := range []access.Actor{c.teacher, c.Person(access.LeadAdvisor, "Lee Lead")} {
		if _, err := service.Confirm(t.Context(), actor, term, version); !errors.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", actor.Role, err)
		}
	}
	if _, err := service.Confirm(t.Context(), c.head, release.Term{AcademicYear: 2026, Name: "spring"}, version); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a term that is not there: %v", err)
	}
	var together sync.WaitGroup
	errs := make([]error, 4)
	for n := range errs {
		together.Go(func() { _, errs[n] = service.Confirm(context.Background(), c.head, term, version) })
	}
	together.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, fault.KindConflict):
			t.Errorf("%v", err)
		}
	}
	if n := c.ID(`select count(*) from premium_request where state = 'approved'`); done != 1 || n != 2 {
		t.Errorf("%d runs, %d sums", done, n)
	}
	c.Exec(`update policy_value set value = '"needs_led"' where key = 'premium.scheme'`)
	if _, err := service.Confirm(t.Context(), c.head, term, version); !errors.Is(err, fault.KindConflict) {
		t.Errorf("under a policy that releases nothing: %v", err)
	}
	if says := c.As(c.head).Get(path).Says(); !strings.Contains(says, "releases no termly sums") {
		t.Errorf("the page: %s", says)
	}
}

// A limit of one's own and the council's sums leave lines to others, and who stands in decides as far as
// whom they stand in for.
func TestWhatADeciderLeavesToOthers(t *testing.T) {
	t.Parallel()
	c := newCouncil(t)
	c.enterYear(t, "10")
	c.plan(c.none, c.teacher)
	advisor := c.Person(access.Advisor, "Ada Advisor")
	deciding := premium.Service{DB: c.DB}
	if err := deciding.SetLimit(t.Context(), c.head, premium.LimitEntry{AccountID: c.deputy.ID, Amount: money.Pounds(100), Starts: c.DB.Today(), Reason: "New in post"}); err != nil {
		t.Fatal(err)
	}
	if says := c.As(c.deputy).Get(path).Says(); !strings.Contains(says, "0 sums due now, 3 left for somebody else") || !strings.Contains(says, "More than the £100.00 you may approve") {
		t.Errorf("a deputy with a limit of their own: %s", says)
	}
	c.Exec(`delete from premium_limit`)
	for key, words := range map[string]string{"premium.two_approvers_pence": "Above £500.00 two people approve", "premium.panel_pence": "Above £500.00 a panel looks first"} {
		c.Exec(`insert into policy_value (key, value, valid, source, set_at) values ($1, '50000', '[2026-09-01,)', 'Scheme', '2026-09-01')`, key)
		if says := c.As(c.head).Get(path).Says(); !strings.Contains(says, "0 sums due now, 3 left for somebody else") || !strings.Contains(says, words) {
			t.Errorf("%s: %s", key, says)
		}
		c.Exec(`delete from policy_value where key = $1`, key)
	}
	people := account.Service{DB: c.DB}
	if err := people.NameStandIn(t.Context(), c.head, account.Absence{For: c.deputy.ID, By: advisor.ID, Starts: c.DB.Today(), Until: c.DB.Today().AddDays(7), Reason: "Leave"}); err != nil {
		t.Fatal(err)
	}
	place := c.ID(`select id from stand_in`)
	standing := c.As(advisor)
	page := standing.Get(path)
	if !strings.Contains(page.Says(), "2 sums due now, 1 left for somebody else") || !strings.Contains(page.Says(), "Dee Deputy, for whom you stand in, submitted this plan") {
		t.Errorf("who stands in: %s", page.Says())
	}
	if done := standing.Post(path, page.Form(path)); done.Status != 303 {
		t.Fatalf("released in the deputy's place: %d %v", done.Status, done.Errors())
	}
	if n := c.ID(`select count(*) from premium_request where decided_by = $1 and stand_in_id = $2 and approved_pence = 55000`, advisor.ID, place); n != 2 {
		t.Errorf("%d sums are released in the deputy's place", n)
	}
}
