// Package suspension keeps the suspensions and permanent exclusions of children
// in care as schools report them, without delay and every one (School Discipline
// (Pupil Exclusions and Reviews) (England) Regulations 2012 as amended).
//
// A suspension is counted in half-days: a lunchtime is one. No child may be
// suspended for more than 45 school days in an academic year, over all schools
// together (R25, R26), and what the governing board must do depends on the days
// in one term at one school (R27, R28). The rules here are values in, values out;
// deadlines need the school's own calendar and are left out where it is not known.
package suspension
