package accounts_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/postgres/pgtest"
)

func TestInvitingATeacher(t *testing.T) {
	t.Parallel()
	s := open(t)
	school := s.setting("Hollybush Primary School")
	b := s.as("head")
	p := b.get("/admin/accounts/new")
	if p.status != http.StatusOK || p.Find("h1").Text() != "Invite somebody" || p.Find("input[name=role]").Length() != len(access.Roles)-1 {
		t.Fatalf("%d %s", p.status, p.says())
	}
	p = b.post("/admin/accounts/new", p.form("/admin/accounts/new", "name", "Ama Owusu", "email", "Ama@School.test", "role", "school", "look", "hollybush", "find", "yes"))
	if p.status != http.StatusOK || p.Find(`input[name=setting]`).AttrOr("value", "") != fmt.Sprint(school) || p.Find("input[name=name]").AttrOr("value", "") != "Ama Owusu" {
		t.Fatalf("%d %s", p.status, p.says())
	}
	p = b.post("/admin/accounts/new", p.form("/admin/accounts/new", "from-day", "31", "from-month", "9", "from-year", "2026"))
	if p.status != http.StatusUnprocessableEntity || !strings.Contains(p.problems(), "First day must be a real date") || !strings.Contains(p.problems(), "Find the school and choose it") ||
		p.Find("input[name=look]").AttrOr("value", "") != "hollybush" {
		t.Fatalf("%d %s", p.status, p.problems())
	}
	values := p.form("/admin/accounts/new", "from-day", "1", "setting", fmt.Sprint(school), "post", "designated_teacher")
	p = b.post("/admin/accounts/new", values)
	if p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.problems())
	}
	if again := b.post("/admin/accounts/new", values); again.location != p.location {
		t.Errorf("sent twice: %d %s", again.status, again.location)
	}
	shown := b.get(p.location)
	if shown.status != http.StatusOK || shown.cells() != "Hollybush Primary School | Designated teacher | 1 September 2026 | No end yet" ||
		!strings.Contains(shown.says(), "already saved") || strings.Contains(shown.Find("title").Text(), "Ama") {
		t.Errorf("%d %s", shown.status, shown.says())
	}
	var accounts, jobs int
	if err := pgtest.Arrange(t, s.db).QueryRow(t.Context(), `select (select count(*) from account where email = 'ama@school.test' and state = 'invited'), (select count(*) from river_job where kind = 'account_link')`).Scan(&accounts, &jobs); err != nil {
		t.Fatal(err)
	}
	if accounts != 1 || jobs != 1 {
		t.Errorf("%d accounts, %d letters", accounts, jobs)
	}
	taken := b.post("/admin/accounts/new", b.get("/admin/accounts/new").form("/admin/accounts/new", "name", "B", "email", "ama@school.test", "role", "advisor"))
	if taken.status != http.StatusUnprocessableEntity || taken.problems() != "There is an account under this email address already" {
		t.Errorf("%d %s", taken.status, taken.problems())
	}
}

func TestNonsenseIsRefusedWithWords(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.as("head")
	for _, one := range []struct{ name, email, role, problem string }{
		{"", "", "", "Enter name; Enter email address; Choose a role"},
		{"A\x00B", "a@b.test", "advisor", "Name has a character that cannot be used. Type it again without it."},
		{strings.Repeat("n", 10_000), "a@b.test", "advisor", "Name must be 200 characters or fewer. It is 10000."},
		{"<script>", "not an address", "advisor", "Enter an email address, like name@example.gov.uk"},
		{"A", "a@b.test", "service", "Choose a role from the list"},
		{"A", "a@b.test", "school", "Choose what this person is at the school; First day must include"},
	} {
		p := b.post("/admin/accounts/new", url.Values{"name": {one.name}, "email": {one.email}, "role": {one.role}, "from-day": {"1"}})
		if p.status != http.StatusUnprocessableEntity || !strings.HasPrefix(p.problems(), one.problem) {
			t.Errorf("%.20q: %d %s", one.name, p.status, p.problems())
		}
		if p.Find("main script").Length() != 0 {
			t.Error("markup was not escaped")
		}
	}
	for _, path := range []string{"/admin/accounts/0", "/admin/accounts/999", "/admin/accounts/1", "/admin/accounts/x", "/admin/accounts/999/edit", "/admin/accounts/999/schools", "/admin/accounts/999/end"} {
		if p := b.get(path); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	for _, action := range []string{"edit", "schools", "schools/end", "end", "invitation", "sessions"} {
		if p := b.post("/admin/accounts/999/"+action, url.Values{"name": {"A"}, "role": {"advisor"}, "membership": {"1"}, "setting": {"1"}, "post": {"colleague"},
			"from-day": {"1"}, "from-month": {"9"}, "from-year": {"2026"}, "leaves-day": {"1"}, "leaves-month": {"9"}, "leaves-year": {"2026"}}); p.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", action, p.status, p.problems())
		}
	}
}

func TestTheListSearchesAndFilters(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range account.PageSize {
		s.person(fmt.Sprintf("advisor%02d", i), access.Advisor)
	}
	s.person("zadie", access.School)
	b := s.as("head")
	count := func(path string, rows int, text string) page {
		t.Helper()
		p := b.get(path)
		if p.status != http.StatusOK || p.Find("tbody tr").Length() != rows || p.Find(".vs-results__count").Text() != text {
			t.Errorf("%s: %d, %d rows, %s", path, p.status, p.Find("tbody tr").Length(), p.Find(".vs-results__count").Text())
		}
		return p
	}
	first := count("/admin/accounts", account.PageSize, "52 accounts")
	next := first.Find(".govuk-pagination__next a").AttrOr("href", "")
	if second := count(next, 2, "52 accounts"); second.Find(".govuk-pagination__prev").Length() != 1 {
		t.Error("no way back")
	}
	filtered := count("/admin/accounts?role=school&state=active", 1, "1 account")
	if row := filtered.Find("tbody tr").Text(); !strings.Contains(row, "Designated teacher") || strings.Contains(row, "school colleague") || !strings.Contains(row, "@") {
		t.Errorf("not the post: %s", row)
	}
	if filtered.Find(".vs-filter__tag").Length() != 2 || !strings.Contains(filtered.says(), "zadie's school") {
		t.Errorf("%s", filtered.says())
	}
	count("/admin/accounts?role=nonsense&state=%00&school=-1&page=-7", account.PageSize, "52 accounts")
	count("/admin/accounts?page=999999999999", account.PageSize, "52 accounts")
	found := b.post("/admin/accounts/search", url.Values{"q": {"Zadie"}, "role": {"school"}})
	if found.status != http.StatusSeeOther || strings.Contains(strings.ToLower(found.location), "zadie") {
		t.Fatalf("%d %s", found.status, found.location)
	}
	if p := count(found.location, 1, "1 account"); p.Find("input[name=q]").AttrOr("value", "") != "Zadie" {
		t.Error("what was looked for is gone")
	}
	for _, nonsense := range []string{"a\x00b", strings.Repeat("x", 10_000), ""} {
		p := b.post("/admin/accounts/search", url.Values{"q": {nonsense}})
		count(p.location, account.PageSize, "52 accounts")
	}
}

func TestChangingARoleAndTwoAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth", access.Advisor)
	b := s.as("head")
	edit := s.path("ruth") + "/edit"
	mine, theirs := b.get(edit), b.get(edit)
	if p := b.post(edit, theirs.form(edit, "name", "Ruth Brown")); p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.problems())
	}
	late := b.post(edit, mine.form(edit, "role", "lead_advisor"))
	if late.status != http.StatusConflict || !strings.Contains(late.says(), "Ruth Brown") || late.Find("input[name=role][checked]").AttrOr("value", "") != "lead_advisor" {
		t.Fatalf("%d %s", late.status, late.says())
	}
	if p := b.post(edit, late.form(edit)); p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.says())
	}
	if p := b.get(s.path("ruth")); !strings.Contains(p.says(), "Lead Education Advisor") {
		t.Errorf("%s", p.says())
	}
	own := s.path("head") + "/edit"
	p := b.get(own)
	if p.Find("input[name=role]").Length() != 1 {
		t.Error("one's own role is offered for change")
	}
	if p := b.post(own, p.form(own, "role", "deputy")); p.status != http.StatusForbidden {
		t.Errorf("one's own role: %d", p.status)
	}
	s.person("deputy", access.Deputy)
	if p := s.as("deputy").post(own, s.as("deputy").get(own).form(own, "role", "advisor")); p.status != http.StatusConflict || !strings.Contains(p.says(), "only active account") {
		t.Errorf("the last head: %d %s", p.status, p.says())
	}
}

func TestSchoolsOfAPerson(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("dt", access.School)
	second := s.setting("Second Academy")
	b := s.as("head")
	action := s.path("dt") + "/schools"
	p := b.post(action, b.get(action).form(action, "look", "second academy", "find", "yes"))
	p = b.post(action, p.form(action, "setting", fmt.Sprint(second), "post", "colleague"))
	if p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.problems())
	}
	p = b.get(action)
	if p.Find("input[name=membership]").Length() != 2 {
		t.Fatalf("%s", p.says())
	}
	membership := p.Find("input[name=membership]").First().AttrOr("value", "")
	today := s.db.Today()
	wrong := b.post(action+"/end", p.form(action+"/end", "membership", membership, "leaves-day", "1", "leaves-month", "1", "leaves-year", "2020"))
	if wrong.status != http.StatusUnprocessableEntity || !strings.HasPrefix(wrong.problems(), "The last day must not be before the first") || wrong.Find("#leaves-error").Length() != 1 {
		t.Errorf("%d %s", wrong.status, wrong.problems())
	}
	if p := b.post(action+"/end", p.form(action+"/end")); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.problems(), "Choose a school") {
		t.Errorf("%d %s", p.status, p.problems())
	}
	done := b.post(action+"/end", wrong.form(action+"/end", "leaves-day", fmt.Sprint(today.Day), "leaves-month", fmt.Sprint(int(today.Month)), "leaves-year", fmt.Sprint(today.Year)))
	if done.status != http.StatusSeeOther {
		t.Fatalf("%d %s", done.status, done.problems())
	}
	if p := b.get(done.location); !strings.Contains(p.cells(), today.Words()+" | "+today.Words()) {
		t.Errorf("%s", p.says())
	}
}

func TestEndingAnAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth", access.Advisor)
	arrange := pgtest.Arrange(t, s.db)
	if _, err := arrange.Exec(t.Context(), `with c as (insert into child (la_child_id, date_of_birth, created_at, updated_at) values ('LA1', '2015-01-01', now(), now()) returning id)
		insert into allocation (child_id, account_id, part, period, source) select id, $1, 'advisor', '[2020-01-01,)', 'test' from c`, s.people["ruth"].ID); err != nil {
		t.Fatal(err)
	}
	b := s.as("head")
	end := s.path("ruth") + "/end"
	p := b.get(end)
	if p.status != http.StatusOK || !strings.Contains(p.says(), "As education advisor: 1 child") || !strings.Contains(p.says(), "Somebody else must work with their children") {
		t.Fatalf("%d %s", p.status, p.says())
	}
	if p := b.post(end, p.form(end)); p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.says())
	}
	shown := b.get(s.path("ruth"))
	if !strings.Contains(shown.says(), "Ended") || !strings.Contains(shown.says(), "Invite back") || strings.Contains(shown.says(), "End this account") {
		t.Errorf("%s", shown.says())
	}
	if p := b.post(end, b.get(s.path("ruth")).form(s.path("ruth")+"/invitation")); p.status != http.StatusConflict {
		t.Errorf("ended twice: %d", p.status)
	}
	again := s.path("ruth") + "/invitation"
	if p := b.post(again, b.get(s.path("ruth")).form(again)); p.status != http.StatusSeeOther {
		t.Errorf("%d %s", p.status, p.says())
	}
	if p := b.get(s.path("ruth")); !strings.Contains(p.says(), "Send the invitation again") {
		t.Errorf("%s", p.says())
	}
	own := b.get(s.path("head"))
	if strings.Contains(own.says(), "End this account") {
		t.Error("one's own account is offered for ending")
	}
	if p := b.post(s.path("head")+"/end", url.Values{}); p.status != http.StatusForbidden {
		t.Errorf("one's own account: %d", p.status)
	}
	if p := b.post(s.path("ruth")+"/sessions", url.Values{}); p.status != http.StatusSeeOther {
		t.Errorf("%d", p.status)
	}
}

// TestSigningSomebodyOutOfOnePlace shows these requirements.
//
// ASVS 5.0: 7.4.5
func TestSigningSomebodyOutOfOnePlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("ruth", access.Advisor)
	b := s.as("head")
	s.signsIn("ruth")
	s.signsIn("ruth")
	rows := b.get(s.path("ruth")).Find("#sessions tbody tr")
	if rows.Length() != 2 || !strings.Contains(rows.First().Text(), "Password") {
		t.Fatalf("%d places: %s", rows.Length(), rows.Text())
	}
	ref := rows.First().Find("input[name=session]").AttrOr("value", "")
	for n, want := range []int{http.StatusSeeOther, http.StatusConflict} {
		if p := b.post(s.path("ruth")+"/sessions", url.Values{"session": {ref}}); p.status != want {
			t.Errorf("time %d: %d, want %d", n+1, p.status, want)
		}
	}
	if rows := b.get(s.path("ruth")).Find("#sessions tbody tr"); rows.Length() != 1 {
		t.Errorf("%d places are left", rows.Length())
	}
}

func TestADataOfficerDoesNotManageHeads(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.person("data", access.DataOfficer)
	b := s.as("data")
	if p := b.get(s.path("head")); p.status != http.StatusOK || p.Find("main form").Length() != 0 || strings.Contains(p.says(), "End this account") {
		t.Errorf("%d %s", p.status, p.says())
	}
	for _, action := range []string{"/edit", "/schools", "/end"} {
		if p := b.get(s.path("head") + action); p.status != http.StatusForbidden {
			t.Errorf("%s: %d", action, p.status)
		}
	}
	if n := b.get("/admin/accounts/new").Find("input[name=role]"); n.Length() != len(access.Roles)-3 {
		t.Errorf("%d roles are offered", n.Length())
	}
}

func TestEveryoneSeesTheTableOfRolesAndNobodyElseTheRest(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, role := range access.Roles[1:] {
		s.person("a"+strings.ReplaceAll(string(role), "_", ""), role)
	}
	for name, person := range s.people {
		b := s.as(name)
		p := b.get("/admin/roles")
		if person.Role == access.Colleague {
			if p.status != http.StatusForbidden {
				t.Errorf("an invited colleague: %d", p.status)
			}
			continue
		}
		if p.status != http.StatusOK || p.Find("tbody tr").Length() != len(access.Rules) {
			t.Errorf("%s: %d, %d rules", name, p.status, p.Find("tbody tr").Length())
		}
		manage := p.Find("tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool {
			return strings.HasPrefix(strings.TrimSpace(row.Text()), "Invite people and end accounts")
		})
		if yes := strings.Count(manage.Text(), "Yes"); yes != 3 {
			t.Errorf("%d roles manage accounts, as the table says", yes)
		}
		want := http.StatusForbidden
		if access.Can(person, access.ManageAccounts) {
			want = http.StatusOK
		}
		for _, path := range []string{"/admin/accounts", "/admin/accounts/new", s.path("head")} {
			if p := b.get(path); p.status != want {
				t.Errorf("%s at %s: %d, want %d", name, path, p.status, want)
			}
		}
	}
	if p := s.as("nobody").get("/admin/accounts"); p.status != http.StatusSeeOther || !strings.HasPrefix(p.location, "/sign-in") {
		t.Errorf("%d %s", p.status, p.location)
	}
}
