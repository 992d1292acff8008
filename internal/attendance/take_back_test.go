package attendance_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

func (w *world) takeBack(who access.Actor, id int64) {
	w.t.Helper()
	if err := w.service.TakeBack(w.t.Context(), who, id, "The wrong week"); err != nil {
		w.t.Fatal(err)
	}
	w.agrees()
}

func TestWhatADeliveryReplacedStandsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	const day = "2026-11-19"
	phone := w.mustKeep(w.head, attendance.Phone, w.at(w.birch, day, "NN"))
	school := w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, day, `I\`))
	file := w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, day, `I.`), w.at(w.birch, "2026-11-18", `/.`), w.at(w.ash, "2026-10-23", `LL`))
	last := w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, day, `.U`))
	w.takeBack(w.head, file.DeliveryID)
	if got := w.stands(w.birch, day); got != `IU school register_file A2` { // the school had said the same
		t.Errorf("after the file: %s", got)
	}
	if got := w.stands(w.birch, "2026-11-18") + ", " + w.stands(w.ash, "2026-10-23"); got != "nothing, nothing" {
		t.Errorf("what was new: %s", got)
	}
	w.takeBack(w.head, school.DeliveryID)
	if got := w.stands(w.birch, day); got != `NU phone register_file A2` {
		t.Errorf("after the school: %s", got)
	}
	w.takeBack(w.head, last.DeliveryID) // past the school's, which is taken back too
	if got := w.stands(w.birch, day); got != `NN phone phone A2` {
		t.Errorf("after the last: %s", got)
	}
	w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, day, `/\`))
	w.takeBack(w.head, phone.DeliveryID) // it has been replaced since, so nothing moves
	if got := w.stands(w.birch, day); got != `/\ school school A2` {
		t.Errorf("after the call: %s", got)
	}
	told := w.Text(`select string_agg(session || ' ' || was || '→' || coalesce(became, 'nothing'), ', ' order by id) from attendance_correction where taken_back and setting_id = $1`, w.birch)
	if told != `AM /→nothing, AM I→I, AM I→N, PM U→N` {
		t.Errorf("told %s", told)
	}
	var corrections []attendance.Correction
	var deliveries []attendance.Delivered
	var batch postgres.Batch
	attendance.QueueCorrections(&batch, &corrections, w.child, calendar.MustParse(day), calendar.MustParse(day))
	attendance.QueueDeliveries(&batch, &deliveries, w.child, calendar.MustParse(day), calendar.MustParse(day))
	if err := w.service.DB.View(t.Context(), w.head, &batch); err != nil {
		t.Fatal(err)
	}
	back := slices.IndexFunc(deliveries, func(d attendance.Delivered) bool { return int64(d.ID) == last.DeliveryID })
	if len(corrections) != 7 || back < 0 || deliveries[back].TakenBackBy != "Hal Head" || deliveries[back].TakenBackWhy != "The wrong week" {
		t.Errorf("%d corrections, %+v", len(corrections), deliveries)
	}
}

func TestReportedFiguresStandAgainWhenNoMarkIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	if err := w.service.Record(t.Context(), w.head, w.child, 0, entry(w.birch, "A2", 30, 20)); err != nil {
		t.Fatal(err)
	}
	first := w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, "2026-11-18", `/\`))
	second := w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, "2026-11-19", `NI`), w.at(w.ash, "2026-10-23", `LL`))
	w.takeBack(w.head, second.DeliveryID)
	list, _ := w.records()
	if len(list) != 1 || list[0].Figures() != (attendance.Figures{Possible: 2, Attended: 2}) || list[0].Received != 2 || list[0].AsAt.String() != "2026-11-18" {
		t.Errorf("one file left: %+v", list)
	}
	w.takeBack(w.head, first.DeliveryID)
	list, _ = w.records()
	if len(list) != 1 || list[0].FromMarks || list[0].Figures() != (attendance.Figures{Possible: 30, Attended: 20, Authorised: 10}) || list[0].Source != "School register" {
		t.Errorf("none left: %+v", list)
	}
}

func TestWhoMayTakeMarksBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	officer, advisor := w.Person(access.DataOfficer, "Dee Data"), w.Person(access.Advisor, "Ann Advisor")
	own := w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, "2026-11-18", `/\`))
	other := w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, "2026-11-19", `/\`))
	for _, c := range []struct {
		what string
		who  access.Actor
		id   int64
		why  string
		want fault.Kind
	}{
		{"another's", w.teacher, other.DeliveryID, "x", fault.KindForbidden}, {"an advisor", advisor, own.DeliveryID, "x", fault.KindForbidden},
		{"a social worker", w.worker, own.DeliveryID, "x", fault.KindForbidden}, {"the other school", w.former, own.DeliveryID, "x", fault.KindForbidden},
		{"none", w.head, 999, "x", fault.KindNotFound}, {"no reason", w.teacher, own.DeliveryID, "  ", fault.KindInvalid},
		{"a long reason", w.teacher, own.DeliveryID, strings.Repeat("é", 501), fault.KindInvalid},
	} {
		if err := w.service.TakeBack(t.Context(), c.who, c.id, c.why); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	w.takeBack(w.teacher, own.DeliveryID)
	if err := w.service.TakeBack(t.Context(), w.head, own.DeliveryID, "again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, w.child)
	if err := w.service.TakeBack(t.Context(), officer, other.DeliveryID, "x"); !errors.Is(err, fault.KindForbidden) || w.stands(w.birch, "2026-11-19") == "nothing" {
		t.Errorf("a restricted child's: %v", err)
	}
	w.Exec(`delete from restriction`)
	w.takeBack(officer, other.DeliveryID)
}

// Two people take the same delivery back, while the school sends another: one of the two does, and whichever
// came first, the figures are what the rows say.
func TestTakingBackAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	for round := range 8 {
		first := w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, "2026-11-18", `I\`))
		second := w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, "2026-11-18", `/.`), w.at(w.birch, "2026-11-19", `/\`))
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				switch i {
				case 2:
					errs[i] = w.service.TakeBack(t.Context(), w.head, first.DeliveryID, "x")
				case 3:
					_, errs[i] = w.keep(w.teacher, attendance.SchoolTyped, w.at(w.birch, "2026-11-18", `U.`), w.at(w.birch, "2026-11-17", `/\`))
				default:
					errs[i] = w.service.TakeBack(t.Context(), w.head, second.DeliveryID, "x")
				}
			})
		}
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || errs[2] != nil || errs[3] != nil {
			t.Fatalf("round %d: %v", round, errs)
		}
		w.agrees()
		if n := w.ID(`select count(*) from attendance_day d join attendance_delivery f on f.id in (d.am_from, d.pm_from) where f.taken_back_at is not null`); n != 0 {
			t.Errorf("round %d: %d days stand on what was taken back", round, n)
		}
	}
}

// TestTakingBackInAnyOrder keeps random deliveries and takes some back in any order: of each session the last mark that
// was put there and not taken back stands.
func TestTakingBackInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	random := rand.New(rand.NewPCG(3, 5))
	type put struct {
		by   int64
		code mark.Code
	}
	type session struct {
		day  calendar.Date
		half mark.Session
	}
	history := map[session][]put{}
	taken := map[int64]bool{}
	var order []int64
	for range 24 {
		var days [][]attendance.Mark
		for n := range 5 {
			days = append(days, w.at(w.birch, calendar.MustParse("2026-11-09").AddDays(n).String(), []string{`/\`, `I.`, `.N`, `LU`, `NN`, `/I`}[random.IntN(6)]))
		}
		id := w.mustKeep(w.head, attendance.RegisterFile, days...).DeliveryID
		for _, m := range slices.Concat(days...) {
			at := session{m.Day, m.Session}
			if puts := history[at]; len(puts) == 0 || puts[len(puts)-1].code != m.Code {
				history[at] = append(puts, put{id, m.Code})
			}
		}
		if random.IntN(3) > 0 {
			taken[id] = true
			order = append(order, id)
		}
	}
	random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, id := range order {
		w.takeBack(w.head, id)
	}
	gone := 0
	for at, puts := range history {
		want := "nothing"
		for _, p := range puts {
			if !taken[p.by] {
				want = string(p.code)
			}
		}
		if want == "nothing" {
			gone++
		}
		if got := w.Text(`select coalesce((select case when $2 = 'AM' then am else pm end from attendance_day where day = $1::text::date), 'nothing')`, at.day.String(), string(at.half)); got != want {
			t.Errorf("%s %s: %s; want %s of %+v, taken back %v", at.day, at.half, got, want, puts, taken)
		}
	}
	if gone == len(history) || len(order) < 8 {
		t.Error("too tame")
	}
}
