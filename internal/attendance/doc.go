// Package attendance keeps every half-day session of a child in care: the mark a
// school's register has for it, where it came from and what it was before, and
// the half terms' figures made of the marks.
//
// A mark is kept as the raw national code of a child, setting, day and half day
// (package mark says how a code counts, by its day: R17). Marks come as
// deliveries; a school's register stands against what the school typed, and that
// against what somebody was told, whichever came later. What a delivery replaces
// is kept as a correction. All of it goes through Keeping, which in the same
// transaction makes the half term's figures anew from its rows, so that pages read
// figures and Check can prove them. Where only figures are reported, without
// marks, they are kept as reported (Record), with source and date.
//
// A rate is never shown alone: beside it stand the possible sessions it is of
// and how much of the time is known, because a child with few possible sessions
// can show a high rate, and a session nobody marked is not one attended. Present
// means present or at education approved elsewhere; possible leaves out sessions
// the register does not count (Working together to improve school attendance;
// R18 to R24).
package attendance
