package table

// Limits bound what one upload may cost. They stand between the program and a
// file made to exhaust it, and well above any honest file.
type Limits struct {
	Bytes   int64 // expanded size of all the files in one upload
	Rows    int   // data rows in one file
	Columns int   // columns in the header
	Members int   // files in one zip
}

// Ordinary suits every file about children: 50,000 rows of 200 columns.
var Ordinary = Limits{Bytes: 100 << 20, Rows: 50_000, Columns: 200, Members: 100}

// National suits the registers of the whole country, such as every school that
// ever was.
var National = Limits{Bytes: 400 << 20, Rows: 250_000, Columns: 200, Members: 100}

// Registers suits attendance marks, which are many: a row for each session of every
// child for years, or a column for each session of a year.
var Registers = Limits{Bytes: 400 << 20, Rows: 2_000_000, Columns: 1_000, Members: 200}

// longestRecord is the most bytes one row may take. A longer one is nearly
// always a quotation mark that was never closed.
const longestRecord = 1 << 20
