package factor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestWhatComesNext(t *testing.T) {
	t.Parallel()
	var none factor.Has
	app, passkey := factor.Has{App: true}, factor.Has{Passkeys: 1}
	for _, one := range []struct {
		role  access.Role
		has   factor.Has
		given account.Second
		want  factor.Step
	}{
		{access.Advisor, none, account.NoSecond, factor.SetUp},
		{access.Advisor, app, account.NoSecond, factor.Give},
		{access.Advisor, app, account.WithApp, factor.Finished},
		{access.Advisor, passkey, account.WithRecovery, factor.Finished},
		{access.Advisor, none, account.WithTheProvider, factor.Finished},
		{access.Head, none, account.NoSecond, factor.SetUpPasskey},
		{access.Head, app, account.NoSecond, factor.Give},
		{access.Head, app, account.WithApp, factor.SetUpPasskey},
		{access.Head, passkey, account.WithPasskey, factor.Finished},
		{access.Head, none, account.WithTheProvider, factor.Finished},
		{access.Colleague, none, account.NoSecond, factor.Finished},
		{access.Colleague, app, account.NoSecond, factor.Give},
	} {
		if got := factor.Next(policy.Values{}, one.role, one.has, one.given); got != one.want {
			t.Errorf("%s with %+v who gave %q: %q, want %q", one.role, one.has, one.given, got, one.want)
		}
	}
}

func TestTheCouncilSetsWhoNeedsOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	head, advisor := s.person("head@westmoor.test", access.Head), s.person("ruth@westmoor.test", access.Advisor)
	for key, roles := range map[policy.Key][]access.Role{policy.PasskeyRoles: {}, policy.SecondFactorRoles: {access.Advisor}} {
		if err := policy.Set(t.Context(), s.DB, head, key, roles, calendar.Of(began), "The board"); err != nil {
			t.Fatal(err)
		}
	}
	for who, want := range map[access.Actor]factor.Step{head: factor.Finished, advisor: factor.SetUp} {
		if step, _, err := s.Next(t.Context(), who, account.NoSecond); err != nil || step != want {
			t.Errorf("%s: %q, %v", who.Role, step, err)
		}
	}
}

// N2: a code of the app counts once, and only one step away from now.
//
// ASVS 5.0: 6.5.1, 6.5.8
func TestACodeCountsOnceAndOneStepAround(t *testing.T) {
	t.Parallel()
	s := open(t)
	who := s.person("ruth@westmoor.test", access.Advisor)
	secret, _ := s.app(who)
	s.passes(5 * time.Minute)
	for _, steps := range []int{-2, 2, -10, 2880} {
		kind(t, s.ProveByCode(t.Context(), who, s.code(secret, steps), here), fault.KindInvalid)
		s.passes(20 * time.Minute) // past every wait
	}
	for _, nonsense := range []string{"", "0", "1234567", "abcdef", "\x00", strings.Repeat("1", 10000)} {
		kind(t, s.ProveByCode(t.Context(), who, nonsense, here), fault.KindInvalid)
		s.passes(20 * time.Minute)
	}
	code := s.code(secret, -1)
	if err := s.ProveByCode(t.Context(), who, code[:3]+" "+code[3:], here); err != nil {
		t.Errorf("one step before: %v", err)
	}
	kind(t, s.ProveByCode(t.Context(), who, code, here), fault.KindInvalid) // a replay
	if err := s.ProveByCode(t.Context(), who, s.code(secret, 1), here); err != nil {
		t.Errorf("one step after: %v", err)
	}
	kind(t, s.ProveByCode(t.Context(), who, s.code(secret, 0), here), fault.KindInvalid) // earlier than the last used
	if n := s.count(`select count(*) from audit_change where subject_id = $1::bigint::text and action = 'wrong second factor'`, who.ID); n != 12 {
		t.Errorf("%d refusals in the audit, want 12", n)
	}
	other := s.person("other@westmoor.test", access.Advisor)
	kind(t, s.ProveByCode(t.Context(), other, s.code(secret, 0), here), fault.KindInvalid)
}

func TestGuessingCodesIsSlowedDown(t *testing.T) {
	t.Parallel()
	s := open(t)
	who := s.person("ruth@westmoor.test", access.Advisor)
	secret, _ := s.app(who)
	s.passes(time.Hour)
	slowed := 0
	for range 35 {
		if _, known := fault.KindOf(s.ProveByCode(t.Context(), who, "000000", here)); !known {
			t.Fatal("an error that is no answer")
		} else if err := s.ProveByCode(t.Context(), who, "000000", here); fault.RetryAfter(err) > 0 {
			slowed++
		}
	}
	if slowed < 30 {
		t.Errorf("%d of 35 were slowed down", slowed)
	}
	kind(t, s.ProveByCode(t.Context(), who, s.code(secret, 0), "198.51.100.7"), fault.KindTooMany)
	// The wait ends, and a passkey is not guessed and has none.
	held, _ := s.passkey(who, "Laptop")
	if _, err := s.ProveByPasskey(t.Context(), who, s.asks(who).Kept, s.answers(held, s.asks(who), 1), here); err == nil {
		t.Error("an answer to another question counts")
	}
	asked := s.asks(who)
	if _, err := s.ProveByPasskey(t.Context(), who, asked.Kept, s.answers(held, asked, 2), here); err != nil {
		t.Errorf("a passkey must wait too: %v", err)
	}
	s.passes(15 * time.Minute)
	if err := s.ProveByCode(t.Context(), who, s.code(secret, 0), here); err != nil {
		t.Errorf("after the longest wait: %v", err)
	}
}

// TestARecoveryCodeCountsOnce shows these requirements.
//
// ASVS 5.0: 6.3.7, 6.5.1, 6.5.2
func TestARecoveryCodeCountsOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	who, other := s.person("ruth@westmoor.test", access.Advisor), s.person("other@westmoor.test", access.Advisor)
	_, codes := s.app(who)
	if len(codes) != 10 {
		t.Fatalf("%d codes", len(codes))
	}
	if n := s.count(`select count(*) from recovery_code where position($1 in encode(code_hash, 'escape')) > 0 or octet_length(code_hash) <> 32`, codes[0]); n != 0 {
		t.Error("a code is in the database as it is")
	}
	if err := s.ProveByRecovery(t.Context(), who, " "+strings.ToUpper(codes[3])+" ", here); err != nil {
		t.Fatal(err)
	}
	kind(t, s.ProveByRecovery(t.Context(), who, codes[3], here), fault.KindInvalid)
	kind(t, s.ProveByRecovery(t.Context(), other, codes[4], here), fault.KindInvalid)
	if has := s.has(who); has.Codes != 9 {
		t.Errorf("%d codes are left", has.Codes)
	}
	fresh, err := s.RenewCodes(t.Context(), who)
	if err != nil || len(fresh) != 10 {
		t.Fatalf("%d codes, %v", len(fresh), err)
	}
	kind(t, s.ProveByRecovery(t.Context(), who, codes[5], here), fault.KindInvalid)
	if err := s.ProveByRecovery(t.Context(), who, fresh[0], here); err != nil {
		t.Error(err)
	}
	if _, err := s.RenewCodes(t.Context(), other); err == nil {
		t.Error("recovery codes without a factor")
	}
	if n := s.count(`select count(*) from river_job where kind = 'notice' and (args->>'account_id')::bigint = $1`, who.ID); n != 4 {
		t.Errorf("%d letters, want 4: the app, two codes used, the codes renewed", n)
	}
}

func TestPasskeys(t *testing.T) {
	t.Parallel()
	s := open(t)
	who, other := s.person("ruth@westmoor.test", access.Advisor), s.person("other@westmoor.test", access.Advisor)
	laptop, codes := s.passkey(who, "Work laptop")
	if _, again := s.passkey(who, "Phone"); len(codes) != 10 || again != nil {
		t.Errorf("%d codes with the first passkey, %d with the second", len(codes), len(again))
	}
	theirs, _ := s.passkey(other, "Theirs")

	nobody := s.asks(access.Actor{}) // from the sign-in page
	if found, err := s.ProveByPasskey(t.Context(), access.Actor{}, nobody.Kept, s.answers(laptop, nobody, 1), here); err != nil || found != who {
		t.Fatalf("%+v, %v", found, err)
	}
	mine := s.asks(who)
	refused := map[string]func() (factor.Asked, []byte){
		"an answer twice, at the same counter": func() (factor.Asked, []byte) { return nobody, s.answers(laptop, nobody, 1) },
		"a copied key, whose counter went back": func() (factor.Asked, []byte) {
			asked := s.asks(access.Actor{})
			return asked, s.answers(laptop, asked, 1)
		},
		"the question of another time": func() (factor.Asked, []byte) { return s.asks(who), s.answers(laptop, mine, 5) },
		"somebody else's passkey":      func() (factor.Asked, []byte) { return mine, s.answers(theirs, mine, 6) },
		"nonsense":                     func() (factor.Asked, []byte) { return mine, []byte(`{"id": "\u0000"}`) },
		"nothing":                      func() (factor.Asked, []byte) { return factor.Asked{}, nil },
	}
	for name, of := range refused {
		actor := who
		if strings.HasPrefix(name, "an answer") || strings.HasPrefix(name, "a copied") {
			actor = access.Actor{}
		}
		asked, answer := of()
		if found, err := s.ProveByPasskey(t.Context(), actor, asked.Kept, answer, here); err == nil {
			t.Errorf("%s lets in %s", name, found.Email)
		}
	}
	real := s.rp
	for _, wrong := range []string{"https://evil.test", "https://vs.test.evil.test", "http://vs.test", "https://vs.test:8443"} {
		s.rp.Origin = wrong
		if _, err := s.ProveByPasskey(t.Context(), who, mine.Kept, s.answers(laptop, mine, 7), here); err == nil {
			t.Errorf("%s is taken for the site", wrong)
		}
	}
	s.rp = real
	s.rp.ID = "evil.test"
	if _, err := s.ProveByPasskey(t.Context(), who, mine.Kept, s.answers(laptop, mine, 8), here); err == nil {
		t.Error("a passkey of another site counts")
	}
	s.rp = real
	if _, err := s.ProveByPasskey(t.Context(), who, mine.Kept, s.answers(laptop, mine, 9), here); err != nil {
		t.Errorf("the right one: %v", err)
	}
	if n := s.count(`select count(*) from passkey where position($1::bytea in sealed) > 0`, laptop.credential.ID); n != 0 {
		t.Error("a credential is kept as it is")
	}
}

// TestFactorsAreRemovedOneByOne shows these requirements.
//
// ASVS 5.0: 6.5.6
func TestFactorsAreRemovedOneByOne(t *testing.T) {
	t.Parallel()
	s := open(t)
	head, who := s.person("head@westmoor.test", access.Head), s.person("ruth@westmoor.test", access.Advisor)
	s.passkey(who, "Laptop")
	s.app(who)
	var list []factor.Passkey
	var batch postgres.Batch
	factor.QueuePasskeys(&batch, &list, who.ID)
	if err := s.DB.View(t.Context(), who, &batch); err != nil || len(list) != 1 || list[0].Name != "Laptop" {
		t.Fatalf("%v, %v", list, err)
	}
	kind(t, s.RemovePasskey(t.Context(), head, list[0].ID), fault.KindNotFound) // somebody else's
	if err := s.RemovePasskey(t.Context(), who, list[0].ID); err != nil {
		t.Fatal(err)
	}
	kind(t, s.RemoveApp(t.Context(), who), fault.KindConflict) // the last, and the role needs one
	kind(t, s.RemoveApp(t.Context(), head), fault.KindNotFound)
	if has := s.has(who); !has.App || has.Codes != 10 {
		t.Errorf("%+v", has)
	}
	s.passkey(head, "Key")
	s.app(head)
	var heads []factor.Passkey
	batch = postgres.Batch{}
	factor.QueuePasskeys(&batch, &heads, head.ID)
	if err := s.DB.View(t.Context(), head, &batch); err != nil {
		t.Fatal(err)
	}
	kind(t, s.RemovePasskey(t.Context(), head, heads[0].ID), fault.KindConflict) // heads need a passkey, whatever else they have
}

// TestSomebodyElsesFactorsAreRemovedWithAReason shows these requirements.
//
// ASVS 5.0: 6.4.4
func TestSomebodyElsesFactorsAreRemovedWithAReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	head, data, who := s.person("head@westmoor.test", access.Head), s.person("data@westmoor.test", access.DataOfficer), s.person("ruth@westmoor.test", access.Advisor)
	s.app(who)
	s.app(head)
	lost := factor.Loss{Reason: "Lost phone, came with the badge", Made: factor.InPerson}
	for _, half := range []factor.Loss{{}, {Reason: " ", Made: factor.InPerson}, {Reason: "Lost phone"}, {Reason: "Lost phone", Made: "an email"}} {
		kind(t, s.RemoveAll(t.Context(), data, who.ID, half), fault.KindInvalid)
	}
	kind(t, s.RemoveAll(t.Context(), who, head.ID, lost), fault.KindForbidden)
	kind(t, s.RemoveAll(t.Context(), data, head.ID, lost), fault.KindForbidden)
	kind(t, s.RemoveAll(t.Context(), head, head.ID, lost), fault.KindForbidden)
	kind(t, s.RemoveAll(t.Context(), head, 999999, lost), fault.KindNotFound)
	if err := s.RemoveAll(t.Context(), data, who.ID, lost); err != nil {
		t.Fatal(err)
	}
	if has := s.has(who); has != (factor.Has{}) {
		t.Errorf("%+v", has)
	}
	if n := s.count(`select count(*) from audit_change where account_id = $1 and subject = 'sign_in' and subject_id = $2 and action = 'all second factors removed' and after->>'reason' like 'Lost phone%' and after->>'made_sure' = 'in_person'`, data.ID, fmt.Sprint(who.ID)); n != 1 {
		t.Errorf("%d rows in the audit", n)
	}
	kind(t, s.RemoveAll(t.Context(), data, who.ID, lost), fault.KindConflict)
}

// What the database holds opens nothing under another key, nor for another account.
//
// ASVS 5.0: 11.2.5, 11.3.3
func TestSecretsAreSealedForTheirAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	who, other := s.person("ruth@westmoor.test", access.Advisor), s.person("other@westmoor.test", access.Advisor)
	secret, _ := s.app(who)
	s.app(other)
	if _, err := pgtest.Arrange(t, s.DB).Exec(t.Context(), `update authenticator a set sealed = b.sealed, last_step = 0 from authenticator b where a.account_id = $1 and b.account_id = $2`, other.ID, who.ID); err != nil {
		t.Fatal(err)
	}
	s.passes(time.Minute)
	if err := s.ProveByCode(t.Context(), other, s.code(secret, 0), here); err == nil {
		t.Error("a secret was moved to another account")
	}
	stranger, err := factor.New(s.Accounts, []byte(strings.Repeat("k", 32)), "Westmoor Council", "https://vs.test")
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.ProveByCode(t.Context(), who, s.code(secret, 0), here); err == nil {
		t.Error("a secret opens with another key")
	}
	offer := s.BeginApp(other)
	if _, err := s.AddApp(t.Context(), who, offer.Sealed, s.code(withoutSpaces(offer.Secret), 0), here); err == nil {
		t.Error("an offer made to another account was taken")
	}
}
