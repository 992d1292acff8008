// Package premium is the pages of Pupil Premium Plus: what was asked and given
// for a child, asking and changing a request, the queue of those who decide, the
// page on which one request is decided, and the financial year with its ledger.
// Pages that name a child are under /children/{childID} and so behind the gate;
// the queue writes its own looks. Social workers and reviewing officers have no
// part in the money and are refused.
package premium
