package payment_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/premium/year"
)

func TestARunGathersWhatMayBePaidBySchool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.approved(w.child, 100)
	w.approved(w.other, 200)
	w.approved(w.child, 50)
	made := w.run()
	if made.Lines != 3 || made.Sum != money.Pounds(350) || made.LeftOut != 0 {
		t.Fatalf("made %+v", made)
	}
	var remittances []payment.Remittance
	var run payment.Run
	var batch postgres.Batch
	payment.QueueRun(&batch, &run, made.ID)
	payment.QueueRemittancesOfRun(&batch, &remittances, made.ID)
	w.must(w.db.View(t.Context(), w.officer, &batch))
	if run.Reference != "PP2627-001" || run.Sum != money.Pounds(350) || run.Lines != 3 {
		t.Errorf("the run: %+v", run)
	}
	if len(remittances) != 2 || remittances[0].Payee != "Ash Primary" || remittances[0].Sum != money.Pounds(150) || remittances[1].Sum != money.Pounds(200) {
		t.Errorf("the remittances: %+v", remittances)
	}
	lines := w.lines(w.officer, made.ID)
	if lines[0].Reference != "PP2627-001-01" || lines[0].EvidenceDue != w.today.AddDays(120) {
		t.Errorf("the first line: %+v", lines[0])
	}
	_, err := w.service.Make(t.Context(), w.officer2, ledger.LookedAfter, 2026, nil)
	refused(t, "a second run of the same", err, fault.KindConflict, "nothing left")
	w.inOrder()
}

func TestWhoApprovedDoesNotPay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.approved(w.child, 100)
	_, err := w.service.Make(t.Context(), w.deputy, ledger.LookedAfter, 2026, nil)
	refused(t, "all of it one's own", err, fault.KindInvalid, "someone else must pay")
	id, err := w.requests.Ask(t.Context(), w.advisor, w.other, wishOf(2000))
	w.must(err)
	w.must(w.requests.Decide(t.Context(), w.head, id, 1, approval))
	made, err := w.service.Make(t.Context(), w.deputy, ledger.LookedAfter, 2026, nil)
	w.must(err)
	if made.Lines != 1 || made.LeftOut != 1 || made.Sum != money.Pounds(2000) {
		t.Errorf("the deputy's run: %+v", made)
	}
}

func TestWhoMayMakeARun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, others := w.approved(w.child, 100), w.approved(w.other, 100)
	for _, actor := range []access.Actor{w.advisor, w.teacher, w.Person(access.LeadAdvisor, "Lea Lead"), w.Person(access.SocialWorker, "Sol Worker"), w.Person(access.ReviewingOfficer, "Ria Officer")} {
		_, err := w.service.Make(t.Context(), actor, ledger.LookedAfter, 2026, nil)
		refused(t, string(actor.Role), err, fault.KindForbidden, "")
	}
	made, err := w.service.Make(t.Context(), w.support, ledger.LookedAfter, 2026, nil)
	w.must(err)
	if lines := w.lines(w.officer, made.ID); len(lines) != 1 || lines[0].RequestID != mine {
		t.Errorf("the support advisor pays %+v; want only what is about their own children", lines)
	}
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, w.other)
	_, err = w.service.Make(t.Context(), w.officer, ledger.LookedAfter, 2026, []payment.Pick{{RequestID: others}})
	refused(t, "a restricted record", err, fault.KindConflict, "nothing left to pay")
}

func TestInstalments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	for _, amount := range []money.Pence{-1, money.Pounds(100) + 1} {
		_, err := w.service.Make(t.Context(), w.officer, ledger.LookedAfter, 2026, []payment.Pick{{RequestID: id, Amount: amount}})
		refused(t, amount.String(), err, fault.KindInvalid, "not more than £100.00")
	}
	for range 2 {
		_, lines := w.sent(payment.Pick{RequestID: id, Amount: money.Pounds(40)})
		w.pay(lines...)
	}
	_, lines := w.sent()
	if len(lines) != 1 || lines[0].Amount != money.Pounds(20) || lines[0].Reference != "PP2627-003-01" {
		t.Errorf("the last instalment: %+v", lines)
	}
	w.pay(lines...)
	if got := w.request(w.child, id); got.Paid != money.Pounds(100) || got.Left() != 0 {
		t.Errorf("after three instalments: %+v", got)
	}
	w.inOrder()
}

func TestInArrearsMoneyWaitsForEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Exec(`delete from policy_value where key = 'premium.scheme'`)
	id := w.approved(w.child, 100)
	_, err := w.service.Make(t.Context(), w.officer, ledger.LookedAfter, 2026, nil)
	refused(t, "without evidence", err, fault.KindConflict, "nothing left that may be paid now")
	w.must(w.service.GiveEvidence(t.Context(), w.teacher, id, payment.Proof{Kind: "invoice", Amount: money.Pounds(70), DatedOn: w.today}))
	_, err = w.service.Make(t.Context(), w.officer, ledger.LookedAfter, 2026, []payment.Pick{{RequestID: id, Amount: money.Pounds(71)}})
	refused(t, "more than was shown for", err, fault.KindInvalid, "not more than £70.00")
	_, lines := w.sent()
	if len(lines) != 1 || lines[0].Amount != money.Pounds(70) || !lines[0].EvidenceDue.IsZero() {
		t.Errorf("the run: %+v", lines)
	}
	w.pay(lines...)
	w.must(w.service.GiveEvidence(t.Context(), w.teacher, id, payment.Proof{Kind: "receipt", Amount: money.Pounds(50), DatedOn: w.today}))
	if _, lines = w.sent(); lines[0].Amount != money.Pounds(30) {
		t.Errorf("the rest: %+v", lines)
	}
	w.inOrder()
}

func TestOfManyWhoMakeARunAtOnceEachLineIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 6 {
		w.approved(w.child, 10)
		w.approved(w.other, 10)
	}
	var lines atomic.Int64
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			payer := []access.Actor{w.officer, w.officer2, w.head}[n%3]
			made, err := w.service.Make(context.Background(), payer, ledger.LookedAfter, 2026, nil)
			if err != nil && !errors.Is(err, fault.KindConflict) {
				t.Error(err)
			}
			if err == nil {
				lines.Add(int64(made.Lines))
			}
		})
	}
	wait.Wait()
	if lines.Load() != 12 || w.ID(`select count(distinct request_id) from premium_payment_line`) != 12 || w.ID(`select count(*) from premium_payment_line`) != 12 {
		t.Errorf("%d lines were made of 12 requests", lines.Load())
	}
	w.inOrder()
}

func TestARunSetAsideIsPaidInAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.approved(w.child, 100)
	made := w.run()
	refused(t, "without a reason", w.service.SetAside(t.Context(), w.officer, made.ID, " "), fault.KindInvalid, "Enter why")
	refused(t, "by an advisor", w.service.SetAside(t.Context(), w.advisor, made.ID, "x"), fault.KindForbidden, "")
	w.must(w.service.SetAside(t.Context(), w.officer, made.ID, "Wrong month"))
	refused(t, "sending it then", w.service.Send(t.Context(), w.officer, made.ID), fault.KindConflict, "set aside")
	_, _, err := w.service.Export(t.Context(), w.officer, made.ID)
	refused(t, "a file of it", err, fault.KindConflict, "nothing for finance to pay")
	again, lines := w.sent()
	if again.Lines != 1 || lines[0].Reference != "PP2627-002-01" {
		t.Errorf("the next run: %+v", lines)
	}
	refused(t, "setting a sent run aside", w.service.SetAside(t.Context(), w.officer, again.ID, "x"), fault.KindConflict, "sent to finance")
	w.inOrder()
}

func TestSendingTellsDesignatedTeachersAndNamesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.approved(w.child, 100)
	made, _ := w.sent()
	notice := w.Text(`select string_agg(args::text, ' ') from river_job where kind = 'notice'`)
	if !strings.Contains(notice, "/premium/remittances") || strings.Contains(notice, "Maya") || strings.Contains(notice, "Okafor") || strings.Contains(notice, "£") {
		t.Errorf("the notice: %s", notice)
	}
	if n := w.ID(`select count(*) from river_job where kind = 'notice' and (args->>'account_id')::bigint = $1`, w.teacher.ID); n != 1 {
		t.Errorf("%d notices to the teacher at the school", n)
	}
	var theirs, others []payment.Remittance
	var batch, batch2 postgres.Batch
	payment.QueueRemittances(&batch, &theirs, w.teacher.ID, false, 0, 10)
	w.must(w.db.View(t.Context(), w.teacher, &batch))
	payment.QueueRemittances(&batch2, &others, w.stranger.ID, false, 0, 10)
	w.must(w.db.View(t.Context(), w.stranger, &batch2))
	if len(theirs) != 1 || theirs[0].RunID != made.ID || len(others) != 0 {
		t.Errorf("the teacher sees %+v, the stranger %+v", theirs, others)
	}
	var one payment.Remittance
	var batch3 postgres.Batch
	payment.QueueRemittance(&batch3, &one, theirs[0].ID, w.stranger.ID, false)
	refused(t, "another school's remittance", w.db.View(t.Context(), w.stranger, &batch3), fault.KindNotFound, "")
}

func TestTheFileForFinanceIsTheWholeRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.approved(w.child, 100)
	w.approved(w.other, 75)
	made := w.run()
	reference, rows, err := w.service.Export(t.Context(), w.officer, made.ID)
	w.must(err)
	if reference != "PP2627-001" || len(rows) != 3 || rows[1][0] != "Ash Primary" || rows[1][7] != "100.00" || rows[2][5] != "PP2627-001-02" {
		t.Errorf("the file: %v", rows)
	}
	for _, row := range rows {
		if text := strings.Join(row, " "); strings.Contains(text, "Maya") || strings.Contains(text, "Okafor") || strings.Contains(text, "tutor") {
			t.Errorf("the file names a child or quotes the plan: %s", text)
		}
	}
	_, _, err = w.service.Export(t.Context(), w.support, made.ID)
	refused(t, "by one who does not see all of it", err, fault.KindConflict, "may not see")
	_, _, err = w.service.Export(t.Context(), w.teacher, made.ID)
	refused(t, "by a school", err, fault.KindForbidden, "")
	if n := w.ID(`select count(*) from audit_change where subject = 'premium payment run' and action like 'file for finance%'`); n != 1 {
		t.Errorf("%d downloads in the audit", n)
	}
	w.inOrder()
}

func TestTheDatabaseHoldsPaymentsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	made, lines := w.sent()
	later := w.approved(w.other, 100)
	open := w.run()
	w.must(w.service.SetAside(t.Context(), w.officer, open.ID, "test"))
	insertLine := `insert into premium_payment_line (run_id, remittance_id, request_id, child_id, reference, amount_pence) values (@run, @remittance, @request, @child, 'X', @amount)`
	newRun := `with run as (insert into premium_payment_run (stream, financial_year, number, reference, made_by, made_at) values ('looked_after', 2026, 99, 'R99', @by, @now) returning id),
		m as (insert into premium_remittance (run_id, setting_id, payee) select id, @setting, 'x' from run returning id, run_id) select run_id from m`
	for name, c := range map[string]struct {
		by    access.Actor
		sql   []string
		args  postgres.Args
		wants string
	}{
		"to pay what one approved":          {w.deputy, []string{newRun, lineInNewRun}, postgres.Args{"request": later, "child": w.other, "setting": w.birch, "amount": 1}, "premium_payer_did_not_approve"},
		"to pay more than is committed":     {w.officer, []string{newRun, lineInNewRun}, postgres.Args{"request": later, "child": w.other, "setting": w.birch, "amount": 10001}, "premium_line_within_commitment"},
		"to pay what is on its way":         {w.officer, []string{newRun, lineInNewRun}, postgres.Args{"request": id, "child": w.child, "setting": w.ash, "amount": 1}, "premium_line_within_commitment"},
		"to pay another school":             {w.officer, []string{newRun, lineInNewRun}, postgres.Args{"request": later, "child": w.other, "setting": w.ash, "amount": 1}, "premium_one_year"},
		"to add to a sent run":              {w.officer, []string{insertLine}, postgres.Args{"run": made.ID, "remittance": lines[0].RemittanceID, "request": later, "child": w.other, "amount": 1}, "premium_one_year"},
		"a run in another's name":           {w.officer, []string{newRun}, postgres.Args{"setting": w.ash, "by": w.head.ID}, "premium_own_name"},
		"to pay a line without the ledger":  {w.officer, []string{`update premium_payment_line set state = 'paid', paid_on = @today, payment_reference = 'x', paid_by = @by, paid_at = @now, pay_transfer = 1 where id = @line`}, postgres.Args{"line": lines[0].ID}, "premium_line_is_entered"},
		"to change a line's amount":         {w.officer, []string{`update premium_payment_line set amount_pence = 1`}, nil, "permission denied"},
		"to change a run's sum":             {w.officer, []string{`update premium_payment_run set sum_pence = 1`}, nil, "permission denied"},
		"to bring a set-aside run back":     {w.officer, []string{`update premium_payment_run set state = 'made', set_aside_by = null, set_aside_at = null, set_aside_reason = null where id = @run`}, postgres.Args{"run": open.ID}, "premium_run_closed"},
		"to release what is on its way":     {w.officer, []string{releaseSQL}, postgres.Args{"request": id, "child": w.child}, "premium_release_spares_payments"},
		"to delete a line":                  {w.officer, []string{`delete from premium_payment_line`}, nil, "permission denied"},
		"to edit a file that was given":     {w.officer, []string{`update premium_export set sum_pence = 1`}, nil, "permission denied"},
		"to edit evidence":                  {w.officer, []string{`update premium_evidence set amount_pence = 1`}, nil, "permission denied"},
		"evidence for what is not approved": {w.teacher, []string{`insert into premium_evidence (request_id, child_id, kind, amount_pence, dated_on, recorded_by, recorded_at) values (@request, @child, 'invoice', 1, @today, @by, @now)`}, postgres.Args{"request": w.asked(), "child": w.child}, "premium_approved_first"},
	} {
		args := postgres.Args{"by": c.by.ID, "run": 0, "remittance": 0, "request": 0, "child": 0, "amount": 1, "line": 0, "setting": 0}
		for key, value := range c.args {
			args[key] = value
		}
		err := w.db.Change(t.Context(), c.by, func(ctx context.Context, tx *postgres.Tx) (err error) {
			for _, sql := range c.sql {
				if _, err = tx.Do(ctx, sql, args); err != nil {
					break
				}
			}
			return err
		})
		if err == nil || (!strings.Contains(err.Error(), c.wants) && postgres.Constraint(err) != c.wants) {
			t.Errorf("%s: %v; want %s", name, err, c.wants)
		}
	}
	w.inOrder()
}

const lineInNewRun = `insert into premium_payment_line (run_id, remittance_id, request_id, child_id, reference, amount_pence)
	select p.id, m.id, @request, @child, 'X', @amount from premium_payment_run p join premium_remittance m on m.run_id = p.id where p.reference = 'R99'`

const releaseSQL = `insert into premium_transfer (stream, financial_year, from_account, to_account, amount_pence, request_id, child_id, reason, idempotency_key, made_by, made_at, made_on)
	select f.stream, f.financial_year, f.id, t.id, 1, @request, @child, 'x', gen_random_uuid(), @by, @now, @today from premium_account f, premium_account t
	where f.stream = 'looked_after' and f.financial_year = 2026 and f.kind = 'committed' and t.stream = f.stream and t.financial_year = 2026 and t.kind = 'pool'`

func (w *world) asked() int64 {
	w.t.Helper()
	id, err := w.requests.Ask(context.Background(), w.advisor, w.child, wishOf(10))
	w.must(err)
	return id
}

func TestAClosedYearTakesOnlyTheHeadsEntries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	_, lines := w.sent(payment.Pick{RequestID: id, Amount: money.Pounds(60)})
	w.today = calendar.MustParse("2027-04-20")
	w.pay(lines...)
	w.must((&year.Service{DB: w.db}).Close(t.Context(), w.head, ledger.LookedAfter, 2026, 2))
	refused(t, "by an officer", w.service.Release(t.Context(), w.officer, id, money.Pounds(40), "left over"), fault.KindConflict, "closed")
	w.must(w.service.Release(t.Context(), w.head, id, money.Pounds(40), "left over"))
	refused(t, "a bounce by an officer", w.service.Undo(t.Context(), w.officer, lines[0].ID, "came back"), fault.KindConflict, "closed")
	w.must(w.service.Undo(t.Context(), w.head, lines[0].ID, "came back"))
	w.inOrder()
}
