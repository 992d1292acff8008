package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
)

// TestSigningInIsTheSameForKnownAndUnknown shows these requirements.
//
// ASVS 5.0: 6.3.8
func TestSigningInIsTheSameForKnownAndUnknown(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	establish(t, s, "known@westmoor.test", access.Advisor, good)
	establish(t, s, "nopassword@westmoor.test", access.Advisor, "")
	invited, err := s.Invite(t.Context(), access.System, NewAccount{Email: "invited@westmoor.test", Name: "I", Role: access.Advisor})
	if err != nil {
		t.Fatal(err)
	}
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	ended := establish(t, s, "ended@westmoor.test", access.Advisor, good)
	if err := s.End(t.Context(), head, ended.ID); err != nil {
		t.Fatal(err)
	}
	said := map[string]int64{}
	for i, one := range []struct{ email, password string }{
		{"known@westmoor.test", other}, {"unknown@westmoor.test", other}, {"nopassword@westmoor.test", good}, {"nopassword@westmoor.test", ""},
		{"invited@westmoor.test", good}, {"ended@westmoor.test", good}, {"system@virtualschool.invalid", ""}, {"not an email\x00", other},
		{"", ""}, {"known@westmoor.test", strings.Repeat("x", 5000)}, {"unknown@westmoor.test", strings.Repeat("x", 5000)},
		{"known@westmoor.test", DemoPassword}, {"known@westmoor.test", "harbour kettle moss "}, {"known@westmoor.test", "Harbour kettle moss"},
	} {
		before := s.Hasher.Worked()
		person, err := s.SignIn(t.Context(), one.email, one.password, fmt.Sprintf("192.0.2.%d", i))
		kind(t, err, fault.KindInvalid)
		if person.Somebody() {
			t.Errorf("%q signed in", one.email)
		}
		said[fmt.Sprint(fault.Of(err))] = s.Hasher.Worked() - before
		if work := s.Hasher.Worked() - before; work != 1 {
			t.Errorf("%q: %d passwords were hashed, want 1", one.email, work)
		}
	}
	if len(said) != 1 {
		t.Errorf("different answers: %v", said)
	}
	if state := ask[string](t, s, `select state from account where id = $1`, invited); state != "invited" {
		t.Errorf("the invited account is %s", state)
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	want := establish(t, s, "ruth@westmoor.test", access.LeadAdvisor, good)
	got, err := s.SignIn(t.Context(), "  Ruth@Westmoor.TEST ", good, "192.0.2.1")
	if err != nil || got != want {
		t.Fatalf("%+v, %v, want %+v", got, err, want)
	}
	if n := ask[int](t, s, `select count(*) from account where id = $1 and signed_in_at is not null`, want.ID); n != 0 {
		t.Error("a password alone counts as signed in")
	}
	if err := s.SignedIn(t.Context(), got, Proof{By: ByPassword, Second: WithApp}); err != nil {
		t.Fatal(err)
	}
	if at := ask[time.Time](t, s, `select signed_in_at from account where id = $1`, want.ID); !at.Equal(s.DB.Now()) {
		t.Errorf("signed in at %v", at)
	}
	if n := ask[int](t, s, `select count(*) from audit_change where account_id = $1 and action = 'signed in' and child_id is null and subject = 'sign_in' and after = '{"way": "password", "second_factor": "authenticator"}'`, want.ID); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	if n := ask[int](t, s, `select count(*) from sign_in_failure`); n != 0 {
		t.Errorf("%d failures are left after a success", n)
	}
}

// TestAPasswordCountsToItsLastCharacter signs in with passwords that a careless program would cut, fold or trim.
func TestAPasswordCountsToItsLastCharacter(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	fox := "harbour kettle " + strings.Repeat("🦊🐢🦉🐝🐙🦔🐊", 7) // 64 characters, 211 bytes
	for i, one := range []struct {
		password string
		wrong    []string
	}{
		{fox, []string{fox + "🦜", strings.TrimSuffix(fox, "🐊"), strings.ToUpper(fox), fox + " "}},
		{fox + "🦜", []string{fox, fox + "🐞", fox + "🦜🦜"}},
		{"e\u0301clair harbour kettle", []string{"\u00e9clair harbour kettle"}}, // the same to the eye, typed otherwise
		{" harbour kettle moss ", []string{"harbour kettle moss"}},
		{good, []string{strings.Repeat(good, 53)[:1000], good + "\x00", good + strings.Repeat(" ", 1000)}},
	} {
		ruth := establish(t, s, fmt.Sprintf("ruth%d@westmoor.test", i), access.Advisor, one.password)
		for _, wrong := range one.wrong {
			_, err := s.SignIn(t.Context(), ruth.Email, wrong, "192.0.2.1")
			kind(t, err, fault.KindInvalid)
		}
		m.on(time.Hour)
		if _, err := s.SignIn(t.Context(), ruth.Email, one.password, "192.0.2.1"); err != nil {
			t.Errorf("%q: %v", one.password, err)
		}
	}
}

// TestTheDemoPasswordOpensOnlyDemonstrations shows these requirements.
//
// ASVS 5.0: 6.3.2, 13.4.2
func TestTheDemoPasswordOpensOnlyDemonstrations(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	establish(t, s, "head@demo.test", access.Head, DemoPassword)
	_, err := s.SignIn(t.Context(), "head@demo.test", DemoPassword, "192.0.2.1")
	kind(t, err, fault.KindInvalid)
	if _, err := s.HashPassword(t.Context(), NewAccount{Name: "A", Email: "a@b.test"}, DemoPassword); err == nil {
		t.Error("the demo password was taken outside demo mode")
	}
	s.Demo = true
	if _, err := s.SignIn(t.Context(), "head@demo.test", DemoPassword, "192.0.2.1"); err != nil {
		t.Error(err)
	}
	if _, err := s.HashPassword(t.Context(), NewAccount{Name: "A", Email: "a@b.test"}, DemoPassword); err != nil {
		t.Error(err)
	}
}

// TestGuessingSlowsDownAndNobodyIsLockedOut shows these requirements.
//
// ASVS 5.0: 6.3.1
func TestGuessingSlowsDownAndNobodyIsLockedOut(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"known@westmoor.test", "unknown@westmoor.test"} {
		t.Run(email, func(t *testing.T) {
			t.Parallel()
			s, m := open(t)
			establish(t, s, "known@westmoor.test", access.Advisor, good)
			began := s.DB.Now()
			var waits []string
			for i := range 35 {
				_, err := s.SignIn(t.Context(), email, other, fmt.Sprintf("192.0.2.%d", i)) // each from another place
				if errors.Is(err, fault.KindTooMany) {
					wait := fault.RetryAfter(err)
					waits = append(waits, waitWords(wait))
					hashed := s.Hasher.Worked()
					m.on(wait - time.Second)
					_, err = s.SignIn(t.Context(), email, good, "198.51.100.1")
					kind(t, err, fault.KindTooMany)
					if s.Hasher.Worked() != hashed {
						t.Error("a try during the wait was looked at")
					}
					m.on(time.Second)
					_, err = s.SignIn(t.Context(), email, other, fmt.Sprintf("192.0.2.%d", i))
				}
				kind(t, err, fault.KindInvalid)
			}
			if got := strings.Join(waits[:9], ", "); got != "5 seconds, 10 seconds, 20 seconds, 40 seconds, 80 seconds, 3 minutes, 6 minutes, 11 minutes, 15 minutes" {
				t.Errorf("waits: %s", got)
			}
			if took := s.DB.Now().Sub(began); took < 5*time.Hour {
				t.Errorf("35 guesses took only %v", took)
			}
			m.on(15 * time.Minute)
			if email == "known@westmoor.test" {
				if _, err := s.SignIn(t.Context(), email, good, "198.51.100.1"); err != nil {
					t.Errorf("the right password after the wait: %v", err)
				}
				if _, err := s.SignIn(t.Context(), email, other, "198.51.100.1"); !errors.Is(err, fault.KindInvalid) {
					t.Errorf("a slip after success: %v", err)
				}
			}
		})
	}
}

func TestOneAddressTryingManyAccountsSlowsDown(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	establish(t, s, "known@westmoor.test", access.Advisor, good)
	for i := range 30 {
		_, err := s.SignIn(t.Context(), fmt.Sprintf("person%d@westmoor.test", i), other, "2001:db8:1:2::1")
		kind(t, err, fault.KindInvalid)
	}
	_, err := s.SignIn(t.Context(), "one.more@westmoor.test", other, "2001:db8:1:2:ffff::9")
	kind(t, err, fault.KindTooMany)
	if _, err := s.SignIn(t.Context(), "known@westmoor.test", good, "2001:db8:1:3::1"); err != nil {
		t.Errorf("a neighbour must wait too: %v", err)
	}
	m.on(time.Minute)
	if _, err := s.SignIn(t.Context(), "known@westmoor.test", good, "2001:db8:1:2::1"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestManyGuessesAtOnceDoNotOutrunTheCount(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	establish(t, s, "known@westmoor.test", access.Advisor, good)
	var all sync.WaitGroup
	var looked atomic.Int64
	for i := range 20 {
		all.Go(func() {
			if _, err := s.SignIn(context.Background(), "known@westmoor.test", other, fmt.Sprintf("192.0.2.%d", i)); errors.Is(err, fault.KindInvalid) {
				looked.Add(1)
			} else if !errors.Is(err, fault.KindTooMany) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if looked.Load() != 5 {
		t.Errorf("%d guesses were looked at, want 5", looked.Load())
	}
}

func TestFailuresTellNobodyWhoWasMeantAndAreForgotten(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	_, err := s.SignIn(t.Context(), "ruth@westmoor.test", "canary-password-77", "192.0.2.99")
	kind(t, err, fault.KindInvalid)
	row := ask[string](t, s, `select row_to_json(f)::text from sign_in_failure f`)
	for _, word := range []string{"ruth", "westmoor", "192.0.2", "canary"} {
		if strings.Contains(row, word) {
			t.Errorf("the database tells of %q: %s", word, row)
		}
	}
	m.on(47 * time.Hour)
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := ask[int](t, s, `select count(*) from sign_in_failure`); n != 1 {
		t.Errorf("%d rows after 47 hours", n)
	}
	m.on(2 * time.Hour)
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := ask[int](t, s, `select count(*) from sign_in_failure`); n != 0 {
		t.Errorf("%d rows after 49 hours", n)
	}
}

// TestChangingOnesPassword shows these requirements.
//
// ASVS 5.0: 6.2.2, 6.2.3
func TestChangingOnesPassword(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	here, elsewhere := signIn(t, s, ruth), signIn(t, s, ruth)
	if err := s.ChangePassword(t.Context(), ruth, other, "gravel otter lantern", here); !fault.Of(err).Has("current") {
		t.Errorf("a wrong present password: %v", err)
	}
	if err := s.ChangePassword(t.Context(), ruth, good, "westmoor2026!", here); !fault.Of(err).Has("password") {
		t.Errorf("a weak password: %v", err)
	}
	if err := s.ChangePassword(t.Context(), ruth, good, other, here); err != nil {
		t.Fatal(err)
	}
	if !whose(t, s, here).Somebody() || whose(t, s, elsewhere).Somebody() {
		t.Error("the session here must go on and the others end")
	}
	if _, err := s.SignIn(t.Context(), ruth.Email, good, "192.0.2.1"); err == nil {
		t.Error("the old password still opens")
	}
	if _, err := s.SignIn(t.Context(), ruth.Email, other, "192.0.2.1"); err != nil {
		t.Error(err)
	}
	if n := ask[int](t, s, `select count(*) from river_job where kind = 'notice' and args->>'account_id' = $1`, fmt.Sprint(ruth.ID)); n != 1 {
		t.Errorf("%d notices", n)
	}
}

// TestSessionsEndByUseAndByTime shows these requirements.
//
// ASVS 5.0: 7.3.1, 7.3.2
func TestSessionsEndByUseAndByTime(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	token := signIn(t, s, ruth)
	for range 25 { // every 19 minutes: just under 8 hours
		if whose(t, s, token) != ruth {
			t.Fatalf("signed out at %v, although in use", s.DB.Now())
		}
		m.on(19 * time.Minute)
	}
	m.on(6 * time.Minute)
	if whose(t, s, token).Somebody() {
		t.Error("still signed in after 8 hours")
	}
	idle := signIn(t, s, ruth)
	m.on(20*time.Minute + time.Second)
	if whose(t, s, idle).Somebody() {
		t.Error("still signed in after 20 idle minutes")
	}
	m.on(8 * time.Hour)
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := ask[int](t, s, `select count(*) from session`); n != 0 {
		t.Errorf("%d dead sessions are kept", n)
	}
}

// TestTheDatabaseHoldsNoTokenThatWorks shows these requirements.
//
// ASVS 5.0: 7.2.1
func TestTheDatabaseHoldsNoTokenThatWorks(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	signIn(t, s, ruth)
	path, err := s.NewLink(t.Context(), access.System, ruth.ID, ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AskReset(t.Context(), ruth.Email, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	sessions := &Sessions{DB: s.DB, Idle: s.Idle}
	hash := ask[string](t, s, `select token_hash from session`)
	if _, found, err := sessions.FindCtx(t.Context(), hash); err != nil || found {
		t.Errorf("what the session table holds opens a session (%v)", err)
	}
	link := ask[string](t, s, `select token_hash from account_link`)
	if _, err := s.Holder(t.Context(), ResetLink, link); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("what the link table holds opens a link: %v", err)
	}
	everything := ask[string](t, s, `select query_to_xml('select token_hash, encode(data, ''escape'') from session union all select token_hash, '''' from account_link
		union all select args::text, '''' from river_job union all select coalesce(after::text, ''''), subject_id from audit_change', true, false, '')::text`)
	if strings.Contains(everything, strings.TrimPrefix(path, "/reset/")) {
		t.Error("the database holds the link's token")
	}
	if _, err := s.Holder(t.Context(), ResetLink, strings.TrimPrefix(path, "/reset/")); err != nil {
		t.Errorf("the token itself: %v", err)
	}
}
