// Package home is where a person's day begins: what needs them today, each line with its reason and
// the page where it is done, and the whole list behind it. Nothing here is stored; see package
// worklist for how duties come about.
package home
