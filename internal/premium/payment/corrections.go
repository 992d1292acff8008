package payment

import (
	"context"
	"crypto/rand"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// Correction is money of a request going back to the pool.
type Correction string

// Corrections: the remainder of a commitment that will not be spent, and what a school has given back.
const (
	Releasing  Correction = "release"
	Recovering Correction = "recover"
)

// Most is the most that can go back: what is left and not on its way, or what was paid and not yet given back.
func (c Correction) Most(s Standing) money.Pence {
	if c == Recovering {
		return s.Paid - s.Recovered
	}
	return s.Left()
}

// Check refuses what cannot go back, and a correction without its reason.
func (c Correction) Check(s Standing, amount money.Pence, reason string) error {
	most := c.Most(s)
	var p fault.Problems
	switch {
	case most <= 0 && c == Recovering:
		return fault.Conflict("Nothing was paid for this request that could be given back.")
	case most <= 0:
		return fault.Conflict("Nothing of this commitment is left to release: it is paid, released or on its way.")
	case amount <= 0 || amount > most:
		p.Addf("amount", "Amount must be more than £0.00 and not more than %s", most)
	}
	for _, problem := range fault.Of(checkReason("reason", "Enter the reason", strings.TrimSpace(reason))) {
		p.Add(problem.Field, problem.Text)
	}
	return p.Err()
}

// Release gives the unspent remainder of a commitment, or a part of it, back to the pool. It needs
// PayPremium and a reason. What is in a payment run cannot be released.
func (s *Service) Release(ctx context.Context, actor access.Actor, requestID int64, amount money.Pence, reason string) error {
	return s.correct(ctx, actor, requestID, Releasing, amount, reason)
}

// Recover records what a school has given back of what it was paid, into the pool. It needs PayPremium
// and a reason.
func (s *Service) Recover(ctx context.Context, actor access.Actor, requestID int64, amount money.Pence, reason string) error {
	return s.correct(ctx, actor, requestID, Recovering, amount, reason)
}

func (s *Service) correct(ctx context.Context, actor access.Actor, requestID int64, c Correction, amount money.Pence, reason string) error {
	reason = strings.TrimSpace(reason)
	from, event := "committed", "released"
	if c == Recovering {
		from, event = "recovered", "recovered"
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		if err := c.Check(was.standing(), amount, reason); err != nil {
			return err
		}
		entry, err := was.entry(tx, from, "pool", amount, reason, ledger.Key("%s %s", event, rand.Text()))
		if err != nil {
			return err
		}
		if err := ledger.Move(ctx, tx, entry); err != nil {
			return err
		}
		if err := was.event(ctx, tx, event, amount, reason); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: requestID, Action: event,
			Before: map[string]any{"released": was.Released, "paid": was.Paid, "recovered": was.Recovered}, After: map[string]any{"amount": amount, "reason": reason}})
	})
}

// CheckReturn refuses to return more than is left to allocate, and a return without its reason.
func CheckReturn(pool, amount money.Pence, reason string) error {
	var p fault.Problems
	if amount <= 0 || amount > pool {
		p.Addf("amount", "Amount must be more than £0.00 and not more than the %s left to allocate", pool)
	}
	for _, problem := range fault.Of(checkReason("reason", "Enter the reason", strings.TrimSpace(reason))) {
		p.Add(problem.Field, problem.Text)
	}
	return p.Err()
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
		if err := CheckReturn(was.Pool, amount, reason); err != nil {
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
