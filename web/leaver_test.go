package web_test

import (
	"net/http"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/fault"
	"virtualschool/web/webtest"
)

// TestALeaverIsOutEverywhereAtOnce ends an account between two clicks: nothing that its person held works
// at the next request.
func TestALeaverIsOutEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	accounts := s.Options.Services.Accounts
	head, leaver := s.Person(access.Head, "Head Stays"), s.Person(access.Advisor, "Lee Ver")
	school := s.Setting("Hollybush Primary")
	child := s.Child("Maya", "Okafor", "2015-05-05")
	s.OnRoll(child, school, "[2026-09-01,)")
	s.Allocate(child, "advisor", leaver, "[2026-09-01,)")
	desk, phone := s.As(leaver), s.As(leaver)
	if p := desk.Get("/children"); p.Status != http.StatusOK || !strings.Contains(p.Body, "Okafor") {
		t.Fatalf("%d", p.Status)
	}
	reset, err := accounts.NewLink(t.Context(), access.System, leaver.ID, account.ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	came := sso.Identity{Provider: "council", Issuer: "https://login.test", Subject: "lee"}
	if err := accounts.LinkIdentity(t.Context(), leaver, came); err != nil {
		t.Fatal(err)
	}
	asked, err := s.Options.Services.Attendance.AskByLink(t.Context(), leaver, child, school)
	if err != nil {
		t.Fatal(err)
	}
	err = accounts.NameStandIn(t.Context(), head, account.Absence{For: head.ID, By: leaver.ID, Starts: s.DB.Today(), Until: s.DB.Today().AddDays(4), Reason: "Leave"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{reset, "/is-in/" + asked} {
		if p := s.Visitor().Get(path); p.Status != http.StatusOK {
			t.Fatalf("%s before: %d", path, p.Status)
		}
	}

	if err := accounts.End(t.Context(), head, leaver.ID); err != nil {
		t.Fatal(err)
	}
	for name, visitor := range map[string]*webtest.Visitor{"desk": desk, "phone": phone} {
		if p := visitor.Get("/children"); p.Status != http.StatusSeeOther || !strings.HasPrefix(p.Location, "/sign-in") {
			t.Errorf("the session on the %s goes on: %d", name, p.Status)
		}
	}
	for _, path := range []string{reset, "/is-in/" + asked} {
		if p := s.Visitor().Get(path); p.Status != http.StatusNotFound {
			t.Errorf("%s still works: %d", path, p.Status)
		}
	}
	if _, err := accounts.SignInByIdentity(t.Context(), came); fault.Words(err) != fault.Words(fault.NotFound()) {
		t.Errorf("single sign-on still works: %v", err)
	}
	if n := s.Text(`select count(*)::text from stand_in where ended_at is null`); n != "0" {
		t.Error("still named to decide in another's place")
	}
	if rows := s.RowsAs(leaver, "child", "id", child); rows != 0 {
		t.Error("the database still shows the leaver their child")
	}
	if n := s.Text(`select count(*)::text from river_job where kind = 'account_left'`); n != "1" {
		t.Error("nobody will be told what waits")
	}
}
