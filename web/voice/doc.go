// Package voice is the pages about what children ask for: a child's wishes as "You said, we did", the
// open wishes of all one's children with how long children wait, the links that staff give to young
// people, and the one page a young person opens with such a link.
//
// That page needs no account and no session, shows nothing of the record, and answers every link that
// does not work in the same way. It is worded at the reading level that was chosen for it, and works
// without scripts on the smallest phone.
package voice
