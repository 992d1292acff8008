// Package suspension keeps the suspensions and permanent exclusions of children
// in care as schools report them, without delay and every one (School Discipline
// (Pupil Exclusions and Reviews) (England) Regulations 2012 as amended), from the
// head teacher's decision to its end.
//
// A suspension is counted in half-days: a lunchtime is one. No child may be
// suspended for more than 45 school days in an academic year, over all schools
// together (R25, R26), and what the governing board must do depends on the days
// in one term at one school (R27, R28). From the sixth day a school or council
// owes full-time education elsewhere (R29), and notice is late after a school day
// (R30). The rules here are values in, values out; deadlines need the school's own
// calendar and are left out where it is not known.
//
// Whoever reports one (Service.Record) tells everybody at once: the child's social
// worker and advisor and the Virtual School Head get a mail without names, and it
// stands on their list of work until somebody in that part has read it. A
// cancelled suspension, and one after which the board reinstated the child, stays
// in the record as that: nothing is deleted, and days spent out of school count.
package suspension
