package attendance

import (
	"context"
	"fmt"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// FromMarks is the source of a half term's figures that are made from marks.
const FromMarks = "School register, session by session"

// countedSQL counts the rows of half terms (a table touched) under the dated table (a table codes).
const countedSQL = `select t.child_id, t.setting_id, t.academic_year, t.half_term, count(*)::int as received,
		count(*) filter (where c.attended or c.absent)::int as possible, count(*) filter (where c.attended)::int as attended,
		count(*) filter (where c.class = '` + string(mark.Authorised) + `')::int as authorised, count(*) filter (where c.class = '` + string(mark.Unauthorised) + `')::int as unauthorised,
		count(*) filter (where c.code = '` + string(mark.Late) + `')::int as late, count(*) filter (where c.code = '` + string(mark.Unknown) + `')::int as unknown, max(d.day) as as_at
	from touched t
	join attendance_day d on d.child_id = t.child_id and d.setting_id = t.setting_id and d.half_term = t.half_term
		and d.day >= make_date(t.academic_year, 9, 1) and d.day < make_date(t.academic_year + 1, 9, 1) and d.day between @first and @last
	cross join lateral (values (d.am), (d.pm)) s(code)
	left join codes c on c.code = s.code and d.day between c.starts and c.ends
	where s.code is not null
	group by t.child_id, t.setting_id, t.academic_year, t.half_term`

// summarise makes the figures of half terms anew from their rows, in the transaction that changed the
// rows. Figures that were reported before the marks came go to the audit and give way.
func summarise(ctx context.Context, tx *postgres.Tx, touched map[halfKey]bool) error {
	args := tableArgs()
	var children, settings []int64
	var years []int32
	var halves []string
	for key := range touched {
		children, settings, years, halves = append(children, key.childID), append(settings, key.settingID), append(years, int32(key.academicYear)), append(halves, string(key.halfTerm))
	}
	first, last := years[0], years[0]
	for _, year := range years {
		first, last = min(first, year), max(last, year)
	}
	args["children"], args["settings"], args["years"], args["halves"] = children, settings, years, halves
	args["first"], args["last"] = calendar.AcademicYearRange(int(first)).Start, calendar.AcademicYearRange(int(last)).LastDay()
	args["by"], args["source"] = tx.Actor.ID, FromMarks
	const touchedSQL = `touched as materialized (select * from unnest(@children::bigint[], @settings::int[], @years::int[], @halves::text[]) as t(child_id, setting_id, academic_year, half_term))`
	_, err := tx.Do(ctx, `with `+touchedSQL+`
		insert into audit_change (at, account_id, child_id, subject, subject_id, action, before)
		select @now, @by, h.child_id, 'attendance', h.academic_year || '/' || lpad(((h.academic_year + 1) % 100)::text, 2, '0') || ' ' || h.half_term, 'replaced by marks', to_jsonb(h)
		from touched t join attendance_half_term h using (child_id, setting_id, academic_year, half_term) where not h.from_marks`, args)
	if err != nil {
		return fmt.Errorf("audit of reported figures: %w", err)
	}
	_, err = tx.Do(ctx, `with codes as materialized (`+codesSQL+`), `+touchedSQL+`, counted as (`+countedSQL+`)
		insert into attendance_half_term as h (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, source, as_at, recorded_by, recorded_at,
			from_marks, received, unknown)
		select child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, @source, as_at, @by, @now, true, received, unknown from counted
		on conflict (child_id, setting_id, academic_year, half_term) do update set possible = excluded.possible, attended = excluded.attended, authorised = excluded.authorised,
			unauthorised = excluded.unauthorised, late = excluded.late, source = excluded.source, as_at = excluded.as_at, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at,
			from_marks = true, received = excluded.received, unknown = excluded.unknown, version = h.version + 1`, args)
	return err
}

// Difference is a half term whose figures are not what its rows say.
type Difference struct {
	ChildID      int64
	SettingID    int64
	AcademicYear int
	HalfTerm     HalfTerm
}

// Check counts every mark under the dated table and compares the kept figures: none differ, when nobody
// has changed either past the program. It reads everything, so it is for the doctor.
func Check(ctx context.Context, db *postgres.DB) (differences []Difference, err error) {
	err = db.ChangeWithin(ctx, access.System, 10*time.Minute, func(ctx context.Context, tx *postgres.Tx) error {
		args := tableArgs()
		args["first"], args["last"] = calendar.New(1900, 1, 1), calendar.New(9999, 12, 31)
		differences, err = postgres.List[Difference](ctx, tx, `with codes as materialized (`+codesSQL+`),
			touched as materialized (select distinct child_id, setting_id, half_term,
				(extract(year from day) - case when extract(month from day) < 9 then 1 else 0 end)::int as academic_year from attendance_day),
			counted as (`+countedSQL+`)
			select child_id, setting_id, academic_year, half_term from counted c
				full join (select * from attendance_half_term where from_marks) h using (child_id, setting_id, academic_year, half_term)
			where (c.possible, c.attended, c.authorised, c.unauthorised, c.late, c.received, c.unknown) is distinct from
				(h.possible, h.attended, h.authorised, h.unauthorised, h.late, h.received, h.unknown)
			order by 1, 3, 4, 2`, args)
		return err
	})
	return differences, err
}
