// Package fault names the few ways a request can fail and carries the words a
// person may be shown. Everything below the web returns either a fault, whose
// words are safe on a page, or any other error, which is logged and shown only
// as "there is a problem with the service". A cause wrapped in a fault is for
// the log; it never reaches the page.
package fault
