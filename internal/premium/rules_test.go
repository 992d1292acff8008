package premium

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium/ledger"
)

var day = calendar.MustParse("2026-11-23")

func TestWhatAWishMustSay(t *testing.T) {
	t.Parallel()
	good := Wish{Category: "literacy", Purpose: "A tutor", Difference: "Reads more", Amount: money.Pounds(10)}
	if err := good.Check(day); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string][]func(*Wish){
		"category":   {func(w *Wish) { w.Category = "" }, func(w *Wish) { w.Category = "uniform" }},
		"purpose":    {func(w *Wish) { w.Purpose = " \n" }, func(w *Wish) { w.Purpose = strings.Repeat("é", TextLimit+1) }},
		"difference": {func(w *Wish) { w.Difference = "" }, func(w *Wish) { w.Difference = strings.Repeat("a", TextLimit+1) }},
		"amount":     {func(w *Wish) { w.Amount = 0 }, func(w *Wish) { w.Amount = -500 }, func(w *Wish) { w.Amount = MostAsked + 1 }},
		"starts": {func(w *Wish) { w.Starts = calendar.MustParse("2026-03-31") },
			func(w *Wish) { w.Starts = calendar.MustParse("2028-04-01") }},
	} {
		for n, one := range spoil {
			bad := good
			one(&bad)
			if err := bad.tidy().Check(day); len(fault.Of(err)) != 1 || !fault.Of(err).Has(field) {
				t.Errorf("%s %d: %v", field, n, err)
			}
		}
	}
	good.Purpose, good.Starts, good.Amount = strings.Repeat("é", TextLimit), calendar.MustParse("2028-03-31"), MostAsked
	if err := good.Check(day); err != nil {
		t.Errorf("the longest wish: %v", err)
	}
}

func TestWhatADecisionMustSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		decision Decision
		field    string // empty: fine
		granted  money.Pence
	}{
		{Decision{Outcome: Approved}, "", 10000},
		{Decision{Outcome: PartApproved, Amount: 9999, Reason: "r"}, "", 9999},
		{Decision{Outcome: PartApproved, Amount: 9999}, "reason", 9999},
		{Decision{Outcome: PartApproved, Amount: 10000, Reason: "r"}, "amount", 0},
		{Decision{Outcome: PartApproved, Amount: 0, Reason: "r"}, "amount", 0},
		{Decision{Outcome: PartApproved, Amount: -1, Reason: "r"}, "amount", 0},
		{Decision{Outcome: Returned, Reason: "r"}, "", 0},
		{Decision{Outcome: Returned, Reason: "  "}, "reason", 0},
		{Decision{Outcome: Refused}, "reason", 0},
		{Decision{Outcome: Refused, Reason: strings.Repeat("x", TextLimit+1)}, "reason", 0},
		{Decision{Outcome: Withdrawn, Reason: "r"}, "outcome", 0},
		{Decision{}, "outcome", 0},
	} {
		problems := fault.Of(c.decision.problems(10000))
		if (c.field == "") != (len(problems) == 0) || (c.field != "" && !problems.Has(c.field)) {
			t.Errorf("%+v: %v; want a problem with %q", c.decision, problems, c.field)
		}
		if got := c.decision.granted(10000); got != c.granted {
			t.Errorf("%+v grants %s; want %s", c.decision, got, c.granted)
		}
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	fine := Circumstances{InCare: true, OnRoll: true}
	request := Request{Amount: money.Pounds(1000), TargetID: 1}
	year := ledger.Position{Pool: money.Pounds(1000)}
	deputy := Weighing{Power: Power{PersonID: 7, PersonRole: access.Deputy, PowerOf: 7}, AskedBy: 1, State: Asked}
	before := func(sum money.Pence) Weighing { w := deputy; w.LimitedBefore, w.GrantedBefore = sum, sum; return w }
	for name, c := range map[string]struct {
		request  Request
		around   Circumstances
		weighing Weighing
		year     ledger.Position
		failing  string // a word of the one check that does not pass; empty: all pass
	}{
		"all well":          {request, fine, deputy, year, ""},
		"left care":         {request, Circumstances{OnRoll: true}, deputy, year, "not in care"},
		"moved school":      {request, Circumstances{InCare: true}, deputy, year, "not on roll"},
		"no target":         {Request{Amount: money.Pounds(1000)}, fine, deputy, year, "not tied to a target"},
		"asked twice":       {request, Circumstances{InCare: true, OnRoll: true, SameThisYear: 1}, deputy, year, "another request"},
		"a penny too much":  {request, fine, deputy, ledger.Position{Pool: money.Pounds(1000) - 1}, "The year has £999.99 left; this asks for £1,000.00."},
		"over the limit":    {Request{Amount: money.Pounds(1500) + 1, TargetID: 1}, fine, deputy, ledger.Position{Pool: money.Pounds(9000)}, "Someone with a higher limit must decide"},
		"split":             {request, fine, before(money.Pounds(500) + 1), year, "£1,500.01"},
		"not quite split":   {request, fine, before(money.Pounds(500)), year, ""},
		"starts next April": {Request{Amount: money.Pounds(1000), TargetID: 1, Starts: calendar.MustParse("2027-04-01")}, fine, deputy, year, "31 March 2027"},
	} {
		var failing []string
		for _, check := range Checks(c.request, c.around, c.weighing, c.year, policy.Values{}, day) {
			if check.Rule == "" || check.Words == "" {
				t.Errorf("%s: a check without words or rule: %+v", name, check)
			}
			if !check.Passed {
				failing = append(failing, check.Words)
			}
		}
		if (c.failing == "") != (len(failing) == 0) || (c.failing != "" && (len(failing) != 1 || !strings.Contains(failing[0], c.failing))) {
			t.Errorf("%s: failing %q; want %q", name, failing, c.failing)
		}
	}
}

func TestTransferKeysDiffer(t *testing.T) {
	t.Parallel()
	a, b := ledger.Key("request %d committed", 1), ledger.Key("request %d committed", 2)
	if a == b || a != ledger.Key("request %d committed", 1) || len(a) != 36 {
		t.Errorf("%s and %s", a, b)
	}
}
