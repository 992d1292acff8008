package printing

import (
	"context"
	"errors"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// workLimit is the longest that one file may take.
const workLimit = 3 * time.Minute

// Work has the queue make files, and forget runs in time.
func (s *Service) Work(q *job.Queue) {
	job.Register(q, workLimit, func(ctx context.Context, args printJob) error { return s.PrintNext(ctx, args.RunID) })
	q.Every(time.Hour, "forget printed plans", s.Forget)
}

// PrintNext makes the next file of a run as the person who asked, and has the queue go on with the one
// after. Done twice it comes to the same; a run that is finished, deleted or forgotten is left alone.
func (s *Service) PrintNext(ctx context.Context, runID int64) error {
	var of *order
	err := s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		of, err = takeUp(ctx, tx, runID)
		return err
	})
	if err != nil || of == nil {
		return err
	}
	if !of.Same || !access.Can(of.person(), access.SeePEP) {
		return s.fail(ctx, runID, "Your role has changed since you asked, so nothing more was printed. Ask again, if you may still read plans.")
	}
	err = s.printFile(ctx, of)
	if err == nil || errors.Is(err, fault.KindConflict) { // another worker was quicker, or the run was deleted
		return nil
	}
	if ctx.Err() != nil || of.Attempts < attempts {
		return err
	}
	return errors.Join(err, s.fail(ctx, runID, "The files could not be made. Delete this print and try again. If it keeps happening, print fewer plans, and tell whoever looks after the Virtual School's computer."))
}

func (s *Service) printFile(ctx context.Context, of *order) error {
	person := of.person()
	var plans []planRow
	var batch postgres.Batch
	queueNext(&batch, &plans, of.ID)
	if err := s.DB.View(ctx, person, &batch); err != nil {
		return err
	}
	if len(plans) == 0 {
		return s.DB.Change(ctx, person, func(ctx context.Context, tx *postgres.Tx) error {
			if of.Files == 0 {
				return giveUp(ctx, tx, of.ID, "None of these plans is yours to see any more, so nothing was printed.")
			}
			return finish(ctx, tx, of.ID)
		})
	}
	refs := refsOf(plans)
	document, err := s.Plans(ctx, person, refs, "PEP printed")
	if err != nil {
		return err
	}
	content, err := s.Printer.Print(ctx, document)
	if err != nil {
		return err
	}
	return s.DB.Change(ctx, person, func(ctx context.Context, tx *postgres.Tx) error {
		more, err := keepFile(ctx, tx, of, plans, content)
		switch {
		case err != nil:
			return err
		case more:
			return job.Enqueue(ctx, tx, printJob{RunID: of.ID})
		}
		return finish(ctx, tx, of.ID)
	})
}

func (s *Service) fail(ctx context.Context, runID int64, words string) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error { return giveUp(ctx, tx, runID, words) })
}

// Forget removes runs whose day is over.
func (s *Service) Forget(ctx context.Context) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `delete from print_run where expires_at <= @now`, nil)
		return err
	})
}
