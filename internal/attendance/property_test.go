package attendance_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// TestFiguresAreAlwaysWhatTheRowsSay keeps random deliveries of random sources, and after each compares
// the kept figures with a count of the stored rows done here, code by code, under the dated table.
func TestFiguresAreAlwaysWhatTheRowsSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	second := w.Child("Ben", "Adeyemi", "2014-05-06")
	w.OnRoll(second, w.ash, "[2023-09-01,)")
	children := []int64{w.child, second}
	random := rand.New(rand.NewPCG(7, 11))
	sources := []attendance.Source{attendance.RegisterFile, attendance.SchoolTyped, attendance.SchoolLink, attendance.Collector, attendance.Phone}
	var codes []mark.Code
	for _, m := range mark.National.Meanings() {
		codes = append(codes, m.Code)
	}
	first, days := calendar.MustParse("2024-08-12"), calendar.MustParse("2026-11-25").Sub(calendar.MustParse("2024-08-12"))
	var total attendance.Result
	for round := range 40 {
		var marks []attendance.Mark
		for range 1 + random.IntN(200) {
			day := first.AddDays(random.IntN(days))
			if random.IntN(2) == 0 { // often the same days again, so that much is put right
				day = calendar.MustParse("2026-11-09").AddDays(random.IntN(12))
			}
			marks = append(marks, attendance.Mark{ChildID: children[random.IntN(2)], SettingID: []int64{w.ash, w.birch}[random.IntN(2)],
				Day: day, Session: mark.Sessions[random.IntN(2)], Code: codes[random.IntN(len(codes))]})
		}
		err := w.service.DB.Change(t.Context(), w.head, func(ctx context.Context, tx *postgres.Tx) error {
			keeping, err := attendance.Open(ctx, tx, attendance.Delivery{Source: sources[random.IntN(len(sources))]})
			if err != nil {
				return err
			}
			half := random.IntN(len(marks))
			for _, piece := range [][]attendance.Mark{marks[:half], marks[half:]} {
				if err := keeping.Add(ctx, piece); err != nil {
					return err
				}
			}
			result, err := keeping.Close(ctx)
			if n := result.Kept() + result.Stood + result.Ignored + len(result.Refused); n != len(marks) {
				t.Errorf("round %d: %d of %d marks are accounted for: %+v", round, n, len(marks), result)
			}
			total.New, total.Same, total.Corrected, total.Stood = total.New+result.New, total.Same+result.Same, total.Corrected+result.Corrected, total.Stood+result.Stood
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if kept, counted := w.kept(), w.counted(); !slices.Equal(kept, counted) {
			t.Fatalf("round %d: kept\n%+v\ncounted\n%+v", round, kept, counted)
		}
	}
	if stored := w.ID(`select sum(num_nonnulls(am, pm)) from attendance_day`); int(stored) != total.New {
		t.Errorf("%d sessions are stored, %d were new", stored, total.New)
	}
	if total.Same == 0 || total.Corrected < 50 || total.Stood < 50 {
		t.Errorf("the marks are too tame: %+v", total)
	}
	w.agrees()
}

type line struct {
	ChildID, SettingID                                                         int64
	AcademicYear                                                               int
	HalfTerm                                                                   attendance.HalfTerm
	Possible, Attended, Authorised, Unauthorised, Late, Received, Unknown, Day int
}

func (w *world) kept() (lines []line) {
	w.t.Helper()
	var batch postgres.Batch
	postgres.Many(&batch, &lines, `select child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, late, received, unknown,
		as_at - date '2000-01-01' as day from attendance_half_term order by 1, 2, 3, 4`, nil)
	if err := w.service.DB.View(w.t.Context(), access.System, &batch); err != nil {
		w.t.Fatal(err)
	}
	return lines
}

// counted is what kept should be.
func (w *world) counted() (lines []line) {
	w.t.Helper()
	type row struct {
		ChildID, SettingID int64
		Day                calendar.Date
		HalfTerm           attendance.HalfTerm
		AM, PM             string
	}
	var rows []row
	var batch postgres.Batch
	postgres.Many(&batch, &rows, `select child_id, setting_id, day, half_term, coalesce(am, '') as am, coalesce(pm, '') as pm from attendance_day
		order by child_id, setting_id, case when extract(month from day) < 9 then extract(year from day) - 1 else extract(year from day) end, half_term, day`, nil)
	if err := w.service.DB.View(w.t.Context(), access.System, &batch); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range rows {
		key := line{ChildID: r.ChildID, SettingID: r.SettingID, AcademicYear: calendar.AcademicYear(r.Day), HalfTerm: r.HalfTerm}
		if n := len(lines); n == 0 || lines[n-1].ChildID != key.ChildID || lines[n-1].SettingID != key.SettingID || lines[n-1].AcademicYear != key.AcademicYear || lines[n-1].HalfTerm != key.HalfTerm {
			lines = append(lines, key)
		}
		l := &lines[len(lines)-1]
		l.Day = r.Day.Sub(calendar.New(2000, 1, 1))
		for i, code := range []mark.Code{mark.Code(r.AM), mark.Code(r.PM)} {
			if code == "" {
				continue
			}
			l.Received++
			class, known := mark.National.Class(code, r.Day, mark.Sessions[i])
			if !known {
				w.t.Fatalf("%s is stored for %s", code, r.Day)
			}
			switch class {
			case mark.Present, mark.Elsewhere:
				l.Possible, l.Attended = l.Possible+1, l.Attended+1
			case mark.Authorised:
				l.Possible, l.Authorised = l.Possible+1, l.Authorised+1
			case mark.Unauthorised:
				l.Possible, l.Unauthorised = l.Possible+1, l.Unauthorised+1
			}
			switch code {
			case mark.Late:
				l.Late++
			case mark.Unknown:
				l.Unknown++
			}
		}
	}
	return lines
}
