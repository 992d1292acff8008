// Package quality is the pages of the quality assurance of Personal Education Plans: a plan beside
// its rubric, to be graded or marked a second time; and for the team, what waits, how plans are
// sampled, how well markers agree, how long plans wait, and the grades by term and school.
//
// Grading needs no script: radios and notes, a button that works the grade out, and one that
// records it. Where scripts run, the grade follows each mark (gradePreview), worked out by the same
// rules on the server; nothing of the child is asked for that.
package quality
