// Package paper is plans as they go on paper: the whole plan, the one page for the young person it is
// about, and many plans in one document. The page in the browser and the file have the same markup.
package paper
