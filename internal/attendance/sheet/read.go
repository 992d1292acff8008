package sheet

import (
	"fmt"
	"strings"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/table"
)

// Mark is one session as a file has it. Its texts share memory with the row: clone what is kept.
type Mark struct {
	Line    int
	Column  string // the heading it stands under
	ChildID string // the authority's identifier; empty: only the UPN is given
	UPN     string
	URN     string // of the school; empty: the file does not say
	Day     calendar.Date
	Session mark.Session
	Code    mark.Code
}

// Summary is what came of reading a file.
type Summary struct {
	Rows   int
	Marks  int // handed out
	Blanks int // sessions without a mark, which are missing and nothing else (R24)
}

// Read hands out the marks of a file, in its order, and tells problem what is wrong. A row with an error is
// left out whole, a wrong mark alone. It stops with the error yield gives, or with a *table.FileError.
func (p *Plan) Read(file *table.File, yield func(Mark) error, problem func(table.Problem)) (Summary, error) {
	rows, err := file.Rows(problem)
	if err != nil {
		return Summary{}, err
	}
	defer rows.Close()
	r := &reader{plan: p, file: file.Name, yield: yield, problem: problem, codes: map[string]mark.Code{}, dates: map[string]calendar.Date{}}
	for row := range rows.All() {
		if row.Line == p.below {
			continue
		}
		r.row = row
		r.sum.Rows++
		if !r.about() {
			continue
		}
		switch p.shape {
		case bySession:
			r.oneSession()
		case byDay:
			r.oneDay()
		case wide:
			r.manyDays()
		case packed:
			r.string()
		}
		if r.err != nil {
			return r.sum, r.err
		}
	}
	return r.sum, rows.Err()
}

// mostDates is how many dates are remembered as they are written: those of many years.
const mostDates = 10_000

type reader struct {
	plan    *Plan
	file    string
	yield   func(Mark) error
	problem func(table.Problem)
	row     table.Row
	child   Mark   // whom the row is about
	urn     string // of the last row, which was well
	// Marks and dates that were read before: a register has few of either, again and again.
	codes map[string]mark.Code
	dates map[string]calendar.Date
	sum   Summary
	err   error
}

func (r *reader) say(column, value, rule, text string) {
	about := r.child.ChildID
	if about == "" {
		about = r.child.UPN
	}
	r.problem(table.Problem{File: r.file, Line: r.row.Line, About: table.Short(about), Column: column, Value: table.Short(value), Rule: rule, Severity: table.Error, Text: text})
}

// about reads whom a row is about; false when it does not say.
func (r *reader) about() bool {
	c := r.plan.Columns
	r.child = Mark{Line: r.row.Line, ChildID: r.row.Get(r.plan.childID), UPN: r.row.Get(r.plan.upn), URN: r.row.Get(r.plan.school)}
	if r.child.ChildID == "" && r.child.UPN == "" {
		column := c.ChildID
		if column == "" {
			column = c.UPN
		}
		r.say(column, "", "no-child", "The row does not say which child it is about. Fill in the identifier, or remove the row.")
		return false
	}
	if r.child.UPN != "" {
		upn, quality, words := identifier.CheckUPN(r.child.UPN)
		switch {
		case quality.Usable():
			r.child.UPN = string(upn)
		case r.child.ChildID == "":
			if words == "" {
				words = "This is a code for having no UPN"
			}
			r.say(c.UPN, r.child.UPN, "bad-upn", words+".")
			return false
		}
	}
	if r.child.URN != "" && r.child.URN != r.urn {
		if _, err := identifier.ParseURN(r.child.URN); err != nil {
			r.say(c.School, r.child.URN, "bad-urn", err.Error()+".")
			return false
		}
		r.urn = strings.Clone(r.child.URN)
	}
	return true
}

// date reads the date of a column; false when it has none.
func (r *reader) date(at int, column string) (calendar.Date, bool) {
	text := r.row.Get(at)
	if day, known := r.dates[text]; known {
		return day, true
	}
	day, err := table.ParseDate(text)
	switch {
	case err != nil:
		r.say(column, text, "bad-date", fmt.Sprintf("%s %s.", column, err))
		return calendar.Date{}, false
	case day.IsZero():
		r.say(column, "", "no-date", "There is no date. Write it like 17/11/2025.")
		return calendar.Date{}, false
	}
	if len(r.dates) < mostDates {
		r.dates[strings.Clone(text)] = day
	}
	return day, true
}

// code reads one mark of a day; false when it is none of any year, nor one of the school's own.
func (r *reader) code(text, column string, day calendar.Date) (mark.Code, bool) {
	if code, known := r.codes[text]; known {
		return code, true
	}
	code, err := mark.Parse(text)
	if err != nil {
		if code, known := r.local(text, day); known {
			return code, true
		}
		r.say(column, text, "bad-mark", ended(err.Error()))
		return "", false
	}
	r.codes[strings.Clone(text)] = code
	return code, true
}

// local reads a code of the school's own.
func (r *reader) local(text string, day calendar.Date) (mark.Code, bool) {
	if r.plan.Local == nil {
		return "", false
	}
	about := r.child
	about.Day = day
	return r.plan.Local(about, mark.Plain(text))
}

func ended(words string) string { return strings.TrimSuffix(words, ".") + "." }

func (r *reader) give(day calendar.Date, session mark.Session, code mark.Code, column string) {
	if r.err != nil {
		return
	}
	if code == "" {
		r.sum.Blanks++
		return
	}
	m := r.child
	m.Day, m.Session, m.Code, m.Column = day, session, code.At(session), column
	r.sum.Marks++
	r.err = r.yield(m)
}

func (r *reader) oneSession() {
	c := r.plan.Columns
	day, ok := r.date(r.plan.date, c.Date)
	if !ok {
		return
	}
	word := r.row.Get(r.plan.session)
	half, ok := session(word)
	if !ok {
		r.say(c.Session, word, "bad-session", "The session is AM or PM.")
		return
	}
	if code, ok := r.code(r.row.Get(r.plan.mark), c.Mark, day); ok {
		r.give(day, half, code, c.Mark)
	}
}

func (r *reader) oneDay() {
	c := r.plan.Columns
	day, ok := r.date(r.plan.date, c.Date)
	if !ok {
		return
	}
	if c.AM == "" && c.PM == "" {
		r.wholeDay(day, r.row.Get(r.plan.mark), c.Mark)
		return
	}
	for _, half := range []struct {
		session mark.Session
		at      int
		column  string
	}{{mark.AM, r.plan.am, c.AM}, {mark.PM, r.plan.pm, c.PM}} {
		if half.at < 0 {
			continue
		}
		if code, ok := r.code(r.row.Get(half.at), half.column, day); ok {
			r.give(day, half.session, code, half.column)
		}
	}
}

// wholeDay reads a cell with both sessions of a day.
func (r *reader) wholeDay(day calendar.Date, text, column string) {
	am, pm, err := mark.ParseDay(text)
	if first, second, parted := mark.SplitDay(text); err != nil && parted {
		var ok, too bool
		am, ok = r.code(first, column, day)
		if pm, too = r.code(second, column, day); !ok || !too {
			return
		}
	} else if err != nil {
		r.say(column, text, "bad-mark", ended(err.Error()))
		return
	}
	r.give(day, mark.AM, am, column)
	r.give(day, mark.PM, pm, column)
}

func (r *reader) manyDays() {
	var monday calendar.Date
	if r.plan.week >= 0 {
		day, ok := r.date(r.plan.week, r.plan.Columns.Week)
		if !ok {
			return
		}
		monday = day.Monday()
	}
	for _, d := range r.plan.days {
		day := d.day
		if day.IsZero() {
			day = monday.AddDays(int(d.weekday+6) % 7)
		}
		text := r.row.Get(d.at)
		if d.session == "" {
			r.wholeDay(day, text, d.heading)
		} else if code, ok := r.code(text, d.heading, day); ok {
			r.give(day, d.session, code, d.heading)
		}
	}
}

func (r *reader) string() {
	c := r.plan.Columns
	start, ok := r.date(r.plan.start, c.Start)
	if !ok {
		return
	}
	if day := start.Weekday(); !r.plan.sevenDays && (day == 0 || day == 6) {
		r.say(c.Start, start.String(), "weekend", "The string begins on a "+day.String()+", but has no weekends in it. Give the first day of school.")
		return
	}
	text := r.row.Get(r.plan.marks)
	codes, err := unpack(text, func(one string) (mark.Code, error) {
		code, err := mark.Parse(one)
		if local, known := r.local(one, start); err != nil && known {
			return local, nil
		}
		return code, err
	})
	if err != nil {
		r.say(c.Marks, text, "bad-mark", ended(err.Error()))
		return
	}
	for n, code := range codes {
		r.give(r.plan.dayOf(start, n), mark.Sessions[n%2], code, c.Marks)
	}
}
