package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Row is one row of cells, with as many cells as the header. Cells share their
// memory with the whole row and the slice is used again for the next row: clone
// what is kept.
type Row struct {
	Line  int // the line on which the row begins, as an editor shows it
	Cells []string
}

// Get gives the cleaned cell at a place the header's Find gave; a place of -1
// (no such column) gives nothing.
func (r Row) Get(at int) string {
	if at < 0 {
		return ""
	}
	return Clean(r.Cells[at])
}

// Rows is a table being read.
type Rows struct {
	Header  Header
	Count   int // rows handed out so far
	file    *File
	report  func(Problem)
	closer  io.Closer
	records *records
	err     error
}

// Rows starts reading a delimited file: the header is read at once, the rows by
// All. Rows that do not fit the header are told to report and passed over. The
// caller closes it.
func (f *File) Rows(report func(Problem)) (*Rows, error) {
	if f.Kind != Delimited {
		return nil, &FileError{f.Name, 0, "not-a-table", "This is an XML document where a table (CSV) is expected."}
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	rows := &Rows{file: f, report: report, closer: text, records: &records{
		in: bufio.NewReaderSize(text, 64<<10), newline: f.newline, comma: ',', damaged: f.damaged,
	}}
	if err := rows.readHeader(); err != nil {
		text.Close()
		return nil, err
	}
	return rows, nil
}

// Close lets go of the file.
func (rows *Rows) Close() error { return rows.closer.Close() }

// Err is what ended the reading early: nil or a *FileError.
func (rows *Rows) Err() error { return rows.err }

func (rows *Rows) readHeader() error {
	rec := rows.records
	if err := rec.settleComma(); err != nil {
		return rows.fail(err)
	}
	for {
		cells, err := rec.next()
		if errors.Is(err, io.EOF) {
			return &FileError{rows.file.Name, 0, "no-header", "The file has no header row naming its columns."}
		}
		if err != nil {
			return rows.fail(err)
		}
		if blank(cells) {
			continue
		}
		if len(cells) > rows.file.limits.Columns {
			return &FileError{rows.file.Name, rec.start, "too-many-columns", fmt.Sprintf(
				"The header names %d columns; at most %d are read.", len(cells), rows.file.limits.Columns)}
		}
		owned := make([]string, len(cells))
		for i, c := range cells {
			owned[i] = strings.Clone(c)
		}
		rows.Header = newHeader(owned, rec.start)
		return nil
	}
}

// All hands out the rows that fit the header, in order. Ask Err afterwards.
func (rows *Rows) All() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		width := len(rows.Header.Names)
		seen := 0
		for {
			cells, err := rows.records.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				rows.err = rows.fail(err)
				return
			}
			line := rows.records.start
			if blank(cells) {
				continue
			}
			if seen++; seen > rows.file.limits.Rows {
				rows.err = &FileError{rows.file.Name, line, "too-many-rows", fmt.Sprintf(
					"The file has more than %d rows. Nothing of it is used; send it in parts.", rows.file.limits.Rows)}
				return
			}
			if rows.records.mended {
				rows.note(line, "damaged-letters", Warning, "Some letters in this row are stored wrongly. They were read as Windows-1252 letters; check the names in it.")
			}
			if len(cells) != width {
				rows.note(line, "ragged", Error, fmt.Sprintf(
					"The row has %s where the header has %d, so its values cannot be matched to columns. The row is left out.", count(len(cells)), width))
				continue
			}
			if rows.records.loose {
				rows.note(line, "loose-quote", Warning, "A quotation mark inside a quoted value is not doubled. It was read as part of the value.")
			}
			if nothing(cells) {
				rows.note(line, "empty-row", Info, "Every cell of the row is empty or says NA. The row is passed over.")
				continue
			}
			rows.Count++
			if !yield(Row{Line: line, Cells: cells}) {
				return
			}
		}
	}
}

func (rows *Rows) note(line int, rule string, severity Severity, text string) {
	rows.report(Problem{File: rows.file.Name, Line: line, Rule: rule, Severity: severity, Text: text})
}

func (rows *Rows) fail(err error) error {
	var own *FileError
	if errors.As(err, &own) {
		own.File = rows.file.Name
		return own
	}
	return rows.file.readError(err)
}

func count(cells int) string {
	if cells == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", cells)
}

func blank(cells []string) bool {
	for _, c := range cells {
		if Clean(c) != "" {
			return false
		}
	}
	return true
}

func nothing(cells []string) bool {
	for _, c := range cells {
		if !Blank(Clean(c)) {
			return false
		}
	}
	return true
}

// records splits text into records of cells, after RFC 4180 with the liberties
// that real files take.
type records struct {
	in      *bufio.Reader
	newline byte
	comma   byte
	damaged bool // the file is UTF-8 with a few bad bytes

	line   int  // physical lines read
	start  int  // the line on which the last record began
	mended bool // letters of the last record were read as Windows-1252
	loose  bool // the last record has a quotation mark that is not doubled

	raw   []byte // one physical line
	text  []byte // the cells of one record, one after the other
	ends  []int  // where each cell ends in text
	cells []string
}

// settleComma chooses the separator from the first line that holds anything,
// and steps over the "sep=;" line that some spreadsheets write.
func (r *records) settleComma() error {
	head, err := r.in.Peek(r.in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, []byte{r.newline})
		trimmed := bytes.TrimRight(line, "\r")
		if len(trimmed) == 5 && bytes.EqualFold(trimmed[:4], []byte("sep=")) {
			r.comma = trimmed[4]
			_, err := r.readLine()
			return err
		}
		if len(bytes.TrimSpace(trimmed)) > 0 {
			r.comma = commaOf(trimmed)
			return nil
		}
		head = rest
	}
	return nil
}

func commaOf(line []byte) byte {
	best, most := byte(','), 0
	for _, c := range []byte(",;\t") {
		quoted, n := false, 0
		for _, b := range line {
			if b == '"' {
				quoted = !quoted
			} else if b == c && !quoted {
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// readLine reads one physical line without its end. io.EOF means there is none.
func (r *records) readLine() ([]byte, error) {
	r.raw = r.raw[:0]
	for {
		part, err := r.in.ReadSlice(r.newline)
		r.raw = append(r.raw, part...)
		if len(r.raw) > longestRecord {
			return nil, &FileError{Line: r.line + 1, Rule: "long-line", Text: fmt.Sprintf(
				"Line %d is longer than any row of a table can be. The file is damaged or is not a table.", r.line+1)}
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) {
			if len(r.raw) == 0 {
				return nil, io.EOF
			}
			err = nil
		}
		if err != nil {
			return nil, err
		}
		break
	}
	r.line++
	line := r.raw
	if n := len(line); n > 0 && line[n-1] == r.newline {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if r.damaged && !utf8.Valid(line) {
		mended, err := charmap.Windows1252.NewDecoder().Bytes(line)
		if err != nil {
			return nil, err
		}
		r.mended = true
		return mended, nil
	}
	return line, nil
}

// next reads one record. A cell in quotation marks may run over several lines.
func (r *records) next() ([]string, error) {
	r.mended, r.loose = false, false
	r.text, r.ends = r.text[:0], r.ends[:0]
	line, err := r.readLine()
	if err != nil {
		return nil, err
	}
	r.start = r.line
	for {
		if len(line) == 0 || line[0] != '"' {
			cell, rest, more := bytes.Cut(line, []byte{r.comma})
			r.text = append(r.text, cell...)
			r.ends = append(r.ends, len(r.text))
			if !more {
				break
			}
			line = rest
			continue
		}
		rest, more, err := r.quoted(line[1:])
		if err != nil {
			return nil, err
		}
		r.ends = append(r.ends, len(r.text))
		if !more {
			break
		}
		line = rest
	}
	return r.split(), nil
}

// quoted reads a cell from just after its opening quotation mark to its end. It
// gives the rest of the line and whether another cell follows.
func (r *records) quoted(line []byte) (rest []byte, more bool, err error) {
	opened := r.line
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			r.text = append(r.text, line...)
			if line, err = r.readLine(); err != nil {
				if errors.Is(err, io.EOF) {
					return nil, false, unclosed(opened)
				}
				return nil, false, err
			}
			if r.text = append(r.text, '\n'); len(r.text)+len(line) > longestRecord {
				return nil, false, unclosed(opened)
			}
			continue
		}
		r.text = append(r.text, line[:i]...)
		line = line[i+1:]
		switch {
		case len(line) == 0:
			return nil, false, nil
		case line[0] == r.comma:
			return line[1:], true, nil
		case line[0] == '"':
			r.text = append(r.text, '"')
			line = line[1:]
		default:
			if after := bytes.TrimLeft(line, " "); len(after) == 0 {
				return nil, false, nil
			} else if after[0] == r.comma {
				return after[1:], true, nil
			}
			r.text = append(r.text, '"')
			r.loose = true
		}
	}
}

func unclosed(line int) error {
	return &FileError{Line: line, Rule: "unclosed-quote", Text: fmt.Sprintf(
		"A quotation mark opened on line %d is never closed, so the rest of the file cannot be told apart. Nothing of the file is used. Correct that line or export the file again.", line)}
}

func (r *records) split() []string {
	all := string(r.text)
	r.cells = r.cells[:0]
	from := 0
	for _, end := range r.ends {
		r.cells = append(r.cells, all[from:end])
		from = end
	}
	return r.cells
}
