package kit

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
)

// SendCSV answers with a table to download, its first row the headings. No cell of it is taken for
// a formula by a spreadsheet. Whoever sends names in it writes the looks to the audit first.
func (k *Kit) SendCSV(w http.ResponseWriter, r *http.Request, fileName string, rows [][]string) error {
	var file bytes.Buffer
	file.WriteString("\ufeff") // spreadsheets read UTF-8 only when told
	lines := csv.NewWriter(&file)
	lines.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, text := range row {
			safe[i] = notFormula(text)
		}
		if err := lines.Write(safe); err != nil {
			return err
		}
	}
	lines.Flush()
	return k.Send(w, r, "text/csv; charset=utf-8", fileName, file.Bytes())
}

// notFormula marks as text what a spreadsheet would work out; the full-width signs count too.
func notFormula(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
