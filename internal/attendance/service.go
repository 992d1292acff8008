package attendance

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

// Service records attendance. Each method is one transaction.
type Service struct {
	DB *postgres.DB
}

// Entry is a half term's figures as somebody reports them.
type Entry struct {
	SettingID    int64
	AcademicYear int
	HalfTerm     HalfTerm
	Figures      Figures
	Source       string // who or what they are from
	AsAt         calendar.Date
}

// MostSessions is more than any half term has.
const MostSessions = 100

// problems are about the fields possible, attended, authorised, unauthorised, late, source, as_at and half_term.
func (e Entry) problems(today calendar.Date) error {
	var p fault.Problems
	f := e.Figures
	for _, count := range []struct {
		field, label string
		n            int
	}{{"possible", "Possible sessions", f.Possible}, {"attended", "Attended", f.Attended}, {"authorised", "Authorised absence", f.Authorised},
		{"unauthorised", "Unauthorised absence", f.Unauthorised}, {"late", "Late", f.Late}} {
		if count.n < 0 || count.n > MostSessions {
			p.Addf(count.field, "%s must be a whole number from 0 to %d", count.label, MostSessions)
		}
	}
	if len(p) == 0 && f.Attended+f.Absent() != f.Possible {
		p.Addf("possible", "Attended, authorised and unauthorised make %d, but possible sessions are %d. They must be the same.", f.Attended+f.Absent(), f.Possible)
	}
	if f.Late > f.Attended {
		p.Add("late", "Late must not be more than attended")
	}
	switch source := strings.TrimSpace(e.Source); {
	case source == "":
		p.Add("source", "Enter where the figures are from")
	case utf8.RuneCountInString(source) > 200:
		p.Add("source", "Use 200 characters or fewer")
	}
	starts := e.HalfTerm.earliest(e.AcademicYear)
	switch {
	case e.HalfTerm.Name() == "":
		p.Add("half_term", "Choose a half term")
	case e.AcademicYear < calendar.AcademicYear(today)-15 || starts.After(today):
		p.Add("half_term", "Choose a half term that has begun")
	case e.AsAt.IsZero() || e.AsAt.Before(starts):
		p.Addf("as_at", "The day of the figures must be after the half term began")
	case e.AsAt.After(today):
		p.Add("as_at", "The day of the figures must be today or in the past")
	}
	return p.Err()
}

// Record keeps a half term's figures for a child at a school where the child was on roll that
// academic year. Version 0 enters new figures; otherwise those of that version are corrected. It
// needs RecordAttendance; a school's own people record for their school only.
func (s *Service) Record(ctx context.Context, actor access.Actor, childID int64, version int, entry Entry) error {
	entry.Source = strings.TrimSpace(entry.Source)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := mayRecord(ctx, tx, childID, entry); err != nil {
			return err
		}
		if err := entry.problems(tx.Today); err != nil {
			return err
		}
		if err := oneAtATime(ctx, tx, []int64{entry.SettingID}); err != nil {
			return err
		}
		if version == 0 {
			return insert(ctx, tx, childID, entry)
		}
		return correct(ctx, tx, childID, version, entry)
	})
}

// oneAtATime makes whoever writes attendance at the same settings wait for each other, so that no two
// write the same day or the same half term at once.
func oneAtATime(ctx context.Context, tx *postgres.Tx, settingIDs []int64) error {
	slices.Sort(settingIDs)
	_, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtext('attendance'), s::int) from unnest(@settings::bigint[]) s`, postgres.Args{"settings": settingIDs})
	return err
}

func mayRecord(ctx context.Context, tx *postgres.Tx, childID int64, entry Entry) error {
	year := calendar.AcademicYearRange(min(max(entry.AcademicYear, 1990), 2200)) // what no database date holds is refused later
	type relation struct{ OnRoll, Theirs bool }
	found, err := postgres.Get[relation](ctx, tx, `select
			exists (select from roll r where r.child_id = c.id and r.setting_id = @setting and r.period && daterange(@from, @to)) as on_roll,
			exists (select from account_setting t where t.account_id = @actor and t.setting_id = @setting and t.period @> @today::date) as theirs
		from child c where c.id = @child`,
		postgres.Args{"child": childID, "setting": entry.SettingID, "actor": tx.Actor.ID, "from": year.Start, "to": year.End})
	if err != nil {
		return err
	}
	if err := access.Check(tx.Actor, access.RecordAttendance, access.Facts{}); err != nil {
		return err
	}
	if tx.Actor.Role == access.School && !found.Theirs {
		return fault.Forbidden("You can record attendance for your own school only.")
	}
	if !found.OnRoll {
		return fault.Invalid("setting", "Choose a school where the child was on roll that year")
	}
	return nil
}

func (e Entry) args(more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"setting": e.SettingID, "year": e.AcademicYear, "half": e.HalfTerm, "possible": e.Figures.Possible,
		"attended": e.Figures.Attended, "authorised": e.Figures.Authorised, "unauthorised": e.Figures.Unauthorised, "late": e.Figures.Late,
		"source": e.Source, "as_at": e.AsAt} {
		more[name] = value
	}
	return more
}

func insert(ctx context.Context, tx *postgres.Tx, childID int64, entry Entry) error {
	added, err := tx.Do(ctx, `insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised,
			late, source, as_at, recorded_by, recorded_at)
		values (@child, @setting, @year, @half, @possible, @attended, @authorised, @unauthorised, @late, @source, @as_at, @by, @now)
		on conflict do nothing`, entry.args(postgres.Args{"child": childID, "by": tx.Actor.ID}))
	if err != nil {
		return err
	}
	if added == 0 {
		return fault.Invalid("half_term", "There are already figures for this half term at this school. Correct those instead.")
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "attendance", SubjectID: entry.subject(), Action: "recorded", After: entry})
}

func correct(ctx context.Context, tx *postgres.Tx, childID int64, version int, entry Entry) error {
	args := entry.args(postgres.Args{"child": childID, "by": tx.Actor.ID, "version": version})
	before, err := postgres.Get[Record](ctx, tx, recordSQL+`where h.child_id = @child and h.setting_id = @setting and h.academic_year = @year and h.half_term = @half for update of h`, args)
	if err != nil {
		return err
	}
	if before.FromMarks {
		return fault.Invalid("half_term", "These figures are made from the marks of the register. Correct the marks instead.")
	}
	err = tx.DoOne(ctx, `update attendance_half_term set possible = @possible, attended = @attended, authorised = @authorised, unauthorised = @unauthorised,
			late = @late, source = @source, as_at = @as_at, recorded_by = @by, recorded_at = @now, version = version + 1
		where child_id = @child and setting_id = @setting and academic_year = @year and half_term = @half and version = @version`, args)
	if err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "attendance", SubjectID: entry.subject(), Action: "corrected", Before: before.Entry(), After: entry})
}

func (e Entry) subject() string {
	return calendar.AcademicYearLabel(e.AcademicYear) + " " + string(e.HalfTerm)
}
