// Package accessrequest is how a designated teacher, social worker or reviewing
// officer asks for a child they should have and do not find. Whether there is
// such a child they are not told: every asking gets the same answer. The team
// decides, on matches among the children each of them sees; what is given is the
// ordinary relation, an allocation or a place on a roll, and nothing beside it.
package accessrequest
