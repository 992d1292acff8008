package pep

import (
	"fmt"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Carried is how long a target has been worked on: how often it was carried forward into another
// plan, and the meeting at which it was first set.
type Carried struct {
	Times int
	Since calendar.Date
}

// QueueCarried queues, for every target of a child by its id, how often it was carried forward to
// become that target, and since when: 0 times for one that was new in its plan. The function it
// returns gives them once the batch has run.
func QueueCarried(batch *postgres.Batch, childID int64) func() map[int64]Carried {
	var rows []struct {
		ID    int64
		Times int
		Since calendar.Date
	}
	postgres.Many(batch, &rows, `with recursive chain as (
			select t.id, t.pep_id as first_pep, 0 as times from pep_target t where t.child_id = @child and t.carried_from is null
			union all
			select t.id, c.first_pep, c.times + 1 from chain c join pep_target t on t.carried_from = c.id and t.child_id = @child)
		select c.id, c.times, coalesce(p.meeting_on, (p.started_at at time zone 'Europe/London')::date) as since
		from chain c join pep p on p.id = c.first_pep`, postgres.Args{"child": childID})
	return func() map[int64]Carried {
		carried := map[int64]Carried{}
		for _, row := range rows {
			carried[row.ID] = Carried{row.Times, row.Since}
		}
		return carried
	}
}

// Words says it: "Carried forward twice, since 10 November 2025"; empty for a target that was new.
func (c Carried) Words() string {
	if c.Times == 0 {
		return ""
	}
	often := map[int]string{1: "once", 2: "twice"}[c.Times]
	if often == "" {
		often = fmt.Sprintf("%d times", c.Times)
	}
	return "Carried forward " + often + ", since " + c.Since.Words()
}
