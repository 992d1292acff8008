package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// Format is a kind of file; its text is the ending of the file's name.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	Excel Format = "xlsx"
)

// ContentType is what a browser is told the file is.
func (f Format) ContentType() string {
	if f == Excel {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Bytes is the whole file.
func (t Table) Bytes(format Format) ([]byte, error) {
	var file []byte
	var err error
	switch format {
	case CSV:
		file, err = t.csv()
	case Excel:
		file, err = t.excel()
	default:
		err = fmt.Errorf("no format %q", format)
	}
	if err != nil {
		return nil, fmt.Errorf("make a file of %q: %w", t.Name, err)
	}
	return file, nil
}

func (t Table) csv() ([]byte, error) {
	var file bytes.Buffer
	file.WriteString("\ufeff") // spreadsheets read UTF-8 only when told
	lines := csv.NewWriter(&file)
	lines.UseCRLF = true
	heads := make([]string, len(t.Heads))
	for n, head := range t.Heads {
		heads[n] = notFormula(head)
	}
	if err := lines.Write(heads); err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		line := make([]string, len(row))
		for n, cell := range row {
			line[n] = cell.plain()
		}
		if err := lines.Write(line); err != nil {
			return nil, err
		}
	}
	lines.Flush()
	return file.Bytes(), lines.Error()
}
