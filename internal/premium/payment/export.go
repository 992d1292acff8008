package payment

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// FinanceColumns head the file for finance. The names that ReceivePaid reads are among them, so that
// finance can fill in the last two and send the file back.
var FinanceColumns = []string{"Supplier", "URN", "Run reference", "Grant", "Financial year", "Line reference", "Child reference", "Net amount", "Paid on", "Payment reference"}

type exportLine struct {
	Payee     string
	URN       int
	LAChildID string
	ChildID   int64
	Reference string
	Amount    money.Pence
}

// Export makes the file of a run for finance, its first row the headings, and records that it was made. It
// names no child. It needs PayPremium, and that the actor may see every line: a file that left one out
// would not be the run. A run set aside has no file.
func (s *Service) Export(ctx context.Context, actor access.Actor, runID int64) (reference string, rows [][]string, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		var batch exported
		if err := batch.load(ctx, tx, runID); err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		if err := batch.whole(); err != nil {
			return err
		}
		reference, rows = batch.run.Reference, batch.rows()
		return batch.record(ctx, tx, rows)
	})
	return reference, rows, err
}

// exported is a run with its lines.
type exported struct {
	run   Run
	lines []exportLine
}

func (e *exported) load(ctx context.Context, tx *postgres.Tx, runID int64) (err error) {
	if e.run, err = postgres.Get[Run](ctx, tx, runSQL+` where p.id = @run`, postgres.Args{"run": runID}); err != nil {
		return err
	}
	e.lines, err = postgres.List[exportLine](ctx, tx, `select m.payee, coalesce(m.urn, 0) as urn, c.la_child_id, l.child_id, l.reference, l.amount_pence as amount
		from premium_payment_line l join premium_remittance m on m.id = l.remittance_id join child c on c.id = l.child_id
		where l.run_id = @run order by l.id`, postgres.Args{"run": runID})
	return err
}

func (e *exported) whole() error {
	if e.run.State == SetAside {
		return fault.Conflict("This run was set aside, so there is nothing for finance to pay.")
	}
	if hidden := e.run.Lines - len(e.lines); hidden > 0 {
		return fault.Conflict(fmt.Sprintf("%d of the lines of this run are about records you may not see. Whoever made the run can download the file.", hidden))
	}
	return nil
}

func (e *exported) rows() [][]string {
	rows := [][]string{FinanceColumns}
	for _, line := range e.lines {
		urn := ""
		if line.URN > 0 {
			urn = strconv.Itoa(line.URN)
		}
		rows = append(rows, []string{line.Payee, urn, e.run.Reference, e.run.Stream.Name(), calendar.FinancialYearLabel(e.run.FinancialYear),
			line.Reference, line.LAChildID, line.Amount.Plain(), "", ""})
	}
	return rows
}

func (e *exported) record(ctx context.Context, tx *postgres.Tx, rows [][]string) error {
	digest := sha256.New()
	sum := money.Pence(0)
	for _, row := range rows {
		fmt.Fprintln(digest, strings.Join(row, "\x1f"))
	}
	for _, line := range e.lines {
		sum += line.Amount
	}
	if err := tx.DoOne(ctx, `insert into premium_export (run_id, line_count, sum_pence, digest, made_by, made_at) values (@run, @lines, @sum, @digest, @by, @now)`,
		postgres.Args{"run": e.run.ID, "lines": len(e.lines), "sum": sum, "digest": digest.Sum(nil), "by": tx.Actor.ID}); err != nil {
		return err
	}
	if _, err := tx.Do(ctx, `insert into audit_look (at, account_id, child_id, screen, request_id)
		select distinct @now::timestamptz, @by::bigint, child_id, 'premium payment file', @web from premium_payment_line where run_id = @run`,
		postgres.Args{"run": e.run.ID, "by": tx.Actor.ID, "web": audit.RequestID(ctx)}); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{Subject: "premium payment run", SubjectID: e.run.ID, Action: "file for finance downloaded", After: map[string]any{"lines": len(e.lines), "sum": sum}})
}
