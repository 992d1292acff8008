// Package smart reads targets and says what would make them better: how we would know, by when, with
// whom, out of whose wish. It advises and never stops anyone: a target is a judgement, and a rule
// sees only words.
//
// Check looks at one target, CheckAll at all of a plan together; both are pure functions of values, so
// the pages, the meeting and quality assurance say the same of the same words. What a rule compares
// with is in Context. Texts close to other children's are told without saying whose they are: an
// advice is read aloud in meetings.
//
// The likeness of two texts is that of PostgreSQL's pg_trgm (Similarity), worked out here. Candidates
// come from the database (QueueOthers), which behind row-level security cannot use an index of
// trigrams, for its operator might leak what a policy hides; it finds them by equal fingerprints of
// their trigrams instead (migration 000015).
//
// Examples are targets that would get no advice, by phase and by what they are about.
package smart
