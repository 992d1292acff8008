package provision

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Service records alternative provision. Each method is one transaction, and needs RecordProvision.
type Service struct {
	DB *postgres.DB
}

// Record keeps provision for a child, and gives its number.
func (s *Service) Record(ctx context.Context, actor access.Actor, childID int64, entry Entry) (int64, error) {
	entry = entry.tidy()
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child`, postgres.Args{"child": childID}); err != nil {
			return err
		}
		if err := mayArrange(actor, entry.ArrangedBy); err != nil {
			return err
		}
		if err := entry.problems(tx.Today); err != nil {
			return err
		}
		var err error
		id, err = postgres.GetValue[int64](ctx, tx, `insert into provision (child_id, place, registration, arranged_by, purpose, starts_on, planned_end, ended_on, hours, recorded_by, recorded_at)
			values (@child, @place, @registration, @arranged_by, @purpose, @starts, @ends, @ended, @hours, @by, @now) returning id`,
			entry.args(postgres.Args{"child": childID, "by": actor.ID}))
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "provision", SubjectID: id, Action: "recorded", After: entry})
	})
	return id, err
}

// Change corrects provision or says that it has ended. One that is not at version is a conflict.
func (s *Service) Change(ctx context.Context, actor access.Actor, childID, id int64, version int, entry Entry) error {
	entry = entry.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := forChange(ctx, tx, childID, id)
		if err != nil {
			return err
		}
		if err := mayArrange(actor, entry.ArrangedBy); err != nil {
			return err
		}
		if err := entry.problems(tx.Today); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update provision set place = @place, registration = @registration, arranged_by = @arranged_by, purpose = @purpose, starts_on = @starts, planned_end = @ends,
				ended_on = @ended, hours = @hours, recorded_by = @by, recorded_at = @now, version = version + 1
			where id = @id and version = @version`, entry.args(postgres.Args{"id": id, "version": version, "by": actor.ID}))
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "provision", SubjectID: id, Action: "changed", Before: before.Entry, After: entry})
	})
}

// Check keeps who looked at the quality of provision and what they found. Checks are never changed: a
// later one says otherwise.
func (s *Service) Check(ctx context.Context, actor access.Actor, childID, id int64, check Check) error {
	check = check.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		of, err := forChange(ctx, tx, childID, id)
		if err != nil {
			return err
		}
		if err := check.problems(of, tx.Today); err != nil {
			return err
		}
		kept, err := tx.Do(ctx, `insert into provision_check (provision_id, child_id, checked_on, checked_by, safe, finding, words, recorded_by, recorded_at)
			values (@id, @child, @on, @checked_by, @safe, @finding, @words, @by, @now) on conflict do nothing`,
			postgres.Args{"id": id, "child": childID, "on": check.CheckedOn, "checked_by": check.CheckedBy, "safe": check.Safe, "finding": check.Finding, "words": check.Words, "by": actor.ID})
		if err != nil {
			return err
		}
		if kept == 0 {
			return fault.Invalid("checked", "A check of that day is already recorded")
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "provision", SubjectID: id, Action: "checked", After: check})
	})
}

// forChange locks one of the child's, for somebody who may change it.
func forChange(ctx context.Context, tx *postgres.Tx, childID, id int64) (Provision, error) {
	of, err := postgres.Get[Provision](ctx, tx, `select `+columns+tables+`where p.id = @id and p.child_id = @child for update of p`, postgres.Args{"id": id, "child": childID})
	if err != nil {
		return of, err
	}
	return of, mayArrange(tx.Actor, of.ArrangedBy)
}

// mayArrange lets a school's own people record what their school arranged, and the team what anybody did.
func mayArrange(actor access.Actor, by Arranger) error {
	if err := access.Check(actor, access.RecordProvision, access.Facts{}); err != nil {
		return err
	}
	if actor.Role == access.School && by != BySchool && by.Name() != "" {
		return fault.Forbidden("You can record what your school arranged. The Virtual School records the rest.")
	}
	return nil
}

func (e Entry) args(more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"place": e.Place, "registration": e.Registration, "arranged_by": e.ArrangedBy, "purpose": e.Purpose, "starts": e.StartsOn,
		"ends": e.PlannedEnd, "ended": e.EndedOn, "hours": e.Hours} {
		more[name] = value
	}
	return more
}
