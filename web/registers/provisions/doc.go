// Package provisions is the pages of alternative provision: a child's own with the
// checks of its quality, the forms that record it and a check, and the register of
// all children with its downloads.
package provisions
