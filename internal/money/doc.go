// Package money is whole pence. There is no fraction of a penny and no floating
// point anywhere: text becomes pence exactly or is refused with words saying
// what to type, and a sum that is shared out comes back together to the penny.
package money
