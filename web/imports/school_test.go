package imports_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"virtualschool/internal/access"
)

// school is these pages for a designated teacher of Acorn, where one child is on roll.
func school(t *testing.T) *site {
	t.Helper()
	s := newSite(t, access.School)
	for _, sql := range []string{
		`insert into setting (urn, name, status, source) values (100001, 'Acorn', 'open', 'gias')`,
		`insert into child (la_child_id, forename, surname, date_of_birth, sex, created_at, updated_at) values ('C1', 'Maya', 'Test', '2014-05-06', 'F', now(), now())`,
		`insert into care_period (child_id, period, source) select id, '[2025-09-01,)', 'entered' from child`,
		`insert into roll (child_id, setting_id, kind, period, source) select c.id, s.id, 'main', '[2025-09-01,)', 'entered' from child c, setting s`,
	} {
		if _, err := s.sql.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.sql.Exec(t.Context(), `insert into account_setting (account_id, setting_id, post, period) select $1, id, 'designated_teacher', '[2025-09-01,)' from setting`, s.who.ID); err != nil {
		t.Fatal(err)
	}
	return s
}

const files = "/attendance/files"

func (s *site) sendOwn(name, text string) page {
	s.t.Helper()
	list := s.get(files)
	setting, _ := list.Find(`form[action="/attendance/files"] input[name="setting"]`).Attr("value")
	return s.upload(files, "files-marks", map[string]string{"key": list.key(files), "setting": setting}, name, text)
}

func TestASchoolSendsAFileOfItsOwn(t *testing.T) {
	t.Parallel()
	s := school(t)
	sent := s.sendOwn("week.csv", "Child ID,Date,AM,PM\nC1,19/11/2026,F,/\n")
	if sent.status != http.StatusSeeOther || !strings.HasPrefix(sent.location, files+"/") {
		t.Fatalf("%d %s", sent.status, sent.says())
	}
	path := sent.location
	var id int64
	if _, err := fmt.Sscanf(path, files+"/%d", &id); err != nil {
		t.Fatal(err)
	}
	if err := s.Intake.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	preview := s.get(path)
	if !strings.Contains(preview.says(), "Codes of the school’s own") || !strings.Contains(preview.says(), "“F” at Acorn") || preview.Find(`form[action$="/confirm"]`).Length() != 0 {
		t.Fatalf("%s", preview.says())
	}
	field, _ := preview.Find(`form[action$="/codes"] select`).Attr("name")
	none := s.post(path+"/codes", preview.key(path+"/codes"))
	if none.status != http.StatusUnprocessableEntity || none.Find(".govuk-error-summary a[href='#"+field+"']").Length() != 1 {
		t.Errorf("nothing said: %d %s", none.status, none.says())
	}
	if said := s.post(path+"/codes", none.key(path+"/codes")+"&"+field+"=I"); said.location != path {
		t.Fatalf("said: %d %s", said.status, said.says())
	}
	if err := s.Intake.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	preview = s.get(path)
	if confirmed := s.post(path+"/confirm", preview.key(path+"/confirm")); confirmed.location != path {
		t.Fatalf("confirm: %d %s", confirmed.status, confirmed.says())
	}
	if err := s.Intake.Apply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	applied := s.get(path)
	if !strings.Contains(applied.says(), "They stand as sent") || applied.Find(`a[href^="/attendance/sent/"]`).Length() != 1 {
		t.Errorf("%s", applied.says())
	}
	if page := s.get("/imports"); page.status != http.StatusForbidden {
		t.Errorf("a school at the council's imports: %d", page.status)
	}
}

// Ten files that are wrong, each in its own way: each is told where and why, and nothing changes.
func TestTenFilesThatAreWrong(t *testing.T) {
	t.Parallel()
	s := school(t)
	for _, c := range []struct{ name, text, line, says string }{
		{"a day that is none", "Child ID,Date,AM\nC1,31/11/2026,/\n", "line 2", "Date"},
		{"a day to come", "Child ID,Date,AM\nC1,20/11/2026,/\nC1,24/11/2026,/\n", "line 3", "is in the future"},
		{"a weekend", "Child ID,Date,AM\nC1,21/11/2026,/\n", "line 2", "the school was closed"},
		{"no such child", "Child ID,Date,AM\nC9,20/11/2026,/\n", "line 2", "no child with this identifier"},
		{"no child at all", "Child ID,Date,AM\n,20/11/2026,/\n", "line 2", "does not say which child"},
		{"a mark that is a word", "Child ID,Date,AM\nC1,20/11/2026,somewhere else\n", "line 2", "is not an attendance code"},
		{"a cell too many", "Child ID,Date,AM\nC1,20/11/2026,/,\\\n", "line 2", "cells"},
		{"two marks for a session", "Child ID,Date,AM\nC1,20/11/2026,/\nC1,20/11/2026,I\n", "line 3", "two different marks"},
		{"a UPN that is none", "UPN,Date,AM\nZZ12,20/11/2026,/\n", "line 2", "UPN"},
		{"before the child came", "Child ID,Date,AM\nC1,10/06/2025,/\n", "line 2", "not on roll"},
	} {
		sent := s.sendOwn("marks.csv", c.text)
		var id int64
		if _, err := fmt.Sscanf(sent.location, files+"/%d", &id); err != nil {
			t.Errorf("%s: %d %s", c.name, sent.status, sent.says())
			continue
		}
		if err := s.Intake.Check(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		preview := s.get(sent.location)
		problems := preview.Find("#problems").Text()
		if !strings.Contains(problems, "marks.csv, "+c.line) || !strings.Contains(problems, c.says) || preview.Find(`form[action$="/confirm"]`).Length() != 0 {
			t.Errorf("%s: %s", c.name, strings.Join(strings.Fields(problems), " "))
		}
		if again := s.post(sent.location+"/confirm", preview.key(sent.location+"/discard")); again.status != http.StatusConflict {
			t.Errorf("%s: confirmed all the same: %d", c.name, again.status)
		}
	}
	var marks, deliveries int
	if err := s.sql.QueryRow(t.Context(), `select (select count(*) from attendance_day), (select count(*) from attendance_delivery)`).Scan(&marks, &deliveries); err != nil || marks+deliveries != 0 {
		t.Errorf("%d marks, %d deliveries, %v", marks, deliveries, err)
	}
}
