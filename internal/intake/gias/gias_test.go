package gias_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"virtualschool/internal/intake/gias"
	"virtualschool/internal/intake/table"
)

// samples is where public extracts of the register are kept beside the repository.
const samples = "../../../../shared/data"

func open(tb testing.TB, name string, content []byte) *table.File {
	tb.Helper()
	up, err := table.Open(name, bytes.NewReader(content), int64(len(content)), table.National)
	if err != nil {
		tb.Fatal(err)
	}
	return up.Files[0]
}

type read struct {
	settings []gias.Setting
	links    []gias.Link
	problems []table.Problem
	sum      gias.Summary
	err      error
}

func (r read) rules() string {
	var all []string
	for _, p := range r.problems {
		all = append(all, fmt.Sprintf("%d %s %s %s", p.Line, p.Column, p.Rule, p.Severity))
	}
	return strings.Join(all, "; ")
}

func settings(tb testing.TB, name string, content []byte) (r read) {
	tb.Helper()
	r.sum, r.err = gias.ReadSettings(open(tb, name, content),
		func(s gias.Setting) error { r.settings = append(r.settings, s); return nil },
		func(p table.Problem) { r.problems = append(r.problems, p) })
	return r
}

func links(tb testing.TB, name string, content []byte) (r read) {
	tb.Helper()
	r.sum, r.err = gias.ReadLinks(open(tb, name, content),
		func(l gias.Link) error { r.links = append(r.links, l); return nil },
		func(p table.Problem) { r.problems = append(r.problems, p) })
	return r
}

const head = "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),TypeOfEstablishment (name)," +
	"EstablishmentStatus (code),EstablishmentStatus (name),OpenDate,CloseDate,PhaseOfEducation (code),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge," +
	"NurseryProvision (name),OfficialSixthForm (name),UKPRN,Town,Postcode,TelephoneNum,HeadTitle (name),HeadFirstName,HeadLastName,SEN1 (name),SEN2 (name),Easting,Something new\r\n"

func TestSettings(t *testing.T) {
	t.Parallel()
	text := head +
		"100001,332,Dudley,0100,\"St Chad’s “New” Café School\",02,Voluntary aided school,1,Open,01-09-1950,,02,Primary,3,11,Has Nursery Classes,Not applicable,10012345,Dudley,dy1 1aa,1384000000,Ms,Ana,Łuc,SpLD,Not Applicable,393000,x\r\n" +
		"100002,0,Does not apply,,Overseas,37,British schools overseas,3,\"Open, but proposed to close\",01-01-1900,31-12-2026,0,Not applicable,,,,Has a sixth form,,,,971047069000,,,,,,0,x\r\n"
	encoded, err := charmap.Windows1252.NewEncoder().String(strings.ReplaceAll(text, "Ł", "L"))
	if err != nil {
		t.Fatal(err)
	}
	r := settings(t, "edubasealldata20250422.csv", []byte(encoded))
	if r.err != nil || len(r.problems) > 0 || len(r.settings) != 2 {
		t.Fatalf("%v, %d settings, problems %s", r.err, len(r.settings), r.rules())
	}
	s := r.settings[0]
	if s.URN != 100001 || s.Name != "St Chad’s “New” Café School" || s.AuthorityCode != "332" || s.EstablishmentNumber != "0100" || s.TypeCode != 2 ||
		s.Status != gias.Open || s.Opened.String() != "1950-09-01" || s.PhaseCode != 2 || *s.LowAge != 3 || *s.HighAge != 11 || !*s.Nursery || s.SixthForm != nil ||
		s.UKPRN != "10012345" || s.Postcode != "DY1 1AA" || s.Telephone != "01384000000" || s.HeadName != "Ms Ana Luc" || len(s.SEN) != 1 || *s.Easting != 393000 || s.Line != 2 {
		t.Errorf("%+v", s)
	}
	s = r.settings[1]
	if s.AuthorityCode != "000" || s.Status != gias.Closing || !s.Opened.IsZero() || s.Closed.String() != "2026-12-31" || s.LowAge != nil || s.Nursery != nil ||
		!*s.SixthForm || s.Telephone != "971047069000" || s.Easting != nil {
		t.Errorf("%+v", s)
	}
	if r.sum.AsAt.String() != "2025-04-22" || r.sum.Rows != 2 || r.sum.Given != 2 || r.sum.Rejected != 0 {
		t.Errorf("summary %+v", r.sum)
	}
}

func TestSettingProblems(t *testing.T) {
	t.Parallel()
	row := func(urn, name, status, opened, low, ukprn string) string {
		return urn + ",332,Dudley,100," + name + ",1,Community school," + status + ",," + opened + ",,2,Primary," + low + ",11,,," + ukprn + ",,,,,,,,,,\n"
	}
	r := settings(t, "x.csv", []byte(strings.ReplaceAll(head, "\r", "")+
		row("100001", "Good", "1", "", "3", "")+ // 2
		row("100001", "Again", "1", "", "3", "")+ // 3
		row("SC012345", "Home", "1", "", "3", "")+ // 4
		row("100004", "", "1", "", "3", "")+ // 5
		row("100005", "Status", "9", "", "3", "")+ // 6
		row("100006", "No status", "", "", "3", "")+ // 7
		"100007,332\n"+ // 8
		row("100008", "Dates", "1", "31-09-2020", "3", "")+ // 9
		row("100009", "Ages", "1", "", "three", "")+ // 10
		row("100010", "UKPRN", "1", "", "3", "5")+ // 11
		row("100011", "#REF!", "1", "", "3", ""))) // 12
	want := "3 URN urn-twice error; 4 URN bad-urn error; 5 EstablishmentName no-name error; 6 EstablishmentStatus (code) bad-status error; " +
		"7 EstablishmentStatus (name) bad-status error; 8  ragged error; 9 OpenDate bad-date warning; 10 StatutoryLowAge bad-number warning; 11 UKPRN bad-ukprn warning; " +
		"12 EstablishmentName broken-cell warning; 12 EstablishmentName no-name error"
	if got := r.rules(); got != want {
		t.Errorf("problems\n%s\nwant\n%s", got, want)
	}
	if r.err != nil || len(r.settings) != 4 || r.sum.Rejected != 7 || r.settings[0].EstablishmentNumber != "0100" {
		t.Errorf("%v, %d settings, %+v", r.err, len(r.settings), r.sum)
	}
}

func TestFilesRefused(t *testing.T) {
	t.Parallel()
	const linkHead = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n"
	short := strings.Replace(head, "EstablishmentName", "Name", 1)
	twice := strings.Replace(head, "Something new", "Town", 1)
	ragged := head + "100001,332\n100002,332\n"
	for name, c := range map[string]struct{ content, rule, words string }{
		"links in the register's place": {linkHead, "not-register", "links between schools"},
		"a 903 file":                    {"CHILD,DOB\n", "not-register", "something else"},
		"a column is missing":           {short, "not-register", "EstablishmentName"},
		"a column twice":                {twice, "column-twice", "Town"},
		"every row ragged":              {ragged, "all-ragged", "28 cells"},
	} {
		r := settings(t, "x.csv", []byte(c.content))
		var refused *table.FileError
		if !errors.As(r.err, &refused) || refused.Rule != c.rule || !strings.Contains(refused.Text, c.words) {
			t.Errorf("%s: %v", name, r.err)
		}
	}
	var refused *table.FileError
	if r := links(t, "x.csv", []byte(head)); !errors.As(r.err, &refused) || refused.Rule != "not-links" {
		t.Errorf("register in the links' place: %v", r.err)
	}
	if r := settings(t, "x.csv", []byte(head)); r.err != nil || r.sum.Rows != 0 {
		t.Errorf("header only: %v", r.err)
	}
	stop := errors.New("stop")
	_, err := gias.ReadLinks(open(t, "x.csv", []byte(linkHead+"100001,100002,A,Successor,\n")), func(gias.Link) error { return stop }, func(table.Problem) {})
	if !errors.Is(err, stop) {
		t.Errorf("yield's error is lost: %v", err)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	r := links(t, "links.csv", []byte("\"URN\",\"LinkURN\",\"LinkName\",\"LinkType\",\"LinkEstablishedDate\"\r\n"+
		"100001,100002,\"B\",\"Successor\",\"01-09-2020\"\r\n100001,100003,\"C\",\"Successor\",\"\"\r\n"+
		"100001,100002,\"B\",\"Successor\",\"01-09-2020\"\r\n100001,100001,A,Other,\r\n100001,12,A,Other,\r\n100004,100005,A,,\r\n100004,100005,A,Other,2020\r\n"))
	want := "4 LinkURN link-twice warning; 5 LinkURN links-itself error; 6 LinkURN bad-urn error; 7 LinkType no-type error; 8 LinkEstablishedDate bad-date warning"
	if r.err != nil || r.rules() != want {
		t.Fatalf("%v %s", r.err, r.rules())
	}
	if len(r.links) != 3 || r.links[0].LinkURN != 100002 || r.links[0].Established.String() != "2020-09-01" || !r.links[1].Established.IsZero() {
		t.Errorf("%+v", r.links)
	}
}

func sample(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(samples, path))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestSampleRegisters reads real extracts of 30, 139 and 140 columns, where they
// are present.
func TestSampleRegisters(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(samples); err != nil {
		return
	}
	for path, want := range map[string]struct{ given, dudley, problems int }{
		"gias/edubasealldata_subset_140cols.csv":            {8, 0, 0},
		"gias/edubasealldata_anonymised_2024_columns.csv":   {2, 0, 0},
		"gias/schools_in_england_2017-07_west_midlands.csv": {439, 26, 0},
		"derived/edubase_shaped_west_midlands_2017.csv":     {2048, 127, 0},
	} {
		r := settings(t, filepath.Base(path), sample(t, path))
		if r.err != nil {
			t.Errorf("%s: %v", path, r.err)
			continue
		}
		dudley := 0
		for _, s := range r.settings {
			if s.AuthorityCode == "332" {
				dudley++
			}
			if strings.ContainsRune(s.Name+s.Town+s.Street, '\ufffd') || s.TypeCode == 0 || s.Name == "" {
				t.Errorf("%s line %d: %+v", path, s.Line, s)
			}
		}
		if len(r.settings) != want.given || dudley != want.dudley || len(r.problems) != want.problems {
			t.Errorf("%s: %d settings, %d of Dudley, %d problems: %.600s", path, len(r.settings), dudley, len(r.problems), r.rules())
		}
	}
	r := links(t, "links_edubasealldata20250422.csv.gz", sample(t, "gias/links_edubasealldata20250422.csv.gz"))
	if r.err != nil || len(r.links) != 33_801 || len(r.problems) != 0 || r.sum.AsAt.String() != "2025-04-22" {
		t.Errorf("links: %v, %d, %+v %.300s", r.err, len(r.links), r.sum, r.rules())
	}
}

// country makes a register of the given number of rows in 140 columns.
func country(rows int) []byte {
	var b bytes.Buffer
	base := strings.Count(head, ",") + 1
	b.WriteString(strings.TrimSuffix(head, "Something new\r\n"))
	for i := base; i <= 140; i++ {
		fmt.Fprintf(&b, "\"More %d\"%s", i, map[bool]string{true: "\r\n", false: ","}[i == 140])
	}
	for n := range rows {
		fmt.Fprintf(&b, "%d,\"332\",\"Dudley\",\"0100\",\"Caf\xe9 School %d\",\"02\",\"Voluntary aided school\",\"1\",\"Open\",\"01-09-1950\",\"\",\"2\",\"Primary\",3,11,\"Has Nursery Classes\",\"Not applicable\",\"10012345\",\"Dudley\",\"DY1 1AA\",\"1384000000\",\"Ms\",\"Ana\",\"Luc\",\"SpLD\",\"\",\"393000\"", 100_001+n, n)
		b.WriteString(strings.Repeat(",\"Not applicable\"", 140-base+1))
		b.WriteString("\r\n")
	}
	return b.Bytes()
}

func BenchmarkCountry(b *testing.B) {
	content := country(50_000)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		sum, err := gias.ReadSettings(open(b, "x.csv", content), func(gias.Setting) error { n++; return nil }, func(p table.Problem) { b.Fatal(p) })
		if err != nil || n != 50_000 || sum.Rejected != 0 {
			b.Fatal(n, err)
		}
	}
}

// TestCountryInLittleMemory: what is alive while the whole country passes through
// does not grow with the number of rows.
func TestCountryInLittleMemory(t *testing.T) {
	content := country(10_000)
	file := open(t, "x.csv", content)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	_, err := gias.ReadSettings(file, func(gias.Setting) error {
		if n++; n == 9_999 {
			runtime.GC()
			runtime.ReadMemStats(&now)
		}
		return nil
	}, func(table.Problem) {})
	if err != nil || n != 10_000 {
		t.Fatal(n, err)
	}
	if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("%d bytes are held after 9,999 rows", grown)
	}
}
