package schoolplace

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Service records the search for a school place. Each method is one transaction, and needs RecordPlaceSearch.
type Service struct {
	DB *postgres.DB
}

// Plan keeps why a child has no place and what comes next. The search that runs is changed, at version;
// version 0 begins it. A child who has a place is refused.
func (s *Service) Plan(ctx context.Context, actor access.Actor, childID int64, version int, search Search) error {
	search = search.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := mayRecord(ctx, tx, childID); err != nil {
			return err
		}
		if err := search.problems(tx.Today); err != nil {
			return err
		}
		rows, err := postgres.List[Row](ctx, tx, rowSQL, postgres.Args{"child": childID})
		if err != nil {
			return err
		}
		since, without := calendar.Date{}, false
		if len(rows) == 1 {
			since, without = Since(rows[0].person(), tx.Today)
		}
		if !without {
			return fault.Invalid("reason", "This child is not without a school place today, so there is nothing to look for")
		}
		args := postgres.Args{"child": childID, "id": rows[0].Kept.ID, "version": version, "on": tx.Today, "reason": search.Reason, "emergency": search.Emergency, "note": search.Note,
			"task": search.NextTask, "task_on": search.NextOn, "task_by": search.NextBy, "by": actor.ID}
		entry := audit.Entry{ChildID: childID, Subject: "place_search", Action: "planned", After: search}
		if rows[0].Kept.ID != 0 && !rows[0].OpenedOn.Before(since) {
			entry.SubjectID, entry.Before = rows[0].Kept.ID, rows[0].Search
			err = tx.DoOne(ctx, `update place_search set reason = @reason, emergency = @emergency, note = @note, next_task = @task, next_on = @task_on, next_by = @task_by,
				recorded_by = @by, recorded_at = @now, version = version + 1 where id = @id and version = @version`, args)
		} else {
			entry.SubjectID, err = postgres.GetValue[int64](ctx, tx, `insert into place_search (child_id, opened_on, reason, emergency, note, next_task, next_on, next_by, recorded_by, recorded_at)
				values (@child, @on, @reason, @emergency, @note, @task, @task_on, @task_by, @by, @now) returning id`, args)
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, entry)
	})
}

// Take keeps a step, and gives its number. Steps may come before the place is lost: a move is often planned.
func (s *Service) Take(ctx context.Context, actor access.Actor, childID int64, step Step) (int64, error) {
	step = step.tidy()
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := mayRecord(ctx, tx, childID); err != nil {
			return err
		}
		if err := step.problems(tx.Today); err != nil {
			return err
		}
		var err error
		id, err = postgres.GetValue[int64](ctx, tx, `insert into place_step (child_id, kind, taken_on, school, words, mistaken, recorded_by, recorded_at)
			values (@child, @kind, @on, @school, @words, @mistaken, @by, @now) returning id`, step.args(postgres.Args{"child": childID, "by": actor.ID}))
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "place_step", SubjectID: id, Action: "recorded", After: step})
	})
	return id, err
}

// Correct puts a step right, or says that it was entered by mistake. One that is not at version is a conflict.
func (s *Service) Correct(ctx context.Context, actor access.Actor, childID, id int64, version int, step Step) error {
	step = step.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := mayRecord(ctx, tx, childID); err != nil {
			return err
		}
		before, err := postgres.Get[Taken](ctx, tx, stepSQL+`where t.id = @id and t.child_id = @child for update of t`, postgres.Args{"id": id, "child": childID})
		if err != nil {
			return err
		}
		if err := step.problems(tx.Today); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update place_step set kind = @kind, taken_on = @on, school = @school, words = @words, mistaken = @mistaken, recorded_by = @by, recorded_at = @now, version = version + 1
			where id = @id and version = @version`, step.args(postgres.Args{"id": id, "version": version, "by": actor.ID}))
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "place_step", SubjectID: id, Action: "corrected", Before: before.Step, After: step})
	})
}

// mayRecord locks the child, so that two who begin a search at once are one after the other.
func mayRecord(ctx context.Context, tx *postgres.Tx, childID int64) error {
	if _, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child for update`, postgres.Args{"child": childID}); err != nil {
		return err
	}
	return access.Check(tx.Actor, access.RecordPlaceSearch, access.Facts{})
}

func (s Step) args(more postgres.Args) postgres.Args {
	for name, value := range map[string]any{"kind": s.Kind, "on": s.TakenOn, "school": s.School, "words": s.Words, "mistaken": s.Mistaken} {
		more[name] = value
	}
	return more
}
