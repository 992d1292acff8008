package account

import (
	"errors"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/fault"
)

// of is somebody as a provider means them.
func of(subject string) sso.Identity {
	return sso.Identity{Provider: "council", Issuer: "https://login.westmoor.test", Subject: subject, Email: "ruth@westmoor.test"}
}

// TestSingleSignOnFindsNobodyByAddress shows these requirements.
//
// ASVS 5.0: 6.8.1, 10.5.2
func TestSingleSignOnFindsNobodyByAddress(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	_, err := s.SignInByIdentity(t.Context(), of("subject-1"))
	kind(t, err, fault.KindNotFound)
	if err := s.LinkIdentity(t.Context(), ruth, of("subject-1")); err != nil {
		t.Fatal(err)
	}
	got, err := s.SignInByIdentity(t.Context(), of("subject-1"))
	if err != nil || got != ruth {
		t.Fatalf("%+v, %v", got, err)
	}
	// Another person to whom the organisation gave the same address, and the same subject elsewhere.
	_, err = s.SignInByIdentity(t.Context(), of("subject-2"))
	kind(t, err, fault.KindNotFound)
	elsewhere := of("subject-1")
	elsewhere.Issuer = "https://other.test"
	_, err = s.SignInByIdentity(t.Context(), elsewhere)
	kind(t, err, fault.KindNotFound)

	var linked []Linked
	if linked = list(t, s, ruth.ID); len(linked) != 1 || linked[0].Shown != "ruth@westmoor.test" || linked[0].UsedAt == nil {
		t.Errorf("%+v", linked)
	}
	if n := ask[int](t, s, `select count(*) from audit_change where account_id = $1 and action = 'single sign-on linked' and not after::text like '%subject-1%' and not after::text like '%@%'`, ruth.ID); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	if n := ask[int](t, s, `select count(*) from river_job where kind = 'notice' and args->>'subject' like 'Single sign-on was linked%'`); n != 1 {
		t.Errorf("%d letters", n)
	}
}

// TestASignInElsewhereBelongsToOneAccount shows these requirements.
//
// ASVS 5.0: 7.4.3
func TestASignInElsewhereBelongsToOneAccount(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	owen := establish(t, s, "owen@westmoor.test", access.Advisor, good)
	if err := s.LinkIdentity(t.Context(), ruth, of("subject-1")); err != nil {
		t.Fatal(err)
	}
	kind(t, s.LinkIdentity(t.Context(), owen, of("subject-1")), fault.KindConflict)
	kind(t, s.LinkIdentity(t.Context(), ruth, of("subject-2")), fault.KindConflict)
	kind(t, s.LinkIdentity(t.Context(), access.Actor{}, of("subject-3")), fault.KindForbidden)
	if err := s.ConfirmByIdentity(t.Context(), ruth, of("subject-1")); err != nil {
		t.Error(err)
	}
	kind(t, s.ConfirmByIdentity(t.Context(), owen, of("subject-1")), fault.KindForbidden)

	mine, others := signIn(t, s, ruth), signIn(t, s, ruth)
	id := list(t, s, ruth.ID)[0].ID
	kind(t, s.UnlinkIdentity(t.Context(), owen, id, ""), fault.KindConflict)
	if err := s.UnlinkIdentity(t.Context(), ruth, id, mine); err != nil {
		t.Fatal(err)
	}
	if whose(t, s, others).Somebody() || whose(t, s, mine).ID != ruth.ID {
		t.Error("taking a sign-in away must end the other sessions, and keep this one")
	}
	_, err := s.SignInByIdentity(t.Context(), of("subject-1"))
	kind(t, err, fault.KindNotFound)
}

func TestAnInvitationIsTakenUpBySingleSignOn(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	id, err := s.Invite(t.Context(), head, NewAccount{Email: "ama@westmoor.test", Name: "Ama Owusu", Role: access.SocialWorker})
	if err != nil {
		t.Fatal(err)
	}
	token := mailed(t, s, id, Invitation)
	_, err = s.OpenByIdentity(t.Context(), "another token", of("subject-1"))
	kind(t, err, fault.KindNotFound)
	got, err := s.OpenByIdentity(t.Context(), token, of("subject-1"))
	if err != nil || got.ID != id || got.Role != access.SocialWorker {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = s.OpenByIdentity(t.Context(), token, of("subject-2"))
	kind(t, err, fault.KindNotFound)
	if _, err := s.SignIn(t.Context(), "ama@westmoor.test", "", "192.0.2.1"); !errors.Is(err, fault.KindInvalid) {
		t.Errorf("an account without a password opens with an empty one: %v", err)
	}
	// Whoever leaves takes nothing of it along, also when they are invited back.
	if err := s.End(t.Context(), head, id); err != nil {
		t.Fatal(err)
	}
	_, err = s.SignInByIdentity(t.Context(), of("subject-1"))
	kind(t, err, fault.KindNotFound)
	if n := ask[int](t, s, `select count(*) from account_identity where account_id = $1`, id); n != 0 {
		t.Error("the link with the provider outlives the account")
	}

	other, err := s.Invite(t.Context(), head, NewAccount{Email: "ben@westmoor.test", Name: "Ben Ito", Role: access.SocialWorker})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.LinkIdentity(t.Context(), head, of("subject-3")); err != nil {
		t.Fatal(err)
	}
	path, err := s.NewLink(t.Context(), head, other, Invitation)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.OpenByIdentity(t.Context(), strings.TrimPrefix(path, "/invitation/"), of("subject-3"))
	kind(t, err, fault.KindConflict)
	if state := ask[string](t, s, `select state from account where id = $1`, other); state != "invited" {
		t.Errorf("refused, and %s all the same", state)
	}
}

func TestGroupsGiveARole(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	for _, tt := range []struct {
		name     string
		is       access.Role
		by, want access.Role
	}{
		{"none", access.Advisor, "", access.Advisor},
		{"the same", access.Advisor, access.Advisor, access.Advisor},
		{"another", access.Advisor, access.LeadAdvisor, access.LeadAdvisor},
		{"a person at a school", access.School, access.Head, access.School},
		{"an invited colleague", access.Colleague, access.Head, access.Colleague},
	} {
		person := establish(t, s, strings.ReplaceAll(tt.name, " ", ".")+"@westmoor.test", tt.is, good)
		came := of(tt.name)
		if err := s.LinkIdentity(t.Context(), person, came); err != nil {
			t.Fatal(err)
		}
		token := signIn(t, s, person)
		came.Role = tt.by
		got, err := s.SignInByIdentity(t.Context(), came)
		if err != nil || got.Role != tt.want || ask[string](t, s, `select role from account where id = $1`, person.ID) != string(tt.want) {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
		if ended := !whose(t, s, token).Somebody(); ended != (tt.is != tt.want) {
			t.Errorf("%s: the older session has ended: %v", tt.name, ended)
		}
	}
	came := of("the head")
	if err := s.LinkIdentity(t.Context(), head, came); err != nil {
		t.Fatal(err)
	}
	came.Role = access.Advisor
	if got, err := s.SignInByIdentity(t.Context(), came); err != nil || got.Role != access.Head {
		t.Errorf("the last head must stay: %+v, %v", got, err)
	}
	establish(t, s, "second@westmoor.test", access.Head, good)
	if got, err := s.SignInByIdentity(t.Context(), came); err != nil || got.Role != access.Advisor {
		t.Errorf("one of two heads follows the groups: %+v, %v", got, err)
	}
}
