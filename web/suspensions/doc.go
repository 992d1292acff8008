// Package suspensions is the page of a child's suspensions and permanent
// exclusions: the list, where the academic year stands against 45 days, what the
// governing board must do, and the form that records or corrects one.
package suspensions
