package export

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// styles are the looks of cells. Days are written with a format of their own: the built-in one is
// day and month the other way round on computers set up for America.
type styles struct{ head, number, pence, day int }

func (t Table) excel() (_ []byte, err error) {
	book := excelize.NewFile()
	defer book.Close()
	sheet := sheetName(t.Name)
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	looks, err := newStyles(book)
	if err != nil {
		return nil, err
	}
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	for n, width := range t.widths() {
		if err := out.SetColWidth(n+1, n+1, width); err != nil {
			return nil, err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	heads := make([]any, len(t.Heads))
	for n, head := range t.Heads {
		heads[n] = excelize.Cell{StyleID: looks.head, Value: notFormula(head)}
	}
	if err := out.SetRow("A1", heads); err != nil {
		return nil, err
	}
	for n, row := range t.Rows {
		at, err := excelize.CoordinatesToCellName(1, n+2)
		if err != nil {
			return nil, err
		}
		if err := out.SetRow(at, looks.row(row)); err != nil {
			return nil, err
		}
	}
	if err := out.Flush(); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := book.Write(&file); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

func newStyles(book *excelize.File) (styles, error) {
	sums, dates := "#,##0.00", "dd/mm/yyyy"
	var looks styles
	for _, one := range []struct {
		into  *int
		style excelize.Style
	}{
		{&looks.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&looks.number, excelize.Style{NumFmt: 3}}, // 1,234
		{&looks.pence, excelize.Style{CustomNumFmt: &sums}},
		{&looks.day, excelize.Style{CustomNumFmt: &dates}},
	} {
		style, err := book.NewStyle(&one.style)
		if err != nil {
			return looks, err
		}
		*one.into = style
	}
	return looks, nil
}

func (s styles) row(cells []Cell) []any {
	row := make([]any, len(cells))
	for n, cell := range cells {
		row[n] = s.cell(cell)
	}
	return row
}

func (s styles) cell(c Cell) any {
	switch c.kind {
	case number:
		return excelize.Cell{StyleID: s.number, Value: c.amount}
	case pence:
		// The nearest number to the pounds and pence is written with their own digits again.
		return excelize.Cell{StyleID: s.pence, Value: float64(c.amount) / 100}
	case day:
		return excelize.Cell{StyleID: s.day, Value: time.Date(c.day.Year, c.day.Month, c.day.Day, 0, 0, 0, 0, time.UTC)}
	}
	if c.words == "" {
		return nil
	}
	return notFormula(c.words)
}

// sheetName is a name that Excel takes: at most 31 characters, none of those that its formulas use.
func sheetName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, name)
	if utf8.RuneCountInString(clean) > 31 {
		clean = string([]rune(clean)[:31])
	}
	if clean = strings.TrimSpace(clean); clean == "" {
		return "Table"
	}
	return clean
}

// widths are those of the columns, by their longest text, in characters.
func (t Table) widths() []float64 {
	const least, most = 10, 50
	widths := make([]float64, len(t.Heads))
	for n, head := range t.Heads {
		widths[n] = max(least, float64(min(utf8.RuneCountInString(head), most/2))+2)
	}
	for _, row := range t.Rows {
		for n, cell := range row {
			if n < len(widths) {
				widths[n] = max(widths[n], float64(min(utf8.RuneCountInString(cell.plain()), most))+2)
			}
		}
	}
	return widths
}
