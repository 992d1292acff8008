// Package gias reads the national register of schools, Get Information about
// Schools, as the Department for Education publishes it for download: the
// register itself (edubasealldata…) and the links between a school and the ones
// before and after it (links_edubasealldata…).
//
// The register's columns change: files of 120 to 140 columns are about. So every
// value is found by the name of its column and never by its place, and a row that
// does not fit the header is left out. Codes are compared as numbers, since some
// years write 02 and others 2. Both readers hand out one row at a time, so that
// the whole country passes through in little memory.
package gias
