// Package policy holds what a council decides for itself: deadlines, limits and
// the area it calls its own. A value is true for a range of days and carries its
// source, so that last year's page still shows last year's rule. Nothing local is
// a constant in code: the defaults here are only the value used while the council
// has set none, and say so in their source.
//
// A page queues all values with Queue in its one batch; a service loads them with
// Load in its transaction. Set gives a value from a day on and ends the one before.
package policy
