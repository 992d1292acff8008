package rights

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"virtualschool/internal/fault"
	"virtualschool/internal/passage"
	"virtualschool/internal/rights/record"
)

// Decision is what a reader decided of one passage.
type Decision string

const (
	Share  Decision = "share"  // all of it
	Marked Decision = "marked" // without the words between brackets
	Whole  Decision = "whole"  // nothing of it
)

// Decided is a decision as it is kept.
type Decided struct {
	Passage       string
	Decision      Decision
	Words         string
	OfText        []byte
	Reason        string
	Why           string
	DecidedByName string
}

// Read says that somebody went through a chapter.
type Read struct {
	Chapter    record.Chapter
	OfTexts    []byte
	ReadByName string
}

// Review is a record on its way to being shared: what is held, and what readers decided so far.
type Review struct {
	Record  record.Record
	Decided []Decided
	Read    []Read
}

// Of is what was decided of a passage. What was decided of another text than stands there now does not
// hold any more, and what was marked when it was written is left out until somebody decides otherwise.
func (r Review) Of(value record.Value) (decided Decided, byReader bool) {
	for _, one := range r.Decided {
		if one.Passage == value.Passage && bytes.Equal(one.OfText, sum(value.Text)) {
			return one, true
		}
	}
	switch {
	case value.About:
		return Decided{Passage: value.Passage, Decision: Whole, Words: value.Text, Reason: "third_party"}, false
	case passage.Marked(value.Text):
		return Decided{Passage: value.Passage, Decision: Marked, Words: value.Text, Reason: "third_party"}, false
	}
	return Decided{Passage: value.Passage, Decision: Share, Words: value.Text}, false
}

// Text is a passage as it is shared.
func (r Review) Text(value record.Value) string {
	decided, _ := r.Of(value)
	switch decided.Decision {
	case Whole:
		return passage.LeftOut
	case Marked:
		return passage.WithoutMarked(decided.Words)
	}
	return passage.Plain(value.Text)
}

// Shared is the record as it is shared, with the number of passages something is left out of.
func (r Review) Shared() (record.Record, int) { return r.Record.Redact(r.Text) }

// IsRead says whether somebody went through the texts of a chapter as they are now; a chapter in which
// nobody typed anything needs no reader.
func (r Review) IsRead(chapter record.Chapter) bool {
	passages := r.Record.Passages(chapter)
	for _, read := range r.Read {
		if read.Chapter == chapter && bytes.Equal(read.OfTexts, sumOf(passages)) {
			return true
		}
	}
	return len(passages) == 0
}

// Unread are the chapters that nobody has gone through as they are now.
func (r Review) Unread() []record.Chapter {
	var list []record.Chapter
	for _, chapter := range record.Chapters {
		if !r.IsRead(chapter) {
			list = append(list, chapter)
		}
	}
	return list
}

// Count is how many passages a chapter has, and how many of them have something left out.
func (r Review) Count(chapter record.Chapter) (passages, leftOut int) {
	for _, value := range r.Record.Passages(chapter) {
		passages++
		if r.Text(value) != passage.Plain(value.Text) {
			leftOut++
		}
	}
	return passages, leftOut
}

func sum(text string) []byte {
	hash := sha256.Sum256([]byte(text))
	return hash[:]
}

func sumOf(passages []record.Value) []byte {
	hash := sha256.New()
	for _, value := range passages {
		fmt.Fprintf(hash, "%s\x00%s\x00", value.Passage, value.Text)
	}
	return hash.Sum(nil)
}

// Deciding is what a reader decides of a passage.
type Deciding struct {
	Decision Decision
	Words    string // the text with brackets round what is left out; used for Marked
	Reason   string
	Why      string
}

// tidy is a text as a form gives it back: without what stands around it, lines ended one way.
func tidy(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// check is the decision made whole, for the text that stands there.
func (d Deciding) check(value record.Value) (Deciding, error) {
	var problems fault.Problems
	switch d.Decision {
	case Share:
		d.Reason, d.Words = "", value.Text
	case Whole:
		d.Words = value.Text
	case Marked:
		switch {
		case tidy(passage.Plain(d.Words)) != tidy(passage.Plain(value.Text)):
			problems.Add("words", "Only put brackets round words: the words themselves must stay as they are")
		case !passage.Marked(d.Words):
			problems.Add("words", "Put [[ before and ]] after what is left out")
		}
	default:
		problems.Add("decision", "Choose what is shared")
	}
	if d.Decision != Share && ChoiceText(Reasons, d.Reason) == d.Reason {
		problems.Add("reason", "Choose why it is left out")
	}
	return d, problems.Err()
}
