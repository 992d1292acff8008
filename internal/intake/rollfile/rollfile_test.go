package rollfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/rollfile"
	"virtualschool/internal/intake/table"
)

var today = calendar.MustParse("2026-10-05")

func read(t testing.TB, content string) (entries []rollfile.Entry, rules []string, sum rollfile.Summary, err error) {
	t.Helper()
	up, err := table.Open("roll.csv", strings.NewReader(content), int64(len(content)), table.Ordinary)
	if err != nil {
		t.Fatal(err)
	}
	sum, err = rollfile.Read(up.Files[0], today,
		func(e rollfile.Entry) error { entries = append(entries, e); return nil },
		func(p table.Problem) {
			rules = append(rules, fmt.Sprintf("%d %s %s %s", p.Line, p.Column, p.Rule, p.Severity))
		})
	return entries, rules, sum, err
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	template := string(rollfile.Template())
	if !bytes.HasPrefix([]byte(template), []byte("\xef\xbb\xbfla_child_id,forename,")) || !strings.HasSuffix(template, ",from\r\n") {
		t.Errorf("template %q", template)
	}
	entries, rules, sum, err := read(t, template)
	if err != nil || len(entries) > 0 || len(rules) > 0 || sum.Rows != 0 {
		t.Errorf("the empty template: %v %v", rules, err)
	}
	entries, rules, _, err = read(t, template+
		"C1,Zoë,O’Neil-Łuk,Zo,B801200005001,103766,01/09/2026,,,Advisor@Demo.test,sw@demo.test,iro@demo.test,01/09/2026\r\n"+
		"C1,,,,,103767,01/09/2025,31/08/2026,MAIN,,,,\r\nC2,,,,,,,,,,,,\r\n")
	if err != nil || len(rules) != 1 || rules[0] != "4 la_child_id nothing-to-change info" || len(entries) != 3 {
		t.Fatalf("%v %v %v", entries, rules, err)
	}
	want := rollfile.Entry{Line: 2, ChildID: "C1", Forename: "Zoë", Surname: "O’Neil-Łuk", PreferredName: "Zo", UPN: "B801200005001", UPNQuality: identifier.Valid,
		SettingURN: 103766, RollStart: calendar.MustParse("2026-09-01"), RollKind: "main",
		AdvisorEmail: "advisor@demo.test", SocialWorkerEmail: "sw@demo.test", ReviewingOfficerEmail: "iro@demo.test", From: calendar.MustParse("2026-09-01")}
	if entries[0] != want || !want.HasRoll() || !want.HasPeople() {
		t.Errorf("got %+v", entries[0])
	}
	if e := entries[1]; e.RollEnd != calendar.MustParse("2026-08-31") || e.HasPeople() || e.Forename != "" {
		t.Errorf("got %+v", e)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	head := "la_child_id;surname;upn;setting_urn;roll_start;roll_end;roll_kind;advisor_email;from;colour\n"
	entries, rules, sum, err := read(t, head+
		"C1;A;;103766;01/09/2026;;;;;\n"+ // 2 good
		"C1;B;;;;;;;;\n"+ // 3
		"C1;;;103766;01/09/2026;;dual;;;\n"+ // 4
		";A;;;;;;;;\n"+ // 5
		"C3;;X1;;;;;;;\n"+ // 6
		"C4;;A801200005001;;;;;;;\n"+ // 7 good
		"C5;;UN4;;;;;;;\n"+ // 8 good
		"C6;;;SC012345;01/09/2026;;;;;\n"+ // 9
		"C7;;;103766;;;;;;\n"+ // 10
		"C8;;;;01/09/2026;;;;;\n"+ // 11
		"C9;;;103766;01/09/2026;31/08/2026;;;;\n"+ // 12
		"C10;;;103766;31/09/2026;;;;;\n"+ // 13
		"C11;;;103766;01/09/2096;;;;;\n"+ // 14
		"C12;;;103766;01/09/2026;;guest;;;\n"+ // 15
		"C13;;;;;;;nobody;;\n"+ // 16
		"C14;;;;;;;;01/09/2026;\n"+ // 17 good
		"C15;A\n"+ // 18
		"C16;"+strings.Repeat("x", 101)+";;;;;;;;\n"+ // 19
		"C17;#REF!;;;;;main;a@b.test;;\n") // 20 good
	want := []string{
		"1  extra-columns info", "3 surname rows-differ error", "4 setting_urn roll-twice error", "5 la_child_id no-child error",
		"6 upn upn-wrong-shape error", "7 upn upn-wrong-letter warning", "8 upn upn-code warning", "8 la_child_id nothing-to-change info",
		"9 setting_urn bad-urn error", "10 roll_start no-roll-date error", "11 setting_urn no-setting error", "12 roll_end ends-before-start error",
		"13 roll_start bad-date error", "13 roll_start no-roll-date error", "14 roll_start far-date error", "15 roll_kind bad-kind error", "16 advisor_email bad-email error",
		"17 from from-nobody warning", "17 la_child_id nothing-to-change info", "18  ragged error", "19 surname long-name error",
		"20 surname broken-cell warning", "20 roll_kind no-setting warning",
	}
	if got := strings.Join(rules, "\n"); err != nil || got != strings.Join(want, "\n") {
		t.Errorf("%v problems\n%s\nwant\n%s", err, got, strings.Join(want, "\n"))
	}
	if len(entries) != 5 || sum.Rejected != 14 || sum.Given != 5 {
		t.Errorf("%d entries, %+v", len(entries), sum)
	}
}

func TestWrongFile(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"903": "CHILD,DOB\n", "only the id": "la_child_id\n1\n", "twice": "la_child_id,upn,UPN\n"} {
		_, _, _, err := read(t, content)
		var refused *table.FileError
		if !errors.As(err, &refused) || refused.Text == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	var content strings.Builder
	content.Write(rollfile.Template())
	for n := range 5_000 {
		fmt.Fprintf(&content, "C%d,Ana,Łuk,,B801200005001,103766,01/09/2026,,main,a@demo.test,s@demo.test,i@demo.test,01/09/2026\r\n", n)
	}
	for b.Loop() {
		if entries, rules, _, err := read(b, content.String()); err != nil || len(entries) != 5_000 || len(rules) > 0 {
			b.Fatal(err, rules)
		}
	}
}
