package worklist_test

import (
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/worklist"
)

// A school whose marks come has sent those of last week but for three sessions; the other has never sent any.
func TestMissingMarksAreAskedFor(t *testing.T) {
	t.Parallel()
	h := build(t)
	h.Exec(`update term set half_term_from = '2026-10-26', half_term_to = '2026-10-30' where name = 'autumn'`)
	ash, oak := h.Setting("Ash Primary"), h.Setting("Oak Primary")
	teacher, advisor, head := h.Teacher("Tia Teacher", ash), h.Person(access.Advisor, "Ann Advisor"), h.Person(access.Head, "Hal Head")
	maya, ben := h.Child("Maya", "Okafor", "2015-03-02"), h.Child("Ben", "Adeyemi", "2015-03-02")
	h.OnRoll(maya, ash, "[2025-09-01,)")
	h.Allocate(maya, "advisor", advisor, "[2026-01-01,)")
	h.OnRoll(ben, oak, "[2025-09-01,)")
	h.Exec(`insert into attendance_delivery (kind, rank, delivered_by, delivered_at) values ('school', 2, $1, $2)`, teacher.ID, now)
	h.Exec(`insert into attendance_day (child_id, day, setting_id, half_term, am_from, am, pm_from, pm)
		select $1, d::date, $2, 'A2', f.id, '/', case when d < '2026-11-18' then f.id end, case when d < '2026-11-18' then '\' end
		from generate_series(date '2026-11-16', '2026-11-20', '1 day') d, attendance_delivery f`, maya, ash)
	h.Exec(`insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, source, as_at, recorded_by, recorded_at, from_marks, received)
		values ($1, $2, 2026, 'A2', 7, 7, 0, 0, 'x', '2026-11-20', $3, $4, true, 7)`, maya, ash, teacher.ID, now)

	told := func(who access.Actor) (found []worklist.Duty) {
		facts, rules := h.read(who, 0)
		for _, d := range worklist.Duties(facts, rules, who) {
			if d.Kind == worklist.MissingMarks {
				found = append(found, d)
			}
		}
		return found
	}
	mine := told(teacher)
	if len(mine) != 1 || mine[0].Why != "Without a mark: 3 sessions" || mine[0].School != "Ash Primary" || mine[0].Due.String() != "2026-11-23" ||
		mine[0].Href != "/attendance/register?setting="+h.Text(`select $1::bigint::text`, ash)+"&week=2026-11-16" {
		t.Errorf("the school is told %+v", mine)
	}
	if asks := told(advisor); len(asks) != 1 || asks[0].Why != "Without a mark: 3 sessions at 1 school" || asks[0].Due.String() != "2026-11-25" || asks[0].Href != "/attendance/calls" {
		t.Errorf("the advisor is told %+v", asks)
	}
	if early := told(head); len(early) != 0 {
		t.Errorf("the head before it is late: %+v", early)
	}
	h.db = h.db.At(func() time.Time { return now.AddDate(0, 0, 4) })
	if late := told(head); len(late) != 1 || late[0].Href != "/attendance/calls" || !late[0].Late() {
		t.Errorf("the head when it is late: %+v", late)
	}
	h.db = h.db.At(func() time.Time { return now })
	h.Exec(`insert into closed_day (setting_id, day, reason) select $1, d::date, 'flood' from generate_series(date '2026-11-18', '2026-11-20', '1 day') d`, ash)
	if closed := told(teacher); len(closed) != 0 {
		t.Errorf("on closed days: %+v", closed)
	}
	if elsewhere := told(h.Teacher("Oli Other", oak)); len(elsewhere) != 0 {
		t.Errorf("a school that never sent any: %+v", elsewhere)
	}
}
