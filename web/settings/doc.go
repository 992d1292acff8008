// Package settings is the pages about places of learning: the schools that children in care attend,
// the search of the whole register, one school with what belongs to it, and the places the register
// does not hold, which the team enters itself.
//
// A school user sees the own school only. Everyone else sees any school, since the register is public,
// with those children on its roll whom they work with: the wall in the database narrows them.
package settings
