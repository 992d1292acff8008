package premium

import (
	"errors"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium/ledger"
)

// sums are the council's dated sums for a test, in pounds.
func sums(t *testing.T, two, panel int64) policy.Values {
	t.Helper()
	values, err := policy.Values{}.With(policy.PremiumTwoApprovers, money.Pounds(two))
	if err != nil {
		t.Fatal(err)
	}
	if values, err = values.With(policy.PremiumPanel, money.Pounds(panel)); err != nil {
		t.Fatal(err)
	}
	return values
}

func TestApprove(t *testing.T) {
	t.Parallel()
	own := money.Pounds(400)
	deputy := Power{PersonID: 7, PersonRole: access.Deputy, PowerOf: 7}
	head := Power{PersonID: 8, PersonRole: access.Head, PowerOf: 8}
	limited := Power{PersonID: 8, PersonRole: access.Head, PowerOf: 8, OwnLimit: &own}
	raised := Power{PersonID: 7, PersonRole: access.Deputy, PowerOf: 7, OwnLimit: func() *money.Pence { p := money.Pounds(9000); return &p }()}
	place := Power{PersonID: 9, PersonRole: access.Advisor, StandIn: 1, PowerOf: 7, AwayName: "Dana Deputy", AwayRole: access.Deputy}
	nobody := Power{PersonID: 9, PersonRole: access.Advisor, PowerOf: 9}
	by := func(power Power, change ...func(*Weighing)) Weighing {
		w := Weighing{Power: power, AskedBy: 1, State: Asked}
		for _, one := range change {
			one(&w)
		}
		return w
	}
	first := func(who, power int64, pounds int64, within bool) func(*Weighing) {
		return func(w *Weighing) {
			w.FirstBy, w.FirstPower, w.FirstName, w.FirstAmount, w.FirstWithin = who, power, "Fay First", money.Pounds(pounds), within
		}
	}
	before := func(any, limited int64) func(*Weighing) {
		return func(w *Weighing) { w.GrantedBefore, w.LimitedBefore = money.Pounds(any), money.Pounds(limited) }
	}
	panel := func(held bool) func(*Weighing) {
		return func(w *Weighing) {
			w.State, w.PanelID, w.PanelDay, w.PanelHeld = AtPanel, 3, calendar.MustParse("2026-12-03"), held
		}
	}
	for name, c := range map[string]struct {
		weighing   Weighing
		pounds     int64
		two, panel int64
		want       Step
		words      string // of the refusal
	}{
		"deputy to the limit":                       {by(deputy), 1500, 0, 0, LastStep, ""},
		"deputy over the limit":                     {by(deputy), 1501, 0, 0, NoStep, "more than you may approve (£1,500.00)"},
		"deputy over it with what went before":      {by(deputy, before(600, 600)), 1000, 0, 0, NoStep, "£1,600.00"},
		"deputy after what a head approved":         {by(deputy, before(600, 0)), 1000, 0, 0, LastStep, ""},
		"head":                                      {by(head), 9000, 0, 0, LastStep, ""},
		"head above a limit of their own":           {by(limited), 401, 0, 0, NoStep, "£400.00"},
		"deputy with a higher one":                  {by(raised), 9000, 0, 0, LastStep, ""},
		"advisor":                                   {by(nobody), 1, 0, 0, NoStep, "role"},
		"advisor in the deputy's place":             {by(place), 1500, 0, 0, LastStep, ""},
		"over the limit in the deputy's place":      {by(place), 1501, 0, 0, NoStep, "Dana Deputy"},
		"what the deputy asked, in their place":     {by(place, func(w *Weighing) { w.AskedBy = 7 }), 1, 0, 0, NoStep, "stand in for who asked"},
		"what the deputy changed, in their place":   {by(place, func(w *Weighing) { w.OfPower = true }), 1, 0, 0, NoStep, "stand in for who asked"},
		"one's own":                                 {by(head, func(w *Weighing) { w.Own = true }), 1, 0, 0, NoStep, "You asked"},
		"one's own in another's place":              {by(place, func(w *Weighing) { w.Own = true }), 1, 0, 0, NoStep, "You asked"},
		"at the sum for two":                        {by(head), 3000, 3000, 0, LastStep, ""},
		"above it, the first":                       {by(head), 3001, 3000, 0, FirstStep, ""},
		"above it by what went before":              {by(head, before(2500, 0)), 501, 3000, 0, FirstStep, ""},
		"the first by a deputy without the limit":   {by(deputy), 3001, 3000, 0, FirstStep, ""},
		"the second":                                {by(head, first(7, 7, 3001, false)), 3001, 3000, 0, LastStep, ""},
		"the second by a deputy after the head":     {by(deputy, first(8, 8, 3001, true)), 3001, 3000, 0, LastStep, ""},
		"neither has the limit":                     {by(deputy, first(6, 6, 3001, false)), 3001, 3000, 0, NoStep, "neither Fay First nor you"},
		"the second by the same":                    {by(head, first(8, 8, 3001, true)), 3001, 3000, 0, NoStep, "yours already"},
		"the second in the place of the first":      {by(place, first(7, 7, 3001, true)), 3001, 3000, 0, NoStep, "yours already"},
		"the second by whom the first stood in for": {by(deputy, first(9, 7, 3001, true)), 3001, 3000, 0, NoStep, "yours already"},
		"the second for more":                       {by(head, first(7, 7, 3001, false)), 3002, 3000, 0, NoStep, "Approve that or less"},
		"the second for less":                       {by(head, first(7, 7, 4000, false)), 3500, 3000, 0, LastStep, ""},
		"less than needs two":                       {by(head, first(8, 8, 4000, true)), 3000, 3000, 0, LastStep, ""},
		"above the panel's sum":                     {by(head), 5001, 0, 5000, NoStep, "Send it to the next panel"},
		"above it by what went before, at a panel":  {by(head, before(4000, 0)), 1001, 0, 5000, NoStep, "this makes £5,001.00"},
		"before the panel":                          {by(head, panel(false)), 5001, 0, 5000, NoStep, "panel of 3 December"},
		"after the panel":                           {by(head, panel(true)), 5001, 0, 5000, LastStep, ""},
		"a small one sent to the panel":             {by(head, panel(false)), 10, 0, 0, NoStep, "waits for the panel"},
		"a small one the panel has looked at":       {by(deputy, panel(true)), 10, 0, 0, LastStep, ""},
		"after the panel, above the deputy's limit": {by(deputy, panel(true)), 5001, 0, 5000, NoStep, "£1,500.00"},
		"after the panel, the first of two":         {by(deputy, panel(true)), 5001, 3000, 5000, FirstStep, ""},
		"after the panel, both":                     {by(head, panel(true), first(7, 7, 5001, false)), 5001, 3000, 5000, LastStep, ""},
	} {
		step, err := c.weighing.Approve(money.Pounds(c.pounds), sums(t, c.two, c.panel))
		if step != c.want || (err == nil) != (c.words == "") || err != nil && (!errors.Is(err, fault.KindForbidden) || !strings.Contains(fault.Words(err), c.words)) {
			t.Errorf("%s: step %d, %v; want %d, %q", name, step, err, c.want, c.words)
		}
	}
}

func TestForesee(t *testing.T) {
	t.Parallel()
	deputy := Power{PersonID: 7, PersonRole: access.Deputy, PowerOf: 7}
	one := func(id, child int64, pounds int64) Weighing {
		return Weighing{Power: deputy, RequestID: id, ChildID: child, Category: "literacy", Stream: ledger.LookedAfter, State: Asked, AskedBy: 1, Amount: money.Pounds(pounds)}
	}
	early, gone, begun := one(6, 14, 10), one(7, 15, 10), one(8, 16, 2500)
	early.Stream, gone.State, begun.FirstAmount, begun.FirstBy = ledger.EarlyYears, Refused, money.Pounds(2500), 8
	begun.FirstWithin = true
	list := Foresee([]Weighing{one(1, 10, 1000), one(2, 10, 600), one(3, 11, 1501), one(4, 12, 900), one(5, 13, 500), early, gone, begun},
		map[ledger.Stream]money.Pence{ledger.LookedAfter: money.Pounds(2000), ledger.EarlyYears: money.Pounds(10)}, sums(t, 2000, 0))
	want := []string{"", "£1,600.00", "£1,500.00", "", "The year has £100.00 left", "", "does not wait", "first approval"}
	for n, got := range list {
		if (got.Why == "") != (want[n] == "") || !strings.Contains(got.Why, want[n]) {
			t.Errorf("request %d: %q; want %q", got.RequestID, got.Why, want[n])
		}
	}
	two := one(9, 17, 2500)
	if got := Foresee([]Weighing{two}, map[ledger.Stream]money.Pence{ledger.LookedAfter: money.Pounds(9000)}, sums(t, 2000, 0)); !strings.Contains(got[0].Why, "two approvers") {
		t.Errorf("what needs two: %q", got[0].Why)
	}
}

func TestReadySentences(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, one := range Sentences {
		if seen[one.Key] || one.Words == "" || one.Outcome != PartApproved && one.Outcome != Returned && one.Outcome != Refused {
			t.Errorf("%+v", one)
		}
		seen[one.Key] = true
	}
	if one := Sentences[0]; Sentenced(one.Key, "") != one.Words || Sentenced(one.Key, "And more.") != one.Words+" And more." || Sentenced("", "Mine.") != "Mine." || Sentenced("none", "Mine.") != "Mine." {
		t.Error("a sentence and typed words do not come together")
	}
}

func TestPanelAndLimitProblems(t *testing.T) {
	t.Parallel()
	later := day.AddDays(10)
	for name, c := range map[string]struct {
		err   error
		field string
	}{
		"a panel":             {Meeting{Day: day}.planned(day), ""},
		"no day":              {Meeting{}.planned(day), "day"},
		"a day gone by":       {Meeting{Day: day.AddDays(-1)}.planned(day), "day"},
		"a day far off":       {Meeting{Day: day.AddYears(3)}.planned(day), "day"},
		"too many members":    {Meeting{Day: day, Members: strings.Repeat("m", MembersLimit+1)}.planned(day), "members"},
		"held":                {Meeting{Members: "m", Minutes: "w"}.held(day, day), ""},
		"held too early":      {Meeting{Members: "m", Minutes: "w"}.held(later, day), "minutes"},
		"held by nobody":      {Meeting{Minutes: "w"}.held(day, day), "members"},
		"held without words":  {Meeting{Members: "m"}.held(day, day), "minutes"},
		"long minutes":        {Meeting{Members: "m", Minutes: strings.Repeat("m", MinutesLimit+1)}.held(day, day), "minutes"},
		"a limit":             {LimitEntry{AccountID: 1, Starts: day, Reason: "r"}.Check(day), ""},
		"of nobody":           {LimitEntry{Starts: day, Reason: "r"}.Check(day), "account"},
		"less than nothing":   {LimitEntry{AccountID: 1, Amount: -1, Starts: day, Reason: "r"}.Check(day), "amount"},
		"more than is asked":  {LimitEntry{AccountID: 1, Amount: MostAsked + 1, Starts: day, Reason: "r"}.Check(day), "amount"},
		"from no day":         {LimitEntry{AccountID: 1, Reason: "r"}.Check(day), "starts"},
		"from yesterday":      {LimitEntry{AccountID: 1, Starts: day.AddDays(-1), Reason: "r"}.Check(day), "starts"},
		"until before it":     {LimitEntry{AccountID: 1, Starts: later, Until: day, Reason: "r"}.Check(day), "until"},
		"for no reason":       {LimitEntry{AccountID: 1, Starts: day, Reason: " "}.Check(day), "reason"},
		"for too long a word": {LimitEntry{AccountID: 1, Starts: day, Reason: strings.Repeat("r", 1001)}.Check(day), "reason"},
	} {
		problems := fault.Of(c.err)
		if (c.field == "") != (c.err == nil) || c.err != nil && (len(problems) != 1 || !problems.Has(c.field)) {
			t.Errorf("%s: %v; want one about %q", name, c.err, c.field)
		}
	}
}
