package record

import (
	"strings"

	"virtualschool/internal/passage"
)

// Chapter is a stretch of a life: what is held about one side of it.
type Chapter string

// The chapters, in the order in which they are read.
const (
	You         Chapter = "you"
	Care        Chapter = "care"
	Schools     Chapter = "schools"
	Plans       Chapter = "plans"
	Voice       Chapter = "voice"
	Attendance  Chapter = "attendance"
	Suspensions Chapter = "suspensions"
	Provision   Chapter = "provision"
	Money       Chapter = "money"
	Notes       Chapter = "notes"
	Documents   Chapter = "documents"
	People      Chapter = "people"
	Requests    Chapter = "requests"
	Looks       Chapter = "looks"
)

// Chapters are all of them, in order.
var Chapters = []Chapter{You, Care, Schools, Plans, Voice, Attendance, Suspensions, Provision, Money, Notes, Documents, People, Requests, Looks}

var chapterTitles = map[Chapter]string{
	You:         "Who you are",
	Care:        "Your time in care",
	Schools:     "Your schools and the help you have there",
	Plans:       "Your Personal Education Plans",
	Voice:       "What you said and asked for",
	Attendance:  "Your attendance",
	Suspensions: "Suspensions and exclusions",
	Provision:   "Shorter timetables and learning in other places",
	Money:       "Money asked for and spent for you",
	Notes:       "Notes about you",
	Documents:   "Documents",
	People:      "Who works with you and who could see your record",
	Requests:    "What was asked about your record, and put right",
	Looks:       "Who looked at your record and who changed it",
}

// Title is the chapter's heading. It speaks to the person the record is about.
func (c Chapter) Title() string { return chapterTitles[c] }

// Known says whether there is such a chapter.
func (c Chapter) Known() bool { return chapterTitles[c] != "" }

// ChapterOf is the chapter that a table's rows are read in; false for a table that a copy of a record leaves out.
func ChapterOf(table string) (Chapter, bool) {
	for _, s := range sources {
		if s.table == table {
			return s.chapter, true
		}
	}
	return "", false
}

// Record is what is held about a child.
type Record struct {
	Parts []Part
}

// Part is what one table holds, as a person reads it.
type Part struct {
	Chapter Chapter
	Title   string
	Entries []Entry
}

// Entry is one thing that is held: a stay, a target, a note.
type Entry struct {
	Values []Value
}

// Value is one fact of an entry.
type Value struct {
	Label   string
	Text    string
	Passage string // the key of a text that somebody typed; empty: no such text
	File    int64  // the number of a document whose content goes with it; 0: none
	// About says that whoever wrote it said the whole of it is about somebody else, or came from them.
	About bool
	Quiet bool // small print: who wrote it and when, where it is known from
	Group bool // what this entry and those after it are about, said once above them
}

// Proposed says whether it was marked when it was written: it is left out unless a reader decides otherwise.
func (v Value) Proposed() bool { return v.Passage != "" && (v.About || passage.Marked(v.Text)) }

// Of are the parts of one chapter that hold anything.
func (r Record) Of(chapter Chapter) []Part {
	var list []Part
	for _, part := range r.Parts {
		if part.Chapter == chapter && len(part.Entries) > 0 {
			list = append(list, part)
		}
	}
	return list
}

// Group is what an entry is about, in words; empty: nothing beside itself.
func (e Entry) Group() string {
	for _, value := range e.Values {
		if value.Group {
			return value.Label + ": " + value.Text
		}
	}
	return ""
}

// Main are the facts of an entry, without its small print.
func (e Entry) Main() []Value {
	var list []Value
	for _, value := range e.Values {
		if !value.Quiet && !value.Group {
			list = append(list, value)
		}
	}
	return list
}

// SmallPrint is who wrote an entry and when, in one line.
func (e Entry) SmallPrint() string {
	var words []string
	for _, value := range e.Values {
		if value.Quiet {
			words = append(words, value.Label+": "+value.Text)
		}
	}
	return strings.Join(words, " · ")
}

// Passages are the texts of a chapter that somebody typed, in order.
func (r Record) Passages(chapter Chapter) []Value {
	var list []Value
	for _, part := range r.Of(chapter) {
		for _, entry := range part.Entries {
			for _, value := range entry.Values {
				if value.Passage != "" {
					list = append(list, value)
				}
			}
		}
	}
	return list
}

// Passage finds a text by its key.
func (r Record) Passage(key string) (Value, Chapter, bool) {
	for _, chapter := range Chapters {
		for _, value := range r.Passages(chapter) {
			if value.Passage == key {
				return value, chapter, true
			}
		}
	}
	return Value{}, "", false
}

// Redact is the record as it is shared: each passage as share gives it back, and without the files whose
// passage comes back changed. It gives the number of passages that something is left out of.
func (r Record) Redact(share func(Value) string) (shared Record, leftOut int) {
	shared.Parts = make([]Part, len(r.Parts))
	for p, part := range r.Parts {
		entries := make([]Entry, len(part.Entries))
		for e, entry := range part.Entries {
			values := make([]Value, len(entry.Values))
			for v, value := range entry.Values {
				if value.Passage != "" {
					text := share(value)
					if text != passage.Plain(value.Text) {
						leftOut++
						value.File = 0
					}
					value.Text, value.About = text, false
				}
				values[v] = value
			}
			entries[e].Values = values
		}
		part.Entries = entries
		shared.Parts[p] = part
	}
	return shared, leftOut
}

// Files are the numbers of the documents that go with the record.
func (r Record) Files() []int64 {
	var list []int64
	for _, part := range r.Parts {
		for _, entry := range part.Entries {
			for _, value := range entry.Values {
				if value.File != 0 {
					list = append(list, value.File)
				}
			}
		}
	}
	return list
}

// Held are what is held of one side of a life, by the titles under which it is read.
func Held(chapter Chapter) []string {
	var titles []string
	for _, s := range sources {
		if s.chapter == chapter {
			titles = append(titles, s.title)
		}
	}
	return titles
}
