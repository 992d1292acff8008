// Package looking finds looks at children that are out of the usual, for the Virtual School Head to ask
// about. The rules are plain, each is explained where its findings are shown, and none says that anybody
// did wrong: a person with a reason for looking says so, and that is the end of it.
//
// Once a week has ended, Find reads who opened whose record in it (a list of names counts as one look at
// many children, a record opened by itself as one at that child), applies the rules, and keeps what they
// found, child by child, behind the wall around each child. What was found about oneself nobody sees: the
// head's looking is for the deputy to review. What the limits are is for the council (package policy).
package looking
