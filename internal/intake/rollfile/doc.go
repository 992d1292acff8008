// Package rollfile reads the one file of our own design: a CSV that adds to the
// children of a statutory return what the return does not hold, their names,
// where they are on roll and who works with them.
//
// Each row is about one child, named by the authority's identifier. An empty cell
// changes nothing, so a file may hold only the columns and rows that are new. A
// child who was on roll at two settings has two rows. Template gives the empty
// file to fill in.
package rollfile
