// Package audit keeps who changed what and who looked at whom. Both logs only
// grow: the database refuses to change or remove a row, and seals them in a
// chain of hashes that Check follows. A change is written in the transaction
// that makes it; a look is queued with the page's own queries, so a child's
// record is never shown without it.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

// Entry is one change. Before and After are marshalled as JSON; nil for none.
type Entry struct {
	ChildID   int64 // 0: about no one child
	Subject   string
	SubjectID any
	Action    string // a verb: "created", "signed off", "moved school"
	Before    any
	After     any
}

type requestIDKey struct{}

// WithRequestID puts the request's id where both logs find it.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID is the id of the request the context belongs to, or empty.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Change writes entries in the transaction they belong to, however many, in one statement.
func Change(ctx context.Context, tx *postgres.Tx, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	var children []int64
	var subjects, ids, actions []string
	var befores, afters []*string
	for _, entry := range entries {
		before, err := marshal(entry.Before)
		if err != nil {
			return err
		}
		after, err := marshal(entry.After)
		if err != nil {
			return err
		}
		children, subjects, ids, actions = append(children, entry.ChildID), append(subjects, entry.Subject), append(ids, fmt.Sprint(entry.SubjectID)), append(actions, entry.Action)
		befores, afters = append(befores, before), append(afters, after)
	}
	_, err := tx.Do(ctx, `insert into audit_change (at, account_id, child_id, subject, subject_id, action, before, after, request_id)
		select @now, @account, nullif(e.child, 0), e.subject, e.id, e.action, e.before, e.after, @request
		from unnest(@children::bigint[], @subjects::text[], @ids::text[], @actions::text[], @befores::jsonb[], @afters::jsonb[])
			with ordinality as e(child, subject, id, action, before, after, n) order by n`,
		postgres.Args{"account": tx.Actor.ID, "children": children, "subjects": subjects, "ids": ids, "actions": actions,
			"befores": befores, "afters": afters, "request": RequestID(ctx)})
	if err != nil {
		return fmt.Errorf("audit %s %s: %w", entries[0].Subject, entries[0].Action, err)
	}
	return nil
}

func marshal(value any) (*string, error) {
	if value == nil {
		return nil, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	out := string(text)
	return &out, nil
}

// Look queues the record that actor looks at a child on a screen. A child the actor may not see
// leaves no row: there was nothing to look at.
func Look(ctx context.Context, batch *postgres.Batch, actor access.Actor, childID int64, screen string) {
	batch.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select @now, @account, id, @screen, @request from child where id = @child`,
		postgres.Args{"account": actor.ID, "child": childID, "screen": screen, "request": RequestID(ctx)})
}

// LookAtSection queues the record that actor looks at one section of a child's plan: somebody who works
// with the child, or who was invited to that section and sees nothing else of the child.
func LookAtSection(ctx context.Context, batch *postgres.Batch, actor access.Actor, childID int64, invited, screen string) {
	batch.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select @now, @account, @child, @screen, @request
		where exists (select from child where id = @child) or @invited::text = any (`+postgres.Invited+`)`,
		postgres.Args{"account": actor.ID, "child": childID, "screen": screen, "request": RequestID(ctx), "invited": invited})
}

// LookMany queues the record that actor saw several children by name on one list.
func LookMany(ctx context.Context, batch *postgres.Batch, actor access.Actor, childIDs []int64, screen string) {
	batch.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select @now, @account, id, @screen, @request from child where id = any(@children)`,
		postgres.Args{"account": actor.ID, "children": childIDs, "screen": screen, "request": RequestID(ctx)})
}

// sealLimit is how long one sealing may take: a backlog, after days in which no job ran, takes longer than a
// page may.
const sealLimit = 10 * time.Minute

// Seal seals what finished transactions have written since the last seal, and makes the
// partitions of the coming months. The server does it every minute.
func Seal(ctx context.Context, db *postgres.DB) error {
	return db.ChangeWithin(ctx, access.System, sealLimit, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Do(ctx, `select audit_month((@today::date + make_interval(months => m))::date) from generate_series(0, 2) m`, nil); err != nil {
			return err
		}
		_, err := tx.Do(ctx, `select audit_seal_now(@now)`, nil)
		return err
	})
}

// Check follows the chain from its start and returns the numbers of the seals that do not fit
// what they sealed: none, when nobody has tampered.
func Check(ctx context.Context, db *postgres.DB) ([]int64, error) {
	var broken []int64
	err := db.ChangeWithin(ctx, access.System, 10*time.Minute, func(ctx context.Context, tx *postgres.Tx) (err error) {
		broken, err = postgres.ListValues[int64](ctx, tx, `select audit_broken_seals()`, nil)
		return err
	})
	return broken, err
}

// CheckDeletions returns the numbers of the certificates of deleted records that the chain and the
// tombstones in it do not bear out: none, when every tombstone stands for a line that went with a record.
func CheckDeletions(ctx context.Context, db *postgres.DB) ([]int64, error) {
	var unproven []int64
	err := db.ChangeWithin(ctx, access.System, 10*time.Minute, func(ctx context.Context, tx *postgres.Tx) (err error) {
		unproven, err = postgres.ListValues[int64](ctx, tx, `select audit_unproven_deletions()`, nil)
		return err
	})
	return unproven, err
}
