package web

import (
	"context"
	"sync"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/scheme"
	"virtualschool/internal/setting"
	"virtualschool/internal/worklist"
)

// rules keeps the council's calendar and dated values for a minute, so that a page is one round
// trip. A changed date holds everywhere a minute later.
type rules struct {
	db        *postgres.DB
	authority string
	forms     forms.Set
	schemes   scheme.Set

	mu    sync.Mutex
	kept  worklist.Rules
	until time.Time
}

func (k *rules) now(ctx context.Context) (worklist.Rules, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now, today := k.db.Now(), k.db.Today()
	if now.Before(k.until) && today == k.kept.Today {
		return k.kept, nil
	}
	fresh := worklist.Rules{Today: today, Forms: k.forms, Schemes: k.schemes}
	var batch postgres.Batch
	setting.QueueCalendar(&batch, &fresh.Calendar, k.authority, 0)
	policy.Queue(&batch, &fresh.Values)
	if err := k.db.View(ctx, access.System, &batch); err != nil {
		return worklist.Rules{}, err
	}
	k.kept, k.until = fresh, now.Add(time.Minute)
	return k.kept, nil
}

// term is the term that lists show plans for.
func (k *rules) term(ctx context.Context) (child.Term, error) {
	now, err := k.now(ctx)
	if err != nil {
		return child.Term{}, err
	}
	return listTerm(now.Calendar, now.Values, now.Today), nil
}

// listTerm puts the rules' days of the latest term so that the database only has to compare.
func listTerm(dates setting.Calendar, values policy.Values, today calendar.Date) child.Term {
	plans := pep.DeadlinesOf(values)
	term := child.Term{GapMonths: plans.GapMonths, FirstYear: plans.FirstYear, LastYear: plans.LastYear, AcademicYear: calendar.AcademicYear(today), Name: calendar.Autumn,
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
