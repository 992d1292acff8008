package table

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// FuzzRows: whatever is sent, it is read or refused in words, and every row
// handed out has as many cells as the header and a line that only goes up.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\xff\xfea\x00,\x00", "a;b\r1;\"2\r\"\"", "sep=\t\na\tb\n", "\ufeffx\n\"", "<x>", "\"a\" ,b\n\xe9,\n"} {
		f.Add([]byte(seed))
	}
	f.Add([]byte("PK\x03\x04"))
	limits := Limits{Bytes: 1 << 16, Rows: 100, Columns: 20, Members: 3}
	f.Fuzz(func(t *testing.T, content []byte) {
		up, err := Open("x", bytes.NewReader(content), int64(len(content)), limits)
		var refused *FileError
		if err != nil {
			if !errors.As(err, &refused) || refused.Text == "" {
				t.Fatalf("not refused in words: %v", err)
			}
			return
		}
		for _, file := range up.Files {
			rows, err := file.Rows(func(Problem) {})
			if err != nil {
				if !errors.As(err, &refused) || refused.Text == "" {
					t.Fatalf("not refused in words: %v", err)
				}
				continue
			}
			last := rows.Header.Line
			for row := range rows.All() {
				if len(row.Cells) != len(rows.Header.Names) || row.Line <= last {
					t.Fatalf("row of %d cells on line %d after line %d, header of %d", len(row.Cells), row.Line, last, len(rows.Header.Names))
				}
				last = row.Line
				for i := range row.Cells {
					_, _ = ParseDate(row.Get(i))
				}
			}
			if rows.Err() != nil && !errors.As(rows.Err(), &refused) {
				t.Fatalf("not refused in words: %v", rows.Err())
			}
			rows.Close()
		}
	})
}

func wide(rows, columns int) []byte {
	var b bytes.Buffer
	for c := range columns {
		fmt.Fprintf(&b, "\"Column %d\",", c)
	}
	b.WriteString("last\r\n")
	for range rows {
		for c := range columns {
			fmt.Fprintf(&b, "\"v%d caf\xe9\",", c)
		}
		b.WriteString("1\r\n")
	}
	return b.Bytes()
}

func BenchmarkRows(b *testing.B) {
	content := wide(50_000, 139)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		up, err := Open("x.csv", bytes.NewReader(content), int64(len(content)), National)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := up.Files[0].Rows(func(Problem) {})
		if err != nil {
			b.Fatal(err)
		}
		for range rows.All() {
		}
		if rows.Err() != nil || rows.Count != 50_000 {
			b.Fatal(rows.Count, rows.Err())
		}
		rows.Close()
	}
}
