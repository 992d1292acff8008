package payment

import (
	"context"
	"fmt"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Back is money that went back: from a school into the pool, or from the pool to the department.
type Back struct {
	ID            int64 // of its transfer
	Stream        ledger.Stream
	FinancialYear int
	Closed        bool // the year takes no more entries but the head's
	Amount        money.Pence
	Reason        string
	MadeOn        calendar.Date
	MadeByName    string
	TakenBack     string // why it was reversed, by whom and when; empty: it stands
	TakenBackBy   string
	TakenBackOn   calendar.Date
}

const backSQL = `select t.id, t.stream, t.financial_year, y.closed_at is not null as closed, t.amount_pence as amount, t.reason, t.made_on, a.name as made_by_name,
		coalesce(u.reason, '') as taken_back, coalesce(b.name, '') as taken_back_by, u.made_on as taken_back_on
	from premium_transfer t join account a on a.id = t.made_by join premium_year y on y.stream = t.stream and y.financial_year = t.financial_year
	left join premium_transfer u on u.reverses = t.id left join account b on b.id = u.made_by`

// QueueRecoveries queues what a school gave back of a request, newest first.
func QueueRecoveries(batch *postgres.Batch, into *[]Back, childID, requestID int64) {
	postgres.Many(batch, into, backSQL+` where t.request_id = @request and t.child_id = @child and t.kind = 'recover' order by t.id desc`,
		postgres.Args{"request": requestID, "child": childID})
}

// QueueReturns queues what went back to the department out of the years from one on, newest first.
func QueueReturns(batch *postgres.Batch, into *[]Back, fromYear int) {
	postgres.Many(batch, into, backSQL+` where t.financial_year >= @year and t.kind = 'return' order by t.id desc limit 50`, postgres.Args{"year": fromYear})
}

const whyTakenBack = "Enter why it is taken back"

// TakeBackRecovery reverses what was recorded by mistake as given back by a school: the whole entry the
// other way, out of the pool. It needs PayPremium and a reason. Invalid, about the field "reason", when
// the pool has less than that left.
func (s *Service) TakeBackRecovery(ctx context.Context, actor access.Actor, requestID, transferID int64, reason string) error {
	reason = strings.TrimSpace(reason)
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		request, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		if err := checkReason("reason", whyTakenBack, reason); err != nil {
			return err
		}
		was, err := standingBack(ctx, tx, `t.request_id = @of and t.kind = 'recover'`, requestID, transferID)
		if err != nil {
			return err
		}
		entry, err := request.entry(tx, "pool", "recovered", was.Amount, reason, takeBackKey(transferID))
		if err != nil {
			return err
		}
		entry.Reverses = transferID
		if err := ledger.Move(ctx, tx, entry); err != nil {
			return err
		}
		if err := request.event(ctx, tx, "recovery_reversed", was.Amount, reason); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: request.ChildID, Subject: "premium request", SubjectID: requestID, Action: "recovery reversed",
			Before: map[string]any{"recovered": request.Recovered}, After: map[string]any{"transfer": transferID, "amount": was.Amount, "reason": reason}})
	})
	if postgres.Constraint(err) == "premium_never_overspent" {
		return fault.Invalid("reason", "This money has been allocated again, and less than it is left to allocate. Release or return something else first.")
	}
	return err
}

// TakeBackReturn reverses what was recorded by mistake as given back to the department: it can be
// allocated again. It needs SetPremium and a reason.
func (s *Service) TakeBackReturn(ctx context.Context, actor access.Actor, transferID int64, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPremium, access.Facts{}); err != nil {
			return err
		}
		if err := checkReason("reason", whyTakenBack, reason); err != nil {
			return err
		}
		// The year's row lets one of two in at a time, and says whether it is closed.
		closed, err := postgres.GetValue[bool](ctx, tx, `select y.closed_at is not null from premium_year y join premium_transfer t
			on t.stream = y.stream and t.financial_year = y.financial_year where t.id = @transfer and t.kind = 'return' for no key update of y`, postgres.Args{"transfer": transferID})
		if err != nil {
			return err
		}
		was, err := standingBack(ctx, tx, `t.kind = 'return' and @of::bigint = 0`, 0, transferID)
		if err != nil {
			return err
		}
		if err := mayEnter(tx, was.FinancialYear, closed); err != nil {
			return err
		}
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: was.Stream, Year: was.FinancialYear, From: "returned", To: "pool", Amount: was.Amount, Reason: reason,
			Reverses: transferID, Journal: closed, Key: takeBackKey(transferID)}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium year", SubjectID: was.FinancialYear, Action: "return to the department taken back",
			After: map[string]any{"stream": was.Stream, "transfer": transferID, "amount": was.Amount, "reason": reason}})
	})
}

// standingBack is an entry that has not been reversed. NotFound when there is none such.
func standingBack(ctx context.Context, tx *postgres.Tx, which string, of, transferID int64) (Back, error) {
	was, err := postgres.Get[Back](ctx, tx, backSQL+` where t.id = @transfer and `+which, postgres.Args{"transfer": transferID, "of": of})
	if err == nil && was.TakenBack != "" {
		err = fault.Conflict(fmt.Sprintf("This entry of %s was taken back already. Nothing has been changed.", was.Amount))
	}
	return was, err
}

func takeBackKey(transferID int64) string { return ledger.Key("transfer %d taken back", transferID) }
