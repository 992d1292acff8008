package intake

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/intake/gias"
	"virtualschool/internal/intake/rollfile"
	"virtualschool/internal/intake/ssda903"
	"virtualschool/internal/intake/table"
)

// Upload is one file as it was sent: a table, an XML document, or a zip of them.
type Upload struct {
	Name    string
	Content io.ReaderAt
	Size    int64 // bytes
}

// MostFiles is how many files one import may have; a return has eleven tables.
const MostFiles = 20

// hash is the SHA-256 of the whole content, and how many lines there seem to be.
func (u Upload) hash() (sum []byte, lines int, err error) {
	digest := sha256.New()
	buffer := make([]byte, 256<<10)
	content := io.NewSectionReader(u.Content, 0, u.Size)
	for {
		n, err := content.Read(buffer)
		digest.Write(buffer[:n])
		for _, b := range buffer[:n] {
			if b == '\n' {
				lines++
			}
		}
		if errors.Is(err, io.EOF) {
			return digest.Sum(nil), lines, nil
		}
		if err != nil {
			return nil, 0, fmt.Errorf("read upload: %w", err)
		}
	}
}

// open looks into the uploads and finds the tables in them. The problems are of files that were
// passed over. The error is a *table.FileError when one of the uploads cannot be used.
func open(kind Kind, uploads []Upload) (files []*table.File, problems []table.Problem, err error) {
	limits := table.Ordinary
	switch {
	case kind == Register:
		limits = table.National
	case kind.OfMarks():
		limits = table.Registers
	}
	for _, upload := range uploads {
		up, err := table.Open(upload.Name, upload.Content, upload.Size, limits)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, up.Files...)
		problems = append(problems, up.Problems...)
	}
	return files, problems, nil
}

// What one table turns out to be, by its header.
type looks struct {
	kind Kind   // empty: nothing we know
	what string // "the Reviews table of the children looked after return (SSDA903)"
}

func recognise(file *table.File) (looks, error) {
	if file.Kind == table.XML {
		return looks{Return, "an XML document, as the children looked after return (SSDA903) may be"}, nil
	}
	rows, err := file.Rows(func(table.Problem) {})
	if err != nil {
		return looks{}, err
	}
	defer rows.Close()
	if kind, known := gias.Recognise(rows.Header); known {
		return looks{Register, "the " + string(kind)}, nil
	}
	if kind, known := ssda903.Recognise(rows.Header); known {
		return looks{Return, fmt.Sprintf("the %s table of the children looked after return (SSDA903)", kind)}, nil
	}
	if rollfile.Recognise(rows.Header) {
		return looks{RollFile, "a roll file of names, schools and people"}, nil
	}
	if pupils, sessions := censusTable(rows.Header); pupils || sessions {
		return looks{Census, "a table of the school census"}, nil
	}
	if sheet.Looks(rows.Header) {
		return looks{Marks, "a table of attendance marks"}, nil
	}
	return looks{}, nil
}

// fits refuses files that belong in another place. A table that is nothing we know is left to the
// reader of the kind, which says what it lacks.
func fits(kind Kind, files []*table.File) error {
	for _, file := range files {
		found, err := recognise(file)
		if err != nil {
			return err
		}
		if found.kind != "" && found.kind != kind && !(found.kind.OfMarks() && kind.OfMarks()) {
			return &table.FileError{File: file.Name, Rule: "wrong-place", Text: fmt.Sprintf(
				"This looks like %s. Send it under “%s”.", found.what, found.kind.Name())}
		}
	}
	return nil
}

// fileNames lists the names of uploads for a sentence.
func fileNames(uploads []Upload) string {
	names := make([]string, len(uploads))
	for i, upload := range uploads {
		names[i] = upload.Name
	}
	return strings.Join(names, ", ")
}
