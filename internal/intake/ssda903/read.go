package ssda903

import (
	"errors"
	"fmt"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
)

// Read reads the files of one return: the CSV tables, in any order and under any
// names, or the XML. today is used to notice dates that lie in the future.
//
// A file that cannot be used as a whole is reported in Return.Files as refused
// and does not stop the others. The error is a *table.FileError when there is
// nothing to go on: no Header table and no XML could be read.
func Read(files []*table.File, today calendar.Date) (*Return, error) {
	r := &reader{today: today, tables: map[Kind][]record{}, from: map[Kind]string{}, ret: &Return{}, byID: map[string]*Child{}, born: map[*Child]bool{}}
	var first error
	for _, f := range files {
		err := r.readFile(f)
		var refused *table.FileError
		if err != nil && !errors.As(err, &refused) {
			return nil, err
		}
		if refused != nil {
			r.ret.Files = append(r.ret.Files, FileReport{Name: refused.File, State: StateRefused, Text: refused.Text})
			r.ret.Problems = append(r.ret.Problems, refused.Problem())
			if first == nil {
				first = refused
			}
		}
	}
	if _, ok := r.from[HeaderTable]; !ok {
		return nil, r.nothingToGoOn(first)
	}
	r.headers()
	r.episodes()
	r.reviews()
	r.unaccompanied()
	r.scores()
	r.permanence()
	r.sortProblems()
	return r.ret, nil
}

func (r *reader) readFile(f *table.File) error {
	if f.Kind == table.XML {
		return r.readXML(f)
	}
	return r.readTable(f)
}

// nothingToGoOn explains an upload without a Header.
func (r *reader) nothingToGoOn(first error) error {
	if first != nil {
		return first
	}
	for _, f := range r.ret.Files {
		return &table.FileError{File: f.Name, Rule: "no-header-table", Text: fmt.Sprintf(
			"This looks like the %s table of the children looked after return (SSDA903). Send the Header table with it: without it nobody can be sure whom the rows are about.", f.Kind)}
	}
	return &table.FileError{Rule: "no-file", Text: "Send the files of the children looked after return (SSDA903): the CSV tables or the XML."}
}
