package postgres

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// Args are a statement's parameters, written @name in its text.
type Args = pgx.NamedArgs

// Batch collects the queries of one page. Each says where its answer goes; the answers are there
// when View returns. @now and @today are given to every query.
type Batch struct {
	queries []func(*pgx.Batch, time.Time)
}

// Len is the number of statements, for tests that count.
func (b *Batch) Len() int { return len(b.queries) }

func (b *Batch) add(sql string, args Args, read func(*pgx.QueuedQuery)) {
	b.queries = append(b.queries, func(to *pgx.Batch, now time.Time) {
		read(to.Queue(sql, withTime(args, now)))
	})
}

func withTime(args Args, now time.Time) Args {
	all := Args{"now": now, "today": calendar.Of(now)}
	for name, value := range args {
		all[name] = value
	}
	return all
}

// Exec queues a statement whose rows do not matter.
func (b *Batch) Exec(sql string, args Args) {
	b.add(sql, args, func(q *pgx.QueuedQuery) { q.Exec(func(pgconn.CommandTag) error { return nil }) })
}

// rowsAre refuses at once, before anything is sent, to read rows by column name into what has no fields:
// found out with the answer half read, it would leave the connection waiting for ever. Single values are read
// by Value, Values, GetValue and ListValues.
func rowsAre[T any]() {
	if kind := reflect.TypeFor[T](); kind.Kind() != reflect.Struct {
		panic(fmt.Sprintf("postgres: rows are read into a struct, by column name; %s has no fields: read it by Value, Values, GetValue or ListValues", kind))
	}
}

// One queues a query for exactly one row into a struct, by column name. No row: View returns NotFound.
func One[T any](b *Batch, into *T, sql string, args Args) {
	rowsAre[T]()
	b.add(sql, args, func(q *pgx.QueuedQuery) {
		q.Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
			return err
		})
	})
}

// Maybe queues a query for one row or none into a struct, by column name; none leaves *into nil.
func Maybe[T any](b *Batch, into **T, sql string, args Args) {
	rowsAre[T]()
	b.add(sql, args, func(q *pgx.QueuedQuery) {
		q.Query(func(rows pgx.Rows) error {
			found, err := pgx.CollectOneRow(rows, pgx.RowToAddrOfStructByName[T])
			if errors.Is(err, pgx.ErrNoRows) {
				return nil
			}
			*into = found
			return err
		})
	})
}

// Many queues a query for any number of rows into structs, by column name.
func Many[T any](b *Batch, into *[]T, sql string, args Args) {
	rowsAre[T]()
	b.add(sql, args, func(q *pgx.QueuedQuery) {
		q.Query(func(rows pgx.Rows) (err error) {
			*into, err = collect[T](rows)
			return err
		})
	})
}

// Value queues a query for a single value. No row: View returns NotFound.
func Value[T any](b *Batch, into *T, sql string, args Args) {
	b.add(sql, args, func(q *pgx.QueuedQuery) {
		q.Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
			return err
		})
	})
}

// Values queues a query for a list of single values.
func Values[T any](b *Batch, into *[]T, sql string, args Args) {
	b.add(sql, args, func(q *pgx.QueuedQuery) {
		q.Query(func(rows pgx.Rows) (err error) {
			*into, err = pgx.CollectRows(rows, pgx.RowTo[T])
			return err
		})
	})
}

// Related is the children an actor works with, as SQL: enter() has put them there. A query for an
// actor who does not see the whole cohort begins from them, so that an index serves it; the
// policies would come to the same rows the long way round.
const Related = `(select coalesce(nullif(current_setting('app.children', true), ''), '{}')::bigint[])::bigint[]`

// Invited is what an actor is invited to today, as SQL: a list of InvitedKey. enter() has put it there.
const Invited = `(select coalesce(nullif(current_setting('app.invited_sections', true), ''), '{}')::text[])::text[]`

// Placed and Placeless are the restricted records that name the actor, as SQL: those that tell them where the
// child is, and those that do not. enter() has put them there.
const (
	Placed    = `(select coalesce(nullif(current_setting('app.placed', true), ''), '{}')::bigint[])::bigint[]`
	Placeless = `(select coalesce(nullif(current_setting('app.placeless', true), ''), '{}')::bigint[])::bigint[]`
)

// PlaceTold leaves out of a list of children (as c) those whom the actor may know, but not where they are: what
// the list says of schools, plans or marks would be wrong of them, since all that is hidden.
const PlaceTold = `c.id <> all (` + Placeless + `)`

// InvitedKey names a section of a child's plan in Invited.
func InvitedKey(childID, planID int64, section string) string {
	return fmt.Sprintf("%d/%d/%s", childID, planID, section)
}

// Tx is a transaction somebody makes, at one fixed time. @now and @today are given to every
// statement sent through the functions of this package.
type Tx struct {
	pgx.Tx
	Actor access.Actor
	Now   time.Time
	Today calendar.Date
}

// Get reads one row into a struct by column name, or fails with NotFound.
func Get[T any](ctx context.Context, tx *Tx, sql string, args Args) (T, error) {
	rowsAre[T]()
	rows, err := tx.Query(ctx, sql, withTime(args, tx.Now))
	if err != nil {
		var none T
		return none, err
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return found, plain(err)
}

// List reads rows into structs by column name.
func List[T any](ctx context.Context, tx *Tx, sql string, args Args) ([]T, error) {
	rowsAre[T]()
	rows, err := tx.Query(ctx, sql, withTime(args, tx.Now))
	if err != nil {
		return nil, err
	}
	return collect[T](rows)
}

// GetValue reads a single value, or fails with NotFound.
func GetValue[T any](ctx context.Context, tx *Tx, sql string, args Args) (T, error) {
	rows, err := tx.Query(ctx, sql, withTime(args, tx.Now))
	if err != nil {
		var none T
		return none, err
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	return found, plain(err)
}

// ListValues reads a list of single values.
func ListValues[T any](ctx context.Context, tx *Tx, sql string, args Args) ([]T, error) {
	rows, err := tx.Query(ctx, sql, withTime(args, tx.Now))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

// Do runs a statement and says how many rows it touched.
func (tx *Tx) Do(ctx context.Context, sql string, args Args) (int64, error) {
	tag, err := tx.Exec(ctx, sql, withTime(args, tx.Now))
	return tag.RowsAffected(), err
}

// DoOne runs a statement that must touch exactly one row: a guarded update (WHERE state = … AND
// version = …) that finds nothing means someone else was first, which is a Conflict.
func (tx *Tx) DoOne(ctx context.Context, sql string, args Args) error {
	touched, err := tx.Do(ctx, sql, args)
	if err != nil {
		return err
	}
	if touched != 1 {
		return fault.Conflict("")
	}
	return nil
}

// Constraint names the constraint a statement broke, or is empty.
func Constraint(err error) string {
	var broke *pgconn.PgError
	if errors.As(err, &broke) {
		return broke.ConstraintName
	}
	return ""
}

func isCode(err error, codes ...string) bool {
	var broke *pgconn.PgError
	if !errors.As(err, &broke) {
		return false
	}
	for _, code := range codes {
		if broke.Code == code {
			return true
		}
	}
	return false
}

// brokenOff says whether the database ended a transaction in favour of another.
func brokenOff(err error) bool { return isCode(err, "40001", "40P01") }

// Append adds another batch's queries after this one's.
func (b *Batch) Append(other *Batch) {
	if other != nil {
		b.queries = append(b.queries, other.queries...)
	}
}
