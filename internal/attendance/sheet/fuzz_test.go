package sheet_test

import (
	"errors"
	"strings"
	"testing"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/intake/table"
)

// FuzzSheet: whatever is sent, it is read or refused in words, and every mark handed out is a code of
// the national table on a real day, with a line that never goes back.
func FuzzSheet(f *testing.F) {
	for _, seed := range []string{
		"UPN,Date,Session,Mark\nA801200001001,17/11/2025,AM,/\n", "Child ID;Date;AM;PM\nC1;2025-11-17;L;\\\n", "Child ID,17/11/2025,,18/11/2025,\n,AM,PM,AM,PM\nC1,/,\\,-,N\n",
		"Child ID,Week commencing,Mon AM,Mon PM,Tues\nC1,17/11/2025,/,\\,LU\n", "Child ID,Start,Marks\nC1,20/11/2025,/\\/\\####C1\n", "Child ID,Start,Marks\nC1,20/11/2025,\"/\\ C1, L\"\n",
		"\"Child ID\",\"Monday 17 November 2025 (AM)\"\nC1,C1\n", "a,b\n\xe9,\xff\n", "Child ID,45978\nC1,/\\\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		upload, err := table.Open("x", strings.NewReader(text), int64(len(text)), limits)
		if err != nil || len(upload.Files) == 0 || upload.Files[0].Kind != table.Delimited {
			return
		}
		var refused *table.FileError
		var unsaid *sheet.Unsaid
		file := upload.Files[0]
		plan, err := sheet.Sniff(file, func(string) sheet.Columns { return sheet.Columns{ChildID: "a", Date: "b"} })
		if err != nil {
			if !errors.As(err, &refused) && !errors.As(err, &unsaid) || err.Error() == "" {
				t.Fatalf("not refused in words: %v", err)
			}
			return
		}
		last, given := 0, 0
		sum, err := plan.Read(file, func(m sheet.Mark) error {
			if _, err := mark.Parse(string(m.Code)); err != nil || m.Code == "" || m.Day.IsZero() || m.Session != mark.AM && m.Session != mark.PM || m.Line < last || m.ChildID+m.UPN == "" {
				t.Fatalf("%+v after line %d", m, last)
			}
			last = m.Line
			given++
			return nil
		}, func(p table.Problem) {
			if p.Text == "" || p.Line == 0 {
				t.Fatalf("a problem without words or line: %+v", p)
			}
		})
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("not refused in words: %v", err)
		}
		if given != sum.Marks || plan.Words() == "" {
			t.Fatalf("%d handed out, %d counted", given, sum.Marks)
		}
	})
}
