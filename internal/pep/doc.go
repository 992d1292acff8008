// Package pep is the Personal Education Plan: the education part of a child in care's care plan
// (Care Planning, Placement and Case Review (England) Regulations 2010, reg. 5 and Sch. 1), made
// at the start of care and reviewed every term.
//
// A plan is a set of parts, each saved by itself. Most parts are sections of questions that a form
// asks; forms are data (forms/*.yaml), versioned, and a plan keeps the version it began with. Five
// parts are the same in every plan and are counted in reports, so they are typed: the child's own
// words, the meeting, how last time's targets went, new targets, and agreed actions. Each part has
// a version of its own: two people write two parts at once without noticing each other, and two
// who write the same part never lose words (Collision).
//
// A plan is a draft; is submitted when nothing is missing; is taken into quality assurance by an
// advisor; and is signed off, or returned with a reason and submitted again. It may be cancelled with a reason. The newest
// signed-off plan is the child's; those before it are superseded. A closed plan does not change:
// the database refuses. What is due, scheduled or overdue is worked out from dates (Duties,
// StandingOf) and never stored.
//
// Who may do what is in package access; whose a section is, the form says. A plan for a child
// without a school place leaves the school's sections to the social worker as well.
package pep
