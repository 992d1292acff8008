package breakglass

import (
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

// Opening is one asking, and what came of it.
type Opening struct {
	ID          int64
	AccountID   int64
	Name        string
	Role        access.Role
	AskedAt     time.Time
	AskedWith   string // upn or name
	Reason      string
	Until       *time.Time // nil: nothing was opened
	ChildID     *int64     // nil: nothing was opened, or the record does not name who looks
	ReviewedBy  string
	ReviewedAt  *time.Time
	Justified   *bool
	ReviewWords string
}

// Open says whether the record is open now.
func (o Opening) Open(now time.Time) bool { return o.Until != nil && o.Until.After(now) }

// Waits says whether somebody has still to look into the opening.
func (o Opening) Waits() bool { return o.Until != nil && o.ReviewedAt == nil }

const openingSQL = `select g.id, g.account_id, a.name, a.role, g.asked_at, g.asked_with, g.reason, g.until, c.child_id,
		coalesce(r.name, '') as reviewed_by, g.reviewed_at, g.justified, coalesce(g.review_words, '') as review_words
	from break_glass g join account a on a.id = g.account_id left join break_glass_child c on c.break_glass_id = g.id left join account r on r.id = g.reviewed_by`

// QueueAll queues the last openings and askings: all of them for those who look into them, one's own for others.
func QueueAll(batch *postgres.Batch, into *[]Opening, actor access.Actor) {
	postgres.Many(batch, into, openingSQL+` where (g.account_id = @actor or @all) order by g.until is not null and g.reviewed_at is null desc, g.asked_at desc limit 100`,
		postgres.Args{"actor": actor.ID, "all": access.Can(actor, access.ReviewBreakGlass)})
}

// Queue queues one opening.
func Queue(batch *postgres.Batch, into *Opening, id int64) {
	postgres.One(batch, into, openingSQL+` where g.id = @id and g.until is not null`, postgres.Args{"id": id})
}

// QueueOf queues the openings of one child's record, newest first.
func QueueOf(batch *postgres.Batch, into *[]Opening, childID int64) {
	postgres.Many(batch, into, openingSQL+` where c.child_id = @child order by g.asked_at desc limit 100`, postgres.Args{"child": childID})
}

// Waiting are the openings that somebody has still to look into.
type Waiting struct {
	Count  int
	Oldest *time.Time
}

// QueueWaiting queues how many openings wait for a reader, and since when.
func QueueWaiting(batch *postgres.Batch, into *Waiting, actor access.Actor) {
	postgres.One(batch, into, `select count(*)::int as count, min(asked_at) as oldest from break_glass where until is not null and reviewed_at is null and account_id <> @actor and @may`,
		postgres.Args{"actor": actor.ID, "may": access.Can(actor, access.ReviewBreakGlass)})
}
