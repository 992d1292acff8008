// Package caseload is the plans of many children at once: the list of a caseload, how many plans are
// signed off, and what is done about many of them together: people are reminded, children are given
// another advisor. What many are chosen for is shown first and done after it is confirmed.
package caseload
