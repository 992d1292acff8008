package looking

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// Service finds and reviews.
type Service struct {
	DB        *postgres.DB
	Authority string // whose bank holidays they are
}

// Work has the queue look at the last whole week, every day: what is found already stays as it is.
func (s *Service) Work(queue *job.Queue) {
	queue.Every(24*time.Hour, "find looking that is out of the usual", s.LastWeek)
}

// LastWeek finds what was out of the usual in the week that ended last.
func (s *Service) LastWeek(ctx context.Context) error {
	_, err := s.Week(ctx, s.DB.Today().Monday().AddDays(-7))
	return err
}

// Verdicts are what came of asking, in the order a form gives them.
var Verdicts = []struct{ Value, Text string }{
	{"fine", "Fine: there was a reason to look"},
	{"ask", "Ask: I am asking the person"},
	{"not_fine", "Not fine: this goes further"},
}

// Week finds what was out of the usual in a week, which begins on a Monday, keeps it, and tells the head by
// a mail without names. It says how many people it found anew.
func (s *Service) Week(ctx context.Context, monday calendar.Date) (people int, err error) {
	err = s.DB.ChangeWithin(ctx, access.System, time.Minute, func(ctx context.Context, tx *postgres.Tx) error {
		values, err := policy.Load(ctx, tx)
		if err != nil {
			return err
		}
		dates, err := setting.LoadCalendar(ctx, tx, s.Authority, 0)
		if err != nil {
			return err
		}
		week, readers, settled, err := gather(ctx, tx, monday)
		if err != nil {
			return err
		}
		people, err = keep(ctx, tx, monday, readers, Find(week, readers, settled, LimitsOf(values), dates.WorkingDays()))
		if err != nil || people == 0 {
			return err
		}
		return tell(ctx, tx)
	})
	return people, err
}

// Review is what somebody with the right says of a person's week.
type Review struct {
	Verdict string
	Words   string
}

// Review keeps what came of looking into a person's week. Forbidden: it is the reviewer's own.
func (s *Service) Review(ctx context.Context, actor access.Actor, weekID int64, version int, review Review) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, weekID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.ReviewLooking, access.Facts{For: was.AccountID}); err != nil {
			return err
		}
		if review.Verdict != "fine" && review.Words == "" {
			return fault.Invalid("words", "Say what you ask, or what you do about it")
		}
		if err := write(ctx, tx, weekID, version, review); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "unusual looking", SubjectID: weekID, Action: "reviewed",
			Before: Review{was.Verdict, was.Words}, After: review})
	})
}
