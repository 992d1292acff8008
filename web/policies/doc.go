// Package policies is the council's own values in the rules: deadlines, limits and the area it calls
// its own. Each is shown with where it comes from and every value it had, and is changed from a day on;
// for a plan's deadlines the page says first how many dates would move.
package policies
