package accessrequest_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/accessrequest"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const upn = "B801200005001"

// office is a child with another worker and school, and people who ask and decide.
type office struct {
	*pgtest.Facts
	t                           *testing.T
	db                          *postgres.DB
	requests                    *accessrequest.Service
	head, lead, worker, teacher access.Actor
	child, school               int64
	born, today                 calendar.Date
}

func newOffice(t *testing.T) *office {
	db := pgtest.Open(t).At(func() time.Time { return now })
	o := &office{Facts: pgtest.NewFacts(t, db), t: t, db: db, requests: &accessrequest.Service{DB: db}, born: calendar.New(2015, 3, 2), today: calendar.Of(now)}
	o.head, o.lead, o.worker = o.Person(access.Head, "Hal Head"), o.Person(access.LeadAdvisor, "Lea Lead"), o.Person(access.SocialWorker, "Sam Worker")
	o.school = o.Setting("Oak Primary School")
	o.teacher = o.Teacher("Tina Teacher", o.school)
	o.child = o.Child("Zoë", "O'Neil", "2015-03-02")
	o.Exec(`update child set upn = $2, upn_quality = 'valid' where id = $1`, o.child, upn)
	o.Allocate(o.child, "social_worker", o.Person(access.SocialWorker, "Before Worker"), "[2026-01-01,)")
	o.OnRoll(o.child, o.Setting("Elm Primary School"), "[2026-01-01,)")
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) ask(who access.Actor, asking accessrequest.Asking) int64 {
	o.t.Helper()
	o.must(o.requests.Ask(o.t.Context(), who, asking))
	return o.ID(`select max(id) from access_request where asked_by = $1`, who.ID)
}

func (o *office) matches(who access.Actor, id int64) (list []accessrequest.Match) {
	o.t.Helper()
	var batch postgres.Batch
	accessrequest.QueueMatches(&batch, &list, id)
	o.must(o.db.View(o.t.Context(), who, &batch))
	return list
}

func (o *office) sees(who access.Actor) bool {
	o.t.Helper()
	var n int
	var batch postgres.Batch
	postgres.Value(&batch, &n, `select count(*)::int from child where id = @child`, postgres.Args{"child": o.child})
	o.must(o.db.View(o.t.Context(), who, &batch))
	return n > 0
}

func TestASocialWorkerGetsTheChild(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.ask(o.worker, accessrequest.Asking{Name: "zoe oneil", Born: o.born, UPN: upn, Why: "The case was given to me"})
	if list := o.matches(o.lead, id); len(list) != 1 || list[0].ChildID != o.child || !strings.Contains(list[0].By, "UPN") || list[0].Worker != "Before Worker" {
		t.Fatalf("%+v", list)
	}
	if list := o.matches(o.worker, id); len(list) != 0 {
		t.Errorf("who asks is shown %+v", list)
	}
	decide := accessrequest.Decision{Outcome: accessrequest.Give, ChildID: o.child, From: o.today}
	if err := o.requests.Decide(t.Context(), o.worker, id, decide); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("who asks decides: %v", err)
	}
	if err := o.requests.Decide(t.Context(), o.lead, id, accessrequest.Decision{Outcome: accessrequest.Give, From: o.today}); len(fault.Of(err)) == 0 {
		t.Errorf("nobody chosen: %v", err)
	}
	o.must(o.requests.Decide(t.Context(), o.lead, id, decide))
	if !o.sees(o.worker) {
		t.Error("given, and not seen")
	}
	if err := o.requests.Decide(t.Context(), o.head, id, accessrequest.Decision{Outcome: accessrequest.Refuse}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("decided twice: %v", err)
	}
	if n := o.ID(`select count(*) from river_job where kind = 'notice' and (args->>'account_id')::bigint = $1 and args::text not like '%Zo%'`, o.worker.ID); n != 1 {
		t.Errorf("%d mails to who asked", n)
	}
}

func TestASchoolGetsTheChild(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	asking := accessrequest.Asking{Name: "Zoë O'Neil", Born: o.born, Why: "Started with us today"}
	if err := o.requests.Ask(t.Context(), o.teacher, asking); len(fault.Of(err)) == 0 {
		t.Errorf("no school named: %v", err)
	}
	asking.SettingID = o.Setting("Somebody else's school")
	if err := o.requests.Ask(t.Context(), o.teacher, asking); len(fault.Of(err)) == 0 {
		t.Errorf("another's school: %v", err)
	}
	asking.SettingID = o.school
	id := o.ask(o.teacher, asking)
	if err := o.requests.Decide(t.Context(), o.lead, id, accessrequest.Decision{Outcome: accessrequest.Give, ChildID: o.child, From: o.today, Kind: "sideways"}); len(fault.Of(err)) == 0 {
		t.Errorf("no such roll: %v", err)
	}
	o.must(o.requests.Decide(t.Context(), o.lead, id, accessrequest.Decision{Outcome: accessrequest.Give, ChildID: o.child, From: o.today, Kind: "main"}))
	if !o.sees(o.teacher) {
		t.Error("given, and not seen")
	}
}

// TestTheAnswerIsTheSameWhateverTheTruth: for a child there is, one there is not, a restricted one and an adopted one.
func TestTheAnswerIsTheSameWhateverTheTruth(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	restricted, adopted := o.Child("Rea", "Restricted", "2015-03-02"), o.Child("Ava", "Adopted", "2015-03-02")
	o.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, restricted)
	o.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, restricted, o.head.ID)
	o.Exec(`update child set upn = 'A815205011001', upn_quality = 'valid' where id = $1`, adopted)
	o.Exec(`update care_period set period = '[2025-09-01,2026-11-01)', end_code = 'E11' where child_id = $1`, adopted)
	for name, c := range map[string]struct {
		asking     accessrequest.Asking
		lead, head int
	}{
		"there":      {accessrequest.Asking{Name: "Zoë O'Neil", Born: o.born, Why: "x"}, 1, 1},
		"not there":  {accessrequest.Asking{Name: "Nobody Atall", Born: o.born, Why: "x"}, 0, 0},
		"restricted": {accessrequest.Asking{Name: "Rea Restricted", Born: o.born, Why: "x"}, 0, 1},
		"adopted":    {accessrequest.Asking{Name: "Ava Adopted", Born: o.born, UPN: "A815205011001", Why: "x"}, 0, 0},
	} {
		id := o.ask(o.worker, c.asking)
		if lead, head := o.matches(o.lead, id), o.matches(o.head, id); len(lead) != c.lead || len(head) != c.head {
			t.Errorf("%s: the lead advisor is shown %+v, the head %+v", name, lead, head)
		}
		var list []accessrequest.Request
		var batch postgres.Batch
		accessrequest.QueueAll(&batch, &list, o.worker)
		o.must(o.db.View(t.Context(), o.worker, &batch))
		for _, one := range list {
			if one.State != "asked" || one.Note != "" {
				t.Errorf("%s: who asked reads %+v", name, one)
			}
		}
	}
	// Another who asks sees none of it, and a decider who is not named cannot give what they cannot see.
	var list []accessrequest.Request
	var batch postgres.Batch
	accessrequest.QueueAll(&batch, &list, o.teacher)
	o.must(o.db.View(t.Context(), o.teacher, &batch))
	if len(list) != 0 {
		t.Errorf("another reads %+v", list)
	}
	id := o.ID(`select id from access_request where name = 'Rea Restricted'`)
	for _, outcome := range []string{accessrequest.Give, accessrequest.There} {
		if err := o.requests.Decide(t.Context(), o.lead, id, accessrequest.Decision{Outcome: outcome, ChildID: restricted, From: o.today}); err == nil {
			t.Errorf("%s of a child whom the decider does not see", outcome)
		}
	}
}

func TestWhatMustBeSaidAndHowOften(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := accessrequest.Asking{Name: "Zoë O'Neil", Born: o.born, Why: "x"}
	for field, change := range map[string]func(*accessrequest.Asking){
		"name": func(a *accessrequest.Asking) { a.Name = "" },
		"born": func(a *accessrequest.Asking) { a.Born = o.today.AddDays(1) },
		"upn":  func(a *accessrequest.Asking) { a.UPN = "12" },
		"why":  func(a *accessrequest.Asking) { a.Why = "" },
	} {
		asking := good
		change(&asking)
		if problems := asking.Check(o.today); !problems.Has(field) || len(problems) != 1 {
			t.Errorf("%s: %v", field, problems)
		}
	}
	for _, role := range access.Roles {
		if role == access.SocialWorker || role == access.ReviewingOfficer || role == access.School {
			continue
		}
		if err := o.requests.Ask(t.Context(), o.Person(role, "Somebody "+string(role)), good); !errors.Is(err, fault.KindForbidden) {
			t.Errorf("%s asks: %v", role, err)
		}
	}
	for range 10 {
		o.ask(o.worker, good)
	}
	if err := o.requests.Ask(t.Context(), o.worker, good); !errors.Is(err, fault.KindTooMany) {
		t.Errorf("the eleventh: %v", err)
	}
}
