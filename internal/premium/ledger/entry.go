package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// OpenYear makes sure the year and its accounts are there, with no rate until the council enters one.
func OpenYear(ctx context.Context, tx *postgres.Tx, stream Stream, financialYear int) error {
	_, err := tx.Do(ctx, `insert into premium_year (stream, financial_year) values (@stream, @year) on conflict do nothing`, postgres.Args{"stream": stream, "year": financialYear})
	return err
}

// Entry is one transfer to be written: from an account of a grant's year to another.
type Entry struct {
	Stream   Stream
	Year     int
	From, To string
	Amount   money.Pence
	Request  int64 // 0: about no request
	Child    int64 // 0: about no one child
	Purpose  int64 // of the retained share; 0: none
	Reason   string
	Reverses int64  // the transfer taken back; 0: none
	Journal  bool   // in a closed year
	Key      string // the same key moves money once
}

// Move writes an entry, and the database moves the money. Whoever moves the money of several requests locks them first, by number.
func Move(ctx context.Context, tx *postgres.Tx, e Entry) error {
	return tx.DoOne(ctx, `insert into premium_transfer (stream, financial_year, from_account, to_account, amount_pence, request_id, child_id, purpose_id, reason,
			reverses, journal, idempotency_key, made_by, made_at, made_on)
		select @stream, @year, f.id, t.id, @amount, nullif(@request::bigint, 0), nullif(@child::bigint, 0), nullif(@purpose::bigint, 0), @reason,
			nullif(@reverses::bigint, 0), @journal, @key::uuid, @by, @now, @today
		from premium_account f, premium_account t
		where f.stream = @stream and f.financial_year = @year and f.kind = @from and t.stream = @stream and t.financial_year = @year and t.kind = @to`,
		postgres.Args{"stream": e.Stream, "year": e.Year, "from": e.From, "to": e.To, "amount": e.Amount, "request": e.Request, "child": e.Child, "purpose": e.Purpose,
			"reason": e.Reason, "reverses": e.Reverses, "journal": e.Journal, "key": e.Key, "by": tx.Actor.ID})
}

// Key derives an entry's idempotency key from what it is for, in the shape of a UUID.
func Key(format string, args ...any) string {
	sum := sha256.Sum256(fmt.Appendf([]byte("premium "), format, args...))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// LockRequests locks requests by number until the transaction ends: the first thing to do before the
// money of several is moved, so that two who do it queue and never deadlock.
func LockRequests(ctx context.Context, tx *postgres.Tx, requestIDs []int64) error {
	_, err := tx.Do(ctx, `select from premium_request where id = any(@requests) order by id for update`, postgres.Args{"requests": requestIDs})
	return err
}
