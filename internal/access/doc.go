// Package access says who may do what, in one table.
//
// Two questions are kept apart. Which children a person may know of at all is
// a question of relation (their caseload, their school's roll today), and the
// database answers it in row-level security: see enter() in migration 000003.
// What a person may do is answered here: each Action lists the roles that have
// it, and some ask for facts beside (not your own request, within your limit,
// only your section). What is not listed is refused.
//
// Services call Check on the rows they have locked; pages call Can to decide
// which buttons to show; routes name the action they need when they are
// registered. The page "Roles and permissions" prints the same table.
package access
