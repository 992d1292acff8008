// Package premium is Pupil Premium Plus for children in care: asked for by a
// school or an advisor for a target of the child's plan, decided by the deputy
// or the Virtual School Head, and kept in a ledger that adds up to the penny
// (package ledger within this one).
//
// The database itself refuses to spend what the pool has not got, to commit
// money without an approval (or to approve without committing), to let people
// decide what they asked for, and to decide twice.
//
// It is not a personal budget: the Virtual School Head may give more or less
// than the rate and may pool it (conditions of grant), so nothing here says
// what a child "has left" (R34). Money belongs to the financial year in which
// it is released, 1 April to 31 March.
package premium
