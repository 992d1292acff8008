package timetable

import (
	"context"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Service records reduced timetables. Each method is one transaction.
type Service struct {
	DB *postgres.DB
}

// Record keeps a reduced timetable at a school where the child is on roll on its first day, and gives its
// number. It needs RecordTimetable; a school's own people record for their school only.
func (s *Service) Record(ctx context.Context, actor access.Actor, childID int64, entry Entry) (int64, error) {
	entry = entry.tidy()
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := mayRecord(ctx, tx, childID, entry.SettingID, entry.StartsOn); err != nil {
			return err
		}
		if err := entry.problems(tx.Today); err != nil {
			return err
		}
		var err error
		id, err = postgres.GetValue[int64](ctx, tx, `insert into reduced_timetable (child_id, setting_id, starts_on, planned_end, hours, full_hours, reason, note, way_back,
				carer_agreed_on, worker_agreed_on, virtual_school_agreed_on, risk_assessed_on, council_told_on, next_review_on, recorded_by, recorded_at)
			values (@child, @setting, @starts, @ends, @hours, @full, @reason, @note, @way_back, @carer, @worker, @virtual_school, @risk, @council, @review, @by, @now)
			returning id`, entry.args(postgres.Args{"child": childID, "by": actor.ID}))
		if err != nil {
			return overlaps(err)
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "reduced_timetable", SubjectID: id, Action: "recorded", After: entry})
	})
	return id, err
}

// Correct puts one right. One that is not at version is a conflict.
func (s *Service) Correct(ctx context.Context, actor access.Actor, childID, id int64, version int, entry Entry) error {
	entry = entry.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := theirs(ctx, tx, childID, id)
		if err != nil {
			return err
		}
		if err := mayRecord(ctx, tx, childID, entry.SettingID, entry.StartsOn); err != nil {
			return err
		}
		if err := entry.problems(tx.Today); err != nil {
			return err
		}
		if last := calendar.Earliest(before.EndedOn, before.LastReviewOn); !last.IsZero() && !entry.StartsOn.Before(last) {
			return fault.Invalid("starts", "First day must be before "+last.Words()+", when it was reviewed")
		}
		err = tx.DoOne(ctx, `update reduced_timetable set setting_id = @setting, starts_on = @starts, planned_end = @ends, hours = @hours, full_hours = @full, reason = @reason,
				note = @note, way_back = @way_back, carer_agreed_on = @carer, worker_agreed_on = @worker, virtual_school_agreed_on = @virtual_school,
				risk_assessed_on = @risk, council_told_on = @council, next_review_on = @review, recorded_by = @by, recorded_at = @now, version = version + 1
			where id = @id and version = @version`, entry.args(postgres.Args{"id": id, "version": version, "by": actor.ID}))
		if err != nil {
			return overlaps(err)
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "reduced_timetable", SubjectID: id, Action: "corrected", Before: before.Entry, After: entry})
	})
}

// Review keeps what a review found, and what it decided holds from its day: other hours, another end, or
// that it is over. One that is not at version, or has ended, is a conflict.
func (s *Service) Review(ctx context.Context, actor access.Actor, childID, id int64, version int, review Review) error {
	review.Words = strings.TrimSpace(review.Words)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		of, err := theirs(ctx, tx, childID, id)
		if err != nil {
			return err
		}
		if err := mayRecord(ctx, tx, childID, of.SettingID, of.StartsOn); err != nil {
			return err
		}
		if err := review.problems(of, tx.Today); err != nil {
			return err
		}
		args := postgres.Args{"id": id, "child": childID, "version": version, "by": actor.ID, "held": review.HeldOn, "outcome": review.Outcome, "words": review.Words,
			"was": of.Hours, "hours": of.Hours, "ends": of.PlannedEnd, "review": of.NextReviewOn}
		if review.Outcome == GoesOn {
			args["hours"], args["ends"], args["review"] = review.Hours, review.PlannedEnd, review.NextReviewOn
		}
		err = tx.DoOne(ctx, `update reduced_timetable set hours = @hours, planned_end = @ends, next_review_on = @review, outcome = nullif(@outcome, ''),
				ended_on = case when @outcome <> '' then @held::date end, version = version + 1
			where id = @id and version = @version and ended_on is null`, args)
		if err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `insert into reduced_timetable_review (timetable_id, child_id, held_on, outcome, was_hours, hours, words, recorded_by, recorded_at)
			values (@id, @child, @held, nullif(@outcome, ''), @was, @hours, @words, @by, @now)`, args); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "reduced_timetable", SubjectID: id, Action: "reviewed", After: review})
	})
}

// theirs locks one of the child's for a change; a school's own people change what is at their school only.
func theirs(ctx context.Context, tx *postgres.Tx, childID, id int64) (Timetable, error) {
	of, err := postgres.Get[Timetable](ctx, tx, `select `+columns+tables+`where t.id = @id and t.child_id = @child for update of t`, postgres.Args{"id": id, "child": childID})
	if err != nil || tx.Actor.Role != access.School {
		return of, err
	}
	own, err := postgres.GetValue[bool](ctx, tx, `select exists (select from account_setting where account_id = @by and setting_id = @setting and period @> @today::date)`,
		postgres.Args{"by": tx.Actor.ID, "setting": of.SettingID})
	if err == nil && !own {
		err = fault.Forbidden("This is at another school.")
	}
	return of, err
}

func mayRecord(ctx context.Context, tx *postgres.Tx, childID, settingID int64, starts calendar.Date) error {
	type relation struct{ OnRoll, Theirs bool }
	found, err := postgres.Get[relation](ctx, tx, `select
			exists (select from roll r where r.child_id = c.id and r.setting_id = @setting and (@starts::date is null or r.period @> @starts::date)) as on_roll,
			exists (select from account_setting t where t.account_id = @actor and t.setting_id = @setting and t.period @> @today::date) as theirs
		from child c where c.id = @child`, postgres.Args{"child": childID, "setting": settingID, "starts": starts, "actor": tx.Actor.ID})
	if err != nil {
		return err
	}
	if err := access.Check(tx.Actor, access.RecordTimetable, access.Facts{}); err != nil {
		return err
	}
	switch {
	case tx.Actor.Role == access.School && !found.Theirs:
		return fault.Forbidden("You can record reduced timetables at your own school only.")
	case !found.OnRoll:
		return fault.Invalid("setting", "Choose the school where the child is on roll on the first day")
	}
	return nil
}

func overlaps(err error) error {
	if postgres.Constraint(err) == "one_at_a_time" {
		return fault.Invalid("starts", "A reduced timetable is already recorded there for that time. Review or correct it instead.")
	}
	return err
}

func (e Entry) args(more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"setting": e.SettingID, "starts": e.StartsOn, "ends": e.PlannedEnd, "hours": e.Hours, "full": e.FullHours, "reason": e.Reason,
		"note": e.Note, "way_back": e.WayBack, "carer": e.CarerAgreedOn, "worker": e.WorkerAgreedOn, "virtual_school": e.VirtualSchoolAgreedOn, "risk": e.RiskAssessedOn,
		"council": e.CouncilToldOn, "review": e.NextReviewOn} {
		more[name] = value
	}
	return more
}
