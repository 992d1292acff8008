package suspension

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/document"
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
	Afternoon bool          // it begins after lunch
	Sessions  int           // half-days; lunchtimes: how many; a permanent exclusion: taken as 1 and not counted
	Reasons   []string      // one to three codes
	DecidedOn calendar.Date // by the head teacher; zero: not known
	Exam      Exam          // what the child would miss
	ExamOn    calendar.Date
	CameBy    CameBy
	Note      string
}

// Report is an entry with all that a notification says beside it.
type Report struct {
	Entry
	Told      Told             // whom the school has told
	Education *Education       // what the child has from the first day; nil: nothing is arranged yet
	Letter    *document.Upload // the school's letter; nil: none at hand
}

// CameBy is how the report reached the Virtual School.
type CameBy string

// Ways a report comes. A school that fills in the form itself has thereby told the Virtual School.
const (
	NotSaid  CameBy = "not_said"
	BySchool CameBy = "school"
)

// CameByWays are the ways in the order forms list them for those who key what a school sent.
var CameByWays = []struct {
	Way  CameBy
	Name string
}{{"letter", "A letter from the school"}, {"email", "An email from the school"}, {"phone", "A phone call with the school"}, {"carer", "The carer or the social worker told us"}}

// Name is the way in words; empty where it was not said.
func (c CameBy) Name() string {
	if c == BySchool {
		return "The school filled in the form"
	}
	for _, one := range CameByWays {
		if one.Way == c {
			return one.Name
		}
	}
	return ""
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
	if e.Kind == Lunchtime {
		e.Afternoon = false
	}
	if e.Exam == NoExam {
		e.ExamOn = calendar.Date{}
	}
	if e.CameBy == "" {
		e.CameBy = NotSaid
	}
	return e
}

// problems are about the fields kind, decided, starts, sessions, reasons, exam, exam-on, came and note.
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
	switch {
	case e.DecidedOn.IsZero():
	case e.DecidedOn.After(today):
		p.Add("decided", "The day the head teacher decided cannot be after today")
	case !e.StartsOn.IsZero() && e.DecidedOn.After(e.StartsOn):
		p.Add("decided", "The head teacher decides on the first day or before it")
	case e.DecidedOn.Before(e.StartsOn.AddDays(-60)):
		p.Add("decided", "The day the head teacher decided must be within 60 days of the first day")
	}
	switch {
	case e.Exam != NoExam && e.Exam.Name() == "":
		p.Add("exam", "Choose what the child would miss from the list")
	case e.Exam != NoExam && e.ExamOn.IsZero():
		p.Add("exam-on", "Enter the day of the examination or test")
	case e.Exam != NoExam && (e.ExamOn.Before(e.StartsOn) || e.ExamOn.After(e.StartsOn.AddYears(1))):
		p.Add("exam-on", "The examination or test must be within a year of the first day, and not before it")
	}
	if e.CameBy != NotSaid && e.CameBy.Name() == "" {
		p.Add("came", "Choose how the school told you from the list")
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

// Record keeps an event at a school where the child was on roll that day, tells everybody who is to know
// (Readers), and gives its number. It needs RecordSuspension; a school's own people record for their school
// only, and by that the Virtual School is told.
func (s *Service) Record(ctx context.Context, actor access.Actor, childID int64, report Report) (int64, error) {
	entry := report.tidy()
	if actor.Role == access.School {
		entry.CameBy = BySchool
	}
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := mayRecord(ctx, tx, childID, entry); err != nil {
			return err
		}
		told := report.Told
		if entry.CameBy == BySchool {
			told = maps.Clone(told)
			if told == nil {
				told = Told{}
			}
			told[VirtualSchool] = tx.Today
		}
		if err := told.problems(entry.DecidedOn, tx.Today).Err(); err != nil {
			return err
		}
		ids, err := postgres.ListValues[int64](ctx, tx, `insert into suspension (child_id, setting_id, kind, starts_on, afternoon, sessions, reasons, decided_on, exam, exam_on, came_by, note, recorded_by, recorded_at)
			values (@child, @setting, @kind, @starts, @afternoon, @sessions, @reasons, @decided, @exam, @exam_on, @came, @note, @by, @now) on conflict do nothing returning id`,
			entry.args(postgres.Args{"child": childID, "by": actor.ID}))
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return errTwice
		}
		id = ids[0]
		if err := audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: id, Action: "recorded", After: entry}); err != nil {
			return err
		}
		if err := keepTold(ctx, tx, childID, id, AboutSuspension, told); err != nil {
			return err
		}
		if report.Education != nil {
			if err := arrange(ctx, tx, childID, Event{ID: id, StartsOn: entry.StartsOn}, *report.Education); err != nil {
				return err
			}
		}
		if report.Letter != nil {
			if _, err := document.AddIn(ctx, tx, childID, document.OfSuspension, id, *report.Letter); err != nil {
				return err
			}
		}
		return tellReaders(ctx, tx, childID, id, AboutSuspension)
	})
	return id, err
}

// AddLetter keeps a letter or another paper beside an event. It needs RecordSuspension, of the event's own school.
func (s *Service) AddLetter(ctx context.Context, actor access.Actor, childID, eventID int64, letter document.Upload) error {
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, _ Event) error {
		_, err := document.AddIn(ctx, tx, childID, document.OfSuspension, eventID, letter)
		return err
	})
}

// change holds an event and asks whether the actor may change it.
func (s *Service) change(ctx context.Context, actor access.Actor, childID, eventID int64, do func(context.Context, *postgres.Tx, Event) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		// Asked before it is held: the database lets a school hold its own only, and would say that another's is not there.
		theirs, err := postgres.GetValue[bool](ctx, tx, `select writes_for_setting(setting_id) from suspension where id = @event and child_id = @child`, postgres.Args{"event": eventID, "child": childID})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.RecordSuspension, access.Facts{}); err != nil {
			return err
		}
		if !theirs {
			return fault.Forbidden("This was recorded by another school.")
		}
		event, err := lock(ctx, tx, childID, eventID)
		if err != nil {
			return err
		}
		return do(ctx, tx, event)
	})
}

func lock(ctx context.Context, tx *postgres.Tx, childID, eventID int64) (Event, error) {
	return postgres.Get[Event](ctx, tx, eventSQL+`where e.id = @event and e.child_id = @child for update of e`, postgres.Args{"event": eventID, "child": childID})
}

var errTwice = fault.Invalid("starts", "This is already recorded for that day at that school. Correct it instead.")

// Correct puts an event right. An event that is not at version is a conflict; one that was cancelled, or after
// which the child was reinstated, stays as it is.
func (s *Service) Correct(ctx context.Context, actor access.Actor, childID, eventID int64, version int, entry Entry) error {
	entry = entry.tidy()
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, before Event) error {
		if err := mayRecord(ctx, tx, childID, entry); err != nil {
			return err
		}
		if !before.stands() {
			return fault.Invalid("kind", "This is over: "+strings.ToLower(before.State.Name())+". It is not changed any more.")
		}
		err := tx.DoOne(ctx, `update suspension set setting_id = @setting, kind = @kind, starts_on = @starts, afternoon = @afternoon, sessions = @sessions, reasons = @reasons,
				decided_on = @decided, exam = @exam, exam_on = @exam_on, came_by = @came, note = @note, recorded_by = @by, recorded_at = @now, version = version + 1
			where id = @event and version = @version`, entry.args(postgres.Args{"event": eventID, "version": version, "by": actor.ID}))
		if postgres.Constraint(err) == "suspension_once" {
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
	for name, value := range map[string]any{"setting": e.SettingID, "kind": e.Kind, "starts": e.StartsOn, "sessions": e.Sessions, "reasons": e.Reasons, "note": e.Note,
		"afternoon": e.Afternoon, "decided": e.DecidedOn, "exam": e.Exam, "exam_on": e.ExamOn, "came": e.CameBy} {
		more[name] = value
	}
	return more
}
