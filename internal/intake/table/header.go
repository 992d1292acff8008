package table

import (
	"strings"
	"unicode"
)

// Header is the first row of a table, for finding columns by name.
type Header struct {
	Names []string // as written, cleaned of stray spaces
	Line  int
	at    map[string]int
	twice map[string]bool
}

func newHeader(cells []string, line int) Header {
	h := Header{Names: make([]string, len(cells)), Line: line, at: map[string]int{}, twice: map[string]bool{}}
	for i, cell := range cells {
		h.Names[i] = Clean(cell)
		key := Key(cell)
		if key == "" {
			continue
		}
		if _, seen := h.at[key]; seen {
			h.twice[key] = true
			continue
		}
		h.at[key] = i
	}
	return h
}

// Find gives the place of the first of the given names that the header holds,
// or -1. Capitals and spaces make no difference.
func (h Header) Find(names ...string) int {
	for _, name := range names {
		if i, ok := h.at[Key(name)]; ok {
			return i
		}
	}
	return -1
}

// Has says whether every one of the given names is in the header.
func (h Header) Has(names ...string) bool { return len(h.Missing(names...)) == 0 }

// Missing gives those of the names that the header lacks.
func (h Header) Missing(names ...string) []string {
	var missing []string
	for _, name := range names {
		if h.Find(name) < 0 {
			missing = append(missing, name)
		}
	}
	return missing
}

// Twice says whether a column of this name stands in the header more than once,
// so that nobody can tell which of them is meant.
func (h Header) Twice(name string) bool { return h.twice[Key(name)] }

// Others gives the columns of the header that are in none of the names.
func (h Header) Others(names []string) []string {
	known := make(map[string]bool, len(names))
	for _, name := range names {
		known[Key(name)] = true
	}
	var others []string
	for _, name := range h.Names {
		if key := Key(name); key != "" && !known[key] {
			others = append(others, name)
		}
	}
	return others
}

// Key is a column name made comparable: no byte order mark, runs of spaces
// (the no-break space among them) as one, small letters.
func Key(name string) string { return strings.ToLower(Clean(name)) }

// Clean tidies a cell: spaces of every kind collapsed and trimmed, invisible
// marks dropped, and the apostrophe removed that spreadsheets and careful
// exports put before a value to keep it as text.
func Clean(cell string) string {
	if plain(cell) {
		return cell
	}
	cell = strings.Map(func(r rune) rune {
		switch r {
		case '\ufeff', '\u200b', '\u200e', '\u200f':
			return -1
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, cell)
	cell = strings.Join(strings.Fields(cell), " ")
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte("=+-@0123456789", cell[1]) >= 0 {
		cell = cell[1:]
	}
	return cell
}

// plain says that Clean has nothing to do, which is so for nearly every cell.
func plain(cell string) bool {
	space := true
	for i := 0; i < len(cell); i++ {
		c := cell[i]
		if c >= 0x80 || c < ' ' || c == '\'' && i == 0 || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || cell == ""
}

// Blank says whether a cell holds nothing or one of the words that systems
// write for nothing. Only for columns in which such a word cannot be data.
func Blank(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "na", "n/a", "#n/a", "null", "-", "none", "not applicable":
		return true
	}
	return false
}

// Broken says whether a cell holds what a spreadsheet writes when a formula failed.
func Broken(cell string) bool {
	switch cell {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!":
		return true
	}
	return false
}
