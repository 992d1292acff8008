package premium_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
)

var approve = premium.Decision{Outcome: premium.Approved}

// demand sets a dated sum of the council's.
func (w *world) demand(key policy.Key, pounds int64) {
	w.t.Helper()
	if err := policy.Set(w.t.Context(), w.db, w.head, key, money.Pounds(pounds), today, "Scheme of delegation"); err != nil {
		w.t.Fatal(err)
	}
}

// away names who stands in, and gives the stand-in as their session knows them on a deciding page.
func (w *world) away(who, by access.Actor, until calendar.Date) access.Actor {
	w.t.Helper()
	people := &account.Service{DB: w.db}
	err := people.NameStandIn(w.t.Context(), w.head, account.Absence{For: who.ID, By: by.ID, Starts: today, Until: until, Reason: "Leave"})
	if err != nil {
		w.t.Fatal(err)
	}
	by.StandsInFor = access.Away{StandIn: w.ID(`select max(id) from stand_in`), ID: who.ID, Name: who.Name, Role: who.Role, Until: until}
	return by.InPlace(access.DecidePremium)
}

func (w *world) decide(who access.Actor, id int64, version int, decision premium.Decision) error {
	return w.service.Decide(w.t.Context(), who, id, version, decision)
}

func TestAboveTheSumTwoDifferentPeopleApprove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	w.demand(policy.PremiumTwoApprovers, 3000)
	id := w.ask(5000)
	if err := w.decide(w.deputy, id, 1, approve); err != nil {
		t.Fatalf("the first: %v", err)
	}
	if got := w.request(id); got.State != premium.Asked || got.Version != 1 || w.position().Committed != 0 {
		t.Fatalf("after the first: %+v", got)
	}
	if err := w.decide(w.deputy, id, 1, approve); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("the same person again: %v", err)
	}
	if err := w.decide(w.deputy2, id, 1, approve); !errors.Is(err, fault.KindForbidden) || !strings.Contains(fault.Words(err), "neither") {
		t.Errorf("two deputies, neither with the limit: %v", err)
	}
	// What is amended has not been approved by anybody.
	if err := w.service.Change(t.Context(), w.teacher, id, 1, wish(6000)); err != nil {
		t.Fatal(err)
	}
	if err := w.decide(w.head, id, 2, approve); err != nil {
		t.Fatal(err)
	}
	if got := w.request(id); got.State != premium.Asked {
		t.Fatalf("one approval of the amended request decided it: %+v", got)
	}
	if err := w.decide(w.deputy, id, 2, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(5500), Reason: "A term"}); err != nil {
		t.Fatalf("the second, for less: %v", err)
	}
	if got := w.request(id); got.State != premium.PartApproved || got.Approved != money.Pounds(5500) || w.position().Committed != money.Pounds(5500) {
		t.Errorf("after the second: %+v", got)
	}
	if n := w.count(`select from premium_event where request_id = $1 and event = 'first_approval'`, id); n != 2 {
		t.Errorf("%d first approvals in its history", n)
	}
	if n := w.count(`select from audit_change where subject = 'premium request' and action = 'first approval'`); n != 2 {
		t.Errorf("%d first approvals in the audit", n)
	}
	// The next one for the same need begins where this one ended.
	small := w.ask(100)
	if err := w.decide(w.head, small, 1, approve); err != nil || w.request(small).State != premium.Asked {
		t.Errorf("a small one for the same need: %v, %s", err, w.request(small).State)
	}
}

func TestAFirstApproverWhoHasLeftDoesNotCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	w.demand(policy.PremiumTwoApprovers, 100)
	id := w.ask(200)
	if err := w.decide(w.deputy2, id, 1, approve); err != nil {
		t.Fatal(err)
	}
	w.Exec(`update account set state = 'ended', ended_at = now() where id = $1`, w.deputy2.ID)
	if err := w.decide(w.deputy, id, 1, approve); err != nil || w.request(id).State != premium.Asked {
		t.Errorf("the deputy is the first again: %v, %s", err, w.request(id).State)
	}
	if err := w.decide(w.head, id, 1, approve); err != nil || w.request(id).State != premium.Approved {
		t.Errorf("and the head the second: %v, %s", err, w.request(id).State)
	}
}

func TestAPanelLooksFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	w.demand(policy.PremiumPanel, 4000)
	id, small := w.ask(5000), w.ask(100)
	toPanel := premium.Decision{Outcome: premium.AtPanel, Reason: "Above our sum"}
	if err := w.decide(w.head, id, 1, approve); !errors.Is(err, fault.KindForbidden) {
		t.Fatalf("without a panel: %v", err)
	}
	if err := w.decide(w.deputy, id, 1, toPanel); !fault.Of(err).Has("outcome") {
		t.Fatalf("to a panel that nobody planned: %v", err)
	}
	panel, err := w.service.PlanPanel(t.Context(), w.deputy, premium.Meeting{Day: today.AddDays(3), Members: "Head, two governors"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.PlanPanel(t.Context(), w.head, premium.Meeting{Day: today.AddDays(3)}); !fault.Of(err).Has("day") {
		t.Errorf("two on a day: %v", err)
	}
	if err := w.decide(w.deputy, id, 1, toPanel); err != nil {
		t.Fatal(err)
	}
	if got := w.request(id); got.State != premium.AtPanel || got.Version != 2 {
		t.Fatalf("%+v", got)
	}
	if err := w.decide(w.deputy, id, 2, toPanel); !fault.Of(err).Has("outcome") {
		t.Errorf("to the same panel again: %v", err)
	}
	if err := w.decide(w.head, id, 2, approve); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("before the panel met: %v", err)
	}
	held := premium.Meeting{Members: "Head, two governors", Minutes: "All agreed."}
	if err := w.service.HoldPanel(t.Context(), w.deputy, panel, 1, held); !fault.Of(err).Has("minutes") {
		t.Errorf("minutes before the day: %v", err)
	}
	on := *w.service
	on.DB = w.db.At(func() time.Time { return today.AddDays(3).Start().Add(15 * time.Hour) })
	if err := on.HoldPanel(t.Context(), w.advisor, panel, 1, held); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("minutes by an advisor: %v", err)
	}
	if err := on.HoldPanel(t.Context(), w.deputy, panel, 1, held); err != nil {
		t.Fatal(err)
	}
	if err := on.HoldPanel(t.Context(), w.deputy, panel, 2, held); !errors.Is(err, fault.KindConflict) {
		t.Errorf("held twice: %v", err)
	}
	var waiting []premium.Waiting
	var batch postgres.Batch
	premium.QueueWaiting(&batch, &waiting, premium.Filter{}, w.head.ID, "")
	w.view(&batch)
	if len(waiting) != 2 || waiting[0].ID != id || waiting[1].ID != small {
		t.Errorf("the queue: %+v", waiting)
	}
	if err := on.Decide(t.Context(), w.head, id, 2, approve); err != nil || w.request(id).State != premium.Approved {
		t.Errorf("after the panel: %v, %s", err, w.request(id).State)
	}
}

func TestALimitOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	set := func(who access.Actor, whose access.Actor, pounds int64, from calendar.Date) error {
		return w.service.SetLimit(t.Context(), who, premium.LimitEntry{AccountID: whose.ID, Amount: money.Pounds(pounds), Starts: from, Reason: "New in post"})
	}
	head2 := w.person(access.Head, 0)
	for name, c := range map[string]struct {
		err  error
		kind error
	}{
		"a deputy sets one":   {set(w.deputy, w.deputy2, 1, today), fault.KindForbidden},
		"the head's own":      {set(w.head, w.head, 1, today), fault.KindForbidden},
		"of an advisor":       {set(w.head, w.advisor, 1, today), fault.KindInvalid},
		"of the deputy":       {set(w.head, w.deputy, 200, today), nil},
		"of the other head":   {set(w.head, head2, 100, today), nil},
		"of the other deputy": {set(w.head, w.deputy2, 2000, today), nil},
	} {
		if !errors.Is(c.err, c.kind) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	for name, c := range map[string]struct {
		who    access.Actor
		pounds int64
		kind   error
	}{
		"the deputy to their own":       {w.deputy, 200, nil},
		"and over it":                   {w.deputy, 201, fault.KindForbidden},
		"the other head over theirs":    {head2, 101, fault.KindForbidden},
		"the other deputy up to theirs": {w.deputy2, 2000, nil},
	} {
		child := w.newChild(name, w.school)
		id, err := w.service.Ask(t.Context(), w.teacher, child, wish(c.pounds))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.decide(c.who, id, 1, approve); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := set(w.head, w.deputy, 300, today.AddDays(5)); err != nil {
		t.Fatal(err)
	}
	if err := set(w.head, w.deputy, 400, today.AddDays(2)); !fault.Of(err).Has("starts") {
		t.Errorf("one that runs into a later one: %v", err)
	}
	first := w.ID(`select min(id) from premium_limit where account_id = $1`, w.deputy.ID)
	if err := w.service.EndLimit(t.Context(), w.deputy, first); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a deputy ends one: %v", err)
	}
	for _, id := range []int64{first, w.ID(`select max(id) from premium_limit where account_id = $1`, w.deputy.ID)} {
		if err := w.service.EndLimit(t.Context(), w.head, id); err != nil {
			t.Error(err)
		}
	}
	if n := w.count(`select from premium_limit where account_id = $1`, w.deputy.ID); n != 0 {
		t.Errorf("%d limits are left of those that had not held for a day", n)
	}
}

func TestWhoStandsInDecidesForWhoIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	stranger := w.person(access.Advisor, 0) // with no child of their own
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, w.other)
	stand := w.away(w.deputy, stranger, today.AddDays(4))
	id := w.ask(1000)
	if err := w.decide(stranger, id, 1, approve); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("outside the pages for deciding the child is not theirs: %v", err)
	}
	if err := w.decide(stand, id, 1, approve); err != nil {
		t.Fatal(err)
	}
	got := w.request(id)
	if got.State != premium.Approved || got.DecidedBy != stranger.ID || got.AwayName != w.deputy.Name || got.AwayUntil != today.AddDays(4) {
		t.Errorf("decided: %+v", got)
	}
	if n := w.count(`select from audit_change where subject = 'premium request' and action = 'approved' and (after ->> 'stand_in')::bigint = $1`, stand.StandsInFor.StandIn); n != 1 {
		t.Errorf("%d audit entries say in whose place", n)
	}
	large := w.ask(1600)
	if err := w.decide(stand, large, 1, approve); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("over the deputy's limit: %v", err)
	}
	deputys, err := w.service.Ask(t.Context(), w.deputy, w.child, wish(10))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.decide(stand, deputys, 1, approve); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("what the deputy asked: %v", err)
	}
	w.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, w.other, w.deputy.ID)
	hidden := w.ID(`insert into premium_request (child_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at) values ($1, 2026, 'exams', 'p', 'd', 1, $2, '2026-11-01') returning id`, w.other, w.head.ID)
	if err := w.decide(stand, hidden, 1, approve); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a restricted child, whom only the deputy may know of: %v", err)
	}
	after := *w.service
	after.DB = w.db.At(func() time.Time { return today.AddDays(5).Start().Add(9 * time.Hour) })
	small := w.ask(5)
	if err := after.Decide(t.Context(), stand, small, 1, approve); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("the day after the last: %v", err)
	}
	people := &account.Service{DB: w.db}
	if err := people.EndStandIn(t.Context(), w.deputy2, stand.StandsInFor.StandIn); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("another deputy ends it: %v", err)
	}
	if err := people.EndStandIn(t.Context(), w.deputy, stand.StandsInFor.StandIn); err != nil {
		t.Fatal(err)
	}
	if err := w.decide(stand, small, 1, approve); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("after it was ended: %v", err)
	}
}

func TestManyAtOnceWhollyOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(10, 0)
	a, b, large := w.ask(100), w.ask(200), w.ask(2000)
	picks := func(ids ...int64) (list []premium.Pick) {
		for _, id := range ids {
			list = append(list, premium.Pick{ID: id, Version: 1})
		}
		return list
	}
	for name, c := range map[string]struct {
		who   access.Actor
		picks []premium.Pick
		kind  error
	}{
		"nothing":            {w.deputy, nil, fault.KindInvalid},
		"an advisor":         {w.advisor, picks(a, b), fault.KindForbidden},
		"one over the limit": {w.deputy, picks(a, b, large), fault.KindForbidden},
		"one as it was":      {w.deputy, append(picks(a), premium.Pick{ID: b, Version: 2}), fault.KindConflict},
		"more than is left":  {w.head, picks(a, b, large), fault.KindInvalid},
	} {
		if _, err := w.service.ApproveAll(t.Context(), c.who, c.picks); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
		if got := w.position(); got.Committed != 0 || w.request(a).State != premium.Asked {
			t.Fatalf("%s: something was approved: %+v", name, got)
		}
	}
	sum, err := w.service.ApproveAll(t.Context(), w.deputy, picks(b, a, b))
	if err != nil || sum != money.Pounds(300) || w.position().Committed != money.Pounds(300) || w.request(b).State != premium.Approved {
		t.Errorf("two at once: %v, %v", sum, err)
	}
}

// The rules of deciding hold in the database, whatever the program does.
func TestTheDatabaseAloneHoldsWhoDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	w.demand(policy.PremiumTwoApprovers, 1000)
	w.demand(policy.PremiumPanel, 5000)
	stand := w.away(w.deputy2, w.advisor, today)
	id, huge := w.ask(2000), w.ask(6000)
	_, err := w.service.Ask(t.Context(), w.advisor, w.other, premium.Wish{Category: "exams", Purpose: "p", Difference: "d", Amount: money.Pounds(10)})
	if err == nil {
		t.Fatal("the advisor asks for a child who is not theirs")
	}
	advisors, err := w.service.Ask(t.Context(), w.advisor, w.child, wish(10))
	if err != nil {
		t.Fatal(err)
	}
	deputys, err := w.service.Ask(t.Context(), w.deputy2, w.child, wish(10))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.decide(w.head, id, 1, approve); err != nil {
		t.Fatal(err)
	}
	decided := `update premium_request set state = 'approved', approved_pence = amount_pence, decided_by = @by, decided_at = @now, stand_in_id = nullif(@place::bigint, 0), version = version + 1 where id = @request`
	given := `insert into premium_approval (request_id, child_id, request_version, amount_pence, within_limit, account_id, stand_in_id, power_of, at)
		values (@request, @child, 1, @amount, true, @by, nullif(@place::bigint, 0), @by, @now)`
	w.Exec(`update account set state = 'ended', ended_at = now() where id = $1`, w.person(access.Deputy, 0).ID)
	gone := access.Actor{ID: w.ID(`select max(id) from account`), Role: access.Deputy}
	for name, c := range map[string]struct {
		as   access.Actor
		sql  string
		args postgres.Args
		want string
	}{
		"an advisor decides":                 {w.advisor, decided, postgres.Args{"request": id}, "premium_may_decide"},
		"a head whose account has ended":     {gone, decided, postgres.Args{"request": id}, ""},
		"in the place of nobody":             {w.deputy, decided, postgres.Args{"request": id, "place": stand.StandsInFor.StandIn}, "premium_may_decide"},
		"one's own in another's place":       {stand, decided, postgres.Args{"request": advisors, "place": stand.StandsInFor.StandIn}, "premium_not_ones_own"},
		"the other's own in their place":     {stand, decided, postgres.Args{"request": deputys, "place": stand.StandsInFor.StandIn}, "premium_not_ones_own"},
		"one approver where two are needed":  {w.head, decided, postgres.Args{"request": huge}, "premium_two_approvers"},
		"the first approver as the second":   {w.head, decided, postgres.Args{"request": id}, "premium_two_approvers"},
		"the first approver again":           {w.head, given, postgres.Args{"request": id, "amount": money.Pounds(2000)}, "premium_approval_request_id_request_version_account_id_key"},
		"an approval in another's name":      {w.deputy, given, postgres.Args{"request": id, "amount": money.Pounds(2000), "by": w.deputy2.ID}, "premium_own_name"},
		"an approval by an advisor":          {w.advisor, given, postgres.Args{"request": id, "amount": money.Pounds(2000)}, "premium_may_decide"},
		"an approval of one's own":           {w.deputy2, given, postgres.Args{"request": deputys, "amount": money.Pounds(10)}, "premium_not_ones_own"},
		"an approval of more than is asked":  {w.deputy, given, postgres.Args{"request": id, "amount": money.Pounds(2001)}, "premium_approval_waits"},
		"more after the first approval":      {w.deputy, `update premium_request set amount_pence = amount_pence + 1 where id = @request`, postgres.Args{"request": id}, "premium_versions"},
		"a version back":                     {w.deputy, `update premium_request set version = version - 1 where id = @request`, postgres.Args{"request": id}, "premium_versions"},
		"editing an approval":                {w.deputy, `update premium_approval set amount_pence = 1`, nil, "permission denied"},
		"deleting an approval":               {w.deputy, `delete from premium_approval`, nil, "permission denied"},
		"a deputy's limit by a deputy":       {w.deputy, `insert into premium_limit (account_id, period, pence, reason, set_by, set_at) values (@other, '[2026-11-23,)', 1, 'r', @by, @now)`, postgres.Args{"other": w.deputy2.ID}, "premium_own_name"},
		"one's own limit":                    {w.head, `insert into premium_limit (account_id, period, pence, reason, set_by, set_at) values (@by, '[2026-11-23,)', 1, 'r', @by, @now)`, nil, "premium_limit_not_ones_own"},
		"a stand-in for another by a deputy": {w.deputy, `insert into stand_in (account_id, for_account, starts, until, reason, named_by, named_at) values (@other, @head, @today, @today, 'r', @by, @now)`, postgres.Args{"other": w.advisor.ID, "head": w.head.ID}, "stand_in_own_name"},
		"a teacher as stand-in":              {w.deputy, `insert into stand_in (account_id, for_account, starts, until, reason, named_by, named_at) values (@other, @by, @today, @today, 'r', @by, @now)`, postgres.Args{"other": w.teacher.ID}, "stand_in_roles"},
		"a stand-in who stays longer":        {w.deputy2, `update stand_in set until = '2030-01-01'`, nil, "permission denied"},
	} {
		args := postgres.Args{"by": c.as.ID, "place": 0, "child": w.child}
		for key, value := range c.args {
			args[key] = value
		}
		err := w.db.Change(t.Context(), c.as, func(ctx context.Context, tx *postgres.Tx) error {
			touched, err := tx.Do(ctx, c.sql, args)
			if err == nil && touched == 0 {
				return errors.New("no row")
			}
			return err
		})
		if err == nil || !strings.Contains(err.Error(), c.want) && postgres.Constraint(err) != c.want {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
	// With a second approver there, the panel is still missing.
	if err := w.db.Change(t.Context(), w.deputy, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, given, postgres.Args{"request": huge, "child": w.child, "amount": money.Pounds(6000), "by": w.deputy.ID, "place": 0})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	err = w.db.Change(t.Context(), w.head, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, decided, postgres.Args{"request": huge, "by": w.head.ID, "place": 0})
		return err
	})
	if postgres.Constraint(err) != "premium_needs_panel" {
		t.Errorf("without the panel: %v", err)
	}
}
