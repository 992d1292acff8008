// Package seed makes a council that does not exist: its schools, its people,
// some hundreds of children in care and three terms of their education, for
// demonstrations and for tests that want a believable whole.
//
// Nobody writes history in one go. First each child is imagined (imagine.go)
// from a random seed and the day it is: who they are, where they lived and
// learned, what happens at school. Then everything that happened becomes acts
// (acts.go): on a day, by a person, through the same services that pages use,
// with the clock at that day. So who may do what, what must be there before a
// plan is submitted, and that money is never spent twice, hold for invented
// history as for real, and the audit names who did it. Only what no service
// makes, because it comes with the register and the return, is written by
// statements of this package's own (store.go).
//
// The same random seed on the same day makes the same council. Every person
// and place is invented; nothing here may run beside real children.
package seed
