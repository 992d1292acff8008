package document

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// The subjects that documents belong to, named as their tables are.
const (
	OfPremiumRequest  = "premium_request"
	OfPremiumEvidence = "premium_evidence" // one file for one piece
	OfSuspension      = "suspension"
)

// mostOfOne is how many documents one subject holds; mostOfDay and mostOfDayBytes what one person adds in a day.
const mostOfOne, mostOfDay, mostOfDayBytes = 20, 200, 200 << 20

// Document is one as lists show it.
type Document struct {
	ID          int64
	Name        string
	MediaType   string
	Bytes       int
	AddedByName string
	AddedAt     time.Time
}

// Size is how large it is, as people say it.
func (d Document) Size() string {
	if d.Bytes < 1<<20 {
		return fmt.Sprintf("%d KB", max(d.Bytes>>10, 1))
	}
	return fmt.Sprintf("%.1f MB", float64(d.Bytes)/(1<<20))
}

// AddIn keeps a document beside a subject, in a transaction of a feature that has locked the subject's
// row and asked whether the actor may. Its problems are about the field "file".
func AddIn(ctx context.Context, tx *postgres.Tx, childID int64, subject string, subjectID int64, upload Upload) (int64, error) {
	kind, err := upload.Check()
	if err != nil {
		return 0, err
	}
	args := postgres.Args{"child": childID, "subject": subject, "subject_id": subjectID}
	there, err := postgres.GetValue[int](ctx, tx, `select count(*)::int from document where child_id = @child and subject = @subject and subject_id = @subject_id`, args)
	if err != nil {
		return 0, err
	}
	if there >= mostOfOne {
		return 0, fault.Invalid("file", fmt.Sprintf("There are %d documents here already, which is as many as are kept", mostOfOne))
	}
	if upload.Content, err = redrawn(kind, upload.Content); err != nil {
		return 0, err
	}
	if err := withinDay(ctx, tx, len(upload.Content)); err != nil {
		return 0, err
	}
	sum := sha256.Sum256(upload.Content)
	args["name"], args["type"], args["bytes"], args["sum"] = tidyName(upload.Name, kind), kind.MediaType, len(upload.Content), sum[:]
	args["content"], args["by"] = upload.Content, tx.Actor.ID
	id, err := postgres.GetValue[int64](ctx, tx, `insert into document (child_id, subject, subject_id, name, media_type, bytes, sha256, content, added_by, added_at)
		values (@child, @subject, @subject_id, @name, @type, @bytes, @sum, @content, @by, @now) returning id`, args)
	if err != nil {
		return 0, err
	}
	return id, audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "document", SubjectID: id, Action: "added",
		After: map[string]any{"of": subject, "of_id": subjectID, "type": kind.MediaType, "bytes": len(upload.Content), "sha256": fmt.Sprintf("%x", sum)}})
}

// withinDay refuses what goes beyond a person's measure of one day: whoever adds that much is no person at a desk.
func withinDay(ctx context.Context, tx *postgres.Tx, bytes int) error {
	type added struct {
		Files int
		Bytes int64
	}
	today, err := postgres.Get[added](ctx, tx, `select count(*)::int as files, coalesce(sum(bytes), 0)::bigint as bytes from document
		where added_by = @by and added_at > @now::timestamptz - interval '1 day'`, postgres.Args{"by": tx.Actor.ID})
	if err != nil {
		return err
	}
	if today.Files >= mostOfDay || today.Bytes+int64(bytes) > mostOfDayBytes {
		return fault.Invalid("file", fmt.Sprintf("You have added as many files today as one person may (%d, or %d MB together). Go on tomorrow, or ask the Virtual School.", mostOfDay, mostOfDayBytes>>20))
	}
	return nil
}

// QueueOf queues the documents of a subject, in the order they were added.
func QueueOf(batch *postgres.Batch, into *[]Document, childID int64, subject string, subjectID int64) {
	postgres.Many(batch, into, `select d.id, d.name, d.media_type, d.bytes, a.name as added_by_name, d.added_at from document d join account a on a.id = d.added_by
		where d.child_id = @child and d.subject = @subject and d.subject_id = @subject_id order by d.id`,
		postgres.Args{"child": childID, "subject": subject, "subject_id": subjectID})
}

// File is a whole document, to be sent.
type File struct {
	Name      string
	MediaType string
	Subject   string
	Content   []byte
}

// QueueFile queues a whole document of a child. One that is not there, or belongs to a draft of somebody
// else's, fails the batch with NotFound.
func QueueFile(batch *postgres.Batch, into *File, childID, documentID int64) {
	postgres.One(batch, into, `select name, media_type, subject, content from document d where d.id = @document and d.child_id = @child
		and (d.subject <> 'premium_request' or exists (select from premium_request r where r.id = d.subject_id))`,
		postgres.Args{"document": documentID, "child": childID})
}
