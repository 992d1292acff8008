package web

import (
	"context"
	"sync"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// terms keeps what lists need of the authority's term for a minute, so that a list is one round
// trip. A changed date is in every list a minute later.
type terms struct {
	db        *postgres.DB
	authority string

	mu    sync.Mutex
	kept  child.Term
	day   calendar.Date
	until time.Time
}

func (t *terms) now(ctx context.Context) (child.Term, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, today := t.db.Now(), t.db.Today()
	if now.Before(t.until) && today == t.day {
		return t.kept, nil
	}
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	setting.QueueCalendar(&batch, &dates, t.authority, 0)
	policy.Queue(&batch, &values)
	if err := t.db.View(ctx, access.System, &batch); err != nil {
		return child.Term{}, err
	}
	t.kept, t.day, t.until = listTerm(dates, values, today), today, now.Add(time.Minute)
	return t.kept, nil
}

// listTerm is the term that lists show plans for, with the rules' days put so that the database
// only has to compare.
func listTerm(dates setting.Calendar, values policy.Values, today calendar.Date) child.Term {
	term := child.Term{GapMonths: values.PEPGapMonths(), AcademicYear: calendar.AcademicYear(today), Name: calendar.Autumn,
		Starts: calendar.AcademicYearRange(calendar.AcademicYear(today)).Start, CutOff: calendar.AcademicYearRange(calendar.AcademicYear(today)).LastDay()}
	if latest, known := dates.LatestTerm(today); known {
		term.AcademicYear, term.Name, term.Starts, term.CutOff = latest.AcademicYear, latest.Name, latest.Starts, latest.CutOff
		if term.CutOff.IsZero() {
			term.CutOff = latest.Ends
		}
	}
	term.InitialOverdue = lastOverdueStart(dates.WorkingDays(), today, values.PEPCompleteWorkingDays())
	return term
}

// lastOverdueStart is the latest day of coming into care whose initial plan is overdue today (R7).
func lastOverdueStart(working calendar.WorkingDays, today calendar.Date, days int) calendar.Date {
	start := today.AddDays(-days)
	for !working.Add(start, days).Before(today) {
		start = start.AddDays(-1)
	}
	return start
}
