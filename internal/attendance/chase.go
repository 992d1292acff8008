package attendance

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// Work has the queue ask schools for marks that have not come, and half terms follow their dates.
func (s *Service) Work(q *job.Queue) {
	q.Every(12*time.Hour, "ask schools for missing marks", s.Chase)
	job.Register(q, longestFollowing, func(ctx context.Context, of setting.TermsChanged) error { return s.FollowTerms(ctx, of.AcademicYear) })
}

// Chase writes to the people of each school that was open in the last week and has not sent every mark of
// the children in care on its roll. A week is asked after once, and only of schools that have ever sent a
// mark: from the others nobody has asked for registers yet. A session without a mark is chased and never
// counted as absence (R24).
func (s *Service) Chase(ctx context.Context) error {
	monday := s.DB.Today().Monday().AddDays(-7)
	friday := monday.AddDays(4)
	var pupils []Pupil
	var days []Day
	var calendars setting.Calendars
	var batch postgres.Batch
	QueuePupils(&batch, &pupils, access.System, 0, monday, friday)
	QueueDaysBetween(&batch, &days, monday, friday)
	setting.QueueAllCalendars(&batch, &calendars)
	if err := s.DB.View(ctx, access.System, &batch); err != nil {
		return err
	}
	missing := map[int64]int32{}
	for _, gap := range Gaps(pupils, days, NewExpectation(calendars.BySetting()), monday, friday) {
		missing[gap.Pupil.SettingID]++
	}
	if len(missing) == 0 {
		return nil
	}
	var settings []int64
	var sessions []int32
	for id, n := range missing {
		settings, sessions = append(settings, id), append(sessions, n)
	}
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		people, err := postgres.ListValues[int64](ctx, tx, `with asked as (
				insert into attendance_chased (setting_id, week, missing, chased_at)
				select m.id, @week, m.n, @now from unnest(@settings::bigint[], @sessions::int[]) m(id, n)
				where exists (select from attendance_half_term h where h.setting_id = m.id and h.from_marks)
				on conflict do nothing returning setting_id)
			select distinct a.account_id from asked join account_setting a on a.setting_id = asked.setting_id and a.period @> @today::date
				join account p on p.id = a.account_id and p.state = 'active' and p.role = 'school' order by 1`,
			postgres.Args{"week": monday, "settings": settings, "sessions": sessions})
		if err != nil {
			return err
		}
		for _, id := range people {
			if err := job.Notify(ctx, tx, job.Notice{AccountID: id, Subject: "Attendance marks of last week are missing",
				Words: "Hello,\n\nsome sessions of last week have no mark yet for children in care at your school. Sign in to fill them in:",
				Path:  "/attendance/register?week=" + monday.String()}); err != nil {
				return err
			}
		}
		return nil
	})
}
