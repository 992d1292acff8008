// Package forms is what a Personal Education Plan asks, as data: files of YAML (builtin/*.yaml),
// versioned, which a council can replace by its own. A form is one variant of the plan; it has
// sections, each with owners, and typed questions, shown only where they apply. A change of
// questions is a new version in a file of its own, and a plan keeps the version it began with.
//
// Everything here is pure: reading and checking the files (Load reports every problem at once),
// choosing the form for a child, judging answers, and saying them in words. Plans and what is
// saved of them are in package pep.
package forms

// typedParts are the parts that every plan has beside its sections, by the keys of package pep.
var typedParts = []string{"voice", "meeting", "reviews", "targets", "actions"}
