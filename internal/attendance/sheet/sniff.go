package sheet

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/intake/table"
)

// Unsaid says that the headings do not tell which column holds what, so that a person has to.
type Unsaid struct {
	File     string
	Line     int
	Headings []string // those that are not days, without blanks
	Text     string   // what is missing, in words for the sender

	Fingerprint string // under which what is said of them is remembered
}

func (u *Unsaid) Error() string { return fmt.Sprintf("%s, line %d: %s", u.File, u.Line, u.Text) }

// Plan is how a table is to be read.
type Plan struct {
	Columns Columns
	// Local says what a code stands for that is no national one, at the school of a mark; false when nobody
	// has said so. Nil: nobody is asked.
	Local func(about Mark, written string) (mark.Code, bool)

	shape     shape
	days      []dayColumn
	below     int // the line of the row that says AM and PM; 0: none
	sevenDays bool

	childID, upn, school, date, session, mark, am, pm, week, start, marks int
}

// Words say how the table is read, for whoever confirms it.
func (p *Plan) Words() string {
	words := "Read as " + p.shape.words()
	if p.shape == packed && p.sevenDays {
		return words + ", with Saturdays and Sundays in it"
	}
	if p.shape == packed {
		return words + ", of weekdays only"
	}
	return words
}

// Looks says whether a header is likely one of marks: it names children and marks, or days.
func Looks(h table.Header) bool {
	found := recognise(h, Columns{})
	days, wrong := dayColumns(h.Names, nil)
	return (found.ChildID != "" || found.UPN != "") && (wrong != "" || found.shape(days) != unknownShape)
}

// Sniff finds out how a table is laid out. said are columns that a person named for files with these
// headings. The error is *Unsaid when a person has to, or a *table.FileError when the file cannot be used.
func Sniff(file *table.File, said func(fingerprint string) Columns) (*Plan, error) {
	rows, err := file.Rows(func(table.Problem) {})
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	h := rows.Header
	p := &Plan{Columns: recognise(h, known(h, said(Fingerprint(h.Names))))}
	var below []mark.Session
	for first := range rows.All() {
		if below = sessionsBelow(first.Cells); below != nil {
			p.below = first.Line
		}
		break
	}
	refuse := func(rule, text string) error {
		return &table.FileError{File: file.Name, Line: h.Line, Rule: rule, Text: text}
	}
	var wrong string
	if p.days, wrong = dayColumns(h.Names, below); wrong != "" {
		return nil, refuse("day-heading", wrong)
	}
	if err := p.weekly(h); err != "" {
		return nil, refuse("no-week", err)
	}
	unsaid := func(text string) error {
		u := &Unsaid{File: file.Name, Line: h.Line, Text: text, Fingerprint: Fingerprint(h.Names)}
		for at, name := range h.Names {
			if name != "" && !slices.ContainsFunc(p.days, func(d dayColumn) bool { return d.at == at }) {
				u.Headings = append(u.Headings, name)
			}
		}
		return u
	}
	if p.Columns.ChildID == "" && p.Columns.UPN == "" {
		return nil, unsaid("No heading says which child a row is about. Say which column holds the UPN, or the council’s identifier of the child.")
	}
	if p.shape = p.Columns.shape(p.days); p.shape == unknownShape {
		return nil, unsaid("The headings do not say where the marks are. Say which columns hold the date, the session and the mark.")
	}
	for _, role := range Roles {
		if heading := role.Of(p.Columns); heading != "" && twice(h, heading) {
			return nil, refuse("column-twice", fmt.Sprintf("The column “%s” stands in the header twice. Remove one of them.", table.Short(heading)))
		}
	}
	p.place(h)
	if p.shape == packed {
		if err := p.packing(file); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// known leaves of what was said the headings that this file has.
func known(h table.Header, said Columns) Columns {
	for _, role := range Roles {
		if heading := role.Of(said); heading != "" && find(h, heading) < 0 {
			role.Set(&said, "")
		}
	}
	return said
}

func twice(h table.Header, heading string) bool {
	n := 0
	for _, name := range h.Names {
		if key(name) == key(heading) {
			n++
		}
	}
	return n > 1
}

// weekly is what is wrong with columns that are days of the week: then the row has to say which week.
func (p *Plan) weekly(h table.Header) string {
	byWeekday := slices.ContainsFunc(p.days, func(d dayColumn) bool { return d.day.IsZero() })
	switch {
	case !byWeekday:
		return ""
	case p.Columns.Week == "" && p.Columns.Date != "":
		p.Columns.Week = p.Columns.Date // a row for each week, dated by one of its days
	case p.Columns.Week == "" && p.Columns.Start != "":
		p.Columns.Week = p.Columns.Start
	case p.Columns.Week == "":
		return fmt.Sprintf("The columns are days of the week (%s), but none says which week. Add a column “Week commencing” with a date in every row, or write the dates into the headings.",
			table.Short(strings.Join(weekdayHeadings(p.days), ", ")))
	}
	return ""
}

func weekdayHeadings(days []dayColumn) (names []string) {
	for _, d := range days {
		names = append(names, d.heading)
	}
	return names
}

func (p *Plan) place(h table.Header) {
	for _, c := range []struct {
		at   *int
		name string
	}{
		{&p.childID, p.Columns.ChildID}, {&p.upn, p.Columns.UPN}, {&p.school, p.Columns.School}, {&p.date, p.Columns.Date}, {&p.session, p.Columns.Session},
		{&p.mark, p.Columns.Mark}, {&p.am, p.Columns.AM}, {&p.pm, p.Columns.PM}, {&p.week, p.Columns.Week}, {&p.start, p.Columns.Start}, {&p.marks, p.Columns.Marks},
	} {
		if *c.at = -1; c.name != "" {
			*c.at = find(h, c.name)
		}
	}
}
