// Package sent shows what came in of attendance marks, delivery by delivery, and takes one back: the wrong
// file, the wrong week. A school sees what it sent and what was kept for it.
//
// Beside it stands the check against the school census: where its totals differ from the marks, and what to do.
package sent
