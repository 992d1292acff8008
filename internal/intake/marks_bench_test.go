package intake_test

import (
	"bytes"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres/pgtest"
)

// manyMarks arranges children at one school and writes every session of a number of their school days.
func manyMarks(b *testing.B, s *site, children, days int) []byte {
	b.Helper()
	s.exec(`insert into local_authority (code, name) values ('332', 'Dudley') on conflict do nothing`)
	s.exec(`insert into setting (urn, name, status, source, authority_code) values (100001, 'Acorn', 'open', 'gias', '332')`)
	s.exec(`insert into child (la_child_id, forename, surname, date_of_birth, sex, created_at, updated_at)
		select 'C' || n, 'Maya', 'Test', '2014-05-06', 'F', $2, $2 from generate_series(1, $1::int) n`, children, now)
	s.exec(`insert into care_period (child_id, period, source) select id, '[2020-09-01,)', 'entered' from child`)
	s.exec(`insert into roll (child_id, setting_id, kind, period, source) select c.id, s.id, 'main', '[2020-09-01,)', 'entered' from child c, setting s where s.urn = 100001`)
	var text bytes.Buffer
	text.WriteString("LA child ID,URN,Date,Session,Mark\n")
	for child := range children {
		day := calendar.MustParse("2026-11-20")
		for written := 0; written < days; day = day.AddDays(-1) {
			if weekend := day.Weekday(); weekend == time.Saturday || weekend == time.Sunday || day.Month == time.August || day.Month == time.December || bank(day) {
				continue
			}
			fmt.Fprintf(&text, "C%d,100001,%02d/%02d/%d,AM,/\nC%d,100001,%02d/%02d/%d,PM,L\n", child+1, day.Day, day.Month, day.Year, child+1, day.Day, day.Month, day.Year)
			written++
		}
	}
	return text.Bytes()
}

// bank says whether a day may be a bank holiday; the benchmark does without them.
func bank(day calendar.Date) bool {
	return day.Month == time.May && day.Weekday() == time.Monday || day.Month == time.April || day.Month == time.March || day.Month == time.January && day.Day < 4
}

// BenchmarkMarksImport imports a million marks from a file with a row for each session, and copies the
// rows that are then stored into a table like theirs with the same keys: of-bare-COPY is the share of its
// speed, of-bare-COPY-processor that of its processor time, peak-MB what the program holds at most.
func BenchmarkMarksImport(b *testing.B) {
	s := newSite(b)
	content := manyMarks(b, s, 2000, 250)
	upload := intake.Upload{Name: "marks.csv", Content: bytes.NewReader(content), Size: int64(len(content))}
	s.exec(`analyze`)
	runtime.GC()
	var peak atomic.Uint64
	s.Progress = func(int) {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		peak.Store(max(peak.Load(), now.HeapInuse))
	}
	var importing, copying, imported, copied time.Duration
	for b.Loop() {
		s.exec(`truncate attendance_day, attendance_half_term`)
		before, from := pgtest.Processors(b, s.sql), time.Now()
		result, err := s.Import(b.Context(), access.System, intake.Marks, []intake.Upload{upload})
		if err != nil || result.Counts.New != 1_000_000 {
			b.Fatal(result.Counts, result.Problems[:min(3, len(result.Problems))], err)
		}
		imported, importing = imported+time.Since(from), importing+pgtest.Processors(b, s.sql)-before
		s.exec(`create table bare (like attendance_day including all)`)
		var stored bytes.Buffer
		if _, err := s.sql.PgConn().CopyTo(b.Context(), &stored, `copy (select * from attendance_day) to stdout`); err != nil {
			b.Fatal(err)
		}
		before, from = pgtest.Processors(b, s.sql), time.Now()
		if _, err := s.sql.PgConn().CopyFrom(b.Context(), &stored, `copy bare from stdin`); err != nil {
			b.Fatal(err)
		}
		copied, copying = copied+time.Since(from), copying+pgtest.Processors(b, s.sql)-before
		s.exec(`drop table bare`)
	}
	b.ReportMetric(imported.Seconds()/float64(b.N), "import-s")
	b.ReportMetric(copied.Seconds()/float64(b.N), "copy-s")
	b.ReportMetric(copied.Seconds()/imported.Seconds(), "of-bare-COPY")
	b.ReportMetric(copying.Seconds()/importing.Seconds(), "of-bare-COPY-processor")
	b.ReportMetric(float64(peak.Load()-min(peak.Load(), uint64(len(content))))/(1<<20), "peak-MB")
}
