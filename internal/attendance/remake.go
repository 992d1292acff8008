package attendance

import (
	"context"
	"fmt"
	"time"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/postgres"
)

// longestTakingBack is the limit on a statement that goes through a whole delivery.
const longestTakingBack = time.Minute

// academicYearSQL is the academic year of a row's day.
const academicYearSQL = `(extract(year from day) - case when extract(month from day) < 9 then 1 else 0 end)::int`

// half is a half term of a child at a setting.
type half struct {
	ChildID      int64
	SettingID    int64
	AcademicYear int
	HalfTerm     HalfTerm
}

// countedSQL counts marks of days (a relation "days" of attendance_day) under the dated table, by half term,
// with tableArgs and codesSQL as "codes".
const countedSQL = `select d.child_id, d.setting_id::bigint as setting_id, ` + academicYearSQL + ` as academic_year, d.half_term, max(d.day) as last,
		count(*)::int as received, count(*) filter (where c.attended or c.absent)::int as possible, count(*) filter (where c.attended)::int as attended,
		count(*) filter (where c.class = '` + string(mark.Authorised) + `')::int as authorised, count(*) filter (where c.class = '` + string(mark.Unauthorised) + `')::int as unauthorised,
		count(*) filter (where c.code = '` + string(mark.Late) + `')::int as late, count(*) filter (where c.code = '` + string(mark.Unknown) + `')::int as unknown
	from days d
	cross join lateral (values (d.am), (d.pm)) s(code)
	left join codes c on c.code = s.code and d.day between c.starts and c.ends
	where s.code is not null
	group by 1, 2, 3, 4`

// remake makes the figures of half terms anew from their rows, in the transaction that changed those. Where no
// row is left the figures go, and those that marks had once replaced stand again as they were reported.
func remake(ctx context.Context, tx *postgres.Tx, halves []half) error {
	if len(halves) == 0 {
		return nil
	}
	var children, settings []int64
	var years []int32
	var names []string
	for _, h := range halves {
		children, settings, years, names = append(children, h.ChildID), append(settings, h.SettingID), append(years, int32(h.AcademicYear)), append(names, string(h.HalfTerm))
	}
	args := tableArgs()
	args["children"], args["settings"], args["years"], args["halves"], args["by"], args["source"] = children, settings, years, names, tx.Actor.ID, FromMarks
	for _, statement := range []string{replacedSQL, remadeSQL, emptiedSQL} {
		if _, err := tx.Do(ctx, statement, args); err != nil {
			return fmt.Errorf("figures of half terms: %w", err)
		}
	}
	return nil
}

const asked = `asked as materialized (select * from unnest(@children::bigint[], @settings::bigint[], @years::int[], @halves::text[]) as t(child_id, setting_id, academic_year, half_term))`

// replacedSQL keeps in the audit what was reported of half terms that now have marks.
const replacedSQL = `insert into audit_change (at, account_id, child_id, subject, subject_id, action, before)
	select @now, @by, h.child_id, 'attendance', h.academic_year || '/' || lpad(((h.academic_year + 1) % 100)::text, 2, '0') || ' ' || h.half_term, 'replaced by marks', to_jsonb(h)
	from unnest(@children::bigint[], @settings::bigint[], @years::int[], @halves::text[]) as t(child_id, setting_id, academic_year, half_term)
	join attendance_half_term h using (child_id, setting_id, academic_year, half_term) where not h.from_marks`

const remadeSQL = `with codes as materialized (` + codesSQL + `), ` + asked + `,
	days as materialized (
		select d.* from attendance_day d
		where d.child_id = any(@children) and d.day >= make_date((select min(academic_year) from asked), 9, 1) and d.day < make_date((select max(academic_year) from asked) + 1, 9, 1)
			and (d.child_id, d.setting_id::bigint, ` + academicYearSQL + `, d.half_term) in (select child_id, setting_id, academic_year, half_term from asked)),
	counted as (` + countedSQL + `)
	insert into attendance_half_term as h (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, source, as_at, recorded_by, recorded_at,
		from_marks, received, unknown)
	select child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, @source, last, @by, @now, true, received, unknown from counted
	on conflict (child_id, setting_id, academic_year, half_term) do update set possible = excluded.possible, attended = excluded.attended, authorised = excluded.authorised,
		unauthorised = excluded.unauthorised, late = excluded.late, source = excluded.source, as_at = excluded.as_at, recorded_by = excluded.recorded_by,
		recorded_at = excluded.recorded_at, from_marks = true, received = excluded.received, unknown = excluded.unknown, version = h.version + 1`

// What was reported is in the audit since marks replaced it.
const emptiedSQL = `with ` + asked + `,
	emptied as materialized (
		select h.id, h.child_id, (select a.before from audit_change a where a.child_id = h.child_id and a.subject = 'attendance' and a.action = 'replaced by marks'
			and (a.before->>'id')::bigint = h.id order by a.at desc, a.id desc limit 1) as reported
		from attendance_half_term h join asked using (child_id, setting_id, academic_year, half_term)
		where h.from_marks and not exists (select from attendance_day d where d.child_id = h.child_id and d.setting_id = h.setting_id and d.half_term = h.half_term
			and d.day >= make_date(h.academic_year, 9, 1) and d.day < make_date(h.academic_year + 1, 9, 1))),
	stands as (
		update attendance_half_term h set possible = (e.reported->>'possible')::int, attended = (e.reported->>'attended')::int, authorised = (e.reported->>'authorised')::int,
			unauthorised = (e.reported->>'unauthorised')::int, late = (e.reported->>'late')::int, source = e.reported->>'source', as_at = (e.reported->>'as_at')::date,
			recorded_by = (e.reported->>'recorded_by')::bigint, recorded_at = (e.reported->>'recorded_at')::timestamptz, from_marks = false, received = 0, unknown = 0, version = h.version + 1
		from emptied e where h.id = e.id and e.reported is not null)
	delete from attendance_half_term h using emptied e where h.id = e.id and e.reported is null`
