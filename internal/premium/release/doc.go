// Package release is the termly release of Pupil Premium Plus (R35): under a paying policy that gives a
// sum for each child and term, what each school is due when the child's plan is signed off. Lines works
// it out from values; the service shows every child with the days and the sum, or why nothing is
// released, and turns a confirmed run, wholly or not at all, into approved and committed requests.
//
// A line is asked for by whoever submitted the plan and decided by whoever confirms the run, so it
// follows the rules of all requests: nobody approves what they asked for or more than their limit, and
// the year is never overspent. What needs two approvers or a panel is left to be asked for as a request.
// The database keeps one for each child, school and term.
package release
