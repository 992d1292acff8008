// Package sent shows what came in of attendance marks, delivery by delivery, and takes one back: the wrong
// file, the wrong week. A school sees what it sent and what was kept for it.
package sent
