package payment_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/fault"
	"virtualschool/internal/money"
)

func TestFinancePaysAndTheLedgerFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.approved(w.child, 100), w.approved(w.other, 250)
	_, lines := w.sent()
	file := w.receive(w.paidFile(lines...))
	if rows, sum := file.New(); rows != 2 || sum != money.Pounds(350) || !file.Confirmable() {
		t.Fatalf("the file: %+v", file)
	}
	if got := w.request(w.child, one); got.Paid != 0 {
		t.Errorf("paid before it was confirmed: %+v", got)
	}
	refused(t, "confirming as an advisor", w.service.ConfirmPaid(t.Context(), w.advisor, file.ID), fault.KindForbidden, "")
	w.must(w.service.ConfirmPaid(t.Context(), w.officer2, file.ID))
	if a, b := w.request(w.child, one), w.request(w.other, two); a.Paid != money.Pounds(100) || b.Paid != money.Pounds(250) {
		t.Errorf("paid %s and %s", a.Paid, b.Paid)
	}
	refused(t, "confirming twice", w.service.ConfirmPaid(t.Context(), w.officer, file.ID), fault.KindConflict, "already")
	again := w.receive(w.paidFile(lines...))
	if rows, _ := again.New(); rows != 0 || again.Wrong() || again.Confirmable() {
		t.Errorf("the same file again: %+v", again)
	}
	before := w.ID(`select count(*) from premium_transfer`)
	w.must(w.service.ConfirmPaid(t.Context(), w.officer, again.ID))
	if w.ID(`select count(*) from premium_transfer`) != before {
		t.Error("the same file moved money twice")
	}
	w.inOrder()
}

func TestASpreadsheetOfOurOwnColumnsIsUnderstood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.approved(w.child, 1234)
	made, _ := w.sent()
	_, rows, err := w.service.Export(t.Context(), w.officer, made.ID)
	w.must(err)
	rows[1][8], rows[1][9] = "23/11/2026", "BACS 77"
	var file strings.Builder
	for _, row := range rows {
		file.WriteString(strings.Join(row, ";") + "\r\n")
	}
	if got := w.receive("\ufeff" + file.String()); !got.Confirmable() {
		t.Errorf("the file for finance, filled in: %+v", got.Problems)
	}
}

func TestAFileWithAnythingWrongChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.approved(w.child, 100)
	w.approved(w.other, 100)
	_, before := w.sent()
	w.pay(before...)
	w.approved(w.child, 50)
	w.approved(w.other, 60)
	_, lines := w.sent()
	w.approved(w.child, 70)
	unsent := w.lines(w.officer, w.run().ID)[0]
	const head = "Line reference,Paid on,Amount,Payment reference\n"
	a, b := lines[0].Reference, lines[1].Reference
	good := a + ",2026-11-23,50.00,BACS 1\n"
	for name, c := range map[string]struct {
		file string
		line int // 0: the file cannot be read at all
		says string
	}{
		"a missing column":             {"Line reference,Paid on,Amount\n" + a + ",2026-11-23,50.00\n", 0, "no column Payment reference"},
		"a column twice":               {"Line reference,Paid on,Amount,Amount,Payment reference\n" + a + ",2026-11-23,50,50,x\n", 0, "stands in the header twice"},
		"nothing in it":                {"", 0, "empty"},
		"a header alone":               {head, 0, "no rows"},
		"a workbook":                   {"PK\x03\x04 and rubbish", 0, "zip file is damaged"},
		"a cell too few":               {head + good + b + ",2026-11-23,60.00\n", 3, "3 cells where the header has 4"},
		"an unknown line":              {head + good + "PP2627-009-01,2026-11-23,60.00,BACS 2\n", 3, "no such line"},
		"no line at all":               {head + good + ",2026-11-23,60.00,BACS 2\n", 3, "which line it pays"},
		"the wrong amount":             {head + good + b + ",2026-11-23,59.99,BACS 2\n", 3, "for £60.00 and the file says £59.99"},
		"an amount that is none":       {head + good + b + ",2026-11-23,1e3,BACS 2\n", 3, ""},
		"a negative amount":            {head + good + b + ",2026-11-23,-60.00,BACS 2\n", 3, ""},
		"a day that does not exist":    {head + good + b + ",31/09/2026,60.00,BACS 2\n", 3, "does not exist"},
		"a month before the day":       {head + good + b + ",11/23/2026,60.00,BACS 2\n", 3, "month before the day"},
		"a day to come":                {head + good + b + ",2026-11-24,60.00,BACS 2\n", 3, "in the future"},
		"a day before the run":         {head + good + b + ",2026-11-20,60.00,BACS 2\n", 3, "before the run was made"},
		"no day":                       {head + good + b + ",,60.00,BACS 2\n", 3, "when it was paid"},
		"no payment reference":         {head + good + b + ",2026-11-23,60.00,\n", 3, "no payment reference"},
		"a line twice":                 {head + good + a + ",2026-11-23,50.00,BACS 2\n", 3, "The same line is on row 2"},
		"a line paid otherwise before": {head + good + before[0].Reference + ",2026-11-23,100.00,BACS 2\n", 3, "was paid on 23 November 2026 already"},
		"a run that was not sent":      {head + good + unsent.Reference + ",2026-11-23,70.00,BACS 2\n", 3, "not been marked as sent"},
		"a quote over two lines":       {head + good + "\"" + b + "\n\",2026-11-23,60.01,BACS 2\n", 3, "£60.01"},
	} {
		id, err := w.service.ReceivePaid(t.Context(), w.officer, "paid.csv", []byte(c.file))
		if c.line == 0 {
			refused(t, name, err, fault.KindInvalid, c.says)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		file := w.file(id)
		found := false
		for _, problem := range file.Problems {
			found = found || problem.Line == c.line && strings.Contains(problem.Text, c.says)
		}
		if !found || file.Confirmable() {
			t.Errorf("%s: %+v; want line %d with %q", name, file.Problems, c.line, c.says)
		}
		refused(t, "confirming "+name, w.service.ConfirmPaid(t.Context(), w.officer, id), fault.KindConflict, "nothing of it can be confirmed")
	}
	if n := w.ID(`select count(*) from premium_payment_line where state = 'paid'`); n != 2 {
		t.Errorf("%d lines are paid; two were", n)
	}
	w.inOrder()
}

func TestOfManyConfirmationsOfTheSameLinesOneCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.approved(w.child, 100)
	_, lines := w.sent()
	var files []int64
	for range 8 {
		files = append(files, w.receive(w.paidFile(lines...)).ID)
	}
	var wait sync.WaitGroup
	var failed atomic.Int64
	for _, file := range files {
		wait.Go(func() {
			if err := w.service.ConfirmPaid(context.Background(), w.officer, file); err != nil {
				failed.Add(1)
				if !errors.Is(err, fault.KindConflict) {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if got := w.request(w.child, id); got.Paid != money.Pounds(100) || w.ID(`select count(*) from premium_transfer where kind = 'pay'`) != 1 {
		t.Errorf("paid %s by 8 confirmations at once (%d failed)", got.Paid, failed.Load())
	}
	w.inOrder()
}

func TestALineThatMovedSinceTheCheckStopsTheFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, _ := w.approved(w.child, 100), w.approved(w.other, 100)
	_, lines := w.sent()
	file := w.receive(w.paidFile(lines...))
	w.must(w.service.Undo(t.Context(), w.officer, lines[1].ID, "No bank details"))
	refused(t, "confirming", w.service.ConfirmPaid(t.Context(), w.officer, file.ID), fault.KindConflict, "changed since the file was checked")
	if got := w.request(w.child, one); got.Paid != 0 {
		t.Errorf("a half of the file was paid: %+v", got)
	}
	w.must(w.service.DiscardPaid(t.Context(), w.officer, file.ID))
	refused(t, "discarding twice", w.service.DiscardPaid(t.Context(), w.officer, file.ID), fault.KindConflict, "discarded already")
}
