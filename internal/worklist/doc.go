// Package worklist answers "what needs whom today". Nothing of it is stored: duties are worked out
// from facts each time they are read, so one is gone the moment it is done, and a change of rule or
// of a term's dates holds at once for everyone.
//
// Queue brings the facts of all children in care whom the actor may see (the wall in the database
// narrows them) in a handful of statements, however many children there are; QueueOf brings those of
// one child. Duties turns facts into duties, in Go and without a database: each with the rule that
// asks for it, the day it is due, how that day was worked out in words, and whose it is. The rules of
// plans are those of package pep; here they meet the school-place clock (R16), gaps in who works with
// a child (R49), gaps in the record, and requests for money.
//
// A duty belongs to the roles that do it. The leaders see, beside their own, what is overdue.
package worklist
