package intake_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/internal/intake/table"
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

const (
	headerHead   = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
	episodesHead = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
	maya         = "C1,F,06/05/2014,WBRI,UN4,,\n"
)

func header(rows ...string) intake.Upload {
	return file("header.csv", headerHead+strings.Join(rows, ""))
}

func episodes(rows ...string) intake.Upload {
	return file("episodes.csv", episodesHead+strings.Join(rows, "\n")+"\n")
}

func TestAReturn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.exec(`insert into policy_value (key, value, valid, source, set_by, set_at) values ('authority.postcode_districts', '["DY1"]', '[2020-01-01,)', 'test', 1, $1)`, now)
	first := []intake.Upload{
		header(maya, "C2,M,01/02/2012,WBRI,B801200005001,,\n", "C3,M,01/02/2012,WBRI,,,\n", "C4,M,,WBRI,UN1,,\n", "C5,M,01/02/2012,WBRI,UN1,,\n"),
		episodes("C1,01/09/2025,S,C2,N1,U6,PR1,,,,,DY1 1AA,",
			"C2,01/03/2026,S,V2,N1,U6,PR1,01/05/2026,X1,,,B61 1AA,", "C2,01/05/2026,L,C2,N1,U6,PR1,,,,,B61 1AA,",
			"C3,01/03/2026,S,V4,N1,U6,PR1,,,,,,"),
		file("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\nC1,06/05/2014,28/09/2025,PN1\n"),
		file("oc2.csv", "CHILD,DOB,SDQ_SCORE,SDQ_REASON\nC1,06/05/2014,14,\nC2,01/02/2012,,SDQ2\n"),
		file("uasc.csv", "CHILD,SEX,DOB,DUC\nC2,M,01/02/2012,01/02/2030\n"),
		file("permanence.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\nC1,06/05/2014,P1,,zz/zz/2019\n"),
	}
	result := apply(t, s.Service, intake.Return, first...)
	s.counts(result, intake.Counts{New: 2, Same: 2, Rejected: 1})
	s.wants("2", `select count(*) from child`)
	s.wants("[2025-09-01,)", `select period from care_period p join child c on c.id = p.child_id where la_child_id = 'C1'`)
	s.wants("true", `select in_authority from placement p join child c on c.id = p.child_id where la_child_id = 'C1'`)
	s.wants("U6 [2026-03-01,) false", `select code || ' ' || period || ' ' || in_authority from placement p join child c on c.id = p.child_id where la_child_id = 'C2'`)
	s.wants("V2 [2026-03-01,2026-05-01); C2 [2026-05-01,)", `select string_agg(code || ' ' || period, '; ' order by period) from legal_status p join child c on c.id = p.child_id where la_child_id = 'C2'`)
	s.wants("2025-09-28 PN1", `select held_on || ' ' || participation_code from care_review`)
	s.wants("14,SDQ2", `select string_agg(coalesce(score::text, reason_code), ',' order by child_id) from sdq_assessment`)
	s.wants("C2 2030-02-01", `select la_child_id || ' ' || unaccompanied_until from child where unaccompanied`)
	s.wants("P1", `select code from previous_permanence`)
	s.wants("valid,unknown_code", `select string_agg(upn_quality, ',' order by la_child_id desc) from child`)
	s.wants("2", `select count(*) from audit_change where subject = 'import' and action = 'added by import' and child_id is not null`)
	s.counts(apply(t, s.Service, intake.Return, first...), intake.Counts{Same: 4, Rejected: 1})

	// Next year's return: one child leaves care, the other is not in it at all.
	s.exec(`insert into account (email, name, role, state, created_at) values ('a@x.test', 'A', 'advisor', 'active', $1)`, now)
	s.exec(`insert into allocation (child_id, account_id, part, period, source) select c.id, a.id, 'advisor', '[2025-09-01,)', 'entered' from child c, account a where a.email = 'a@x.test'`)
	next := []intake.Upload{header(maya), episodes("C1,01/09/2025,S,C2,N1,U6,PR1,01/10/2026,E4A,,,DY1 1AA,")}
	s.counts(apply(t, s.Service, intake.Return, next...), intake.Counts{Changed: 1})
	s.wants("[2025-09-01,2026-10-01) E4A", `select period || ' ' || end_code from care_period p join child c on c.id = p.child_id where la_child_id = 'C1'`)
	s.wants("[2025-09-01,2026-10-01)", `select period from allocation p join child c on c.id = p.child_id where la_child_id = 'C1'`)
	s.wants("[2025-09-01,)", `select period from allocation p join child c on c.id = p.child_id where la_child_id = 'C2'`)
	s.wants("[2026-03-01,)", `select period from care_period p join child c on c.id = p.child_id where la_child_id = 'C2'`)
	result = preview(t, s.Service, intake.Return, first...)
	if len(result.Notices) < 2 || !strings.Contains(strings.Join(result.Notices, " "), "older than one already imported") {
		t.Errorf("an older return: %q", result.Notices)
	}
}

func TestWhatAPersonEnteredStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.child("C1", "Maya")
	s.exec(`insert into legal_status (child_id, code, period, source) values ($1, 'V2', '[2025-09-01,)', 'entered')`, id)
	s.exec(`insert into care_review (child_id, held_on, participation_code, source) values ($1, '2025-09-28', 'PN2', 'entered')`, id)
	uploads := []intake.Upload{header("C1,M,06/05/2014,WBRI,UN4,,\n"), episodes("C1,01/09/2025,S,C2,N1,U6,PR1,,,,,,"),
		file("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\nC1,06/05/2014,28/09/2025,PN1\n")}
	result := apply(t, s.Service, intake.Return, uploads...)
	s.counts(result, intake.Counts{Conflict: 1})
	words := result.Kept[0].Words
	for _, part := range []string{"Sex is F here", "Legal status was entered by hand", "care review of 28 September 2025 has PN2"} {
		if !strings.Contains(words, part) {
			t.Errorf("%q is not in %q", part, words)
		}
	}
	s.wants("F WBRI", `select sex || ' ' || ethnicity from child`)
	s.wants("V2", `select string_agg(code, ',') from legal_status`)
	s.wants("PN2", `select participation_code from care_review`)
	s.wants("U6", `select code from placement`)
	s.wants("[2025-09-01,) entered", `select period || ' ' || source from care_period`)
	s.counts(apply(t, s.Service, intake.Return, uploads...), intake.Counts{Conflict: 1})

	// A person accepts what the return says; then nothing is left to settle.
	s.exec(`update child set sex = 'M'`)
	s.exec(`update legal_status set code = 'C2'`)
	s.exec(`update care_review set participation_code = 'PN1'`)
	s.counts(apply(t, s.Service, intake.Return, uploads...), intake.Counts{Same: 1})
}

func TestAnEditOfAnImportedFieldStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	uploads := func(born string) []intake.Upload {
		return []intake.Upload{header("C1,F," + born + ",WBRI,UN4,,\n"), episodes("C1,01/09/2025,S,C2,N1,U6,PR1,,,,,,")}
	}
	s.counts(apply(t, s.Service, intake.Return, uploads("06/05/2014")...), intake.Counts{New: 1})
	s.counts(apply(t, s.Service, intake.Return, uploads("07/05/2014")...), intake.Counts{Changed: 1})
	s.exec(`update child set date_of_birth = '2014-05-08', version = version + 1`)
	s.counts(apply(t, s.Service, intake.Return, uploads("07/05/2014")...), intake.Counts{Conflict: 1})
	s.wants("2014-05-08", `select date_of_birth from child`)
}

func TestContestedAndDamagedReturns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	result := apply(t, s.Service, intake.Return, header(maya), file("notes.csv", "a,b\n1,2\n"),
		episodes("C1,01/09/2025,S,C2,N1,U6,PR1,,,,,,", "C1,01/10/2025,L,V2,N1,K2,PR1,,,,,,"))
	s.counts(result, intake.Counts{Conflict: 1})
	s.wants("[2025-09-01,)", `select period from care_period`)
	if !strings.Contains(result.Kept[0].Words, "two") {
		t.Errorf("words %q", result.Kept[0].Words)
	}
	_, err := s.Preview(t.Context(), access.System, intake.Return, []intake.Upload{header(maya), file("episodes.csv", "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC\n")})
	var refused *table.FileError
	if !errors.As(err, &refused) || refused.Rule != "missing-columns" {
		t.Errorf("a damaged table: %v", err)
	}
}
