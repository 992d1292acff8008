// Package impact shows what the grants' money bought: how the targets it paid for went, by category, area,
// phase, need and where children live, what one target met cost, and how sure all that is. It lends the
// page of a decision a panel: what helped children like this one here.
package impact
