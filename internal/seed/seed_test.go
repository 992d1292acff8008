package seed_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/seed"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// weak makes passwords cheap to hash, so that tests wait for other things.
var weak = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func services(t testing.TB, db *postgres.DB, demo bool) seed.Services {
	t.Helper()
	forms, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rubrics, err := quality.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return seed.Services{
		DB:          db,
		Accounts:    &account.Service{DB: db, Hasher: account.NewHasher(weak, 2), Salt: make([]byte, 32), Demo: demo, Place: "Demo Council"},
		Settings:    &setting.Service{DB: db, AuthorityCode: "332"},
		Children:    &child.Service{DB: db},
		Plans:       &pep.Service{DB: db, Forms: forms, Authority: "332"},
		Rubrics:     rubrics,
		Voice:       &voice.Service{DB: db},
		Premium:     &premium.Service{DB: db},
		Attendance:  &attendance.Service{DB: db},
		Suspensions: &suspension.Service{DB: db},
	}
}

func on(db *postgres.DB, day string) *postgres.DB {
	moment := calendar.MustParse(day).Start().Add(15 * time.Hour)
	return db.At(func() time.Time { return moment })
}

// planted is a database with a council of 31 children on a Saturday in the middle of the autumn term.
func planted(t testing.TB) (*postgres.DB, seed.Services) {
	t.Helper()
	db := on(pgtest.Open(t), "2026-11-21")
	s := services(t, db, true)
	if err := seed.Run(t.Context(), s, seed.Options{Children: 31, Random: 1}); err != nil {
		t.Fatal(err)
	}
	return db, s
}

func value[T any](t testing.TB, db *postgres.DB, as access.Actor, sql string, args postgres.Args) (found T) {
	t.Helper()
	var batch postgres.Batch
	postgres.Value(&batch, &found, sql, args)
	if err := db.View(context.WithoutCancel(t.Context()), as, &batch); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
	return found
}

func TestACouncilOfThirtyOne(t *testing.T) {
	t.Parallel()
	db, s := planted(t)
	for _, one := range []struct {
		what        string
		least, most int
		sql         string
	}{
		{"children", 31, 31, `select count(*)::int from child where la_child_id not like 'OLD-%'`},
		{"records whose time is over", 2, 2, `select count(*)::int from retained() where until < @today::date`},
		{"records that were deleted", 1, 1, `select count(*)::int from deletion`},
		{"children in care", 28, 29, `select count(*)::int from care_period where period @> @today::date`},
		{"schools", 40, 45, `select count(*)::int from setting`},
		{"terms of the council", 12, 12, `select count(*)::int from term where authority_code = '332'`},
		{"plans of past terms", 45, 90, `select count(*)::int from pep where academic_year < 2026 or term <> 'autumn'`},
		{"plans of past terms that were signed off", 45, 90, `select count(*)::int from pep where term <> 'autumn' and state in ('signed_off', 'superseded')`},
		{"plans that changed after they were signed off", 0, 0, `select count(*)::int from pep where state = 'signed_off' and not meeting_held`},
		{"targets looked back at", 60, 400, `select count(*)::int from pep_target_review`},
		{"overdue: in care, and no meeting this term or last", 1, 10, `select count(*)::int from care_period c where c.period @> @today::date and lower(c.period) < '2025-09-01'
			and not exists (select from pep p where p.child_id = c.child_id and p.meeting_held and p.meeting_on > date '2026-04-10')`},
		{"restricted records, with the file closed on adoption", 3, 3, `select count(*)::int from restriction where period @> @today::date`},
		{"people who keep access after the review", 15, 60, `select count(*)::int from access_answer where answer = 'keep'`},
		{"whose access ended by it", 1, 1, `select count(*)::int from access_answer x join account a on a.id = x.account_id where x.answer = 'end' and a.state = 'ended'`},
		{"teachers who wait for it", 5, 40, `select count(*)::int from account a where a.role = 'school' and a.state = 'active' and not exists (select from access_answer x where x.account_id = a.id)`},
		{"people who signed in within the month", 20, 80, `select count(*)::int from account where state = 'active' and signed_in_at > @now::timestamptz - interval '30 days'`},
		{"people who did not for long", 2, 8, `select count(*)::int from account where state = 'active' and signed_in_at < @now::timestamptz - interval '120 days'`},
		{"blocked people", 1, 1, `select count(*)::int from child_block`},
		{"records opened behind glass, and looked into", 1, 1, `select count(*)::int from break_glass where justified`},
		{"records opened behind glass, to be looked into", 1, 1, `select count(*)::int from break_glass where until is not null and reviewed_at is null`},
		{"askings for a child that wait", 1, 1, `select count(*)::int from access_request where state = 'asked'`},
		{"askings for a child that were decided", 1, 1, `select count(*)::int from access_request where state = 'refused' and note <> ''`},
		{"on two rolls", 1, 1, `select count(*)::int from roll where kind = 'dual' and period @> @today::date`},
		{"without a school place", 3, 5, `select count(*)::int from child c join care_period p on p.child_id = c.id and p.period @> @today::date where c.date_of_birth < '2022-08-31'
			and not exists (select from roll r where r.child_id = c.id and r.period @> @today::date)`},
		{"without a name", 1, 1, `select count(*)::int from child where forename is null and surname is null`},
		{"short breaks only", 1, 1, `select count(*)::int from legal_status where code = 'V4'`},
		{"plans of the child with short breaks", 0, 0, `select count(*)::int from pep p join legal_status l using (child_id) where l.code = 'V4'`},
		{"moved school in the last week", 1, 2, `select count(*)::int from roll where lower(period) > @today::date - 8`},
		{"invitations that hold", 1, 1, `select count(*)::int from pep_invitation i join pep p on p.id = i.pep_id where p.state = 'draft' and i.until > @today::date and i.ended_at is null`},
		{"out of authority", 1, 3, `select count(*)::int from placement where period @> @today::date and not in_authority`},
		{"unaccompanied", 1, 1, `select count(*)::int from child where unaccompanied`},
		{"taught out of year", 1, 1, `select count(*)::int from child where year_offset <> 0`},
		{"came last week", 1, 1, `select count(*)::int from care_period where lower(period) > @today::date - 10`},
		{"wrong UPNs", 1, 1, `select count(*)::int from child where upn_quality = 'wrong_letter'`},
		{"suspended half-days of one child", 30, 90, `select max(sum) from (select sum(sessions)::int from suspension group by child_id) s`},
		{"half terms of attendance", 150, 260, `select count(*)::int from attendance_half_term`},
		{"half terms of schools that send no registers", 5, 100, `select count(*)::int from attendance_half_term where not from_marks`},
		{"days of registers", 2500, 7500, `select count(*)::int from attendance_day`},
		{"sessions of suspensions", 10, 200, `select count(*)::int from attendance_day where am = 'E'`},
		{"wishes", 30, 120, `select count(*)::int from wish`},
		{"wishes that are late", 2, 25, `select count(*)::int from wish where state = 'open' and said_on < date '2026-10-23'`},
		{"wishes that were answered", 20, 100, `select count(*)::int from wish where state = 'answered'`},
		{"answers of which the child was told", 15, 100, `select count(*)::int from wish_answer where told_on is not null`},
		{"promises", 2, 30, `select count(*)::int from wish_answer where kind = 'will_happen'`},
		{"pages sent by young people", 1, 20, `select count(*)::int from voice_reply`},
		{"links that nobody has used", 1, 8, `select count(*)::int from voice_link where used_at is null and revoked_at is null`},
		{"pauses that hold today", 1, 1, `select count(*)::int from pep_pause where period @> @today::date`},
		{"pauses that ended sooner than was set", 1, 1, `select count(*)::int from pep_pause where ended_by is not null and upper(period) <= @today::date`},
		{"editions of a plan that was reopened", 2, 2, `select count(*)::int from pep where edition = 2`},
		{"editions that are still open", 1, 1, `select count(*)::int from pep where edition = 2 and state = 'draft'`},
		{"plans left at the school before", 1, 1, `select count(*)::int from pep where replaced_by is not null`},
		{"plans marked a second time", 4, 40, `select count(*)::int from pep_second_marking where state <> 'waiting'`},
		{"mail that waits to be sent", 1, 1, `select count(*)::int from river_job where kind = 'notice'`},
		{"good news", 8, 40, `select count(*)::int from note where kind = 'success'`},
		{"financial years with a rate", 2, 2, `select count(distinct financial_year)::int from premium_income where rate_pence = 263000`},
		{"provisional income of the three grants", 6, 12, `select count(*)::int from premium_income where stage = 'provisional'`},
		{"final income of a year that is over", 3, 9, `select count(*)::int from premium_income where stage = 'final'`},
		{"purposes of the retained share with spending", 12, 30, `select count(*)::int from premium_purpose where spent_pence > 0`},
		{"retained shares that are not their purposes", 0, 0, `select count(*)::int from premium_account a where kind = 'retained'
			and balance_pence <> (select coalesce(sum(planned_pence - spent_pence), 0) from premium_purpose p where p.stream = a.stream and p.financial_year = a.financial_year)`},
		{"drafts of requests, which only their writers see", 1, 4, `select count(*)::int from audit_change where subject = 'premium request' and action = 'drafted'`},
		{"requests that wait for a second approval", 1, 4, `select count(*)::int from premium_request r where state in ('asked', 'at_panel') and exists (select from premium_approval a where a.request_id = r.id)`},
		{"quotations", 5, 60, `select count(*)::int from document`},
		{"panels that were held", 13, 16, `select count(*)::int from premium_panel where held_at is not null`},
		{"panels to come", 1, 1, `select count(*)::int from premium_panel where held_at is null`},
		{"stand-ins, one over and one to come", 2, 2, `select count(*)::int from stand_in where until < @today::date or starts > @today::date`},
		{"termly releases", 40, 120, `select count(*)::int from premium_request where release_term is not null`},
		{"payment runs sent", 9, 40, `select count(*)::int from premium_payment_run where state = 'sent'`},
		{"payments", 60, 200, `select count(*)::int from premium_payment_line where state = 'paid'`},
		{"payments that came back", 1, 1, `select count(*)::int from premium_payment_line where state = 'bounced'`},
		{"files of finance that were put away", 1, 1, `select count(*)::int from premium_paid_file where state = 'discarded'`},
		{"evidence", 40, 200, `select count(*)::int from premium_evidence`},
		{"grants of last year that are closed", 3, 3, `select count(*)::int from premium_year where financial_year = 2025 and closed_at is not null`},
		{"committed in a closed year", 0, 0, `select count(*)::int from premium_account a join premium_year y using (stream, financial_year) where y.closed_at is not null and a.kind in ('committed', 'pool', 'retained') and a.balance_pence <> 0`},
		{"percent of this year that is allocated", 60, 95, `select 100 - (100 * p.balance_pence / -g.balance_pence)::int from premium_account p join premium_account g using (stream, financial_year)
			where p.stream = 'looked_after' and p.financial_year = 2026 and p.kind = 'pool' and g.kind = 'grant'`},
		{"what happens later than today", 0, 0, `select count(*)::int from audit_change where at > @now`},
		{"children without an advisor", 0, 0, `select count(*)::int from care_period c where c.period @> @today::date
			and not exists (select from allocation a where a.child_id = c.child_id and a.part = 'advisor' and a.period @> @today::date)`},
	} {
		if got := value[int](t, db, access.System, one.sql, nil); got < one.least || got > one.most {
			t.Errorf("%s: %d, want %d to %d", one.what, got, one.least, one.most)
		}
	}
	for _, state := range []string{"draft", "submitted", "in_qa", "returned", "signed_off", "cancelled"} {
		if value[int](t, db, access.System, `select count(*)::int from pep where state = @state and academic_year = 2026`, postgres.Args{"state": state}) == 0 {
			t.Errorf("no plan of this term is %s", state)
		}
	}
	for _, form := range s.Plans.Forms.Newest() {
		if value[int](t, db, access.System, `select count(*)::int from pep where form = @form`, postgres.Args{"form": form.Name}) == 0 {
			t.Errorf("no plan is on the form %s", form.Name)
		}
	}
	for _, state := range []string{"asked", "returned", "approved", "part_approved", "refused", "withdrawn", "at_panel"} {
		if value[int](t, db, access.System, `select count(*)::int from premium_request where state = @state`, postgres.Args{"state": state}) == 0 {
			t.Errorf("no request is %s", state)
		}
	}
	payments := payment.Service{DB: db}
	if found, err := payments.Reconcile(t.Context(), access.Actor{ID: 1, Role: access.Head}); err != nil || len(found.Differences) > 0 || len(found.Sums) != 6 {
		t.Errorf("the books differ: %v %v", found.Differences, err)
	}
	signIns(t, db, s)
	refusals(t, db)
}

// signIns opens every account that the demonstration prints, and looks at how many children each has.
func signIns(t *testing.T, db *postgres.DB, s seed.Services) {
	all := value[int](t, db, access.System, `select count(*)::int from child`, nil)
	caseloads := map[access.Role][2]int{
		access.Head: {all - 1, all}, access.Deputy: {all - 1, all}, access.LeadAdvisor: {all - 4, all - 2}, access.DataOfficer: {all - 2, all - 2},
		access.Advisor: {12, 16}, access.SocialWorker: {12, 16}, access.ReviewingOfficer: {12, 18}, access.SupportAdvisor: {1, 5}, access.School: {4, 12}, access.Colleague: {0, 0},
	}
	for _, in := range seed.SignIns() {
		person, err := s.Accounts.SignIn(t.Context(), in.Email, seed.Password, "192.0.2.1")
		if err != nil {
			t.Errorf("%s: %v", in.Email, err)
			continue
		}
		want := caseloads[person.Role]
		if got := value[int](t, db, person, `select count(*)::int from child`, nil); got < want[0] || got > want[1] {
			t.Errorf("%s sees %d children, want %d to %d", in.Email, got, want[0], want[1])
		}
		if in.Is == "" {
			t.Errorf("%s: what is it?", in.Email)
		}
	}
	elsewhere := *s.Accounts
	elsewhere.Demo = false
	if _, err := elsewhere.SignIn(t.Context(), "head@demo.test", seed.Password, "192.0.2.2"); err == nil {
		t.Error("the demonstration's password opens an account outside demo mode")
	}
}

func refusals(t *testing.T, db *postgres.DB) {
	if err := seed.Run(t.Context(), services(t, db, true), seed.Options{Children: 31}); !errors.Is(err, seed.ErrNotEmpty) {
		t.Errorf("a database with people in it: %v", err)
	}
	if empty, err := seed.Empty(t.Context(), db); err != nil || empty {
		t.Errorf("empty: %v %v", empty, err)
	}
	if broken, err := seed.BrokenOff(t.Context(), db); err != nil || broken {
		t.Errorf("broken off: %v %v", broken, err)
	}
}

func TestWhatTheSeedRefuses(t *testing.T) {
	t.Parallel()
	db := on(pgtest.Open(t), "2026-11-21")
	if err := seed.Run(t.Context(), services(t, db, false), seed.Options{Children: 10}); !errors.Is(err, seed.ErrNotDemo) {
		t.Errorf("outside demo mode: %v", err)
	}
	for _, children := range []int{0, -1, seed.Most + 1} {
		if err := seed.Run(t.Context(), services(t, db, true), seed.Options{Children: children}); err == nil {
			t.Errorf("%d children: no error", children)
		}
	}
	if empty, err := seed.Empty(t.Context(), db); err != nil || !empty {
		t.Errorf("empty: %v %v", empty, err)
	}
}

func TestASeedBrokenOffIsNoticed(t *testing.T) {
	t.Parallel()
	db := on(pgtest.Open(t), "2026-11-21")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	err := seed.Run(ctx, services(t, db, true), seed.Options{Children: 31, Progress: func(done, _ int, _ string) {
		if done > 0 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped half way: %v", err)
	}
	if broken, err := seed.BrokenOff(t.Context(), db); err != nil || !broken {
		t.Errorf("broken off: %v %v", broken, err)
	}
}

// TestTheSameNumberGivesTheSameCouncil compares two councils made of the same number, table by table,
// by what is in them and not by the numbers of rows, which depend on who was quicker.
func TestTheSameNumberGivesTheSameCouncil(t *testing.T) {
	t.Parallel()
	var digests [2]map[string]string
	var both sync.WaitGroup
	for n := range digests {
		db := on(pgtest.Open(t), "2026-11-21")
		both.Go(func() {
			if err := seed.Run(t.Context(), services(t, db, true), seed.Options{Children: 12, Random: 7}); err != nil {
				t.Error(err)
				return
			}
			digests[n] = digest(t, db)
		})
	}
	both.Wait()
	if t.Failed() {
		return
	}
	for _, table := range slices.Sorted(maps.Keys(digests[0])) {
		if digests[0][table] != digests[1][table] {
			t.Errorf("%s differs", table)
		}
	}
	if len(digests[0]) < 20 || strings.HasPrefix(digests[0]["pep_answer"], "0 ") {
		t.Errorf("little was compared: %v", digests[0])
	}
}

// digest is for each table about children the count of its rows and a hash of them, without numbers
// that the database gives.
func digest(t *testing.T, db *postgres.DB) map[string]string {
	var tables []string
	var batch postgres.Batch
	postgres.Values(&batch, &tables, `select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'child_id'
		where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace and c.relname <> 'premium_transfer' order by 1`, nil)
	if err := db.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	digests := map[string]string{}
	for _, table := range append(tables, "setting", "account", "term", "policy_value", "premium_account") {
		digests[table] = value[string](t, db, access.System, fmt.Sprintf(`select count(*) || ' ' || md5(coalesce(string_agg(line, '|' order by line), ''))
			from (select (to_jsonb(r) - array['id', 'pep_id', 'target_id', 'carried_from', 'grading_id', 'second_id', 'dealt_in', 'request_id', 'subject_id', 'written_in', 'before', 'after', 'password_hash',
				'wish_id', 'reply_id', 'link_id', 'token_hash', 'used_key', 'pay_transfer', 'unpay_transfer', 'takes_back', 'closing_transfer'])::text as line from %s r) lines`, table), nil)
	}
	return digests
}

// TestEveryTimeOfTheYear makes a council on days on which a term has just begun, is nearly over, or
// is far away.
func TestEveryTimeOfTheYear(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-09-02", "2027-02-18", "2027-08-10", "2028-02-29"} {
		db := on(pgtest.Open(t), day)
		if err := seed.Run(t.Context(), services(t, db, true), seed.Options{Children: 31, Random: 3}); err != nil {
			t.Errorf("%s: %v", day, err)
		}
	}
}
