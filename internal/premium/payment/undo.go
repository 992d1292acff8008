package payment

import (
	"context"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// LineState is how a line of a run stands.
type LineState string

// States of a line.
const (
	Open    LineState = "open"
	Paid    LineState = "paid"
	NotPaid LineState = "not_paid"
	Bounced LineState = "bounced"
)

var lineStateNames = map[LineState]string{Open: "Not confirmed yet", Paid: "Paid", NotPaid: "Not paid", Bounced: "Paid and came back"}

// Name is the state as screens say it.
func (s LineState) Name() string { return lineStateNames[s] }

// Undo records, with a reason, that a line was not paid after all: finance did not pay it, or the bank
// sent it back, which reverses its entry in the ledger. Either way it can be paid again in another run.
// It needs PayPremium.
func (s *Service) Undo(ctx context.Context, actor access.Actor, lineID int64, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		requestID, err := postgres.GetValue[int64](ctx, tx, `select request_id from premium_payment_line where id = @line`, postgres.Args{"line": lineID})
		if err != nil {
			return err
		}
		request, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		was, err := lockLine(ctx, tx, lineID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		if err := checkReason("reason", "Enter what happened to the payment", reason); err != nil {
			return err
		}
		args := postgres.Args{"line": lineID, "reason": reason, "by": actor.ID, "key": ledger.Key("line %d bounced", lineID)}
		to := NotPaid
		switch {
		case was.State == Open && was.RunState == Sent:
			err = tx.DoOne(ctx, `update premium_payment_line set state = 'not_paid', undone_reason = @reason, undone_by = @by, undone_at = @now where id = @line and state = 'open'`, args)
		case was.State == Paid && request.Paid-request.Recovered < was.Amount:
			return fault.Conflict("The school has given back a part of this money already, so the payment cannot be reversed. Recover the rest instead.")
		case was.State == Paid:
			to = Bounced
			err = bounce(ctx, tx, request, was, reason, args)
		default:
			return fault.Conflict("This line is not one that waits to be paid or was paid. Nothing has been changed.")
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: request.ChildID, Subject: "premium payment line", SubjectID: lineID, Action: string(to),
			Before: map[string]any{"state": was.State}, After: map[string]any{"state": to, "amount": was.Amount, "reason": reason}})
	})
}

func bounce(ctx context.Context, tx *postgres.Tx, request locked, line lockedLine, reason string, args postgres.Args) error {
	entry, err := request.entry(tx, "paid", "committed", line.Amount, line.Reference+" came back: "+reason, args["key"].(string))
	if err != nil {
		return err
	}
	entry.Reverses = line.PayTransfer
	if err := ledger.Move(ctx, tx, entry); err != nil {
		return err
	}
	if err := tx.DoOne(ctx, `update premium_payment_line set state = 'bounced', undone_reason = @reason, undone_by = @by, undone_at = @now,
			unpay_transfer = (select id from premium_transfer where idempotency_key = @key::uuid) where id = @line and state = 'paid'`, args); err != nil {
		return err
	}
	return request.event(ctx, tx, "payment_reversed", line.Amount, line.Reference+": "+reason)
}

// lockedLine is a line as a service finds it, locked until its transaction ends.
type lockedLine struct {
	ID               int64
	RequestID        int64
	RunID            int64
	Reference        string
	Amount           money.Pence
	State            LineState
	RunState         State
	RunDay           calendar.Date // when the run was made
	FinancialYear    int
	PaidOn           calendar.Date
	PaymentReference string
	PayTransfer      int64 // 0: not paid
}

const lockedLineSQL = `select l.id, l.request_id, l.run_id, l.reference, l.amount_pence as amount, l.state, p.state as run_state,
		(p.made_at at time zone 'Europe/London')::date as run_day, p.financial_year, l.paid_on,
		coalesce(l.payment_reference, '') as payment_reference, coalesce(l.pay_transfer, 0) as pay_transfer
	from premium_payment_line l join premium_payment_run p on p.id = l.run_id`

func lockLine(ctx context.Context, tx *postgres.Tx, lineID int64) (lockedLine, error) {
	return postgres.Get[lockedLine](ctx, tx, lockedLineSQL+` where l.id = @line for update of l`, postgres.Args{"line": lineID})
}
