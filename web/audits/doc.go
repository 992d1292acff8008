// Package audits shows the audit: who changed what, from what to what, and who looked at whom, for
// everybody, for one person and for one child. Reading it is looking too: the children named on a page
// are written down as seen by its reader, and a download says what it is for.
package audits
