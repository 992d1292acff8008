package yamlfile

import "fmt"

// Problem is a mistake in a file: where it is, and what to do about it.
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
