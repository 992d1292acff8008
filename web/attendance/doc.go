// Package attendance is the page of a child's attendance: figures by half term
// with their source and age, how the year goes, and the form that records or
// corrects a half term. A rate is never shown without the sessions it is of.
package attendance
