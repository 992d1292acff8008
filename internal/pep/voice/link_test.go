package voice_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
)

func (h *house) link(who access.Actor) string {
	h.t.Helper()
	token, err := h.service.GiveLink(h.t.Context(), who, h.plan, voice.Plain, voice.UsualDays)
	if err != nil {
		h.t.Fatalf("make a link: %v %v", err, fault.Of(err))
	}
	return token
}

func (h *house) links() []voice.Link {
	h.t.Helper()
	var list []voice.Link
	var batch postgres.Batch
	voice.QueueLinks(&batch, &list, h.plan)
	if err := h.db.View(h.t.Context(), h.worker, &batch); err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h *house) replies(who access.Actor) []voice.Reply {
	h.t.Helper()
	var list []voice.Reply
	var batch postgres.Batch
	voice.QueueReplies(&batch, &list, h.plan)
	if err := h.db.View(h.t.Context(), who, &batch); err != nil {
		h.t.Fatal(err)
	}
	return list
}

func said(audience voice.Audience) voice.Said {
	return voice.Said{Audience: audience, Words: map[string]string{"good": "My friends 🙂", "hard": " "}, Feelings: map[string]voice.Feeling{"school": 4},
		Wishes: []string{"A later bus", "", "A later bus", "More art"}[:3]}
}

func TestWhatEveryoneMaySeeBecomesThePlans(t *testing.T) {
	t.Parallel()
	h := open(t)
	token := h.link(h.teacher)
	if h.ID(`select count(*) from voice_link where token_hash = $1`, token) != 0 || len(token) < 26 {
		t.Error("the token itself is kept, or is short")
	}
	door, err := h.service.Open(t.Context(), token)
	if err != nil || door.Page.Level != voice.Plain || len(door.Page.Questions) != 6 || len(door.YouSaid) != 0 {
		t.Fatalf("%+v, %v", door, err)
	}
	if _, err := h.service.Open(t.Context(), token); err != nil {
		t.Errorf("looking used the link up: %v", err)
	}
	if err := h.service.Send(t.Context(), token, "k", voice.Said{Audience: voice.Everyone}); !fault.Of(err).Has("school") {
		t.Errorf("nothing said: %v", err)
	}
	if err := h.service.Send(t.Context(), token, "k", said(voice.Everyone)); err != nil {
		t.Fatal(err, fault.Of(err))
	}
	const words = "How do you feel about school or college?\nHappy\n\nWhat is going well?\nMy friends 🙂\n\nWhat would make school or college better?\nA later bus"
	if got := h.Text(`select voice_how || ' ' || voice_on || ' ' || voice_words from pep where id = $1`, h.plan.PEPID); got != "app 2026-11-23 "+words {
		t.Errorf("the plan says %q", got)
	}
	if got := h.Text(`select state from pep_section where pep_id = $1 and section = 'voice'`, h.plan.PEPID); got != "complete" {
		t.Errorf("the part is %s", got)
	}
	wishes := h.wishes(h.officer)
	if len(wishes) != 1 || wishes[0].Words != "A later bus" || !wishes[0].FromLink || wishes[0].PEPID != h.plan.PEPID || wishes[0].SaidOn != day("2026-11-23") {
		t.Errorf("wishes: %+v", wishes)
	}
	if replies := h.replies(h.teacher); len(replies) != 1 || replies[0].Words() != words || replies[0].Answers[0].Feeling != 4 {
		t.Errorf("replies: %+v", replies)
	}
	if links := h.links(); len(links) != 1 || links[0].State(h.db.Now()) != voice.LinkUsed || links[0].MadeBy != "Tia Teacher" {
		t.Errorf("links: %+v", links)
	}
	// The same form again is answered as the first time; another form is not.
	if err := h.service.Send(t.Context(), token, "k", said(voice.SocialWork)); err != nil {
		t.Errorf("the same form again: %v", err)
	}
	kind(t, h.service.Send(t.Context(), token, "other", said(voice.Everyone)), fault.KindNotFound)
	if h.ID(`select count(*) from voice_reply`) != 1 || h.ID(`select count(*) from wish`) != 1 {
		t.Error("it was kept twice")
	}
	if got := h.Text(`select string_agg(subject || ' ' || action, ', ' order by id) from audit_change where child_id = $1`, h.child); got != "voice_link made, voice_reply sent by the young person, wish recorded, pep completed voice" {
		t.Errorf("audit: %s", got)
	}
}

func TestWordsThatWereTakenDownStay(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Exec(`update pep set voice_words = 'As I said to Sam', voice_how = 'in_person', voice_on = '2026-11-20' where id = $1`, h.plan.PEPID)
	if err := h.service.Send(t.Context(), h.link(h.worker), "k", said(voice.Everyone)); err != nil {
		t.Fatal(err)
	}
	if got := h.Text(`select voice_words from pep where id = $1`, h.plan.PEPID); got != "As I said to Sam" || len(h.replies(h.teacher)) != 1 {
		t.Errorf("the plan says %q", got)
	}
}

func TestWordsKeptToFew(t *testing.T) {
	t.Parallel()
	h := open(t)
	if err := h.service.Send(t.Context(), h.link(h.teacher), "k", said(voice.SocialWork)); err != nil {
		t.Fatal(err)
	}
	if got := h.Text(`select coalesce(voice_words, '') from pep where id = $1`, h.plan.PEPID); got != "" {
		t.Errorf("words kept to few are in the plan: %q", got)
	}
	for who, want := range map[*access.Actor]int{&h.worker: 1, &h.advisor: 1, &h.head: 1, &h.teacher: 0, &h.officer: 0, &h.otherWorker: 0} {
		if len(h.replies(*who)) != want || len(h.wishes(*who)) != want {
			t.Errorf("%s sees %d replies and %d wishes, want %d", who.Name, len(h.replies(*who)), len(h.wishes(*who)), want)
		}
	}
	if leaks := h.ID(`select count(*) from audit_change where after::text like '%later bus%' or after::text like '%friends%'`); leaks != 0 {
		t.Error("the audit has the words")
	}
}

func TestTheAdvisorHearsThatSomethingWaits(t *testing.T) {
	t.Parallel()
	h := open(t)
	for n, audience := range []voice.Audience{voice.Everyone, voice.SocialWork} {
		token := h.link(h.worker)
		for range 2 { // sent twice, done once
			if err := h.service.Send(t.Context(), token, "key", said(audience)); err != nil {
				t.Fatal(err)
			}
		}
		if mails := h.ID(`select count(*) from river_job where kind = 'notice'`); mails != int64(n+1) {
			t.Errorf("%s: %d mails", audience, mails)
		}
	}
	if to := h.ID(`select distinct (args->>'account_id')::bigint from river_job where kind = 'notice'`); to != h.advisor.ID {
		t.Errorf("written to %d", to)
	}
	mail := h.Text(`select string_agg(args::text, ' ') from river_job where kind = 'notice'`)
	for _, secret := range append([]string{"Maya", "Okafor"}, said(voice.Everyone).Wishes...) {
		if secret != "" && strings.Contains(mail, secret) {
			t.Errorf("the mail says %q: %s", secret, mail)
		}
	}
	h.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'a relative', '[2026-01-01,)')`, h.child, h.advisor.ID)
	if err := h.service.Send(t.Context(), h.link(h.worker), "key", said(voice.Everyone)); err != nil {
		t.Fatal(err)
	}
	if mails := h.ID(`select count(*) from river_job where kind = 'notice'`); mails != 2 {
		t.Errorf("somebody kept from the record is written to: %d mails", mails)
	}
}

func TestLinksThatDoNotWorkAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	h := open(t)
	used := h.link(h.worker)
	if err := h.service.Send(t.Context(), used, "k", said(voice.Everyone)); err != nil {
		t.Fatal(err)
	}
	earlier := h.link(h.worker)
	revoked := h.link(h.worker) // which takes the earlier one back
	links := h.links()
	if links[1].State(h.db.Now()) != voice.LinkRevoked || links[0].State(h.db.Now()) != voice.LinkWaiting {
		t.Errorf("links: %+v", links)
	}
	if err := h.service.RevokeLink(t.Context(), h.teacher, h.plan, links[0].ID); err != nil {
		t.Fatal(err)
	}
	kind(t, h.service.RevokeLink(t.Context(), h.teacher, h.plan, links[0].ID), fault.KindConflict)
	kind(t, h.service.RevokeLink(t.Context(), h.teacher, h.plan, links[2].ID), fault.KindConflict)
	kind(t, h.service.RevokeLink(t.Context(), h.teacher, h.plan, 999), fault.KindNotFound)
	kind(t, h.service.RevokeLink(t.Context(), h.otherTeacher, h.plan, links[0].ID), fault.KindNotFound)
	expired := h.link(h.worker)
	h.at("2026-12-07")
	if _, err := h.service.Open(t.Context(), expired); err != nil {
		t.Errorf("on its last day: %v", err)
	}
	h.at("2026-12-08")
	if h.links()[0].State(h.db.Now()) != voice.LinkExpired {
		t.Errorf("%+v", h.links()[0])
	}
	closed := h.link(h.worker)
	h.Exec(`update pep set state = 'cancelled', cancel_reason = 'Moved' where id = $1`, h.plan.PEPID)
	words := map[string]bool{}
	for name, token := range map[string]string{"used": used, "taken back by a later one": earlier, "taken back": revoked, "too old": expired, "of a closed plan": closed, "made up": "AAAAAAAAAAAAAAAAAAAAAAAAAA", "empty": ""} {
		_, err := h.service.Open(t.Context(), token)
		kind(t, err, fault.KindNotFound)
		words[fault.Words(err)] = true
		err = h.service.Send(t.Context(), token, "new", said(voice.Everyone))
		if !errors.Is(err, fault.KindNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		words[fault.Words(err)] = true
		// Nothing of the form is judged before the link.
		err = h.service.Send(t.Context(), token, "new", voice.Said{})
		kind(t, err, fault.KindNotFound)
	}
	if len(words) != 1 {
		t.Errorf("different words: %v", words)
	}
	_, err := h.service.GiveLink(t.Context(), h.worker, h.plan, voice.Plain, 14)
	kind(t, err, fault.KindConflict)
}

func TestALinkWorksOnceForTwoAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	token := h.link(h.worker)
	results := make([]error, 6)
	var all sync.WaitGroup
	for n := range results {
		all.Go(func() {
			results[n] = h.service.Send(context.Background(), token, strings.Repeat("k", n+1), said(voice.Everyone))
		})
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if !errors.Is(err, fault.KindNotFound) {
			t.Errorf("the others find no link: %v", err)
		}
	}
	if won != 1 || h.ID(`select count(*) from voice_reply`) != 1 || h.ID(`select count(*) from wish`) != 1 {
		t.Errorf("%d won: %v", won, results)
	}
}

func TestTheDoorShowsOnlyWhatTheChildWasTold(t *testing.T) {
	t.Parallel()
	h := open(t)
	told := h.record(h.worker, "A later bus", voice.Everyone)
	for ref, answer := range map[voice.Ref]voice.NewAnswer{
		told: {Kind: voice.Done, Words: "The bus comes at 8.40 now.", ToldOn: day("2026-11-23")},
		h.record(h.worker, "More art", voice.Everyone):        {Kind: voice.Done, Words: "Not told yet."},
		h.record(h.worker, "Away from Leo", voice.SocialWork): {Kind: voice.Done, Words: "Kept to few.", ToldOn: day("2026-11-23")},
	} {
		if err := h.service.Answer(t.Context(), h.worker, ref, 1, answer); err != nil {
			t.Fatal(err)
		}
	}
	h.record(h.worker, "Still open", voice.Everyone)
	door, err := h.service.Open(t.Context(), h.link(h.worker))
	if err != nil || len(door.YouSaid) != 1 || door.YouSaid[0] != (voice.YouSaid{Said: "A later bus", Kind: voice.Done, Answer: "The bus comes at 8.40 now."}) {
		t.Errorf("%+v, %v", door.YouSaid, err)
	}
}

func TestWhoMayGiveALink(t *testing.T) {
	t.Parallel()
	h := open(t)
	for who, want := range map[*access.Actor]fault.Kind{&h.officer: fault.KindForbidden, &h.data: fault.KindForbidden,
		&h.otherTeacher: fault.KindNotFound, &h.otherWorker: fault.KindNotFound, &h.otherAdvisor: fault.KindNotFound, &h.blocked: fault.KindNotFound} {
		_, err := h.service.GiveLink(t.Context(), *who, h.plan, voice.Plain, 14)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", who.Name, err)
		}
	}
	for _, who := range []access.Actor{h.teacher, h.worker, h.advisor, h.head} {
		h.link(who)
	}
	for days, level := range map[int]voice.Level{0: voice.Plain, voice.MostDays + 1: voice.Plain, 7: "poem"} {
		if _, err := h.service.GiveLink(t.Context(), h.worker, h.plan, level, days); !errors.Is(err, fault.KindInvalid) {
			t.Errorf("%d days, %s: %v", days, level, err)
		}
	}
}

func TestWhatAYoungPersonSends(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said voice.Said
		want string
	}{
		"one face":           {voice.Said{Audience: voice.Everyone, Feelings: map[string]voice.Feeling{"people": 1}}, ""},
		"one wish":           {voice.Said{Audience: voice.SocialWork, Wishes: []string{"", "", "Art"}}, ""},
		"nothing":            {voice.Said{Audience: voice.Everyone, Words: map[string]string{"good": " \n"}}, "school"},
		"for whom":           {voice.Said{Words: map[string]string{"good": "Art"}}, "audience"},
		"a face made up":     {voice.Said{Audience: voice.Everyone, Feelings: map[string]voice.Feeling{"school": 9}}, "school"},
		"too long":           {voice.Said{Audience: voice.Everyone, Words: map[string]string{"hard": strings.Repeat("a", voice.SaidMax+1)}}, "hard"},
		"a wish too long":    {voice.Said{Audience: voice.Everyone, Wishes: []string{"Art", strings.Repeat("a", voice.WishMax+1)}}, "wish-2"},
		"four wishes":        {voice.Said{Audience: voice.Everyone, Wishes: []string{"a", "b", "c", "d"}}, "wish-1"},
		"an impossible sign": {voice.Said{Audience: voice.Everyone, Words: map[string]string{"hard": "a\x00"}}, "hard"},
	} {
		if got := fields(c.said.Check()); got != c.want {
			t.Errorf("%s: problems with %q, want %q", name, got, c.want)
		}
	}
	longest := voice.Said{Audience: voice.Everyone, Words: map[string]string{}, Feelings: map[string]voice.Feeling{}}
	for _, question := range voice.PageAt(voice.Adult).Questions {
		longest.Words[question.Key], longest.Feelings[question.Key] = strings.Repeat("é", voice.SaidMax), 5
	}
	for n := range voice.MostWishes {
		longest.Wishes = append(longest.Wishes, strings.Repeat("é", voice.WishMax-1)+string(rune('a'+n)))
	}
	h := open(t)
	if err := h.service.Send(t.Context(), h.link(h.worker), "k", longest); err != nil {
		t.Fatal(err)
	}
	if n := h.ID(`select length(voice_words) from pep where id = $1`, h.plan.PEPID); n < 3900 || n > 5000 {
		t.Errorf("the longest there can be has %d characters, and a plan takes 5000", n)
	}
	for _, level := range voice.Levels {
		for _, question := range voice.PageAt(level).Questions {
			if question.Text == "" || level.Name() == "" {
				t.Errorf("%s has no words at level %s", question.Key, level)
			}
		}
	}
}
