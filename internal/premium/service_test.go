package premium_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

func TestARequestFromAskingToApproval(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(100, money.Pounds(2000))
	asked := wish(500)
	asked.TargetID, asked.Starts = w.target, calendar.MustParse("2027-01-04")
	id, err := w.service.Ask(t.Context(), w.teacher, w.child, asked)
	if err != nil {
		t.Fatal(err)
	}
	got := w.request(id)
	if got.State != premium.Asked || got.Amount != money.Pounds(500) || got.School != "Ash Primary" || got.Target != "Read a chapter a week" ||
		got.FinancialYear != 2026 || got.Starts != asked.Starts || got.AskedBy != w.teacher.ID || got.AskedByRole != access.School || got.Version != 1 {
		t.Errorf("asked: %+v", got)
	}
	steps := []struct {
		what string
		err  error
	}{
		{"return", w.service.Decide(t.Context(), w.deputy, id, 1, premium.Decision{Outcome: premium.Returned, Reason: "For how many weeks?"})},
		{"ask again", w.service.Change(t.Context(), w.advisor, id, 2, premium.Wish{Category: "literacy", Purpose: "A tutor for ten weeks", Difference: "Reads more", Amount: money.Pounds(600)})},
		{"part-approve", w.service.Decide(t.Context(), w.deputy, id, 3, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(450), Reason: "Nine weeks"})},
	}
	for _, step := range steps {
		if step.err != nil {
			t.Fatalf("%s: %v", step.what, step.err)
		}
	}
	got = w.request(id)
	if got.State != premium.PartApproved || got.Approved != money.Pounds(450) || got.DecidedBy != w.deputy.ID || got.Reason != "Nine weeks" || got.Version != 4 || got.DecidedAt == nil {
		t.Errorf("decided: %+v", got)
	}
	position := w.position()
	if position.Income != money.Pounds(10000) || position.Retained != money.Pounds(2000) || position.Pool != money.Pounds(7550) || position.Committed != money.Pounds(450) {
		t.Errorf("position: %+v", position)
	}
	var events []premium.Event
	var lines []ledger.Transfer
	var years []premium.ChildYear
	var batch postgres.Batch
	premium.QueueEvents(&batch, &events, w.child, id)
	ledger.QueueLedger(&batch, &lines, ledger.LookedAfter, 2026, ledger.Lines{}, 0, 10)
	premium.QueueChildYears(&batch, &years, w.child)
	w.view(&batch)
	var names []string
	for _, event := range events {
		names = append(names, event.Event)
	}
	if strings.Join(names, " ") != "asked returned changed part_approved" || events[1].Words != "For how many weeks?" || events[3].Amount != money.Pounds(450) {
		t.Errorf("events %+v", events)
	}
	if len(lines) != 3 || lines[0].From != "pool" || lines[0].To != "committed" || lines[0].RequestID != id || lines[0].MadeOn != today {
		t.Errorf("ledger %+v", lines)
	}
	if len(years) != 1 || years[0] != (premium.ChildYear{FinancialYear: 2026, Requests: 1, Asked: money.Pounds(600), Approved: money.Pounds(450)}) {
		t.Errorf("child's years %+v", years)
	}
	if n := w.count(`select from audit_change where subject = 'premium request' and child_id = $1`, w.child); n != 4 {
		t.Errorf("%d changes in the audit; want 4", n)
	}
}

func TestWhoMayAskAndForWhom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	left := w.newChild("C3", w.school)
	w.Exec(`update care_period set period = '[2024-01-10,2026-10-01)', end_code = 'E4A' where child_id = $1`, left)
	for name, c := range map[string]struct {
		actor access.Actor
		child int64
		kind  fault.Kind
	}{
		"another school's teacher":          {w.stranger, w.child, fault.KindNotFound},
		"the child's teacher":               {w.teacher, w.other, fault.KindNotFound},
		"the social worker":                 {w.worker, w.child, fault.KindForbidden},
		"an advisor for a child not theirs": {w.advisor, w.other, fault.KindNotFound},
		"nobody":                            {access.Actor{}, w.child, fault.KindNotFound},
		"for a child who has left":          {w.head, left, fault.KindInvalid},
		"no such child":                     {w.head, 999999, fault.KindNotFound},
	} {
		if _, err := w.service.Ask(t.Context(), c.actor, c.child, wish(10)); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
	}
	w.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'relation', '[2026-01-01,)')`, w.child, w.advisor.ID)
	if _, err := w.service.Ask(t.Context(), w.advisor, w.child, wish(10)); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("blocked: %v", err)
	}
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, w.child)
	if _, err := w.service.Ask(t.Context(), w.head, w.child, wish(10)); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("restricted: %v", err)
	}
	target := wish(10)
	target.TargetID = w.target
	if _, err := w.service.Ask(t.Context(), w.stranger, w.other, target); !fault.Of(err).Has("target") {
		t.Errorf("another child's target: %v", err)
	}
}

func TestWhoMayDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	approve := premium.Decision{Outcome: premium.Approved}
	own, err := w.service.Ask(t.Context(), w.deputy, w.child, wish(10))
	if err != nil {
		t.Fatal(err)
	}
	changedByDeputy := w.ask(10)
	if err := w.service.Change(t.Context(), w.deputy, changedByDeputy, 1, wish(11)); err != nil {
		t.Fatal(err)
	}
	large := w.ask(1501)
	for name, c := range map[string]struct {
		actor    access.Actor
		request  int64
		version  int
		decision premium.Decision
		kind     fault.Kind
	}{
		"an advisor":                 {w.advisor, large, 1, approve, fault.KindForbidden},
		"the school":                 {w.teacher, large, 1, approve, fault.KindForbidden},
		"the social worker":          {w.worker, large, 1, approve, fault.KindForbidden},
		"another school":             {w.stranger, large, 1, approve, fault.KindNotFound},
		"the deputy above the limit": {w.deputy, large, 1, approve, fault.KindForbidden},
		"who asked":                  {w.deputy, own, 1, approve, fault.KindForbidden},
		"who asked, refusing":        {w.deputy, own, 1, premium.Decision{Outcome: premium.Refused, Reason: "r"}, fault.KindForbidden},
		"who changed it":             {w.deputy, changedByDeputy, 2, approve, fault.KindForbidden},
		"an old page":                {w.deputy2, changedByDeputy, 1, approve, fault.KindConflict},
		"without a reason":           {w.deputy, large, 1, premium.Decision{Outcome: premium.Refused}, fault.KindInvalid},
		"more than asked, deputy":    {w.deputy, large, 1, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(9999), Reason: "r"}, fault.KindInvalid},
		"part above the limit":       {w.deputy, large, 1, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(1500) + 1, Reason: "r"}, fault.KindForbidden},
		"more than one asked":        {w.deputy, own, 1, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(9999), Reason: "r"}, fault.KindForbidden},
		"more, no decider":           {w.teacher, large, 1, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(9999), Reason: "r"}, fault.KindForbidden},
		"part more than was asked":   {w.head, large, 1, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(1502), Reason: "r"}, fault.KindInvalid},
		"no such request":            {w.head, 999999, 1, approve, fault.KindNotFound},
	} {
		if err := w.service.Decide(t.Context(), c.actor, c.request, c.version, c.decision); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
	}
	for name, err := range map[string]error{
		"the head above the limit":            w.service.Decide(t.Context(), w.head, large, 1, approve),
		"another deputy decides what one did": w.service.Decide(t.Context(), w.deputy2, changedByDeputy, 2, approve),
		"the head decides the deputy's":       w.service.Decide(t.Context(), w.head, own, 1, approve),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.service.Decide(t.Context(), w.head, large, 2, approve); !errors.Is(err, fault.KindConflict) || !strings.Contains(fault.Words(err), "Approved by Virtual School Head") {
		t.Errorf("a second decision: %v", err)
	}
	blocked, ended := w.person(access.Deputy, 0), w.person(access.Head, 0)
	w.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'relation', '[2026-01-01,)')`, w.child, blocked.ID)
	w.Exec(`update account set state = 'ended', ended_at = '2026-11-01' where id = $1`, ended.ID)
	for name, actor := range map[string]access.Actor{"a blocked deputy": blocked, "a head who has left": ended} {
		if err := w.service.Decide(t.Context(), actor, w.ask(5), 1, approve); !errors.Is(err, fault.KindNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if committed := w.position().Committed; committed != money.Pounds(1501+11+10) {
		t.Errorf("committed %s", committed)
	}
}

// TestSplittingDoesNotRaiseTheDeputysLimit shows these requirements.
//
// ASVS 5.0: 2.3.2
func TestSplittingDoesNotRaiseTheDeputysLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(1000, 0)
	approve := premium.Decision{Outcome: premium.Approved}
	first, second, elsewhere := w.ask(1000), w.ask(600), w.ask(600)
	if err := w.service.Change(t.Context(), w.teacher, elsewhere, 1, premium.Wish{Category: "equipment", Purpose: "A laptop", Difference: "Can work at home", Amount: money.Pounds(600)}); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Decide(t.Context(), w.deputy, first, 1, approve); err != nil {
		t.Fatal(err)
	}
	err := w.service.Decide(t.Context(), w.deputy2, second, 1, approve)
	if !errors.Is(err, fault.KindForbidden) || !strings.Contains(fault.Words(err), "£1,600.00") {
		t.Errorf("split in two: %v", err)
	}
	if err := w.service.Decide(t.Context(), w.deputy2, elsewhere, 2, approve); err != nil {
		t.Errorf("another need: %v", err)
	}
	if err := w.service.Decide(t.Context(), w.deputy2, second, 1, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(500), Reason: "To the limit"}); err != nil {
		t.Errorf("up to the limit: %v", err)
	}
	later := *w.service
	later.DB = w.db.At(func() time.Time { return today.AddDays(31).Start().Add(time.Hour * 13) })
	third := w.ask(1500)
	if err := later.Decide(t.Context(), w.deputy, third, 1, approve); err != nil {
		t.Errorf("after the window: %v", err)
	}
}

func TestNeverOverWhatTheYearHasLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	approve := premium.Decision{Outcome: premium.Approved}
	early := w.ask(1)
	if err := w.service.Decide(t.Context(), w.deputy, early, 1, approve); fault.Words(err) != "The year has £0.00 left; this asks for £1.00." {
		t.Errorf("before the year's money is entered: %v", err)
	}
	w.setYear(10, money.Pounds(200)) // £800 to allocate
	id := w.ask(801)
	if err := w.service.Decide(t.Context(), w.deputy, id, 1, approve); !fault.Of(err).Has("outcome") || fault.Words(err) != "The year has £800.00 left; this asks for £801.00." {
		t.Errorf("a pound too much: %v", err)
	}
	if got := w.request(id); got.State != premium.Asked || got.Version != 1 {
		t.Errorf("refused for lack of money, yet %+v", got)
	}
	if err := w.service.Decide(t.Context(), w.deputy, id, 1, premium.Decision{Outcome: premium.PartApproved, Amount: money.Pounds(800), Reason: "All there is"}); err != nil {
		t.Errorf("exactly what is left: %v", err)
	}
	if got := w.position(); got.Children != 10 || got.Pool != 0 || got.Committed != money.Pounds(800) {
		t.Errorf("position %+v", got)
	}
}

func TestMoneyBelongsToTheYearOfRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(100, 0)
	id := w.ask(100)
	april := premium.Service{DB: w.db.At(func() time.Time { return calendar.MustParse("2027-04-01").Start().Add(time.Hour) })}
	years := year.Service{DB: april.DB}
	if err := years.EnterIncome(t.Context(), w.head, ledger.LookedAfter, 2027, 0, year.Entry{Stage: year.Provisional, Rate: money.Pounds(50), Source: "s", Children: 10}); err != nil {
		t.Fatal(err)
	}
	if err := april.Decide(t.Context(), w.deputy, id, 1, premium.Decision{Outcome: premium.Approved}); err != nil {
		t.Fatal(err)
	}
	if got := w.request(id); got.FinancialYear != 2027 {
		t.Errorf("charged to %d", got.FinancialYear)
	}
	if got := w.position(); got.Pool != money.Pounds(10000) || got.Committed != 0 {
		t.Errorf("the old year has changed: %+v", got)
	}
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(100, 0)
	id := w.ask(100)
	if err := w.service.Decide(t.Context(), w.deputy, id, 1, premium.Decision{Outcome: premium.Returned, Reason: "Why?"}); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Withdraw(t.Context(), w.worker, id, 2); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("by the social worker: %v", err)
	}
	if err := w.service.Withdraw(t.Context(), w.teacher, id, 1); !errors.Is(err, fault.KindConflict) {
		t.Errorf("from an old page: %v", err)
	}
	if err := w.service.Withdraw(t.Context(), w.teacher, id, 2); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"decided after":   w.service.Decide(t.Context(), w.head, id, 3, premium.Decision{Outcome: premium.Approved}),
		"changed after":   w.service.Change(t.Context(), w.teacher, id, 3, wish(1)),
		"withdrawn twice": w.service.Withdraw(t.Context(), w.teacher, id, 3),
	} {
		if !errors.Is(err, fault.KindConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheQueueByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []int64
	for n := range 30 {
		want = append(want, w.ask(int64(n+1)))
	}
	var seen []int64
	filter := premium.Filter{}
	for range 3 {
		var page []premium.Waiting
		var queued premium.Queued
		var schools []premium.School
		var batch postgres.Batch
		premium.QueueWaiting(&batch, &page, filter, access.System.ID, "test")
		premium.QueueQueued(&batch, &queued, filter)
		premium.QueueSchools(&batch, &schools)
		w.view(&batch)
		if queued.Count != 30 || queued.Sum != money.Pounds(465) || len(schools) != 1 {
			t.Fatalf("queued %+v, schools %v", queued, schools)
		}
		if len(page) == 0 {
			break
		}
		for n, one := range page {
			if n < premium.QueuePage {
				seen = append(seen, one.ID)
				filter.After = one.Cursor()
			}
		}
	}
	if n := w.count(`select from audit_look where child_id = $1 and screen = 'premium queue' and request_id = 'test'`, w.child); n != 2 {
		t.Errorf("%d looks for two pages", n)
	}
	if len(seen) != len(want) {
		t.Fatalf("%d seen of %d", len(seen), len(want))
	}
	for n := range want {
		if seen[n] != want[n] {
			t.Fatalf("place %d is %d; want %d", n, seen[n], want[n])
		}
	}
	for _, c := range []struct {
		filter premium.Filter
		count  int
	}{{premium.Filter{Category: "literacy"}, 30}, {premium.Filter{Category: "exams"}, 0}, {premium.Filter{SettingID: w.school}, 30}, {premium.Filter{SettingID: w.otherRoom}, 0}} {
		var queued premium.Queued
		var batch postgres.Batch
		premium.QueueQueued(&batch, &queued, c.filter)
		w.view(&batch)
		if queued.Count != c.count {
			t.Errorf("%+v leaves %d; want %d", c.filter, queued.Count, c.count)
		}
	}
}
