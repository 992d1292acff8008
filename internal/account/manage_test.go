package account

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// TestAnEndedAccountIsOutOnTheNextRequest shows these requirements.
//
// ASVS 5.0: 7.4.2
func TestAnEndedAccountIsOutOnTheNextRequest(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	dt := establish(t, s, "dt@school.test", access.School, good)
	token := signIn(t, s, dt)
	if whose(t, s, token) != dt {
		t.Fatal("not signed in")
	}
	if err := s.End(t.Context(), head, dt.ID); err != nil {
		t.Fatal(err)
	}
	if whose(t, s, token).Somebody() {
		t.Error("the session outlived the account")
	}
	// A sign-in that was under way when the account ended leaves a session behind it: dead too.
	if whose(t, s, signIn(t, s, dt)).Somebody() {
		t.Error("a session of an ended account works")
	}
	if open := ask[int](t, s, `select count(*) from account_setting where account_id = $1 and (upper(period) is null or upper(period) > $2::date + 1)`, dt.ID, s.DB.Today()); open != 0 {
		t.Error("the person still belongs to the school")
	}
	kind(t, s.End(t.Context(), head, dt.ID), fault.KindConflict)
	if _, err := s.Invite(t.Context(), head, NewAccount{Email: dt.Email, Name: "Again", Role: access.Advisor}); !fault.Of(err).Has("email") {
		t.Errorf("inviting the same address: %v", err)
	}
	if err := s.SendInvitation(t.Context(), head, dt.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AcceptInvitation(t.Context(), mailed(t, s, dt.ID, Invitation), other); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignIn(t.Context(), dt.Email, other, "192.0.2.1"); err != nil {
		t.Errorf("coming back: %v", err)
	}
}

func TestANewRoleHoldsOnTheNextRequest(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	token := signIn(t, s, ruth)
	if err := s.ChangeDetails(t.Context(), head, ruth.ID, Details{Name: "Ruth Adeyemi-Brown", Role: access.Advisor, Version: 1}); err != nil {
		t.Fatal(err)
	}
	if now := whose(t, s, token); now.Name != "Ruth Adeyemi-Brown" {
		t.Errorf("a new name alone must not sign out: %+v", now)
	}
	kind(t, s.ChangeDetails(t.Context(), head, ruth.ID, Details{Name: "Ruth", Role: access.Advisor, Version: 1}), fault.KindConflict)
	if err := s.ChangeDetails(t.Context(), head, ruth.ID, Details{Name: "Ruth", Role: access.SupportAdvisor, Version: 2}); err != nil {
		t.Fatal(err)
	}
	if whose(t, s, token).Somebody() {
		t.Error("the session of the old role goes on")
	}
	if n := ask[int](t, s, `select count(*) from audit_change where subject = 'account' and subject_id = $1 and action = 'changed' and account_id = $2 and after->>'Role' = 'support_advisor'`,
		fmt.Sprint(ruth.ID), head.ID); n != 1 {
		t.Errorf("%d audit rows", n)
	}
}

func TestWhoManagesWhom(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	deputy := establish(t, s, "deputy@westmoor.test", access.Deputy, good)
	officer := establish(t, s, "data@westmoor.test", access.DataOfficer, good)
	for _, role := range []access.Role{access.LeadAdvisor, access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer, access.School} {
		actor := establish(t, s, string(role)+"@westmoor.test", role, "")
		_, err := s.Invite(t.Context(), actor, NewAccount{Email: "x@y.test", Name: "X", Role: access.Advisor})
		kind(t, err, fault.KindForbidden)
		kind(t, s.End(t.Context(), actor, officer.ID), fault.KindForbidden)
		kind(t, s.ChangeDetails(t.Context(), actor, actor.ID, Details{Name: "X", Role: access.Head, Version: 1}), fault.KindForbidden)
		kind(t, s.EndSessions(t.Context(), actor, head.ID, ""), fault.KindForbidden)
		kind(t, s.SendInvitation(t.Context(), actor, head.ID), fault.KindForbidden)
	}
	advisor, err := s.Invite(t.Context(), officer, NewAccount{Email: "x@y.test", Name: "X", Role: access.Advisor})
	if err != nil {
		t.Fatal(err)
	}
	for _, senior := range []access.Role{access.Head, access.Deputy} {
		_, err := s.Invite(t.Context(), officer, NewAccount{Email: "accomplice@y.test", Name: "X", Role: senior})
		kind(t, err, fault.KindForbidden)
		kind(t, s.ChangeDetails(t.Context(), officer, advisor, Details{Name: "X", Role: senior, Version: 1}), fault.KindForbidden)
	}
	kind(t, s.End(t.Context(), officer, deputy.ID), fault.KindForbidden)
	kind(t, s.End(t.Context(), head, 1), fault.KindForbidden)
	kind(t, s.End(t.Context(), head, 999), fault.KindNotFound)
	for _, actor := range []access.Actor{head, deputy, officer} {
		kind(t, s.End(t.Context(), actor, actor.ID), fault.KindForbidden)
		kind(t, s.ChangeDetails(t.Context(), actor, actor.ID, Details{Name: "Me", Role: access.LeadAdvisor, Version: 1}), fault.KindForbidden)
	}
	if err := s.ChangeDetails(t.Context(), deputy, deputy.ID, Details{Name: "My new name", Role: access.Deputy, Version: 1}); err != nil {
		t.Errorf("one's own name: %v", err)
	}
	_, err = s.Invite(t.Context(), access.Actor{}, NewAccount{Email: "x@z.test", Name: "X", Role: access.Advisor})
	kind(t, err, fault.KindForbidden)
}

func TestThereIsAlwaysAHead(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	deputy := establish(t, s, "deputy@westmoor.test", access.Deputy, good)
	if _, err := s.Invite(t.Context(), head, NewAccount{Email: "next@westmoor.test", Name: "Next", Role: access.Head}); err != nil {
		t.Fatal(err) // one who has not come yet does not count
	}
	kind(t, s.End(t.Context(), deputy, head.ID), fault.KindConflict)
	kind(t, s.ChangeDetails(t.Context(), deputy, head.ID, Details{Name: "H", Role: access.Advisor, Version: 1}), fault.KindConflict)
	second := establish(t, s, "head2@westmoor.test", access.Head, good)
	var all sync.WaitGroup
	results := make([]error, 2)
	all.Go(func() { results[0] = s.End(context.Background(), head, second.ID) })
	all.Go(func() { results[1] = s.End(context.Background(), second, head.ID) })
	all.Wait()
	if (results[0] == nil) == (results[1] == nil) {
		t.Errorf("two heads ended each other: %v", results)
	}
	if n := ask[int](t, s, `select count(*) from account where role = 'head' and state = 'active'`); n != 1 {
		t.Errorf("%d heads are left", n)
	}
}

func TestBelongingToASchool(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	dt := establish(t, s, "dt@school.test", access.School, good)
	today := s.DB.Today()
	second := setting(t, s, "Second School")
	join := NewMembership{SettingID: second, Post: Colleague, From: today, LastDay: today.AddDays(30)}
	kind(t, s.Join(t.Context(), dt, dt.ID, join, ""), fault.KindForbidden)
	kind(t, s.Join(t.Context(), head, head.ID, join, ""), fault.KindConflict)
	if err := s.Join(t.Context(), head, dt.ID, join, ""); err != nil {
		t.Fatal(err)
	}
	overlapping := join
	overlapping.From = today.AddDays(30)
	if err := s.Join(t.Context(), head, dt.ID, overlapping, ""); !fault.Of(err).Has("from") {
		t.Errorf("twice on the same day: %v", err)
	}
	nowhere := join
	nowhere.SettingID = 987654
	if err := s.Join(t.Context(), head, dt.ID, nowhere, ""); !fault.Of(err).Has("setting") {
		t.Errorf("a school that is not there: %v", err)
	}
	read := func() (list []Membership) {
		var batch postgres.Batch
		QueueMemberships(&batch, &list, dt.ID)
		if err := s.DB.View(t.Context(), head, &batch); err != nil {
			t.Fatal(err)
		}
		return list
	}
	list := read()
	if len(list) != 2 || !list[0].Until.IsZero() || list[1].LastDay() != join.LastDay || !list[1].On(join.LastDay) || list[1].On(join.LastDay.AddDays(1)) {
		t.Fatalf("%+v", list)
	}
	membership := list[1]
	for last, field := range map[calendar.Date]string{{}: "last", today.AddDays(-1): "last"} {
		if err := s.Leave(t.Context(), head, dt.ID, membership.ID, last); !fault.Of(err).Has(field) {
			t.Errorf("last day %v: %v", last, err)
		}
	}
	kind(t, s.Leave(t.Context(), head, head.ID, membership.ID, today), fault.KindNotFound)
	if err := s.Leave(t.Context(), head, dt.ID, membership.ID, today); err != nil {
		t.Fatal(err)
	}
	if got := read()[1]; got.LastDay() != today {
		t.Errorf("%+v", got)
	}
}

// TestOnesOwnSessions shows these requirements.
//
// ASVS 5.0: 7.5.2
func TestOnesOwnSessions(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	someone := establish(t, s, "someone@westmoor.test", access.Advisor, good)
	theirs := signIn(t, s, someone)
	signIn(t, s, ruth)
	m.on(21 * time.Minute) // that one is over
	first, second := signIn(t, s, ruth), signIn(t, s, ruth)
	read := func(token string) (list []Session) {
		var batch postgres.Batch
		s.QueueSessions(&batch, &list, ruth.ID, token)
		if err := s.DB.View(t.Context(), ruth, &batch); err != nil {
			t.Fatal(err)
		}
		return list
	}
	list := read(second)
	if len(list) != 2 || list[0].Current == list[1].Current {
		t.Fatalf("%+v", list)
	}
	not := list[0]
	if not.Current {
		not = list[1]
	}
	kind(t, s.EndOwnSession(t.Context(), someone, not.Ref), fault.KindConflict)
	if err := s.EndOwnSession(t.Context(), ruth, not.Ref); err != nil {
		t.Fatal(err)
	}
	if whose(t, s, first).Somebody() || !whose(t, s, second).Somebody() {
		t.Error("the wrong session ended")
	}
	m.on(-20 * time.Minute)
	if err := s.EndOwnSession(t.Context(), ruth, ""); err != nil {
		t.Fatal(err)
	}
	if whose(t, s, second).Somebody() || !whose(t, s, theirs).Somebody() {
		t.Error("signing out everywhere must end one's own sessions and no others")
	}
}

func TestTheListOfAccounts(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	school := setting(t, s, "Saint-Étienne Primary")
	for i := range PageSize {
		establish(t, s, fmt.Sprintf("advisor%d@westmoor.test", i), access.Advisor, "")
	}
	dt, err := s.Invite(t.Context(), head, NewAccount{Email: "zoe_x@school.test", Name: "Zoë Łukasz", Role: access.School,
		Settings: []NewMembership{{SettingID: school, Post: Colleague, From: s.DB.Today()}}})
	if err != nil {
		t.Fatal(err)
	}
	read := func(filter Filter) (list []Listed, total int) {
		var batch postgres.Batch
		QueueList(&batch, &list, &total, filter)
		if err := s.DB.View(t.Context(), head, &batch); err != nil {
			t.Fatal(err)
		}
		return list, total
	}
	for words, as := range map[string]string{"zoe lukasz": "School colleague", "head@": "Virtual School Head"} {
		if list, _ := read(Filter{Words: words}); len(list) != 1 || list[0].As() != as {
			t.Errorf("%s: %+v; want %s", words, list, as)
		}
	}
	if both := (Listed{Role: access.School, Posts: []Post{DesignatedTeacher, Colleague}}).As(); both != "Designated teacher, School colleague" {
		t.Error(both)
	}
	for _, one := range []struct {
		filter       Filter
		shown, total int
	}{
		{Filter{}, PageSize, PageSize + 2}, {Filter{Page: 2}, 2, PageSize + 2}, {Filter{Page: 3}, 0, PageSize + 2},
		{Filter{Words: "zoe lukasz"}, 1, 1}, {Filter{Words: "ZOE_X"}, 1, 1}, {Filter{Words: "zoe%x"}, 0, 0},
		{Filter{Words: "saint etienne"}, 1, 1}, {Filter{SettingID: school}, 1, 1}, {Filter{State: Invited}, 1, 1},
		{Filter{Role: access.Head}, 1, 1}, {Filter{Role: access.Head, State: Ended}, 0, 0}, {Filter{Words: "system"}, 0, 0},
		{Filter{Words: "'; drop table account; --"}, 0, 0},
	} {
		if list, total := read(one.filter); len(list) != one.shown || total != one.total {
			t.Errorf("%+v: %d of %d, want %d of %d", one.filter, len(list), total, one.shown, one.total)
		}
	}
	if list, _ := read(Filter{Words: "zoe"}); list[0].ID != dt || list[0].Settings != "Saint-Étienne Primary" || list[0].SignedInAt != nil {
		t.Errorf("%+v", list[0])
	}
	var settings []SettingWithPeople
	var account Account
	var work []Work
	var demo []DemoSignIn
	var batch postgres.Batch
	QueueSettingsWithPeople(&batch, &settings)
	QueueAccount(&batch, &account, dt)
	QueueWork(&batch, &work, dt)
	QueueDemoSignIns(&batch, &demo)
	if err := s.DB.View(t.Context(), head, &batch); err != nil {
		t.Fatal(err)
	}
	if len(settings) != 1 || settings[0].ID != school || account.Email != "zoe_x@school.test" || account.State != Invited || len(work) != 0 || len(demo) != 0 {
		t.Errorf("%+v %+v %+v %+v", settings, account, work, demo)
	}
}

func TestTheCommandLineFindsAccounts(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	if found, err := s.ByEmail(t.Context(), access.System, " RUTH@westmoor.test"); err != nil || found.ID != ruth.ID || found.State != Active {
		t.Errorf("%+v, %v", found, err)
	}
	for _, email := range []string{"nobody@westmoor.test", "system@virtualschool.invalid", "", "\x00"} {
		_, err := s.ByEmail(t.Context(), access.System, email)
		kind(t, err, fault.KindNotFound)
	}
	if list, total, err := s.List(t.Context(), access.System, Filter{Role: access.Advisor}); err != nil || total != 1 || list[0].ID != ruth.ID {
		t.Errorf("%+v, %d, %v", list, total, err)
	}
	_, err := s.ByEmail(t.Context(), ruth, ruth.Email)
	kind(t, err, fault.KindForbidden)
	_, _, err = s.List(t.Context(), ruth, Filter{})
	kind(t, err, fault.KindForbidden)
}
