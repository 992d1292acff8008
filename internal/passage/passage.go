package passage

import "strings"

// Open and Close stand around words that are about somebody else, or came from them: whoever writes a note
// or a plan puts them there, and they are looked at before the record is shared.
const (
	Open  = "[["
	Close = "]]"
)

// Segment is a stretch of a text.
type Segment struct {
	Text   string
	Marked bool
}

// Segments splits a text at its marks. A mark that is not closed runs to the end of the text, so that a
// forgotten bracket hides too much and not too little; one that closes nothing is text.
func Segments(text string) []Segment {
	var list []Segment
	add := func(text string, marked bool) {
		if text != "" {
			list = append(list, Segment{Text: text, Marked: marked})
		}
	}
	for {
		before, after, found := strings.Cut(text, Open)
		if !found {
			add(text, false)
			return list
		}
		add(before, false)
		inside, rest, closed := strings.Cut(after, Close)
		add(strings.ReplaceAll(inside, Open, ""), true)
		if !closed {
			return list
		}
		text = rest
	}
}

// Marked says whether anything of a text is marked.
func Marked(text string) bool {
	for _, segment := range Segments(text) {
		if segment.Marked {
			return true
		}
	}
	return false
}

// Plain is a text without its marks.
func Plain(text string) string {
	var b strings.Builder
	for _, segment := range Segments(text) {
		b.WriteString(segment.Text)
	}
	return b.String()
}

// LeftOut stands where words are left out.
const LeftOut = "[left out]"

// WithoutMarked is a text with LeftOut in the place of what is marked in it.
func WithoutMarked(text string) string {
	var b strings.Builder
	for _, segment := range Segments(text) {
		if segment.Marked {
			b.WriteString(LeftOut)
			continue
		}
		b.WriteString(segment.Text)
	}
	return b.String()
}
