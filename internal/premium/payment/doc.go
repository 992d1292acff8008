// Package payment is how approved Pupil Premium Plus reaches a school, and what the school shows for it.
//
// What is committed and not paid is gathered into a payment run: one grant, one financial year, a line
// for each request, a remittance for each school. The run goes to finance as a file; finance says what
// it paid in a file of its own, which is checked line by line and entered whole or not at all. Only then
// does money move in the ledger. A payment that comes back is reversed and can be made again; what a
// school gives back is recovered; what will not be spent is released. What was entered as given back by
// mistake, by a school or to the department, is taken back: the whole entry the other way, with a reason.
//
// Evidence is an invoice, a receipt or a report, with its file where there is one. The paying scheme says whether it comes before the money
// (arrears) or after it (advance), and within how many days.
//
// Three people at least stand between asking and paying, or two: whoever approved a request does not pay
// it, which the database refuses (migration 000018), as it refuses to pay anything twice. Books that are
// kept in several places are compared by Reconcile, which names every difference.
package payment
