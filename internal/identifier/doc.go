// Package identifier reads the numbers that name children and places, checks
// what can be checked and says plainly what is wrong. The numbers in council
// files are often wrong, so nothing here turns a child away: a bad number is
// kept as text beside its quality, and only its use for matching is refused.
//
// Numbers arrive with stray spaces, in lower case and damaged by spreadsheets.
// Every reader here tidies first and checks after.
package identifier
