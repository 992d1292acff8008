// Package peps is the pages of Personal Education Plans: a child's plans, and one plan
// as a list of parts, each a page of its own that is saved by itself. Below it are the lists of many
// plans (caseload), plans on paper (paper), and the forms before anybody fills them in (forms).
//
// Every part page reads for everyone who may see the plan, and shows its form to whoever writes
// the part while the plan is open. When somebody else saved the part meanwhile, the page comes
// back with both texts and the form still holding what was typed. Repeated groups (people, targets,
// actions) are rows with numbered fields: a few blank ones, and a button that adds another and
// keeps everything typed.
package peps
