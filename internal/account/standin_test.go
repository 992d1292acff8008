package account_test

import (
	"errors"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// TestAbsenceProblems shows these requirements.
//
// ASVS 5.0: 2.2.3
func TestAbsenceProblems(t *testing.T) {
	t.Parallel()
	day := calendar.MustParse("2026-11-23")
	good := account.Absence{For: 1, By: 2, Starts: day, Until: day.AddDays(account.LongestAbsence), Reason: "Leave"}
	if err := good.Check(day); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string][]func(*account.Absence){
		"for":    {func(a *account.Absence) { a.For = 0 }},
		"by":     {func(a *account.Absence) { a.By = 0 }},
		"starts": {func(a *account.Absence) { a.Starts = calendar.Date{}; a.Until = day }, func(a *account.Absence) { a.Starts, a.Until = day.AddDays(-1), day }},
		"until":  {func(a *account.Absence) { a.Until = calendar.Date{} }, func(a *account.Absence) { a.Starts, a.Until = day.AddDays(1), day }, func(a *account.Absence) { a.Until = a.Until.AddDays(1) }},
		"reason": {func(a *account.Absence) { a.Reason = " " }, func(a *account.Absence) { a.Reason = strings.Repeat("r", 1001) }},
	} {
		for n, one := range change {
			bad := good
			one(&bad)
			problems := fault.Of(bad.Check(day))
			if !problems.Has(field) {
				t.Errorf("%s, %d: %v", field, n, problems)
			}
		}
	}
	if err := (account.Absence{}).Check(day); errors.Is(err, fault.KindForbidden) || len(fault.Of(err)) != 5 {
		t.Errorf("nothing said: %v", err)
	}
}

func TestWhenAStandInHolds(t *testing.T) {
	t.Parallel()
	day := calendar.MustParse("2026-11-23")
	one := account.StandIn{Starts: day, Until: day.AddDays(2), Role: access.Advisor}
	for days, want := range map[int]bool{-1: false, 0: true, 2: true, 3: false} {
		if got := one.Now(day.AddDays(days)); got != want {
			t.Errorf("after %d days: %t", days, got)
		}
	}
}
