package account

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres/pgtest"
)

const people = `Name,Email,Role,School URN,Post,First day,Last day
Ama Owusu,Ama@School.test,Designated Teacher or school colleague,100001,,01/11/2026,
Ben Ito,ben@westmoor.test,advisor,,,,
`

func TestReadingAFileOfPeople(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	facts := pgtest.NewFacts(t, s.DB)
	school := facts.ID(`insert into setting (name, urn, source) values ('Hollybush', 100001, 'gias') returning id`)
	facts.Exec(`insert into setting (name, urn, source, status) values ('Closed', 100002, 'gias', 'closed')`)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	if err := s.SetDomains(t.Context(), head, school, []string{"school.test"}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ old, new, wrong string }{
		"a role nobody has":        {"advisor,", "wizard,", "is no role"},
		"an invited colleague":     {"advisor,", "colleague,", "is no role"},
		"the program":              {"advisor,", "service,", "is no role"},
		"no name":                  {"Ben Ito", "", "Enter the person's name"},
		"no address":               {"ben@westmoor.test", "ben", "Enter an email address"},
		"a school that is none":    {"100001", "99", "is no URN"},
		"a school nobody knows":    {"100001", "100009", "No open school"},
		"a closed school":          {"100001", "100002", "No open school"},
		"an advisor at a school":   {"advisor,,", "advisor,100001,", "Only people at a school"},
		"a day there is not":       {"01/11/2026", "31/09/2026", "first day"},
		"a last day before":        {"01/11/2026,", "01/11/2026,01/10/2026", "must not be before"},
		"a post nobody has":        {"100001,,", "100001,caretaker,", "is no post"},
		"the same address twice":   {"ben@westmoor.test", "ama@school.test", "is on line 2"},
		"another school's address": {"Ama@School.test", "ama@elsewhere.test", "none of Hollybush (school.test)"},
		"too few cells":            {"Ben Ito,ben@westmoor.test,advisor,,,,", "Ben Ito,ben@westmoor.test", ""},
	} {
		load, err := s.Bulk(t.Context(), head, strings.Replace(people, tt.old, tt.new, 1), false)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var found []string
		for _, line := range load.Lines {
			if line.Wrong != "" {
				found = append(found, line.Wrong)
			}
		}
		if len(found) != 1 || !strings.Contains(found[0], tt.wrong) {
			t.Errorf("%s: %q, want %q", name, found, tt.wrong)
		}
		if _, err := s.Bulk(t.Context(), head, strings.Replace(people, tt.old, tt.new, 1), true); !fault.Of(err).Has("file") {
			t.Errorf("%s: applied, %v", name, err)
		}
	}
	everything := "Name,Email,Role,School URN,Post,First day,Last day\n,ben,school,99,caretaker,31/09/2026,30/02/2026\n"
	load, err := s.Bulk(t.Context(), head, everything, false)
	if err != nil || len(load.Lines) != 1 {
		t.Fatalf("a line where everything is wrong: %v %v", load, err)
	}
	for _, words := range []string{"Enter the person's name.", "Enter an email address", "is no URN", "is no post", "is no first day", "is no last day"} {
		if !strings.Contains(load.Lines[0].Wrong, words) {
			t.Errorf("%q is not said with all else that is wrong: %s", words, load.Lines[0].Wrong)
		}
	}
	for name, text := range map[string]string{"nothing": "", "a header alone": "Name,Email,Role\n", "no role": "Name,Email\nA,b@c.test\n",
		"a column nobody knows": "Name,Email,Role,Password\nA,b@c.test,advisor,x\n", "no text": "\x00\x01\x02", "a picture": "\x89PNG\r\n\x1a\n"} {
		if _, err := s.Bulk(t.Context(), head, text, true); !fault.Of(err).Has("file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := ask[int](t, s, `select count(*) from account where state = 'invited'`); n != 0 {
		t.Fatalf("%d were invited by files that are wrong", n)
	}
	ben := establish(t, s, "ben@westmoor.test", access.Advisor, good)
	load, err = s.Bulk(t.Context(), head, people, true)
	if err != nil || !load.Done {
		t.Fatal(err)
	}
	fresh, existing, wrong := load.Count()
	if fresh != 1 || existing != 1 || wrong != 0 || load.Lines[1].Existing != ben.ID || load.Lines[1].Line != 3 {
		t.Errorf("%+v", load)
	}
	if n := ask[int](t, s, `select count(*) from account a join account_setting m on m.account_id = a.id where a.email = 'ama@school.test' and m.setting_id = $1 and lower(m.period) = '2026-11-01'`, school); n != 1 {
		t.Error("the teacher is not invited to the school from the day")
	}
	if n := ask[int](t, s, `select count(*) from river_job where kind = 'account_link'`); n != 1 {
		t.Errorf("%d invitations are on their way", n)
	}
	data := establish(t, s, "data@westmoor.test", access.DataOfficer, good)
	load, err = s.Bulk(t.Context(), data, "name,email,role\nNew Head,newhead@westmoor.test,head\n", false)
	if err != nil || !strings.Contains(load.Lines[0].Wrong, "Only the Virtual School Head") {
		t.Errorf("%+v, %v", load, err)
	}
	_, err = s.Bulk(t.Context(), ben, people, false)
	kind(t, err, fault.KindForbidden)
}

func TestAnotherAddressIsLookedAtTwice(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	school := setting(t, s, "Hollybush")
	if err := s.SetDomains(t.Context(), head, school, []string{"school.test"}); err != nil {
		t.Fatal(err)
	}
	invite := func(email, confirmed string) error {
		_, err := s.Invite(t.Context(), head, NewAccount{Email: email, Name: "Ama Owusu", Role: access.School, Confirmed: confirmed,
			Settings: []NewMembership{{SettingID: school, Post: DesignatedTeacher, From: s.DB.Today()}}})
		return err
	}
	for email, confirmed := range map[string]string{"ama@elsewhere.test": "", "ama@notschool.test": "Ama", "ama@school.test.evil.test": "yes"} {
		if err := invite(email, confirmed); !fault.Of(err).Has("confirm") {
			t.Errorf("%s: %v", email, err)
		}
	}
	for email, confirmed := range map[string]string{"ama@school.test": "", "ama@staff.school.test": "", "ama@elsewhere.test": " ama  OWUSU"} {
		if err := invite(email, confirmed); err != nil {
			t.Errorf("%s: %v", email, err)
		}
	}
	if err := s.SetDomains(t.Context(), head, school, nil); err != nil {
		t.Fatal(err)
	}
	if err := invite("anybody@anywhere.test", ""); err != nil {
		t.Errorf("a school without domains: %v", err)
	}
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	kind(t, s.SetDomains(t.Context(), ruth, school, nil), fault.KindForbidden)
	kind(t, s.SetDomains(t.Context(), head, 1<<40, nil), fault.KindNotFound)
}

func TestReadDomains(t *testing.T) {
	t.Parallel()
	if got, err := ReadDomains(" @School.test\nstaff.school.test, school.test"); err != nil || strings.Join(got, " ") != "school.test staff.school.test" {
		t.Errorf("%v, %v", got, err)
	}
	for _, wrong := range []string{"school", "a@b.test", "-a.test", "a..test", "a.test/x", "*.test", "a\x00.test", strings.Repeat("a", 300) + ".test"} {
		if got, err := ReadDomains(wrong); !fault.Of(err).Has("domains") {
			t.Errorf("%q: %v, %v", wrong, got, err)
		}
	}
	if got, err := ReadDomains(""); err != nil || got != nil {
		t.Errorf("nothing: %v, %v", got, err)
	}
}
