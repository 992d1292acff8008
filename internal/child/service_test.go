package child_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var (
	now   = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	today = calendar.Of(now)
)

type fixture struct {
	t      *testing.T
	db     *postgres.DB
	child  *child.Service
	exec   func(sql string, args ...any)
	number func(sql string, args ...any) int64
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return now })
	sql := pgtest.Arrange(t, db)
	f := &fixture{t: t, db: db, child: &child.Service{DB: db}}
	f.exec = func(text string, args ...any) {
		t.Helper()
		if _, err := sql.Exec(context.Background(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	f.number = func(text string, args ...any) (n int64) {
		t.Helper()
		if err := sql.QueryRow(context.Background(), text, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	return f
}

func (f *fixture) person(role access.Role, name string) access.Actor {
	f.t.Helper()
	id := f.number(`insert into account (email, name, role, state, created_at) values (lower(replace($1, ' ', '.')) || '@example.test', $1, $2, 'active', $3) returning id`, name, string(role), now)
	return access.Actor{ID: id, Name: name, Role: role}
}

func arrival(id string) child.Arrival {
	return child.Arrival{LAChildID: id, Forename: "Maya", Surname: "Okafor", DateOfBirth: calendar.MustParse("2015-03-02"),
		CareFrom: calendar.MustParse("2026-09-01"), LegalStatus: "C2", Placement: "U6"}
}

// sees says whether a person sees a child now.
func (f *fixture) sees(who access.Actor, childID int64) bool {
	f.t.Helper()
	var header child.Header
	var batch postgres.Batch
	child.QueueHeader(&batch, &header, childID)
	err := f.db.View(context.Background(), who, &batch)
	if err != nil && !errors.Is(err, fault.KindNotFound) {
		f.t.Fatal(err)
	}
	return err == nil
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func TestAllocatingMovesSightTheSameDay(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	head, one, two := f.person(access.Head, "Head"), f.person(access.SocialWorker, "One"), f.person(access.SocialWorker, "Two")
	maya, err := f.child.Add(ctx, head, arrival("LA1"))
	f.must(err)
	if f.sees(one, maya) {
		t.Fatal("seen before being allocated")
	}
	f.must(f.child.Allocate(ctx, head, maya, child.Allocation{Part: "social_worker", AccountID: one.ID, From: today.AddDays(-30)}))
	if !f.sees(one, maya) || f.sees(two, maya) {
		t.Fatal("the allocated one sees, the other does not")
	}
	f.must(f.child.Allocate(ctx, head, maya, child.Allocation{Part: "social_worker", AccountID: two.ID, From: today}))
	if f.sees(one, maya) || !f.sees(two, maya) {
		t.Error("after the change it is the other way round")
	}
	f.must(f.child.Allocate(ctx, head, maya, child.Allocation{Part: "social_worker", AccountID: one.ID, From: today}))
	if !f.sees(one, maya) || f.sees(two, maya) {
		t.Error("a wrong choice put right on the same day")
	}
	f.must(f.child.Allocate(ctx, head, maya, child.Allocation{Part: "social_worker", AccountID: two.ID, From: today}))
	for name, wrong := range map[string]child.Allocation{
		"again":          {Part: "social_worker", AccountID: two.ID, From: today},
		"another's role": {Part: "advisor", AccountID: one.ID, From: today},
		"no part":        {Part: "friend", AccountID: one.ID, From: today},
		"endless cover":  {Part: "cover", AccountID: one.ID, From: today, Reason: "leave"},
		"next year":      {Part: "social_worker", AccountID: one.ID, From: today.AddYears(1)},
	} {
		if err := f.child.Allocate(ctx, head, maya, wrong); !errors.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := f.child.Allocate(ctx, two, maya, child.Allocation{Part: "advisor", From: today}); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a social worker allocates: %v", err)
	}
}

func TestLeavingCareEndsWorkWithTheChild(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	head, advisor := f.person(access.Head, "Head"), f.person(access.Advisor, "Advisor")
	maya, err := f.child.Add(ctx, head, arrival("LA1"))
	f.must(err)
	f.must(f.child.Allocate(ctx, head, maya, child.Allocation{Part: "advisor", AccountID: advisor.ID, From: calendar.MustParse("2026-09-02")}))
	if err := f.child.LeaveCare(ctx, head, maya, child.Leaving{On: today, Code: "X1"}); !errors.Is(err, fault.KindInvalid) {
		t.Errorf("X1 does not end care: %v", err)
	}
	f.must(f.child.LeaveCare(ctx, head, maya, child.Leaving{On: today, Code: "E4A"}))
	if f.sees(advisor, maya) || !f.sees(head, maya) {
		t.Error("the advisor's work ended with care; the head still has the record")
	}
	if err := f.child.LeaveCare(ctx, head, maya, child.Leaving{On: today, Code: "E4A"}); !errors.Is(err, fault.KindInvalid) {
		t.Errorf("leaving twice: %v", err)
	}
}

func TestRestrictingHidesFromEveryoneNotNamed(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	head, deputy, advisor, data := f.person(access.Head, "Head"), f.person(access.Deputy, "Deputy"), f.person(access.Advisor, "Advisor"), f.person(access.DataOfficer, "Data")
	maya, err := f.child.Add(ctx, head, arrival("LA1"))
	f.must(err)
	f.must(f.child.Allocate(ctx, head, maya, child.Allocation{Part: "advisor", AccountID: advisor.ID, From: today}))
	f.must(f.child.Restrict(ctx, deputy, maya, child.Restriction{Reason: "protection", Named: []int64{advisor.ID}, From: today}))
	for who, want := range map[access.Actor]bool{head: false, data: false, deputy: true, advisor: true} {
		if f.sees(who, maya) != want {
			t.Errorf("%s sees: %t, want %t", who.Name, !want, want)
		}
	}
	if err := f.child.Edit(ctx, head, maya, child.Changes{DateOfBirth: today.AddYears(-10), Version: 1}); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("the head changes what they cannot see: %v", err)
	}
	// To add the same child again must not say more than that the identifier cannot be used.
	_, err = f.child.Add(ctx, head, arrival("LA1"))
	if fault.Of(err).Text("la_child_id") == "" {
		t.Errorf("added twice: %v", err)
	}
}

func TestSchoolChangesKeepHistoryInOrder(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	head := f.person(access.Head, "Head")
	maya, err := f.child.Add(ctx, head, arrival("LA1"))
	f.must(err)
	school := func(urn int, status string) int64 {
		return f.number(`insert into setting (urn, name, status, source) values ($1, 'A school that is ' || $2::text, $2, 'gias') returning id`, urn, status)
	}
	old, next, shut := school(100001, "open"), school(100002, "closing"), school(100003, "closed")
	move := func(setting int64, from calendar.Date) error {
		return f.child.ChangeSchool(ctx, head, maya, child.Move{SettingID: setting, Kind: "main", From: from})
	}
	f.must(move(old, calendar.MustParse("2026-09-02")))
	for name, err := range map[string]error{
		"closed":            move(shut, today),
		"the same again":    move(old, today),
		"before it began":   move(next, calendar.MustParse("2026-09-01")),
		"no such school":    move(999999, today),
		"far in the future": move(next, today.AddYears(2)),
	} {
		if !errors.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.must(move(next, today))
	f.must(move(0, today.AddDays(1)))
	if n := f.number(`select count(*) from roll where child_id = $1 and not upper_inf(period)`, maya); n != 2 {
		t.Errorf("%d ended rolls, want 2", n)
	}
	if err := move(0, today.AddDays(2)); !errors.Is(err, fault.KindInvalid) {
		t.Errorf("no school, again: %v", err)
	}
}

func TestDisplayName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ preferred, forename, surname, la, want string }{
		{"May", "Maya", "Okafor", "LA1", "May Okafor"},
		{"", "Maya", "Okafor", "LA1", "Maya Okafor"},
		{"", "", "Okafor", "LA1", "Okafor"},
		{"", "Teuila", "", "LA1", "Teuila"},
		{"", "", "", "LA1", "Child LA1"},
	} {
		if got := child.DisplayName(c.preferred, c.forename, c.surname, c.la); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
