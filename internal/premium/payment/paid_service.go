package payment

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// ReceivePaid takes in a file in which finance says what it paid, and checks it: every row against itself
// and against its line. Nothing is paid before ConfirmPaid. It needs PayPremium and gives the file's number.
func (s *Service) ReceivePaid(ctx context.Context, actor access.Actor, name string, content []byte) (id int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		rows, problems, err := readPaid(name, content, tx.Today)
		var unreadable *table.FileError
		if errors.As(err, &unreadable) {
			return fault.Invalid("file", unreadable.Text)
		}
		if err != nil {
			return err
		}
		lines, err := linesOf(ctx, tx, rows, "")
		if err != nil {
			return err
		}
		rows, more := judged(rows, lines)
		digest := sha256.Sum256(content)
		id, err = postgres.GetValue[int64](ctx, tx, `insert into premium_paid_file (name, digest, rows, problems, sent_by, sent_at)
			values (@name, @digest, @rows, @problems, @by, @now) returning id`,
			postgres.Args{"name": table.Short(name), "digest": digest[:], "rows": written(rows), "problems": written(append(problems, more...)), "by": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium paid file", SubjectID: id, Action: "checked", After: map[string]any{"rows": len(rows), "problems": len(problems) + len(more)}})
	})
	return id, err
}

// linesOf reads the lines that rows are about, with a lock where one is given.
func linesOf(ctx context.Context, tx *postgres.Tx, rows []PaidRow, lock string) (map[string]lockedLine, error) {
	references := make([]string, len(rows))
	for i, row := range rows {
		references[i] = row.Reference
	}
	list, err := postgres.List[lockedLine](ctx, tx, lockedLineSQL+` where l.reference = any(@references) order by l.id`+lock, postgres.Args{"references": references})
	lines := make(map[string]lockedLine, len(list))
	for _, line := range list {
		lines[line.Reference] = line
	}
	return lines, err
}

func judged(rows []PaidRow, lines map[string]lockedLine) ([]PaidRow, []table.Problem) {
	var problems []table.Problem
	for i, row := range rows {
		line, found := lines[row.Reference]
		problem, known := row.judge(line, found)
		if problem != nil {
			problems = append(problems, *problem)
		}
		rows[i].Known = known
	}
	return rows, problems
}

// written is a list as it is kept: never null.
func written[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic("payment: " + err.Error()) // of our own types
	}
	return string(text)
}

// ConfirmPaid pays the lines of a checked file in the ledger, all or none. It needs PayPremium. A file
// with a problem is a conflict, and so is one whose lines have moved on since it was checked.
func (s *Service) ConfirmPaid(ctx context.Context, actor access.Actor, fileID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		file, err := lockFile(ctx, tx, fileID)
		if err != nil {
			return err
		}
		if wrong(file.Problems) {
			return fault.Conflict("The file has problems, so nothing of it can be confirmed. Correct it and send it again.")
		}
		lines, err := linesOf(ctx, tx, file.Rows, "")
		if err != nil {
			return err
		}
		var requests []int64
		for _, line := range lines {
			requests = append(requests, line.RequestID)
		}
		if err := ledger.LockRequests(ctx, tx, requests); err != nil {
			return err
		}
		if lines, err = linesOf(ctx, tx, file.Rows, " for update of l"); err != nil {
			return err
		}
		rows, problems := judged(file.Rows, lines)
		if len(problems) > 0 {
			return fault.Conflict("Something has changed since the file was checked: " + problems[0].About + ". " + problems[0].Text + " Nothing has been paid. Send the file again.")
		}
		paid, sum := 0, money.Pence(0)
		for _, row := range rows {
			if row.Known {
				continue
			}
			if err := pay(ctx, tx, lines[row.Reference], row); err != nil {
				return err
			}
			paid, sum = paid+1, sum+row.Amount
		}
		if err := closeFile(ctx, tx, fileID, "confirmed"); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium paid file", SubjectID: fileID, Action: "confirmed", After: map[string]any{"lines": paid, "sum": sum}})
	})
}

// pay enters one payment that finance has made.
func pay(ctx context.Context, tx *postgres.Tx, line lockedLine, row PaidRow) error {
	request, err := lock(ctx, tx, line.RequestID)
	if err != nil {
		return err
	}
	key := ledger.Key("line %d paid", line.ID)
	entry, err := request.entry(tx, "committed", "paid", line.Amount, "Paid "+line.Reference, key)
	if err != nil {
		return err
	}
	if err := ledger.Move(ctx, tx, entry); err != nil {
		return err
	}
	if err := tx.DoOne(ctx, `update premium_payment_line set state = 'paid', paid_on = @paid_on, payment_reference = @reference, paid_by = @by, paid_at = @now,
			pay_transfer = (select id from premium_transfer where idempotency_key = @key::uuid) where id = @line and state = 'open'`,
		postgres.Args{"line": line.ID, "paid_on": row.PaidOn, "reference": row.PaymentReference, "by": tx.Actor.ID, "key": key}); err != nil {
		return err
	}
	if err := request.event(ctx, tx, "paid", line.Amount, line.Reference); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: request.ChildID, Subject: "premium payment line", SubjectID: line.ID, Action: "paid",
		After: map[string]any{"reference": line.Reference, "amount": line.Amount, "paid_on": row.PaidOn, "payment_reference": row.PaymentReference}})
}

// DiscardPaid puts a checked file away without paying anything. It needs PayPremium.
func (s *Service) DiscardPaid(ctx context.Context, actor access.Actor, fileID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := lockFile(ctx, tx, fileID); err != nil {
			return err
		}
		if err := closeFile(ctx, tx, fileID, "discarded"); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium paid file", SubjectID: fileID, Action: "discarded"})
	})
}

// lockFile gives a file that may still be confirmed or discarded, to those who may.
func lockFile(ctx context.Context, tx *postgres.Tx, fileID int64) (PaidFile, error) {
	file, err := postgres.Get[PaidFile](ctx, tx, paidFileSQL+` where f.id = @file for update of f`, postgres.Args{"file": fileID})
	if err != nil {
		return file, err
	}
	if err := access.Check(tx.Actor, access.PayPremium, access.Facts{}); err != nil {
		return file, err
	}
	if file.State != "checked" {
		return file, fault.Conflict("This file was " + file.State + " already. Nothing has been changed.")
	}
	return file, nil
}

func closeFile(ctx context.Context, tx *postgres.Tx, fileID int64, state string) error {
	return tx.DoOne(ctx, `update premium_paid_file set state = @state, closed_by = @by, closed_at = @now where id = @file and state = 'checked'`,
		postgres.Args{"file": fileID, "state": state, "by": tx.Actor.ID})
}

// PaidFile is a file in which finance says what it paid. State is checked, confirmed or discarded.
type PaidFile struct {
	ID         int64
	Name       string
	State      string
	Rows       []PaidRow
	Problems   []table.Problem
	SentByName string
	SentAt     time.Time
	ClosedBy   string
	ClosedAt   *time.Time
}

// New is how many of the file's rows pay something, and how much.
func (f PaidFile) New() (rows int, sum money.Pence) {
	for _, row := range f.Rows {
		if !row.Known {
			rows, sum = rows+1, sum+row.Amount
		}
	}
	return rows, sum
}

// Confirmable says whether there is something to confirm and nothing wrong.
func (f PaidFile) Confirmable() bool {
	rows, _ := f.New()
	return f.State == "checked" && rows > 0 && !f.Wrong()
}

// Wrong says whether a problem refuses the file.
func (f PaidFile) Wrong() bool { return wrong(f.Problems) }

const paidFileSQL = `select f.id, f.name, f.state, f.rows, f.problems, a.name as sent_by_name, f.sent_at, coalesce(c.name, '') as closed_by, f.closed_at
	from premium_paid_file f join account a on a.id = f.sent_by left join account c on c.id = f.closed_by`

// QueuePaidFile queues one file. One that is not there fails the batch with NotFound.
func QueuePaidFile(batch *postgres.Batch, into *PaidFile, fileID int64) {
	postgres.One(batch, into, paidFileSQL+` where f.id = @file`, postgres.Args{"file": fileID})
}

// QueuePaidFiles queues the latest files, without their rows.
func QueuePaidFiles(batch *postgres.Batch, into *[]PaidFile, limit int) {
	postgres.Many(batch, into, `select f.id, f.name, f.state, '[]'::jsonb as rows, '[]'::jsonb as problems, a.name as sent_by_name, f.sent_at,
			coalesce(c.name, '') as closed_by, f.closed_at
		from premium_paid_file f join account a on a.id = f.sent_by left join account c on c.id = f.closed_by order by f.id desc limit @limit`, postgres.Args{"limit": limit})
}
