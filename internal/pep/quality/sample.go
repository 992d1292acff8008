package quality

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"virtualschool/internal/policy"
)

// Sampling is the council's dated rule of which plans must be graded, and which marked twice.
type Sampling struct {
	Percent       int // of all submitted plans
	NewAuthor     int // first plans of an author
	SecondPercent int // of graded and signed-off plans
}

// SamplingOf takes the values from the council's dated settings.
func SamplingOf(values policy.Values) Sampling {
	return Sampling{Percent: values.PEPQualitySamplePercent(), NewAuthor: values.PEPQualityNewAuthorPlans(), SecondPercent: values.PEPQualitySecondPercent()}
}

// Handed is what sampling goes by: how a plan came to be submitted.
type Handed struct {
	PEPID          int64
	ChildID        int64
	AcademicYear   int
	Term           string
	Submission     int // which time it was submitted
	FirstSubmitted time.Time
	Author         int64 // who submitted it first
	AuthorNth      int   // which plan of that author it is
	CameBack       bool  // this plan or the child's last was graded to be returned
	SchoolFirst    bool  // the first submitted of its school in its term
}

// Pick is whether a plan is picked, and why or why not.
type Pick struct {
	Picked  bool
	Because string // "new author: the 2nd plan they submitted, and the first 3 are graded"
}

// Sentence is why, as a sentence of its own.
func (p Pick) Sentence() string { return strings.ToUpper(p.Because[:1]) + p.Because[1:] + "." }

// Sample says whether a submitted plan must be graded. Nobody chooses: it follows from the plan.
func Sample(h Handed, s Sampling) Pick {
	drawn := h.draw("sample")
	switch {
	case h.CameBack:
		return Pick{true, "returned last time: this plan or the child’s last was graded to be corrected"}
	case h.AuthorNth > 0 && h.AuthorNth <= s.NewAuthor:
		return Pick{true, fmt.Sprintf("new author: the %s plan they submitted, and the first %d are graded", ordinal(h.AuthorNth), s.NewAuthor)}
	case h.SchoolFirst:
		return Pick{true, "first of its school this term: one of every school is graded each term"}
	case drawn < s.Percent:
		return Pick{true, fmt.Sprintf("drawn: %d in 100 plans are, by a number made from the child and the term", s.Percent)}
	}
	return Pick{false, fmt.Sprintf("not drawn: its number is %d, and those below %d are", drawn, s.Percent)}
}

// SampleSecond says whether a graded plan is marked a second time.
func SampleSecond(h Handed, s Sampling) Pick {
	if drawn := h.draw("second"); drawn >= s.SecondPercent {
		return Pick{false, fmt.Sprintf("not drawn: its number is %d, and those below %d are", drawn, s.SecondPercent)}
	}
	return Pick{true, fmt.Sprintf("drawn: %d in 100 graded plans are, by a number made from the child and the term", s.SecondPercent)}
}

// draw is a number from 0 to 99 that follows from the child and the term: a plan that is cancelled and
// begun again has the same.
func (h Handed) draw(what string) int {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d/%d/%s", what, h.ChildID, h.AcademicYear, h.Term))
	return int(binary.BigEndian.Uint64(sum[:8]) % 100) //nolint:gosec // below 100
}

func ordinal(n int) string {
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		return fmt.Sprintf("%dst", n)
	case n%10 == 2:
		return fmt.Sprintf("%dnd", n)
	case n%10 == 3:
		return fmt.Sprintf("%drd", n)
	}
	return fmt.Sprintf("%dth", n)
}
