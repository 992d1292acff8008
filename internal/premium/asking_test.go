package premium_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/scheme"
)

// under makes a council's own paying policy hold.
func (w *world) under(folder, key string) {
	w.t.Helper()
	set, err := scheme.Load(os.DirFS("scheme/testdata/" + folder))
	if err != nil {
		w.t.Fatal(err)
	}
	w.service.Schemes = set
	if err := policy.Set(w.t.Context(), w.db, w.head, policy.PremiumScheme, key, today, "test"); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) items(id int64) (items []premium.Item) {
	w.t.Helper()
	var batch postgres.Batch
	premium.QueueItems(&batch, &items, w.child, id)
	w.view(&batch)
	return items
}

func (w *world) requestsOf(actor access.Actor) (all []premium.Request) {
	w.t.Helper()
	var batch postgres.Batch
	premium.QueueRequests(&batch, &all, w.child)
	if err := w.db.View(w.t.Context(), actor, &batch); err != nil {
		w.t.Fatal(err)
	}
	return all
}

var hours = []premium.Item{{What: "Tuition, an hour", Quantity: 10, Unit: 4250}, {What: "Workbook", Quantity: 1, Unit: 899}}

func TestARequestIsTheSumOfItsItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := wish(0)
	asked.Items, asked.Starts, asked.Ends, asked.Group = hours, calendar.MustParse("2027-01-11"), calendar.MustParse("2027-03-26"), 4
	id, err := w.service.Ask(t.Context(), w.teacher, w.child, asked)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.request(id); got.Amount != 43399 || got.Ends != asked.Ends || got.Group != 4 || got.Scheme != "needs_led" || got.SchemeVersion != 1 {
		t.Errorf("kept as %+v", got)
	}
	if !slices.Equal(w.items(id), hours) {
		t.Errorf("items: %+v", w.items(id))
	}
	asked.Items, asked.Amount = hours[:1], 0
	if err := w.service.Change(t.Context(), w.teacher, id, 1, asked); err != nil {
		t.Fatal(err)
	}
	if got := w.request(id); got.Amount != 42500 || len(w.items(id)) != 1 {
		t.Errorf("changed to %+v", got)
	}
	for name, sql := range map[string]string{
		"another amount": `update premium_request set amount_pence = 5, version = version + 1 where id = @request`,
		"a dearer item":  `insert into premium_item (request_id, child_id, position, what, quantity, unit_pence) values (@request, @child, 9, 'More', 1, 5)`,
		"fewer items":    `with gone as (delete from premium_item where request_id = @request returning 1) insert into premium_item values (@request, @child, 1, 'x', 1, 1)`,
	} {
		err := w.db.Change(t.Context(), w.teacher, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, sql, postgres.Args{"request": id, "child": w.child})
			return err
		})
		if postgres.Constraint(err) != "premium_sum_of_items" && postgres.Constraint(err) != "premium_item_pkey" {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.setYear(10, 0)
	if err := w.service.Decide(t.Context(), w.deputy, id, 2, premium.Decision{Outcome: premium.Approved}); err != nil {
		t.Fatal(err)
	}
	err = w.db.Change(t.Context(), w.teacher, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `delete from premium_item where request_id = @request`, postgres.Args{"request": id})
		return err
	})
	if postgres.Constraint(err) != "premium_decided_once" {
		t.Errorf("items of a decided request: %v", err)
	}
}

func TestADraftIsSeenByItsWriterAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(10, 0)
	id, err := w.service.Draft(t.Context(), w.teacher, w.child, premium.Wish{Purpose: "Half a thought", Items: []premium.Item{{What: "A thing", Quantity: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if mine := w.requestsOf(w.teacher); len(mine) != 1 || mine[0].State != premium.Draft || mine[0].Purpose != "Half a thought" {
		t.Errorf("the writer sees %+v", mine)
	}
	for _, actor := range []access.Actor{w.head, w.deputy, w.advisor} {
		if others := w.requestsOf(actor); len(others) != 0 {
			t.Errorf("%s sees %+v", actor.Role, others)
		}
		if err := w.service.SaveDraft(t.Context(), actor, id, 1, wish(10)); !errors.Is(err, fault.KindNotFound) {
			t.Errorf("%s writes it: %v", actor.Role, err)
		}
		if err := w.service.Withdraw(t.Context(), actor, id, 1); !errors.Is(err, fault.KindNotFound) {
			t.Errorf("%s withdraws it: %v", actor.Role, err)
		}
	}
	var waiting []premium.Waiting
	var batch postgres.Batch
	premium.QueueWaiting(&batch, &waiting, premium.Filter{}, w.head.ID, "test")
	w.view(&batch)
	if len(waiting) != 0 {
		t.Errorf("the queue has %+v", waiting)
	}
	if err := w.service.Change(t.Context(), w.teacher, id, 1, premium.Wish{Purpose: "Half a thought"}); !fault.Of(err).Has("category") || !fault.Of(err).Has("amount") {
		t.Errorf("sent half-finished: %v", err)
	}
	whole := wish(120)
	if err := w.service.SaveDraft(t.Context(), w.teacher, id, 1, whole); err != nil {
		t.Fatal(err)
	}
	if err := w.service.Change(t.Context(), w.teacher, id, 1, whole); !errors.Is(err, fault.KindConflict) {
		t.Errorf("sent from a stale page: %v", err)
	}
	if err := w.service.Change(t.Context(), w.teacher, id, 2, whole); err != nil {
		t.Fatal(err)
	}
	if sent := w.requestsOf(w.deputy); len(sent) != 1 || sent[0].State != premium.Asked || !sent[0].AskedAt.Equal(w.db.Now()) {
		t.Errorf("the deputy sees %+v", sent)
	}
	if err := w.service.SaveDraft(t.Context(), w.teacher, id, 3, whole); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a draft again: %v", err)
	}
	for name, sql := range map[string]string{"a draft again": `update premium_request set state = 'draft' where id = @request`,
		"first in the queue": `update premium_request set asked_at = '2020-01-01' where id = @request`} {
		err := w.db.Change(t.Context(), w.teacher, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, sql, postgres.Args{"request": id})
			return err
		})
		if postgres.Constraint(err) != "premium_sent_once" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Whoever drafted may not decide, even when somebody else's name stands as the asker's.
	if err := w.service.Decide(t.Context(), w.deputy, id, 3, premium.Decision{Outcome: premium.Approved}); err != nil {
		t.Errorf("the deputy decides: %v", err)
	}
	gone, err := w.service.Draft(t.Context(), w.advisor, w.child, premium.Wish{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.service.Withdraw(t.Context(), w.advisor, gone, 1); err != nil {
		t.Errorf("withdrawn: %v", err)
	}
	if _, err := w.service.Draft(t.Context(), w.worker, w.child, wish(5)); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a social worker drafts: %v", err)
	}
	if _, err := w.service.Draft(t.Context(), w.stranger, w.child, wish(5)); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("another school drafts: %v", err)
	}
}

func TestWhatTheCouncilsPolicyAsksFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.under("needs_led_council", "ashdown")
	ask := func(change func(*premium.Wish)) error {
		one := premium.Wish{TargetID: w.target, Category: "technology", Purpose: "To write with", Difference: "Writes more", Items: []premium.Item{{What: "Laptop", Quantity: 1, Unit: 40000}}}
		change(&one)
		_, err := w.service.Ask(t.Context(), w.teacher, w.child, one)
		return err
	}
	for name, c := range map[string]struct {
		change func(*premium.Wish)
		field  string // empty: it is sent
	}{
		"as it should be":          {func(*premium.Wish) {}, ""},
		"for no target":            {func(w *premium.Wish) { w.TargetID = 0 }, "target"},
		"something it has not got": {func(w *premium.Wish) { w.Category = "trips" }, "category"},
		"not itemised":             {func(w *premium.Wish) { w.Items, w.Amount = nil, 40000 }, "items-what-0"},
		"not funded":               {func(w *premium.Wish) { w.Items[0].What = "Two uniforms" }, "items-what-0"},
		"with a reason":            {func(w *premium.Wish) { w.Items[0].What, w.Exception = "Two uniforms", "The carer has just begun" }, ""},
		"a sum that is not theirs": {func(w *premium.Wish) { w.Amount = 5 }, "amount"},
		"no price":                 {func(w *premium.Wish) { w.Items[0].Unit = 0 }, "items-price-0"},
		"none of it":               {func(w *premium.Wish) { w.Items[0].Quantity = 0 }, "items-quantity-0"},
		"far too many":             {func(w *premium.Wish) { w.Items[0].Quantity = 1 << 40 }, "items-quantity-0"},
		"too many lines":           {func(w *premium.Wish) { w.Items = slices.Repeat(w.Items, 31) }, "amount"},
		"a long line":              {func(w *premium.Wish) { w.Items[0].What = strings.Repeat("é", 201) }, "items-what-0"},
		"the end before the start": {func(w *premium.Wish) { w.Starts, w.Ends = today, today.AddDays(-1) }, "ends"},
		"an end and no start":      {func(w *premium.Wish) { w.Ends = today }, "starts"},
		"a group of one":           {func(w *premium.Wish) { w.Group = 1 }, "group"},
		"a released sum":           {func(w *premium.Wish) { w.Category = premium.Released }, "category"},
	} {
		err := ask(c.change)
		if c.field == "" && err != nil || c.field != "" && !fault.Of(err).Has(c.field) {
			t.Errorf("%s: %v; want a problem about %q", name, err, c.field)
		}
	}
	if w.count(`select from premium_request where exception_reason = 'The carer has just begun'`) != 1 {
		t.Error("the decider is not told why")
	}
}

func TestWhatAPolicyApprovesByRule(t *testing.T) {
	t.Parallel()
	set, err := scheme.Load(os.DirFS("scheme/testdata/needs_led_council"))
	if err != nil {
		t.Fatal(err)
	}
	own, _ := set.Scheme("ashdown")
	good := premium.Wish{TargetID: 1, Category: "mentoring", Purpose: "Mentor", Difference: "Calm", Amount: money.Pounds(150)}
	around := premium.Circumstances{InCare: true, OnRoll: true}
	for name, c := range map[string]struct {
		change func(*premium.Wish, *premium.Circumstances, *scheme.Scheme)
		want   bool
	}{
		"every check passes": {func(*premium.Wish, *premium.Circumstances, *scheme.Scheme) {}, true},
		"a penny more":       {func(w *premium.Wish, _ *premium.Circumstances, _ *scheme.Scheme) { w.Amount++ }, false},
		"no limit":           {func(_ *premium.Wish, _ *premium.Circumstances, s *scheme.Scheme) { s.Automatic.UpTo = 0 }, false},
		"not in care":        {func(_ *premium.Wish, a *premium.Circumstances, _ *scheme.Scheme) { a.InCare = false }, false},
		"not on roll":        {func(_ *premium.Wish, a *premium.Circumstances, _ *scheme.Scheme) { a.OnRoll = false }, false},
		"another this year":  {func(_ *premium.Wish, a *premium.Circumstances, _ *scheme.Scheme) { a.SameThisYear = 1 }, false},
		"no target":          {func(w *premium.Wish, _ *premium.Circumstances, _ *scheme.Scheme) { w.TargetID = 0 }, false},
		"a group":            {func(w *premium.Wish, _ *premium.Circumstances, _ *scheme.Scheme) { w.Group = 3 }, false},
		"something else":     {func(w *premium.Wish, _ *premium.Circumstances, _ *scheme.Scheme) { w.Category = "other" }, false},
		"not funded": {func(w *premium.Wish, _ *premium.Circumstances, _ *scheme.Scheme) {
			w.Purpose, w.Exception = "A phone", "Needs one"
		}, false},
		"next year": {func(w *premium.Wish, _ *premium.Circumstances, _ *scheme.Scheme) {
			w.Starts = calendar.MustParse("2027-04-01")
		}, false},
	} {
		one, at, s := good, around, own
		c.change(&one, &at, &s)
		if got := premium.ByRule(s, one, at, money.Pounds(1000), today); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if premium.ByRule(own, good, around, money.Pounds(149), today) {
		t.Error("more than the year has left")
	}
}

func TestASmallRequestIsApprovedInTheActOfAsking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.under("needs_led_council", "ashdown")
	w.setYear(10, 0)
	small := premium.Wish{TargetID: w.target, Category: "mentoring", Purpose: "Mentor", Difference: "Calm", Items: []premium.Item{{What: "Session", Quantity: 3, Unit: 5000}}}
	ids := make([]int64, 4)
	var together sync.WaitGroup
	for n := range ids {
		together.Go(func() {
			var err error
			if ids[n], err = w.service.Ask(context.Background(), w.teacher, w.child, small); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	approved := 0
	for _, id := range ids {
		got := w.request(id)
		if got.State == premium.Asked {
			continue
		}
		approved++
		if got.State != premium.Approved || got.DecidedBy != access.System.ID || got.Approved != money.Pounds(150) || !strings.Contains(got.Reason, "“Ashdown needs-led”, version 100, approves up to £150.00") {
			t.Errorf("approved as %+v", got)
		}
	}
	if approved > 1 {
		t.Errorf("%d of four requests for one need were approved by rule", approved)
	}
	if position := w.position(); position.Committed != money.Pounds(150)*money.Pence(approved) {
		t.Errorf("committed: %+v", position)
	}
	// Whoever acts after the program in the same act is themself again.
	if n := w.count(`select from premium_event where event = 'asked' and account_id = $1`, w.teacher.ID); n != 4 {
		t.Errorf("%d asked by the teacher", n)
	}
	w.Exec(`update policy_value set value = '"needs_led"' where key = 'premium.scheme'`)
	small.Category = "literacy"
	id, err := w.service.Ask(t.Context(), w.teacher, w.child, small)
	if err != nil || w.request(id).State != premium.Asked {
		t.Errorf("needs-led approves nothing by rule: %v", err)
	}
}

func TestRequestsForTheSameNeedAreAdvisedOf(t *testing.T) {
	t.Parallel()
	similar := func(a, b string) float64 {
		if strings.EqualFold(a, b) {
			return 1
		}
		return 0
	}
	at := func(date string) calendar.Date { return calendar.MustParse(date) }
	other := premium.Request{ID: 1, Category: "literacy", Purpose: "Tutor", State: premium.Approved, Starts: at("2026-09-07"), Ends: at("2026-12-18")}
	for name, c := range map[string]struct {
		wish  premium.Wish
		other func(*premium.Request)
		want  int
	}{
		"the same kind, no dates":   {premium.Wish{Category: "literacy", Purpose: "Books"}, func(*premium.Request) {}, 1},
		"the same words":            {premium.Wish{Category: "numeracy", Purpose: "tutor"}, func(*premium.Request) {}, 1},
		"another kind and words":    {premium.Wish{Category: "numeracy", Purpose: "Books"}, func(*premium.Request) {}, 0},
		"the same kind, next term":  {premium.Wish{Category: "literacy", Purpose: "Books", Starts: at("2027-01-04")}, func(*premium.Request) {}, 0},
		"the same kind, this term":  {premium.Wish{Category: "literacy", Purpose: "Books", Starts: at("2026-12-18")}, func(*premium.Request) {}, 1},
		"one that was refused":      {premium.Wish{Category: "literacy", Purpose: "Tutor"}, func(r *premium.Request) { r.State = premium.Refused }, 0},
		"a sum released for a term": {premium.Wish{Category: "literacy", Purpose: "Tutor"}, func(r *premium.Request) { r.Category = premium.Released }, 0},
	} {
		one := other
		c.other(&one)
		if got := premium.Alike(c.wish, []premium.Request{one}, similar); len(got) != c.want {
			t.Errorf("%s: %d", name, len(got))
		}
	}
}
