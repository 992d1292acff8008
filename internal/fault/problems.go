package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Problem is one thing to correct: the form field's name and a sentence saying
// how to put it right. An empty Field is a problem with the form as a whole.
type Problem struct{ Field, Text string }

// Problems are gathered while checking a form. The zero value is ready to use.
type Problems []Problem

// Add notes a problem with a field.
func (p *Problems) Add(field, text string) { *p = append(*p, Problem{Field: field, Text: text}) }

// Addf is Add with formatting.
func (p *Problems) Addf(field, format string, args ...any) {
	p.Add(field, fmt.Sprintf(format, args...))
}

// AddErr notes err's sentence as a problem with a field; a nil err adds nothing.
// Use it only with errors whose text is written for people, such as those of
// the money and identifier packages.
func (p *Problems) AddErr(field string, err error) {
	if err != nil {
		p.Add(field, err.Error())
	}
}

// Err is nil when there are no problems, otherwise a KindInvalid fault that
// carries them.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	f := build(KindInvalid, "", nil)
	f.problems = p
	if len(p) == 1 {
		f.words = p[0].Text
	}
	return f
}

// Shown is the problems in order with only the first for each field, as an
// error summary lists them.
func (p Problems) Shown() Problems {
	var shown Problems
	seen := make(map[string]bool, len(p))
	for _, problem := range p {
		if !seen[problem.Field] {
			seen[problem.Field] = true
			shown = append(shown, problem)
		}
	}
	return shown
}

// Text is the first problem with a field, or empty.
func (p Problems) Text(field string) string {
	for _, problem := range p {
		if problem.Field == field {
			return problem.Text
		}
	}
	return ""
}

// Has reports whether a field has a problem.
func (p Problems) Has(field string) bool {
	for _, problem := range p {
		if problem.Field == field {
			return true
		}
	}
	return false
}

func (p Problems) fields() string {
	var names []string
	for _, problem := range p.Shown() {
		if problem.Field == "" {
			names = append(names, "(whole form)")
			continue
		}
		names = append(names, problem.Field)
	}
	return strings.Join(names, ", ")
}

// Of gives the problems that err carries, or nil.
func Of(err error) Problems {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.problems
	}
	return nil
}
