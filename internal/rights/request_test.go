package rights

import (
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/rights/record"
)

func TestTheClock(t *testing.T) {
	t.Parallel()
	day := func(text string) calendar.Date {
		if text == "" {
			return calendar.Date{}
		}
		return calendar.MustParse(text)
	}
	for _, c := range []struct{ name, received, identity, extended, due string }{
		{"the last day of a shorter month (R51)", "2027-01-31", "", "", "2027-02-28"},
		{"a leap year", "2028-01-31", "", "", "2028-02-29"},
		{"the same day of the next month", "2026-11-10", "2026-11-10", "", "2026-12-10"},
		{"from the day it is clear who asks", "2026-11-10", "2026-11-20", "", "2026-12-20"},
		{"two months more", "2026-11-10", "", "2026-12-01", "2027-02-10"},
		{"two months more, to the last day", "2026-11-30", "", "2026-12-01", "2027-02-28"},
	} {
		clock := Clock{Received: day(c.received), IdentityOn: day(c.identity), ExtendedOn: day(c.extended)}
		if clock.Due().String() != c.due || clock.Rule() == "" {
			t.Errorf("%s: due %s; want %s", c.name, clock.Due(), c.due)
		}
	}
}

func TestWhatIsSharedOfAText(t *testing.T) {
	t.Parallel()
	marked := record.Value{Passage: "note-1-2", Text: "Came late. [[Her brother was arrested.]] Happy now."}
	about := record.Value{Passage: "note-2-2", Text: "About the brother", About: true}
	plain := record.Value{Passage: "note-3-2", Text: "Reads well. Her brother does not."}
	decided := func(value record.Value, decision Decision, words string) Review {
		return Review{Decided: []Decided{{Passage: value.Passage, Decision: decision, Words: words, OfText: sum(value.Text), Reason: "third_party"}}}
	}
	for _, c := range []struct {
		name   string
		review Review
		value  record.Value
		want   string
	}{
		{"marked when it was written", Review{}, marked, "Came late. [left out] Happy now."},
		{"said to be about somebody else", Review{}, about, "[left out]"},
		{"nothing marked", Review{}, plain, plain.Text},
		{"shared after all", decided(marked, Share, marked.Text), marked, "Came late. Her brother was arrested. Happy now."},
		{"a mark the reader put", decided(plain, Marked, "Reads well. [[Her brother does not.]]"), plain, "Reads well. [left out]"},
		{"the whole", decided(plain, Whole, plain.Text), plain, "[left out]"},
		{"decided of another text", Review{Decided: []Decided{{Passage: marked.Passage, Decision: Share, OfText: sum("something else")}}}, marked, "Came late. [left out] Happy now."},
		{"a mark that is not closed", Review{}, record.Value{Passage: "x", Text: "Fine. [[Her brother"}, "Fine. [left out]"},
		{"a bracket that closes nothing", Review{}, record.Value{Passage: "x", Text: "a]] b"}, "a]] b"},
		{"one mark in another", Review{}, record.Value{Passage: "x", Text: "a [[b [[c]] d"}, "a [left out] d"},
	} {
		if got := c.review.Text(c.value); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func TestWhatAReaderMayDecide(t *testing.T) {
	t.Parallel()
	value := record.Value{Passage: "note-1-2", Text: "One two\r\nthree "}
	for _, c := range []struct {
		name     string
		deciding Deciding
		field    string
	}{
		{"all", Deciding{Decision: Share}, ""},
		{"nothing, with a reason", Deciding{Decision: Whole, Reason: "legal"}, ""},
		{"nothing, without", Deciding{Decision: Whole}, "reason"},
		{"a made-up reason", Deciding{Decision: Whole, Reason: "because"}, "reason"},
		{"some words", Deciding{Decision: Marked, Words: "One [[two]]\nthree", Reason: "third_party"}, ""},
		{"no words marked", Deciding{Decision: Marked, Words: "One two\nthree", Reason: "third_party"}, "words"},
		{"other words", Deciding{Decision: Marked, Words: "One [[two]]\nfour", Reason: "third_party"}, "words"},
		{"neither", Deciding{Decision: "perhaps"}, "decision"},
	} {
		_, err := c.deciding.check(value)
		if found := problemField(err); found != c.field {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
