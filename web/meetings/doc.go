// Package meetings is what a PEP meeting leaves behind: one page of what was agreed, to print or to
// send, and who it was sent to. The screen on which it is written down is in web/peps, beside the
// pages of the parts it writes.
package meetings
