package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// read opens one file and gives its header, rows as "line:a|b" and problems.
func read(t *testing.T, name string, content []byte, limits Limits) (Header, []string, []Problem, error) {
	t.Helper()
	up, err := Open(name, bytes.NewReader(content), int64(len(content)), limits)
	if err != nil {
		return Header{}, nil, nil, err
	}
	var problems []Problem
	rows, err := up.Files[0].Rows(func(p Problem) { problems = append(problems, p) })
	if err != nil {
		return Header{}, nil, problems, err
	}
	defer rows.Close()
	var got []string
	for row := range rows.All() {
		got = append(got, fmt.Sprintf("%d:%s", row.Line, strings.Join(row.Cells, "|")))
	}
	return rows.Header, got, problems, rows.Err()
}

func utf16LE(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func latin(t *testing.T, s string) []byte {
	t.Helper()
	b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRows(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		content string
		rows    []string
		rules   []string // "line rule"
	}{
		{"plain", "a,b\n1,2\n3,4\n", []string{"2:1|2", "3:3|4"}, nil},
		{"no newline at the end", "a,b\n1,2", []string{"2:1|2"}, nil},
		{"windows line ends", "a,b\r\n1,2\r\n", []string{"2:1|2"}, nil},
		{"old mac line ends", "a,b\r1,2\r3,4\r", []string{"2:1|2", "3:3|4"}, nil},
		{"byte order mark", "\ufeffa,b\n1,2\n", []string{"2:1|2"}, nil},
		{"semicolons", "a;b\n1,5;2\n", []string{"2:1,5|2"}, nil},
		{"tabs", "a\tb\n1,5\t2\n", []string{"2:1,5|2"}, nil},
		{"separator line", "sep=;\r\na;b\r\n1;2\r\n", []string{"3:1|2"}, nil},
		{"separators inside quotes do not count", "\"x;y;z;w\",b\n1,2\n", []string{"2:1|2"}, nil},
		{"quoted cells", "a,b\n\"1,\"\"2\"\"\",\"\"\n", []string{"2:1,\"2\"|"}, nil},
		{"newline in quotes", "a,b\n\"one\r\ntwo\",2\n3,4\n", []string{"2:one\ntwo|2", "4:3|4"}, nil},
		{"space after quotes", "a,b\n\"1\" ,\"2\" \n", []string{"2:1|2"}, nil},
		{"quote not doubled", "a,b\n\"say \"hi\" now\",2\n", []string{`2:say "hi" now|2`}, []string{"2 loose-quote"}},
		{"quote inside plain cell", "a,b\n5\" pipe,2\n", []string{`2:5" pipe|2`}, nil},
		{"header only", "a,b\n", nil, nil},
		{"trailing blank lines", "a,b\n1,2\n\n \n,\n", []string{"2:1|2"}, nil},
		{"blank line keeps count", "a,b\n\n1,2\n", []string{"3:1|2"}, nil},
		{"blank lines before the header", "\n\na,b\n1,2\n", []string{"4:1|2"}, nil},
		{"ragged rows", "a,b,c\n1,2\n1,2,3\n1,2,3,4\n", []string{"3:1|2|3"}, []string{"2 ragged", "4 ragged"}},
		{"all NA", "a,b\nNA,NA\n1,NA\n", []string{"3:1|NA"}, []string{"2 empty-row"}},
		{"one bad byte in UTF-8", "a,b\nZoë,Siân\nRen\xe9e,2\n", []string{"2:Zoë|Siân", "3:Renée|2"}, []string{"3 damaged-letters"}},
		{"Windows-1252", "a,b\nRen\xe9e,\x93St Mary\x92s\x94\n", []string{"2:Renée|“St Mary’s”"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, rows, problems, err := read(t, "x.csv", []byte(c.content), Ordinary)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(rows) != fmt.Sprint(c.rows) {
				t.Errorf("rows %q, want %q", rows, c.rows)
			}
			var rules []string
			for _, p := range problems {
				rules = append(rules, fmt.Sprint(p.Line, " ", p.Rule))
				if p.File != "x.csv" || p.Text == "" || p.Severity == "" {
					t.Errorf("problem lacks file, text or severity: %+v", p)
				}
			}
			if fmt.Sprint(rules) != fmt.Sprint(c.rules) {
				t.Errorf("problems %q, want %q", rules, c.rules)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := "Näme,b\r\nŁucja “Lu”,2\r\n"
	for name, content := range map[string][]byte{
		"UTF-16 with mark":    append([]byte{0xff, 0xfe}, utf16LE(text)...),
		"UTF-16 without mark": utf16LE(text),
		"UTF-8":               []byte(text),
	} {
		header, rows, _, err := read(t, "x.csv", content, Ordinary)
		if err != nil || header.Find("NÄME") != 0 || len(rows) != 1 || rows[0] != "2:Łucja “Lu”|2" {
			t.Errorf("%s: header %q rows %q err %v", name, header.Names, rows, err)
		}
	}
	_, rows, _, err := read(t, "x.csv", latin(t, "a\n€ “x” é\n"), Ordinary)
	if err != nil || rows[0] != "2:€ “x” é" {
		t.Errorf("Windows-1252: %q %v", rows, err)
	}
}

func TestEncodingIsJudgedOnTheWholeFile(t *testing.T) {
	t.Parallel()
	// The only letter outside ASCII stands far behind the first block.
	long := "a,b\n" + strings.Repeat("x,y\n", 50_000-1) + "é,2\n"
	for _, content := range [][]byte{[]byte(long), latin(t, long)} {
		_, rows, problems, err := read(t, "x.csv", content, Ordinary)
		if err != nil || len(problems) > 0 || rows[len(rows)-1] != "50001:é|2" {
			t.Errorf("last row %q, problems %v, err %v", rows[len(rows)-1], problems, err)
		}
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	h, _, _, err := read(t, "x.csv", []byte("\ufeff LA\u00a0 (code) ,Name,NAME,,extra\n1,2,3,4,5\n"), Ordinary)
	if err != nil {
		t.Fatal(err)
	}
	if h.Find("la (CODE)") != 0 || h.Find("other", "name") != 1 || h.Find("gone") != -1 {
		t.Errorf("columns not found by name: %q", h.Names)
	}
	if !h.Twice("name") || h.Twice("extra") {
		t.Error("duplicate column not noticed")
	}
	if got := h.Missing("Name", "DOB"); len(got) != 1 || got[0] != "DOB" {
		t.Errorf("missing %q", got)
	}
	if got := h.Others([]string{"LA (code)", "name"}); len(got) != 1 || got[0] != "extra" {
		t.Errorf("others %q", got)
	}
}

func zipped(t *testing.T, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		m, err := w.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write([]byte(members[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func packed(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestZipWithJunk(t *testing.T) {
	t.Parallel()
	content := zipped(t, "__MACOSX/._a.csv", "junk", "extract/", "", "extract/a.csv", "a\n1\n", ".DS_Store", "junk",
		"extract/b.xml", "<x/>", "notes.pdf", "%PDF-1.4", "../../etc/passwd", "a\n2\n")
	up, err := Open("up.zip", bytes.NewReader(content), int64(len(content)), Ordinary)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range up.Files {
		names = append(names, f.Name)
	}
	if fmt.Sprint(names) != "[a.csv b.xml passwd]" || up.Files[1].Kind != XML {
		t.Errorf("files %q", names)
	}
	if len(up.Problems) != 1 || up.Problems[0].Rule != "pdf" || up.Problems[0].File != "notes.pdf" {
		t.Errorf("problems %+v", up.Problems)
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	_, rows, _, err := read(t, "a.csv.gz", packed(t, "a,b\n1,2\n"), Ordinary)
	if err != nil || len(rows) != 1 || rows[0] != "2:1|2" {
		t.Errorf("rows %q err %v", rows, err)
	}
}

// TestRefused shows these requirements.
//
// ASVS 5.0: 5.2.3
func TestRefused(t *testing.T) {
	t.Parallel()
	small := Limits{Bytes: 1 << 20, Rows: 3, Columns: 4, Members: 2}
	half := zipped(t, "a.csv", strings.Repeat("a,b\n", 500))
	cases := []struct {
		name    string
		content []byte
		rule    string
		line    int
	}{
		{"empty", nil, "empty", 0},
		{"only blank lines", []byte("\n \n"), "no-header", 0},
		{"xlsx", zipped(t, "[Content_Types].xml", "x", "xl/workbook.xml", "x"), "office", 0},
		{"docx", zipped(t, "word/document.xml", "x"), "office", 0},
		{"xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), "xls", 0},
		{"pdf", []byte("%PDF-1.7\n"), "pdf", 0},
		{"exe", []byte("MZ\x90\x00\x03"), "program", 0},
		{"picture", []byte("\x89PNG\r\n\x1a\n"), "picture", 0},
		{"web page", []byte("\n<!DOCTYPE html><html>"), "web-page", 0},
		{"null", []byte("a,b\n1,2\nx\x00,3\n"), "nul", 3},
		{"unclosed quote", []byte("a,b\n1,2\n\"3,4\n5,6\n"), "unclosed-quote", 3},
		{"too many rows", []byte("a\n1\n2\n3\n4\n"), "too-many-rows", 5},
		{"too many columns", []byte("a,b,c,d,e\n"), "too-many-columns", 1},
		{"long line", []byte("a,b\n" + strings.Repeat("x", longestRecord-4)), "too-big", 0},
		{"zip bomb", zipped(t, "a.csv", strings.Repeat("0", 2<<20)), "too-big", 0},
		{"gzip bomb", packed(t, strings.Repeat("0", 2<<20)), "too-big", 0},
		{"many members", zipped(t, "a", "1", "b", "1", "c", "1"), "zip-members", 0},
		{"zip of nothing", zipped(t, "__MACOSX/a.csv", "1"), "zip-empty", 0},
		{"zip in zip", zipped(t, "a.zip", string(zipped(t, "b.csv", "a\n"))), "archive", 0},
		{"cut zip", half[:len(half)-30], "zip", 0},
		{"cut gzip", packed(t, strings.Repeat("a,b\n", 500))[:20], "damaged", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			limits := small
			if c.name == "long line" {
				limits.Bytes = 1 << 10
			}
			_, _, _, err := read(t, `C:\Users\someone\x.csv`, c.content, limits)
			var refused *FileError
			if !errors.As(err, &refused) {
				t.Fatalf("error %v is not a FileError", err)
			}
			if refused.Rule != c.rule || refused.Line != c.line {
				t.Errorf("rule %q line %d, want %q line %d", refused.Rule, refused.Line, c.rule, c.line)
			}
			if !strings.HasSuffix(refused.Text, ".") || strings.Contains(refused.Error(), `C:\`) {
				t.Errorf("text %q", refused.Error())
			}
		})
	}
}

func TestVeryLongLine(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"a,b\n" + strings.Repeat("x", longestRecord+1), "a,b\n\"" + strings.Repeat("x\n", longestRecord)} {
		_, _, _, err := read(t, "x.csv", []byte(content), Ordinary)
		var refused *FileError
		if !errors.As(err, &refused) || refused.Line != 2 {
			t.Errorf("error %v", err)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	if got := Short(strings.Repeat("é", 50) + "\n"); got != strings.Repeat("é", 40)+"…" {
		t.Errorf("got %q", got)
	}
	if got := Short("a\r\nb\x00"); got != "a  b " {
		t.Errorf("got %q", got)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "a": "a", " a ": "a", "a  b": "a b", "\u00a0a\u00a0\tb": "a b", "'=1+1": "=1+1", "'0123": "0123",
		"'t Hooft": "'t Hooft", "O'Neil": "O'Neil", "a\nb": "a b", "\ufeffa": "a", "'": "'", "é ": "é",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"31/12/2024": "2024-12-31", "1/2/2024": "2024-02-01", "31-12-2024": "2024-12-31", "2024-12-31": "2024-12-31",
		"2024-12-31T00:00:00": "2024-12-31", "31/12/2024 00:00": "2024-12-31", "2024-Dec-31 10:20:30": "2024-12-31",
		"29/02/2024": "2024-02-29", "45657": "2024-12-31", "31.12.2024": "2024-12-31", "": "",
	} {
		if got, err := ParseDate(in); err != nil || got.String() != want {
			t.Errorf("ParseDate(%q) = %s, %v, want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		"31/09/2024": "does not exist", "29/02/2023": "does not exist", "12/31/2024": "month before the day", "31/12/24": "two digits",
		"tomorrow": "written like", "5": "is a number", "00/01/2024": "does not exist", "1/1/0024": "cannot be right", "31/12/2024 x": "written like",
		"1//2024": "written like", "-1/2/2024": "written like", "10/10/10/2024": "written like", "1/13/13": "two digits", "32/32/2024": "does not exist",
	} {
		if got, err := ParseDate(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseDate(%q) = %s, %v, want error with %q", in, got, err, want)
		}
	}
}
