// Package years has the pages about a grant's financial year: all grants' years side by side, never
// mixed; a year's income, retained share and ledger; its statement for the chief finance officer; and
// closing it. A year's address names its grant and the year it begins in: /premium/years/looked-after/2026.
package years
