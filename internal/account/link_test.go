package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
)

var linkShape = regexp.MustCompile(`https://vs\.council\.test/(invitation|reset)/([A-Z2-7]{52})\b`)

// mailed does what the queue holds of links for an account, and returns the token of the last letter.
func mailed(t *testing.T, s *Service, accountID int64, purpose Purpose) string {
	t.Helper()
	n := ask[int](t, s, `select count(*) from river_job where kind = 'account_link' and args->>'account_id' = $1 and args->>'purpose' = $2`,
		fmt.Sprint(accountID), string(purpose))
	if n == 0 {
		t.Fatalf("no %s is on its way", purpose)
	}
	before := len(letters(t, s))
	if err := s.send(t.Context(), sendLink{AccountID: accountID, Purpose: purpose}); err != nil {
		t.Fatal(err)
	}
	all := letters(t, s)
	if len(all) != before+1 {
		t.Fatalf("%d letters, want %d", len(all), before+1)
	}
	found := linkShape.FindStringSubmatch(all[len(all)-1])
	if found == nil || found[1] != string(purpose) {
		t.Fatalf("no %s link in: %s", purpose, all[len(all)-1])
	}
	return found[2]
}

// TestAnInvitationWorksOnceAndForADay shows these requirements.
//
// ASVS 5.0: 6.4.1
func TestAnInvitationWorksOnceAndForADay(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	id, err := s.Invite(t.Context(), head, NewAccount{Email: "Ama@School.test", Name: "Ama Owusu", Role: access.School,
		Settings: []NewMembership{{SettingID: setting(t, s, "Hollybush"), Post: DesignatedTeacher, From: s.DB.Today()}}})
	if err != nil {
		t.Fatal(err)
	}
	late := mailed(t, s, id, Invitation)
	m.on(24 * time.Hour)
	_, err = s.AcceptInvitation(t.Context(), late, other)
	kind(t, err, fault.KindNotFound)
	if err := s.SendInvitation(t.Context(), head, id); err != nil {
		t.Fatal(err)
	}
	token := mailed(t, s, id, Invitation)
	m.on(24*time.Hour - time.Second)
	if holder, err := s.Holder(t.Context(), Invitation, token); err != nil || holder.Name != "Ama Owusu" || holder.Email != "ama@school.test" {
		t.Errorf("%+v, %v", holder, err)
	}
	if _, err := s.Holder(t.Context(), ResetLink, token); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("an invitation opens the reset page: %v", err)
	}
	if _, err := s.AcceptInvitation(t.Context(), token, "hollybush"); !fault.Of(err).Has("password") {
		t.Errorf("a short password: %v", err)
	}
	// Pressed twice at once: one opens the account, the other is told that the link was used.
	var all sync.WaitGroup
	results := make([]error, 2)
	for i := range results {
		all.Go(func() { _, results[i] = s.AcceptInvitation(context.Background(), token, fmt.Sprint(other, i)) })
	}
	all.Wait()
	if (results[0] == nil) == (results[1] == nil) {
		t.Fatalf("one must win: %v", results)
	}
	for i, result := range results {
		if result != nil {
			kind(t, result, fault.KindNotFound)
			continue
		}
		if _, err := s.SignIn(t.Context(), "ama@school.test", fmt.Sprint(other, i), "192.0.2.1"); err != nil {
			t.Error(err)
		}
	}
	err = s.SendInvitation(t.Context(), head, id)
	kind(t, err, fault.KindConflict)
}

func TestAnEarlierLinkStopsWhenALaterIsMade(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	first, err := s.NewLink(t.Context(), access.System, ruth.ID, ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.NewLink(t.Context(), access.System, ruth.ID, ResetLink); err != nil {
		t.Fatal(err)
	}
	_, err = s.Holder(t.Context(), ResetLink, strings.TrimPrefix(first, "/reset/"))
	kind(t, err, fault.KindNotFound)
	_, err = s.NewLink(t.Context(), access.System, ruth.ID, Invitation)
	kind(t, err, fault.KindConflict)
	_, err = s.NewLink(t.Context(), ruth, ruth.ID, ResetLink)
	kind(t, err, fault.KindForbidden)
}

// TestAReset shows these requirements.
//
// ASVS 5.0: 6.4.3
func TestAReset(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	before := s.Hasher.Worked()
	for _, email := range []string{ruth.Email, "nobody@westmoor.test", "system@virtualschool.invalid"} {
		if err := s.AskReset(t.Context(), email, "192.0.2.1"); err != nil {
			t.Errorf("%s: %v", email, err)
		}
	}
	if s.Hasher.Worked() != before {
		t.Error("a password was hashed")
	}
	jobs := ask[string](t, s, `select string_agg(args::text, ' ' order by id) from river_job where kind = 'account_link'`)
	if nobody := `{"purpose": "reset", "account_id": 0}`; jobs != fmt.Sprintf(`{"purpose": "reset", "account_id": %d} %s %s`, ruth.ID, nobody, nobody) {
		t.Errorf("the queue holds %s", jobs)
	}
	if err := s.send(t.Context(), sendLink{Purpose: ResetLink}); err != nil || len(letters(t, s)) != 0 {
		t.Errorf("a letter to nobody: %v", err)
	}
	for range 5 {
		_, err := s.SignIn(t.Context(), ruth.Email, other, "192.0.2.1")
		kind(t, err, fault.KindInvalid)
	}
	session := signIn(t, s, ruth)
	token := mailed(t, s, ruth.ID, ResetLink)
	m.on(59 * time.Minute)
	session2 := signIn(t, s, ruth)
	if err := s.Reset(t.Context(), token, other); err != nil {
		t.Fatal(err)
	}
	if whose(t, s, session).Somebody() || whose(t, s, session2).Somebody() {
		t.Error("a session outlived the reset")
	}
	kind(t, s.Reset(t.Context(), token, other), fault.KindNotFound)
	if _, err := s.SignIn(t.Context(), ruth.Email, good, "192.0.2.1"); err == nil {
		t.Error("the old password still opens")
	}
	if _, err := s.SignIn(t.Context(), ruth.Email, other, "192.0.2.1"); err != nil {
		t.Errorf("signing in after the reset: %v", err)
	}
	if err := s.AskReset(t.Context(), ruth.Email, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	late := mailed(t, s, ruth.ID, ResetLink)
	m.on(time.Hour)
	kind(t, s.Reset(t.Context(), late, other), fault.KindNotFound)
}

func TestAskingForResetsSlowsDownAlikeForAll(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	var said []string
	for _, email := range []string{"ruth@westmoor.test", "nobody@westmoor.test"} {
		for range 3 {
			if err := s.AskReset(t.Context(), email, "192.0.2.1"); err != nil {
				t.Fatal(err)
			}
		}
		err := s.AskReset(t.Context(), email, "192.0.2.1")
		kind(t, err, fault.KindTooMany)
		said = append(said, fault.Words(err))
	}
	if said[0] != said[1] {
		t.Errorf("different answers: %q", said)
	}
	if err := s.AskReset(t.Context(), "no address", "192.0.2.1"); !fault.Of(err).Has("email") {
		t.Errorf("no address: %v", err)
	}
}

func TestTheQueueSendsInvitations(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	id, err := s.Invite(t.Context(), access.System, NewAccount{Email: "new@westmoor.test", Name: "New", Role: access.Advisor})
	if err != nil {
		t.Fatal(err)
	}
	queue := job.New(s.DB, slog.New(slog.DiscardHandler), 20*time.Millisecond)
	queue.Deliver(s.Post)
	s.Register(queue)
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer queue.Stop(context.Background())
	for end := time.Now().Add(20 * time.Second); len(letters(t, s)) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no letter came")
		}
	}
	letter := letters(t, s)[0]
	found := linkShape.FindStringSubmatch(letter)
	if found == nil {
		t.Fatalf("no link in %s", letter)
	}
	if holder, err := s.Holder(t.Context(), Invitation, found[2]); err != nil || holder.ID != id {
		t.Errorf("%+v, %v", holder, err)
	}
	if _, err := url.Parse(found[0]); err != nil {
		t.Error(err)
	}
}

func TestTryingLinksSlowsDownByAddressAlone(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	for n := range 60 { // a class at one address, whose links all work
		worked, err := s.TryLink(t.Context(), fmt.Sprint("token ", n), "192.0.2.1")
		if err != nil {
			t.Fatalf("link %d: %v", n, err)
		}
		if err := worked(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tries := 0
	var err error
	for ; err == nil && tries < 100; tries++ {
		_, err = s.TryLink(t.Context(), fmt.Sprint("guess ", tries), "192.0.2.1")
	}
	kind(t, err, fault.KindTooMany)
	if tries != 21 || fault.RetryAfter(err) <= 0 {
		t.Errorf("slowed down after %d tries, for %s", tries, fault.RetryAfter(err))
	}
	if _, err := s.TryLink(t.Context(), "token 1", "192.0.2.2"); err != nil {
		t.Errorf("another address: %v", err)
	}
	m.on(time.Minute)
	if _, err := s.TryLink(t.Context(), "token 1", "192.0.2.1"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}
