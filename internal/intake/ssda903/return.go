package ssda903

import (
	"fmt"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/table"
)

// Return is everything that could be read from the files of one return.
type Return struct {
	Files    []FileReport
	Children []*Child // every child of the Header, in its order
	Problems []table.Problem
	// Year is the return's year, named by the year it ends in: 2018 is 1 April
	// 2017 to 31 March 2018. It follows from the last episode that began; 0 when
	// there is none.
	Year int
}

// Child finds a child by the authority's identifier; nil when the Header has none.
func (r *Return) Child(id string) *Child {
	for _, c := range r.Children {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Wrong says whether a file of the upload could not be used as a whole. Such an
// upload should be sent again rather than confirmed.
func (r *Return) Wrong() bool {
	for _, f := range r.Files {
		if f.State == StateRefused {
			return true
		}
	}
	return false
}

// Standing says how far the file can be relied on about one child.
type Standing string

const (
	// Good: nothing was found.
	Good Standing = "good"
	// Warned: somebody should look at something; all of it can go in.
	Warned Standing = "warned"
	// Contested: who the child is is certain, but the file contradicts itself
	// about the child's time in care, or an episode could not be read. That the
	// child was in care on the days given is not in doubt.
	Contested Standing = "contested"
	// Rejected: the file does not settle who the child is (no usable date of
	// birth, two dates, two different Header rows). Nothing of it should go in.
	Rejected Standing = "rejected"
)

// Child is one child of the return. Codes are as in the file, in capitals.
type Child struct {
	ID          string // the authority's identifier, CHILD
	File        string // where the Header row stands
	Line        int
	DateOfBirth calendar.Date
	Sex         string // M, F, U, or empty when the file gives none of them
	Ethnicity   string

	UPN        string // as given; empty when there is none or a code stands in its place
	UPNQuality identifier.Quality
	UPNUnknown string // UN1 to UN5: why there is none

	Unaccompanied      bool          // was or is an unaccompanied asylum-seeking child
	UnaccompaniedUntil calendar.Date // the day that status ceased or will cease

	SDQ                *SDQ
	PreviousPermanence *PreviousPermanence
	Reviews            []Review
	Episodes           []Episode // those that could be read, by start
	Timeline           Timeline  // what follows from Episodes

	Standing Standing
	Reasons  []string // in words, when the child is Contested or Rejected
}

// worse lowers the child's standing; it never raises it.
func (c *Child) worse(to Standing, reason string) {
	rank := map[Standing]int{Good: 0, Warned: 1, Contested: 2, Rejected: 3}
	if rank[to] > rank[c.Standing] {
		c.Standing = to
	}
	if reason != "" {
		c.Reasons = append(c.Reasons, reason)
	}
}

// SDQ is the strengths and difficulties score of one return year (0 to 40, a
// higher score meaning more difficulty), or the reason why there is none.
type SDQ struct {
	Year   int // the year ending 31 March of this year
	Scored bool
	Score  int
	Reason string // SDQ1 to SDQ5
	Line   int
}

// PreviousPermanence is how an earlier time in care ended in permanence (Z1: there
// was none).
type PreviousPermanence struct {
	Code string
	Date calendar.Date // when it was granted, if known
	Line int
}

// Review is one care review.
type Review struct {
	Date calendar.Date
	Code string // PN0 to PN7
	Line int
}

// Episode is one row of the Episodes table. Start is in it and End is not; a zero
// End means that it goes on. Start and End may be the same day.
type Episode struct {
	File         string
	Line         int
	Start, End   calendar.Date // DECOM, DEC
	NewReason    string        // RNE: why the episode began
	LegalStatus  string        // LS
	Need         string        // CIN
	Placement    string        // PLACE
	Provider     string        // PLACE_PROVIDER
	EndReason    string        // REC: why it ended; X1 means another began
	ChangeReason string        // REASON_PLACE_CHANGE
	postcode     string        // of the placement: only to tell placements apart, never shown
	ofstedURN    string        // likewise
	row          int           // its place among the child's rows
}

// Open says whether the episode goes on.
func (e Episode) Open() bool { return e.End.IsZero() }

// place tells where the episode is: the line alone would not do for an XML
// document that is all on one line.
func (e Episode) place() string { return fmt.Sprintf("line %d, from %s", e.Line, e.Start.Words()) }
