package attendance_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// at is two marks on a day, written as "/\" is; a dot is no mark.
func (w *world) at(settingID int64, day, codes string) (marks []attendance.Mark) {
	for i, session := range mark.Sessions {
		if code := mark.Code(codes[i : i+1]); code != "." {
			marks = append(marks, attendance.Mark{ChildID: w.child, SettingID: settingID, Day: calendar.MustParse(day), Session: session, Code: code})
		}
	}
	return marks
}

func (w *world) terms() {
	w.Exec(`insert into term (authority_code, academic_year, name, starts, ends, half_term_from, half_term_to, source) values
		('332', 2026, 'autumn', '2026-09-02', '2026-12-18', '2026-10-26', '2026-10-30', 'test'),
		('332', 2026, 'spring', '2027-01-04', '2027-03-25', '2027-02-15', '2027-02-19', 'test'),
		('332', 2026, 'summer', '2027-04-12', '2027-07-20', '2027-05-31', '2027-06-04', 'test')`)
	w.Exec(`insert into closed_day (setting_id, day, reason) values ($1, '2026-11-20', 'Training day')`, w.birch)
}

func (w *world) keep(actor access.Actor, source attendance.Source, marks ...[]attendance.Mark) (attendance.Result, error) {
	w.t.Helper()
	return w.service.Keep(w.t.Context(), actor, attendance.Delivery{Source: source, Label: "week.csv"}, slices.Concat(marks...))
}

func (w *world) mustKeep(actor access.Actor, source attendance.Source, marks ...[]attendance.Mark) attendance.Result {
	w.t.Helper()
	result, err := w.keep(actor, source, marks...)
	if err != nil {
		w.t.Fatalf("%v: %+v", err, result.Refused)
	}
	return result
}

// stands is a day as it is stored: its two marks and where each is from.
func (w *world) stands(settingID int64, day string) string {
	w.t.Helper()
	return w.Text(`select coalesce((select coalesce(d.am, '.') || coalesce(d.pm, '.') || ' ' || coalesce(f.kind, '') || ' ' || coalesce(g.kind, '') || ' ' || d.half_term
		from attendance_day d left join attendance_delivery f on f.id = d.am_from left join attendance_delivery g on g.id = d.pm_from
		where d.child_id = $1 and d.setting_id = $2 and d.day = $3::text::date), 'nothing')`, w.child, settingID, day)
}

func TestMarksAreKeptAndPutRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	for _, step := range []struct {
		what      string
		actor     access.Actor
		source    attendance.Source
		codes     string
		want      attendance.Result
		stands    string
		corrected int64
	}{
		{"a call", w.head, attendance.Phone, "NN", attendance.Result{New: 2}, "NN phone phone A2", 0},
		{"the same call", w.head, attendance.Phone, "NN", attendance.Result{Same: 2}, "NN phone phone A2", 0},
		{"another call", w.head, attendance.Phone, "I.", attendance.Result{Corrected: 1}, "IN phone phone A2", 1},
		{"the school", w.teacher, attendance.SchoolTyped, `I\`, attendance.Result{Same: 1, Corrected: 1}, `I\ school school A2`, 2},
		{"a late call", w.head, attendance.Phone, `/\`, attendance.Result{Same: 1, Stood: 1}, `I\ school school A2`, 2},
		{"the collector", w.head, attendance.Collector, "OO", attendance.Result{Stood: 2}, `I\ school school A2`, 2},
		{"the register", w.head, attendance.RegisterFile, `L.`, attendance.Result{Corrected: 1}, `L\ register_file school A2`, 3},
		{"the school again", w.teacher, attendance.SchoolTyped, `/U`, attendance.Result{Stood: 1, Corrected: 1}, `LU register_file school A2`, 4},
		{"the register again", w.head, attendance.RegisterFile, `/\`, attendance.Result{Corrected: 2}, `/\ register_file register_file A2`, 6},
	} {
		got := w.mustKeep(step.actor, step.source, w.at(w.birch, "2026-11-19", step.codes))
		if got.DeliveryID == 0 {
			t.Errorf("%s: no delivery", step.what)
		}
		got.DeliveryID = 0
		if !equal(got, step.want) {
			t.Errorf("%s: %+v; want %+v", step.what, got, step.want)
		}
		if stands := w.stands(w.birch, "2026-11-19"); stands != step.stands {
			t.Errorf("%s: %s stands; want %s", step.what, stands, step.stands)
		}
		if n := w.ID(`select count(*) from attendance_correction where became <> was`); n != step.corrected {
			t.Errorf("%s: %d corrections; want %d", step.what, n, step.corrected)
		}
	}
	if was := w.Text(`select string_agg(session || ' ' || was || '→' || became || ' ' || f.kind || '→' || g.kind, ', ' order by c.id) from attendance_correction c
		join attendance_delivery f on f.id = was_from join attendance_delivery g on g.id = became_from where session = 'PM' and became <> was`); was != `PM N→\ phone→school, PM \→U school→school, PM U→\ school→register_file` {
		t.Errorf("corrections %s", was)
	}
	w.agrees()
}

func equal(a, b attendance.Result) bool {
	return a.New == b.New && a.Same == b.Same && a.Corrected == b.Corrected && a.Stood == b.Stood && a.Ignored == b.Ignored && len(a.Refused) == len(b.Refused)
}

// agrees fails the test where kept figures are not what the rows say.
func (w *world) agrees() {
	w.t.Helper()
	differences, err := attendance.Check(w.t.Context(), w.service.DB)
	if err != nil || len(differences) > 0 {
		w.t.Errorf("figures differ from their rows: %+v, %v", differences, err)
	}
}

func TestMarksMakeTheHalfTermsFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	if err := w.service.Record(t.Context(), w.head, w.child, 0, entry(w.birch, "A2", 30, 20)); err != nil {
		t.Fatal(err)
	}
	w.mustKeep(w.head, attendance.RegisterFile, w.at(w.ash, "2026-10-23", `/\`), w.at(w.birch, "2026-11-16", `L\`), w.at(w.birch, "2026-11-17", `BI`), w.at(w.birch, "2026-11-18", `NU`), w.at(w.birch, "2026-11-19", `X#`), w.at(w.birch, "2026-11-23", "E."))
	list, _ := w.records()
	if len(list) != 2 {
		t.Fatalf("%+v", list)
	}
	made := list[0]
	if made.Figures() != (attendance.Figures{Possible: 7, Attended: 3, Authorised: 2, Unauthorised: 2, Late: 1}) || made.Received != 9 || made.Unknown != 1 ||
		!made.FromMarks || made.Version != 2 || made.Source != attendance.FromMarks || made.AsAt.String() != "2026-11-23" {
		t.Errorf("made %+v", made)
	}
	if before := w.Text(`select before->>'attended' || ' ' || subject_id from audit_change where action = 'replaced by marks'`); before != "20 2026/27 A2" {
		t.Errorf("reported figures are in the audit as %q", before)
	}
	if n := w.ID(`select count(*) from audit_change where action = 'marks kept' and child_id = $1`, w.child); n != 1 {
		t.Errorf("%d entries for the delivery", n)
	}
	if err := w.service.Record(t.Context(), w.head, w.child, 2, entry(w.birch, "A2", 30, 20)); !errors.Is(err, fault.KindInvalid) {
		t.Errorf("figures made from marks were written over: %v", err)
	}
	w.agrees()
	w.Exec(`update attendance_half_term set late = 0 where setting_id = $1`, w.birch)
	w.Exec(`update attendance_day set half_term = 'A2' where setting_id = $1`, w.ash)
	differences, err := attendance.Check(t.Context(), w.service.DB)
	if err != nil || len(differences) != 3 || differences[0].HalfTerm != "A1" {
		t.Errorf("changed past the program: %+v, %v", differences, err)
	}
}

func TestMarksThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	w.OnRollToo(w.ash, "[2026-11-02,)")
	w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, "2026-11-16", `/I`))
	bad := func(spoil func(*attendance.Mark)) []attendance.Mark {
		m := w.at(w.birch, "2026-11-19", "/.")
		spoil(&m[0])
		return m
	}
	for name, c := range map[string]struct {
		marks []attendance.Mark
		rules []attendance.Rule
	}{
		"a weekend":              {w.at(w.birch, "2026-11-21", `/\`), []attendance.Rule{attendance.ClosedDay, attendance.ClosedDay}},
		"a training day":         {w.at(w.birch, "2026-11-20", `/.`), []attendance.Rule{attendance.ClosedDay}},
		"open at the other":      {w.at(w.ash, "2026-11-20", `/.`), nil},
		"the half-term break":    {w.at(w.ash, "2026-10-26", `/.`), []attendance.Rule{attendance.ClosedDay}},
		"planned closures":       {w.at(w.birch, "2026-11-20", `##`), nil},
		"before the roll":        {w.at(w.birch, "2026-10-23", `/.`), []attendance.Rule{attendance.NotOnRoll}},
		"a place to come":        {w.at(w.birch, "2026-10-23", `ZZ`), nil},
		"tomorrow":               {w.at(w.birch, "2026-11-24", `/.`), []attendance.Rule{attendance.FutureDay}},
		"long ago":               {w.at(w.birch, "1999-11-24", `/.`), []attendance.Rule{attendance.TooOld}},
		"a retired code":         {w.at(w.birch, "2026-11-19", `H.`), []attendance.Rule{attendance.UnknownCode}},
		"the wrong stroke":       {w.at(w.birch, "2026-11-19", `\.`), []attendance.Rule{attendance.UnknownCode}},
		"no code":                {bad(func(m *attendance.Mark) { m.Code = "" }), []attendance.Rule{attendance.UnknownCode}},
		"no session":             {bad(func(m *attendance.Mark) { m.Session = "noon" }), []attendance.Rule{attendance.NoSession}},
		"no day":                 {bad(func(m *attendance.Mark) { m.Day = calendar.Date{} }), []attendance.Rule{attendance.TooOld}},
		"no such child":          {bad(func(m *attendance.Mark) { m.ChildID = 99999 }), []attendance.Rule{attendance.NotOnRoll}},
		"no such school":         {bad(func(m *attendance.Mark) { m.SettingID = 99999 }), []attendance.Rule{attendance.NotOnRoll}},
		"two marks":              {slices.Concat(w.at(w.birch, "2026-11-19", `/.`), w.at(w.birch, "2026-11-19", `I.`)), []attendance.Rule{attendance.Twice}},
		"one mark twice":         {slices.Concat(w.at(w.birch, "2026-11-19", `/.`), w.at(w.birch, "2026-11-19", `/.`)), nil},
		"two places":             {w.at(w.ash, "2026-11-16", `L.`), []attendance.Rule{attendance.InTwoPlaces}},
		"two places at once":     {slices.Concat(w.at(w.birch, "2026-11-19", `/.`), w.at(w.ash, "2026-11-19", `B.`)), []attendance.Rule{attendance.InTwoPlaces}},
		"here and dual":          {slices.Concat(w.at(w.birch, "2026-11-19", `/D`), w.at(w.ash, "2026-11-19", `D\`)), nil},
		"absent here, not there": {w.at(w.ash, "2026-11-16", `.\`), nil},
	} {
		err := w.service.DB.Change(t.Context(), w.head, func(ctx context.Context, tx *postgres.Tx) error {
			keeping, err := attendance.Open(ctx, tx, attendance.Delivery{Source: attendance.RegisterFile})
			if err != nil {
				return err
			}
			if err := keeping.Add(ctx, c.marks); err != nil {
				return err
			}
			result, err := keeping.Close(ctx)
			if err != nil {
				return err
			}
			var rules []attendance.Rule
			for _, r := range result.Refused {
				rules = append(rules, r.Rule)
				if r.Text == "" || r.Index >= len(c.marks) {
					t.Errorf("%s: %+v", name, r)
				}
			}
			if !slices.Equal(rules, c.rules) || result.Kept()+result.Ignored+len(rules) != len(c.marks) {
				t.Errorf("%s: %v; want %v (%+v)", name, rules, c.rules, result)
			}
			return errors.New("only looking")
		})
		if err == nil || err.Error() != "only looking" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.ID(`select count(*) from attendance_day`); n != 1 {
		t.Errorf("%d days; want what was there before", n)
	}
	// All or none, with the words of what is wrong.
	result, err := w.keep(w.head, attendance.Phone, w.at(w.birch, "2026-11-18", `/\`), w.at(w.birch, "2026-11-21", `/.`))
	if !errors.Is(err, fault.KindInvalid) || len(result.Refused) != 1 || result.Refused[0].Index != 2 || w.stands(w.birch, "2026-11-18") != "nothing" {
		t.Errorf("%+v, %v", result, err)
	}
	if text := result.Refused[0].Text; text != "By its calendar the school was closed on 21 November 2026. Correct the mark's day, or the school's term dates." {
		t.Errorf("said %q", text)
	}
}

// OnRollToo puts the child on a second school's roll.
func (w *world) OnRollToo(settingID int64, period string) {
	w.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'dual', $3::text::daterange, 'test')`, w.child, settingID, period)
}

func TestPiecesOfOneDelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	var result attendance.Result
	err := w.service.DB.Change(t.Context(), w.head, func(ctx context.Context, tx *postgres.Tx) error {
		keeping, err := attendance.Open(ctx, tx, attendance.Delivery{Source: attendance.RegisterFile, SettingID: w.birch})
		if err != nil {
			return err
		}
		for _, piece := range [][]attendance.Mark{
			w.at(w.birch, "2026-11-18", `/.`), nil, w.at(w.birch, "2026-11-18", `/N`), w.at(w.birch, "2026-11-18", `IN`), w.at(w.ash, "2026-10-02", `/.`),
		} {
			if err := keeping.Add(ctx, piece); err != nil {
				return err
			}
		}
		result, err = keeping.Close(ctx)
		return err
	})
	if err != nil || result.New != 2 || result.Same != 2 || len(result.Refused) != 2 {
		t.Fatalf("%+v, %v", result, err)
	}
	if r := result.Refused; r[0].Rule != attendance.Twice || r[0].Index != 3 || r[1].Rule != attendance.OtherSetting || r[1].Index != 5 {
		t.Errorf("refused %+v", r)
	}
	if stands := w.stands(w.birch, "2026-11-18"); stands != "/N register_file register_file A2" {
		t.Errorf("%s stands", stands)
	}
	w.agrees()
}
