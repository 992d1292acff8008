package attendance

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// longestFollowing is the limit on a statement that goes through a year's marks.
const longestFollowing = 5 * time.Minute

// FollowTerms puts the marks of an academic year into the half terms they are in by the term dates as they now
// are, and makes the figures of those half terms anew. The queue does it whenever term dates were changed.
func (s *Service) FollowTerms(ctx context.Context, academicYear int) error {
	return s.DB.ChangeWithin(ctx, access.System, longestFollowing, func(ctx context.Context, tx *postgres.Tx) error {
		year := calendar.AcademicYearRange(academicYear)
		args := postgres.Args{"from": year.Start, "to": year.LastDay()}
		settings, err := postgres.ListValues[int64](ctx, tx, `select distinct setting_id::bigint from attendance_day where day between @from and @to`, args)
		if err != nil || len(settings) == 0 {
			return err
		}
		if err := oneAtATime(ctx, tx, settings); err != nil {
			return err
		}
		calendars, err := setting.LoadCalendars(ctx, tx, settings)
		if err != nil {
			return err
		}
		days, err := postgres.List[settingDay](ctx, tx, `select distinct setting_id::bigint, day, half_term from attendance_day where day between @from and @to`, args)
		if err != nil {
			return err
		}
		for name, value := range movedDays(days, NewExpectation(calendars)) {
			args[name] = value
		}
		moved, err := postgres.List[half](ctx, tx, followSQL, args)
		if err != nil || len(moved) == 0 {
			return err
		}
		if err := remake(ctx, tx, moved); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "attendance", SubjectID: calendar.AcademicYearLabel(academicYear), Action: "followed the term dates", After: map[string]any{"half_terms": len(moved)}})
	})
}

// settingDay is a day at a setting and the half term its marks are in.
type settingDay struct {
	SettingID int64
	Day       calendar.Date
	HalfTerm  HalfTerm
}

// movedDays are the days that are in another half term than their marks, as columns for the database.
func movedDays(days []settingDay, e Expectation) postgres.Args {
	settings, on, was, became := []int64{}, []calendar.Date{}, []string{}, []string{}
	for _, d := range days {
		opened := e.opened[d.SettingID]
		if opened == nil {
			continue
		}
		if half := opened.on(d.Day).halfTerm; half != d.HalfTerm {
			settings, on, was, became = append(settings, d.SettingID), append(on, d.Day), append(was, string(d.HalfTerm)), append(became, string(half))
		}
	}
	return postgres.Args{"settings": settings, "days": on, "was": was, "became": became}
}

const followSQL = `with wrong as materialized (select * from unnest(@settings::bigint[], @days::date[], @was::text[], @became::text[]) as w(setting_id, on_day, was, became)),
	moved as (
		update attendance_day d set half_term = w.became from wrong w
		where d.setting_id = w.setting_id and d.day = w.on_day and d.half_term = w.was and d.day between @from and @to
		returning d.child_id, d.setting_id::bigint as setting_id, d.day, w.was, w.became)
	select distinct child_id, setting_id, ` + academicYearSQL + ` as academic_year, h.half_term
	from moved cross join lateral (values (was), (became)) h(half_term) order by 1, 2, 3, 4`
