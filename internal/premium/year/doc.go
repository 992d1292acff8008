// Package year is a grant's financial year from the first figure to the last signature.
//
// The council enters the year's income as the department tells it: provisional first, final in
// December, each an entry with its basis, rate and source that stays as it was entered. The difference
// to what the grant gave before moves in the ledger. A share of it may be retained for what helps the
// whole cohort, in lines that each have a name, and only named lines are spent from. When the year is
// over the Virtual School Head closes it: what was not allocated is returned to the department, every
// account is stated to the penny, and from then on only the head's journals, with a reason, are written.
//
// A rate is never guessed. Those the department published are kept here with their source; for any
// other year the council is asked.
package year
