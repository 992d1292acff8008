package suspension

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Service records suspensions. Each method is one transaction.
type Service struct {
	DB *postgres.DB
}

// Entry is a suspension or permanent exclusion as somebody reports it.
type Entry struct {
	SettingID int64
	Kind      Kind
	StartsOn  calendar.Date
	Sessions  int      // half-days; lunchtimes: how many; a permanent exclusion: taken as 1 and not counted
	Reasons   []string // one to three codes
	Note      string
}

// Limits of an entry: half-days in a year, and characters of its note.
const (
	MostSessions = 90
	NoteLimit    = 4000
)

func (e Entry) tidy() Entry {
	e.Note = strings.TrimSpace(e.Note)
	e.Reasons = slices.Clone(e.Reasons)
	slices.Sort(e.Reasons)
	e.Reasons = slices.Compact(e.Reasons)
	if e.Kind == Exclusion {
		e.Sessions = 1
	}
	return e
}

// problems are about the fields kind, starts, sessions, reasons and note.
func (e Entry) problems(today calendar.Date) error {
	var p fault.Problems
	if e.Kind.Name() == "" {
		p.Add("kind", "Choose what the school did")
	}
	switch {
	case e.StartsOn.IsZero():
		p.Add("starts", "Enter the first day")
	case e.StartsOn.After(today.AddDays(14)):
		p.Add("starts", "First day must be no more than 14 days from today")
	case e.StartsOn.Before(today.AddYears(-15)):
		p.Add("starts", "First day must be within the last 15 years")
	}
	if e.Sessions < 1 || e.Sessions > MostSessions {
		p.Addf("sessions", "Half-days must be a whole number from 1 to %d", MostSessions)
	}
	if len(e.Reasons) < 1 || len(e.Reasons) > 3 {
		p.Add("reasons", "Choose one to three reasons")
	}
	for _, code := range e.Reasons {
		if ReasonName(code) == "" {
			p.Add("reasons", "Choose reasons from the list")
		}
	}
	if utf8.RuneCountInString(e.Note) > NoteLimit {
		p.Addf("note", "Use %d characters or fewer", NoteLimit)
	}
	return p.Err()
}

// Record keeps an event at a school where the child was on roll that day, and gives its number. It
// needs RecordSuspension; a school's own people record for their school only.
func (s *Service) Record(ctx context.Context, actor access.Actor, childID int64, entry Entry) (int64, error) {
	entry = entry.tidy()
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := mayRecord(ctx, tx, childID, entry); err != nil {
			return err
		}
		ids, err := postgres.ListValues[int64](ctx, tx, `insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, note, recorded_by, recorded_at)
			values (@child, @setting, @kind, @starts, @sessions, @reasons, @note, @by, @now) on conflict do nothing returning id`,
			entry.args(postgres.Args{"child": childID, "by": actor.ID}))
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return errTwice
		}
		id = ids[0]
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: id, Action: "recorded", After: entry})
	})
	return id, err
}

var errTwice = fault.Invalid("starts", "This is already recorded for that day at that school. Correct it instead.")

// Correct puts an event right. An event that is not at version is a conflict.
func (s *Service) Correct(ctx context.Context, actor access.Actor, childID, eventID int64, version int, entry Entry) error {
	entry = entry.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		args := entry.args(postgres.Args{"child": childID, "event": eventID, "version": version, "by": actor.ID})
		before, err := postgres.Get[Event](ctx, tx, eventSQL+`where e.id = @event and e.child_id = @child for update of e`, args)
		if err != nil {
			return err
		}
		if err := mayRecord(ctx, tx, childID, entry); err != nil {
			return err
		}
		if actor.Role == access.School && before.SettingID != entry.SettingID {
			return fault.Forbidden("This was recorded by another school.")
		}
		err = tx.DoOne(ctx, `update suspension set setting_id = @setting, kind = @kind, starts_on = @starts, sessions = @sessions, reasons = @reasons, note = @note,
				recorded_by = @by, recorded_at = @now, version = version + 1
			where id = @event and version = @version`, args)
		if postgres.Constraint(err) == "suspension_child_id_setting_id_starts_on_kind_key" {
			return errTwice
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: eventID, Action: "corrected", Before: before.Entry(), After: entry})
	})
}

func mayRecord(ctx context.Context, tx *postgres.Tx, childID int64, entry Entry) error {
	type relation struct{ OnRoll, Theirs bool }
	found, err := postgres.Get[relation](ctx, tx, `select
			exists (select from roll r where r.child_id = c.id and r.setting_id = @setting and r.period @> @starts::date) as on_roll,
			exists (select from account_setting t where t.account_id = @actor and t.setting_id = @setting and t.period @> @today::date) as theirs
		from child c where c.id = @child`,
		postgres.Args{"child": childID, "setting": entry.SettingID, "starts": entry.StartsOn, "actor": tx.Actor.ID})
	if err != nil {
		return err
	}
	if err := access.Check(tx.Actor, access.RecordSuspension, access.Facts{}); err != nil {
		return err
	}
	if tx.Actor.Role == access.School && !found.Theirs {
		return fault.Forbidden("You can record suspensions by your own school only.")
	}
	if err := entry.problems(tx.Today); err != nil {
		return err
	}
	if !found.OnRoll {
		return fault.Invalid("setting", "Choose the school where the child was on roll on the first day")
	}
	return nil
}

func (e Entry) args(more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"setting": e.SettingID, "kind": e.Kind, "starts": e.StartsOn, "sessions": e.Sessions, "reasons": e.Reasons, "note": e.Note} {
		more[name] = value
	}
	return more
}
