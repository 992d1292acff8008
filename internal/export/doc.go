// Package export makes files of tables for spreadsheets: CSV and Excel, from the same cells, so that
// both say the same. A cell knows what it is: text, a number, money or a day. Text is never taken for
// a formula, whatever somebody typed into it: a spreadsheet opens files from the whole world, and this
// one carries what schools wrote.
//
//	table := export.Table{Name: "Premium by school", Heads: []string{"School", "Paid"}}
//	table.Add(export.Text(school.Name), export.Money(school.Paid))
//	file, err := table.Bytes(export.Excel)
//
// Whoever sends a file with names in it writes the looks to the audit first.
package export
