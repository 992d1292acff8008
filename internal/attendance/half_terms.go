package attendance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// FromMarks is the source of a half term's figures that are made from marks.
const FromMarks = "School register, session by session"

// moveFigures moves the figures of half terms by what changed in their rows, in the transaction that
// changed them. Figures that were reported before marks came go to the audit and give way.
func moveFigures(ctx context.Context, tx *postgres.Tx, movements map[halfKey]*movement) error {
	if len(movements) == 0 {
		return nil
	}
	var children, settings []int64
	var years, possible, attended, authorised, unauthorised, late, received, unknown []int32
	var halves []string
	var last []calendar.Date
	// In the order of the children, so that rows of one stand together and each is looked up once.
	keys := slices.SortedFunc(maps.Keys(movements), func(a, b halfKey) int {
		return cmp.Or(cmp.Compare(a.childID, b.childID), cmp.Compare(a.settingID, b.settingID), cmp.Compare(a.academicYear, b.academicYear), cmp.Compare(a.halfTerm, b.halfTerm))
	})
	for _, key := range keys {
		m := movements[key]
		children, settings, years, halves = append(children, key.childID), append(settings, key.settingID), append(years, int32(key.academicYear)), append(halves, string(key.halfTerm))
		possible, attended, authorised, unauthorised = append(possible, int32(m.Possible)), append(attended, int32(m.Attended)), append(authorised, int32(m.Authorised)), append(unauthorised, int32(m.Unauthorised))
		late, received, unknown, last = append(late, int32(m.Late)), append(received, int32(m.Received)), append(unknown, int32(m.Unknown)), append(last, m.last)
	}
	args := postgres.Args{"children": children, "settings": settings, "years": years, "halves": halves, "possible": possible, "attended": attended,
		"authorised": authorised, "unauthorised": unauthorised, "late": late, "received": received, "unknown": unknown, "last": last, "by": tx.Actor.ID, "source": FromMarks}
	_, err := tx.Do(ctx, replacedSQL, postgres.Args{"children": children, "settings": settings, "years": years, "halves": halves, "by": tx.Actor.ID})
	if err != nil {
		return fmt.Errorf("audit of reported figures: %w", err)
	}
	_, err = tx.Do(ctx, `with m as materialized (select * from unnest(@children::bigint[], @settings::bigint[], @years::int[], @halves::text[], @possible::int[], @attended::int[],
				@authorised::int[], @unauthorised::int[], @late::int[], @received::int[], @unknown::int[], @last::date[])
			as m(child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, received, unknown, last)),
		moved as (
			update attendance_half_term h set
				possible = case when from_marks then h.possible else 0 end + m.possible, attended = case when from_marks then h.attended else 0 end + m.attended,
				authorised = case when from_marks then h.authorised else 0 end + m.authorised, unauthorised = case when from_marks then h.unauthorised else 0 end + m.unauthorised,
				late = case when from_marks then h.late else 0 end + m.late, received = case when from_marks then h.received else 0 end + m.received,
				unknown = case when from_marks then h.unknown else 0 end + m.unknown, as_at = case when from_marks then greatest(h.as_at, m.last) else m.last end,
				source = @source, recorded_by = @by, recorded_at = @now, from_marks = true, version = h.version + 1
			from m where h.child_id = m.child_id and h.setting_id = m.setting_id and h.academic_year = m.academic_year and h.half_term = m.half_term
			returning h.child_id, h.setting_id, h.academic_year, h.half_term)
		insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, source, as_at, recorded_by, recorded_at,
			from_marks, received, unknown)
		select child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, @source, last, @by, @now, true, received, unknown
		from m where (child_id, setting_id, academic_year, half_term) not in (select child_id, setting_id, academic_year, half_term from moved)`, args)
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
		differences, err = postgres.List[Difference](ctx, tx, `with codes as materialized (`+codesSQL+`),
			days as (select * from attendance_day), counted as (`+countedSQL+`)
			select child_id, setting_id, academic_year, half_term from counted c
				full join (select * from attendance_half_term where from_marks) h using (child_id, setting_id, academic_year, half_term)
			where (c.possible, c.attended, c.authorised, c.unauthorised, c.late, c.received, c.unknown) is distinct from
				(h.possible, h.attended, h.authorised, h.unauthorised, h.late, h.received, h.unknown)
			order by 1, 3, 4, 2`, tableArgs())
		return err
	})
	return differences, err
}
