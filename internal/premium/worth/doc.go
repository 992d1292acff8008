// Package worth says what Pupil Premium Plus bought: how the targets it paid for went, what one target
// met cost by what the money was for, and what helped children like one child here.
//
// A target is counted once in each category that paid for it. Its outcome is what the latest plan that
// looks back at it says; where it was carried forward, what came of the target that carried it on. A
// share met is of those that have been reviewed: a target nobody has looked back at is not known, and
// never counts as not met. One that was withdrawn no longer mattered, and is left out. Every share and
// every price comes with its range, since a few targets say little; coverage says of how many anything
// is known.
//
// Figures that compare groups leave out groups of fewer than five children, and another where
// the total would give the first away. Nothing here says what a child has cost or has left: it is about
// what the money did for many.
//
// Whoever may see the children behind a figure may see it: row-level security decides which targets a
// reader's figures are made of, so that only those who see the whole cohort are shown them as the
// council's (access.SeePremiumWorth).
package worth
