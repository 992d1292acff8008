package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
)

// at is a person of a school, and the school.
func (s *site) at(urn int, email string) (access.Actor, int64) {
	s.t.Helper()
	var id int64
	if err := s.sql.QueryRow(s.t.Context(), `select id from setting where urn = $1`, urn).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	person := s.person(access.School, email)
	s.exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'designated_teacher', '[2025-09-01,)')`, person.ID, id)
	return person, id
}

func (s *site) from(who access.Actor, settingID int64, text string) int64 {
	s.t.Helper()
	id, err := s.ReceiveFrom(s.t.Context(), who, intake.Marks, settingID, []intake.Upload{file("own.csv", text)})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.Check(s.t.Context(), id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// seen is how much of an import somebody is shown.
func (s *site) seen(who access.Actor, id int64) (items, problems, asked int, err error) {
	var one intake.Import
	var list []intake.Item
	var wrong []intake.Problem
	var codes []intake.AskedCode
	var batch postgres.Batch
	intake.QueueImport(&batch, &one, id)
	intake.QueueItems(&batch, &list, id, intake.ItemFilter{Limit: 100})
	intake.QueueProblems(&batch, &wrong, id, intake.ProblemFilter{Limit: 100})
	intake.QueueAskedCodes(&batch, &codes, id)
	err = s.DB.View(s.t.Context(), who, &batch)
	return len(list), len(wrong), len(codes), err
}

func TestASchoolSendsItsOwnFile(t *testing.T) {
	t.Parallel()
	s, maya, noah := register(t)
	s.exec(`insert into roll (child_id, setting_id, kind, period, source) select $1, id, 'dual', '[2026-11-02,)', 'entered' from setting where urn = 100002`, maya)
	acorn, _ := s.at(100001, "acorn@x.test")
	beech, beechID := s.at(100002, "beech@x.test")

	// Without a URN the marks are of the school that sends them, though the child's main one is another.
	id := s.from(beech, beechID, "Child ID,Date,AM,PM\nC1,19/11/2026,/,\\\n")
	if err := s.Confirm(t.Context(), beech, id); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.wants("Beech register_file", `select s.name || ' ' || f.kind from attendance_day d join setting s on s.id = d.setting_id join attendance_delivery f on f.id = d.am_from where child_id = $1`, maya)
	if items, _, _, err := s.seen(beech, id); err != nil || items != 1 {
		t.Errorf("its own file: %d lines, %v", items, err)
	}
	if _, _, _, err := s.seen(acorn, id); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("another school's file: %v", err)
	}
	if err := s.Discard(t.Context(), acorn, id); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("another school discards it: %v", err)
	}

	// A child who is not theirs, a line that is none and another school's mark: each is told, nothing goes in.
	wrong := s.from(beech, beechID, "Child ID,URN,Date,AM,PM\nC2,,19/11/2026,/,\\\nC1,100001,20/11/2026,/,\\\nC1\n")
	if items, problems, _, err := s.seen(beech, wrong); err != nil || problems != 5 || items == 0 {
		t.Errorf("wrong lines: %d lines, %d problems, %v", items, problems, err)
	}
	if err := s.Confirm(t.Context(), beech, wrong); !intake.IsBlocked(err) {
		t.Errorf("confirmed: %v", err)
	}
	s.wants("0", `select count(*) from attendance_day where child_id = $1`, noah)

	for what, send := range map[string]func() error{
		"another school's": func() error {
			_, err := s.ReceiveFrom(t.Context(), acorn, intake.Marks, beechID, []intake.Upload{file("a.csv", longMarks)})
			return err
		},
		"no school's": func() error {
			_, err := s.Receive(t.Context(), acorn, intake.Marks, []intake.Upload{file("a.csv", longMarks)})
			return err
		},
		"of another kind": func() error {
			_, err := s.ReceiveFrom(t.Context(), beech, intake.Collected, beechID, []intake.Upload{file("a.csv", longMarks)})
			return err
		},
	} {
		if err := send(); err == nil {
			t.Errorf("a school sends %s file", what)
		}
	}
}

func TestWhatColumnsMeanIsRememberedForASchool(t *testing.T) {
	t.Parallel()
	s, _, _ := register(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	acorn, acornID := s.at(100001, "acorn@x.test")
	const text = "Pupil,Tag,Half,Sign\nC1,19/11/2026,AM,/\n"
	id := s.from(acorn, acornID, text)
	s.state(id, intake.Asking)
	if err := s.SayColumns(t.Context(), acorn, id, sheet.Columns{ChildID: "Pupil", Date: "Tag", Session: "Half", Mark: "Sign"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.state(id, intake.Previewed)
	s.state(s.from(acorn, acornID, text), intake.Previewed)                             // the next file asks nothing
	s.state(s.from(officer, acornID, text), intake.Previewed)                           // whoever sends it
	s.state(s.checked(officer, intake.Marks, file("odd.csv", text)), intake.Asking)     // but it says nothing of others'
	s.state(s.checked(officer, intake.Collected, file("odd.csv", text)), intake.Asking) // nor of a service's
}

func TestASchoolsOwnCodesAreAskedOnce(t *testing.T) {
	t.Parallel()
	s, maya, _ := register(t)
	acorn, acornID := s.at(100001, "acorn@x.test")
	const text = "Child ID,Date,AM,PM\nC1,18/11/2026,F,@\nC1,19/11/2026,F,/\n"
	id := s.from(acorn, acornID, text)
	if _, problems, asked, err := s.seen(acorn, id); err != nil || problems != 3 || asked != 2 {
		t.Fatalf("%d problems, %d codes, %v", problems, asked, err)
	}
	s.wants("@ 1, F 2", `select string_agg(written || ' ' || marks, ', ' order by written) from import_code`)
	for words, said := range map[string][]intake.SaidCode{
		"at least one": nil, "of this file": {{SettingID: acornID, Written: "Z", Code: "I"}}, "national": {{SettingID: acornID, Written: "F", Code: "QQ"}},
	} {
		if err := s.SayCodes(t.Context(), acorn, id, said); !strings.Contains(fault.Of(err).Text("codes"), words) {
			t.Errorf("%s: %v", words, err)
		}
	}
	beech, _ := s.at(100002, "beech@x.test")
	if err := s.SayCodes(t.Context(), beech, id, []intake.SaidCode{{SettingID: acornID, Written: "F", Code: "I"}}); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("another school: %v", err)
	}
	if err := s.SayCodes(t.Context(), acorn, id, []intake.SaidCode{{SettingID: acornID, Written: "F", Code: "I"}, {SettingID: acornID, Written: "@"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if found := s.state(id, intake.Previewed); found.New != 3 || found.Rejected != 0 {
		t.Errorf("%+v", found)
	}
	if err := s.Confirm(t.Context(), acorn, id); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.wants("2026-11-18 I-, 2026-11-19 I\\", `select string_agg(day || ' ' || coalesce(am, '-') || coalesce(pm, '-'), ', ' order by day) from attendance_day where child_id = $1`, maya)
	// The next file, a column for each day and two marks in a cell, asks nothing more.
	next := s.from(acorn, acornID, "Child ID,20/11/2026\nC1,F\\\n")
	s.wants("1 0", fmt.Sprintf(`select new_count - 1 || ' ' || (select count(*) from import_code where import_id = %[1]d) from import where id = %[1]d`, next))
	// Another school's F means nothing yet.
	s.exec(`insert into roll (child_id, setting_id, kind, period, source) select $1, id, 'dual', '[2026-11-02,)', 'entered' from setting where urn = 100002`, maya)
	officer := s.person(access.DataOfficer, "data@x.test")
	other := s.checked(officer, intake.Marks, file("two.csv", "Child ID,URN,Date,AM\nC1,100001,20/11/2026,F\nC1,100002,20/11/2026,F\n"))
	s.wants("Beech F", `select s.name || ' ' || written from import_code c join setting s on s.id = c.setting_id where import_id = $1`, other)
}
