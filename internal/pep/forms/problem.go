package forms

import (
	"fmt"
	"strings"
)

// Problem is a mistake in a file of forms: where it is, and what to do about it.
type Problem struct {
	File string
	Line int    // 0: of the whole file
	Path string // the way down to it, by keys: sections.care.questions.care_now.max
	Text string
}

// String is one line, as start-up and the doctor report it.
func (p Problem) String() string {
	at := p.File
	if p.Line > 0 {
		at += fmt.Sprintf(", line %d", p.Line)
	}
	if p.Path != "" {
		at += ", " + p.Path
	}
	return at + ": " + p.Text
}

// Faulty is every problem of every file, so that an author can put them right in one go.
type Faulty []Problem

// Error lists them, one a line.
func (f Faulty) Error() string {
	lines := []string{"the forms for Personal Education Plans need correcting:"}
	for _, problem := range f {
		lines = append(lines, problem.String())
	}
	return strings.Join(lines, "\n")
}
