// Package sheet reads attendance marks out of the tables that schools and their
// systems send. There is no one format: a register system exports a row for each
// session or each day, a spreadsheet has a column for each day, an older transfer
// packs months into one string from a start date. Sniff looks at the headings and
// finds out which it is; what it cannot find out a person says once, as Columns,
// which are remembered for files with the same headings (Fingerprint).
//
// Read then hands out one session at a time, with the line it stands on, and says
// in words what is wrong, line by line. It knows nothing of children, schools or
// calendars: whether a mark can be true is judged by whoever keeps it. A blank cell
// is no mark, and never absence.
package sheet
