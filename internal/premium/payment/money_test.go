package payment_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/document"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/payment"
)

var approval = premium.Decision{Outcome: premium.Approved}

func wishOf(pounds int64) premium.Wish {
	return premium.Wish{Category: "literacy", Purpose: "A tutor", Difference: "Reads more", Amount: money.Pounds(pounds)}
}

func TestAPaymentThatCameBackIsPaidAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	_, lines := w.sent()
	w.pay(lines...)
	refused(t, "without a reason", w.service.Undo(t.Context(), w.officer, lines[0].ID, ""), fault.KindInvalid, "what happened")
	refused(t, "by a school", w.service.Undo(t.Context(), w.teacher, lines[0].ID, "x"), fault.KindForbidden, "")
	refused(t, "of another school's child", w.service.Undo(t.Context(), w.stranger, lines[0].ID, "x"), fault.KindNotFound, "")
	w.must(w.service.Undo(t.Context(), w.officer, lines[0].ID, "Account closed"))
	refused(t, "twice", w.service.Undo(t.Context(), w.officer, lines[0].ID, "again"), fault.KindConflict, "Nothing has been changed")
	if got := w.request(w.child, id); got.Paid != 0 || got.Left() != money.Pounds(100) {
		t.Errorf("after the bounce: %+v", got)
	}
	_, again := w.sent()
	w.pay(again...)
	if got := w.request(w.child, id); got.Paid != money.Pounds(100) {
		t.Errorf("paid again: %+v", got)
	}
	file := w.receive(w.paidFile(lines...))
	if len(file.Problems) != 1 || !strings.Contains(file.Problems[0].Text, "came back") {
		t.Errorf("the bounced line in a file: %+v", file.Problems)
	}
	w.inOrder()
}

func TestALineFinanceDidNotPayIsFreeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	made := w.run()
	refused(t, "before it was sent", w.service.Undo(t.Context(), w.officer, w.lines(w.officer, made.ID)[0].ID, "x"), fault.KindConflict, "")
	w.must(w.service.Send(t.Context(), w.officer, made.ID))
	refused(t, "releasing what is on its way", w.service.Release(t.Context(), w.officer, id, money.Pounds(1), "x"), fault.KindConflict, "left to release")
	w.must(w.service.Undo(t.Context(), w.officer, w.lines(w.officer, made.ID)[0].ID, "No bank details"))
	w.must(w.service.Release(t.Context(), w.officer, id, money.Pounds(100), "The tutor has left"))
	if got := w.request(w.child, id); got.Released != money.Pounds(100) || got.Left() != 0 {
		t.Errorf("released: %+v", got)
	}
	w.inOrder()
}

func TestReleaseRecoverAndReturn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	_, lines := w.sent(payment.Pick{RequestID: id, Amount: money.Pounds(60)})
	refused(t, "recovering what is not paid", w.service.Recover(t.Context(), w.officer, id, 1, "x"), fault.KindConflict, "Nothing was paid")
	w.pay(lines...)
	refused(t, "recovering too much", w.service.Recover(t.Context(), w.officer, id, money.Pounds(61), "x"), fault.KindInvalid, "£60.00")
	refused(t, "recovering for no reason", w.service.Recover(t.Context(), w.officer, id, money.Pounds(1), " "), fault.KindInvalid, "reason")
	refused(t, "recovering as a school", w.service.Recover(t.Context(), w.teacher, id, money.Pounds(1), "x"), fault.KindForbidden, "")
	w.must(w.service.Recover(t.Context(), w.officer, id, money.Pounds(10), "Two lessons fell out"))
	refused(t, "reversing what was partly given back", w.service.Undo(t.Context(), w.officer, lines[0].ID, "x"), fault.KindConflict, "Recover the rest")
	refused(t, "releasing too much", w.service.Release(t.Context(), w.officer, id, money.Pounds(41), "x"), fault.KindInvalid, "£40.00")
	w.must(w.service.Release(t.Context(), w.officer, id, money.Pounds(40), "Done for less"))
	position := w.position()
	if position.Paid != money.Pounds(60) || position.Recovered != money.Pounds(10) || position.Committed != 0 || position.Pool != money.Pounds(100_000-50) {
		t.Errorf("the year: %+v", position)
	}
	refused(t, "returning as an officer", w.service.Return(t.Context(), w.officer, ledger.LookedAfter, 2026, 1, "x"), fault.KindForbidden, "")
	refused(t, "returning more than there is", w.service.Return(t.Context(), w.head, ledger.LookedAfter, 2026, position.Pool+1, "x"), fault.KindInvalid, position.Pool.String())
	refused(t, "returning of a year nobody opened", w.service.Return(t.Context(), w.head, ledger.Post16, 2026, 1, "x"), fault.KindNotFound, "")
	w.must(w.service.Return(t.Context(), w.head, ledger.LookedAfter, 2026, money.Pounds(500), "Not spent by 31 March"))
	if got := w.position(); got.Returned != money.Pounds(500) || !got.Balanced() {
		t.Errorf("the year after: %+v", got)
	}
	w.inOrder()
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	good := payment.Proof{Kind: "invoice", Amount: money.Pounds(100), DatedOn: w.today}
	for name, c := range map[string]struct {
		change func(*payment.Proof)
		words  string
	}{
		"no kind":         {func(p *payment.Proof) { p.Kind = "letter" }, "Choose what kind"},
		"no sum":          {func(p *payment.Proof) { p.Amount = 0 }, "Enter the amount"},
		"a negative sum":  {func(p *payment.Proof) { p.Amount = -1 }, "from £0.00"},
		"a sum too great": {func(p *payment.Proof) { p.Amount = premium.MostAsked + 1 }, "from £0.00"},
		"no date":         {func(p *payment.Proof) { p.DatedOn = w.today.AddDays(1) }, "in the past"},
		"too long a note": {func(p *payment.Proof) { p.Note = strings.Repeat("é", premium.TextLimit+1) }, "4000 characters"},
		"no date whatever": {func(p *payment.Proof) {
			p.DatedOn = w.today.AddDays(0)
			p.DatedOn.Day, p.DatedOn.Month, p.DatedOn.Year = 0, 0, 0
		}, "Enter the date"},
	} {
		bad := good
		c.change(&bad)
		refused(t, name, w.service.GiveEvidence(t.Context(), w.teacher, id, bad), fault.KindInvalid, c.words)
	}
	refused(t, "for what is not approved", w.service.GiveEvidence(t.Context(), w.teacher, w.asked(), good), fault.KindConflict, "not approved")
	refused(t, "by another school", w.service.GiveEvidence(t.Context(), w.stranger, id, good), fault.KindNotFound, "")
	_, lines := w.sent()
	w.pay(lines...)
	if due, _ := w.request(w.child, id).Due(payment.Terms{Needed: true, DueDays: 30}); due != w.today.AddDays(120) {
		t.Errorf("due %s", due)
	}
	w.must(w.service.AskForEvidence(t.Context(), w.officer, id, w.today.AddDays(7), "The term ends"))
	refused(t, "for a day that has been", w.service.AskForEvidence(t.Context(), w.officer, id, w.today.AddDays(-1), "x"), fault.KindInvalid, "from today")
	if due, _ := w.request(w.child, id).Due(payment.Terms{Needed: true, DueDays: 30}); due != w.today.AddDays(7) {
		t.Errorf("asked for by %s", due)
	}
	if n := len(w.owed(w.advisor)); n != 1 {
		t.Errorf("%d owed", n)
	}
	w.must(w.service.GiveEvidence(t.Context(), w.teacher, id, good))
	if owed := w.owed(w.advisor); len(owed) != 0 {
		t.Errorf("still owed: %+v", owed)
	}
	var evidence []payment.Evidence
	var batch postgres.Batch
	payment.QueueEvidence(&batch, &evidence, w.child, id)
	w.must(w.db.View(t.Context(), w.teacher, &batch))
	refused(t, "taking back as a school", w.service.TakeBackEvidence(t.Context(), w.teacher, id, evidence[0].ID, "x"), fault.KindForbidden, "")
	w.must(w.service.TakeBackEvidence(t.Context(), w.officer, id, evidence[0].ID, "For another child"))
	refused(t, "taking back twice", w.service.TakeBackEvidence(t.Context(), w.officer, id, evidence[0].ID, "x"), fault.KindConflict, "already")
	if got := w.request(w.child, id); got.Evidenced != 0 || len(w.owed(w.advisor)) != 1 {
		t.Errorf("after it was taken back: %+v", got)
	}
}

func (w *world) owed(actor access.Actor) (owed []payment.Owed) {
	w.t.Helper()
	var batch postgres.Batch
	payment.QueueOwed(&batch, &owed, 0)
	w.must(w.db.View(context.Background(), actor, &batch))
	return owed
}

func (w *world) position() (found ledger.Position) {
	w.t.Helper()
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &found, ledger.LookedAfter, 2026)
	w.must(w.db.View(context.Background(), access.System, &batch))
	return found
}

// TestBooksAgreeWhateverIsDone does things in any order and keeps beside them a simple model: what each
// request was approved, released, paid and gave back. At every month-end the books, the model and the
// files for finance are the same to the penny.
func TestBooksAgreeWhateverIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type account struct{ child, committed, released, paid, recovered, onTheWay int64 }
	model := map[int64]*account{}
	byLine := map[int64]int64{} // request of each line
	random := rand.New(rand.NewPCG(4, 26))
	var open, paid []payment.Line
	pick := func(lines []payment.Line) (payment.Line, []payment.Line) {
		n := random.IntN(len(lines))
		rest := append(append([]payment.Line{}, lines[:n]...), lines[n+1:]...)
		return lines[n], rest
	}
	ids := func() (list []int64) {
		for id := range model {
			list = append(list, id)
		}
		return list
	}
	for range 120 {
		switch what := random.IntN(8); {
		case what == 0 || len(model) < 3:
			child := []int64{w.child, w.other}[random.IntN(2)]
			pounds := 1 + random.Int64N(300)
			model[w.approved(child, pounds)] = &account{child: child, committed: pounds * 100}
		case what == 1:
			made, err := w.service.Make(t.Context(), w.officer, ledger.LookedAfter, 2026, nil)
			if errors.Is(err, fault.KindConflict) {
				continue
			}
			w.must(err)
			_, _, err = w.service.Export(t.Context(), w.officer, made.ID)
			w.must(err)
			if random.IntN(4) == 0 {
				w.must(w.service.SetAside(t.Context(), w.officer, made.ID, "again"))
				continue
			}
			w.must(w.service.Send(t.Context(), w.officer, made.ID))
			for _, line := range w.lines(w.officer, made.ID) {
				open, byLine[line.ID] = append(open, line), line.RequestID
				model[line.RequestID].onTheWay += int64(line.Amount)
			}
		case what == 2 && len(open) > 0:
			var line payment.Line
			line, open = pick(open)
			w.pay(line)
			paid = append(paid, line)
			model[line.RequestID].onTheWay -= int64(line.Amount)
			model[line.RequestID].paid += int64(line.Amount)
		case what == 3 && len(open) > 0:
			var line payment.Line
			line, open = pick(open)
			w.must(w.service.Undo(t.Context(), w.officer, line.ID, "not paid"))
			model[line.RequestID].onTheWay -= int64(line.Amount)
		case what == 4 && len(paid) > 0:
			line, rest := pick(paid)
			m := model[line.RequestID]
			err := w.service.Undo(t.Context(), w.officer, line.ID, "came back")
			if m.paid-int64(line.Amount) < m.recovered {
				refused(t, "a bounce after a recovery", err, fault.KindConflict, "")
				continue
			}
			w.must(err)
			paid = rest
			m.paid -= int64(line.Amount)
		default:
			list := ids()
			id := list[random.IntN(len(list))]
			m := model[id]
			amount := money.Pence(1 + random.Int64N(5000))
			if what == 5 {
				err := w.service.Release(t.Context(), w.officer, id, amount, "left over")
				if int64(amount) <= m.committed-m.released-m.paid-m.onTheWay {
					w.must(err)
					m.released += int64(amount)
				} else if err == nil {
					t.Fatalf("released %s of request %d, which has less", amount, id)
				}
				continue
			}
			err := w.service.Recover(t.Context(), w.officer, id, amount, "given back")
			if int64(amount) <= m.paid-m.recovered {
				w.must(err)
				m.recovered += int64(amount)
			} else if err == nil {
				t.Fatalf("recovered %s of request %d, which was paid less", amount, id)
			}
		}
	}
	books := w.inOrder()
	var sum account
	for id, m := range model {
		got := w.request(m.child, id)
		want := fmt.Sprint(m.committed, m.released, m.paid, m.recovered, m.onTheWay)
		if is := fmt.Sprint(int64(got.Committed), int64(got.Released), int64(got.Paid), int64(got.Recovered), int64(got.InPayment)); is != want {
			t.Errorf("request %d is %s; the model says %s", id, is, want)
		}
		sum.committed, sum.released, sum.paid = sum.committed+m.committed, sum.released+m.released, sum.paid+m.paid
		sum.recovered, sum.onTheWay = sum.recovered+m.recovered, sum.onTheWay+m.onTheWay
	}
	year := books.Sums[0]
	position := w.position()
	if int64(year.LedgerCommit) != sum.committed || int64(year.LinePaid) != sum.paid || int64(year.LedgerPaid) != sum.paid || int64(year.OnTheWay) != sum.onTheWay || year.RunSum != year.ExportSum ||
		int64(position.Committed) != sum.committed-sum.released-sum.paid || int64(position.Pool) != 100_000_00-sum.committed+sum.released+sum.recovered {
		t.Errorf("the books %+v, the year %+v; the model says %+v", year, position, sum)
	}
	if len(byLine) < 5 || len(paid) < 2 {
		t.Errorf("only %d lines and %d payments were tried", len(byLine), len(paid))
	}
}

// TestReconciliationNamesWhatDiffers damages the books past every rule, one place after another.
func TestReconciliationNamesWhatDiffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	made, lines := w.sent()
	_, _, err := w.service.Export(t.Context(), w.officer, made.ID)
	w.must(err)
	w.pay(lines...)
	w.inOrder()
	request := fmt.Sprintf("Request %d, Pupil Premium Plus 2026-27", id)
	for _, c := range []struct{ damage, where, words string }{
		{`update premium_request set paid_pence = 9000`, request, "The sum paid is £90.00; by the ledger it is £100.00"},
		{`update premium_payment_line set amount_pence = 9999`, "PP2627-001-01, Pupil Premium Plus 2026-27", "The line is £99.99; by its entry in the ledger it is £100.00"},
		{`update premium_payment_run set sum_pence = 1`, "PP2627-001, Pupil Premium Plus 2026-27", "The run is £0.01; by its remittances it is £100.00"},
		{`update premium_export set sum_pence = 2`, "PP2627-001, Pupil Premium Plus 2026-27", "The file for finance is £0.02; by the run it is £0.01"},
		{`update premium_account set balance_pence = balance_pence + 5 where kind = 'pool'`, "All accounts, Pupil Premium Plus 2026-27", "The sum of all accounts is £0.05; by the rule that nothing is gained or lost it is £0.00"},
	} {
		tx, err := w.SQL.Begin(t.Context())
		w.must(err)
		_, err = tx.Exec(t.Context(), `set local session_replication_role = replica; `+c.damage)
		w.must(err)
		w.must(tx.Commit(t.Context()))
		found, err := w.service.Reconcile(t.Context(), w.head)
		w.must(err)
		named := false
		for _, difference := range found.Differences {
			named = named || difference.Where() == c.where && difference.Words() == c.words
		}
		if !named {
			t.Errorf("after %q no difference %s: %s, but %+v", c.damage, c.where, c.words, found.Differences)
		}
	}
	_, err = w.service.Reconcile(t.Context(), w.support)
	refused(t, "by a support advisor", err, fault.KindForbidden, "")
}

func TestWhatWentBackByMistakeIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	other := w.approved(w.child, 50)
	_, lines := w.sent()
	w.pay(lines...)
	w.must(w.service.Recover(t.Context(), w.officer, id, money.Pounds(30), "Two lessons fell out"))
	w.must(w.service.Return(t.Context(), w.head, ledger.LookedAfter, 2026, money.Pounds(500), "Not spent"))
	var recovered, returned []payment.Back
	load := func() {
		recovered, returned = nil, nil
		var batch postgres.Batch
		payment.QueueRecoveries(&batch, &recovered, w.child, id)
		payment.QueueReturns(&batch, &returned, 2026)
		w.must(w.db.View(t.Context(), w.head, &batch))
		if len(recovered) != 1 || len(returned) != 1 {
			t.Fatalf("%+v %+v", recovered, returned)
		}
	}
	load()
	recovery, giving := recovered[0].ID, returned[0].ID
	back := func(who access.Actor, request, entry int64, reason string) error {
		return w.service.TakeBackRecovery(t.Context(), who, request, entry, reason)
	}
	refused(t, "without a reason", back(w.officer, id, recovery, " "), fault.KindInvalid, "why it is taken back")
	refused(t, "by a school", back(w.teacher, id, recovery, "x"), fault.KindForbidden, "")
	refused(t, "by another school", back(w.stranger, id, recovery, "x"), fault.KindNotFound, "")
	refused(t, "below another request", back(w.officer, other, recovery, "x"), fault.KindNotFound, "")
	refused(t, "a return as a recovery", back(w.officer, id, giving, "x"), fault.KindNotFound, "")
	refused(t, "a recovery as a return", w.service.TakeBackReturn(t.Context(), w.head, recovery, "x"), fault.KindNotFound, "")
	refused(t, "a return by who pays", w.service.TakeBackReturn(t.Context(), w.officer, giving, "x"), fault.KindForbidden, "")
	refused(t, "a return without a reason", w.service.TakeBackReturn(t.Context(), w.head, giving, ""), fault.KindInvalid, "why it is taken back")

	pool := w.ID(`select balance_pence from premium_account where kind = 'pool' and stream = 'looked_after' and financial_year = 2026`)
	w.must(w.service.Return(t.Context(), w.head, ledger.LookedAfter, 2026, money.Pence(pool)-money.Pounds(29), "The rest"))
	refused(t, "what was allocated since", back(w.officer, id, recovery, "Entered twice"), fault.KindInvalid, "allocated again")
	w.must(w.service.TakeBackReturn(t.Context(), w.head, giving, "The wrong grant"))
	w.must(back(w.officer, id, recovery, "Entered twice"))
	refused(t, "twice", back(w.officer, id, recovery, "again"), fault.KindConflict, "taken back already")
	refused(t, "a return twice", w.service.TakeBackReturn(t.Context(), w.head, giving, "again"), fault.KindConflict, "taken back already")
	if got := w.request(w.child, id); got.Recovered != 0 || got.Paid != money.Pounds(100) {
		t.Errorf("the request: %+v", got)
	}
	var batch postgres.Batch
	payment.QueueReturns(&batch, &returned, 2026)
	payment.QueueRecoveries(&batch, &recovered, w.child, id)
	w.must(w.db.View(t.Context(), w.head, &batch))
	if one := recovered[0]; one.TakenBack != "Entered twice" || one.TakenBackBy != "Olu Officer" || one.TakenBackOn != w.today || one.Amount != money.Pounds(30) {
		t.Errorf("the recovery: %+v", one)
	}
	if len(returned) != 2 || returned[1].TakenBack != "The wrong grant" || returned[0].TakenBack != "" {
		t.Errorf("the returns: %+v", returned)
	}
	w.must(w.service.Recover(t.Context(), w.officer, id, money.Pounds(100), "The course did not take place"))
	w.inOrder()
}

func TestEvidenceKeepsItsFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	proof := payment.Proof{Kind: "invoice", Amount: money.Pounds(60), DatedOn: w.today, File: document.Upload{Name: "No. 17.html", Content: []byte("<html>")}}
	refused(t, "a page", w.service.GiveEvidence(t.Context(), w.teacher, id, proof), fault.KindInvalid, "must be a PDF")
	proof.File = document.Upload{Name: "No. 17.pdf", Content: []byte("%PDF-1.7\n1 0 obj")}
	w.must(w.service.GiveEvidence(t.Context(), w.teacher, id, proof))
	w.must(w.service.GiveEvidence(t.Context(), w.teacher, id, payment.Proof{Kind: "report", DatedOn: w.today}))
	var list []payment.Evidence
	var batch postgres.Batch
	payment.QueueEvidence(&batch, &list, w.child, id)
	w.must(w.db.View(t.Context(), w.officer, &batch))
	if len(list) != 2 || list[0].DocumentID != 0 || list[1].DocumentName != "No. 17.pdf" || list[1].DocumentID == 0 {
		t.Fatalf("%+v", list)
	}
	if n := w.ID(`select count(*) from document`); n != 1 {
		t.Errorf("%d documents", n)
	}
	// A second file is a second piece of evidence.
	err := w.db.Change(t.Context(), w.teacher, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := document.AddIn(ctx, tx, w.child, document.OfPremiumEvidence, list[1].ID, proof.File)
		return err
	})
	if postgres.Constraint(err) != "document_of_evidence" {
		t.Errorf("a second file: %v", err)
	}
}
