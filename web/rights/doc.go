// Package rights is the pages of information rights: requests to see a child's record, from the asking to
// the copy in somebody's hands, with the list of all of them. The pages of one request are about a child
// and stand behind the gate of that child's record.
package rights
