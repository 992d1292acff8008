package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// DB is a database one works with as somebody.
type DB struct {
	pool  *pgxpool.Pool
	clock calendar.Clock
}

// Limits on any one statement; long work (an import) asks for more with ChangeWithin.
const (
	statementLimit = 10 * time.Second
	lockLimit      = 4 * time.Second
)

// Open connects to the database at url and refuses a login that would step round row-level security.
// configure may change the pool's settings: a tracer that counts, more connections.
func Open(ctx context.Context, url string, configure ...func(*pgxpool.Config)) (*DB, error) {
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL cannot be read: %w", err)
	}
	settings.MaxConnLifetimeJitter = time.Minute
	settings.ConnConfig.ConnectTimeout = 5 * time.Second
	settings.PingTimeout = 2 * time.Second
	for _, change := range configure {
		change(settings)
	}
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	db := &DB{pool: pool, clock: time.Now}
	if err := db.refuseMighty(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// Close waits for what is running and lets go of every connection.
func (db *DB) Close() { db.pool.Close() }

// At is the same database at another time: the seed's history, a test's awkward night.
func (db *DB) At(clock calendar.Clock) *DB { return &DB{pool: db.pool, clock: clock} }

// Now is the DB's time, in UTC and to the microsecond that the database keeps.
func (db *DB) Now() time.Time { return db.clock().UTC().Truncate(time.Microsecond) }

// Today is the day it is in England.
func (db *DB) Today() calendar.Date { return calendar.Of(db.Now()) }

// Ping asks the database whether it is there.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// Pool lends the connections to the job queue, whose tables say nothing of a child.
// Nothing else may use it.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// refuseMighty keeps the server from working through a login for which policies do not hold.
func (db *DB) refuseMighty(ctx context.Context) error {
	var login string
	var mighty, member bool
	err := db.pool.QueryRow(ctx, `select current_user, rolsuper or rolbypassrls,
		coalesce((select pg_has_role(current_user, r.oid, 'member') from pg_roles r where r.rolname = 'virtualschool_app'), false)
		from pg_roles where rolname = current_user`).Scan(&login, &mighty, &member)
	switch {
	case err != nil:
		return fmt.Errorf("ask the database who we are: %w", err)
	case mighty:
		return fmt.Errorf("the database login %q is a superuser or may bypass row-level security, so the wall around children's records would not hold; use an ordinary login that is a member of virtualschool_app", login)
	case !member:
		return fmt.Errorf("the database login %q is not a member of role virtualschool_app; run as a database administrator: create role virtualschool_app nologin; grant virtualschool_app to %s", login, pgx.Identifier{login}.Sanitize())
	}
	return nil
}

// View runs a batch of queries as actor, in one round trip and one transaction.
// It may write only what reading writes: the audit of looks, durable within a moment.
func (db *DB) View(ctx context.Context, actor access.Actor, batch *Batch) error {
	now := db.Now()
	all := &pgx.Batch{}
	// A page's statements are built for their filters, so the plan made once is the plan to keep:
	// planning anew would cost more than running.
	all.Queue(enterSQL+`, set_config('synchronous_commit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`+entering(actor),
		enterArgs(actor, now, statementLimit)...)
	for _, q := range batch.queries {
		q(all, now)
	}
	err := db.pool.SendBatch(ctx, all).Close()
	return plain(err)
}

// Change runs fn in a transaction as actor. It commits when fn returns nil. A transaction that
// the database broke off for another's sake is tried again, so fn must do database work only.
// When the context carries a form submission (WithSubmission), the first Change records it, and a
// second submit of the same form gets *Repeated instead of doing the work twice.
func (db *DB) Change(ctx context.Context, actor access.Actor, fn func(ctx context.Context, tx *Tx) error) error {
	return db.ChangeWithin(ctx, actor, statementLimit, fn)
}

// ChangeWithin is Change with another limit on each statement: for imports and the seed.
func (db *DB) ChangeWithin(ctx context.Context, actor access.Actor, limit time.Duration, fn func(ctx context.Context, tx *Tx) error) error {
	var err error
	for attempt := 0; attempt < 3; attempt++ {
		if err = db.change(ctx, actor, limit, fn); !brokenOff(err) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(10*(attempt+1)) * time.Millisecond):
		}
	}
	return plain(err)
}

func (db *DB) change(ctx context.Context, actor access.Actor, limit time.Duration, fn func(ctx context.Context, tx *Tx) error) error {
	now := db.Now()
	// Numbers, a date and a moment only, so plain text is safe; sent with BEGIN it costs no round trip.
	begin := fmt.Sprintf(`begin; select set_config('role', 'virtualschool_app', true), set_config('lock_timeout', '%d', true), set_config('statement_timeout', '%d', true), set_config('jit', 'off', true)`,
		lockLimit.Milliseconds(), limit.Milliseconds())
	if actor.Somebody() {
		begin += fmt.Sprintf(`, set_config('app.today', '%[3]s', true), %[1]s(%[2]d, '%[3]s', '%[4]s')`, door(actor), actor.ID, calendar.Of(now), now.Format(time.RFC3339Nano))
	}
	var claimed *Submission
	err := pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{BeginQuery: begin}, func(inner pgx.Tx) (err error) {
		tx := &Tx{Tx: inner, Actor: actor, Now: now, Today: calendar.Of(now)}
		if claimed, err = tx.claimSubmission(ctx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
	if err == nil && claimed != nil {
		claimed.claimed = true // only now: what was rolled back is not remembered, and is to be claimed again
	}
	return err
}

const enterSQL = `select set_config('role', 'virtualschool_app', true), set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true), set_config('jit', 'off', true)`

func entering(actor access.Actor) string {
	if actor.Somebody() {
		return `, set_config('app.today', $4::date::text, true), ` + door(actor) + `($3, $4::date, $5)`
	}
	return ``
}

// door is the function that says who asks: another one for who acts in somebody else's place.
func door(actor access.Actor) string {
	if actor.Standing {
		return `enter_standing`
	}
	return `enter`
}

func enterArgs(actor access.Actor, now time.Time, limit time.Duration) []any {
	args := []any{fmt.Sprint(lockLimit.Milliseconds()), fmt.Sprint(limit.Milliseconds())}
	if actor.Somebody() {
		args = append(args, actor.ID, calendar.Of(now), now)
	}
	return args
}

// plain turns the database's own ways of failing into ours.
func plain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return fault.NotFound()
	case isCode(err, "55P03", "57014"): // waited too long for a lock or an answer
		return fault.Unavailable(err)
	case behindWall(err):
		return fault.Wrap(fault.KindForbidden, "You may not record this for this child.", err)
	}
	return err
}

// behindWall says whether a row was refused because whoever wrote it would not have seen it.
func behindWall(err error) bool {
	var broke *pgconn.PgError
	return errors.As(err, &broke) && broke.Code == "42501" && broke.Routine == "ExecWithCheckOptions"
}
