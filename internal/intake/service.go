package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Service is what people do with files. Everything needs access.ImportFiles; a school's own people, with
// access.SendMarks, send the marks of their own school and see the files of their own school.
type Service struct {
	DB *postgres.DB
	// Progress is told how many rows were read so far by Preview and Import; nil: nobody asks.
	Progress func(rows int)
	// Columns are what whoever runs Preview or Import says of the columns of marks, before what is
	// remembered; Import remembers them.
	Columns sheet.Columns
}

// keepDays is how long a file that nobody confirms is kept.
const keepDays = 30

// pieceSize is how much of a file one row holds.
const pieceSize = 1 << 20

// Receive stores what was sent and has it checked in the background. Files that cannot be read, or
// belong in another place, are refused at once in words (a problem with the field "files"); a file
// that was imported before is taken, and the import says when that was.
func (s *Service) Receive(ctx context.Context, actor access.Actor, kind Kind, uploads []Upload) (id int64, err error) {
	return s.ReceiveFrom(ctx, actor, kind, 0, uploads)
}

// ReceiveFrom is Receive for the file of one school: marks in it are of that school, and what is said of its
// columns and codes is remembered for it. A school's own people name theirs.
func (s *Service) ReceiveFrom(ctx context.Context, actor access.Actor, kind Kind, settingID int64, uploads []Upload) (id int64, err error) {
	if err := mayBring(actor, kind); err != nil {
		return 0, err
	}
	if err := checkUploads(kind, uploads); err != nil {
		return 0, err
	}
	hashes, lines, err := hashAll(uploads)
	if err != nil {
		return 0, err
	}
	err = s.DB.ChangeWithin(ctx, actor, longest, func(ctx context.Context, tx *postgres.Tx) error {
		notice, err := before(ctx, tx, hashes)
		if err != nil {
			return err
		}
		if err := fromTheirs(ctx, tx, settingID); err != nil {
			return err
		}
		id, err = postgres.GetValue[int64](ctx, tx, `insert into import (kind, state, setting_id, uploaded_by, uploaded_at, notice, total)
			values (@kind, 'uploaded', nullif(@setting::bigint, 0), @by, @now, @notice, @total) returning id`,
			postgres.Args{"kind": kind, "setting": settingID, "by": actor.ID, "notice": notice, "total": lines})
		if err != nil {
			return err
		}
		if err := storeFiles(ctx, tx, id, uploads, hashes, true); err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, audit.Entry{Subject: "import", SubjectID: id, Action: "uploaded", After: map[string]any{"kind": kind, "files": fileNames(uploads)}}); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, checkJob{ImportID: id})
	})
	return id, err
}

// mayBring refuses who may not bring in files of a kind.
func mayBring(actor access.Actor, kind Kind) error {
	if kind == Marks && actor.Role == access.School {
		return access.Check(actor, access.SendMarks, access.Facts{})
	}
	return access.Check(actor, access.ImportFiles, access.Facts{})
}

// fromTheirs refuses a school that is not there, or that is not theirs.
func fromTheirs(ctx context.Context, tx *postgres.Tx, settingID int64) error {
	theirs, err := postgres.GetValue[bool](ctx, tx, `select case when @school then exists (select from account_setting where account_id = @actor and setting_id = @setting and period @> @today::date)
			else @setting::bigint = 0 or exists (select from setting where id = @setting) end`,
		postgres.Args{"school": tx.Actor.Role == access.School, "actor": tx.Actor.ID, "setting": settingID})
	if err == nil && !theirs {
		err = fault.Invalid("setting", "Choose the school whose file this is")
	}
	return err
}

func checkUploads(kind Kind, uploads []Upload) error {
	switch {
	case !kind.Known():
		return fault.Invalid("kind", "Choose what kind of file this is")
	case len(uploads) == 0:
		return fault.Invalid("files", "Choose a file")
	case len(uploads) > MostFiles:
		return fault.Invalid("files", fmt.Sprintf("Send at most %d files at a time", MostFiles))
	}
	files, _, err := open(kind, uploads)
	if err == nil {
		err = fits(kind, files)
	}
	var refused *table.FileError
	if errors.As(err, &refused) {
		return fault.Invalid("files", refused.Error())
	}
	return err
}

func hashAll(uploads []Upload) (hashes [][]byte, lines int, err error) {
	for _, upload := range uploads {
		sum, n, err := upload.hash()
		if err != nil {
			return nil, 0, err
		}
		hashes, lines = append(hashes, sum), lines+n
	}
	return hashes, lines, nil
}

// before says when one of these very files was imported, if it was.
func before(ctx context.Context, tx *postgres.Tx, hashes [][]byte) (string, error) {
	type earlier struct {
		Name string
		At   time.Time
		By   string
	}
	found, err := postgres.List[earlier](ctx, tx, `select f.name, i.applied_at as at, a.name as by
		from import_file f join import i on i.id = f.import_id join account a on a.id = i.applied_by
		where f.sha256 = any(@hashes) and i.state = 'applied' order by i.applied_at desc limit 1`, postgres.Args{"hashes": hashes})
	if err != nil || len(found) == 0 {
		return "", err
	}
	return fmt.Sprintf("%s was imported on %s by %s. It changes only what has been changed since.", found[0].Name, calendar.Moment(found[0].At), found[0].By), nil
}

// storeFiles writes which files an import is made of and, when withContent, what is in them.
func storeFiles(ctx context.Context, tx *postgres.Tx, importID int64, uploads []Upload, hashes [][]byte, withContent bool) error {
	for i, upload := range uploads {
		fileID, err := postgres.GetValue[int64](ctx, tx, `insert into import_file (import_id, name, size, sha256, expires_at)
			values (@import, @name, @size, @sha, @now::timestamptz + make_interval(days => @days)) returning id`,
			postgres.Args{"import": importID, "name": table.Short(plainText(upload.Name)), "size": upload.Size, "sha": hashes[i], "days": keepDays})
		if err != nil {
			return err
		}
		if !withContent {
			continue
		}
		piece := make([]byte, pieceSize)
		content := io.NewSectionReader(upload.Content, 0, upload.Size)
		for number := 0; ; number++ {
			n, err := io.ReadFull(content, piece)
			if n > 0 {
				if _, err := tx.Do(ctx, `insert into import_part (file_id, number, content) values (@file, @number, @content)`,
					postgres.Args{"file": fileID, "number": number, "content": piece[:n]}); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			if err != nil {
				return fmt.Errorf("read upload: %w", err)
			}
		}
	}
	return nil
}

// Confirm says, with the preview in view, that the import may go in; it is applied in the
// background. Conflict: it is not waiting to be confirmed, or somebody else was first.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, importID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.move(ctx, tx, importID, `state = 'applying', applied_by = @by, done = 0`, Previewed); err != nil {
			return err
		}
		blocked, err := postgres.GetValue[bool](ctx, tx, `select kind in ('marks', 'collected') and rejected_count > 0 from import where id = @import`, postgres.Args{"import": importID})
		if err != nil {
			return err
		}
		if blocked {
			return errBlocked
		}
		if err := audit.Change(ctx, tx, audit.Entry{Subject: "import", SubjectID: importID, Action: "confirmed"}); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, applyJob{ImportID: importID})
	})
}

// Discard throws an import away that waits for a person, and its files with it.
func (s *Service) Discard(ctx context.Context, actor access.Actor, importID int64) error {
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.move(ctx, tx, importID, `state = 'discarded'`, Previewed, Asking); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "import", SubjectID: importID, Action: "discarded"})
	})
	if err != nil {
		return err
	}
	return s.forgetContent(ctx, importID)
}

// move takes an import from one state to the next. set is SQL that may use @by.
func (s *Service) move(ctx context.Context, tx *postgres.Tx, importID int64, set string, from ...State) error {
	of := postgres.Args{"import": importID, "from": from, "by": tx.Actor.ID}
	kind, err := postgres.GetValue[Kind](ctx, tx, `select kind from import where id = @import for update`, of)
	if err != nil {
		return err
	}
	if err := mayBring(tx.Actor, kind); err != nil {
		return err
	}
	moved, err := tx.Do(ctx, `update import set `+set+` where id = @import and state = any(@from)`, of)
	if err != nil {
		return err
	}
	if moved == 0 {
		return fault.Conflict("This import is no longer waiting to be confirmed. Look at what became of it.")
	}
	return nil
}

// forgetContent removes what the files of an import held. Their names and hashes stay.
func (s *Service) forgetContent(ctx context.Context, importID int64) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `delete from import_part p using import_file f where f.id = p.file_id and f.import_id = @import`, postgres.Args{"import": importID})
		return err
	})
}

// Forget discards imports that nobody has confirmed for too long and removes the content of files that
// are no longer needed. The server does it every day.
func (s *Service) Forget(ctx context.Context) error {
	return s.DB.ChangeWithin(ctx, access.System, longest, func(ctx context.Context, tx *postgres.Tx) error {
		for _, statement := range []string{
			`update import i set state = 'discarded' where state in ('uploaded', 'columns', 'previewed')
				and exists (select from import_file f where f.import_id = i.id and f.expires_at <= @now)`,
			`delete from import_part p using import_file f, import i where f.id = p.file_id and i.id = f.import_id
				and (i.state in ('applied', 'failed', 'discarded') or f.expires_at <= @now)`,
			`delete from import_problem p using import i where i.id = p.import_id and i.state = 'discarded'`,
			`delete from import_item t using import i where i.id = t.import_id and i.state = 'discarded'`,
		} {
			if _, err := tx.Do(ctx, statement, nil); err != nil {
				return err
			}
		}
		return nil
	})
}
