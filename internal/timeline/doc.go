// Package timeline is what happened to a child, newest first, out of every part of the record: coming
// into care and leaving it, where the child lived and learned, plans, money, suspensions, attendance,
// and notes. Each item says where it is known from, so that a reader can judge it.
//
// It is one query, however much happened. Options says which parts the reader may see: a school reads
// no notes and no care history, a reviewing officer no money. Long histories are read in pages; the
// Cursor of a page's last item begins the next.
package timeline
