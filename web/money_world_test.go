package web_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/premium/year"
	"virtualschool/web/webtest"
)

// spend gives every child of the world money at a school: granted, some of it paid, with evidence, and
// some on its way. It notes what addresses name of it: a run that finance has and one that it has not, a
// line, a remittance, a file of what finance paid, a panel, a limit, a stand-in, what was spent for all.
// Nobody of w.people has approved or asked for any of it.
func (w *world) spend(t *testing.T, school int64) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, head := t.Context(), w.people[access.Head]
	asker, decider := w.Person(access.Advisor, "Money Asker"), w.Person(access.Deputy, "Money Decider")
	years := &year.Service{DB: w.DB}
	version := func() int { return int(w.ID(`select version from premium_year`)) }
	must(years.EnterIncome(ctx, head, ledger.LookedAfter, 2026, version(), year.Entry{Stage: year.Provisional, Rate: money.Pounds(1000), Source: "test", Children: 100}))
	must(years.PlanRetained(ctx, head, ledger.LookedAfter, 2026, version(), []year.Line{{Name: "Tuition for all", Planned: money.Pounds(100)}}))
	must(years.Spend(ctx, head, ledger.LookedAfter, 2026, year.Spending{PurposeID: w.ID(`select id from premium_purpose`), Amount: money.Pounds(10), What: "A tutor"}))

	var children []int64
	for child := range w.params {
		children = append(children, child)
	}
	slices.Sort(children)
	w.asker, w.decider = asker, decider
	w.grant(t, school, children...)

	payments := &payment.Service{DB: w.DB}
	var granted []payment.Payable
	var lines []payment.Line
	view := func(queue func(*postgres.Batch)) {
		t.Helper()
		var batch postgres.Batch
		queue(&batch)
		must(w.DB.View(ctx, access.System, &batch))
	}
	view(func(b *postgres.Batch) { payment.QueuePayable(b, &granted, ledger.LookedAfter, 2026) })
	some := func(pence money.Pence) (picks []payment.Pick) {
		for _, one := range granted {
			picks = append(picks, payment.Pick{RequestID: one.RequestID, Amount: pence})
		}
		return picks
	}
	sent, err := payments.Make(ctx, access.System, ledger.LookedAfter, 2026, some(2000))
	must(err)
	must(payments.Send(ctx, access.System, sent.ID))
	view(func(b *postgres.Batch) { payment.QueueLinesOfRun(b, &lines, sent.ID) })
	// Finance has paid every second line; of the last it says so in a file that nobody has confirmed yet.
	var paid []payment.Line
	for i := 0; i < len(lines)-1; i += 2 {
		paid = append(paid, lines[i])
	}
	if len(paid) > 0 {
		must(payments.ConfirmPaid(ctx, access.System, w.fromFinance(t, payments, paid)))
	}
	checked := w.fromFinance(t, payments, lines[len(lines)-1:])
	made, err := payments.Make(ctx, access.System, ledger.LookedAfter, 2026, some(1000))
	must(err)

	panel := w.ID(`insert into premium_panel (day, members, planned_by, planned_at) values ('2026-11-30', 'Head, two governors', $1, $2) returning id`, decider.ID, webtest.Now)
	w.Exec(`insert into premium_panel_item (request_id, child_id, request_version, panel_id, sent_by, sent_at)
		select id, child_id, version, $1, $2, $3 from premium_request where category = 'equipment'`, panel, decider.ID, webtest.Now)
	must((&premium.Service{DB: w.DB}).SetLimit(ctx, head, premium.LimitEntry{AccountID: decider.ID, Amount: money.Pounds(900), Starts: w.DB.Today(), Reason: "New in post"}))
	must((&account.Service{DB: w.DB}).NameStandIn(ctx, head, account.Absence{For: w.people[access.Deputy].ID, By: asker.ID, Starts: w.DB.Today().AddDays(60), Until: w.DB.Today().AddDays(70), Reason: "Leave"}))

	for name, id := range map[string]int64{
		"paymentRunID": made.ID, "lineID": lines[0].ID, "remittanceID": w.ID(`select min(id) from premium_remittance where run_id = $1`, sent.ID), "fileID": checked,
		"panelID": panel, "limitID": w.ID(`select id from premium_limit`), "standInID": w.ID(`select id from stand_in`),
		"transferID": w.ID(`select id from premium_transfer where kind = 'spend'`),
	} {
		w.plain[name] = fmt.Sprint(id)
	}
}

// grant gives children money at a school, each with an invoice, and notes the request and the evidence.
func (w *world) grant(t *testing.T, school int64, children ...int64) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	w.Exec(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		select id, $1, 2026, 'equipment', $2, $2, 5000, $3, $4 from unnest($5::bigint[]) id order by id`, school, canary, w.asker.ID, webtest.Now, children)
	// The wall hides some of the children from every decider: the rows are approved past it, in the decider's name.
	tx, err := w.SQL.Begin(ctx)
	must(err)
	if _, err := tx.Exec(ctx, `select set_config('app.actor', $1::bigint::text, true), set_config('app.scope', 'all', true), set_config('app.hidden', '', true), set_config('app.children', '', true)`, w.decider.ID); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`update premium_request set state = 'approved', approved_pence = amount_pence, decided_by = $1, decided_at = asked_at where category = 'equipment' and child_id = any($2)`,
		`insert into premium_event (request_id, child_id, event, amount_pence, account_id, at) select id, child_id, 'approved', amount_pence, $1, asked_at from premium_request where category = 'equipment' and child_id = any($2)`,
		`insert into premium_transfer (financial_year, from_account, to_account, amount_pence, reason, idempotency_key, made_by, made_at, made_on)
			select 2026, f.id, o.id, 5000 * cardinality($2::bigint[]), 'Income', gen_random_uuid(), $1, '2026-11-01', '2026-11-01'
			from premium_account f, premium_account o where f.kind = 'grant' and o.kind = 'pool'`, // whatever the forms have done to the year
		`insert into premium_transfer (financial_year, from_account, to_account, amount_pence, request_id, child_id, reason, idempotency_key, made_by, made_at, made_on)
			select 2026, f.id, o.id, r.amount_pence, r.id, r.child_id, 'Equipment approved', gen_random_uuid(), $1, r.decided_at, r.decided_at::date
			from premium_request r, premium_account f, premium_account o where r.category = 'equipment' and r.child_id = any($2) and f.kind = 'pool' and o.kind = 'committed' order by r.id`,
		`insert into premium_evidence (request_id, child_id, kind, amount_pence, dated_on, recorded_by, recorded_at)
			select id, child_id, 'invoice', 5000, asked_at::date, $1, asked_at from premium_request where category = 'equipment' and child_id = any($2) order by id`,
	} {
		_, err := tx.Exec(ctx, sql, w.decider.ID, children)
		must(err)
	}
	must(tx.Commit(ctx))
	for _, child := range children {
		w.params[child]["grantedID"] = fmt.Sprint(w.ID(`select id from premium_request where child_id = $1 and category = 'equipment'`, child))
		w.params[child]["evidenceID"] = fmt.Sprint(w.ID(`select id from premium_evidence where child_id = $1`, child))
	}
}

// fromFinance hands in a file in which finance says that it has paid lines, and gives its number.
func (w *world) fromFinance(t *testing.T, payments *payment.Service, lines []payment.Line) int64 {
	t.Helper()
	var file strings.Builder
	rows := csv.NewWriter(&file)
	table := [][]string{payment.PaidTemplate()}
	for _, line := range lines {
		table = append(table, []string{line.Reference, w.DB.Today().String(), line.Amount.Plain(), "BACS " + line.Reference})
	}
	if err := rows.WriteAll(table); err != nil {
		t.Fatal(err)
	}
	id, err := payments.ReceivePaid(context.Background(), access.System, "paid.csv", []byte(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	return id
}
