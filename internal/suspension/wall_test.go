package suspension_test

import (
	"context"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/suspension"
)

// What a school's own people write in SQL itself is held by the database: beside their own school's
// suspensions they write, beside another's they do not.
func TestTheDatabaseHoldsASchoolToItsOwnSuspensions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.OnRoll(w.child, w.Setting("Cedar Primary"), "[2024-01-01,2024-09-01)")
	record := func(setting int64, starts string) int64 {
		t.Helper()
		id, err := w.service.Record(t.Context(), w.head, w.child, suspension.Report{Entry: entry(setting, starts), Told: suspension.Told{suspension.Parents: on("2026-11-23")},
			Education: &suspension.Education{StartsOn: on(starts), Kind: suspension.WorkSet}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.service.Consider(t.Context(), w.head, w.child, id, suspension.GoverningBoard, 0, suspension.Meeting{MeetsOn: on("2026-12-01")}); err != nil {
			t.Fatal(err)
		}
		return id
	}
	own, other := record(w.birch, "2026-11-16"), record(w.ash, "2026-09-14")
	for name, sql := range map[string]string{
		"change it":              `update suspension set note = 'x' where id = @event returning 1`,
		"take it over":           `update suspension set setting_id = @birch, starts_on = '2026-11-17' where id = @event returning 1`,
		"hold it":                `select 1 from suspension where id = @event for update`,
		"say who was told":       `insert into suspension_notice (suspension_id, child_id, about, party, told_on, recorded_by, recorded_at) values (@event, @child, 'suspension', 'authority', @today, @actor, @now) returning 1`,
		"say it was another day": `update suspension_notice set told_on = '2026-11-22' where suspension_id = @event and party = 'parents' returning 1`,
		"have it read again":     `update suspension_reader set read_at = null, read_by = null where suspension_id = @event and part = 'head' returning 1`,
		"arrange education":      `insert into suspension_education (suspension_id, child_id, starts_on, kind, full_time, recorded_by, recorded_at) values (@event, @child, @today, 'unit', true, @actor, @now) returning 1`,
		"remove education":       `delete from suspension_education where suspension_id = @event and kind = 'work_set' returning 1`,
		"call the panel":         `insert into suspension_review (suspension_id, child_id, body, meets_on, recorded_by, recorded_at) values (@event, @child, 'panel', @today, @actor, @now) returning 1`,
		"move the board":         `update suspension_review set meets_on = @today where suspension_id = @event and body = 'board' returning 1`,
		"add a paper":            `insert into document (child_id, subject, subject_id, name, media_type, bytes, sha256, content, added_by, added_at) values (@child, 'suspension', @event, 'a.txt', 'text/plain', 1, sha256('a'), 'a', @actor, @now) returning 1`,
	} {
		try := func(who access.Actor, event int64) error {
			return w.service.DB.Change(t.Context(), who, func(ctx context.Context, tx *postgres.Tx) error {
				_, err := postgres.GetValue[int](ctx, tx, sql, postgres.Args{"event": event, "child": w.child, "actor": who.ID, "birch": w.birch})
				return err
			})
		}
		if err := try(w.teacher, other); err == nil {
			t.Errorf("a school can %s at another school", name)
		}
		if err := try(w.teacher, own); err != nil {
			t.Errorf("a school cannot %s at its own: %v", name, err)
		}
		if err := try(w.former, other); err == nil {
			t.Errorf("a school that the child has left can %s", name)
		}
	}
}

// Whoever has read of it says so in their own name.
func TestTheDatabaseHoldsThatNobodyReadsForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.service.Record(t.Context(), w.teacher, w.child, suspension.Report{Entry: entry(w.birch, "2026-11-16")}); err != nil {
		t.Fatal(err)
	}
	say := func(who access.Actor, by int64) error {
		return w.service.DB.Change(t.Context(), who, func(ctx context.Context, tx *postgres.Tx) error {
			return tx.DoOne(ctx, `update suspension_reader set read_at = @now, read_by = @by where part = 'social_worker'`, postgres.Args{"by": by})
		})
	}
	for name, err := range map[string]error{"a school for itself": say(w.teacher, w.teacher.ID), "a school for the social worker": say(w.teacher, w.worker.ID), "the head for the social worker": say(w.head, w.worker.ID)} {
		if err == nil {
			t.Errorf("%s says it was read", name)
		}
	}
	if err := say(w.worker, w.worker.ID); err != nil {
		t.Errorf("the social worker: %v", err)
	}
}

func on(iso string) calendar.Date { return calendar.MustParse(iso) }
