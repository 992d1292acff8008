package sheet_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/intake/table"
)

var limits = table.Limits{Bytes: 1 << 20, Rows: 1000, Columns: 500, Members: 3}

func open(t testing.TB, text string) *table.File {
	t.Helper()
	upload, err := table.Open("marks.csv", strings.NewReader(text), int64(len(text)), limits)
	if err != nil {
		t.Fatal(err)
	}
	return upload.Files[0]
}

func nobody(string) sheet.Columns { return sheet.Columns{} }

// read is a file as lines of "line child day session code", with its problems as "line column: text".
func read(t testing.TB, text string, said func(string) sheet.Columns) (plan *sheet.Plan, marks, problems []string, sum sheet.Summary, err error) {
	t.Helper()
	file := open(t, text)
	if plan, err = sheet.Sniff(file, said); err != nil {
		return nil, nil, nil, sum, err
	}
	sum, err = plan.Read(file, func(m sheet.Mark) error {
		marks = append(marks, strings.TrimSpace(fmt.Sprintf("%d %s%s %s %s %s %s", m.Line, m.ChildID, m.UPN, m.Day, m.Session, m.Code, m.URN)))
		return nil
	}, func(p table.Problem) {
		problems = append(problems, fmt.Sprintf("%d %s: %s", p.Line, p.Column, p.Text))
	})
	return plan, marks, problems, sum, err
}

func TestShapes(t *testing.T) {
	t.Parallel()
	day := []string{`2 C1 2025-11-17 AM /`, `2 C1 2025-11-17 PM \`}
	for _, c := range []struct {
		name, text, words string
		want              []string
	}{
		{"a row for each session", "LA child ID,URN,Date,Session,Mark\nC1,123456,17/11/2025,AM,/\nC1,123456,17/11/2025,PM,L\n", "a row for each session",
			[]string{`2 C1 2025-11-17 AM / 123456`, `3 C1 2025-11-17 PM L 123456`}},
		{"semicolons, other names, ISO dates", "child_id;Attendance Date;Session;Attendance Code\nC1;2025-11-17;afternoon;/\n", "a row for each session", []string{`2 C1 2025-11-17 PM \`}},
		{"a row for each day", "Child ID,Date,AM,PM\nC1,17/11/2025,/,\\\n", "a row for each day", day},
		{"a row for each day, one cell", "Child ID,Date,Mark\nC1,17/11/2025,/\\\n", "a row for each day", day},
		{"a UPN in small letters", "UPN,Date,AM\na801200001001,17/11/2025,/\n", "a row for each day", []string{`2 A801200001001 2025-11-17 AM /`}},
		{"a column for each day", "Child ID,Name,17/11/2025,18/11/2025\nC1,x,/\\,C1 L\n", "a column for each day", append(slices.Clone(day), `2 C1 2025-11-18 AM C1`, `2 C1 2025-11-18 PM L`)},
		{"a column for each session", "Child ID,Mon 17/11/2025 AM,Mon 17/11/2025 PM\nC1,/,/\n", "a column for each day", day},
		{"days in words", "Child ID,\"Monday, 17 November 2025 (AM)\",17 Nov 2025 PM\nC1,/,/\n", "a column for each day", day},
		{"a spreadsheet's moments", "Child ID,2025-11-17 00:00:00\nC1,/\\\n", "a column for each day", day},
		{"merged headings", "Child ID,17/11/2025,,18/11/2025,\n,AM,PM,AM,PM\nC1,/,\\,-,N\n", "a column for each day", []string{`3 C1 2025-11-17 AM /`, `3 C1 2025-11-17 PM \`, `3 C1 2025-11-18 PM N`}},
		{"days of a week", "Child ID,Week commencing,Mon AM,Mon PM,Tues,Weds\nC1,17/11/2025,/,\\,LU,\n", "a column for each day",
			append(slices.Clone(day), `2 C1 2025-11-18 AM L`, `2 C1 2025-11-18 PM U`)},
		{"a week named by another of its days", "Child ID,Date,Mon\nC1,20/11/2025,/\\\n", "a column for each day", day},
		{"a string", "Child ID,Start date,Marks\nC1,20/11/2025,/\\/\\LU\n", "of weekdays only",
			[]string{`2 C1 2025-11-20 AM /`, `2 C1 2025-11-20 PM \`, `2 C1 2025-11-21 AM /`, `2 C1 2025-11-21 PM \`, `2 C1 2025-11-24 AM L`, `2 C1 2025-11-24 PM U`}},
		{"a string with weekends", "Child ID,AttendanceStartDate,AttendanceMarks\nC1,21/11/2025,/\\####/\\\n", "with Saturdays and Sundays in it",
			[]string{`2 C1 2025-11-21 AM /`, `2 C1 2025-11-21 PM \`, `2 C1 2025-11-22 AM #`, `2 C1 2025-11-22 PM #`, `2 C1 2025-11-23 AM #`, `2 C1 2025-11-23 PM #`, `2 C1 2025-11-24 AM /`, `2 C1 2025-11-24 PM \`}},
		{"a string with spaces", "Child ID,Start,Marks\nC1,17/11/2025,/\\ C1 C1 L -\n", "of weekdays only", append(slices.Clone(day), `2 C1 2025-11-18 AM C1`, `2 C1 2025-11-18 PM C1`, `2 C1 2025-11-19 AM L`)},
		{"a string with commas", "Child ID,Start,Marks\nC1,17/11/2025,\"/,\\,,N\"\n", "of weekdays only", append(slices.Clone(day), `2 C1 2025-11-18 PM N`)},
		{"a blank line and a trailing one", "Child ID,Date,AM,PM\n\nC1,17/11/2025,/,\\\n\n", "a row for each day", []string{`3 C1 2025-11-17 AM /`, `3 C1 2025-11-17 PM \`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plan, marks, problems, sum, err := read(t, c.text, nobody)
			if err != nil || len(problems) > 0 {
				t.Fatalf("%v %q", err, problems)
			}
			if !slices.Equal(marks, c.want) || sum.Marks != len(c.want) || !strings.Contains(plan.Words(), c.words) {
				t.Errorf("%s: got %q of %d, want %q", plan.Words(), marks, sum.Marks, c.want)
			}
		})
	}
}

// A blank is a session nobody marked: it is counted, and is no absence (R24).
func TestBlanksAreMissingAndNothingElse(t *testing.T) {
	t.Parallel()
	_, marks, problems, sum, err := read(t, "Child ID,17/11/2025,18/11/2025 AM,18/11/2025 PM\nC1,,-,!\nC2,-,,\n", nobody)
	if err != nil || len(marks) > 0 || len(problems) > 0 || sum.Blanks != 8 || sum.Rows != 2 {
		t.Errorf("%q %q %+v %v", marks, problems, sum, err)
	}
}

// What is wrong is said with its line, and nothing wrong is handed out.
func TestTenFilesThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a day that is none", "Child ID,Date,Session,Mark\nC1,17/11/2025,AM,/\nC1,31/11/2025,AM,/\n", "3 Date: Date is a day that does not exist."},
		{"the month first", "Child ID,Date,Session,Mark\nC1,11/17/2025,AM,/\n", "2 Date: Date has the month before the day; dates must be written day first, like 31/12/2024."},
		{"no date", "Child ID,Date,Session,Mark\nC1,,AM,/\n", "2 Date: There is no date. Write it like 17/11/2025."},
		{"no session", "Child ID,Date,Session,Mark\nC1,17/11/2025,3,/\n", "2 Session: The session is AM or PM."},
		{"no such code", "Child ID,Date,AM,PM\nC1,17/11/2025,/,\\\nC1,18/11/2025,/,WW\n", `3 PM: "WW" is not an attendance code.`},
		{"a word", "Child ID,Date,AM\nC1,17/11/2025,Present\n", "2 AM: present does not say which code. Use the school's own mark."},
		{"one mark for a day", "Child ID,17/11/2025\nC1,L\n", `2 17/11/2025: "L" is not two marks, morning and afternoon.`},
		{"no child", "Child ID,Date,AM\n,17/11/2025,/\n", "2 Child ID: The row does not say which child it is about. Fill in the identifier, or remove the row."},
		{"a UPN too short", "UPN,Date,AM\nA80120,17/11/2025,/\n", "2 UPN: A UPN has 13 characters: a letter and 12 numbers."},
		{"a cell too few", "Child ID,Date,AM,PM\nC1,17/11/2025,/\n", "2 : The row has 3 cells where the header has 4, so its values cannot be matched to columns. The row is left out."},
		{"a packed code", "Child ID,Start,Marks\nC1,17/11/2025,/\\C1/\n", "2 Marks: session 3 has a code of two characters. Put spaces or commas between the marks, so that they can be told apart."},
		{"a string that begins on a Saturday", "Child ID,Start,Marks\nC1,22/11/2025,/\\/\\/\\/\\\n", "2 Start: The string begins on a Saturday, but has no weekends in it. Give the first day of school."},
		{"a school that is none", "Child ID,School URN,Date,AM\nC1,12,17/11/2025,/\n", "2 School URN: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, problems, _, err := read(t, c.text, nobody)
			if err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0], c.want) {
				t.Errorf("%v %q; want %q", err, problems, c.want)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a heading that is no day", "Child ID,31/11/2025\nC1,/\\\n", "The heading “31/11/2025” is a day that does not exist."},
		{"a heading of another day", "Child ID,Tue 17/11/2025\nC1,/\\\n", "The heading “Tue 17/11/2025” does not fit: that day is a Monday."},
		{"a day twice", "Child ID,17/11/2025,17/11/2025\nC1,/\\,/\\\n", "Two columns are for the same session"},
		{"weekdays without a week", "Child ID,Mon,Tue\nC1,/\\,/\\\n", "none says which week"},
		{"a column twice", "Child ID,Date,Mark,Mark,Session\nC1,17/11/2025,/,/,AM\n", "stands in the header twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, marks, _, _, err := read(t, c.text, nobody)
			var refused *table.FileError
			if !errors.As(err, &refused) || refused.Line != 1 || !strings.Contains(refused.Text, c.want) || len(marks) > 0 {
				t.Errorf("%v %q", err, marks)
			}
		})
	}
}

// What a person said of headings holds for the next file with the same ones, whatever its days.
func TestColumnsThatAPersonNamed(t *testing.T) {
	t.Parallel()
	const text = "Pupil,Tag,Half,Sign\nC1,17/11/2025,AM,/\n"
	_, _, _, _, err := read(t, text, nobody)
	var unsaid *sheet.Unsaid
	if !errors.As(err, &unsaid) || !slices.Equal(unsaid.Headings, []string{"Pupil", "Tag", "Half", "Sign"}) || unsaid.Line != 1 {
		t.Fatalf("%v", err)
	}
	said := map[string]sheet.Columns{sheet.Fingerprint(unsaid.Headings): {ChildID: "Pupil", Date: "Tag", Session: "Half", Mark: "Sign"}}
	known := func(fingerprint string) sheet.Columns { return said[fingerprint] }
	_, marks, problems, _, err := read(t, text, known)
	if err != nil || len(problems) > 0 || !slices.Equal(marks, []string{"2 C1 2025-11-17 AM /"}) {
		t.Errorf("%v %q %q", err, marks, problems)
	}
	week := func(days string) string { return sheet.Fingerprint(strings.Split("Pupil,"+days, ",")) }
	if week("17/11/2025,18/11/2025") != week("24/11/2025,25/11/2025") || week("17/11/2025") == sheet.Fingerprint([]string{"Other", "17/11/2025"}) {
		t.Error("a fingerprint is of the headings that are not days")
	}
	if _, _, _, _, err := read(t, "Pupil,Mark\nC1,/\n", func(string) sheet.Columns { return sheet.Columns{ChildID: "Pupil", Date: "Gone"} }); !errors.As(err, &unsaid) {
		t.Errorf("a heading that is not there was believed: %v", err)
	}
}

func TestLooks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"UPN,Date,Session,Mark\n": true, "UPN,Week,Mon\n": true, "UPN,31/11/2025\n": true, "UPN,Start date,Marks\n": true,
		"UPN,Surname\n": false, "Date,Session,Mark\n": false, "la_child_id,setting_urn,roll_start,roll_end\n": false,
	} {
		rows, err := open(t, text).Rows(func(table.Problem) {})
		if err != nil {
			t.Fatal(err)
		}
		if got := sheet.Looks(rows.Header); got != want {
			t.Errorf("%q: %v", text, got)
		}
		rows.Close()
	}
}
