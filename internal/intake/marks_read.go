package intake

import (
	"errors"
	"fmt"

	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/intake/table"
)

// pieceOfMarks is how many marks go to the database at once, and how many findings at most come with them.
const pieceOfMarks = 50_000

// piece is some tens of thousands of marks of a file, with what was found wrong while they were read.
type piece struct {
	marks []attendance.Mark
	from  []origin // of each mark
	found []finding
	rows  int // of the file that were read so far
}

// origin is where a mark stands.
type origin struct {
	line   int
	column string
	laID   string
}

// finding is a problem, and whether it is to be counted: a row with two is one that is wrong.
type finding struct {
	counts bool
	table.Problem
}

// reading is a file of marks being read ahead: the next piece is read while the database keeps the one before.
type reading struct {
	pieces chan *piece
	ended  chan struct{} // closed by whoever wants no more
	places *places
	file   *table.File
	next   *piece

	// Once pieces is closed:
	sum sheet.Summary
	err error // nil, or what ended the reading early
}

// errEnded stops a reading of which no more is wanted.
var errEnded = errors.New("reading ended")

// readPieces begins to read. Whoever calls it takes from pieces until it is closed or calls stop.
func readPieces(plan *sheet.Plan, file *table.File, places *places) *reading {
	r := &reading{pieces: make(chan *piece), ended: make(chan struct{}), places: places, file: file, next: &piece{}}
	go func() {
		defer close(r.pieces)
		defer func() {
			if cause := recover(); cause != nil { // whoever runs the import is told, as of any other mishap
				r.err = fmt.Errorf("read %s: %v", file.Name, cause)
			}
		}()
		wrongRow := 0
		r.sum, r.err = plan.Read(file, r.take, func(p table.Problem) {
			p.About = places.about(p.About)
			r.next.found = append(r.next.found, finding{p.Severity == table.Error && p.Line != wrongRow, p})
			if p.Severity == table.Error {
				wrongRow = p.Line
			}
			if len(r.next.found) >= pieceOfMarks {
				_ = r.give(p.Line) // when it ended, the next mark ends the reading
			}
		})
		if r.err == nil {
			r.err = r.give(r.sum.Rows)
		}
	}()
	return r
}

// stop ends the reading and waits until it has let go of the file.
func (r *reading) stop() {
	close(r.ended)
	for range r.pieces {
	}
}

// take finds out whose a mark is and where, and puts it to its piece.
func (r *reading) take(s sheet.Mark) error {
	p := r.next
	if p.marks == nil {
		p.marks, p.from = make([]attendance.Mark, 0, pieceOfMarks), make([]origin, 0, pieceOfMarks)
	}
	if at, refused := r.places.find(s); refused == nil {
		p.marks = append(p.marks, attendance.Mark{ChildID: at.childID, SettingID: at.settingID, Day: s.Day, Session: s.Session, Code: s.Code})
		p.from = append(p.from, origin{s.Line, s.Column, at.laID})
	} else {
		p.found = append(p.found, finding{true, table.Problem{File: r.file.Name, Line: s.Line, Column: refused.column, About: table.Short(r.places.about(firstOf(s.ChildID, s.UPN))),
			Rule: refused.rule, Severity: table.Error, Text: refused.text}})
	}
	if len(p.marks) < pieceOfMarks && len(p.found) < pieceOfMarks {
		return nil
	}
	return r.give(s.Line)
}

// give hands a piece on, and begins another.
func (r *reading) give(rows int) error {
	p := r.next
	p.rows, r.next = rows, &piece{}
	select {
	case r.pieces <- p:
		return nil
	case <-r.ended:
		return errEnded
	}
}
