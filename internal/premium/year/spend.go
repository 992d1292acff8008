package year

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Spending is money paid from the retained share for one of its purposes.
type Spending struct {
	PurposeID int64
	Amount    money.Pence
	What      string // what was bought, from whom
}

func (s Spending) problems() error {
	var p fault.Problems
	if s.PurposeID == 0 {
		p.Add("purpose", "Choose the purpose it was spent on")
	}
	if s.Amount <= 0 || s.Amount > money.Most {
		p.Addf("amount", "Amount must be more than £0.00 and not more than %s", money.Most)
	}
	switch {
	case s.What == "":
		p.Add("what", "Enter what the money was spent on")
	case utf8.RuneCountInString(s.What) > 500:
		p.Add("what", "Use 500 characters or fewer")
	}
	return p.Err()
}

// Spend records money paid from the retained share of a year. It needs SetPremium; a purpose gives no
// more than was planned for it.
func (s *Service) Spend(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear int, spending Spending) error {
	spending.What = strings.TrimSpace(spending.What)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPremium, access.Facts{}); err != nil {
			return err
		}
		if err := spending.problems(); err != nil {
			return err
		}
		was, err := hold(ctx, tx, stream, financialYear)
		if err != nil {
			return err
		}
		if was.Closed {
			return closedWords(financialYear)
		}
		type spendable struct {
			Purpose
			Last int64 // the last transfer for it, which makes the next one's key
		}
		purpose, err := postgres.Get[spendable](ctx, tx, `select id, name, planned_pence as planned, spent_pence as spent,
				coalesce((select max(t.id) from premium_transfer t where t.purpose_id = p.id), 0) as last
			from premium_purpose p where id = @purpose and stream = @stream and financial_year = @year`,
			postgres.Args{"purpose": spending.PurposeID, "stream": stream, "year": financialYear})
		if errors.Is(err, fault.KindNotFound) {
			return fault.Invalid("purpose", "Choose the purpose from the list")
		}
		if err != nil {
			return err
		}
		if spending.Amount > purpose.Left() {
			return fault.Invalid("amount", fmt.Sprintf("%s is left of what is retained for this. Plan more for it first, or enter less.", purpose.Left()))
		}
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: "retained", To: "paid", Amount: spending.Amount, Purpose: purpose.ID,
			Reason: purpose.Name + ": " + spending.What, Key: ledger.Key("purpose %d after %d", purpose.ID, purpose.Last)}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium year", SubjectID: subject(stream, financialYear), Action: "retained money spent", After: spending})
	})
}

// TakeBack reverses spending from the retained share that was entered by mistake: the whole entry the
// other way round, with a reason. It needs SetPremium.
func (s *Service) TakeBack(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear int, transferID int64, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPremium, access.Facts{}); err != nil {
			return err
		}
		if reason == "" || utf8.RuneCountInString(reason) > 500 {
			return fault.Invalid("reason", "Enter why it is taken back, in 500 characters or fewer")
		}
		was, err := hold(ctx, tx, stream, financialYear)
		if err != nil {
			return err
		}
		if was.Closed {
			return closedWords(financialYear)
		}
		type spent struct {
			Amount money.Pence
			Back   bool
		}
		entry, err := postgres.Get[spent](ctx, tx, `select amount_pence as amount, exists (select from premium_transfer r where r.reverses = t.id) as back
			from premium_transfer t where id = @transfer and stream = @stream and financial_year = @year and kind = 'spend'`,
			postgres.Args{"transfer": transferID, "stream": stream, "year": financialYear})
		if err != nil {
			return err
		}
		if entry.Back {
			return fault.Conflict("This entry has been taken back already.")
		}
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: "paid", To: "retained", Amount: entry.Amount, Reverses: transferID,
			Reason: "Taken back: " + reason, Key: ledger.Key("transfer %d taken back", transferID)}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium year", SubjectID: subject(stream, financialYear), Action: "retained spending taken back",
			After: map[string]any{"transfer": transferID, "reason": reason}})
	})
}

// Spent is a line of what was spent from the retained share.
type Spent struct {
	ID      int64
	Purpose string
	Reason  string
	Amount  money.Pence
	MadeOn  calendar.Date
	MadeBy  string
	Back    bool // taken back since
}

// QueueSpent queues what was spent from the retained share, newest first.
func QueueSpent(batch *postgres.Batch, into *[]Spent, stream ledger.Stream, financialYear int) {
	postgres.Many(batch, into, `select t.id, coalesce(p.name, '') as purpose, t.reason, t.amount_pence as amount, t.made_on, a.name as made_by,
			exists (select from premium_transfer r where r.reverses = t.id) as back
		from premium_transfer t join account a on a.id = t.made_by left join premium_purpose p on p.id = t.purpose_id
		where t.stream = @stream and t.financial_year = @year and t.kind = 'spend' order by t.id desc limit 50`,
		postgres.Args{"stream": stream, "year": financialYear})
}
