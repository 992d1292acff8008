package seed

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/premium/release"
)

// payable is what may be paid now, grant by grant, of the years whose books are still open.
func payable(ctx context.Context, now *desk, by access.Actor) (books []payment.Book, lists [][]payment.Payable, err error) {
	var batch postgres.Batch
	payment.QueueBooks(&batch, &books)
	if err := now.db.View(ctx, by, &batch); err != nil {
		return nil, nil, err
	}
	books = openOnly(books, now.db.Today())
	lists = make([][]payment.Payable, len(books))
	batch = postgres.Batch{}
	for n, book := range books {
		payment.QueuePayable(&batch, &lists[n], book.Stream, book.FinancialYear)
	}
	return books, lists, now.db.View(ctx, by, &batch)
}

// openOnly leaves out last year's books once they are closed, in May.
func openOnly(books []payment.Book, today calendar.Date) (list []payment.Book) {
	for _, book := range books {
		if today.Before(calendar.New(book.FinancialYear+1, time.May, 25)) {
			list = append(list, book)
		}
	}
	return list
}

// giveBack releases what a few requests no longer need.
func (c *council) giveBack(ctx context.Context, now *desk, by access.Actor) error {
	_, lists, err := payable(ctx, now, by)
	if err != nil {
		return err
	}
	for _, list := range lists {
		for n, one := range list {
			if n%19 != 7 || one.InPayment > 0 || one.Paid > 0 {
				continue
			}
			reason := reasonsToRelease[n/19%len(reasonsToRelease)]
			if err := now.payments.Release(ctx, by, one.RequestID, one.Left()/4, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

var reasonsToRelease = []string{"Two sessions fewer than planned: the half-term is short", "The invoice was for less than the quotation", "The school had one already"}

// pay makes a run of each grant and year, and sends it to finance with its file. A run of what is
// still to be paid of the year before goes first.
func (c *council) pay(ctx context.Context, now *desk, by access.Actor) error {
	books, lists, err := payable(ctx, now, by)
	if err != nil {
		return err
	}
	for n, book := range books {
		if !anyToPay(lists[n]) {
			continue
		}
		made, err := now.payments.Make(ctx, by, book.Stream, book.FinancialYear, nil)
		if err != nil {
			return err
		}
		if now.db.Today().Month == time.May && n == 0 { // noticed in time, once a year
			if err := now.payments.SetAside(ctx, by, made.ID, "Made before the head’s two approvals of today were in"); err != nil {
				return err
			}
			if made, err = now.payments.Make(ctx, by, book.Stream, book.FinancialYear, nil); err != nil {
				return err
			}
		}
		if _, _, err := now.payments.Export(ctx, by, made.ID); err != nil {
			return err
		}
		if err := now.payments.Send(ctx, by, made.ID); err != nil {
			return err
		}
	}
	return nil
}

func anyToPay(list []payment.Payable) bool {
	for _, one := range list {
		if one.Left() > 0 {
			return true
		}
	}
	return false
}

// confirm takes in the file in which finance says what it paid. Now and then finance could not pay a
// line, or its first file has a slip and is put away.
func (c *council) confirm(ctx context.Context, now *desk, by access.Actor) error {
	var runs []payment.Run
	var batch postgres.Batch
	payment.QueueRuns(&batch, &runs, 0, 8)
	if err := now.db.View(ctx, by, &batch); err != nil {
		return err
	}
	lines := make([][]payment.Line, len(runs))
	batch = postgres.Batch{}
	for n, run := range runs {
		payment.QueueLinesOfRun(&batch, &lines[n], run.ID)
	}
	if err := now.db.View(ctx, by, &batch); err != nil {
		return err
	}
	var paid [][]string
	var refused []int64
	today := now.db.Today()
	for n, run := range runs {
		if run.State != payment.Sent {
			continue
		}
		for i, line := range lines[n] {
			if line.State != payment.Open {
				continue
			}
			if i%97 == 45 {
				refused = append(refused, line.ID)
				continue
			}
			paid = append(paid, []string{line.Reference, today.String(), line.Amount.Plain(), fmt.Sprintf("BACS %02d%02d %s", today.Month, today.Day, run.Reference[len(run.Reference)-3:])})
		}
	}
	for _, line := range refused {
		if err := now.payments.Undo(ctx, by, line, "Finance has no bank details for this school yet"); err != nil {
			return err
		}
	}
	if len(paid) == 0 {
		return nil
	}
	name := "paid-" + today.String() + ".csv"
	if today.Month == time.December { // the first file of the month pays a line that is not known
		slip := append([][]string{{"PP0000-000-01", today.String(), "10.00", "BACS"}}, paid...)
		id, err := now.payments.ReceivePaid(ctx, by, "draft-"+name, paidFile(slip))
		if err != nil {
			return err
		}
		if err := now.payments.DiscardPaid(ctx, by, id); err != nil {
			return err
		}
	}
	id, err := now.payments.ReceivePaid(ctx, by, name, paidFile(paid))
	if err != nil {
		return err
	}
	return now.payments.ConfirmPaid(ctx, by, id)
}

func paidFile(rows [][]string) []byte {
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	if err := w.WriteAll(append([][]string{payment.PaidTemplate()}, rows...)); err != nil {
		panic("seed: " + err.Error()) // into memory
	}
	return file.Bytes()
}

// comesBack is a payment that the bank sends back; it goes into the next run.
func (c *council) comesBack(ctx context.Context, now *desk, by access.Actor) error {
	line, found, err := lastPaid(ctx, now, by, 2)
	if err != nil || !found {
		return err
	}
	return now.payments.Undo(ctx, by, line.ID, "The bank sent it back: the school’s account was closed when it joined a trust")
}

// recover records what a school has given back of a payment of this year.
func (c *council) recover(ctx context.Context, now *desk, by access.Actor) error {
	line, found, err := lastPaid(ctx, now, by, 4)
	if err != nil || !found {
		return err
	}
	err = now.payments.Recover(ctx, by, line.RequestID, line.Amount/3, "The child moved in the middle of the course; the provider refunded the rest to the school")
	return unless(err, fault.KindConflict)
}

// lastPaid is the line at a place among those paid today.
func lastPaid(ctx context.Context, now *desk, by access.Actor, place int) (line payment.Line, found bool, err error) {
	var runs []payment.Run
	var batch postgres.Batch
	payment.QueueRuns(&batch, &runs, 0, 8)
	if err := now.db.View(ctx, by, &batch); err != nil {
		return line, false, err
	}
	for _, run := range runs {
		var lines []payment.Line
		batch = postgres.Batch{}
		payment.QueueLinesOfRun(&batch, &lines, run.ID)
		if err := now.db.View(ctx, by, &batch); err != nil {
			return line, false, err
		}
		if len(lines) > place && lines[place].State == payment.Paid {
			return lines[place], true, nil
		}
	}
	return line, false, nil
}

// evidence is schools sending reports and invoices for what they were paid, most of them in time. The
// virtual school has written to those whose day is near.
func (c *council) evidence(known func(childID int64) *young, on calendar.Date) func(context.Context, *desk, access.Actor) error {
	return func(ctx context.Context, now *desk, by access.Actor) error {
		var owed []payment.Owed
		var batch postgres.Batch
		payment.QueueOwed(&batch, &owed, 0)
		if err := now.db.View(ctx, by, &batch); err != nil {
			return err
		}
		for _, one := range owed {
			y := known(one.ChildID)
			late := (y.n*7+int(one.DecidedOn.Day)*3+int(one.DecidedOn.Month))%100 < 5
			due := one.LineDue
			if late {
				due = due.AddDays(60)
			}
			if one.LineDue.IsZero() || one.Missing() == 0 || on.AddDays(40).Before(due) {
				continue
			}
			by := y.advisor // who gets it from a school that the child has left
			if at := y.learns(on); at != nil && at.teacher != nil && at.name == one.School {
				by = at.teacher
			}
			proof := payment.Proof{Kind: "report", Amount: one.Missing(), DatedOn: on.AddDays(-3 - y.n%9), Note: "What was done, week by week, and what came of it."}
			if !strings.Contains(string(one.Category), "release") {
				proof.Kind, proof.Note = "invoice", fmt.Sprintf("Invoice %d of the provider", 2000+y.n*3)
			}
			err := now.payments.GiveEvidence(ctx, by.Actor, one.RequestID, proof)
			if err := unless(err, fault.KindNotFound); err != nil { // whom neither sees any more
				return err
			}
		}
		return nil
	}
}

// due are the lines of a term's release that may be released by somebody now.
func due(ctx context.Context, now *desk, by access.Actor, term release.Term) ([]release.Named, error) {
	var found release.Found
	var power premium.Power
	var batch postgres.Batch
	release.Queue(&batch, &found, now.releases.Authority, term, by.ID, "")
	premium.QueuePower(&batch, &power, by.ID)
	if err := now.db.View(ctx, by, &batch); err != nil {
		return nil, err
	}
	return found.Run(now.releases.Schemes, term, now.db.Today()).Due(power), nil
}

// pencil rounds a sum down to whole pounds.
func pencil(sum money.Pence) money.Pence { return sum / 100 * 100 }
