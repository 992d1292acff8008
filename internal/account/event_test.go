package account

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// recent is what an account page shows of somebody's sign-ins, to whoever looks.
func recent(t *testing.T, s *Service, looks access.Actor, accountID int64) (list []RecentSignIn) {
	t.Helper()
	var batch postgres.Batch
	QueueRecentSignIns(&batch, &list, accountID)
	if err := s.DB.View(t.Context(), looks, &batch); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestWhatIsWrittenOfSignIns walks through what happens at a sign-in, and reads what the audit says of it.
func TestWhatIsWrittenOfSignIns(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ruth, head := establish(t, s, "ruth@school.test", access.School, good), establish(t, s, "head@westmoor.test", access.Head, good)
	ctx := WithDevice(t.Context(), "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/130.0")
	const canary = "canary-password-77"
	_, err := s.SignIn(ctx, ruth.Email, canary, "192.0.2.99")
	kind(t, err, fault.KindInvalid)
	m.on(time.Minute)
	who, err := s.SignIn(ctx, ruth.Email, good, "192.0.2.99")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SignedIn(ctx, who, Proof{By: ByPassword, Second: WithApp}); err != nil {
		t.Fatal(err)
	}
	m.on(time.Minute)
	kind(t, s.Confirm(ctx, ruth, canary, "192.0.2.99"), fault.KindInvalid)
	if err := s.Confirm(ctx, ruth, good, "192.0.2.99"); err != nil {
		t.Fatal(err)
	}
	m.on(time.Minute)
	token := signIn(t, s, ruth)
	if err := s.EndSessions(ctx, head, ruth.ID, tokenHash(token)[:refLength]); err != nil {
		t.Fatal(err)
	}
	m.on(time.Minute)
	if err := s.EndSessions(ctx, head, ruth.ID, ""); err != nil {
		t.Fatal(err)
	}
	m.on(time.Minute)
	if err := s.ChangePassword(ctx, ruth, good, other, ""); err != nil {
		t.Fatal(err)
	}
	m.on(time.Minute)
	if err := s.SignedOut(ctx, ruth); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, one := range recent(t, s, ruth, ruth.ID) {
		said = append(said, strings.TrimRight(one.What()+" / "+one.Note()+" / "+one.Device, "/ "))
	}
	want := []string{"Password changed /  / Firefox on Windows", "Every session ended / by Person head@westmoor.test", "Session ended / by Person head@westmoor.test",
		"Wrong password / Password / Firefox on Windows", "Signed in / Password and authenticator app / Firefox on Windows", "Wrong password / Password / Firefox on Windows"}
	if got := strings.Join(said, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the account page says\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if got := ask[string](t, s, `select string_agg(action, ', ' order by id) from audit_change where subject = 'sign_in'`); got != "wrong password, signed in, wrong password, confirmed who they are, session ended, every session ended, password changed, signed out" {
		t.Errorf("the audit says %s", got)
	}
	everything := ask[string](t, s, `select string_agg(concat_ws(' ', subject_id, action, before, after), ' ') from audit_change where subject = 'sign_in'`)
	for _, word := range []string{canary, good, other, "192.0.2", "@", tokenHash(token), token} {
		if strings.Contains(everything, word) {
			t.Errorf("the audit tells %q: %s", word, everything)
		}
	}
	// One's own are read by everybody, another's by those who see the cohort alone, and nothing else comes with them.
	colleague := establish(t, s, "ama@school.test", access.School, good)
	if list := recent(t, s, colleague, ruth.ID); len(list) != 0 {
		t.Errorf("a colleague reads %v", list)
	}
	if list := recent(t, s, head, ruth.ID); len(list) != len(want) {
		t.Errorf("the head reads %d", len(list))
	}
	var others int
	var batch postgres.Batch
	postgres.Value(&batch, &others, `select count(*) from audit_change where subject <> 'sign_in' or subject_id <> @id::bigint::text`, postgres.Args{"id": ruth.ID})
	if err := s.DB.View(t.Context(), ruth, &batch); err != nil || others != 0 {
		t.Errorf("%d other lines of the audit, %v", others, err)
	}
	// It is in the chain like everything else.
	if err := audit.Seal(t.Context(), s.DB); err != nil {
		t.Fatal(err)
	}
	if broken, err := audit.Check(t.Context(), s.DB); err != nil || len(broken) != 0 {
		t.Errorf("%v, %v", broken, err)
	}
	if n := ask[int](t, s, `select sum(row_count) from audit_seal where subject = 'change'`); n < 8 {
		t.Errorf("%d rows are sealed", n)
	}
}

// TestAStrangerCannotFillTheAudit hammers at an account for half a day from ever new places, and at accounts
// that are not there.
func TestAStrangerCannotFillTheAudit(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	looked := 0
	for i := range 360 { // every two minutes, for twelve hours
		if _, err := s.SignIn(t.Context(), ruth.Email, other, fmt.Sprintf("192.0.%d.%d", i/200, i%200)); errors.Is(err, fault.KindInvalid) {
			looked++
		}
		m.on(2 * time.Minute)
	}
	if looked > 60 {
		t.Errorf("%d guesses were looked at", looked)
	}
	if n := ask[int](t, s, `select count(*) from audit_change where subject = 'sign_in' and action = 'wrong password'`); n != looked {
		t.Errorf("%d wrong passwords in the audit, %d were looked at", n, looked)
	}
	if n := ask[int](t, s, `select count(*) from audit_change where subject = 'sign_in' and action = 'slowed down after wrong tries'`); n != 1 {
		t.Errorf("the audit says %d times that tries are slowed down", n)
	}
	before := ask[int](t, s, `select count(*) from audit_change`)
	for i := range 50 {
		_, err := s.SignIn(t.Context(), fmt.Sprintf("person%d@nowhere.test", i), other, fmt.Sprintf("198.51.100.%d", i))
		kind(t, err, fault.KindInvalid)
	}
	if n := ask[int](t, s, `select count(*) from audit_change`); n != before {
		t.Errorf("unknown addresses left %d lines", n-before)
	}
	for range 2 { // counted once
		if err := s.CountUnknown(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask[string](t, s, `select string_agg(action || ' ' || after, '; ') from audit_change where id in (select id from audit_change order by id offset $1)`, before); got != `tries with unknown addresses {"tries": 50}` {
		t.Errorf("the audit says %s", got)
	}
	if text := ask[string](t, s, `select string_agg(row_to_json(f)::text, ' ') from sign_in_failure f`); strings.Contains(text, "nowhere") || strings.Contains(text, "person1") {
		t.Error("an address that was typed is kept")
	}
}
