// Package ledger is the money of the three grants that a Virtual School manages, to the penny.
//
// Each grant has a ledger for each financial year, and money moves in it only as transfers between
// seven accounts: grant → pool or retained; pool → committed → paid; recovered → pool for what schools
// give back; pool → returned for what goes back to the department. A balance is the sum of its
// transfers, kept by the database, so that income = retained + pool + committed + paid − recovered
// whatever happens. Rows never change: a mistake is reversed by the whole entry the other way round.
//
// The database itself (migrations 000006 and 000017) names the kind of every entry, refuses one that
// has no path, overdraws an account or a request, commits without an approval, or falls in a year that
// is closed. This package writes entries and reads balances; who may is asked by those who call it.
package ledger
