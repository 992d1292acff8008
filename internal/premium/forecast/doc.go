// Package forecast looks ahead to 31 March. What a grant has not allocated to schools by then goes back
// to the department, so the deputy wants to know early whether money will be left or will not do.
//
// The rules are pure: from what was allocated in each of the last twelve full months, how many children
// came into care and left, what is waiting for a decision and how long payment takes, they say what is
// likely by 31 March and how far it may be from that. Where there is too little to go by they say so
// instead of a figure. Nothing here is about one child: there is no sum that a child is due.
package forecast
