package attendance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

// borough is 2,000 children at 100 schools for five academic years.
type borough struct {
	*pgtest.Facts
	db       *postgres.DB
	head     access.Actor
	children []int64
	schools  []int64
}

const (
	boroughChildren = 2000
	firstYear       = 2021
	yearsKept       = 5 // school years
)

func newBorough(b *testing.B) *borough {
	b.Helper()
	db := pgtest.Open(b).At(func() time.Time { return calendar.MustParse("2026-08-31").Start().Add(12 * time.Hour) })
	w := &borough{Facts: pgtest.NewFacts(b, db), db: db}
	w.head = w.Person(access.Head, "Hal Head")
	for year := firstYear; year < firstYear+yearsKept; year++ {
		w.Exec(`insert into term (authority_code, academic_year, name, starts, ends, half_term_from, half_term_to, source) values
			('332', $1::int, 'autumn', make_date($1, 9, 2), make_date($1, 12, 19), make_date($1, 10, 24), make_date($1, 11, 1), 'test'),
			('332', $1, 'spring', make_date($1 + 1, 1, 5), make_date($1 + 1, 3, 28), make_date($1 + 1, 2, 13), make_date($1 + 1, 2, 21), 'test'),
			('332', $1, 'summer', make_date($1 + 1, 4, 14), make_date($1 + 1, 7, 22), make_date($1 + 1, 5, 24), make_date($1 + 1, 6, 1), 'test')`, year)
	}
	for n := range 100 {
		w.schools = append(w.schools, w.Setting(fmt.Sprintf("School %d", n)))
	}
	w.Exec(`insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at)
		select 'B' || n, 'Name' || n, 'Surname' || n, date '2010-09-01' + n % 3000, now(), now() from generate_series(1, $1::int) n`, boroughChildren)
	w.Exec(`insert into care_period (child_id, period, source) select id, '[2021-01-01,)', 'test' from child`)
	w.Exec(`insert into placement (child_id, code, in_authority, period, source) select id, 'U6', id % 3 > 0, '[2021-01-01,)', 'test' from child`)
	w.Exec(`insert into roll (child_id, setting_id, kind, period, source) select id, $1 + id % 100, 'main', '[2021-09-01,)', 'test' from child`, w.schools[0])
	rows, err := w.SQL.Query(b.Context(), `select id from child order by id`)
	if err != nil {
		b.Fatal(err)
	}
	if w.children, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		b.Fatal(err)
	}
	w.Exec(`analyze`)
	return w
}

// school is where a child is on roll.
func (w *borough) school(child int64) int64 { return w.schools[0] + child%100 }

// openDays are the borough's school days of an academic year.
func openDays(year int) (days []calendar.Date) {
	day := func(month time.Month, d int) calendar.Date {
		if month < 9 {
			return calendar.New(year+1, month, d)
		}
		return calendar.New(year, month, d)
	}
	holidays := calendar.EnglandBankHolidays(year, year+1)
	for _, half := range [][2]calendar.Date{{day(9, 2), day(10, 23)}, {day(11, 2), day(12, 19)}, {day(1, 5), day(2, 12)}, {day(2, 22), day(3, 28)}, {day(4, 14), day(5, 23)}, {day(6, 2), day(7, 22)}} {
		for d := half[0]; !d.After(half[1]); d = d.AddDays(1) {
			holiday := slices.ContainsFunc(holidays, func(h calendar.Holiday) bool { return h.Date == d })
			if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && !holiday {
				days = append(days, d)
			}
		}
	}
	return days
}

// marks gives the marks of an academic year to each, in pieces, child by child as a register system
// writes them. Nine in ten sessions are attended.
func (w *borough) marks(year int, each func([]attendance.Mark) error) error {
	random := rand.New(rand.NewPCG(uint64(year), 1))
	absent := []mark.Code{"I", "I", "I", "M", "O", "N", "U", "C", "E", "B", "L", "X"}
	days := openDays(year)
	piece := make([]attendance.Mark, 0, 50_000)
	for _, child := range w.children {
		often := random.IntN(30)
		for _, day := range days {
			for _, session := range mark.Sessions {
				code := mark.Code("/").At(session)
				if random.IntN(100) < often {
					code = absent[random.IntN(len(absent))]
				}
				piece = append(piece, attendance.Mark{ChildID: child, SettingID: w.school(child), Day: day, Session: session, Code: code})
			}
		}
		if len(piece) > cap(piece)-1000 {
			if err := each(piece); err != nil {
				return err
			}
			piece = piece[:0]
		}
	}
	return each(piece)
}

// keep keeps a year's marks in one transaction, and says how many, how long and how much processor time
// that took without the making of marks, and the most memory in use meanwhile.
func (w *borough) keep(b *testing.B, year int) (sessions int, took, used time.Duration, peak uint64) {
	b.Helper()
	runtime.GC()
	var made time.Duration
	started := time.Now()
	err := w.db.ChangeWithin(b.Context(), w.head, time.Minute, func(ctx context.Context, tx *postgres.Tx) error {
		keeping, err := attendance.Open(ctx, tx, attendance.Delivery{Source: attendance.RegisterFile, Label: "year.csv"})
		if err != nil {
			return err
		}
		making := time.Now()
		err = w.marks(year, func(piece []attendance.Mark) error {
			made += time.Since(making)
			defer func() { making = time.Now() }()
			sessions += len(piece)
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			peak = max(peak, memory.HeapInuse)
			before := pgtest.Processors(b, w.SQL)
			defer func() { used += pgtest.Processors(b, w.SQL) - before }()
			return keeping.Add(ctx, piece)
		})
		if err != nil {
			return err
		}
		before := pgtest.Processors(b, w.SQL)
		result, err := keeping.Close(ctx)
		used += pgtest.Processors(b, w.SQL) - before
		if len(result.Refused) > 0 || result.New != sessions {
			b.Fatalf("%d refused, %d of %d new: %+v", len(result.Refused), result.New, sessions, result.Refused[:min(3, len(result.Refused))])
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return sessions, time.Since(started) - made, used, peak
}

// copied copies the stored rows of a year as they are into a table like theirs with the same key.
func (w *borough) copied(b *testing.B, year int) (took, used time.Duration) {
	b.Helper()
	name := fmt.Sprintf("bare_%d", year)
	w.Exec(fmt.Sprintf(`create table %s (like attendance_day including all)`, name))
	rows, err := w.SQL.Query(b.Context(), fmt.Sprintf(`select child_id, day, setting_id, am_from, pm_from, half_term, am, pm from attendance_day_%d`, year))
	if err != nil {
		b.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	before, started := pgtest.Processors(b, w.SQL), time.Now()
	_, err = w.SQL.CopyFrom(b.Context(), pgx.Identifier{name}, []string{"child_id", "day", "setting_id", "am_from", "pm_from", "half_term", "am", "pm"}, pgx.CopyFromRows(all))
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(started), pgtest.Processors(b, w.SQL) - before
}

// BenchmarkKeeping keeps 2,000 children's marks of five years, a year at a time, and copies the same rows bare.
func BenchmarkKeeping(b *testing.B) {
	for b.Loop() {
		w := newBorough(b)
		var kept, copied, keptUsed, copiedUsed time.Duration
		var sessions int
		var peak uint64
		for year := firstYear; year < firstYear+yearsKept; year++ {
			n, took, used, memory := w.keep(b, year)
			sessions, kept, keptUsed, peak = sessions+n, kept+took, keptUsed+used, max(peak, memory)
			took, used = w.copied(b, year)
			copied, copiedUsed = copied+took, copiedUsed+used
		}
		b.ReportMetric(float64(sessions)/kept.Seconds(), "sessions/s")
		b.ReportMetric(float64(sessions)/copied.Seconds(), "bare-COPY-sessions/s")
		b.ReportMetric(copied.Seconds()/kept.Seconds(), "of-bare-COPY")
		b.ReportMetric(copiedUsed.Seconds()/keptUsed.Seconds(), "of-bare-COPY-processor")
		b.ReportMetric(float64(peak)/1e6, "heap-MB")
		size := w.ID(`select sum(pg_total_relation_size(inhrelid))::bigint from pg_inherits where inhparent = 'attendance_day'::regclass`)
		b.ReportMetric(float64(size)/float64(sessions), "bytes/session")
	}
}

// BenchmarkFigures asks what pages ask, beside the bare query on the same connection's terms.
func BenchmarkFigures(b *testing.B) {
	w := newBorough(b)
	for year := firstYear; year < firstYear+yearsKept; year++ {
		w.keep(b, year)
	}
	w.Exec(`vacuum analyze`)
	child := w.children[1234]
	from, to := calendar.New(2025, 9, 1), calendar.New(2026, 8, 31)
	for _, c := range []struct {
		name string
		bare string
		args []any
		ask  func(*postgres.Batch)
	}{
		{"Termly", `select child_id, left(half_term, 2), sum(attended)::int, sum(possible)::int from attendance_half_term where academic_year = 2025 group by 1, 2`, nil,
			func(batch *postgres.Batch) { attendance.QueueTermly(batch, new([]attendance.TermFigures), 2025) }},
		{"Persistent", `select child_id, sum(possible)::int, sum(authorised + unauthorised)::int from attendance_half_term where academic_year = 2025 group by 1
			having sum(authorised + unauthorised) * 10 >= sum(possible)`, nil,
			func(batch *postgres.Batch) { attendance.QueueAbsentees(batch, new([]attendance.Absentee), 2025, 20) }},
		{"ChildYear", `select day, setting_id, am, pm from attendance_day where child_id = $1 and day between '2025-09-01' and '2026-08-31' order by day`, []any{child},
			func(batch *postgres.Batch) { attendance.QueueDays(batch, new([]attendance.Day), child, from, to) }},
		{"Cohort", `select child_id, setting_id, sum(attended)::int, sum(possible)::int from attendance_half_term where academic_year = 2025 group by 1, 2`, nil,
			func(batch *postgres.Batch) {
				attendance.QueueCohort(batch, new([]attendance.Member), 2025, to)
			}},
		{"Today", `select child_id, am, pm from attendance_day where day = '2026-06-10'`, nil,
			func(batch *postgres.Batch) {
				attendance.QueueToday(batch, new([]attendance.Today), access.System, calendar.New(2026, 6, 10))
			}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var ours, bare time.Duration
			rounds := 0
			for b.Loop() {
				rounds++
				started := time.Now()
				var batch postgres.Batch
				c.ask(&batch)
				if err := w.db.View(b.Context(), w.head, &batch); err != nil {
					b.Fatal(err)
				}
				ours += time.Since(started)
				started = time.Now()
				rows, err := w.SQL.Query(b.Context(), c.bare, c.args...)
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() {
				}
				if rows.Err() != nil {
					b.Fatal(rows.Err())
				}
				bare += time.Since(started)
			}
			b.ReportMetric(ours.Seconds()*1000/float64(rounds), "ms")
			b.ReportMetric(bare.Seconds()*1000/float64(rounds), "bare-ms")
			b.ReportMetric(bare.Seconds()/ours.Seconds(), "of-bare")
		})
	}
}
