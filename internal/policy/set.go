package policy

import (
	"context"
	"encoding/json"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Set gives key a value from a day on: an int, a name, money.Pence, []string or []access.Role, as its definition says.
// The value that held on that day ends there; one that begins later stays and ends this one.
// It needs SetPolicy. Problems are about the fields "value", "from" and "source".
func Set(ctx context.Context, db *postgres.DB, actor access.Actor, key Key, value any, from calendar.Date, source string) error {
	definition, known := key.Definition()
	if !known {
		return fault.NotFound()
	}
	var problems fault.Problems
	stored, err := definition.tidy(value)
	problems.AddErr("value", err)
	if from.IsZero() {
		problems.Add("from", "Enter the day from which this holds")
	}
	if source = strings.TrimSpace(source); source == "" {
		problems.Add("source", "Enter where this was decided")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	return db.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
			return err
		}
		return set(ctx, tx, key, string(text), from, source)
	})
}

func set(ctx context.Context, tx *postgres.Tx, key Key, text string, from calendar.Date, source string) error {
	args := postgres.Args{"key": key, "value": text, "from": from, "source": source, "by": tx.Actor.ID}
	if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtext('policy_value ' || @key))`, args); err != nil {
		return err
	}
	before, err := postgres.List[row](ctx, tx, `select key, value, lower(valid) as from, source from policy_value
		where key = @key and valid @> @from::date`, args)
	if err != nil {
		return err
	}
	if len(before) == 1 && before[0].From == from {
		// Set a second time for the same day: the first never held on any other.
		err = tx.DoOne(ctx, `update policy_value set value = @value, source = @source, set_by = @by, set_at = @now
			where key = @key and lower(valid) = @from`, args)
	} else {
		if _, err := tx.Do(ctx, `update policy_value set valid = daterange(lower(valid), @from) where key = @key and valid @> @from::date`, args); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `insert into policy_value (key, value, valid, source, set_by, set_at)
			values (@key, @value, daterange(@from, (select min(lower(valid)) from policy_value where key = @key and lower(valid) > @from)),
				@source, @by, @now)`, args)
	}
	if err != nil {
		return err
	}
	entry := audit.Entry{Subject: "policy", SubjectID: key, Action: "set",
		After: map[string]any{"value": json.RawMessage(text), "from": from, "source": source}}
	if len(before) == 1 {
		entry.Before = map[string]any{"value": before[0].Value, "from": before[0].From, "source": before[0].Source}
	}
	return audit.Change(ctx, tx, entry)
}
