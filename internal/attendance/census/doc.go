// Package census compares what schools counted for the school census with the marks that are held. The census
// has no marks: of each pupil it gives the possible sessions of a term and how many were missed under each
// code, a term later. Where the two differ, one of them is wrong or something never came, and Advice says
// what to do about it. Census totals never become figures.
package census
