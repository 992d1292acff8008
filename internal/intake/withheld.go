package intake

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// noSuchChild is what the sender of a row reads when there is no record of its child, and also when there is one
// that they may not know of: in that case somebody named on it is told.
const noSuchChild = "No record that you may see has this identifier. The row was sent to the Virtual School to check."

// withhold tells those who answer for restricted records that rows of the file named one.
func (o *outcome) withhold(ctx context.Context, importID int64) error {
	if len(o.unknown) == 0 {
		return nil
	}
	whom, err := postgres.ListValues[int64](ctx, o.tx, `select withhold(@ids, @import, @today, @now)`, postgres.Args{"ids": o.unknown, "import": importID})
	if err != nil {
		return err
	}
	for _, id := range whom {
		if err := job.Notify(ctx, o.tx, job.Notice{AccountID: id, Subject: "A file had something about a restricted record",
			Words: "A row of an imported file names a child whose record is restricted. It was left out. Sign in to see which, and look whether the record needs it.", Path: "/imports/withheld"}); err != nil {
			return err
		}
	}
	return nil
}

// Withheld is a row of a file that named a restricted record and was left out.
type Withheld struct {
	ID       int64
	ChildID  int64
	Child    string
	FoundAt  time.Time
	ImportID int64
	By       string // who brought the file
	SeenBy   string
	SeenAt   *time.Time
	Words    string
}

// QueueWithheld queues the rows left out of records that the reader sees: those nobody has looked at first.
func QueueWithheld(batch *postgres.Batch, into *[]Withheld) {
	postgres.Many(batch, into, `select w.id, w.child_id, coalesce(nullif(concat_ws(' ', coalesce(c.preferred_name, c.forename), c.surname), ''), c.la_child_id) as child, w.found_at, w.import_id, b.name as by,
			coalesce(s.name, '') as seen_by, w.seen_at, w.words
		from withheld_row w join child c on c.id = w.child_id join import i on i.id = w.import_id join account b on b.id = i.uploaded_by left join account s on s.id = w.seen_by
		order by w.seen_at is not null, w.found_at desc limit 100`, nil)
}

// WithheldWaiting is how many rows nobody has looked at, and since when.
type WithheldWaiting struct {
	Count  int
	Oldest *time.Time
}

// QueueWithheldWaiting queues how many rows wait for a reader who answers for restricted records.
func QueueWithheldWaiting(batch *postgres.Batch, into *WithheldWaiting) {
	postgres.One(batch, into, `select count(*)::int as count, min(found_at) as oldest from withheld_row where seen_at is null`, nil)
}

// SeeWithheld says what came of a row that was left out. Whoever may restrict a record and sees this one.
func (s *Service) SeeWithheld(ctx context.Context, actor access.Actor, id int64, words string) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.RestrictChild, access.Facts{}); err != nil {
			return err
		}
		of := postgres.Args{"id": id, "by": actor.ID, "words": words}
		row, err := postgres.Get[struct {
			ChildID int64
			Seen    bool
		}](ctx, tx, `select child_id, seen_at is not null as seen from withheld_row where id = @id for update`, of)
		if err != nil {
			return err
		}
		if words == "" {
			return fault.Invalid("words", "Enter what you did about it")
		}
		if row.Seen {
			return fault.Conflict("Somebody has looked at this already.")
		}
		if err := tx.DoOne(ctx, `update withheld_row set seen_by = @by, seen_at = @now, words = @words where id = @id and seen_at is null`, of); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: row.ChildID, Subject: "withheld_row", SubjectID: id, Action: "looked at a row that was left out", After: map[string]any{"words": words}})
	})
}
