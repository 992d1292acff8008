package intake

import (
	"context"
	"errors"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// ask has an import wait until a person says what its columns hold. Its file stays.
func (s *Service) ask(ctx context.Context, importID int64, unsaid *sheet.Unsaid) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		headings := make([]string, len(unsaid.Headings))
		for i, heading := range unsaid.Headings {
			headings[i] = plainText(heading)
		}
		_, err := tx.Do(ctx, `update import set state = 'columns', question = @question, headings = @headings, fingerprint = @fingerprint where id = @import and state = 'checking'`,
			postgres.Args{"import": importID, "question": plainText(unsaid.Error()), "headings": headings, "fingerprint": unsaid.Fingerprint})
		return err
	})
}

// SayColumns says what the columns of a file hold, and has it checked again. It is remembered for every
// file with the same headings: of the same school, where the file is one school's. Problems are about "columns"; Conflict for an import that does not wait for it.
func (s *Service) SayColumns(ctx context.Context, actor access.Actor, importID int64, said sheet.Columns) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.move(ctx, tx, importID, `state = 'uploaded', done = 0`, Asking); err != nil {
			return err
		}
		type asked struct {
			Headings    []string
			Fingerprint string
			SettingID   int64
		}
		waiting, err := postgres.Get[asked](ctx, tx, `select headings, fingerprint, coalesce(setting_id, 0) as setting_id from import where id = @import`, postgres.Args{"import": importID})
		if err != nil {
			return err
		}
		if err := sayable(said, waiting.Headings); err != nil {
			return err
		}
		if err := remember(ctx, tx, waiting.SettingID, waiting.Fingerprint, said); err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, audit.Entry{Subject: "import", SubjectID: importID, Action: "columns said", After: said}); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, checkJob{ImportID: importID})
	})
}

// sayable says what is wrong with what a person says of columns.
func sayable(said sheet.Columns, headings []string) error {
	used := map[string]bool{}
	for _, role := range sheet.Roles {
		switch heading := role.Of(said); {
		case heading == "":
		case !slices.Contains(headings, heading):
			return fault.Invalid("columns", "Choose headings of this file")
		case used[heading]:
			return fault.Invalid("columns", "A column holds one thing: choose “"+heading+"” once")
		default:
			used[heading] = true
		}
	}
	if said.ChildID == "" && said.UPN == "" {
		return fault.Invalid("columns", "Say which column holds the child’s UPN or identifier")
	}
	return nil
}

// remember keeps what headings mean in the files of a setting, or in all for 0.
func remember(ctx context.Context, tx *postgres.Tx, settingID int64, fingerprint string, said sheet.Columns) error {
	_, err := tx.Do(ctx, `insert into import_columns (fingerprint, setting_id, columns, said_by, said_at) values (@fingerprint, nullif(@setting::bigint, 0), @columns, @by, @now)
		on conflict (fingerprint, setting_id) do update set columns = excluded.columns, said_by = excluded.said_by, said_at = excluded.said_at`,
		postgres.Args{"fingerprint": fingerprint, "setting": settingID, "columns": said, "by": tx.Actor.ID})
	return err
}

// remembered is what was said of headings, by their fingerprint: for the files of a setting, else for all.
func remembered(ctx context.Context, tx *postgres.Tx, settingID int64) (func(string) sheet.Columns, error) {
	type row struct {
		Fingerprint string
		Columns     sheet.Columns
	}
	rows, err := postgres.List[row](ctx, tx, `select fingerprint, columns from import_columns where setting_id is null or setting_id = @setting
		order by setting_id nulls first`, postgres.Args{"setting": settingID})
	if err != nil {
		return nil, err
	}
	said := map[string]sheet.Columns{}
	for _, r := range rows {
		said[r.Fingerprint] = r.Columns
	}
	return func(fingerprint string) sheet.Columns { return said[fingerprint] }, nil
}

// errBlocked says that marks of a file with mistakes do not go in.
var errBlocked = fault.Conflict("Some lines of this file are wrong, and marks go in all or none. Put the lines right, or have the school do it, and send the file again.")

// IsBlocked says whether an import was refused for its wrong lines, which its result lists.
func IsBlocked(err error) bool { return errors.Is(err, errBlocked) }
