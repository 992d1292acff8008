package intake

import (
	"context"
	"errors"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
)

// Result is what reading files comes to, for whoever does it from a shell.
type Result struct {
	Counts   Counts
	AsAt     calendar.Date // zero: the files do not say
	Notices  []string
	Problems []table.Problem
	// Kept are the lines that a person must settle: conflicts and what was left out.
	Kept []Item
}

// errPreviewed ends a transaction that was only to look.
var errPreviewed = errors.New("previewed")

// Preview says what files would change and changes nothing. The error is a *table.FileError when
// they cannot be used as a whole.
func (s *Service) Preview(ctx context.Context, actor access.Actor, kind Kind, uploads []Upload) (Result, error) {
	if err := access.Check(actor, access.ImportFiles, access.Facts{}); err != nil {
		return Result{}, err
	}
	var result Result
	err := s.take(ctx, kind, 0, actor, uploads, false, s.told(), func(ctx context.Context, tx *postgres.Tx, out *outcome, _ taker) (err error) {
		if result, err = resultOf(ctx, tx, out); err != nil {
			return err
		}
		return errPreviewed
	})
	if errors.Is(err, errPreviewed) {
		err = nil
	}
	return result, err
}

func (s *Service) told() func(int) {
	if s.Progress == nil {
		return func(int) {}
	}
	return s.Progress
}

// Import applies files at once, in one transaction, and leaves the same receipt as an import that
// was confirmed on the page. Errors as of Preview; a Conflict, with the result beside it, for marks
// of which some are wrong.
func (s *Service) Import(ctx context.Context, actor access.Actor, kind Kind, uploads []Upload) (Result, error) {
	if err := access.Check(actor, access.ImportFiles, access.Facts{}); err != nil {
		return Result{}, err
	}
	hashes, _, err := hashAll(uploads)
	if err != nil {
		return Result{}, err
	}
	var result Result
	err = s.take(ctx, kind, 0, actor, uploads, true, s.told(), func(ctx context.Context, tx *postgres.Tx, out *outcome, t taker) error {
		importID, err := postgres.GetValue[int64](ctx, tx, `insert into import (kind, state, uploaded_by, uploaded_at, checked_at, applied_by)
			values (@kind, 'applying', @by, @now, @now, @by) returning id`, postgres.Args{"kind": kind, "by": actor.ID})
		if err != nil {
			return err
		}
		if err := storeFiles(ctx, tx, importID, uploads, hashes, false); err != nil {
			return err
		}
		if result, err = resultOf(ctx, tx, out); err != nil {
			return err
		}
		return finish(ctx, tx, out, t, actor, importID)
	})
	return result, err
}

func resultOf(ctx context.Context, tx *postgres.Tx, out *outcome) (Result, error) {
	kept, err := postgres.List[Item](ctx, tx, `select 0::bigint as id, action, key, name, file, line, coalesce(child_id, 0) as child_id, words, changes
		from staged_item where action in ('conflict', 'rejected') order by action, file, line, key limit 10000`, nil)
	return Result{Counts: out.counts, AsAt: out.asAt, Notices: out.notices, Problems: out.problems, Kept: kept}, err
}
