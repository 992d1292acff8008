package document

import (
	"context"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

// TestADayHasItsMeasure: one person adds so many bytes in a day and no more, others go on, and the next day
// is a new one.
//
// ASVS 5.0: 5.2.4
func TestADayHasItsMeasure(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	db := pgtest.Open(t).At(func() time.Time { return now })
	facts := pgtest.NewFacts(t, db)
	hal, hana := facts.Person(access.Head, "Hal Head"), facts.Person(access.Head, "Hana Head")
	child, school := facts.Child("Maya", "Okafor", "2016-03-04"), facts.Setting("Ash Primary")
	suspension := func() int64 {
		return facts.ID(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, note, recorded_by, recorded_at)
			values ($1, $2, 'suspension', $4, 2, '{DB}', '', $3, now()) returning id`, child, school, hal.ID, time.Date(2026, 1, 5+int(facts.ID(`select count(*) from suspension`)), 0, 0, 0, 0, time.UTC))
	}
	add := func(who access.Actor, bytes int) error {
		id := suspension()
		return db.Change(t.Context(), who, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := AddIn(ctx, tx, child, OfSuspension, id, Upload{"letter.txt", []byte(strings.Repeat("words ", bytes/6))})
			return err
		})
	}
	for n := range mostOfDayBytes / MostBytes {
		if err := add(hal, MostBytes); err != nil {
			t.Fatalf("file %d: %v", n, err)
		}
	}
	if err := add(hal, MostBytes); !fault.Of(err).Has("file") {
		t.Errorf("more than a day's measure: %v", err)
	}
	if err := add(hana, 600); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	now = now.Add(24*time.Hour + time.Minute)
	if err := add(hal, 600); err != nil {
		t.Errorf("the next day: %v", err)
	}
}
