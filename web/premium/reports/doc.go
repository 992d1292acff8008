// Package reports shows what was asked for, approved, paid and given back, told apart by school, category,
// advisor, child, year or grant, and gives the same as a file. Advisors see their own children's, by
// row-level security; those who see the whole cohort see the ledger beside it.
package reports
