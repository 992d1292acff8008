// Package lostdays is the pages of days of education lost: a child's own, by cause
// and month with who mends it and where, and the list of all children with its
// downloads, whoever lost most first.
package lostdays
