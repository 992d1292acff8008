package lost_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/lost"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/setting"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

// TestWhatChildrenLostIsWhatTheirRecordsSay writes what took a child's days where people write it, and counts.
func TestWhatChildrenLostIsWhatTheirRecordsSay(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t).At(func() time.Time { return day("2026-11-23").Start().Add(12 * time.Hour) })
	w := pgtest.NewFacts(t, db)
	head, worker := w.Person(access.Head, "Hal Head"), w.Person(access.SocialWorker, "Sam Worker")
	ash, birch := w.Setting("Ash Primary"), w.Setting("Birch Primary")
	w.Exec(`update setting set authority_code = '332'`)
	for name, days := range map[string][4]string{"autumn": {"2026-09-01", "2026-12-18", "2026-10-26", "2026-10-30"}, "spring": {"2027-01-04", "2027-03-25", "2027-02-15", "2027-02-19"}, "summer": {"2027-04-12", "2027-07-20", "2027-05-31", "2027-06-04"}} {
		w.Exec(`insert into term (authority_code, academic_year, name, starts, ends, half_term_from, half_term_to, source) values ('332', 2026, $1, $2, $3, $4, $5, 'test')`, name, days[0], days[1], days[2], days[3])
	}
	child := w.Child("Maya", "Okafor", "2016-03-04")
	w.Allocate(child, "social_worker", worker, "[2024-01-10,)")
	w.OnRoll(child, ash, "[2024-09-01,2026-11-12)")
	w.OnRoll(child, birch, "[2026-11-20,)")
	well := w.Child("Ben", "Adeyemi", "2014-05-06")
	w.OnRoll(well, ash, "[2023-09-01,)")
	at := day("2026-11-01").Start()
	insert := func(sql string, args ...any) int64 { return w.ID(sql+` returning id`, args...) }
	out := insert(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, recorded_by, recorded_at) values ($1, $2, 'suspension', '2026-09-14', 14, '{DB}', $3, $4)`, child, ash, head.ID, at)
	insert(`insert into suspension_education (suspension_id, child_id, starts_on, kind, full_time, words, recorded_by, recorded_at) values ($1, $2, '2026-09-21', 'tutor', true, 'Library', $3, $4)`, out, child, head.ID, at)
	insert(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, recorded_by, recorded_at) values ($1, $2, 'lunchtime', '2026-09-09', 2, '{DB}', $3, $4)`, child, ash, head.ID, at)
	reduced := insert(`insert into reduced_timetable (child_id, setting_id, starts_on, ended_on, outcome, hours, full_hours, reason, recorded_by, recorded_at) values ($1, $2, '2026-10-05', '2026-10-19', 'full_time', 1200, 1500, 'anxiety', $3, $4)`, child, ash, head.ID, at)
	insert(`insert into reduced_timetable_review (timetable_id, child_id, held_on, was_hours, hours, words, recorded_by, recorded_at) values ($1, $2, '2026-10-12', 750, 1200, 'More', $3, $4)`, reduced, child, head.ID, at)
	farm := insert(`insert into provision (child_id, place, registration, arranged_by, starts_on, hours, recorded_by, recorded_at) values ($1, 'Farm', 'registered', 'council', '2026-11-12', 600, $2, $3)`, child, head.ID, at)
	insert(`insert into provision_check (provision_id, child_id, checked_on, checked_by, safe, finding, words, recorded_by, recorded_at) values ($1, $2, '2026-11-16', 'Ann', true, 'weak', 'Nothing taught', $3, $4)`, farm, child, head.ID, at)
	delivery := insert(`insert into attendance_delivery (kind, rank, delivered_by, delivered_at) values ('phone', 1, $1, $2)`, head.ID, at)
	for on, codes := range map[string][2]string{"2026-09-14": {"/", "E"}, "2026-11-02": {"N", "I"}} {
		w.Exec(`insert into attendance_day (child_id, day, setting_id, am, pm, am_from, pm_from, half_term) values ($1, $2, $3, $4, $5, $6, $6, 'A1')`, child, on, ash, codes[0], codes[1], delivery)
	}
	w.Exec(`insert into attendance_day (child_id, day, setting_id, am, am_from, half_term) values ($1, '2026-11-02', $2, 'D', $3, 'A2')`, child, birch, delivery)

	count := func(who access.Actor, childID int64) map[int64]string {
		var facts lost.Facts
		var council setting.Calendar
		var batch postgres.Batch
		setting.QueueCalendar(&batch, &council, "332", 0)
		lost.Queue(&batch, &facts, childID, day("2026-09-01"), day("2026-11-23"))
		if err := db.View(t.Context(), who, &batch); err != nil {
			t.Fatal(err)
		}
		told := map[int64]string{}
		for _, row := range facts.Rows {
			var stretches []string
			for _, one := range lost.StretchesOf(facts.Counter(council).Count(row, day("2026-09-01"), day("2026-11-23"))) {
				stretches = append(stretches, string(one.Cause)+" "+one.From.String()+" "+one.Sessions.Days())
			}
			told[row.ChildID] = row.Child() + ", " + row.School + ": " + strings.Join(stretches, "; ")
		}
		return told
	}
	want := "Maya Okafor, Birch Primary: weak 2026-11-16 2.5 days; no_place 2026-11-12 3.5 days; unexplained 2026-11-02 0.5 days; reduced 2026-10-05 3.5 days; suspended 2026-09-14 4.5 days"
	for name, got := range map[string]map[int64]string{"one": count(head, child), "all": count(head, 0), "the social worker's": count(worker, 0)} {
		if got[child] != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got[child], want)
		}
		if other, listed := got[well]; listed && (name != "all" || other != "Ben Adeyemi, Ash Primary: ") {
			t.Errorf("%s: Ben is there: %q", name, other)
		}
	}
	if got := count(w.Person(access.SocialWorker, "Olu Other"), child); len(got) != 0 {
		t.Errorf("another social worker sees %v", got)
	}
	w.Exec(`update suspension set state = 'cancelled', ended_on = '2026-09-15', ended_because = 'Seen otherwise', served = 2 where id = $1`, out)
	if got := count(head, child)[child]; !strings.HasSuffix(got, "suspended 2026-09-14 0.5 days") {
		t.Errorf("cancelled: %s", got)
	}
}
