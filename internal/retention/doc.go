// Package retention is how long a child's record is kept, and what becomes of it after that (R50).
//
// The rule is law: until the 75th birthday, fifteen years from a death in childhood, a hundred years from an
// adoption. Whoever was never in care is kept by the council's own rule. Nothing goes by itself. When the
// time is over somebody proposes to delete the record and somebody else decides, which the database holds;
// a hold, a question that is not answered and money that is not closed stand against it, and the database
// asks for them again at each step. The database has the rule a second time, in SQL (migration 000054);
// a test holds the two against each other.
//
// Approving writes down who agreed, and when, and removes nothing. Then one of those who decide deletes the
// record by hand, with its reference typed. The database does that in one function of the owner's
// (migration 000057), which asks everything once more and knows every table with a child in it. What stays:
// a certificate that names nobody, the ledger's entries without their child, and in the place of each line
// of the audit its fingerprint, so that the chain still verifies.
package retention
