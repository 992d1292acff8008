package gias

import (
	"fmt"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
)

// ReadSettings hands out the settings of a register one after the other, and
// tells problem of everything that is wrong. It stops with the error yield gives,
// or with a *table.FileError when the file cannot be used as a whole; what was
// handed out before that must then be dropped.
func ReadSettings(f *table.File, yield func(Setting) error, problem func(table.Problem)) (Summary, error) {
	r := &reader{file: f.Name, problem: problem, seen: map[int]int{}, words: map[string]string{}, at: map[string]int{}}
	var changed calendar.Date
	sum, err := r.read(f, Register, func(row table.Row) error {
		s, ok := r.setting(row)
		if !ok {
			return nil
		}
		changed = calendar.Latest(changed, s.Changed)
		r.given++
		return yield(s)
	})
	if sum.AsAt.IsZero() {
		sum.AsAt = changed
	}
	return sum, err
}

// ReadLinks hands out the links of a links file. It fails as ReadSettings does.
func ReadLinks(f *table.File, yield func(Link) error, problem func(table.Problem)) (Summary, error) {
	r := &reader{file: f.Name, problem: problem, seen: map[int]int{}, words: map[string]string{}, at: map[string]int{}}
	seen := map[linkKey]int{}
	return r.read(f, Links, func(row table.Row) error {
		l, ok := r.link(row, seen)
		if !ok {
			return nil
		}
		r.given++
		return yield(l)
	})
}

// reader reads one file of the register.
type reader struct {
	file    string
	problem func(table.Problem)
	at      map[string]int // where each column stands
	row     table.Row
	seen    map[int]int // the line of each URN
	words   map[string]string
	given   int
	ragged  int
}

func (r *reader) read(f *table.File, want Kind, each func(table.Row) error) (Summary, error) {
	rows, err := f.Rows(func(p table.Problem) {
		if p.Rule == "ragged" {
			r.ragged++
		}
		r.problem(p)
	})
	if err != nil {
		return Summary{}, err
	}
	defer rows.Close()
	if err := r.columns(rows.Header, want); err != nil {
		return Summary{}, err
	}
	for row := range rows.All() {
		r.row = row
		if err := each(row); err != nil {
			return Summary{}, err
		}
	}
	if rows.Err() != nil {
		return Summary{}, rows.Err()
	}
	if rows.Count == 0 && r.ragged > 0 {
		return Summary{}, &table.FileError{File: f.Name, Line: rows.Header.Line, Rule: "all-ragged", Text: fmt.Sprintf(
			"No row has the %d cells that the header has, so no value can be matched to its column. Download the file again.", len(rows.Header.Names))}
	}
	return Summary{Rows: rows.Count, Given: r.given, Rejected: rows.Count - r.given + r.ragged, AsAt: dayInName(f.Name)}, nil
}

// columns finds the columns, and refuses a file that is something else.
func (r *reader) columns(h table.Header, want Kind) error {
	kind, ok := Recognise(h)
	if !ok || kind != want {
		text := fmt.Sprintf("This is not the %s: its columns are those of something else.", want)
		if ok {
			text = fmt.Sprintf("This is the %s, not the %s. Send it in its own place.", kind, want)
		} else if lacks := missing(h); want == Register && len(lacks) < 5 {
			text = fmt.Sprintf("This looks like the %s, but lacks %s. Download it again with every column.", want, strings.Join(lacks, ", "))
		}
		return &table.FileError{File: r.file, Line: h.Line, Rule: "not-" + strings.Fields(string(want))[0], Text: text}
	}
	names := append([]string{"LinkEstablishedDate"}, linkColumns...)
	if want == Register {
		names = names[:0]
		for column := range other {
			names = append(names, column)
		}
		names = append(names, senColumns...)
	}
	for _, column := range names {
		if h.Twice(column) {
			return &table.FileError{File: r.file, Line: h.Line, Rule: "column-twice", Text: fmt.Sprintf(
				"The column %s stands in the header twice, so it is not certain which one counts. Download the file again.", column)}
		}
		r.at[column] = find(h, column)
	}
	return nil
}

func (r *reader) say(column, rule string, severity table.Severity, text string) {
	r.problem(table.Problem{File: r.file, Line: r.row.Line, About: table.Short(r.get("URN")), Column: column, Value: table.Short(r.get(column)), Rule: rule, Severity: severity, Text: text})
}

// get gives a cell, or nothing where it is blank. It shares the row's memory.
func (r *reader) get(column string) string {
	at, ok := r.at[column]
	if !ok {
		return ""
	}
	cell := r.row.Get(at)
	if blank(cell) {
		return ""
	}
	return cell
}

// text gives a cell to keep.
func (r *reader) text(column string) string {
	cell := r.get(column)
	if table.Broken(cell) {
		r.say(column, "broken-cell", table.Warning, "A spreadsheet has put an error where the value was. It is taken as empty.")
		return ""
	}
	return strings.Clone(cell)
}

// word gives a cell to keep whose values come again and again.
func (r *reader) word(column string) string {
	cell := r.get(column)
	if kept, ok := r.words[cell]; ok {
		return kept
	}
	kept := r.text(column)
	if kept == cell && len(r.words) < 10_000 {
		r.words[strings.Clone(cell)] = kept
	}
	return kept
}
