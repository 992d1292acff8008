package record

import (
	"fmt"
	"strings"
)

// source says how the rows of one table are read.
type source struct {
	table   string
	chapter Chapter
	title   string
	from    string // what is joined to the table t, or a select of its own in its place
	key     string // tells two rows apart, as SQL; t.id when empty
	order   string // t.id when empty
	fields  []field
	leaves  []string // columns that are not shown: see leaves in the test
}

// field is one thing to read of a row.
type field struct {
	label  string
	sql    string
	say    func(string) string // how it is said; nil: as it is
	typed  bool                // somebody typed it: a passage
	about  string              // SQL that is true when its writer said all of it is about somebody else
	file   bool                // the document of the row goes with it
	answer bool                // an answer of a plan, labelled by its question
	quiet  bool                // small print: who wrote it and when
	group  bool                // what entries one after the other are about, said once above them
}

func fact(label, sql string) field  { return field{label: label, sql: sql} }
func typed(label, sql string) field { return field{label: label, sql: sql, typed: true} }

func said(label, sql string, say func(string) string) field {
	return field{label: label, sql: sql, say: say}
}

func day(label, sql string) field    { return field{label: label, sql: sql, say: dayWords} }
func pounds(label, sql string) field { return field{label: label, sql: sql, say: poundWords} }
func yesNo(label, sql string) field  { return field{label: label, sql: sql, say: yesNoWords} }
func named(label, sql string) field  { return field{label: label, sql: sql, say: nameWords} }

func code(label, sql, set string) field {
	return field{label: label, sql: sql, say: codeWords(set)}
}

// by is the name of whose account it is, as small print; who is the same where it is what the entry says.
func by(label, sql string) field {
	return field{label: label, sql: `(select a.name from account a where a.id = ` + sql + `)`, quiet: true}
}

func who(label, sql string) field {
	f := by(label, sql)
	f.quiet = false
	return f
}

func school(label, sql string) field {
	return field{label: label, sql: `(select s.name from setting s where s.id = ` + sql + `)`}
}

// span is the first and the last day of a range.
func span(column string) []field {
	return []field{day("From", "lower("+column+")"), day("To", "upper("+column+") - 1")}
}

// with puts fields after others.
func with(first []field, more ...field) []field { return append(first, more...) }

func (s source) keySQL() string {
	if s.key == "" {
		return "t.id::text"
	}
	return s.key
}

// sql is the source's branch of the one statement that reads a record: its place among the sources, the
// row's key, its cells, and the cells whose writer said that all of them is about somebody else.
func (s source) sql(place int) string {
	cells, about := make([]string, len(s.fields)), make([]string, len(s.fields))
	for n, f := range s.fields {
		cells[n] = "coalesce((" + f.sql + ")::text, '')"
		about[n] = "false"
		if f.about != "" {
			about[n] = f.about
		}
	}
	from := s.table + " t " + s.from
	if strings.HasPrefix(s.from, "(") {
		from = s.from + " t"
	}
	where := "t.child_id = @child"
	if s.table == "child" {
		where = "t.id = @child"
	}
	order := s.order
	if order == "" {
		order = "t.id"
	}
	return fmt.Sprintf("(select %d as place, %s as key, array[%s] as cells, array[%s] as about, row_number() over (order by %s) as n from %s where %s)",
		place, s.keySQL(), strings.Join(cells, ", "), strings.Join(about, ", "), order, from, where)
}

// passage is the key of a field of a row: table, row, field.
func (s source) passage(row string, f int) string {
	return fmt.Sprintf("%s-%s-%d", s.table, row, f)
}
