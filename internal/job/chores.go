package job

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/postgres"
)

// submissionsKept is how long a form that was sent is remembered, so that sending it again does
// nothing: longer than any page stays open.
const submissionsKept = 30 * 24 * time.Hour

// KeepHouse has the queue do what every server needs: seal the audit each minute and forget old forms.
func (q *Queue) KeepHouse() {
	q.Every(time.Minute, "seal the audit", func(ctx context.Context) error { return audit.Seal(ctx, q.db) })
	q.Every(24*time.Hour, "forget forms sent long ago", func(ctx context.Context) error { return forgetForms(ctx, q.db) })
}

func forgetForms(ctx context.Context, db *postgres.DB) error {
	var batch postgres.Batch
	batch.Exec(`delete from form_submission where at < @now::timestamptz - @kept::interval`, postgres.Args{"kept": submissionsKept})
	return db.View(ctx, access.System, &batch)
}
