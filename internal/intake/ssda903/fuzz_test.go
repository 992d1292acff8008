package ssda903_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/intake/ssda903"
	"virtualschool/internal/intake/table"
)

// FuzzRead: whatever is sent, it is read or refused in words.
func FuzzRead(f *testing.F) {
	f.Add([]byte(oneChild), []byte(episodesHead+"C1,01/05/2024,S,C2,N1,U6,PR1,01/05/2024,X1,,,,\nC1,03/05/2024,P,V3,N1,T1,PR1,,,,,,\n"))
	f.Add([]byte(document), []byte("CHILD,DOB,REVIEW,REVIEW_CODE\nC1,,01/06/2024,PN1\n"))
	f.Fuzz(func(t *testing.T, one, two []byte) {
		var files []*table.File
		for _, content := range [][]byte{one, two} {
			if up, err := table.Open("x", bytes.NewReader(content), int64(len(content)), table.Ordinary); err == nil {
				files = append(files, up.Files...)
			}
		}
		r, err := ssda903.Read(files, today)
		var refused *table.FileError
		if err != nil && (!errors.As(err, &refused) || refused.Text == "") {
			t.Fatalf("not refused in words: %v", err)
		}
		if err == nil {
			for _, c := range r.Children {
				if c.ID == "" || (c.Standing == ssda903.Good || c.Standing == ssda903.Warned) && c.DateOfBirth.IsZero() {
					t.Fatalf("child without identity: %+v", c)
				}
			}
		}
	})
}

func TestOneChildWithTooMuch(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	rows.WriteString(episodesHead)
	for n := range 20_000 {
		fmt.Fprintf(&rows, "C1,%02d/%02d/%d,S,C2,N1,U6,PR1,,,,,,%d\n", n%28+1, n%12+1, 2000+n%25, n)
	}
	r := mustRead(t, "h", oneChild, "e", rows.String())
	if c := r.Child("C1"); len(c.Episodes) != 1000 || c.Standing != ssda903.Contested || count(r, "too-many-episodes") != 19_000 {
		t.Errorf("%d episodes, %s", len(c.Episodes), c.Standing)
	}
}
