// Package payments is how approved money reaches schools, on the page: what can be paid, payment runs
// with their file for finance, what finance says it paid, remittances for a school's bursar, evidence,
// and whether the books agree. Those who pay see amounts and references, and nothing of a plan.
package payments
