package calendar

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// TermRow is one term read from a file, with whose it is: a council (LA), a
// school (SchoolURN), or neither when the file says neither.
type TermRow struct {
	Line          int
	LA, SchoolURN string
	Term          Term
}

// LineProblem is something to put right in a file, by line; Column is empty
// when it is about the line as a whole.
type LineProblem struct {
	Line         int
	Column, Text string
}

var termColumns = []string{"academic_year", "term", "starts", "half_term_from", "half_term_to", "ends"}

// ParseTermDates reads term dates from a CSV with the columns academic_year,
// term, starts, half_term_from, half_term_to and ends, optionally la and
// school_urn, found by name in any order; other columns are ignored. Days may
// be written 2026-09-01 or 01/09/2026. Lines with a problem are left out of
// rows and listed. The error is for a file that cannot be read at all.
func ParseTermDates(r io.Reader) (rows []TermRow, problems []LineProblem, err error) {
	file := csv.NewReader(withoutBOM(r))
	file.FieldsPerRecord = -1
	file.TrimLeadingSpace = true
	header, err := file.Read()
	if err != nil {
		return nil, nil, errors.New("the file is empty or is not a CSV file")
	}
	column := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.Join(strings.Fields(name), "_"))
		if _, seen := column[name]; !seen {
			column[name] = i
		}
	}
	for _, name := range termColumns {
		if _, ok := column[name]; !ok {
			return nil, nil, fmt.Errorf("the file has no column called %s", name)
		}
	}
	type owner struct {
		la, school, term string
		year             int
	}
	first := map[owner]int{}
	for {
		record, err := file.Read()
		if errors.Is(err, io.EOF) {
			return rows, problems, nil
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			return rows, append(problems, LineProblem{Line: broken.Line, Text: "the quotation marks on this line do not match, so the rest of the file was not read"}), nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("the file could not be read: %w", err)
		}
		line, _ := file.FieldPos(0)
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		if len(record) != len(header) {
			problems = append(problems, LineProblem{Line: line, Text: fmt.Sprintf("has %d values where the heading has %d", len(record), len(header))})
			continue
		}
		cell := func(name string) string {
			if i, ok := column[name]; ok {
				return strings.TrimSpace(record[i])
			}
			return ""
		}
		row, wrong := readTerm(line, cell)
		if len(wrong) > 0 {
			problems = append(problems, wrong...)
			continue
		}
		key := owner{row.LA, row.SchoolURN, row.Term.Name, row.Term.AcademicYear}
		if earlier, again := first[key]; again {
			problems = append(problems, LineProblem{line, "term", fmt.Sprintf("the same term is already on line %d", earlier)})
			continue
		}
		first[key] = line
		rows = append(rows, row)
	}
}

// readTerm reads one line's cells, gathering everything wrong with it.
func readTerm(line int, cell func(string) string) (TermRow, []LineProblem) {
	var problems []LineProblem
	note := func(column, text string) { problems = append(problems, LineProblem{line, column, text}) }
	day := func(column string, required bool) Date {
		text := cell(column)
		if text == "" {
			if required {
				note(column, "is empty")
			}
			return Date{}
		}
		d, err := parseFileDay(text)
		if err != nil {
			note(column, err.Error())
		}
		return d
	}
	row := TermRow{Line: line, LA: cell("la"), SchoolURN: cell("school_urn")}
	year, err := ParseAcademicYear(cell("academic_year"))
	if err != nil {
		note("academic_year", err.Error())
	}
	t := Term{
		AcademicYear: year,
		Name:         strings.ToLower(cell("term")),
		Starts:       day("starts", true), Ends: day("ends", true),
		HalfTermFrom: day("half_term_from", false), HalfTermTo: day("half_term_to", false),
	}
	if !slices.Contains([]string{Autumn, Spring, Summer}, t.Name) {
		note("term", "must be autumn, spring or summer")
	}
	if len(problems) > 0 {
		return row, problems
	}
	inYear := AcademicYearRange(year)
	switch {
	case t.Ends.Before(t.Starts):
		note("ends", "is before the term starts")
	case !inYear.Contains(t.Starts) || !inYear.Contains(t.Ends):
		note("academic_year", "the term is not in the academic year "+AcademicYearLabel(year))
	case t.HalfTermFrom.IsZero() != t.HalfTermTo.IsZero():
		note("half_term_to", "give both the first and the last day of half-term, or neither")
	case !t.HalfTermFrom.IsZero() && t.HalfTermTo.Before(t.HalfTermFrom):
		note("half_term_to", "is before half-term starts")
	case !t.HalfTermFrom.IsZero() && (!t.Contains(t.HalfTermFrom) || !t.Contains(t.HalfTermTo)):
		note("half_term_from", "half-term is not inside the term")
	}
	row.Term = t
	return row, problems
}

// parseFileDay reads 2026-09-01 or 01/09/2026, the two ways files write a day.
func parseFileDay(text string) (Date, error) {
	if d, err := Parse(text); err == nil {
		return d, nil
	}
	if parts := strings.Split(text, "/"); len(parts) == 3 {
		if d, err := ParseInput(parts[0], parts[1], parts[2]); err == nil {
			return d, nil
		}
	}
	return Date{}, errors.New("must be a real date written like 2026-09-01 or 01/09/2026")
}

// withoutBOM skips the byte order mark that spreadsheets put first.
func withoutBOM(r io.Reader) io.Reader {
	buffered := bufio.NewReader(r)
	if start, err := buffered.Peek(3); err == nil && string(start) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	return buffered
}
