package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
)

// Submission is one filled-in form on its way: the key that was put into the form when it was
// shown, and a hash of what it now says.
type Submission struct {
	Key     string // a UUID
	Content []byte
	claimed bool // in a transaction that is committed
}

// Repeated says that this very form has already done its work.
type Repeated struct {
	Location string // where the first one led; empty when that is not known
}

func (r *Repeated) Error() string { return "form submitted before" }

type submissionKey struct{}

// WithSubmission marks the context so that the first Change under it happens once for the form.
func WithSubmission(ctx context.Context, submission *Submission) context.Context {
	return context.WithValue(ctx, submissionKey{}, submission)
}

// SubmissionOf is the form submission the context carries, or nil.
func SubmissionOf(ctx context.Context) *Submission {
	submission, _ := ctx.Value(submissionKey{}).(*Submission)
	return submission
}

// claimSubmission writes the form's key in the same transaction as its work. A second one waits
// for the first at the primary key and then finds it there. It gives the submission that was claimed
// now, or nil when there is none to claim.
func (tx *Tx) claimSubmission(ctx context.Context) (*Submission, error) {
	submission := SubmissionOf(ctx)
	if submission == nil || !tx.Actor.Somebody() || submission.claimed {
		return nil, nil
	}
	args := Args{"account": tx.Actor.ID, "key": submission.Key, "content": submission.Content}
	inserted, err := tx.Do(ctx, `insert into form_submission (account_id, key, content_hash, at)
		values (@account, @key, @content, @now) on conflict do nothing`, args)
	if err != nil {
		return nil, fmt.Errorf("claim the form: %w", err)
	}
	if inserted == 1 {
		return submission, nil
	}
	var content []byte
	var location *string
	err = tx.QueryRow(ctx, `select content_hash, location from form_submission where account_id = @account and key = @key`, args).Scan(&content, &location)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	if !bytes.Equal(content, submission.Content) {
		return nil, fault.Conflict("This form was already sent, and has been changed since. Open the page again to see what was saved.")
	}
	again := &Repeated{}
	if location != nil {
		again.Location = *location
	}
	return nil, again
}

// Landed remembers where a form led, for whoever sends it again.
func (db *DB) Landed(ctx context.Context, actor access.Actor, location string) error {
	submission := SubmissionOf(ctx)
	if submission == nil || !submission.claimed {
		return nil
	}
	var batch Batch
	batch.Exec(`update form_submission set location = @location where account_id = @account and key = @key`,
		Args{"location": location, "account": actor.ID, "key": submission.Key})
	return db.View(ctx, actor, &batch)
}
