package mark

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/calendar"
)

// Code is a mark as the register has it: "/", "\", "L", "C1". The empty code is no mark.
type Code string

// Session is the half of a school day a mark is for.
type Session string

// The two sessions, in order.
const (
	AM Session = "AM"
	PM Session = "PM"
)

// Sessions are morning and afternoon.
var Sessions = []Session{AM, PM}

// Class is how a mark is counted (R17).
type Class string

// The classes. Possible sessions are those of the first four (R18).
const (
	Present        Class = "present"
	Elsewhere      Class = "elsewhere"      // at approved education off site; counted as attended
	Authorised     Class = "authorised"     // absent, authorised
	Unauthorised   Class = "unauthorised"   // absent, unauthorised
	NotPossible    Class = "not possible"   // not a session this child could attend
	Administrative Class = "administrative" // not about the child's attendance at all
)

// Classes are all of them, in the order they are explained.
var Classes = []Class{Present, Elsewhere, Authorised, Unauthorised, NotPossible, Administrative}

// Possible says whether a session of this class is one the child could attend (R18).
func (c Class) Possible() bool { return c.Attended() || c.Absent() }

// Attended says whether it counts as attended (R19).
func (c Class) Attended() bool { return c == Present || c == Elsewhere }

// Absent says whether it counts as missed, authorised or not (R20).
func (c Class) Absent() bool { return c == Authorised || c == Unauthorised }

// Codes that figures speak of by themselves.
const (
	Late       Code = "L" // attended, after the register opened
	LateClosed Code = "U" // came after the register closed: absent for the session
	Unknown    Code = "N" // a reason is to be found within five school days (R23)
	Suspended  Code = "E"
	PartTime   Code = "C2"
	Dual       Code = "D" // the other school has the session
)

// Meaning is what a code means from one day to another, both included; a zero day is open.
type Meaning struct {
	Code     Code
	Name     string
	Class    Class
	Session  Session // empty: either
	From, To calendar.Date
	Column   string // in the department's published statistics; empty: in none of their totals
}

// On says whether the code has this meaning on a day.
func (m Meaning) On(day calendar.Date) bool {
	return !day.Before(m.From) && (m.To.IsZero() || !day.After(m.To))
}

// Table is a dated code table.
type Table struct {
	meanings []Meaning
	byCode   map[Code][]Meaning
}

//go:embed codes.csv
var published string

// National is the table of England's attendance codes.
var National = func() Table {
	table, err := Read(published)
	if err != nil {
		panic(err)
	}
	return table
}()

// Read reads a table in the form of codes.csv. No two meanings of a code may overlap.
func Read(text string) (Table, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return Table{}, fmt.Errorf("attendance codes: %w", err)
	}
	t := Table{byCode: map[Code][]Meaning{}}
	for n, row := range rows {
		if n == 0 {
			continue
		}
		m := Meaning{Code: Code(row[0]), Name: row[1], Class: Class(row[2]), Session: Session(row[3]), Column: row[6]}
		if m.From, err = day(row[4]); err == nil {
			m.To, err = day(row[5])
		}
		if err != nil {
			return Table{}, fmt.Errorf("attendance codes: line %d: %w", n+1, err)
		}
		if m.Code == "" || !slices.Contains(Classes, m.Class) || (m.Session != "" && !slices.Contains(Sessions, m.Session)) {
			return Table{}, fmt.Errorf("attendance codes: line %d is not a code, its class and its session", n+1)
		}
		for _, other := range t.byCode[m.Code] {
			if (other.To.IsZero() || !m.From.After(other.To)) && (m.To.IsZero() || !other.From.After(m.To)) {
				return Table{}, fmt.Errorf("attendance codes: line %d: %s has two meanings on one day", n+1, m.Code)
			}
		}
		t.meanings = append(t.meanings, m)
		t.byCode[m.Code] = append(t.byCode[m.Code], m)
	}
	return t, nil
}

func day(text string) (calendar.Date, error) {
	if text == "" {
		return calendar.Date{}, nil
	}
	return calendar.Parse(text)
}

// Meanings are the table's rows, for a page that explains the codes and for counting in the database.
func (t Table) Meanings() []Meaning { return slices.Clone(t.meanings) }

// Meaning is what a code means in a session of a day. It is false for a code that is not in the
// table, was not in force on that day, or is the other session's stroke.
func (t Table) Meaning(code Code, day calendar.Date, session Session) (Meaning, bool) {
	for _, m := range t.byCode[code] {
		if m.On(day) && (m.Session == "" || m.Session == session) {
			return m, true
		}
	}
	return Meaning{}, false
}

// Class is how a code is counted in a session of a day (R17); false as in Meaning.
func (t Table) Class(code Code, day calendar.Date, session Session) (Class, bool) {
	m, known := t.Meaning(code, day, session)
	return m.Class, known
}

// Name is what a code means on a day, in words; the code itself when it means nothing then.
func (t Table) Name(code Code, day calendar.Date) string {
	for _, m := range t.byCode[code] {
		if m.On(day) {
			return m.Name
		}
	}
	return string(code)
}

// Name is what a code means now, in words, or what it last meant.
func Name(code Code) string {
	name := string(code)
	var last calendar.Date
	for n, m := range National.byCode[code] {
		if m.To.IsZero() {
			return m.Name
		}
		if n == 0 || m.To.After(last) {
			name, last = m.Name, m.To
		}
	}
	return name
}
