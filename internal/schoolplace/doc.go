// Package schoolplace is about children in care without a school place, and what
// is done to find one.
//
// That a child has no place is never typed: it is what rolls, age and the time in
// care say together (Gaps). A child of compulsory school age, or one who was on a
// roll before, is without a place from the day the last roll ended, and the clock
// of R16 counts school days. People record why it is so, what comes next and who
// does it (Search), and every step on the way: the schools that were asked and
// what they answered, the fair access panel, a direction, an appeal (Step). A
// start at a school ends it by itself.
package schoolplace
