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

type personKey struct{}

// Person is where a request's middleware finds who the session belongs to.
type Person struct{ access.Actor }

// WithPerson makes a place in the context for the session look-up to leave the person in.
func WithPerson(ctx context.Context) (context.Context, *Person) {
	person := &Person{}
	return context.WithValue(ctx, personKey{}, person), person
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// FindCtx finds the live session of a token, and leaves its person in the context's place.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	type row struct {
		Data  []byte
		ID    *int64
		Name  *string
		Email *string
		Role  *string
		Place int64 // in which they stand; 0: none
		Away  int64
		AwayName,
		AwayRole string
		AwayUntil calendar.Date
	}
	var found *row
	var batch postgres.Batch
	hash := tokenHash(token)
	postgres.Maybe(&batch, &found, `with live as (
			select token_hash, data, account_id, touched_at from session
			where token_hash = @hash and expires_at > @now and touched_at > @now::timestamptz - @idle::interval),
		touched as (
			update session s set touched_at = @now from live
			where s.token_hash = live.token_hash and live.touched_at < @now::timestamptz - @touch::interval)
		select live.data, a.id, a.name, a.email, a.role, coalesce(s.id, 0) as place, coalesce(p.id, 0) as away, coalesce(p.name, '') as away_name,
			coalesce(p.role, '') as away_role, s.until as away_until
		from live
		left join account a on a.id = live.account_id
		left join stand_in s on s.account_id = a.id and s.ended_at is null and @today between s.starts and s.until
		left join account p on p.id = s.for_account and p.state = 'active'
		where live.account_id is null or a.state = 'active'`,
		postgres.Args{"hash": hash, "idle": s.Idle, "touch": touchAfter})
	if err := s.DB.View(ctx, access.Actor{}, &batch); err != nil {
		return nil, false, err
	}
	if found == nil {
		return nil, false, nil
	}
	if place, ok := ctx.Value(personKey{}).(*Person); ok && found.ID != nil {
		place.Actor = access.Actor{ID: *found.ID, Name: *found.Name, Email: *found.Email, Role: access.Role(*found.Role)}
		if found.Away != 0 {
			place.Actor.StandsInFor = access.Away{StandIn: found.Place, ID: found.Away, Name: found.AwayName, Role: access.Role(found.AwayRole), Until: found.AwayUntil}
		}
	}
	return found.Data, true, nil
}

// CommitCtx keeps a session. Who it belongs to is set by signing in (see Belongs).
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	var owner *int64
	if id, ok := ctx.Value(belongsKey{}).(*int64); ok && *id != 0 {
		owner = id
	}
	var batch postgres.Batch
	batch.Exec(`insert into session (token_hash, data, account_id, created_at, touched_at, expires_at)
		values (@hash, @data, @account, @now, @now, @expiry)
		on conflict (token_hash) do update set data = excluded.data, expires_at = excluded.expires_at, touched_at = excluded.touched_at,
			account_id = coalesce(excluded.account_id, session.account_id)`,
		postgres.Args{"hash": tokenHash(token), "data": data, "account": owner, "expiry": expiry})
	return s.DB.View(ctx, access.Actor{}, &batch)
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	var batch postgres.Batch
	batch.Exec(`delete from session where token_hash = @hash`, postgres.Args{"hash": tokenHash(token)})
	return s.DB.View(ctx, access.Actor{}, &batch)
}

type belongsKey struct{}

// WithOwner makes a place in the context where signing in says whose session this becomes.
func WithOwner(ctx context.Context) context.Context {
	return context.WithValue(ctx, belongsKey{}, new(int64))
}

// Belongs says whose the request's session is from now on. Call it after the token was renewed.
func Belongs(ctx context.Context, accountID int64) {
	if id, ok := ctx.Value(belongsKey{}).(*int64); ok {
		*id = accountID
	}
}

var errNoContext = fault.Unavailable(errors.New("sessions are only used with a request's context"))

// Find, Commit and Delete complete scs's interface; the ones above are what it calls.
func (s *Sessions) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (s *Sessions) Commit(string, []byte, time.Time) error { return errNoContext }
func (s *Sessions) Delete(string) error                    { return errNoContext }
