package kit

import (
	"net/http"

	"virtualschool/internal/export"
)

// SendTable answers with a table to download, in either format; name is the file's without its ending.
// No cell of it is taken for a formula by a spreadsheet. Whoever sends names in it writes the looks to
// the audit first.
func (k *Kit) SendTable(w http.ResponseWriter, r *http.Request, format export.Format, name string, table export.Table) error {
	file, err := table.Bytes(format)
	if err != nil {
		return err
	}
	return k.Send(w, r, format.ContentType(), name+"."+string(format), file)
}

// SendCSV is SendTable for rows of text, the first of them the headings.
func (k *Kit) SendCSV(w http.ResponseWriter, r *http.Request, name string, rows [][]string) error {
	table := export.Table{Name: name, Heads: rows[0]}
	for _, row := range rows[1:] {
		cells := make([]export.Cell, len(row))
		for n, words := range row {
			cells[n] = export.Text(words)
		}
		table.Add(cells...)
	}
	return k.SendTable(w, r, export.CSV, name, table)
}
