package payment

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/money"
)

// PaidRow is one row of the file in which finance says what it paid.
type PaidRow struct {
	Line             int // as the spreadsheet shows it
	Reference        string
	PaidOn           calendar.Date
	Amount           money.Pence
	PaymentReference string
	Known            bool // recorded already just so: nothing happens
}

// Columns of the file, the first name being the one of the template. Those of the file for finance are
// among them, so that it can be filled in and sent back.
var paidColumns = [][]string{
	{"Line reference", "Our line reference", "Our reference"},
	{"Paid on", "Date paid", "Payment date"},
	{"Amount", "Net amount", "Amount paid"},
	{"Payment reference", "BACS reference", "Finance reference"},
}

// PaidTemplate is the header of the file.
func PaidTemplate() []string {
	var names []string
	for _, column := range paidColumns {
		names = append(names, column[0])
	}
	return names
}

// PaidLimit is the most a file may weigh, in bytes.
const PaidLimit = 2 << 20

// longestReference is the most characters of a payment reference.
const longestReference = 60

// readPaid reads a file and finds what is wrong with it in itself. Any problem that is an error refuses
// the whole file; so does the second result, which says that it cannot be read at all.
func readPaid(name string, content []byte, today calendar.Date) (rows []PaidRow, problems []table.Problem, err error) {
	limits := table.Ordinary
	limits.Bytes, limits.Rows = 4*PaidLimit, 10_000
	upload, err := table.Open(name, bytes.NewReader(content), int64(len(content)), limits)
	if err != nil {
		return nil, nil, err
	}
	problems = upload.Problems
	if len(upload.Files) != 1 {
		return nil, nil, &table.FileError{File: name, Rule: "one-file", Text: "Send one CSV file at a time."}
	}
	file := upload.Files[0]
	read, err := file.Rows(func(p table.Problem) { problems = append(problems, p) })
	if err != nil {
		return nil, nil, err
	}
	defer read.Close()
	r := &paidReader{file: file.Name, today: today, lines: map[string]int{}, problems: &problems}
	if err := r.columns(read.Header); err != nil {
		return nil, nil, err
	}
	for row := range read.All() {
		r.row, r.wrong = row, false
		if one := r.read(); !r.wrong {
			rows = append(rows, one)
		}
	}
	if read.Err() != nil {
		return nil, nil, read.Err()
	}
	if len(rows) == 0 && !wrong(problems) {
		return nil, nil, &table.FileError{File: file.Name, Rule: "no-rows", Text: "The file has a header and no rows: nothing is said to be paid."}
	}
	return rows, problems, nil
}

// wrong says whether a problem among those found refuses the file.
func wrong(problems []table.Problem) bool {
	for _, problem := range problems {
		if problem.Severity == table.Error {
			return true
		}
	}
	return false
}

type paidReader struct {
	file     string
	today    calendar.Date
	at       [4]int
	row      table.Row
	wrong    bool           // the row has an error
	lines    map[string]int // where each reference stood
	problems *[]table.Problem
}

func (r *paidReader) columns(h table.Header) error {
	for i, names := range paidColumns {
		if r.at[i] = h.Find(names...); r.at[i] < 0 {
			return &table.FileError{File: r.file, Line: h.Line, Rule: "missing-column", Text: fmt.Sprintf(
				"The file has no column %s. It needs the columns %s.", names[0], strings.Join(PaidTemplate(), ", "))}
		}
		if found := h.Names[r.at[i]]; h.Twice(found) {
			return &table.FileError{File: r.file, Line: h.Line, Rule: "column-twice", Text: fmt.Sprintf(
				"The column %s stands in the header twice. Remove one of them.", found)}
		}
	}
	return nil
}

func (r *paidReader) cell(column int) string { return strings.Clone(r.row.Get(r.at[column])) }

func (r *paidReader) say(column int, rule, text string) {
	r.wrong = true
	*r.problems = append(*r.problems, table.Problem{File: r.file, Line: r.row.Line, About: table.Short(r.cell(0)), Column: paidColumns[column][0],
		Value: table.Short(r.cell(column)), Rule: rule, Severity: table.Error, Text: text})
}

func (r *paidReader) read() PaidRow {
	one := PaidRow{Line: r.row.Line, Reference: strings.ToUpper(r.cell(0)), PaymentReference: r.cell(3)}
	if one.Reference == "" {
		r.say(0, "no-reference", "The row does not say which line it pays.")
	} else if line, twice := r.lines[one.Reference]; twice {
		r.say(0, "line-twice", fmt.Sprintf("The same line is on row %d. A line is paid once.", line))
	} else {
		r.lines[one.Reference] = one.Line
	}
	var notADate *table.DateError
	var err error
	switch one.PaidOn, err = table.ParseDate(r.cell(1)); {
	case errors.As(err, &notADate):
		r.say(1, "bad-date", "Paid on "+notADate.Error()+".")
	case one.PaidOn.IsZero():
		r.say(1, "no-date", "The row does not say when it was paid.")
	case one.PaidOn.After(r.today):
		r.say(1, "future-date", "Paid on "+one.PaidOn.Words()+" is in the future.")
	}
	switch one.Amount, err = money.Parse(r.cell(2)); {
	case err != nil:
		r.say(2, "bad-amount", err.Error()+".")
	case one.Amount <= 0:
		r.say(2, "bad-amount", "The amount must be more than £0.00.")
	}
	switch {
	case one.PaymentReference == "":
		r.say(3, "no-payment-reference", "The row has no payment reference, by which finance finds the payment again.")
	case utf8.RuneCountInString(one.PaymentReference) > longestReference:
		r.say(3, "long-reference", fmt.Sprintf("A payment reference has at most %d characters.", longestReference))
	}
	return one
}

// judge compares a row with its line as it stands. It says what is wrong, or that all of it is known.
func (r PaidRow) judge(line lockedLine, found bool) (problem *table.Problem, known bool) {
	say := func(column int, rule, text, value string) (*table.Problem, bool) {
		return &table.Problem{Line: r.Line, About: r.Reference, Column: paidColumns[column][0], Value: value, Rule: rule, Severity: table.Error, Text: text}, false
	}
	paid := "Paid on " + r.PaidOn.Words()
	switch {
	case !found:
		return say(0, "unknown-line", "There is no such line, or it is about a record you may not see.", r.Reference)
	case line.State == Paid && line.PaidOn == r.PaidOn && line.Amount == r.Amount && line.PaymentReference == r.PaymentReference:
		return nil, true
	case line.State == Paid:
		return say(0, "paid-before", fmt.Sprintf("This line was paid on %s already, as %s: %s.", line.PaidOn.Words(), line.PaymentReference, line.Amount), r.Reference)
	case line.State == Bounced:
		return say(0, "bounced", "This payment came back. When it is paid again it has a new line reference.", r.Reference)
	case line.State == NotPaid:
		return say(0, "not-paid", "This line was recorded as not paid. When it is paid it has a new line reference.", r.Reference)
	case line.RunState == SetAside:
		return say(0, "set-aside", "The run of this line was set aside, so nothing should be paid on it. Ask finance to look.", r.Reference)
	case line.RunState == Made:
		return say(0, "not-sent", "The run of this line has not been marked as sent to finance.", r.Reference)
	case r.Amount != line.Amount:
		return say(2, "wrong-amount", fmt.Sprintf("The line is for %s and the file says %s. A line is paid whole.", line.Amount, r.Amount), r.Amount.Plain())
	case r.PaidOn.Before(line.RunDay):
		return say(1, "before-run", paid+" is before the run was made on "+line.RunDay.Words()+".", r.PaidOn.String())
	}
	return nil, false
}
