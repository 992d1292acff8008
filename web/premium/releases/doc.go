// Package releases is the pages of the termly release of Pupil Premium Plus: every child with the days
// and the sum, or why nothing is released, confirmed wholly or not at all.
package releases
