// Package reports adds up what was asked for, approved, paid and given back, by school, category, advisor,
// child, financial year and grant. It reads requests and never writes; what became of a request's money is
// kept on it by the ledger's own trigger, so that a report's sums are the ledger's to the penny. Beside
// every report stands what the ledger says (Ledger), with the difference named: money spent from the
// retained share is about no request, and row-level security keeps back the requests of children whom the
// reader may not see.
//
// A report is no balance: it has no sum that a child or a school has left (R34).
package reports
