package attendance_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// A child on two rolls at once: each school has its own marks and neither sees the other's.
func TestTwoSchoolsNeitherSeeNorChangeEachOthersMarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	w.OnRollToo(w.ash, "[2026-11-02,)")
	w.mustKeep(w.former, attendance.SchoolTyped, w.at(w.ash, "2026-11-18", `/\`), w.at(w.ash, "2026-11-19", `DD`))
	w.mustKeep(w.former, attendance.SchoolTyped, w.at(w.ash, "2026-11-18", `/I`))
	w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, "2026-11-18", `DD`), w.at(w.birch, "2026-11-19", `/\`))
	for _, c := range []struct {
		who                access.Actor
		days, corrections  int
		settings, elsewise string
	}{
		{w.former, 2, 1, "Ash Primary", "Birch"}, {w.teacher, 2, 0, "Birch Primary", "Ash"}, {w.head, 4, 1, "Ash Primary, Birch Primary", ""},
		{w.worker, 4, 1, "Ash Primary, Birch Primary", ""}, {w.Teacher("Cy Cedar", w.Setting("Cedar")), 0, 0, "", ""},
		{w.Person(access.Advisor, "Ann Elsewhere"), 0, 0, "", ""}, {access.Actor{}, 0, 0, "", ""},
	} {
		var days, corrections int
		var names string
		var batch postgres.Batch
		postgres.Value(&batch, &days, `select count(*)::int from attendance_day`, nil)
		postgres.Value(&batch, &corrections, `select count(*)::int from attendance_correction`, nil)
		postgres.Value(&batch, &names, `select coalesce(string_agg(distinct s.name, ', ' order by s.name), '') from attendance_day d join setting s on s.id = d.setting_id`, nil)
		if err := w.service.DB.View(t.Context(), c.who, &batch); err != nil {
			t.Fatal(err)
		}
		if days != c.days || corrections != c.corrections || names != c.settings {
			t.Errorf("%s sees %d days and %d corrections of %q", c.who.Name, days, corrections, names)
		}
	}
	for name, sql := range map[string]string{
		"write over":     `update attendance_day set am = 'I' where setting_id = @other returning 1`,
		"move":           `update attendance_day set setting_id = @other returning 1`,
		"write anew":     `insert into attendance_day (child_id, day, setting_id, am_from, half_term, am) select child_id, day - 1, @other, am_from, half_term, am from attendance_day limit 1 returning 1`,
		"say it was":     `insert into attendance_correction (child_id, setting_id, day, session, was, was_from, became, became_from) select child_id, @other, day, 'AM', 'I', am_from, 'L', am_from from attendance_day limit 1 returning 1`,
		"take away":      `delete from attendance_day returning 1`,
		"past the table": `update attendance_day_2026 set am = 'I' returning 1`,
	} {
		err := w.service.DB.Change(t.Context(), w.teacher, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := postgres.GetValue[int](ctx, tx, sql, postgres.Args{"other": int32(w.ash)})
			return err
		})
		if err == nil {
			t.Errorf("a school can %s what is another's", name)
		}
	}
	if a, b := w.stands(w.ash, "2026-11-18"), w.stands(w.birch, "2026-11-18"); a != "/I school school A2" || b != "DD school school A2" {
		t.Errorf("%s and %s stand", a, b)
	}
	w.agrees()
}

func TestWhoMayNotKeepMarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	officer, blocked := w.Person(access.DataOfficer, "Dee Data"), w.Person(access.Deputy, "Dan Deputy")
	w.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'family', '[2026-01-01,)')`, w.child, blocked.ID)
	w.mustKeep(officer, attendance.RegisterFile, w.at(w.birch, "2026-11-18", `/\`))
	w.mustKeep(access.System, attendance.RegisterFile, w.at(w.birch, "2026-11-17", `/\`))
	for name, c := range map[string]struct {
		who     access.Actor
		setting int64
		kind    fault.Kind
		rule    attendance.Rule
	}{
		"the social worker":            {w.worker, w.birch, fault.KindForbidden, ""},
		"nobody":                       {access.Actor{}, w.birch, fault.KindForbidden, ""},
		"another school":               {w.teacher, w.ash, fault.KindInvalid, attendance.NotYourSchool},
		"the former school":            {w.former, w.ash, fault.KindInvalid, attendance.NotOnRoll}, // no longer on roll there: the child is not theirs to see
		"who is blocked":               {blocked, w.birch, fault.KindInvalid, attendance.NotOnRoll},
		"an advisor of other children": {w.Person(access.Advisor, "Ann Elsewhere"), w.birch, fault.KindInvalid, attendance.NotOnRoll},
	} {
		result, err := w.keep(c.who, attendance.Phone, w.at(c.setting, "2026-10-01", "I."), w.at(c.setting, "2026-11-19", "I."))
		if !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
		if c.rule != "" && (len(result.Refused) != 2 || result.Refused[1].Rule != c.rule) {
			t.Errorf("%s: %+v; want %s", name, result.Refused, c.rule)
		}
	}
	for name, d := range map[string]attendance.Delivery{"no source": {}, "a long label": {Source: attendance.Phone, Label: string(make([]rune, 201))}} {
		if _, err := w.service.Keep(t.Context(), w.head, d, nil); !errors.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.ID(`select count(*) from attendance_delivery`); n != 2 {
		t.Errorf("%d deliveries; want the two that were kept", n)
	}
}

func TestTwoDeliveriesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	var wait sync.WaitGroup
	codes := []string{"//", "II", "LL", "NN", "OO", "UU"}
	for _, c := range codes {
		wait.Go(func() {
			marks := w.at(w.birch, "2026-11-18", c[:1]+`.`)
			if _, err := w.keep(w.head, attendance.RegisterFile, marks); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if rows, corrections := w.ID(`select count(*) from attendance_day`), w.ID(`select count(*) from attendance_correction`); rows != 1 || corrections != 5 {
		t.Errorf("%d rows and %d corrections of %d deliveries", rows, corrections, len(codes))
	}
	w.agrees()
}
