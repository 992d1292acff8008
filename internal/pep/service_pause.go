package pep

import (
	"context"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// longestPause is the most months one pause may last, so that no child is forgotten in one.
const longestPause = 6

// PauseInput is a pause to be set. LastDay is the last day that does not count.
type PauseInput struct {
	From, LastDay calendar.Date
	Reason        PauseReason
	Words         string
}

// Check finds what is wrong with a pause. Problems are about "from", "last_day", "reason" and "words".
func (in PauseInput) Check(careStart, today calendar.Date) fault.Problems {
	var problems fault.Problems
	if in.Reason.Name() == "" {
		problems.Add("reason", "Choose why the deadlines are paused")
	}
	if in.Reason == OtherReason && in.Words == "" {
		problems.Add("words", "Say what the reason is")
	}
	switch {
	case in.From.IsZero():
		problems.Add("from", "Enter the first day of the pause")
	case in.From.Before(careStart):
		problems.Add("from", "The first day must be on or after "+careStart.Words()+", when this time in care began")
	case in.From.After(today.AddMonths(3)):
		problems.Add("from", "The first day must be within the next 3 months")
	}
	problems = append(problems, checkLastDay(in.From, in.LastDay)...)
	return problems
}

func checkLastDay(from, last calendar.Date) (problems fault.Problems) {
	switch {
	case last.IsZero():
		problems.Add("last_day", "Enter the last day of the pause. It can be changed later.")
	case from.IsZero():
	case last.Before(from):
		problems.Add("last_day", "The last day must be on or after the first, "+from.Words())
	case last.After(from.AddMonths(longestPause)):
		problems.Addf("last_day", "A pause lasts no more than %d months. Set another one then if it is still needed.", longestPause)
	}
	return problems
}

// Pause sets days that do not count towards a child's deadlines. Problems are about the fields of
// PauseInput in small letters.
func (s *Service) Pause(ctx context.Context, actor access.Actor, childID int64, in PauseInput) error {
	in.Words = strings.TrimSpace(in.Words)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		found, err := lockFacts(ctx, tx, childID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PausePEP, access.Facts{}); err != nil {
			return err
		}
		if len(found) == 0 {
			return fault.Conflict("This child is not in care today, so there are no deadlines to pause.")
		}
		if err := in.Check(found[0].InCareSince, tx.Today).Err(); err != nil {
			return err
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into pep_pause (child_id, period, reason, words, set_by, set_at)
			values (@child, daterange(@from, @last::date + 1), @reason, @words, @by, @now) returning id`,
			postgres.Args{"child": childID, "from": in.From, "last": in.LastDay, "reason": in.Reason, "words": in.Words, "by": actor.ID})
		if postgres.Constraint(err) == "pep_pause_child_id_period_excl" {
			return fault.Invalid("from", "Some of these days are in another pause. End that one first, or choose other days.")
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "pep_pause", SubjectID: id, Action: "paused the deadlines",
			After: map[string]any{"from": in.From, "last_day": in.LastDay, "reason": in.Reason.Name(), "words": in.Words}})
	})
}

// EndPause changes the last day of a pause: earlier because its reason is over, or later because it is
// not. Version is that of the pause the person was looking at. Problems are about the field "last_day".
func (s *Service) EndPause(ctx context.Context, actor access.Actor, childID, pauseID int64, version int, last calendar.Date) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		args := postgres.Args{"child": childID, "pause": pauseID, "version": version, "last": last, "by": actor.ID}
		before, err := postgres.Get[PauseRow](ctx, tx, pauseSQL+` where q.id = @pause and q.child_id = @child for no key update of q`, args)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PausePEP, access.Facts{}); err != nil {
			return err
		}
		if err := checkLastDay(before.From, last).Err(); err != nil {
			return err
		}
		if before.Version != version {
			return fault.Conflict("Someone else changed this pause while you were looking at it. It now lasts to " + before.LastDay.Words() + ".")
		}
		err = tx.DoOne(ctx, `update pep_pause set period = daterange(lower(period), @last::date + 1), ended_by = @by, ended_at = @now, version = version + 1
			where id = @pause and version = @version`, args)
		if postgres.Constraint(err) == "pep_pause_child_id_period_excl" {
			return fault.Invalid("last_day", "The pause would reach into the next one. Choose an earlier day.")
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "pep_pause", SubjectID: pauseID, Action: "changed the end of a pause",
			Before: map[string]any{"last_day": before.LastDay}, After: map[string]any{"last_day": last}})
	})
}

// PauseRow is a pause with who set it.
type PauseRow struct {
	ID      int64
	From    calendar.Date
	LastDay calendar.Date
	Reason  PauseReason
	Words   string
	SetBy   string
	SetAt   time.Time
	EndedBy string // who changed its end; empty: nobody
	Version int
}

// Pause is the row as the rules take it.
func (r PauseRow) Pause() Pause { return Pause{From: r.From, LastDay: r.LastDay, Reason: r.Reason} }

const pauseSQL = `select q.id, lower(q.period) as "from", upper(q.period) - 1 as last_day, q.reason, q.words, a.name as set_by, q.set_at,
	coalesce((select name from account where id = q.ended_by), '') as ended_by, q.version
	from pep_pause q join account a on a.id = q.set_by`

// QueuePauses queues a child's pauses, newest first.
func QueuePauses(batch *postgres.Batch, into *[]PauseRow, childID int64) {
	postgres.Many(batch, into, pauseSQL+` where q.child_id = @child order by q.period desc`, postgres.Args{"child": childID})
}

// lockFacts holds the child's row, so that two who act at once are told apart, and reads what the
// rules need; none when the child is not in care today.
func lockFacts(ctx context.Context, tx *postgres.Tx, childID int64) ([]FactsRow, error) {
	if _, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child for no key update`, postgres.Args{"child": childID}); err != nil {
		return nil, err
	}
	return loadFacts(ctx, tx, childID)
}
