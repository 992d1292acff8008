package intake_test

import (
	"path/filepath"
	"strings"
	"testing"

	"virtualschool/internal/intake"
	"virtualschool/internal/postgres/pgtest"
)

func TestTheSampleReturn(t *testing.T) {
	t.Parallel()
	if !present(samples + "/ssda903/header.csv") {
		return
	}
	paths, err := filepath.Glob(samples + "/ssda903/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	s := &intake.Service{DB: pgtest.Open(t)}
	preview(t, s, intake.Return, files(t, paths...)...)
	first := apply(t, s, intake.Return, files(t, paths...)...)
	t.Log(strings.Join(first.Notices, " "))
	look := pgtest.Arrange(t, s.DB)
	for sql, want := range map[string]int{
		`select count(*) from child`: 1896,
		`select count(distinct child_id) from care_period where period @> date '2018-03-31'`:                1201,
		`select count(distinct child_id) from care_period where period @> date '2018-09-01'`:                1191,
		`select count(*) from import_item where action = 'conflict'`:                                        5,
		`select count(*) from legal_status where code in ('V3', 'V4')`:                                      0,
		`select count(*) from child c where not exists (select from care_period p where p.child_id = c.id)`: 0,
	} {
		var got int
		if err := look.QueryRow(t.Context(), sql).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", sql, got, err, want)
		}
	}
	again := apply(t, s, intake.Return, files(t, paths...)...)
	if c := again.Counts; c.New != 0 || c.Changed != 0 || c.Conflict != 5 || c.Same != first.Counts.New+first.Counts.Same {
		t.Errorf("again: %s", c)
	}
}
