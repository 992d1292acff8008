package intake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// longest is the limit on any one statement of an import, and of a whole one in the background.
const longest = 10 * time.Minute

// Numbers of advisory locks: one import is worked on once at a time, and one at a time is applied.
const (
	importLock = 0x5653_08
	applyLock  = 0x5653_09
)

type checkJob struct {
	ImportID int64 `json:"import_id"`
}

func (checkJob) Kind() string { return "import_check" }

type applyJob struct {
	ImportID int64 `json:"import_id"`
}

func (applyJob) Kind() string { return "import_apply" }

// Work has the queue check and apply imports, and forget files in time.
func (s *Service) Work(q *job.Queue) {
	job.Register(q, longest, func(ctx context.Context, args checkJob) error { return s.Check(ctx, args.ImportID) })
	job.Register(q, longest, func(ctx context.Context, args applyJob) error {
		err := s.Apply(ctx, args.ImportID)
		if errors.Is(err, fault.KindConflict) {
			return nil // the page says so, and a new preview is on its way
		}
		return err
	})
	q.Every(24*time.Hour, "forget imported files", s.Forget)
}

// taker reads one kind of file within a transaction: read compares it with what is on record and
// fills the outcome, apply then makes what the outcome says come true.
type taker interface {
	read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error
	apply(ctx context.Context, tx *postgres.Tx, by access.Actor, importID int64) error
}

func (s *Service) takerOf(kind Kind, settingID int64) taker {
	switch kind {
	case Register:
		return &registerTaker{}
	case Return:
		return &returnTaker{}
	case Marks:
		return &marksTaker{source: attendance.RegisterFile, named: s.Columns, places: places{home: settingID}}
	case Collected:
		return &marksTaker{source: attendance.Collector, named: s.Columns, places: places{home: settingID}}
	case Census:
		return &censusTaker{}
	default:
		return &rollTaker{}
	}
}

// task is an import being worked on.
type task struct {
	ID        int64
	Kind      Kind
	SettingID int64 // whose file it is; 0: of several schools
	Person    int64 // who uploaded it or, when applying, confirmed it
	Name      string
	Email     string
	Role      access.Role
	Active    bool
	New       int
	Changed   int
	Same      int
	Conflict  int
	Rejected  int
	uploads   []Upload
	openFiles []*os.File
}

func (t *task) person() access.Actor {
	return access.Actor{ID: t.Person, Name: t.Name, Email: t.Email, Role: t.Role}
}

func (t *task) close() {
	for _, file := range t.openFiles {
		file.Close()
	}
}

// take reads the uploads and compares them, and then does what is wanted, all in one transaction.
// The return and the register are compared with every record there is; the others act for the person.
func (s *Service) take(ctx context.Context, kind Kind, settingID int64, person access.Actor, uploads []Upload, exclusive bool, progress func(int),
	then func(ctx context.Context, tx *postgres.Tx, out *outcome, t taker) error) error {
	actor := access.System
	if kind == RollFile || kind.OfMarks() {
		actor = person
	}
	return s.DB.ChangeWithin(ctx, actor, longest, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Do(ctx, `select set_config('lock_timeout', '60s', true)`, nil); err != nil {
			return err
		}
		if exclusive {
			if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(@lock)`, postgres.Args{"lock": applyLock}); err != nil {
				return err
			}
		}
		files, problems, err := open(kind, uploads)
		if err != nil {
			return err
		}
		if err := fits(kind, files); err != nil {
			return err
		}
		out, err := newOutcome(ctx, tx, progress)
		if err != nil {
			return err
		}
		out.locking = exclusive
		for _, p := range problems {
			out.problem(p)
		}
		t := s.takerOf(kind, settingID)
		if err := t.read(ctx, tx, files, out); err != nil {
			return err
		}
		out.finished()
		return then(ctx, tx, out, t)
	})
}

// begin takes up an import in a state, for the person who asked, if they may still import files.
// nil without an error: there is nothing to do any more.
func (s *Service) begin(ctx context.Context, importID int64, person string, states ...State) (*task, error) {
	var begun *task
	err := s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		found, err := postgres.List[task](ctx, tx, `select i.id, i.kind, coalesce(i.setting_id, 0) as setting_id, a.id as person, a.name, a.email, a.role, a.state = 'active' as active,
				i.new_count as new, i.changed_count as changed, i.same_count as same, i.conflict_count as conflict, i.rejected_count as rejected
			from import i join account a on a.id = i.`+person+` where i.id = @import and i.state = any(@states) for update of i`,
			postgres.Args{"import": importID, "states": states})
		if err != nil || len(found) == 0 {
			return err
		}
		if !found[0].Active || mayBring(found[0].person(), found[0].Kind) != nil {
			return fail(ctx, tx, importID, "The person who asked may no longer import files. Nothing was applied.")
		}
		_, err = tx.Do(ctx, `update import set state = case when state = 'uploaded' then 'checking' else state end, done = 0 where id = @import`,
			postgres.Args{"import": importID})
		begun = &found[0]
		return err
	})
	if err != nil || begun == nil {
		return nil, err
	}
	if err := s.fetch(ctx, begun); err != nil {
		begun.close()
		return nil, err
	}
	return begun, nil
}

func fail(ctx context.Context, tx *postgres.Tx, importID int64, words string) error {
	_, err := tx.Do(ctx, `update import set state = 'failed', failure = @words, applied_by = null
		where id = @import and state in ('uploaded', 'checking', 'applying')`, postgres.Args{"import": importID, "words": words})
	return err
}

// fetch brings the content of an import's files out of the database into files without a name,
// which are gone when they are closed, however the program ends.
func (s *Service) fetch(ctx context.Context, t *task) error {
	return s.DB.ChangeWithin(ctx, access.System, longest, func(ctx context.Context, tx *postgres.Tx) error {
		rows, err := tx.Query(ctx, `select f.id, f.name, p.content from import_file f join import_part p on p.file_id = f.id
			where f.import_id = @import order by f.id, p.number`, postgres.Args{"import": t.ID})
		if err != nil {
			return err
		}
		defer rows.Close()
		var current int64
		for rows.Next() {
			var fileID int64
			var name string
			var content []byte
			if err := rows.Scan(&fileID, &name, &content); err != nil {
				return err
			}
			if fileID != current {
				file, err := os.CreateTemp("", "import-")
				if err != nil {
					return fmt.Errorf("make room for the file: %w", err)
				}
				if err := os.Remove(file.Name()); err != nil {
					return err
				}
				current = fileID
				t.openFiles = append(t.openFiles, file)
				t.uploads = append(t.uploads, Upload{Name: name, Content: file})
			}
			last := len(t.uploads) - 1
			if _, err := t.openFiles[last].Write(content); err != nil {
				return fmt.Errorf("make room for the file: %w", err)
			}
			t.uploads[last].Size += int64(len(content))
		}
		return rows.Err()
	})
}

// Check reads an uploaded import, compares it with what is on record and writes the preview. Done
// twice it comes to the same; an import that is past checking is left alone.
func (s *Service) Check(ctx context.Context, importID int64) error {
	t, err := s.begin(ctx, importID, "uploaded_by", Uploaded, Checking)
	if err != nil || t == nil {
		return err
	}
	defer t.close()
	err = s.take(ctx, t.Kind, t.SettingID, t.person(), t.uploads, false, s.progress(ctx, importID), func(ctx context.Context, tx *postgres.Tx, out *outcome, _ taker) error {
		if free, err := claim(ctx, tx, importID); err != nil || !free {
			return err
		}
		if err := out.keep(ctx, importID); err != nil {
			return err
		}
		_, err := tx.Do(ctx, `update import set state = 'previewed', checked_at = @now, as_at = @as_at, new_count = @new, changed_count = @changed,
				same_count = @same, conflict_count = @conflict, rejected_count = @rejected,
				notice = trim(notice || ' ' || @notice) where id = @import and state = 'checking'`,
			out.counts.args(postgres.Args{"import": importID, "as_at": out.asAt, "notice": strings.Join(out.notices, " ")}))
		return err
	})
	return s.settle(ctx, importID, err)
}

func (c Counts) args(more postgres.Args) postgres.Args {
	more["new"], more["changed"], more["same"], more["conflict"], more["rejected"] = c.New, c.Changed, c.Same, c.Conflict, c.Rejected
	return more
}

// claim says whether nobody else works on the import; it is held to the end of the transaction.
func claim(ctx context.Context, tx *postgres.Tx, importID int64) (bool, error) {
	return postgres.GetValue[bool](ctx, tx, `select pg_try_advisory_xact_lock(@lock, @import)`,
		postgres.Args{"lock": importLock, "import": int32(importID)})
}

// errChanged says that applying would not do what the preview showed.
var errChanged = fault.Conflict("The data changed since the preview, so nothing was applied. Look at the new preview.")

// Apply applies a confirmed import in one transaction, in the name of the person who confirmed it.
// It compares again: Conflict when that comes to other figures than the preview, and then nothing
// was applied and a new preview is being made.
func (s *Service) Apply(ctx context.Context, importID int64) error {
	t, err := s.begin(ctx, importID, "applied_by", Applying)
	if err != nil || t == nil {
		return err
	}
	defer t.close()
	by := t.person()
	err = s.take(ctx, t.Kind, t.SettingID, by, t.uploads, true, s.progress(ctx, importID), func(ctx context.Context, tx *postgres.Tx, out *outcome, kind taker) error {
		still, err := postgres.GetValue[bool](ctx, tx, `select state = 'applying' from import where id = @import`, postgres.Args{"import": importID})
		if err != nil || !still {
			return err // another worker was quicker
		}
		if shown := (Counts{t.New, t.Changed, t.Same, t.Conflict, t.Rejected}); out.counts != shown {
			return errChanged
		}
		return finish(ctx, tx, out, kind, by, importID)
	})
	if errors.Is(err, errChanged) {
		if again := s.previewAgain(ctx, importID); again != nil {
			return again
		}
		return err
	}
	return s.settle(ctx, importID, err)
}

// finish applies what was compared, in its transaction, and writes the receipt.
func finish(ctx context.Context, tx *postgres.Tx, out *outcome, kind taker, by access.Actor, importID int64) error {
	if err := kind.apply(ctx, tx, by, importID); err != nil {
		return err
	}
	if err := out.keep(ctx, importID); err != nil {
		return err
	}
	of := out.counts.args(postgres.Args{"import": importID, "by": by.ID, "as_at": out.asAt, "request": audit.RequestID(ctx)})
	if err := tx.DoOne(ctx, `update import set state = 'applied', applied_at = @now, as_at = @as_at, new_count = @new, changed_count = @changed,
		same_count = @same, conflict_count = @conflict, rejected_count = @rejected where id = @import and state = 'applying'`, of); err != nil {
		return err
	}
	_, err := tx.Do(ctx, `insert into audit_change (at, account_id, subject, subject_id, action, after, request_id)
		values (@now, @by, 'import', @import::bigint::text, 'applied', jsonb_build_object('new', @new::int, 'changed', @changed::int,
			'same', @same::int, 'conflict', @conflict::int, 'rejected', @rejected::int), @request)`, of)
	return err
}

// previewAgain sends an import that was confirmed back to be checked.
func (s *Service) previewAgain(ctx context.Context, importID int64) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		moved, err := tx.Do(ctx, `update import set state = 'uploaded', applied_by = null, notice = @words where id = @import and state = 'applying'`,
			postgres.Args{"import": importID, "words": fault.Words(errChanged)})
		if err != nil || moved == 0 {
			return err
		}
		return job.Enqueue(ctx, tx, checkJob{ImportID: importID})
	})
}

// settle decides what an attempt that ended so means for the import. An error it returns comes again
// later; a file that cannot be used does not get better by waiting.
func (s *Service) settle(ctx context.Context, importID int64, err error) error {
	if ctx.Err() != nil || errors.Is(err, fault.KindUnavailable) {
		return err
	}
	words := "There is a problem with the service. Nothing was applied. Send the file again, and tell the Virtual School if it keeps happening."
	var refused *table.FileError
	var unsaid *sheet.Unsaid
	if errors.As(err, &unsaid) {
		return s.ask(ctx, importID, unsaid)
	}
	if errors.As(err, &refused) {
		words, err = inWords(refused), nil
	} else if _, ours := fault.KindOf(err); ours {
		words, err = fault.Words(err), nil
	} else if err == nil {
		words = ""
	}
	if words != "" {
		failed := s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error { return fail(ctx, tx, importID, words) })
		if failed != nil {
			return errors.Join(err, failed)
		}
	}
	if err != nil {
		return err
	}
	return s.forgetUnneeded(ctx, importID)
}

func (s *Service) forgetUnneeded(ctx context.Context, importID int64) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `delete from import_part p using import_file f, import i where f.id = p.file_id and i.id = f.import_id
			and i.id = @import and i.state in ('applied', 'failed', 'discarded')`, postgres.Args{"import": importID})
		return err
	})
}

func inWords(refused *table.FileError) string {
	switch {
	case refused.File != "" && refused.Line > 0:
		return fmt.Sprintf("%s, line %d: %s", refused.File, refused.Line, refused.Text)
	default:
		return refused.Error()
	}
}

// progress tells the page how far an import has come, at most twice a second and outside its
// transaction. It is only for show, so it never holds the work up.
func (s *Service) progress(ctx context.Context, importID int64) func(int) {
	var last time.Time
	return func(done int) {
		if time.Since(last) < 500*time.Millisecond {
			return
		}
		last = time.Now()
		ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		defer cancel()
		_ = s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, `update import set done = @done where id = @import`, postgres.Args{"import": importID, "done": done})
			return err
		})
	}
}
