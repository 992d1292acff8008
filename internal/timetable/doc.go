// Package timetable keeps reduced timetables: a child who is on roll at a school
// and expected there for fewer hours than full time.
//
// A reduced timetable is for very exceptional circumstances and for the shortest
// time: it has a reason in the child's interest, the agreement of those who look
// after the child, an end, a plan back to full time, and a review at least every
// six weeks (Working together to improve school attendance; R31). It is never a
// way to manage behaviour. What is wrong with one is recorded all the same and
// shown as a fault, because a register that refuses the truth is no register.
package timetable
