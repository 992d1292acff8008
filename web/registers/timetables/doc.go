// Package timetables is the pages of reduced timetables: a child's own, the forms
// that record, correct and review one, and the register of all children with its
// downloads, the faulty ones first.
package timetables
