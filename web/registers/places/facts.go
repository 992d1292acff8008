package places

import (
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/provision"
	"virtualschool/internal/schoolplace"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
)

// facts are what the standing of one child or of all is worked out from.
type facts struct {
	rows     []schoolplace.Row
	steps    []schoolplace.Taken
	provided []provision.Listed
	calendar setting.Calendar
}

// line is a child without a place, the education there is meanwhile, and what is wrong.
type line struct {
	schoolplace.Standing
	Meanwhile []provision.Listed
	Faults    []string
}

// queue queues the facts of a child, or of all children when childID is 0.
func (f *facts) queue(k *kit.Kit, batch *postgres.Batch, childID int64) {
	schoolplace.QueueRows(batch, &f.rows, childID)
	schoolplace.QueueSteps(batch, &f.steps, childID)
	provision.QueueRegister(batch, &f.provided, provision.Filter{ChildID: childID})
	setting.QueueCalendar(batch, &f.calendar, k.Site.AuthorityCode, 0)
}

// lines are the children without a place today, whoever waits longest first.
func (f *facts) lines(today calendar.Date) []line {
	days, terms := f.calendar.SchoolDays(), f.calendar.TermDates()
	var lines []line
	for _, row := range f.rows {
		standing, without := schoolplace.StandingOf(row, f.steps, days, terms, today)
		if !without {
			continue
		}
		one := line{Standing: standing}
		for _, provided := range f.provided {
			if provided.ChildID == row.ChildID && provided.Running(today) {
				one.Meanwhile = append(one.Meanwhile, provided)
			}
		}
		one.Faults = standing.Faults(len(one.Meanwhile) > 0, today)
		lines = append(lines, one)
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.Since.Compare(b.Since) })
	return lines
}
