package ssda903

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/returncode"
)

// record is one row of a table, or one element of the XML, as text.
type record struct {
	file  string
	line  int
	cells map[string]string
	lines map[string]int // XML only: the line of each value
}

func (r record) get(column string) string { return r.cells[column] }

func (r record) lineOf(column string) int {
	if line, ok := r.lines[column]; ok {
		return line
	}
	return r.line
}

// reader collects the rows of all the files and what is found wrong with them.
type reader struct {
	today  calendar.Date
	tables map[Kind][]record
	from   map[Kind]string // which file a table came from
	ret    *Return
	byID   map[string]*Child
	born   map[*Child]bool // children whose dates of birth disagree, told once
}

// say lists a problem of a row, and marks the child it is about unless it is only
// for information.
func (r *reader) say(rec record, column, rule string, severity table.Severity, text string) {
	if c := r.byID[rec.get("CHILD")]; c != nil && severity != table.Info {
		c.worse(Warned, "")
	}
	r.ret.Problems = append(r.ret.Problems, table.Problem{File: rec.file, Line: rec.lineOf(column), About: table.Short(rec.get("CHILD")), Column: column,
		Value: table.Short(rec.get(column)), Rule: rule, Severity: severity, Text: text})
}

// readTable takes in one delimited file.
func (r *reader) readTable(f *table.File) error {
	rows, err := f.Rows(func(p table.Problem) { r.ret.Problems = append(r.ret.Problems, p) })
	if err != nil {
		return err
	}
	defer rows.Close()
	kind, known := Recognise(rows.Header)
	if !known {
		return unknownTable(f.Name, rows.Header)
	}
	form := formOf(kind)
	if form.aside != allRead {
		for range rows.All() {
			continue
		}
		r.setAside(f.Name, kind, rows.Count)
		return rows.Err()
	}
	for _, column := range form.columns() {
		if rows.Header.Twice(column) {
			return &table.FileError{File: f.Name, Line: rows.Header.Line, Rule: "column-twice", Text: fmt.Sprintf(
				"The column %s stands in the header twice, so it is not certain which one counts. Remove one.", column)}
		}
	}
	if other, ok := r.from[kind]; ok {
		return &table.FileError{File: f.Name, Rule: "table-twice", Text: fmt.Sprintf(
			"The %s table is already in this upload, in %s. Send one return at a time.", kind, other)}
	}
	if others := rows.Header.Others(form.columns()); len(others) > 0 {
		r.ret.Problems = append(r.ret.Problems, table.Problem{File: f.Name, Line: rows.Header.Line, Rule: "extra-columns", Severity: table.Info,
			Text: "These columns are not part of the return and are passed over: " + table.Short(strings.Join(others, ", ")) + "."})
	}
	at := map[string]int{}
	for _, column := range wanted[kind] {
		at[column] = rows.Header.Find(column)
	}
	var records []record
	for row := range rows.All() {
		rec := record{file: f.Name, line: row.Line, cells: make(map[string]string, len(at))}
		for column, i := range at {
			if cell := row.Get(i); !table.Blank(cell) {
				rec.cells[column] = strings.Clone(cell)
			}
		}
		records = append(records, rec)
	}
	if rows.Err() != nil {
		return rows.Err()
	}
	r.tables[kind], r.from[kind] = records, f.Name
	r.ret.Files = append(r.ret.Files, FileReport{Name: f.Name, Kind: kind, State: StateRead, Rows: rows.Count})
	return nil
}

func (r *reader) setAside(name string, kind Kind, rows int) {
	text := fmt.Sprintf("The %s table is not read. %s", kind, formOf(kind).aside)
	r.ret.Files = append(r.ret.Files, FileReport{Name: name, Kind: kind, State: StateAside, Rows: rows, Text: text})
	r.ret.Problems = append(r.ret.Problems, table.Problem{File: name, Rule: "set-aside", Severity: table.Info, Text: text})
}

// wanted names the columns that are taken in. What is not named here is never
// held, whatever the file has.
var wanted = map[Kind][]string{
	HeaderTable: {"CHILD", "SEX", "DOB", "ETHNIC", "UPN"},
	Episodes:    {"CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "PL_POST", "URN"},
	Reviews:     {"CHILD", "DOB", "REVIEW", "REVIEW_CODE"},
	UASC:        {"CHILD", "DOB", "DUC"},
	OC2:         {"CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON"},
	PrevPerm:    {"CHILD", "DOB", "PREV_PERM", "DATE_PERM"},
}

// date reads a date column; ok is false when something stands there that is no date.
func (r *reader) date(rec record, column string, severity table.Severity, happens string) (day calendar.Date, ok bool) {
	day, err := table.ParseDate(rec.get(column))
	if err != nil {
		r.say(rec, column, "bad-date", severity, fmt.Sprintf("%s %s. %s", column, err, happens))
		return calendar.Date{}, false
	}
	return day, true
}

// code reads a coded column of a list. Codes that are unknown, or were not in use
// on the day, are kept as they are and told.
func (r *reader) code(rec record, column string, on calendar.Date) string {
	return r.codeOf(rec, column, column, on)
}

func (r *reader) codeOf(rec record, column, set string, on calendar.Date) string {
	code := strings.ToUpper(rec.get(column))
	if code == "" {
		return ""
	}
	known, ok := returncode.LookUp(set, code)
	switch {
	case !ok:
		r.say(rec, column, "unknown-code", table.Warning, fmt.Sprintf("This is not a code of %s that is known here. It is kept as it is.", column))
	case !known.InUse(on):
		r.say(rec, column, "code-out-of-date", table.Warning, fmt.Sprintf("The code %s (%s) was not in use on %s. It is kept as it is.", code, known.Label, on.Words()))
	}
	return code
}

// child finds the child a row is about and compares the dates of birth. It gives
// nil, and says so, when the Header has no such child.
func (r *reader) child(rec record) *Child {
	id := rec.get("CHILD")
	if id == "" {
		r.say(rec, "CHILD", "no-child", table.Error, "The row does not say which child it is about. It is left out.")
		return nil
	}
	c := r.byID[id]
	if c == nil {
		r.say(rec, "CHILD", "not-in-header", table.Error, "The Header has no such child. The row is left out.")
		return nil
	}
	if rec.get("DOB") == "" || c.DateOfBirth.IsZero() {
		return c
	}
	born, ok := r.date(rec, "DOB", table.Warning, "The date of birth in the Header is used.")
	if ok && born != c.DateOfBirth {
		r.say(rec, "DOB", "birth-dates-differ", table.Error, fmt.Sprintf(
			"The date of birth is not the one in the Header (line %d). Neither is chosen: the child is left out until the files agree.", c.Line))
		if !r.born[c] {
			r.born[c] = true
			c.worse(Rejected, "The files give two dates of birth.")
		}
	}
	return c
}

// kinds lists what must be read, in the order in which rows depend on each other.
var kinds = []Kind{HeaderTable, Episodes, Reviews, UASC, OC2, PrevPerm}

// sortProblems puts findings in the order of the files and their lines.
func (r *reader) sortProblems() {
	order := map[string]int{}
	for i, f := range r.ret.Files {
		order[f.Name] = i
	}
	slices.SortStableFunc(r.ret.Problems, func(a, b table.Problem) int {
		if d := order[a.File] - order[b.File]; d != 0 {
			return d
		}
		return a.Line - b.Line
	})
}
