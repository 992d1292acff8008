package premium_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
)

// The database alone, by direct statements as the program's own role, signed in as the deputy.
func TestTheDatabaseAloneRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(10, 0)
	waiting := w.ask(100)
	mine, err := w.service.Ask(t.Context(), w.deputy, w.child, wish(50))
	if err != nil {
		t.Fatal(err)
	}
	approved := w.ask(300)
	if err := w.service.Decide(t.Context(), w.deputy, approved, 1, premium.Decision{Outcome: premium.Approved}); err != nil {
		t.Fatal(err)
	}
	approve := `update premium_request set state = 'approved', approved_pence = amount_pence, decided_by = @by, decided_at = @now where id = @request`
	before := w.position()
	for name, c := range map[string]struct {
		sql  string
		args postgres.Args
		want string // part of the database's answer
	}{
		"to overspend":                       {transferSQL, postgres.Args{"from": "pool", "to": "returned", "amount": money.Pounds(701)}, "premium_never_overspent"},
		"to commit without an approval":      {transferSQL, postgres.Args{"from": "pool", "to": "committed", "amount": money.Pounds(1)}, "premium_of_request"},
		"to commit for a request that waits": {transferSQL, postgres.Args{"from": "pool", "to": "committed", "amount": money.Pounds(100), "request": waiting, "child": w.child}, "premium_approved_first"},
		"to commit twice":                    {transferSQL, postgres.Args{"from": "pool", "to": "committed", "amount": money.Pounds(300), "request": approved, "child": w.child}, "premium_committed_once"},
		"to pay straight from the pool":      {transferSQL, postgres.Args{"from": "pool", "to": "paid", "amount": money.Pounds(1)}, "premium_path"},
		"to write in another year":           {strings.Replace(transferSQL, "@today", "@today::date + 365", 1), postgres.Args{"from": "pool", "to": "grant", "amount": money.Pounds(1)}, "premium_one_year"},
		"to move nothing":                    {transferSQL, postgres.Args{"from": "pool", "to": "grant", "amount": 0}, "premium_transfer_amount_pence_check"},
		"to move less than nothing":          {transferSQL, postgres.Args{"from": "pool", "to": "grant", "amount": -5}, "premium_transfer_amount_pence_check"},
		"to approve without the money":       {approve, postgres.Args{"request": waiting}, "premium_approved_is_committed"},
		"to approve one's own":               {approve, postgres.Args{"request": mine}, "premium_not_ones_own"},
		"to approve in another's name":       {approve, postgres.Args{"request": waiting, "by": w.head.ID}, "premium_own_name"},
		"to make another the asker":          {`update premium_request set asked_by = @by where id = @request`, postgres.Args{"request": waiting}, "permission denied"},
		"to decide a second time":            {`update premium_request set state = 'refused', approved_pence = null, decision_reason = 'r' where id = @request`, postgres.Args{"request": approved}, "premium_decided_once"},
		"to approve more than was asked":     {`update premium_request set state = 'approved', approved_pence = amount_pence + 1, decided_by = @by, decided_at = @now where id = @request`, postgres.Args{"request": waiting}, "violates check constraint"},
		"to bring a decision along with the request": {`insert into premium_request (child_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at, state, approved_pence, decided_by, decided_at)
			values (@child, 2026, 'exams', 'p', 'd', 1, @head, @now, 'approved', 1, @by, @now)`, postgres.Args{"child": w.child, "head": w.head.ID}, "premium_asked_first"},
		"to edit the ledger":                  {`update premium_transfer set amount_pence = 1`, nil, "permission denied"},
		"to delete from the ledger":           {`delete from premium_transfer`, nil, "permission denied"},
		"to empty the ledger":                 {`truncate premium_transfer`, nil, "permission denied"},
		"to edit what happened":               {`update premium_event set words = 'x'`, nil, "permission denied"},
		"to delete what happened":             {`delete from premium_event`, nil, "permission denied"},
		"to delete a request":                 {`delete from premium_request`, nil, "permission denied"},
		"to pay more than was approved":       {transferSQL, postgres.Args{"from": "committed", "to": "paid", "amount": money.Pounds(301), "request": approved, "child": w.child}, "premium_request_never_overpaid"},
		"to pay what waits":                   {transferSQL, postgres.Args{"from": "committed", "to": "paid", "amount": money.Pounds(1), "request": waiting, "child": w.child}, "premium_request_never_overpaid"},
		"to recover what was not paid":        {transferSQL, postgres.Args{"from": "recovered", "to": "pool", "amount": money.Pounds(1), "request": approved, "child": w.child}, "premium_request_never_overpaid"},
		"to pay for nobody":                   {transferSQL, postgres.Args{"from": "committed", "to": "paid", "amount": money.Pounds(1)}, "premium_of_request"},
		"to take back without saying what":    {transferSQL, postgres.Args{"from": "paid", "to": "committed", "amount": money.Pounds(1), "request": approved, "child": w.child}, "premium_reversal"},
		"to fill a request's sums by hand":    {`update premium_request set paid_pence = 1 where id = @request`, postgres.Args{"request": approved}, "permission denied"},
		"to close the year in another's name": {`update premium_year set closed_at = @now, closed_by = @by`, postgres.Args{"by": w.head.ID}, "premium_own_name"},
		"to fill an account by hand":          {`update premium_account set balance_pence = 100000000`, nil, "permission denied"},
		"to make an account by hand":          {`insert into premium_account (financial_year, kind, balance_pence) values (2026, 'pool', 5)`, nil, "permission denied"},
		"to call the mover":                   {`select premium_move()`, nil, "permission denied"},
		"to ask for a child never in care": {`insert into premium_request (child_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
			values (@child, 2026, 'exams', 'p', 'd', 1, @by, @now)`, postgres.Args{"child": w.ID(`insert into child (la_child_id, date_of_birth, created_at, updated_at)
			values ('CIN', '2015-01-01', now(), now()) returning id`)}, "needs_care_period"},
	} {
		args := postgres.Args{"year": 2026, "request": 0, "child": 0, "by": w.deputy.ID, "key": "11111111-1111-4111-8111-111111111111"}
		for key, value := range c.args {
			args[key] = value
		}
		err := w.db.Change(t.Context(), w.deputy, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, c.sql, args)
			return err
		})
		if err == nil || (!strings.Contains(err.Error(), c.want) && postgres.Constraint(err) != c.want) {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
	after := w.position()
	after.SetAt, before.SetAt = nil, nil
	if after != before {
		t.Errorf("the year has changed from %+v to %+v", before, after)
	}
	for name, sql := range map[string]string{"edit": `update premium_transfer set amount_pence = 1`, "delete": `delete from premium_transfer`, "truncate": `truncate premium_transfer`} {
		if _, err := w.SQL.Exec(t.Context(), sql); err == nil {
			t.Errorf("even the database's own administrator may %s the ledger", name)
		}
	}
}

// A closed year takes nothing more but what the Virtual School Head enters with a reason.
func TestTheDatabaseKeepsAClosedYearClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(10, 0)
	as := func(actor access.Actor, sql string, more postgres.Args) error {
		args := postgres.Args{"year": 2026, "request": 0, "child": 0, "by": actor.ID, "amount": money.Pounds(1), "from": "grant", "to": "pool"}
		for key, value := range more {
			args[key] = value
		}
		return w.db.Change(t.Context(), actor, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, sql, args)
			return err
		})
	}
	shut := `update premium_year set closed_at = @now, closed_by = @by where financial_year = @year`
	if err := as(w.head, shut, nil); postgres.Constraint(err) != "premium_year_over" {
		t.Errorf("closing a year that runs: %v", err)
	}
	w.db = w.db.At(func() time.Time { return calendar.MustParse("2027-04-20").Start() })
	if err := as(w.head, shut, nil); postgres.Constraint(err) != "premium_year_settled" {
		t.Errorf("closing a year with money in it: %v", err)
	}
	if err := as(w.head, transferSQL, postgres.Args{"from": "pool", "to": "returned", "amount": money.Pounds(1000), "key": "11111111-1111-4111-8111-111111111111"}); err != nil {
		t.Fatal(err)
	}
	if err := as(w.head, shut, nil); err != nil {
		t.Fatal(err)
	}
	journal := strings.Replace(strings.Replace(transferSQL, "(financial_year,", "(journal, financial_year,", 1), "select @year", "select true, @year", 1)
	for name, c := range map[string]struct {
		actor access.Actor
		sql   string
		want  string
	}{
		"an entry by the head":         {w.head, transferSQL, "premium_year_closed"},
		"a journal by the deputy":      {w.deputy, journal, "premium_year_closed"},
		"a journal in the head's name": {w.deputy, strings.Replace(journal, "@by", fmt.Sprint(w.head.ID), 1), "premium_own_name"},
		"opening it again":             {w.head, `update premium_year set closed_at = null, closed_by = null`, "premium_year_closed"},
		"another version":              {w.head, `update premium_year set version = version + 1`, "premium_year_closed"},
	} {
		if err := as(c.actor, c.sql, postgres.Args{"key": "11111111-1111-4111-8111-111111111112"}); postgres.Constraint(err) != c.want {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
	if err := as(w.head, journal, postgres.Args{"key": "11111111-1111-4111-8111-111111111113"}); err != nil {
		t.Errorf("a journal by the head: %v", err)
	}
	if got := w.position(); got.Returned != money.Pounds(1000) || got.Pool != money.Pounds(1) || got.ClosedAt == nil {
		t.Errorf("position %+v", got)
	}
}
