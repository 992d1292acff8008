package document

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// office is a small Office file with one part more.
func office(t *testing.T, main, more string) []byte {
	t.Helper()
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", main, more} {
		part, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte("<?xml version=\"1.0\"?><x/>")); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestAFileIsWhatIsInIt shows these requirements.
//
// ASVS 5.0: 5.2.1, 5.2.2
func TestAFileIsWhatIsInIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content []byte
		ending  string // empty: refused
	}{
		"a PDF":              {[]byte("%PDF-1.7\n1 0 obj"), ".pdf"},
		"a PNG":              {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), ".png"},
		"a JPEG":             {[]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), ".jpg"},
		"Word":               {office(t, "word/document.xml", "word/styles.xml"), ".docx"},
		"Excel":              {office(t, "xl/workbook.xml", "xl/styles.xml"), ".xlsx"},
		"Excel with macros":  {office(t, "xl/workbook.xml", "xl/vbaProject.bin"), ""},
		"CSV":                {[]byte("what,price\nbook,3\npen,1\n"), ".csv"},
		"plain text":         {[]byte("Quotation: ten hours."), ".txt"},
		"a page":             {[]byte("<!DOCTYPE html><html><script>alert(1)</script>"), ""},
		"a picture of words": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`), ""},
		"a program":          {[]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00"), ""},
		"an archive":         {[]byte("PK\x03\x04\x14\x00\x00\x00\x00\x00"), ""},
		"text with NUL":      {[]byte("words\x00words"), ""},
		"nothing":            {nil, ""},
		"too large":          {bytes.Repeat([]byte("a"), MostBytes+1), ""},
	} {
		kind, err := Upload{"letter.pdf", c.content}.Check()
		if kind.Ending != c.ending || (c.ending == "") != fault.Of(err).Has("file") {
			t.Errorf("%s: %+v, %v", name, kind, err)
		}
	}
}

// TestANameIsTidied shows these requirements.
//
// ASVS 5.0: 5.3.2, 5.4.1, 5.4.2
func TestANameIsTidied(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"Quote 3.pdf": "Quote 3.pdf", `C:\Users\Tia\quote.exe`: "quote.pdf", "../../etc/passwd": "passwd.pdf", "a\r\nSet-Cookie: x.pdf": "a Set-Cookie x.pdf",
		`"quoted".pdf`: "quoted.pdf", "": "Document.pdf", "....": "Document.pdf", "\xff\xfe": "Document.pdf", "Ærø.PDF": "Ærø.pdf",
		strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", 116) + ".pdf",
	} {
		if got := tidyName(given, Kinds[0]); got != want {
			t.Errorf("%q is kept as %q, not %q", given, got, want)
		}
	}
}

// TestADocumentIsKeptBehindTheWallAndNeverChanged shows these requirements.
//
// ASVS 5.0: 8.2.2
func TestADocumentIsKeptBehindTheWallAndNeverChanged(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	facts := pgtest.NewFacts(t, db)
	child, other := facts.Child("Maya", "Okafor", "2016-03-04"), facts.Child("Ben", "Ash", "2015-03-04")
	head, advisor := facts.Person(access.Head, "Hal Head"), facts.Person(access.Advisor, "Ann Advisor")
	facts.Allocate(other, "advisor", advisor, "[2025-09-01,)")
	school := facts.Setting("Ash Primary")
	suspension := facts.ID(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, note, recorded_by, recorded_at)
		values ($1, $2, 'suspension', '2026-10-05', 2, '{DB}', '', $3, now()) returning id`, child, school, head.ID)
	add := func(actor access.Actor, upload Upload) (id int64, err error) {
		err = db.Change(t.Context(), actor, func(ctx context.Context, tx *postgres.Tx) error {
			id, err = AddIn(ctx, tx, child, OfSuspension, suspension, upload)
			return err
		})
		return id, err
	}
	letter := Upload{"letter.txt", []byte("Dear all")}
	id, err := add(head, letter)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := add(advisor, letter); err == nil {
		t.Error("an advisor of another child adds one")
	}
	if _, err := add(head, Upload{"x.html", []byte("<html>")}); !fault.Of(err).Has("file") {
		t.Errorf("a page: %v", err)
	}
	var list []Document
	var file File
	var batch postgres.Batch
	QueueOf(&batch, &list, child, OfSuspension, suspension)
	QueueFile(&batch, &file, child, id)
	if err := db.View(t.Context(), head, &batch); err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Name != "letter.txt" || list[0].Size() != "1 KB" || string(file.Content) != "Dear all" || file.Subject != OfSuspension {
		t.Errorf("%+v %+v", list, file)
	}
	var hidden postgres.Batch
	QueueFile(&hidden, &file, child, id)
	if err := db.View(t.Context(), advisor, &hidden); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("an advisor of another child reads it: %v", err)
	}
	for _, sql := range []string{`update document set name = 'x'`, `delete from document`} {
		if err := db.Change(t.Context(), head, func(ctx context.Context, tx *postgres.Tx) error { _, err := tx.Do(ctx, sql, nil); return err }); err == nil {
			t.Errorf("%s is done", sql)
		}
	}
	for name, of := range map[string]struct{ child, suspension int64 }{"another child's record": {other, suspension}, "a record that is not there": {child, suspension + 99}} {
		err := db.Change(t.Context(), head, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := AddIn(ctx, tx, of.child, OfSuspension, of.suspension, letter)
			return err
		})
		if postgres.Constraint(err) != "document_of_record" {
			t.Errorf("beside %s: %v", name, err)
		}
	}
	for range mostOfOne - 1 {
		if _, err := add(head, letter); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := add(head, letter); !fault.Of(err).Has("file") {
		t.Errorf("one more than is kept: %v", err)
	}
}
