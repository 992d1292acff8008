// Package forecast is the page that looks ahead to 31 March: what a grant is likely to allocate and pay
// by then, how far that is from certain, from January the money at risk by school and category, and what
// can still be done. It never says a sum for a child.
package forecast
