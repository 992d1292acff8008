package intake_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake"
	"virtualschool/internal/intake/rollfile"
	"virtualschool/internal/postgres"
)

// rollRow puts values under the template's columns.
func rollRow(values map[string]string) string {
	columns := strings.Split(strings.TrimSpace(strings.TrimPrefix(string(rollfile.Template()), "\ufeff")), ",")
	cells := make([]string, len(columns))
	for i, column := range columns {
		cells[i] = values[column]
	}
	return strings.Join(cells, ",") + "\r\n"
}

func rollFile(rows ...map[string]string) intake.Upload {
	text := string(rollfile.Template())
	for _, row := range rows {
		text += rollRow(row)
	}
	return file("roll.csv", text)
}

type cells = map[string]string

func TestTheRollFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.exec(`insert into setting (urn, name, status, source) values (100001, 'Acorn', 'open', 'gias'), (100002, 'Beech', 'open', 'gias'), (100003, 'Cedar', 'closed', 'gias')`)
	advisor, worker := s.person(access.Advisor, "advisor@x.test"), s.person(access.SocialWorker, "worker@x.test")
	maya, noah := s.child("C1", "Maya"), s.child("C2", "Noah")
	s.exec(`insert into roll (child_id, setting_id, kind, period, source) select $1, id, 'main', '[2025-09-01,)', 'entered' from setting where urn = 100001`, noah)
	s.exec(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, 'advisor', '[2025-09-01,)', 'entered')`, noah, s.person(access.Advisor, "old@x.test").ID)

	upload := rollFile(
		cells{"la_child_id": "C1", "forename": "Maia", "preferred_name": "May", "setting_urn": "100001", "roll_start": "01/09/2026", "advisor_email": "advisor@x.test", "social_worker_email": "worker@x.test", "from": "01/10/2026"}, // 2
		cells{"la_child_id": "C1", "setting_urn": "100003", "roll_start": "01/09/2025", "roll_end": "31/08/2026"},                                                                                                                     // 3 before it, a school that has closed since
		cells{"la_child_id": "C2", "setting_urn": "100002", "roll_start": "02/11/2026", "advisor_email": "advisor@x.test"},                                                                                                            // 4 moves
		cells{"la_child_id": "C2"},                                                                          // 5 nothing
		cells{"la_child_id": "C9", "forename": "Nobody"},                                                    // 6
		cells{"la_child_id": "C2", "setting_urn": "100009", "roll_start": "01/12/2026"},                     // 7
		cells{"la_child_id": "C2", "reviewing_officer_email": "advisor@x.test"},                             // 8
		cells{"la_child_id": "C2", "surname": "Other", "setting_urn": "100003", "roll_start": "01/12/2026"}, // 9 closed, so the surname stays
		cells{"la_child_id": "C2", "social_worker_email": "nobody@x.test"},                                  // 10
		cells{"la_child_id": "C2", "setting_urn": "100001", "roll_end": "31/12/2019"},                       // 11 not on roll then
	)
	result := preview(t, s.Service, intake.RollFile, upload)
	s.counts(result, intake.Counts{Changed: 3, Same: 1, Rejected: 6})
	var rules []string
	for _, p := range result.Problems {
		if p.Severity == "error" {
			rules = append(rules, p.Rule)
		}
	}
	slices.Sort(rules)
	if got, want := strings.Join(rules, " "), "closed no-such-child no-such-person no-such-setting not-on-roll wrong-role"; got != want {
		t.Errorf("rules %s, want %s", got, want)
	}
	s.wants("2", `select count(*) from child where former_names = '{}'`)

	s.counts(apply(t, s.Service, intake.RollFile, upload), intake.Counts{Changed: 3, Same: 1, Rejected: 6})
	s.wants(`Maia Test May {"Maya Test"}`, `select forename || ' ' || surname || ' ' || preferred_name || ' ' || former_names::text from child where id = $1`, maya)
	s.wants("Cedar [2025-09-01,2026-09-01); Acorn [2026-09-01,)", `select string_agg(s.name || ' ' || r.period, '; ' order by r.period) from roll r join setting s on s.id = r.setting_id where child_id = $1`, maya)
	s.wants("Acorn [2025-09-01,2026-11-02); Beech [2026-11-02,)", `select string_agg(s.name || ' ' || r.period, '; ' order by r.period) from roll r join setting s on s.id = r.setting_id where child_id = $1`, noah)
	s.wants("[2026-10-01,)", `select period from allocation where child_id = $1 and account_id = $2`, maya, worker.ID)
	s.wants("[2026-11-23,)", `select period from allocation where child_id = $1 and account_id = $2`, noah, advisor.ID)
	s.wants("Test", `select surname from child where id = $1`, noah)
	again := apply(t, s.Service, intake.RollFile, upload)
	if again.Counts.Changed != 0 || again.Counts.New != 0 || again.Counts.Same != 4 {
		t.Errorf("again: %s", again.Counts)
	}
}

func TestRollRulesForOneChild(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.exec(`insert into setting (urn, name, status, source) values (100001, 'Acorn', 'open', 'gias'), (100002, 'Beech', 'open', 'gias')`)
	id := s.child("C1", "Maya")
	on := func(period, kind string) {
		s.exec(`delete from roll`)
		s.exec(`insert into roll (child_id, setting_id, kind, period, source) select $1, id, $3, $2::text::daterange, 'entered' from setting where urn = 100001`, id, period, kind)
	}
	for _, tt := range []struct {
		name, now, kind string
		row             cells
		want            string // the rolls afterwards, or the rule that refused
	}{
		{"ends", "[2025-09-01,)", "main", cells{"setting_urn": "100001", "roll_end": "20/11/2026"}, "Acorn [2025-09-01,2026-11-21)"},
		{"ends by start and end", "[2025-09-01,)", "main", cells{"setting_urn": "100001", "roll_start": "01/09/2025", "roll_end": "20/11/2026"}, "Acorn [2025-09-01,2026-11-21)"},
		{"goes on after all", "[2025-09-01,2026-09-01)", "main", cells{"setting_urn": "100001", "roll_start": "01/09/2025"}, "Acorn [2025-09-01,)"},
		{"a second school beside it", "[2025-09-01,)", "main", cells{"setting_urn": "100002", "roll_start": "01/11/2026", "roll_kind": "dual"}, "Acorn [2025-09-01,); Beech [2026-11-01,)"},
		{"another start at the same school", "[2025-09-01,)", "main", cells{"setting_urn": "100001", "roll_start": "01/09/2024"}, "already-on-roll"},
		{"before the present school", "[2025-09-01,)", "main", cells{"setting_urn": "100002", "roll_start": "01/09/2024"}, "before-present-school"},
		{"history before the present school", "[2025-09-01,)", "main", cells{"setting_urn": "100002", "roll_start": "01/09/2024", "roll_end": "31/08/2025"}, "Beech [2024-09-01,2025-09-01); Acorn [2025-09-01,)"},
		{"too far ahead", "[2025-09-01,)", "main", cells{"setting_urn": "100002", "roll_start": "01/09/2027"}, "far-date"},
	} {
		on(tt.now, tt.kind)
		tt.row["la_child_id"] = "C1"
		result := apply(t, s.Service, intake.RollFile, rollFile(tt.row))
		if result.Counts.Rejected > 0 {
			if got := result.Problems[len(result.Problems)-1].Rule; got != tt.want {
				t.Errorf("%s: refused by %s; want %s", tt.name, got, tt.want)
			}
			continue
		}
		s.wants(tt.want, `select string_agg(s.name || ' ' || r.period, '; ' order by r.period) from roll r join setting s on s.id = r.setting_id`)
	}
}

func TestTheRollFileReachesOnlyWhomItsSenderSees(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.child("C1", "Maya")
	s.exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, id)
	officer := s.person(access.DataOfficer, "data@x.test")
	result, err := s.Import(t.Context(), officer, intake.RollFile, []intake.Upload{rollFile(cells{"la_child_id": "C1", "forename": "Changed"}, cells{"la_child_id": "C2", "forename": "Nobody"})})
	if err != nil {
		t.Fatal(err)
	}
	s.counts(result, intake.Counts{Rejected: 2})
	if result.Kept[0].Words != result.Kept[1].Words {
		t.Errorf("hidden and missing differ: %q, %q", result.Kept[0].Words, result.Kept[1].Words)
	}
	s.wants("Maya", `select forename from child`)
}

// TestWhoIsNamedIsToldOfARowThatWasLeftOut: the sender reads the same about a child behind the wall and about
// nobody, and whoever answers for the record hears once of each file.
func TestWhoIsNamedIsToldOfARowThatWasLeftOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.child("C1", "Maya")
	officer, head, other := s.person(access.DataOfficer, "data@x.test"), s.person(access.Head, "head@x.test"), s.person(access.Deputy, "deputy@x.test")
	s.exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, id)
	s.exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, id, head.ID)
	importID := s.receive(officer, intake.RollFile, rollFile(cells{"la_child_id": "C1", "forename": "Changed"}, cells{"la_child_id": "C2", "forename": "Nobody"}))
	s.check(importID)
	read := func(who access.Actor) (rows []intake.Withheld) {
		var batch postgres.Batch
		intake.QueueWithheld(&batch, &rows)
		if err := s.DB.View(t.Context(), who, &batch); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	for who, want := range map[access.Actor]int{head: 1, other: 0, officer: 0} {
		if rows := read(who); len(rows) != want {
			t.Errorf("%s reads %+v", who.Role, rows)
		}
	}
	s.wants("1 head@x.test", `select count(*) || ' ' || max(a.email) from river_job j join account a on a.id = (j.args->>'account_id')::bigint where j.kind = 'notice'`)
	row := read(head)[0]
	if row.ChildID != id || row.By != officer.Name || row.SeenAt != nil {
		t.Errorf("%+v", row)
	}
	for who, want := range map[access.Actor]fault.Kind{officer: fault.KindForbidden, other: fault.KindNotFound} {
		if err := s.SeeWithheld(t.Context(), who, row.ID, "x"); !errors.Is(err, want) {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	if err := s.SeeWithheld(t.Context(), head, row.ID, ""); len(fault.Of(err)) == 0 {
		t.Errorf("without words: %v", err)
	}
	if err := s.SeeWithheld(t.Context(), head, row.ID, "The name was right before"); err != nil {
		t.Fatal(err)
	}
	if err := s.SeeWithheld(t.Context(), head, row.ID, "Again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	again := s.receive(officer, intake.RollFile, rollFile(cells{"la_child_id": "C1", "forename": "Other"}))
	s.check(again)
	s.wants("2", `select count(*)::text from withheld_row`)
	s.wants("Maya", `select forename from child`)
}
