package account

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Register has the queue send links and forget what is over.
func (s *Service) Register(queue *job.Queue) {
	job.Register(queue, time.Minute, s.send)
	job.Register(queue, time.Minute, s.sendSignIn)
	job.Register(queue, time.Minute, s.afterLeaving)
	queue.Every(time.Hour, "count tries with unknown addresses", s.CountUnknown)
	queue.Every(time.Hour, "forget sessions and failed sign-ins", s.Forget)
}

// Forget removes sessions that are over, failed sign-ins that no longer count and forms held for too long.
func (s *Service) Forget(ctx context.Context) error {
	var batch postgres.Batch
	batch.Exec(`delete from session where expires_at < @now`, nil)
	batch.Exec(`delete from sign_in_failure where at < @now::timestamptz - @kept::interval`, postgres.Args{"kept": failuresKept})
	batch.Exec(`delete from held_form where held_at < @now::timestamptz - @kept::interval`, postgres.Args{"kept": postgres.HeldFor})
	return s.DB.View(ctx, access.System, &batch)
}
