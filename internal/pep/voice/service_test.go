package voice_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// house is a child with an open plan and the people around her, on Monday 23 November 2026.
type house struct {
	*pgtest.Facts
	t       testing.TB
	db      *postgres.DB
	service *voice.Service
	child   int64
	plan    pep.Ref

	head, advisor, worker, teacher, officer, data    access.Actor
	otherAdvisor, otherWorker, otherTeacher, blocked access.Actor
}

func open(t testing.TB) *house {
	t.Helper()
	fresh := pgtest.Open(t)
	h := &house{t: t, service: &voice.Service{}, Facts: pgtest.NewFacts(t, fresh), db: fresh}
	h.at("2026-11-23")
	oak, elm := h.Setting("Oak Primary"), h.Setting("Elm Primary")
	h.head, h.data = h.Person(access.Head, "Hal Head"), h.Person(access.DataOfficer, "Dan Data")
	h.advisor, h.otherAdvisor = h.Person(access.Advisor, "Ada Advisor"), h.Person(access.Advisor, "Otis Advisor")
	h.worker, h.otherWorker = h.Person(access.SocialWorker, "Sam Worker"), h.Person(access.SocialWorker, "Owen Worker")
	h.officer, h.blocked = h.Person(access.ReviewingOfficer, "Ira Review"), h.Person(access.Deputy, "Bea Blocked")
	h.teacher, h.otherTeacher = h.Teacher("Tia Teacher", oak), h.Teacher("Olga Teacher", elm)
	h.child = h.Child("Maya", "Okafor", "2015-03-02")
	h.OnRoll(h.child, oak, "[2025-09-01,)")
	h.Allocate(h.child, "advisor", h.advisor, "[2026-01-01,)")
	h.Allocate(h.child, "social_worker", h.worker, "[2026-01-01,)")
	h.Allocate(h.child, "reviewing_officer", h.officer, "[2026-01-01,)")
	h.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'a relative', '[2026-01-01,)')`, h.child, h.blocked.ID)
	h.plan = pep.Ref{ChildID: h.child, PEPID: h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2026, 'autumn', $2, '2026-11-01') returning id`, h.child, h.advisor.ID)}
	return h
}

// at moves the clock to the noon of a day.
func (h *house) at(iso string) {
	moment := noon(iso)
	h.db = h.db.At(func() time.Time { return moment })
	h.service.DB = h.db
}

func (h *house) record(who access.Actor, words string, audience voice.Audience) voice.Ref {
	h.t.Helper()
	id, err := h.service.Record(h.t.Context(), who, voice.NewWish{ChildID: h.child, PEPID: h.plan.PEPID, Words: words, SaidOn: h.db.Today(), Audience: audience})
	if err != nil {
		h.t.Fatalf("record: %v %v", err, fault.Of(err))
	}
	return voice.Ref{ChildID: h.child, WishID: id}
}

// wishes are those that somebody sees.
func (h *house) wishes(who access.Actor) []voice.Wish {
	h.t.Helper()
	var list []voice.Wish
	var batch postgres.Batch
	voice.QueueOfChild(&batch, &list, h.child)
	if err := h.db.View(h.t.Context(), who, &batch); err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h *house) wish(ref voice.Ref) voice.Wish {
	h.t.Helper()
	for _, wish := range h.wishes(access.System) {
		if wish.ID == ref.WishID {
			return wish
		}
	}
	h.t.Fatalf("wish %d is gone", ref.WishID)
	return voice.Wish{}
}

func kind(t testing.TB, err error, want fault.Kind) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%v (%v), want %v", err, fault.Of(err), want)
	}
}

func done(words string) voice.NewAnswer { return voice.NewAnswer{Kind: voice.Done, Words: words} }

func TestAWishFromSayingToTelling(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.record(h.teacher, "I want more <b>art</b>", voice.Everyone)
	if wish := h.wish(ref); wish.State != voice.Open || wish.PEPID != h.plan.PEPID || wish.RecordedBy != "Tia Teacher" || wish.Words != "I want more <b>art</b>" || wish.FromLink || wish.Version != 1 {
		t.Errorf("recorded: %+v", wish)
	}
	kind(t, h.service.Tell(t.Context(), h.teacher, ref, day("2026-11-23")), fault.KindConflict)
	h.at("2026-11-26")
	promise := voice.NewAnswer{Kind: voice.WillHappen, Words: "Art club has a place for you after Christmas.", HappensBy: day("2027-01-11")}
	if err := h.service.Answer(t.Context(), h.worker, ref, 1, promise); err != nil {
		t.Fatal(err, fault.Of(err))
	}
	for told, want := range map[string]string{"2026-11-25": "told", "2026-11-27": "told"} {
		if err := h.service.Tell(t.Context(), h.teacher, ref, day(told)); !fault.Of(err).Has(want) {
			t.Errorf("told on %s: %v", told, err)
		}
	}
	if err := h.service.Tell(t.Context(), h.teacher, ref, day("2026-11-26")); err != nil {
		t.Fatal(err)
	}
	kind(t, h.service.Tell(t.Context(), h.teacher, ref, day("2026-11-26")), fault.KindConflict)
	h.at("2027-01-12")
	kind(t, h.service.Answer(t.Context(), h.advisor, ref, 1, done("You went.")), fault.KindConflict)
	if err := h.service.Answer(t.Context(), h.advisor, ref, 2, voice.NewAnswer{Kind: voice.Done, Words: "You went.", ToldOn: day("2027-01-12")}); err != nil {
		t.Fatal(err, fault.Of(err))
	}
	wish := h.wish(ref)
	if answer, _ := wish.Answer(); len(wish.Answers) != 2 || wish.AnsweredOn() != day("2026-11-26") || answer.By != "Ada Advisor" || answer.ToldBy != "Ada Advisor" || wish.Answers[0].ToldBy != "Tia Teacher" {
		t.Errorf("answered: %+v", wish)
	}
	kind(t, h.service.Answer(t.Context(), h.advisor, ref, 3, done("Again.")), fault.KindConflict)
	kind(t, h.service.Withdraw(t.Context(), h.advisor, ref, 3, "Changed her mind"), fault.KindConflict)
	if got := h.Text(`select string_agg(action, ', ' order by id) from audit_change where subject = 'wish' and child_id = $1`, h.child); got != "recorded, answered, told, answered" {
		t.Errorf("audit: %s", got)
	}
}

func TestAWishIsWithdrawnOnlyWithANote(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.record(h.worker, "A later bus", voice.Everyone)
	if err := h.service.Withdraw(t.Context(), h.worker, ref, 1, "  "); !fault.Of(err).Has("note") {
		t.Errorf("without a note: %v", err)
	}
	kind(t, h.service.Withdraw(t.Context(), h.worker, ref, 7, "She said so"), fault.KindConflict)
	if err := h.service.Withdraw(t.Context(), h.worker, ref, 1, "Maya told me today that the bus is fine now."); err != nil {
		t.Fatal(err)
	}
	if wish := h.wish(ref); wish.State != voice.Withdrawn || wish.WithdrawnBy != "Sam Worker" || wish.WithdrawnAt == nil || wish.Words != "A later bus" {
		t.Errorf("withdrawn: %+v", wish)
	}
	kind(t, h.service.Answer(t.Context(), h.worker, ref, 2, done("Yes.")), fault.KindConflict)
	kind(t, h.service.Tell(t.Context(), h.worker, ref, day("2026-11-23")), fault.KindConflict)
}

func TestNobodyRemovesOrRewritesAWish(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.record(h.advisor, "A quiet place", voice.Everyone)
	if err := h.service.Answer(t.Context(), h.advisor, ref, 1, done("The library is open at lunch.")); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`delete from wish`, `update wish set words = 'Nothing'`, `update wish set said_on = '2026-01-01'`, `update wish set audience = 'social_work'`,
		`update wish set child_id = child_id + 1`, `delete from wish_answer`, `update wish_answer set words = 'No'`,
		`update voice_reply set audience = 'everyone'`, `delete from voice_reply`, `delete from voice_link`,
	} {
		err := h.db.Change(t.Context(), h.head, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, sql, nil)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.record(h.advisor, "A quiet place", voice.Everyone)
	acts := map[string]func(access.Actor) error{
		"record": func(who access.Actor) error {
			_, err := h.service.Record(t.Context(), who, voice.NewWish{ChildID: h.child, Words: "x", SaidOn: h.db.Today(), Audience: voice.Everyone})
			return err
		},
		"answer":   func(who access.Actor) error { return h.service.Answer(t.Context(), who, ref, 1, done("x")) },
		"tell":     func(who access.Actor) error { return h.service.Tell(t.Context(), who, ref, h.db.Today()) },
		"withdraw": func(who access.Actor) error { return h.service.Withdraw(t.Context(), who, ref, 1, "x") },
	}
	for name, act := range acts {
		for _, who := range []access.Actor{h.otherAdvisor, h.otherWorker, h.otherTeacher, h.blocked, {}} {
			if err := act(who); !errors.Is(err, fault.KindNotFound) {
				t.Errorf("%s as %s: %v", name, who.Name, err)
			}
		}
		for _, who := range []access.Actor{h.officer, h.data} {
			if err := act(who); !errors.Is(err, fault.KindForbidden) {
				t.Errorf("%s as %s: %v", name, who.Name, err)
			}
		}
	}
	if wish := h.wish(ref); wish.State != voice.Open || len(h.wishes(access.System)) != 1 {
		t.Errorf("after that: %+v", wish)
	}
	other := h.Child("Kofi", "Mensah", "2014-01-01")
	_, err := h.service.Record(t.Context(), h.head, voice.NewWish{ChildID: other, PEPID: h.plan.PEPID, Words: "x", SaidOn: h.db.Today(), Audience: voice.Everyone})
	kind(t, err, fault.KindNotFound)
	kind(t, h.service.Answer(t.Context(), h.head, voice.Ref{ChildID: other, WishID: ref.WishID}, 1, done("x")), fault.KindNotFound)
}

// TestTheWallOfTheAudience asks the database itself, as the school and the others, for words that the
// child kept to the social worker and the Virtual School.
func TestTheWallOfTheAudience(t *testing.T) {
	t.Parallel()
	h := open(t)
	const secret = "Please do not make me sit with Leo"
	ref := h.record(h.worker, secret, voice.SocialWork)
	if err := h.service.Answer(t.Context(), h.worker, ref, 1, done("You sit with Amina now, and Leo does not know why.")); err != nil {
		t.Fatal(err)
	}
	link := h.ID(`insert into voice_link (child_id, pep_id, token_hash, reading_level, made_by, made_at, expires_at) values ($1, $2, 'h', 'plain', $3, '2026-11-20', '2026-12-20') returning id`, h.child, h.plan.PEPID, h.worker.ID)
	h.Exec(`insert into voice_reply (child_id, pep_id, link_id, audience, answers, sent_at) values ($1, $2, $3, 'social_work', jsonb_build_array($4::text), '2026-11-20')`, h.child, h.plan.PEPID, link, secret)
	for who, want := range map[*access.Actor]int{&h.worker: 1, &h.advisor: 1, &h.head: 1, &h.teacher: 0, &h.officer: 0, &h.data: 0, &h.otherAdvisor: 0, &h.otherTeacher: 0, &h.blocked: 0} {
		for _, sql := range []string{`select count(*)::int from wish`, `select count(*)::int from wish_answer`, `select count(*)::int from voice_reply`,
			`select count(*)::int from wish where words like '%Leo%'`} {
			var got int
			var batch postgres.Batch
			postgres.Value(&batch, &got, sql, nil)
			if err := h.db.View(t.Context(), *who, &batch); err != nil || got != want {
				t.Errorf("%s as %s: %d (%v), want %d", sql, who.Name, got, err, want)
			}
		}
		var leaks int
		var batch postgres.Batch
		postgres.Value(&batch, &leaks, `select count(*)::int from audit_change where coalesce(before::text, '') || coalesce(after::text, '') like '%Leo%'`, nil)
		if err := h.db.View(t.Context(), *who, &batch); err != nil || leaks != 0 {
			t.Errorf("%s finds the words in %d rows of the audit (%v)", who.Name, leaks, err)
		}
		if len(h.wishes(*who)) != want {
			t.Errorf("%s is shown %d wishes", who.Name, len(h.wishes(*who)))
		}
	}
	kind(t, h.service.Answer(t.Context(), h.teacher, ref, 2, done("x")), fault.KindNotFound)
	kind(t, h.service.Tell(t.Context(), h.teacher, ref, h.db.Today()), fault.KindNotFound)
	// A school cannot write what it could not read, nor look by writing.
	err := h.db.Change(t.Context(), h.teacher, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `insert into wish (child_id, words, said_on, audience, recorded_by, recorded_at) values (@child, 'x', @today, 'social_work', @by, @now)`,
			postgres.Args{"child": h.child, "by": h.teacher.ID})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("a school keeps words from itself: %v", err)
	}
}

func TestTwoAnswersAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.record(h.advisor, "A quiet place", voice.Everyone)
	var all sync.WaitGroup
	results := make([]error, 2)
	for n, who := range []access.Actor{h.worker, h.teacher} {
		all.Go(func() { results[n] = h.service.Answer(context.Background(), who, ref, 1, done("From "+who.Name)) })
	}
	all.Wait()
	if (results[0] == nil) == (results[1] == nil) {
		t.Fatalf("one must win: %v", results)
	}
	for _, err := range results {
		if err != nil && (!errors.Is(err, fault.KindConflict) || !strings.Contains(fault.Words(err), "answered by ")) {
			t.Errorf("the other is told: %v", fault.Words(err))
		}
	}
	if wish := h.wish(ref); len(wish.Answers) != 1 || wish.Version != 2 {
		t.Errorf("%+v", wish)
	}
}

func TestListsAndFigures(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.at("2026-09-07")
	old := h.record(h.advisor, "An old one", voice.Everyone)
	h.at("2026-11-02")
	promised := h.record(h.advisor, "Promised", voice.Everyone)
	h.at("2026-11-04")
	if err := h.service.Answer(t.Context(), h.advisor, promised, 1, voice.NewAnswer{Kind: voice.WillHappen, Words: "Yes", HappensBy: day("2026-12-01"), ToldOn: day("2026-11-04")}); err != nil {
		t.Fatal(err)
	}
	untold := h.record(h.advisor, "Answered", voice.Everyone)
	if err := h.service.Answer(t.Context(), h.advisor, untold, 1, done("Yes")); err != nil {
		t.Fatal(err)
	}
	h.at("2026-11-23")
	h.record(h.worker, "Kept to few", voice.SocialWork)
	for _, c := range []struct {
		who    access.Actor
		filter voice.Filter
		want   string
	}{
		{h.worker, voice.Filter{}, "An old one, Kept to few"},
		{h.teacher, voice.Filter{}, "An old one"},
		{h.teacher, voice.Filter{Shown: voice.ShownPromised}, "Promised"},
		{h.teacher, voice.Filter{Shown: voice.ShownUntold}, "Answered"},
		{h.teacher, voice.Filter{Shown: voice.ShownAll, SaidBefore: day("2026-11-04")}, "An old one, Promised"},
		{h.worker, voice.Filter{Shown: voice.ShownAll}, "An old one, Promised, Answered, Kept to few"},
		{h.otherTeacher, voice.Filter{Shown: voice.ShownAll}, ""},
	} {
		var list []voice.Listed
		var count int
		var batch postgres.Batch
		c.filter.Limit = 10
		voice.QueueList(&batch, &list, &count, c.filter)
		if err := h.db.View(t.Context(), c.who, &batch); err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, wish := range list {
			words = append(words, wish.Words)
		}
		if got := strings.Join(words, ", "); got != c.want || count != len(list) {
			t.Errorf("%s, %+v: %q of %d", c.who.Name, c.filter, got, count)
		}
	}
	var timings []voice.Timing
	var openOnes []voice.Wish
	var batch postgres.Batch
	voice.QueueTimings(&batch, &timings, day("2026-09-01"))
	voice.QueueOpen(&batch, &openOnes, h.child)
	if err := h.db.View(t.Context(), h.teacher, &batch); err != nil {
		t.Fatal(err)
	}
	if f := voice.FiguresOf(timings, working, 20, h.db.Today()); f.Said != 3 || f.Late != 1 || f.Answered != 2 || f.Median() != "1" {
		t.Errorf("%+v of %+v", f, timings)
	}
	if len(openOnes) != 1 || openOnes[0].ID != old.WishID {
		t.Errorf("open: %+v", openOnes)
	}
}
