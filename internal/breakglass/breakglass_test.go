package breakglass_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const upn, why = "B801200005001", "The child has run away and nobody named answers"

// vault is a restricted child, and who would open the record.
type vault struct {
	*pgtest.Facts
	t                             *testing.T
	db                            *postgres.DB
	glass                         *breakglass.Service
	head, deputy, advisor, worker access.Actor
	child                         int64
	now                           time.Time
}

func newVault(t *testing.T) *vault {
	v := &vault{t: t, now: monday}
	v.db = pgtest.Open(t).At(func() time.Time { return v.now })
	v.Facts, v.glass = pgtest.NewFacts(t, v.db), &breakglass.Service{DB: v.db}
	v.head, v.deputy = v.Person(access.Head, "Hal Head"), v.Person(access.Deputy, "Dana Deputy")
	v.advisor, v.worker = v.Person(access.Advisor, "Ann Advisor"), v.Person(access.SocialWorker, "Sam Worker")
	v.child = v.Child("Zoë", "O'Neil", "2015-03-02")
	v.Exec(`update child set upn = $2, upn_quality = 'valid', preferred_name = 'Zo' where id = $1`, v.child, upn)
	v.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, v.child)
	v.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, v.child, v.deputy.ID)
	v.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2026-01-01,)', 'entered')`, v.child, v.Setting("Oak"))
	return v
}

func (v *vault) sees(who access.Actor) (n int) {
	v.t.Helper()
	var batch postgres.Batch
	postgres.Value(&batch, &n, `select (select count(*) from child where id = @child)::int + (select count(*) from roll where child_id = @child)::int`, postgres.Args{"child": v.child})
	if err := v.db.View(v.t.Context(), who, &batch); err != nil {
		v.t.Fatal(err)
	}
	return n
}

func (v *vault) open(who access.Actor, asking breakglass.Asking) int64 {
	v.t.Helper()
	child, err := v.glass.Open(v.t.Context(), who, asking)
	if err != nil {
		v.t.Fatal(err)
	}
	return child
}

func TestTheGlassIsBrokenForAnHour(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	born := calendar.New(2015, 3, 2)
	for name, asking := range map[string]breakglass.Asking{
		"the number":       {UPN: upn, Reason: why},
		"name and birth":   {Name: "Zoe ONeil", Born: born, Reason: why},
		"the name used":    {Name: "Zo O'Neil", Born: born, Reason: why},
		"a number in part": {UPN: " b801200005001 ", Reason: why},
	} {
		who := v.Person(access.Advisor, "Advisor "+name)
		if name == "name and birth" {
			asking.Name = "zoë o'neil"
		}
		if v.sees(who) != 0 {
			t.Fatalf("%s: open before", name)
		}
		if child := v.open(who, asking); child != v.child || v.sees(who) != 2 {
			t.Errorf("%s: %d, sees %d", name, child, v.sees(who))
		}
		v.now = v.now.Add(time.Hour - time.Second)
		if v.sees(who) != 2 {
			t.Errorf("%s: closed within the hour", name)
		}
		v.now = v.now.Add(time.Second)
		if v.sees(who) != 0 {
			t.Errorf("%s: open after an hour", name)
		}
	}
}

func TestNothingIsToldOfWhatIsNotOpened(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	open := v.Child("Bea", "Birch", "2014-01-05")
	v.Exec(`update child set upn = 'Z990000011001', upn_quality = 'valid' where id = $1`, open)
	blocked := v.Person(access.Advisor, "Bob Blocked")
	v.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'a relative', '[2026-01-01,)')`, v.child, blocked.ID)
	for name, c := range map[string]struct {
		who    access.Actor
		asking breakglass.Asking
	}{
		"nobody has it":        {v.Person(access.Advisor, "One"), breakglass.Asking{UPN: "A815205011001", Reason: why}},
		"not restricted":       {v.Person(access.Advisor, "Two"), breakglass.Asking{Name: "Bea Birch", Born: calendar.New(2014, 1, 5), Reason: why}},
		"named already":        {v.deputy, breakglass.Asking{UPN: upn, Reason: why}},
		"blocked":              {blocked, breakglass.Asking{UPN: upn, Reason: why}},
		"another day of birth": {v.Person(access.Advisor, "Three"), breakglass.Asking{Name: "Zoe O'Neil", Born: calendar.New(2015, 3, 3), Reason: why}},
		"a part of the name":   {v.Person(access.Advisor, "Four"), breakglass.Asking{Name: "Zoe", Born: calendar.New(2015, 3, 2), Reason: why}},
	} {
		if quality := c.asking.Check(); len(quality) > 0 {
			t.Fatalf("%s: %v", name, quality)
		}
		if child := v.open(c.who, c.asking); child != 0 {
			t.Errorf("%s: opened %d", name, child)
		}
	}
	if n := v.ID(`select count(*) from break_glass where until is null`); n != 6 {
		t.Errorf("%d askings are kept", n)
	}
	if n := v.ID(`select count(*) from audit_change where subject = 'break_glass' and child_id is null`); n != 6 {
		t.Errorf("%d askings are in the log", n)
	}
	if n := v.ID(`select count(*) from river_job where kind = 'notice'`); n != 0 {
		t.Errorf("%d mails went out", n)
	}
}

func TestWhoMayNotBreakIt(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	for _, role := range access.Roles {
		who := v.Person(role, "Somebody "+string(role))
		_, err := v.glass.Open(t.Context(), who, breakglass.Asking{UPN: upn, Reason: why})
		may := role == access.Head || role == access.Deputy || role == access.LeadAdvisor || role == access.Advisor
		if may && err != nil || !may && !errors.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", role, err)
		}
		// The database asks by itself, whatever the program thinks it may.
		err = v.db.Change(t.Context(), who, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := postgres.GetValue[*int64](ctx, tx, `select break_glass(@upn, '', null, 'x', @today, @now)`, postgres.Args{"upn": upn})
			return err
		})
		if refused := postgres.Constraint(err) == "break_glass_team"; refused == may {
			t.Errorf("%s, straight at the database: %v", role, err)
		}
	}
	// Losing the post closes what was opened with it.
	v.open(v.advisor, breakglass.Asking{UPN: upn, Reason: why})
	v.Exec(`update account set role = 'support_advisor' where id = $1`, v.advisor.ID)
	if v.sees(v.advisor) != 0 {
		t.Error("open for a role that may not")
	}
	// And so does a block.
	v.open(v.head, breakglass.Asking{UPN: upn, Reason: why})
	v.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'a relative', '[2026-01-01,)')`, v.child, v.head.ID)
	if v.sees(v.head) != 0 {
		t.Error("open for who is blocked")
	}
}

func TestWhatMustBeSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asking breakglass.Asking
		field  string
	}{
		{breakglass.Asking{Reason: why}, "upn"},
		{breakglass.Asking{UPN: "12", Reason: why}, "upn"},
		{breakglass.Asking{Name: "Zoe O'Neil", Reason: why}, "born"},
		{breakglass.Asking{Born: calendar.New(2015, 3, 2), Reason: why}, "name"},
		{breakglass.Asking{UPN: upn, Reason: "urgent"}, "reason"},
	} {
		if problems := c.asking.Check(); !problems.Has(c.field) {
			t.Errorf("%+v: %v", c.asking, problems)
		}
	}
}

func TestFiveTimesAnHour(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	for range 5 {
		v.open(v.advisor, breakglass.Asking{UPN: "A815205011001", Reason: why})
	}
	if _, err := v.glass.Open(t.Context(), v.advisor, breakglass.Asking{UPN: upn, Reason: why}); !errors.Is(err, fault.KindTooMany) {
		t.Errorf("the sixth: %v", err)
	}
	v.now = v.now.Add(time.Hour)
	if child := v.open(v.advisor, breakglass.Asking{UPN: upn, Reason: why}); child != v.child {
		t.Errorf("an hour later: %d", child)
	}
}

func TestTheHeadIsToldAndLooksIntoIt(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.open(v.advisor, breakglass.Asking{UPN: upn, Reason: why})
	if n := v.ID(`select count(*) from river_job where kind = 'notice' and (args->>'account_id')::bigint = $1 and args::text not like '%' || $2 || '%'`, v.head.ID, upn); n != 1 {
		t.Errorf("the head got %d mails", n)
	}
	var list []breakglass.Opening
	var waiting breakglass.Waiting
	var batch postgres.Batch
	breakglass.QueueAll(&batch, &list, v.head)
	breakglass.QueueWaiting(&batch, &waiting, v.head)
	if err := v.db.View(t.Context(), v.head, &batch); err != nil || len(list) != 1 || waiting.Count != 1 {
		t.Fatalf("%v, %+v, %+v", err, list, waiting)
	}
	if list[0].ChildID != nil || list[0].Reason != why || !list[0].Open(v.now) {
		t.Errorf("the head, who is not named, reads %+v", list[0])
	}
	id := list[0].ID
	for name, c := range map[string]struct {
		who    access.Actor
		review breakglass.Review
		kind   fault.Kind
	}{
		"who opened it": {v.advisor, breakglass.Review{Words: "x"}, fault.KindForbidden},
		"nobody's":      {v.worker, breakglass.Review{Words: "x"}, fault.KindNotFound},
		"no words":      {v.head, breakglass.Review{}, fault.KindInvalid},
	} {
		if err := v.glass.Review(t.Context(), c.who, id, c.review); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := v.glass.Review(t.Context(), v.head, id, breakglass.Review{Justified: true, Words: "The police had called"}); err != nil {
		t.Fatal(err)
	}
	if err := v.glass.Review(t.Context(), v.deputy, id, breakglass.Review{Words: "No"}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	// The head's own are told to the deputy, and looked into by them.
	v.open(v.head, breakglass.Asking{UPN: upn, Reason: why})
	if n := v.ID(`select count(*) from river_job where kind = 'notice' and (args->>'account_id')::bigint = $1`, v.deputy.ID); n != 1 {
		t.Errorf("the deputy got %d mails", n)
	}
	own := v.ID(`select max(id) from break_glass`)
	if err := v.glass.Review(t.Context(), v.head, own, breakglass.Review{Justified: true, Words: "x"}); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("the head judges their own: %v", err)
	}
	if err := v.glass.Review(t.Context(), v.deputy, own, breakglass.Review{Words: "The named people were in the office"}); err != nil {
		t.Error(err)
	}
}
