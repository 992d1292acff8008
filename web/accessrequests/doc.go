// Package accessrequests is the pages on which a school or a social worker asks
// for a child they should have and do not find, and the team decides.
package accessrequests
