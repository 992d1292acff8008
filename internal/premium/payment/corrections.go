package payment

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Release gives the unspent remainder of a commitment, or a part of it, back to the pool. It needs
// PayPremium and a reason. What is in a payment run cannot be released.
func (s *Service) Release(ctx context.Context, actor access.Actor, requestID int64, amount money.Pence, reason string) error {
	return s.correct(ctx, actor, requestID, amount, reason, correction{from: "committed", to: "pool", event: "released", most: locked.left,
		none: "Nothing of this commitment is left to release.", over: "Amount must be more than £0.00 and not more than the %s that is left"})
}

// Recover records what a school has given back of what it was paid, into the pool. It needs PayPremium
// and a reason.
func (s *Service) Recover(ctx context.Context, actor access.Actor, requestID int64, amount money.Pence, reason string) error {
	return s.correct(ctx, actor, requestID, amount, reason, correction{from: "recovered", to: "pool", event: "recovered",
		most: func(l locked) money.Pence { return l.Paid - l.Recovered },
		none: "Nothing was paid for this request that could be given back.", over: "Amount must be more than £0.00 and not more than the %s that was paid"})
}

// correction is money of a request going to the pool.
type correction struct {
	from, to, event string
	most            func(locked) money.Pence
	none, over      string
}

func (s *Service) correct(ctx context.Context, actor access.Actor, requestID int64, amount money.Pence, reason string, c correction) error {
	reason = strings.TrimSpace(reason)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		most := c.most(was)
		if most <= 0 {
			return fault.Conflict(c.none)
		}
		if amount <= 0 || amount > most {
			return fault.Invalid("amount", fmt.Sprintf(c.over, most))
		}
		if err := checkReason("reason", "Enter the reason", reason); err != nil {
			return err
		}
		entry, err := was.entry(tx, c.from, c.to, amount, reason, ledger.Key("%s %s", c.event, rand.Text()))
		if err != nil {
			return err
		}
		if err := ledger.Move(ctx, tx, entry); err != nil {
			return err
		}
		if err := was.event(ctx, tx, c.event, amount, reason); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: requestID, Action: c.event,
			Before: map[string]any{"released": was.Released, "paid": was.Paid, "recovered": was.Recovered}, After: map[string]any{"amount": amount, "reason": reason}})
	})
}

// Return gives money of a grant's year back to the department, out of what is left to allocate. It needs
// SetPremium and a reason.
func (s *Service) Return(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear int, amount money.Pence, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPremium, access.Facts{}); err != nil {
			return err
		}
		type pool struct {
			Closed bool
			Pool   money.Pence
		}
		was, err := postgres.Get[pool](ctx, tx, `select y.closed_at is not null as closed, a.balance_pence as pool
			from premium_year y join premium_account a on a.stream = y.stream and a.financial_year = y.financial_year and a.kind = 'pool'
			where y.stream = @stream and y.financial_year = @year for no key update of y`, postgres.Args{"stream": stream, "year": financialYear})
		if err != nil {
			return err
		}
		if amount <= 0 || amount > was.Pool {
			return fault.Invalid("amount", fmt.Sprintf("Amount must be more than £0.00 and not more than the %s left to allocate", was.Pool))
		}
		if err := checkReason("reason", "Enter the reason", reason); err != nil {
			return err
		}
		if err := mayEnter(tx, financialYear, was.Closed); err != nil {
			return err
		}
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: "pool", To: "returned", Amount: amount, Reason: reason,
			Journal: was.Closed, Key: ledger.Key("returned %s", rand.Text())}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium year", SubjectID: financialYear, Action: "returned to the department",
			Before: map[string]any{"pool": was.Pool}, After: map[string]any{"stream": stream, "amount": amount, "reason": reason}})
	})
}
