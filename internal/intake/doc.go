// Package intake takes in files of other systems: the register of schools, the
// children looked after return (SSDA903), and the roll file that adds names,
// schools and people.
//
// An import is a record with a life of its own: uploaded, checked, previewed,
// confirmed by a person with the preview in view, applied in one transaction or
// not at all. Check and Apply run the same reading and comparing; Apply goes on
// only when it comes to the same figures as the preview did. Each is done in the
// background by package job, so a closed tab stops nothing.
//
// Three rules hold for every kind. A row that is missing never ends anything:
// an extract is one system's filter of the world. What a person entered goes
// before what a return says, and the difference is listed as a conflict (the
// roll file is itself a person's entry). The same file twice changes nothing.
//
// The school census's session totals are kept beside the marks as a check of them, for children in care alone.
//
// Files of attendance marks go in all or none: one wrong line and nothing changes, because a
// register with holes in it looks like absence.
//
// A file is compared with every child there is, whoever sends it, but lines of
// the preview and problems that are about a child stand behind the same wall as
// the child: who may not know of a record does not see it here either. The roll
// file and marks work the other way round: they reach only children their sender
// may see.
package intake
