package looking_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/looking"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

type world struct {
	*pgtest.Facts
	t       *testing.T
	db      *postgres.DB
	service *looking.Service
	n       int
}

func open(t *testing.T) *world {
	db := pgtest.Open(t).At(func() time.Time { return now })
	return &world{Facts: pgtest.NewFacts(t, db), t: t, db: db, service: &looking.Service{DB: db, Authority: "332"}}
}

// look has somebody look at children in one request at a moment, as pages do.
func (w *world) look(who access.Actor, at string, children ...int64) {
	w.t.Helper()
	moment, err := time.Parse("2006-01-02 15:04", at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.n++
	ctx := audit.WithRequestID(w.t.Context(), fmt.Sprintf("%016x", w.n))
	var batch postgres.Batch
	audit.LookMany(ctx, &batch, who, children, "child")
	if err := w.db.At(func() time.Time { return moment }).View(ctx, who, &batch); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) lines(who access.Actor, reviewed bool) []looking.Line {
	w.t.Helper()
	var list []looking.Line
	var batch postgres.Batch
	looking.QueueLines(&batch, &list, reviewed, 0, 10)
	if err := w.db.View(w.t.Context(), who, &batch); err != nil {
		w.t.Fatal(err)
	}
	return list
}

func (w *world) waiting(who access.Actor) (n int) {
	w.t.Helper()
	var batch postgres.Batch
	looking.QueueWaiting(&batch, &n)
	if err := w.db.View(w.t.Context(), who, &batch); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestAWeekIsLookedAtOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	head, lead := w.Person(access.Head, "Hal Head"), w.Person(access.LeadAdvisor, "Lena Okafor")
	ann := w.Person(access.Advisor, "Ann Advisor")
	maya, ben, secret := w.Child("Maya", "Okafor", "2015-03-02"), w.Child("Ben", "Ash", "2015-03-02"), w.Child("Sal", "Okafor", "2015-03-02")
	w.Allocate(ben, "advisor", ann, "[2026-01-01,)")
	w.look(ann, "2026-11-17 10:00", ben)
	w.look(lead, "2026-11-17 10:00", maya, ben, secret) // a list
	w.look(lead, "2026-11-18 21:30", maya)              // half past nine in the evening, in winter
	w.look(lead, "2026-11-19 21:30", maya)
	w.look(lead, "2026-11-19 21:40", secret)
	w.look(lead, "2026-11-23 09:00", maya) // this week, which has not ended
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, secret)
	for round, want := range []int{1, 0} {
		people, err := w.service.Week(t.Context(), calendar.MustParse("2026-11-16"))
		if err != nil || people != want {
			t.Fatalf("round %d: %d people, %v", round, people, err)
		}
	}
	rules := map[looking.Rule]looking.Line{}
	for _, line := range w.lines(head, false) {
		rules[line.Rule] = line
		if line.ChildID == secret {
			t.Error("a restricted child is among what the head sees")
		}
		if line.AccountID != lead.ID {
			t.Errorf("%+v", line)
		}
	}
	if len(rules) != 2 || rules[looking.SameSurname].ChildName != "Maya Okafor" || rules[looking.SameSurname].Days != 2 || rules[looking.Alone].Days != 2 {
		t.Errorf("%+v", rules)
	}
	if w.waiting(head) != 1 || w.waiting(lead) != 0 || len(w.lines(lead, false)) != 0 {
		t.Error("who is found sees it, or the head does not")
	}
	if n := w.ID(`select count(*) from river_job where kind = 'notice' and args->>'path' = '/audit/unusual' and (args->>'account_id')::bigint = $1 and args::text not like '%Okafor%'`, head.ID); n != 1 {
		t.Errorf("%d mails to the head", n)
	}
}

func TestReviewing(t *testing.T) {
	t.Parallel()
	w := open(t)
	head, other, deputy := w.Person(access.Head, "Hal Okafor"), w.Person(access.Head, "Hana Head"), w.Person(access.Deputy, "Dana Deputy")
	lead := w.Person(access.LeadAdvisor, "Lena Lead")
	maya := w.Child("Maya", "Okafor", "2015-03-02")
	w.look(head, "2026-11-17 10:00", maya)
	if _, err := w.service.Week(t.Context(), calendar.MustParse("2026-11-16")); err != nil {
		t.Fatal(err)
	}
	line := w.lines(deputy, false)[0]
	review := func(who access.Actor, version int, verdict, words string) error {
		return w.service.Review(t.Context(), who, line.WeekID, version, looking.Review{Verdict: verdict, Words: words})
	}
	if err := review(head, 1, "fine", ""); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("one's own: %v", err)
	}
	if err := review(lead, 1, "fine", ""); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a lead advisor: %v", err)
	}
	if err := review(deputy, 1, "ask", ""); !fault.Of(err).Has("words") {
		t.Errorf("without words: %v", err)
	}
	if err := review(deputy, 1, "ask", "I asked on Monday"); err != nil {
		t.Fatal(err)
	}
	if err := review(other, 1, "fine", ""); !errors.Is(err, fault.KindConflict) {
		t.Errorf("what somebody else has said meanwhile: %v", err)
	}
	if w.waiting(deputy) != 0 || len(w.lines(deputy, false)) == 0 {
		t.Error("what is being asked has left the list, or still counts as new")
	}
	if err := review(other, 2, "fine", "A namesake"); err != nil {
		t.Fatal(err)
	}
	if len(w.lines(deputy, false)) != 0 || len(w.lines(deputy, true)) == 0 {
		t.Error("what is settled still waits")
	}
	if n := w.ID(`select count(*) from audit_change where subject = 'unusual looking' and action = 'reviewed'`); n != 2 {
		t.Errorf("%d reviews in the audit", n)
	}
	w.look(head, "2026-11-24 10:00", maya)
	if people, err := w.service.Week(t.Context(), calendar.MustParse("2026-11-23")); err != nil || people != 0 {
		t.Errorf("the namesake is found again: %d, %v", people, err)
	}
	for _, sql := range []string{`delete from unusual_week`, `update unusual_week set account_id = 1`, `update unusual_look set looks = 1`, `delete from unusual_look`} {
		if err := w.db.Change(t.Context(), deputy, func(ctx context.Context, tx *postgres.Tx) error { _, err := tx.Do(ctx, sql, nil); return err }); err == nil {
			t.Errorf("%s is done", sql)
		}
	}
}
