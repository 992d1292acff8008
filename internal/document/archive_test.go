package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"strings"
	"testing"

	"virtualschool/internal/fault"
)

// part is one part of an archive.
type part struct {
	name    string
	content string
	mode    fs.FileMode
}

// excel is an Excel file with parts more.
func excel(t *testing.T, parts ...part) []byte {
	t.Helper()
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	parts = append([]part{{name: "[Content_Types].xml", content: "<x/>"}, {name: "_rels/.rels", content: "<x/>"}, {name: "xl/workbook.xml", content: "<x/>"}}, parts...)
	for _, one := range parts {
		head := &zip.FileHeader{Name: one.name, Method: zip.Deflate}
		if one.mode != 0 {
			head.SetMode(one.mode)
		}
		into, err := archive.CreateHeader(head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := into.Write([]byte(one.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestAnArchiveThatIsNotWhatItSeems shows these requirements.
//
// ASVS 5.0: 5.2.3, 5.2.5
func TestAnArchiveThatIsNotWhatItSeems(t *testing.T) {
	t.Parallel()
	inner := string(excel(t))
	lying := excel(t, part{name: "xl/media.xml", content: strings.Repeat("0", mostUnpacked+1)})
	if at := bytes.LastIndex(lying, []byte("xl/media.xml")); at > 0 {
		binary.LittleEndian.PutUint32(lying[at-46+24:], 10) // the list says it unpacks to ten bytes
	}
	secret := excel(t, part{name: "xl/secret.xml", content: "x"})
	if at := bytes.LastIndex(secret, []byte("xl/secret.xml")); at > 0 {
		secret[at-46+8] |= 1
	}
	many := make([]part, mostParts)
	for n := range many {
		many[n] = part{name: "xl/p" + strings.Repeat("x", n%7) + string(rune('a'+n%26)) + ".xml"}
	}
	for name, content := range map[string][]byte{
		"a program":              excel(t, part{name: "xl/vbaProject.bin", content: "x"}),
		"a program, in capitals": excel(t, part{name: "XL/VBAPROJECT.BIN", content: "x"}),
		"a link":                 excel(t, part{name: "xl/link", content: "/etc/passwd", mode: fs.ModeSymlink | 0o777}),
		"a way out":              excel(t, part{name: "../../etc/passwd", content: "x"}),
		"a way out for Windows":  excel(t, part{name: `..\..\windows`, content: "x"}),
		"a place of its own":     excel(t, part{name: "/etc/passwd", content: "x"}),
		"a disk of its own":      excel(t, part{name: "C:evil", content: "x"}),
		"an archive":             excel(t, part{name: "xl/embeddings/inner.zip", content: "x"}),
		"another Excel file":     excel(t, part{name: "xl/embeddings/sheet.xlsx", content: inner}),
		"an archive, unnamed":    excel(t, part{name: "xl/embeddings/ole.bin", content: inner}),
		"a bomb":                 excel(t, part{name: "xl/sheet.xml", content: strings.Repeat("0", mostUnpacked+1)}),
		"a bomb that lies":       lying,
		"a secret part":          secret,
		"very many parts":        excel(t, many...),
		"half of one":            excel(t)[:200],
	} {
		if err := checkArchive(content); err == nil {
			t.Errorf("%s is taken", name)
		}
		if _, err := (Upload{"x.xlsx", content}).Check(); len(content) <= MostBytes && !fault.Of(err).Has("file") {
			t.Errorf("%s is kept: %v", name, err)
		}
	}
	for name, content := range map[string][]byte{"plain": excel(t), "with a picture": excel(t, part{name: "xl/media/image1.png", content: "\x89PNG"}), "with nothing in it": excel(t, part{name: "xl/empty.xml"})} {
		if err := checkArchive(content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
