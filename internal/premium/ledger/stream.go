package ledger

// Stream is a grant. Each has its own rate, conditions and ledger; money never goes from one to another.
type Stream string

// The grants that a Virtual School manages. Money for children who were previously in care goes to
// their schools, which decide its use: the Virtual School only advises.
const (
	LookedAfter Stream = "looked_after" // Pupil Premium Plus: a sum for each child in care, Reception to Year 11
	EarlyYears  Stream = "early_years"  // Early Years Pupil Premium: a sum for each funded hour, until Reception
	Post16      Stream = "post_16"      // a sum for the cohort, not for each young person
)

// Streams are the grants in the order pages list them.
var Streams = []Stream{LookedAfter, EarlyYears, Post16}

var streamNames = map[Stream]string{LookedAfter: "Pupil Premium Plus", EarlyYears: "Early Years Pupil Premium", Post16: "Post-16 Pupil Premium Plus"}

// Name is the grant as the department calls it; empty for one that is not known.
func (s Stream) Name() string { return streamNames[s] }

// StreamFor is the grant that pays for a child whose curriculum year is given (0 is Reception).
func StreamFor(curriculumYear int) Stream {
	switch {
	case curriculumYear < 0:
		return EarlyYears
	case curriculumYear > 11:
		return Post16
	}
	return LookedAfter
}
