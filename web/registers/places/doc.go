// Package places is the pages of children without a school place: a child's own
// with the clock and the steps of the search, the forms that record them, and the
// register of all children with its downloads, whoever waits longest first.
package places
