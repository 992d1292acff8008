// Package attendance keeps how many half-day sessions a child in care could
// attend and did, by half term and by school, as the school or the attendance
// service reports it.
//
// A rate is never shown alone: beside it stand the possible sessions it is of
// and which half terms are recorded, because a child with few possible sessions
// can show a high rate, and a half term nobody reported is not one of full
// attendance. Present means present or at education approved elsewhere; possible
// leaves out sessions the register does not count (Working together to improve
// school attendance; R18 to R22). The figures are the reporter's, with source
// and date; a correction keeps its version, so nobody overwrites unseen.
package attendance
