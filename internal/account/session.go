package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Sessions keeps sessions in the database for scs. One look-up finds the session and the person as
// they are now, so a changed role or an ended account works on the very next request. Tokens are
// kept as hashes: what is in the database opens no door.
type Sessions struct {
	DB   *postgres.DB
	Idle time.Duration // a session unused for so long is over
}

// touchAfter spares a write on every request: the last use is kept to the minute.
const touchAfter = time.Minute

// SurelyIdle is how long a session lasts at the least after a person did something, given how long it may
// lie unused: its last use is only kept to the minute.
func SurelyIdle(idle time.Duration) time.Duration { return max(idle-touchAfter, idle/2) }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// FindCtx finds the live session of a token, and leaves its person in the context's place.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	type row struct {
		Data       []byte
		ID         *int64
		Name       *string
		Email      *string
		Role       *string
		By, Second string
		Since      *time.Time
		ProvedAt   *time.Time
		Halfway    bool
		Place      int64 // in which they stand; 0: none
		Away       int64
		AwayName,
		AwayRole string
		AwayUntil calendar.Date
	}
	var found *row
	var batch postgres.Batch
	hash := tokenHash(token)
	postgres.Maybe(&batch, &found, `with live as (
			select token_hash, data, account_id, touched_at, signed_in_by, second, signed_in_at, proved_at, halfway from session
			where token_hash = @hash and expires_at > @now and touched_at > @now::timestamptz - @idle::interval
				and (not halfway or created_at > @now::timestamptz - @halfway_for::interval)),
		touched as (
			update session s set touched_at = @now from live
			where s.token_hash = live.token_hash and live.touched_at < @now::timestamptz - @touch::interval)
		select live.data, a.id, a.name, a.email, a.role, coalesce(live.signed_in_by, '') as by, coalesce(live.second, '') as second,
			live.signed_in_at as since, live.proved_at, live.halfway, coalesce(s.id, 0) as place, coalesce(p.id, 0) as away, coalesce(p.name, '') as away_name,
			coalesce(p.role, '') as away_role, s.until as away_until
		from live
		left join account a on a.id = live.account_id
		left join stand_in s on s.account_id = a.id and s.ended_at is null and @today between s.starts and s.until
		left join account p on p.id = s.for_account and p.state = 'active'
		where live.account_id is null or a.state = 'active'`,
		postgres.Args{"hash": hash, "idle": s.Idle, "touch": touchAfter, "halfway_for": HalfwayFor})
	if err := s.DB.View(ctx, access.Actor{}, &batch); err != nil {
		return nil, false, err
	}
	if found == nil {
		return nil, false, nil
	}
	if place, ok := ctx.Value(personKey{}).(*Person); ok && found.ID != nil {
		actor := access.Actor{ID: *found.ID, Name: *found.Name, Email: *found.Email, Role: access.Role(*found.Role)}
		place.Proof = Proof{By: Way(found.By), Second: Second(found.Second), Since: found.Since.UTC(), At: found.ProvedAt.UTC(), Halfway: found.Halfway}
		if found.Halfway {
			place.Halfway = actor
			return found.Data, true, nil
		}
		if found.Away != 0 {
			actor.StandsInFor = access.Away{StandIn: found.Place, ID: found.Away, Name: found.AwayName, Role: access.Role(found.AwayRole), Until: found.AwayUntil}
		}
		place.Actor = actor
	}
	return found.Data, true, nil
}

// CommitCtx keeps a session. Whose a new one is was said by signing in (see Belongs); one that is there
// never changes hands. The library counts the expiry by the machine's clock; kept is the database's.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	var account *int64
	var by, second *string
	var since, proved *time.Time
	var halfway bool
	if to, ok := ctx.Value(belongsKey{}).(*owner); ok && to.account != 0 {
		account, by, since, proved, halfway = &to.account, (*string)(&to.proof.By), &to.proof.Since, &to.proof.At, to.proof.Halfway
		if to.proof.Second != NoSecond {
			second = (*string)(&to.proof.Second)
		}
	}
	var batch postgres.Batch
	batch.Exec(`insert into session (token_hash, data, account_id, signed_in_by, second, signed_in_at, proved_at, halfway, device, created_at, touched_at, expires_at)
		values (@hash, @data, @account, @by, @second, @since, @proved, @halfway, @device, @now, @now, @expiry)
		on conflict (token_hash) do update set data = excluded.data, expires_at = excluded.expires_at, touched_at = excluded.touched_at`,
		postgres.Args{"hash": tokenHash(token), "data": data, "account": account, "by": by, "second": second, "since": since, "proved": proved, "halfway": halfway, "device": deviceIn(ctx), "expiry": s.DB.Now().Add(time.Until(expiry))})
	return s.DB.View(ctx, access.Actor{}, &batch)
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	var batch postgres.Batch
	batch.Exec(`delete from session where token_hash = @hash`, postgres.Args{"hash": tokenHash(token)})
	return s.DB.View(ctx, access.Actor{}, &batch)
}

var errNoContext = fault.Unavailable(errors.New("sessions are only used with a request's context"))

// Find, Commit and Delete complete scs's interface; the ones above are what it calls.
func (s *Sessions) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (s *Sessions) Commit(string, []byte, time.Time) error { return errNoContext }
func (s *Sessions) Delete(string) error                    { return errNoContext }
