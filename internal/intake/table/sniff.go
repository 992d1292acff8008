package table

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Kind is what a file holds, judged by its content.
type Kind int

const (
	Delimited Kind = iota // rows of cells
	XML                   // a document in angle brackets
)

// Encoding is how the letters of a file are stored.
type Encoding string

const (
	UTF8        Encoding = "UTF-8"
	UTF16LE     Encoding = "UTF-16 (little-endian)"
	UTF16BE     Encoding = "UTF-16 (big-endian)"
	Windows1252 Encoding = "Windows-1252"
)

const headLength = 4096

// look reads the file once, up to most bytes, and settles kind, encoding and
// line ending. It returns how many bytes the file holds when unpacked.
func (f *File) look(most int64) (int64, error) {
	rc, err := f.raw()
	if err != nil {
		return 0, err
	}
	defer rc.Close()
	counted := &counter{r: rc, most: most}
	in := bufio.NewReaderSize(counted, 64<<10)
	head, err := in.Peek(headLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return counted.n, f.readError(err)
	}
	if len(head) == 0 {
		return 0, &FileError{f.Name, 0, "empty", "The file is empty."}
	}
	if rule, advice := foreign(head); advice != "" {
		return counted.n, &FileError{f.Name, 0, rule, advice}
	}
	f.Encoding = sixteenBits(head)
	text := in
	if f.Encoding != "" {
		text = bufio.NewReaderSize(fromUTF16(in, f.Encoding), 64<<10)
	}
	err = f.lookAtText(text)
	return counted.n, err
}

func (f *File) lookAtText(in *bufio.Reader) error {
	var good, bad int // characters of several bytes, and bytes that are no character
	var lines, returns int
	var carry []byte // the start of a character cut by the end of a block
	block := make([]byte, 64<<10)
	start, _ := in.Peek(headLength)
	start = bytes.TrimLeft(bytes.TrimPrefix(start, []byte(bom)), " \t\r\n")
	if web(start) {
		return &FileError{f.Name, 0, "web-page", "This is a web page, not a data file: often the sign-in page of the site it was downloaded from. Sign in there and download the file again."}
	}
	if bytes.HasPrefix(start, []byte("<")) {
		f.Kind = XML
	}
	for {
		n, err := in.Read(block[len(carry):])
		copy(block, carry)
		b := block[:len(carry)+n]
		if i := bytes.IndexByte(b[len(carry):], 0); i >= 0 {
			line := lines + 1 + bytes.Count(b[len(carry):len(carry)+i], []byte("\n"))
			return &FileError{f.Name, line, "nul", fmt.Sprintf("The file is not text: a null character stands on line %d. Save it again as CSV UTF-8.", line)}
		}
		lines += bytes.Count(b[len(carry):], []byte("\n"))
		returns += bytes.Count(b[len(carry):], []byte("\r"))
		done := err != nil
		g, w, rest := utf8Count(b, done)
		good, bad = good+g, bad+w
		carry = append([]byte(nil), rest...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f.readError(err)
		}
	}
	f.newline = '\n'
	if lines == 0 && returns > 0 {
		f.newline = '\r' // the way of old Macs
	}
	if f.Encoding != "" {
		return nil
	}
	// A file in Windows-1252 has almost no runs of bytes that happen to be
	// UTF-8; a UTF-8 file with a damaged byte or two has mostly good ones.
	f.Encoding = UTF8
	if bad > 0 && good > bad {
		f.damaged = true
	} else if bad > 0 {
		f.Encoding = Windows1252
	}
	return nil
}

// utf8Count counts the characters of several bytes and the bytes that belong
// to none. What may be half a character at the end is given back unless it is
// the last block.
func utf8Count(b []byte, last bool) (good, bad int, rest []byte) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		if !last && !utf8.FullRune(b) {
			return good, bad, b
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		b = b[size:]
	}
	return good, bad, nil
}

func (f *File) readError(err error) error {
	var own *FileError
	switch {
	case errors.Is(err, errTooBig):
		return &FileError{f.Name, 0, "too-big", fmt.Sprintf("The file is larger than %d MB when unpacked. It is not read.", f.limits.Bytes>>20)}
	case errors.As(err, &own):
		return err
	}
	return &FileError{f.Name, 0, "damaged", "The file is damaged or only partly uploaded. Send it again."}
}

// Text opens the file from its start, turned into UTF-8 and without a byte order
// mark. Damaged bytes in a file that is otherwise UTF-8 are left as they are.
func (f *File) Text() (io.ReadCloser, error) {
	rc, err := f.raw()
	if err != nil {
		return nil, err
	}
	var r io.Reader = &counter{r: rc, most: f.limits.Bytes}
	switch f.Encoding {
	case UTF16LE, UTF16BE:
		r = fromUTF16(r, f.Encoding)
	case Windows1252:
		r = charmap.Windows1252.NewDecoder().Reader(r)
	}
	in := bufio.NewReaderSize(r, 64<<10)
	if head, _ := in.Peek(len(bom)); string(head) == bom {
		_, _ = in.Discard(len(bom))
	}
	return struct {
		io.Reader
		io.Closer
	}{in, rc}, nil
}

const bom = "\ufeff"

func fromUTF16(r io.Reader, e Encoding) io.Reader {
	end := unicode.LittleEndian
	if e == UTF16BE {
		end = unicode.BigEndian
	}
	return unicode.UTF16(end, unicode.UseBOM).NewDecoder().Reader(r)
}

// sixteenBits recognises UTF-16 by its byte order mark, or without one by
// every other byte being null in what must be mostly plain letters.
func sixteenBits(head []byte) Encoding {
	if len(head) >= 2 {
		switch binary.BigEndian.Uint16(head) {
		case 0xfeff:
			return UTF16BE
		case 0xfffe:
			return UTF16LE
		}
	}
	if len(head) < 4 {
		return ""
	}
	var nulls [2]int
	for i, c := range head {
		if c == 0 {
			nulls[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case nulls[1] > half*3/4 && nulls[0] == 0:
		return UTF16LE
	case nulls[0] > half*3/4 && nulls[1] == 0:
		return UTF16BE
	}
	return ""
}

// foreign recognises files that people send by mistake and says what to do.
func foreign(head []byte) (rule, advice string) {
	starts := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case starts("\xd0\xcf\x11\xe0"):
		return "xls", "This is an old Excel workbook (.xls) or a workbook protected with a password. Open it in the spreadsheet program, save the sheet as CSV UTF-8 and send that."
	case starts("PK\x03\x04"), starts("\x1f\x8b"), starts("7z\xbc\xaf"), starts("Rar!"):
		return "archive", "This is a packed file inside another, or of a kind that is not read. Unpack it and send the CSV files, or one zip of them."
	case starts("%PDF"):
		return "pdf", "This is a PDF document. Ask for the data as CSV: a table cannot be read safely out of a PDF."
	case starts("MZ"), starts("\x7fELF"):
		return "program", "This is a program, not a data file. It is not read. Tell your IT security team if you did not expect that."
	case starts("\x89PNG"), starts("\xff\xd8\xff"), starts("GIF8"):
		return "picture", "This is a picture, not a data file. Ask for the data as CSV."
	case starts("{\\rtf"):
		return "document", "This is a text document, not a data file. Ask for the data as CSV."
	}
	return "", ""
}

func web(start []byte) bool {
	lower := bytes.ToLower(start[:min(len(start), 64)])
	return bytes.HasPrefix(lower, []byte("<!doctype html")) || bytes.HasPrefix(lower, []byte("<html"))
}

// officeMember recognises by a member's name that a zip is really an office
// document, and says what to do.
func officeMember(name string) string {
	switch {
	case strings.HasPrefix(name, "xl/vbaProject"):
		return "This is an Excel workbook with macros. Open it, save the sheet as CSV UTF-8 and send that."
	case strings.HasPrefix(name, "xl/"):
		return "This is an Excel workbook (.xlsx). Open it, save the sheet as CSV UTF-8 and send that."
	case strings.HasPrefix(name, "word/"), strings.HasPrefix(name, "ppt/"):
		return "This is an office document, not a data file. Ask for the data as CSV."
	case name == "content.xml":
		return "This is an OpenDocument file. Open it, save the sheet as CSV (UTF-8) and send that."
	}
	return ""
}

var errTooBig = errors.New("file larger than allowed")

// counter stops a reader after most bytes: what a packed file claims about its
// size is not believed.
type counter struct {
	r    io.Reader
	n    int64
	most int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.n > c.most {
		return 0, errTooBig
	}
	return n, err
}
