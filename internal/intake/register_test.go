package intake_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres/pgtest"
)

const registerHead = "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (code),TypeOfEstablishment (code),TypeOfEstablishment (name),CloseDate,Town,TelephoneNum\n"

func TestRegister(t *testing.T) {
	t.Parallel()
	s := &intake.Service{DB: pgtest.Open(t)}
	old := file("edubasealldata20250401.csv", registerHead+
		"100001,332,Dudley,100,Acorn School,1,1,Community school,,Dudley,1384000000\n"+
		"100002,332,Dudley,101,Beech School,1,1,Community school,,Dudley,\n"+
		"nonsense,332,Dudley,102,No School,1,1,Community school,,Dudley,\n")
	if got := preview(t, s, intake.Register, old).Counts; got != (intake.Counts{New: 2, Rejected: 1}) {
		t.Fatalf("preview: %s", got)
	}
	look := pgtest.Arrange(t, s.DB)
	count := func(sql string, want int) {
		t.Helper()
		var got int
		if err := look.QueryRow(t.Context(), sql).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", sql, got, err, want)
		}
	}
	count(`select count(*) from setting`, 0)
	count(`select count(*) from import`, 0)
	apply(t, s, intake.Register, old)
	count(`select count(*) from setting where source = 'gias' and as_at = '2025-04-01'`, 2)
	count(`select count(*) from local_authority where code = '332' and name = 'Dudley'`, 1)
	count(`select count(*) from import where state = 'applied' and rejected_count = 1`, 1)
	if got := apply(t, s, intake.Register, old).Counts; got != (intake.Counts{Same: 2, Rejected: 1}) {
		t.Errorf("a second time: %s", got)
	}
	count(`select sum(version) from setting`, 2)

	// A newer file says that one is to close, leaves the other out and lacks the telephone.
	newer := file("edubasealldata20260401.csv", strings.Replace(registerHead, ",TelephoneNum", "", 1)+
		"100001,332,Dudley,100,Acorn School,3,1,Community school,31-08-2026,Dudley\n")
	result := apply(t, s, intake.Register, newer)
	if result.Counts != (intake.Counts{Changed: 1}) {
		t.Errorf("a newer file: %s", result.Counts)
	}
	count(`select count(*) from setting where urn = 100001 and status = 'closing' and closed_on = '2026-08-31' and telephone = '01384000000'`, 1)
	count(`select count(*) from setting`, 2)
	count(`select count(*) from import_item where action = 'changed' and changes @> '[{"what": "Status", "before": "open", "after": "closing"}]'`, 1)

	// The older file afterwards changes nothing, and says so.
	result = apply(t, s, intake.Register, old)
	if result.Counts != (intake.Counts{Same: 2, Rejected: 1}) || len(result.Notices) != 1 || !strings.Contains(result.Notices[0], "newer file") {
		t.Errorf("an older file: %s %q", result.Counts, result.Notices)
	}
	count(`select count(*) from setting where status = 'closing'`, 1)
}

func TestRegisterTakesOverASettingEnteredByHand(t *testing.T) {
	t.Parallel()
	s := &intake.Service{DB: pgtest.Open(t)}
	look := pgtest.Arrange(t, s.DB)
	if _, err := look.Exec(t.Context(), `insert into setting (urn, name, source) values (100001, 'Acorn', 'local')`); err != nil {
		t.Fatal(err)
	}
	if got := apply(t, s, intake.Register, file("x.csv", registerHead+"100001,332,Dudley,100,Acorn School,1,1,Community school,,Dudley,\n")).Counts; got != (intake.Counts{Changed: 1}) {
		t.Errorf("%s", got)
	}
	var name string
	if err := look.QueryRow(t.Context(), `select name from setting where source = 'gias'`).Scan(&name); err != nil || name != "Acorn School" {
		t.Errorf("%q %v", name, err)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	s := &intake.Service{DB: pgtest.Open(t)}
	links := file("links_edubasealldata20250422.csv", "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n"+
		"100001,100002,Beech School,Successor,01-09-2024\n100002,100001,Acorn School,Predecessor,01-09-2024\n100003,100003,Itself,Successor,\n")
	if got := apply(t, s, intake.Register, links).Counts; got != (intake.Counts{New: 2, Rejected: 1}) {
		t.Errorf("%s", got)
	}
	if got := apply(t, s, intake.Register, links).Counts; got != (intake.Counts{Same: 2, Rejected: 1}) {
		t.Errorf("a second time: %s", got)
	}
}

func TestAFileInTheWrongPlace(t *testing.T) {
	t.Parallel()
	s := &intake.Service{DB: pgtest.Open(t)}
	for _, tt := range []struct {
		kind  intake.Kind
		text  string
		words string
	}{
		{intake.Register, "CHILD,SEX,DOB,ETHNIC,UPN\n", "Header table of the children looked after return"},
		{intake.Return, registerHead, "register of schools"},
		{intake.Return, "la_child_id,forename\n", "roll file"},
		{intake.RollFile, "CHILD,DOB,REVIEW,REVIEW_CODE\n", "Reviews table"},
		{intake.RollFile, "a,b\n", "not a roll file"},
		{intake.Register, "a,b\n", "not the register"},
		{intake.Return, "a,b\n", "not a file of the children looked after return"},
		{intake.Return, "", "empty"},
	} {
		_, err := s.Preview(t.Context(), access.System, tt.kind, []intake.Upload{file("x.csv", tt.text)})
		var refused *table.FileError
		if !errors.As(err, &refused) || !strings.Contains(refused.Text, tt.words) {
			t.Errorf("%s %q: %v", tt.kind, tt.text, err)
		}
	}
}

func TestTheWestMidlands(t *testing.T) {
	t.Parallel()
	schools, links := samples+"/derived/edubase_shaped_west_midlands_2017.csv", samples+"/gias/links_edubasealldata20250422.csv.gz"
	if !present(schools, links) {
		return
	}
	s := &intake.Service{DB: pgtest.Open(t)}
	preview(t, s, intake.Register, files(t, schools)...)
	if got := apply(t, s, intake.Register, files(t, schools)...).Counts; got != (intake.Counts{New: 2048}) {
		t.Errorf("schools: %s", got)
	}
	if got := apply(t, s, intake.Register, files(t, schools)...).Counts; got != (intake.Counts{Same: 2048}) {
		t.Errorf("schools again: %s", got)
	}
	if got := apply(t, s, intake.Register, files(t, links)...).Counts; got != (intake.Counts{New: 33801}) {
		t.Errorf("links: %s", got)
	}
	if got := apply(t, s, intake.Register, files(t, links)...).Counts; got != (intake.Counts{Same: 33801}) {
		t.Errorf("links again: %s", got)
	}
	var dudley, strange int
	if err := pgtest.Arrange(t, s.DB).QueryRow(t.Context(), `select count(*) filter (where authority_code = '332'), count(*) filter (where name like '%�%') from setting`).Scan(&dudley, &strange); err != nil || dudley != 127 || strange != 0 {
		t.Errorf("Dudley %d, broken names %d, %v", dudley, strange, err)
	}
}

// TestTheWholeCountry makes up a register of the size of the real one. It runs alone, to see what
// memory it takes.
func TestTheWholeCountry(t *testing.T) {
	const rows, more = 50_000, 129
	path := filepath.Join(t.TempDir(), "edubasealldata20260401.csv")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	text := bufio.NewWriter(out)
	text.WriteString(strings.TrimSuffix(registerHead, "\n"))
	for i := range more {
		fmt.Fprintf(text, ",Column %d", i)
	}
	filler := strings.Repeat(",Not applicable", more)
	text.WriteByte('\n')
	for i := range rows {
		fmt.Fprintf(text, "%d,%03d,Authority %d,%04d,Made-up School %d,%d,%d,Community school,,Town %d,138%07d%s\n", 100_000+i, 200+i%150, i%150, i%10_000, i, 1+i%4, 1+i%12, i%900, i, filler)
	}
	if err := text.Flush(); err != nil {
		t.Fatal(err)
	}
	about, err := out.Stat()
	if err != nil {
		t.Fatal(err)
	}
	s := &intake.Service{DB: pgtest.Open(t)}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if got := preview(t, s, intake.Register, intake.Upload{Name: filepath.Base(path), Content: out, Size: about.Size()}).Counts; got != (intake.Counts{New: rows}) {
		t.Errorf("%s", got)
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d MB of register; memory from the system went from %d to %d MB", about.Size()>>20, before.Sys>>20, after.Sys>>20)
	if after.Sys > 200<<20 {
		t.Errorf("it took %d MB", after.Sys>>20)
	}
}
