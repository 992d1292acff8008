package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
)

// register is a site with two children at Acorn and the terms of its authority.
func register(t testing.TB) (s *site, maya, noah int64) {
	t.Helper()
	s = newSite(t)
	s.exec(`insert into local_authority (code, name) values ('332', 'Dudley') on conflict do nothing`)
	s.exec(`insert into setting (urn, name, status, source, authority_code) values (100001, 'Acorn', 'open', 'gias', '332'), (100002, 'Beech', 'open', 'gias', '332')`)
	s.exec(`insert into term (authority_code, academic_year, name, starts, ends, half_term_from, half_term_to, source) values
		('332', 2026, 'autumn', '2026-09-02', '2026-12-18', '2026-10-26', '2026-10-30', 'test')`)
	maya, noah = s.child("C1", "Maya"), s.child("C2", "Noah")
	s.exec(`update child set upn = 'A801200001001', upn_quality = 'valid' where id = $1`, noah)
	s.exec(`insert into roll (child_id, setting_id, kind, period, source) select c, id, 'main', '[2025-09-01,)', 'entered' from setting, unnest(array[$1::bigint, $2]) c where urn = 100001`, maya, noah)
	return s, maya, noah
}

const longMarks = "LA child ID,UPN,Date,AM,PM\n" +
	"C1,,19/11/2026,/,\\\n" +
	",A801200001001,19/11/2026,I,I\n" +
	"C1,,20/11/2026,N,\n"

func TestMarksAreImportedAllOrNone(t *testing.T) {
	t.Parallel()
	s, maya, _ := register(t)
	result := preview(t, s.Service, intake.Marks, file("week.csv", longMarks))
	s.counts(result, intake.Counts{New: 5})
	s.wants("0", `select count(*) from attendance_day`)
	s.wants("0", `select count(*) from attendance_delivery`)
	if said := strings.Join(result.Notices, " "); !strings.Contains(said, "a row for each day") || !strings.Contains(said, "1 sessions have no mark") {
		t.Errorf("notices %q", said)
	}
	s.counts(apply(t, s.Service, intake.Marks, file("week.csv", longMarks)), intake.Counts{New: 5})
	s.wants("2026-11-19 /\\, 2026-11-20 N-", `select string_agg(day || ' ' || coalesce(am, '-') || coalesce(pm, '-'), ', ' order by day) from attendance_day where child_id = $1`, maya)
	s.wants("3", `select received from attendance_half_term where child_id = $1 and half_term = 'A2' and from_marks`, maya)
	s.counts(apply(t, s.Service, intake.Marks, file("week.csv", longMarks)), intake.Counts{Same: 5})
	s.wants("register_file week.csv", `select kind || ' ' || label from attendance_delivery limit 1`)

	right := preview(t, s.Service, intake.Marks, file("right.csv", "Child ID,Date,AM\nC1,20/11/2026,I\n"))
	s.counts(right, intake.Counts{Changed: 1})
	s.counts(apply(t, s.Service, intake.Marks, file("right.csv", "Child ID,Date,AM\nC1,20/11/2026,I\n")), intake.Counts{Changed: 1})
	s.wants("N→I", `select was || '→' || became from attendance_correction`)
	s.wants("changed C1 1 marks, from 20 November 2026 to 20 November 2026; 1 put right [{\"what\": \"AM 20 November 2026\", \"after\": \"I\", \"before\": \"N\"}]",
		`select action || ' ' || key || ' ' || words || ' ' || changes from import_item order by id desc limit 1`)
	// What a service collected stands behind the register.
	s.counts(apply(t, s.Service, intake.Collected, file("calls.csv", "Child ID,Date,AM\nC1,20/11/2026,O\n")), intake.Counts{Conflict: 1})
	s.wants("I", `select am from attendance_day where child_id = $1 and day = '2026-11-20'`, maya)
}

// Each of these is wrong on one line: the line is named, and nothing of the file goes in.
func TestMarksThatAreWrongChangeNothing(t *testing.T) {
	t.Parallel()
	s, _, _ := register(t)
	const good = "C2,19/11/2026,/,\\\n"
	for _, c := range []struct{ name, row, column, rule string }{
		{"no such child", "C9,19/11/2026,/,\\\n", "", "no-such-child"},
		{"the future", "C1,24/11/2026,/,\n", "AM", "future_day"},
		{"a weekend", "C1,21/11/2026,/,\n", "AM", "closed_day"},
		{"half term", "C1,28/10/2026,,/\n", "PM", "closed_day"},
		{"before the child came", "C1,10/06/2025,/,\n", "AM", "not_on_roll"},
		{"a code of its time only", "C1,19/11/2026,J,\n", "AM", "unknown_code"},
		{"no code", "C1,19/11/2026,/,QQ\n", "PM", "bad-mark"},
		{"no day", "C1,31/11/2026,/,\\\n", "Date", "bad-date"},
		{"a cell too few", "C1,19/11/2026,/\n", "", "ragged"},
		{"no child", ",19/11/2026,/,\\\n", "Child ID", "no-child"},
		{"two marks for one session", "C2,19/11/2026,L,\\\n", "AM", "twice"},
	} {
		upload := file("marks.csv", "Child ID,Date,AM,PM\n"+good+c.row)
		result, err := s.Import(t.Context(), access.System, intake.Marks, []intake.Upload{upload})
		if !intake.IsBlocked(err) || result.Counts.Rejected == 0 {
			t.Errorf("%s: %v, %s", c.name, err, result.Counts)
		}
		found := false
		for _, p := range result.Problems {
			found = found || p.Line == 3 && p.Column == c.column && p.Rule == c.rule && p.Text != ""
		}
		if !found {
			t.Errorf("%s: %+v", c.name, result.Problems)
		}
	}
	s.wants("0 0 0", `select (select count(*) from attendance_day) || ' ' || (select count(*) from attendance_delivery) || ' ' || (select count(*) from import)`)
}

func TestMarksFindTheirChildAndSchool(t *testing.T) {
	t.Parallel()
	s, maya, noah := register(t)
	s.exec(`insert into roll (child_id, setting_id, kind, period, source) select $1, id, 'dual', '[2026-11-02,)', 'entered' from setting where urn = 100002`, maya)
	text := "UPN,Child ID,URN,Date,AM\n" +
		",C1,100001,18/11/2026,D\n,C1,100002,18/11/2026,/\n,C1,,19/11/2026,/\n" + // the main school where none is named
		"A801200001001,C2,,19/11/2026,/\n"
	s.counts(apply(t, s.Service, intake.Marks, file("a.csv", text)), intake.Counts{New: 4})
	s.wants("Acorn 2026-11-18 D, Beech 2026-11-18 /, Acorn 2026-11-19 /", `select string_agg(s.name || ' ' || day || ' ' || am, ', ' order by day, s.name) from attendance_day d join setting s on s.id = d.setting_id where child_id = $1`, maya)
	for name, c := range map[string]struct{ row, rule string }{
		"two children": {"A801200001001,C1,,20/11/2026,/\n", "child-differs"}, "no such school": {",C1,100009,20/11/2026,/\n", "no-such-setting"},
	} {
		result := preview(t, s.Service, intake.Marks, file("b.csv", "UPN,Child ID,URN,Date,AM\n"+c.row))
		if len(result.Problems) != 1 || result.Problems[0].Rule != c.rule || result.Problems[0].About != "C1" {
			t.Errorf("%s: %+v", name, result.Problems)
		}
	}
	s.exec(`update child set upn = 'A801200001001', upn_quality = 'valid' where id = $1`, maya)
	if result := preview(t, s.Service, intake.Marks, file("b.csv", "UPN,Date,AM\nA801200001001,20/11/2026,/\n")); len(result.Problems) != 1 || result.Problems[0].Rule != "two-children" {
		t.Errorf("a UPN of two children: %+v", result.Problems)
	}
	s.exec(`delete from roll where child_id = $1`, noah)
	if result := preview(t, s.Service, intake.Marks, file("b.csv", "Child ID,Date,AM\nC2,20/11/2026,/\n")); len(result.Problems) != 1 || result.Problems[0].Rule != "no-roll" {
		t.Errorf("a child of no school: %+v", result.Problems)
	}
}

// Who sends marks reaches the children they may see and no others.
func TestMarksOfChildrenWhoAreRestricted(t *testing.T) {
	t.Parallel()
	s, maya, _ := register(t)
	s.exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, maya)
	officer := s.person(access.DataOfficer, "data@x.test")
	result, err := s.Preview(t.Context(), officer, intake.Marks, []intake.Upload{file("week.csv", longMarks)})
	if err != nil || result.Counts != (intake.Counts{New: 2, Rejected: 3}) {
		t.Errorf("%s %v", result.Counts, err)
	}
	if _, err := s.Preview(t.Context(), s.person(access.Advisor, "advisor@x.test"), intake.Marks, []intake.Upload{file("week.csv", longMarks)}); err == nil {
		t.Error("an advisor imported a file")
	}
}

func (s *site) state(id int64, want intake.State) (found intake.Import) {
	s.t.Helper()
	var batch postgres.Batch
	intake.QueueImport(&batch, &found, id)
	if err := s.DB.View(s.t.Context(), access.System, &batch); err != nil || found.State != want {
		s.t.Fatalf("state %s (%s) %v; want %s", found.State, found.Failure, err, want)
	}
	return found
}

func (s *site) checked(officer access.Actor, kind intake.Kind, upload intake.Upload) int64 {
	s.t.Helper()
	id, err := s.Receive(s.t.Context(), officer, kind, []intake.Upload{upload})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.Check(s.t.Context(), id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

func TestAPersonSaysTheColumnsOnce(t *testing.T) {
	t.Parallel()
	s, maya, _ := register(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	const text = "Pupil,Tag,Half,Sign\nC1,19/11/2026,AM,/\n"
	id := s.checked(officer, intake.Marks, file("odd.csv", text))
	asked := s.state(id, intake.Asking)
	if strings.Join(asked.Headings, " ") != "Pupil Tag Half Sign" || !strings.Contains(asked.Question, "which child") {
		t.Errorf("%+v", asked)
	}
	for words, said := range map[string]sheet.Columns{
		"headings of this file": {ChildID: "Other"}, "holds one thing": {ChildID: "Pupil", Date: "Pupil"}, "UPN or identifier": {Date: "Tag"},
	} {
		if err := s.SayColumns(t.Context(), officer, id, said); !strings.Contains(fault.Of(err).Text("columns"), words) {
			t.Errorf("%s: %v", words, err)
		}
	}
	said := sheet.Columns{ChildID: "Pupil", Date: "Tag", Session: "Half", Mark: "Sign"}
	if err := s.SayColumns(t.Context(), s.person(access.School, "school@x.test"), id, said); err == nil {
		t.Error("a school said the columns")
	}
	if err := s.SayColumns(t.Context(), officer, id, said); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.state(id, intake.Previewed)
	if err := s.Confirm(t.Context(), officer, id); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.state(id, intake.Applied)
	s.wants("/", `select am from attendance_day where child_id = $1`, maya)
	s.wants(fmt.Sprint(officer.ID), `select delivered_by from attendance_delivery`)
	next := s.checked(officer, intake.Marks, file("next.csv", strings.Replace(text, "19/11", "20/11", 1)))
	s.state(next, intake.Previewed) // remembered
	if err := s.Discard(t.Context(), officer, s.checked(officer, intake.Marks, file("other.csv", "Pupil,Else\nC1,/\n"))); err != nil {
		t.Error(err)
	}
}

func TestAnImportOfWrongMarksCannotBeConfirmed(t *testing.T) {
	t.Parallel()
	s, _, _ := register(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	id := s.checked(officer, intake.Marks, file("week.csv", longMarks+"C1,,21/11/2026,/,\n"))
	if found := s.state(id, intake.Previewed); !found.Blocked() || found.Rejected != 1 || found.New != 5 {
		t.Errorf("%+v", found)
	}
	if err := s.Confirm(t.Context(), officer, id); !intake.IsBlocked(err) {
		t.Errorf("confirmed: %v", err)
	}
	s.wants("0", `select count(*) from attendance_day`)
}

func TestTablesOfMarksAreToldFromOthers(t *testing.T) {
	t.Parallel()
	s, _, _ := register(t)
	for _, c := range []struct {
		kind intake.Kind
		text string
	}{{intake.RollFile, longMarks}, {intake.Marks, "la_child_id,forename\nC1,Maya\n"}} {
		_, err := s.Preview(t.Context(), access.System, c.kind, []intake.Upload{file("a.csv", c.text)})
		if err == nil || !strings.Contains(err.Error(), "This looks like") {
			t.Errorf("%s: %v", c.kind, err)
		}
	}
	if _, err := s.Preview(t.Context(), access.System, intake.Collected, []intake.Upload{file("a.csv", longMarks)}); err != nil {
		t.Error(err)
	}
	differences, err := attendance.Check(t.Context(), s.DB)
	if err != nil || len(differences) > 0 {
		t.Errorf("%v %v", differences, err)
	}
}
