package policy_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func on(db *postgres.DB, day string) *postgres.DB {
	return db.At(func() time.Time { return calendar.MustParse(day).Start().Add(12 * time.Hour) })
}

func values(t *testing.T, db *postgres.DB) policy.Values {
	t.Helper()
	var batch postgres.Batch
	var found policy.Values
	policy.Queue(&batch, &found)
	if err := db.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	if batch.Len() != 1 {
		t.Fatalf("%d statements for the values", batch.Len())
	}
	return found
}

func TestDefaultsHoldWhileNothingIsSet(t *testing.T) {
	t.Parallel()
	var none policy.Values
	if none.PEPInitiateWorkingDays() != 10 || none.PEPCompleteWorkingDays() != 20 || none.PEPGapMonths() != 4 ||
		none.PEPSignOffWorkingDays() != 5 || none.PEPSchoolChangeWorkingDays() != 10 ||
		none.PremiumDeputyLimit() != money.Pounds(1500) || none.AttendanceMinimumSessions() != 20 || len(none.AuthorityPostcodeDistricts()) != 0 {
		t.Error("a default is not the value of its rule")
	}
	for _, definition := range policy.Definitions {
		if none.Source(definition.Key) == "" || definition.Label == "" || !none.Since(definition.Key).IsZero() {
			t.Errorf("%s has no source or no label, or seems set", definition.Key)
		}
	}
}

func TestAValueHoldsFromItsDayUntilTheNext(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	set := func(value int, from string) {
		t.Helper()
		if err := policy.Set(t.Context(), db, access.System, policy.PEPSignOffWorkingDays, value, calendar.MustParse(from), "Board of "+from); err != nil {
			t.Fatal(err)
		}
	}
	set(10, "2026-09-01")
	set(15, "2027-09-01")
	set(7, "2027-01-04") // between the two
	set(8, "2027-01-04") // put right the same day
	for day, want := range map[string]int{"2026-08-31": 5, "2026-09-01": 10, "2027-01-03": 10, "2027-01-04": 8, "2027-08-31": 8, "2027-09-01": 15, "2030-01-01": 15} {
		found := values(t, on(db, day))
		if got := found.PEPSignOffWorkingDays(); got != want {
			t.Errorf("on %s it is %d; want %d", day, got, want)
		}
		if day == "2027-01-04" && (found.Source(policy.PEPSignOffWorkingDays) != "Board of 2027-01-04" || found.Since(policy.PEPSignOffWorkingDays).String() != "2027-01-04") {
			t.Errorf("source %q since %s", found.Source(policy.PEPSignOffWorkingDays), found.Since(policy.PEPSignOffWorkingDays))
		}
	}
	if err := policy.Set(t.Context(), db, access.System, policy.AuthorityPostcodeDistricts, []string{"dy2 ", "B62", "DY2"}, calendar.MustParse("2026-09-01"), "Ordnance"); err != nil {
		t.Fatal(err)
	}
	if err := policy.Set(t.Context(), db, access.System, policy.PremiumDeputyLimit, money.Pounds(2000), calendar.MustParse("2026-09-01"), "Scheme"); err != nil {
		t.Fatal(err)
	}
	found := values(t, on(db, "2026-11-21"))
	if !slices.Equal(found.AuthorityPostcodeDistricts(), []string{"B62", "DY2"}) || found.PremiumDeputyLimit() != money.Pounds(2000) {
		t.Errorf("districts %v, limit %s", found.AuthorityPostcodeDistricts(), found.PremiumDeputyLimit())
	}
	var loaded policy.Values
	if err := on(db, "2026-11-21").Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		loaded, err = policy.Load(ctx, tx)
		return err
	}); err != nil || loaded.PremiumDeputyLimit() != money.Pounds(2000) {
		t.Errorf("loaded %s, %v", loaded.PremiumDeputyLimit(), err)
	}
	var changes int
	if err := pgtest.Arrange(t, db).QueryRow(t.Context(), `select count(*) from audit_change where subject = 'policy'`).Scan(&changes); err != nil || changes != 6 {
		t.Errorf("%d changes in the audit; want 6 (%v)", changes, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	day := calendar.MustParse("2026-09-01")
	var deputy, advisor access.Actor
	for _, person := range []*access.Actor{&deputy, &advisor} {
		role := access.Deputy
		if person == &advisor {
			role = access.Advisor
		}
		*person = access.Actor{Role: role}
		if err := pgtest.Arrange(t, db).QueryRow(t.Context(), `insert into account (email, name, role, state, created_at)
			values ($1 || '@policy.test', 'P', $1, 'active', '2026-01-01') returning id`, string(role)).Scan(&person.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		actor  access.Actor
		key    policy.Key
		value  any
		from   calendar.Date
		source string
		kind   fault.Kind
		field  string
	}{
		{deputy, "made.up", 1, day, "s", fault.KindNotFound, ""},
		{advisor, policy.PEPGapMonths, 3, day, "s", fault.KindForbidden, ""},
		{deputy, policy.PEPGapMonths, 0, day, "s", fault.KindInvalid, "value"},
		{deputy, policy.PEPGapMonths, "3", day, "s", fault.KindInvalid, "value"},
		{deputy, policy.PremiumDeputyLimit, money.Pence(-1), day, "s", fault.KindInvalid, "value"},
		{deputy, policy.AuthorityPostcodeDistricts, []string{"not one"}, day, "s", fault.KindInvalid, "value"},
		{deputy, policy.AuthorityPostcodeDistricts, 4, day, "s", fault.KindInvalid, "value"},
		{deputy, policy.PEPGapMonths, 3, calendar.Date{}, "s", fault.KindInvalid, "from"},
		{deputy, policy.PEPGapMonths, 3, day, " ", fault.KindInvalid, "source"},
	} {
		err := policy.Set(t.Context(), db, c.actor, c.key, c.value, c.from, c.source)
		if !errors.Is(err, c.kind) || (c.field != "" && !fault.Of(err).Has(c.field)) {
			t.Errorf("%s = %v by %s: %v; want %v about %q", c.key, c.value, c.actor.Role, err, c.kind, c.field)
		}
	}
	if err := policy.Set(t.Context(), db, deputy, policy.PEPGapMonths, 3, day, "Board"); err != nil {
		t.Errorf("a deputy may set a value: %v", err)
	}
}

func TestTwoAtOnceLeaveOneValueForEachDay(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			if err := policy.Set(t.Context(), db, access.System, policy.PEPGapMonths, n%6+1, calendar.New(2026, 9, n%4+1), "Board"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var days int
	if err := pgtest.Arrange(t, db).QueryRow(t.Context(), `select count(*) from policy_value where key = 'pep.gap_months'`).Scan(&days); err != nil || days != 4 {
		t.Errorf("%d ranges; want one for each of 4 days (%v)", days, err)
	}
}
