// Package premium is Pupil Premium Plus for children in care: asked for by a
// school or an advisor for a target of the child's plan, decided by a deputy
// or the Virtual School Head, and kept in a ledger that adds up to the penny.
//
// How a council decides is dated data: the deputy's limit or one of a person's
// own (R36), a sum above which two people approve, one above which a panel looks
// first, and what its paying policy approves by rule. Requests for one need
// within 30 days count together. Whoever is away can have a stand-in, who decides
// with their power and is named beside every decision. Weighing has the rule for
// one request, for the page that shows it and the service that applies it.
//
// The database itself (migrations 000006, 000017, 000022 and 000024) refuses to
// spend what the pool has not got, to commit money without an approval or to
// approve without committing, to let people decide what they asked for or above
// their limit, and to decide twice.
//
// It is not a personal budget: the Virtual School Head may give more or less
// than the rate and may pool it (conditions of grant), so nothing here says
// what a child "has left" (R34). Money belongs to the financial year in which
// it is released, 1 April to 31 March.
//
// Around it: ledger moves the money, year opens and closes a grant's books,
// scheme holds the paying policies, release gives sums for each child and term,
// payment brings the money to schools, worth and reports look back, forecast
// looks ahead.
package premium
