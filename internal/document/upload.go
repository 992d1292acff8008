package document

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"virtualschool/internal/fault"
)

// The largest document, and the longest name kept of one.
const (
	MostBytes = 10 << 20
	mostName  = 120
)

// Kind is a kind of file that is kept.
type Kind struct{ MediaType, Ending, Name string }

// Kinds are those that are taken.
var Kinds = []Kind{
	{"application/pdf", ".pdf", "PDF"},
	{"image/png", ".png", "PNG"},
	{"image/jpeg", ".jpg", "JPEG"},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", "Word"},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "Excel"},
	{"text/csv", ".csv", "CSV"},
	{"text/plain", ".txt", "plain text"},
}

// Accept is the endings of Kinds, for a file field.
const Accept = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.csv,.txt"

// Upload is a file as somebody sent it.
type Upload struct {
	Name    string // as the computer it came from called it
	Content []byte
}

// Check tells a file's kind by its content. Invalid, about the field "file": it is empty, too large, or
// of no kind that is kept.
func (u Upload) Check() (Kind, error) {
	switch {
	case len(u.Content) == 0:
		return Kind{}, fault.Invalid("file", "The file is empty. Choose another.")
	case len(u.Content) > MostBytes:
		return Kind{}, fault.Invalid("file", fmt.Sprintf("The file must be %d MB or smaller", MostBytes>>20))
	}
	found := mimetype.Detect(u.Content)
	for _, kind := range Kinds {
		if !found.Is(kind.MediaType) {
			continue
		}
		if strings.HasPrefix(kind.MediaType, "text/") && bytes.IndexByte(u.Content, 0) >= 0 ||
			strings.Contains(kind.MediaType, "openxmlformats") && checkArchive(u.Content) != nil {
			break
		}
		return kind, nil
	}
	return Kind{}, fault.Invalid("file", "The file must be a PDF, a PNG or JPEG picture, a Word or Excel file without macros, a CSV file or plain text")
}

// tidyName is a name that is safe in a header, on a screen and on anybody's disk, with the ending of what
// the file is.
func tidyName(name string, kind Kind) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_', r == '.', r == '(', r == ')':
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if runes := []rune(name); len(runes) > mostName-len(kind.Ending) {
		name = string(runes[:mostName-len(kind.Ending)])
	}
	if name == "" {
		name = "Document"
	}
	return name + kind.Ending
}
