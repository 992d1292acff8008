// Package passage is words that are about somebody else, or came from them, within a text about a child: whoever
// writes a note or a plan puts [[ before and ]] after them. They are read as they are by those who may read the
// text, quietly marked, and looked at before the record is shared with the child.
package passage
