package table

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Severity says what a problem does to the row it is in.
type Severity string

const (
	// Error: the row, or the part of it that is named, is left out.
	Error Severity = "error"
	// Warning: the row goes in, and somebody should look at it.
	Warning Severity = "warning"
	// Info: nothing is wrong, but the reader should know.
	Info Severity = "info"
)

// Problem is one thing found in a file, for the person who sent it. It never
// holds a whole row: Value is the one cell, cut short.
type Problem struct {
	File     string   // the file's name inside the upload
	Line     int      // the line as an editor shows it; 0 when the file as a whole is meant
	About    string   // the identifier of the child or school the row is about, where it has one
	Column   string   // the column's name as the standard spells it, or empty
	Value    string   // what stood there, cut to 40 characters
	Rule     string   // a short fixed name of the check, for counting and tests
	Severity Severity // what it does to the row
	Text     string   // what is wrong and what happens, in words
}

// FileError says that a file cannot be used at all. Its text is meant for the
// person who sent the file.
type FileError struct {
	File string
	Line int    // 0 when no one line is to blame
	Rule string // a short fixed name of the check
	Text string // what is wrong and what to do
}

func (e *FileError) Error() string {
	if e.File == "" {
		return e.Text
	}
	return e.File + ": " + e.Text
}

// Problem gives the same finding in the form rows use, to be listed with them.
func (e *FileError) Problem() Problem {
	return Problem{File: e.File, Line: e.Line, Rule: e.Rule, Severity: Error, Text: e.Text}
}

const shownValue = 40

// Short cuts a cell for showing: at most 40 characters, control characters as
// spaces, so that a list of problems stays readable and holds no whole row.
func Short(value string) string {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, value)
	if utf8.RuneCountInString(value) <= shownValue {
		return value
	}
	return string([]rune(value)[:shownValue]) + "…"
}
