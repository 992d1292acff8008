// Package attendance is how people see who is in school: a child's year at a
// glance with its marks, figures and what has changed; the day, with whom nobody
// has heard of; the figures of many by school, phase and placement, with the
// children behind each number and files of all of it; and the ways marks come in:
// the register of a week, the phone round and the link with one question. A rate
// is never shown without the sessions it is of.
package attendance
