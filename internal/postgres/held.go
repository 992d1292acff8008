package postgres

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
)

// HeldForm is a form as it was sent, waiting until its person has shown again who they are.
type HeldForm struct {
	Target      string // the path and query it was sent to
	CameFrom    string // the page it was on
	ContentType string
	Body        []byte
}

// The largest form that is held, the longest it waits, and how many of a person wait at once.
const (
	MostHeld   = 16 << 20
	HeldFor    = time.Hour
	heldAtOnce = 5
)

// Hold keeps a form of the actor's own and gives the number it waits under. Of several the oldest are
// let go. TooLarge: it is more than can be held.
func (db *DB) Hold(ctx context.Context, actor access.Actor, form HeldForm) (id int64, err error) {
	if len(form.Body) > MostHeld {
		return 0, fault.TooLarge("What you sent is too large to be kept while you confirm that it is you. Confirm first, then send it again.")
	}
	err = db.Change(WithSubmission(ctx, nil), actor, func(ctx context.Context, tx *Tx) error {
		id, err = GetValue[int64](ctx, tx, `insert into held_form (account_id, target, came_from, content_type, body, held_at)
			values (@account, @target, @from, @type, @body, @now) returning id`,
			Args{"account": actor.ID, "target": form.Target, "from": form.CameFrom, "type": form.ContentType, "body": form.Body})
		if err != nil {
			return err
		}
		_, err := tx.Do(ctx, `delete from held_form where account_id = @account and id not in
			(select id from held_form where account_id = @account order by id desc limit @most)`, Args{"account": actor.ID, "most": heldAtOnce})
		return err
	})
	return id, err
}

// TakeHeld gives a form of the actor's own that waits, once. NotFound: it was taken before, or is too old.
func (db *DB) TakeHeld(ctx context.Context, actor access.Actor, id int64) (form HeldForm, err error) {
	err = db.Change(WithSubmission(ctx, nil), actor, func(ctx context.Context, tx *Tx) error {
		form, err = Get[HeldForm](ctx, tx, `delete from held_form where id = @id and account_id = @account
			and held_at > @now::timestamptz - @held_for::interval returning target, came_from, content_type, body`,
			Args{"id": id, "account": actor.ID, "held_for": HeldFor})
		return err
	})
	return form, err
}

// QueueHeldFrom queues the page that a waiting form of the actor's own was on; nothing waits: empty.
func QueueHeldFrom(batch *Batch, into *string, actor access.Actor, id int64) {
	Value(batch, into, `select coalesce((select came_from from held_form where id = @id and account_id = @account
		and held_at > @now::timestamptz - @held_for::interval), '')`, Args{"id": id, "account": actor.ID, "held_for": HeldFor})
}
